//! Exact numbers within a formula: decimals, and quotients that no decimal ends.
//!
//! `a / 12 * 6` is a half of `a`, not six times a twelfth that was cut off after 28 digits. Most numbers are
//! decimals and stay so; a quotient is kept as its two parts, and becomes a ratio of whole numbers where more is
//! done with it.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use rust_decimal::Decimal;

/// The most bits of a ratio's parts, three hundred digits: beyond that formulas go on with the nearest decimal, so that
/// none can make the program busy for ever.
const LARGEST_RATIO: u64 = 1024;

/// An exact number.
#[derive(Debug, Clone)]
pub enum Exact {
    /// A decimal.
    Decimal(Decimal),
    /// The first divided by the second, which is not zero.
    Quotient(Decimal, Decimal),
    /// Whatever else.
    Ratio(Box<BigRational>),
}

impl Exact {
    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        if let (Self::Decimal(left), Self::Decimal(right)) = (self, other)
            && let Some(sum) = sum(*left, *right)
        {
            return Self::Decimal(sum);
        }
        Self::of_ratio(self.ratio() + other.ratio())
    }

    /// The difference.
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Decimal(left), Self::Decimal(right)) => product(*left, *right).map(Self::Decimal),
            // `a / b * 100` stays a quotient.
            (Self::Quotient(part, whole), Self::Decimal(factor))
            | (Self::Decimal(factor), Self::Quotient(part, whole)) => {
                product(*part, *factor).map(|part| Self::Quotient(part, *whole))
            }
            _ => None,
        }
        .unwrap_or_else(|| Self::of_ratio(self.ratio() * other.ratio()))
    }

    /// The quotient; none for a division by zero.
    pub fn divided_by(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        Some(match (self, other) {
            (Self::Decimal(left), Self::Decimal(right)) => Self::Quotient(*left, *right),
            _ => Self::of_ratio(self.ratio() / other.ratio()),
        })
    }

    /// The number with the other sign.
    pub fn negated(&self) -> Self {
        match self {
            Self::Decimal(number) => Self::Decimal(-*number),
            Self::Quotient(part, whole) => Self::Quotient(-*part, *whole),
            Self::Ratio(ratio) => Self::Ratio(Box::new(-ratio.as_ref().clone())),
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Decimal(number) | Self::Quotient(number, _) => number.is_zero(),
            Self::Ratio(ratio) => ratio.numer().sign() == num_bigint::Sign::NoSign,
        }
    }

    /// Whether it is larger than a decimal can be.
    pub fn is_too_large(&self) -> bool {
        match self {
            Self::Decimal(_) => false,
            // The parts are decimals; only the division by a small one can leave their range.
            Self::Quotient(part, whole) => whole.abs() < Decimal::ONE && part.checked_div(*whole).is_none(),
            Self::Ratio(ratio) => {
                *ratio.as_ref() > ratio_of(Decimal::MAX) || *ratio.as_ref() < ratio_of(Decimal::MIN)
            }
        }
    }

    /// The decimal nearest to it, of at most 28 digits; none where it is too large.
    ///
    /// Where the number has no end, the last digit is never one that would be taken for a half or a whole: whoever
    /// rounds the decimal to fewer digits rounds as if it were the number itself.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Decimal(number) => Some(*number),
            Self::Quotient(part, whole) => {
                quick_quotient(*part, *whole).or_else(|| nearest_decimal(&self.ratio()))
            }
            Self::Ratio(ratio) => nearest_decimal(ratio),
        }
    }

    fn ratio(&self) -> BigRational {
        match self {
            Self::Decimal(number) => ratio_of(*number),
            Self::Quotient(part, whole) => ratio_of(*part) / ratio_of(*whole),
            Self::Ratio(ratio) => ratio.as_ref().clone(),
        }
    }

    /// A decimal again where it is one, or where the ratio is too long to go on with.
    fn of_ratio(ratio: BigRational) -> Self {
        let is_long = ratio.numer().bits().max(ratio.denom().bits()) > LARGEST_RATIO;
        match nearest_decimal(&ratio).filter(|decimal| is_long || ratio_of(*decimal) == ratio) {
            Some(decimal) => Self::Decimal(decimal),
            None => Self::Ratio(Box::new(ratio)),
        }
    }
}

impl From<Decimal> for Exact {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Decimal(left), Self::Decimal(right)) => left.cmp(right),
            _ => self.ratio().cmp(&other.ratio()),
        }
    }
}

/// The sum, where a decimal holds all of its digits.
fn sum(left: Decimal, right: Decimal) -> Option<Decimal> {
    let sum = left.checked_add(right)?;
    // Digits that have no room are rounded away without a word, and the scale falls.
    let is_whole = left.is_zero() || right.is_zero() || sum.scale() == left.scale().max(right.scale());
    is_whole.then_some(sum)
}

/// The product, where a decimal holds all of its digits.
fn product(left: Decimal, right: Decimal) -> Option<Decimal> {
    let product = left.checked_mul(right)?;
    let is_whole = left.is_zero() || right.is_zero() || product.scale() == left.scale() + right.scale();
    is_whole.then_some(product)
}

/// A quotient by decimals alone, where its parts are short. Their quotient is then so far from any number that rounds
/// to ten decimals the other way (at least one part in 2 × 10¹⁰ of the second part's digits), unless it is that number,
/// that the digits beyond the 28th do not matter.
fn quick_quotient(part: Decimal, whole: Decimal) -> Option<Decimal> {
    const SHORT: i128 = 1_000_000_000_000;
    let is_short = |number: Decimal| number.mantissa().abs() < SHORT && number.scale() <= 5;
    (is_short(part) && is_short(whole)).then(|| part.checked_div(whole)).flatten()
}

