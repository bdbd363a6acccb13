//! An exact amount, and the forms in which the text shows it.
//!
//! Rounding is half up (away from zero) on the exact decimal, the custom of
//! official reports; trailing zeros are dropped; digits are not grouped.

use rust_decimal::{Decimal, RoundingStrategy};

use super::exact::Exact;

/// What a cell or a computation yields; within a formula its numbers are [`Exact`] ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount<N = Decimal> {
    /// A number.
    Number(N),
    /// The department has no such work: neither zero nor a missing answer.
    NotApplicable,
    /// Nobody answered.
    Missing,
    /// It belongs to a month that is not there or cannot be used: whatever needs it cannot be computed.
    Unknown,
}

impl<N> Amount<N> {
    /// The number, if it is one.
    pub fn number(self) -> Option<N> {
        match self {
            Self::Number(number) => Some(number),
            Self::NotApplicable | Self::Missing | Self::Unknown => None,
        }
    }
}

impl Amount<Exact> {
    /// The amount with the nearest decimal for its number; none where it is too large for one.
    pub fn decimal(&self) -> Option<Amount> {
        match self {
            Self::Number(number) => number.decimal().map(Amount::Number),
            Self::NotApplicable => Some(Amount::NotApplicable),
            Self::Missing => Some(Amount::Missing),
            Self::Unknown => Some(Amount::Unknown),
        }
    }
}

impl Amount {
    /// The amount as formulas take it.
    pub fn exact(self) -> Amount<Exact> {
        match self {
            Self::Number(number) => Amount::Number(number.into()),
            Self::NotApplicable => Amount::NotApplicable,
            Self::Missing => Amount::Missing,
            Self::Unknown => Amount::Unknown,
        }
    }

    /// The form that stands in a table: all decimals as entered, or “/”.
    pub fn plain(self) -> String {
        self.number().map_or_else(|| "/".to_owned(), plain)
    }

    /// In units of 10 to the `power`, with at most `decimals` decimals: 55001 in 万 is 5.5.
    pub fn scaled(self, power: u32, decimals: u32) -> Option<String> {
        let divisor = Decimal::from(10u64.checked_pow(power)?);
        let scaled = self.number()?.checked_div(divisor)?;
        Some(rounded(scaled, decimals))
    }

    /// As a percentage with at most `decimals` decimals, without the sign: 0.123 is 12.3.
    pub fn percent(self, decimals: u32) -> Option<String> {
        let hundredfold = self.number()?.checked_mul(Decimal::ONE_HUNDRED)?;
        Some(rounded(hundredfold, decimals))
    }

    /// With at most `decimals` decimals.
    pub fn rounded(self, decimals: u32) -> Option<String> {
        Some(rounded(self.number()?, decimals))
    }
}

fn rounded(number: Decimal, decimals: u32) -> String {
    plain(number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero))
}

fn plain(number: Decimal) -> String {
    let number = number.normalize();
    // A negative zero is a zero.
    if number.is_zero() { "0".to_owned() } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::Number(Decimal::from_str_exact(text).unwrap())
    }

    #[test]
    fn counts_in_wan_keep_two_decimals_rounded_half_up() {
        for (number, shown) in [
            ("57105", "5.71"),
            ("55001", "5.5"),
            ("63470", "6.35"),
            ("2104", "0.21"),
            ("3354", "0.34"),
            ("1083", "0.11"),
            ("50", "0.01"),
            ("49", "0"),
            ("-150", "-0.02"),
            ("120000", "12"),
        ] {
            assert_eq!(amount(number).scaled(4, 2).as_deref(), Some(shown), "{number}");
        }
    }

    #[test]
    fn trailing_zeros_are_dropped() {
        assert_eq!(amount("102.00").plain(), "102");
        assert_eq!(amount("-0.0").plain(), "0");
        assert_eq!(amount("20337").plain(), "20337");
        assert_eq!(Amount::NotApplicable.plain(), "/");
        assert_eq!(Amount::Missing.plain(), "/");
        assert_eq!(Amount::Unknown.plain(), "/");
    }

    #[test]
    fn percentages_round_on_the_exact_decimal() {
        assert_eq!(amount("0.12345").percent(2).as_deref(), Some("12.35"));
        assert_eq!(amount("1").percent(1).as_deref(), Some("100"));
    }

    proptest! {
        #[test]
        fn rounding_moves_a_number_by_at_most_half_a_unit(units in -10_000_000i64..10_000_000, decimals in 0u32..4) {
            let number = Decimal::new(units, 5);
            let shown = Decimal::from_str_exact(&rounded(number, decimals)).unwrap();
            let half = Decimal::new(5, decimals + 1);
            prop_assert!((shown - number).abs() <= half);
            // A tie goes away from zero.
            if (shown - number).abs() == half {
                prop_assert!(shown.abs() > number.abs());
            }
        }
    }
}