fn ratio_of(number: Decimal) -> BigRational {
    BigRational::new(number.mantissa().into(), power_of_ten(number.scale()))
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn nearest_decimal(ratio: &BigRational) -> Option<Decimal> {
    let (part, whole) = (ratio.numer(), ratio.denom());
    (0..=Decimal::MAX_SCALE).rev().find_map(|scale| {
        let scaled: BigInt = part * power_of_ten(scale);
        let cut = &scaled / whole;
        let rest: BigInt = &scaled % whole;
        let away = BigInt::from(if rest.sign() == num_bigint::Sign::Minus { -1 } else { 1 });
        let is_exact = rest.sign() == num_bigint::Sign::NoSign;
        let rounds_away = rest.magnitude() * 2u32 >= *whole.magnitude();
        let nearest = if !is_exact && rounds_away { &cut + &away } else { cut.clone() };
        let looks_like_half = |number: &BigInt| (number % BigInt::from(5)).sign() == num_bigint::Sign::NoSign;
        // One of two neighbours is never divisible by five.
        let number = match (is_exact, looks_like_half(&nearest)) {
            (false, true) if rounds_away => cut,
            (false, true) => &cut + &away,
            _ => nearest,
        };
        let number = i128::try_from(number).ok()?;
        Some(Decimal::try_from_i128_with_scale(number, scale).ok()?.normalize())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::Decimal(Decimal::from_str_exact(text).unwrap())
    }

    fn decimal(number: &Exact) -> String {
        number.decimal().unwrap().normalize().to_string()
    }

    #[test]
    fn what_is_divided_and_multiplied_again_is_what_it_was() {
        let twelfth = exact("1234567").divided_by(&exact("12")).unwrap();
        assert_eq!(decimal(&twelfth.times(&exact("6"))), "617283.5");
        let seventh = exact("1").divided_by(&exact("7")).unwrap();
        let sum = (0..6).fold(seventh.clone(), |sum, _| sum.plus(&seventh));
        assert_eq!(sum, exact("1"));
        assert!(matches!(sum, Exact::Decimal(_)));
        let third = exact("1").divided_by(&exact("3")).unwrap();
        assert!(third > exact("0.3333333333333333333333333333"));
        assert_eq!(third.divided_by(&third), Some(exact("1")));
        assert_eq!(third.minus(&third), exact("0"));
        assert_eq!(third.divided_by(&exact("0.0")), None);
    }

    #[test]
    fn no_digit_is_lost_in_sums_and_products() {
        let large = exact("50000000000000000000000000000");
        let sum = large.plus(&exact("0.75"));
        assert_eq!(sum.minus(&large), exact("0.75"));
        let product = exact("64640337146.1170658534").times(&exact("7328519.0384258135"));
        let rounded = product
            .decimal()
            .unwrap()
            .round_dp_with_strategy(10, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(rounded.to_string(), "473717941425582233.0847097362");
    }

    #[test]
    fn what_has_no_end_is_never_taken_for_a_half() {
        // Rounded to 28 digits these would be …5 and …50, and to fewer digits then one too many.
        for (part, whole, decimals, rounded) in [
            ("0.49999999999999999999999999993", "1", 0, "0"),
            ("-2", "3", 2, "-0.67"),
            ("2", "3", 27, "0.666666666666666666666666667"),
        ] {
            let number = BigRational::new(
                part.replace("0.", "").replace("-0.", "-").parse().unwrap(),
                power_of_ten(part.split('.').nth(1).map_or(0, str::len) as u32),
            ) / ratio_of(Decimal::from_str_exact(whole).unwrap());
            let decimal = nearest_decimal(&number).unwrap();
            let decimal = decimal
                .round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            assert_eq!(decimal.to_string(), rounded);
        }
    }

    #[test]
    fn what_is_too_large_is_told() {
        let product = Exact::Decimal(Decimal::MAX).times(&exact("2"));
        assert!(product.is_too_large() && product.decimal().is_none());
        assert!(!product.divided_by(&exact("4")).unwrap().is_too_large());
        assert!(Exact::Decimal(Decimal::MAX).divided_by(&exact("0.1")).unwrap().is_too_large());
        let mut power = exact("1").divided_by(&exact("3")).unwrap();
        for _ in 0..20 {
            power = power.times(&power);
        }
        let size = power.decimal().unwrap();
        assert!(
            size < Decimal::new(1, 20),
            "a ratio that is too long goes on as the nearest decimal: {size}"
        );
    }

    proptest! {
        #[test]
        fn quick_quotients_round_as_exact_ones(part in -999_999_999_999i64..999_999_999_999, whole in 1i64..999_999_999_999, decimals in 0u32..=10) {
            let (part, whole) = (Decimal::new(part, 2), Decimal::new(whole, 3));
            let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            let quick = quick_quotient(part, whole).unwrap().round_dp_with_strategy(decimals, strategy);
            let slow = nearest_decimal(&(ratio_of(part) / ratio_of(whole))).unwrap();
            prop_assert_eq!(quick, slow.round_dp_with_strategy(decimals, strategy));
        }

        #[test]
        fn dividing_and_multiplying_by_a_number_changes_nothing(number in 0i64..1_000_000_000_000, by in 1i64..10_000) {
            let (number, by) = (Exact::Decimal(Decimal::new(number, 4)), Exact::Decimal(Decimal::from(by)));
            prop_assert_eq!(number.divided_by(&by).unwrap().times(&by), number);
        }
    }
}
