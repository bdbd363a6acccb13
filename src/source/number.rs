//! Numbers as exact decimals: the one place where a float becomes a figure.
//!
//! A workbook stores doubles; from here on there is no float any more. A double
//! becomes the shortest decimal that reads back as the same double. Where that
//! needs more than 15 significant digits it is rounded to 15, which is all that
//! Excel itself keeps and shows: the 103.99000000000001 that a SUM leaves behind
//! is 103.99 to everybody who looks at the sheet.

use rust_decimal::Decimal;

use super::workbook::Content;

/// The significant digits that spreadsheet programs keep.
const SIGNIFICANT_DIGITS: usize = 15;
/// The decimals that an exact decimal can have. What lies behind them is rounded away: of a residue such as 5.55e-17,
/// which arithmetic with doubles leaves where nothing should be left.
const MOST_DECIMALS: i32 = 28;

/// The share that a stored double stands for where the sheet shows it as a percentage.
pub fn exact_percentage(value: f64) -> Content {
    match exact_decimal(value) {
        Content::Number(share) => Content::Percentage(share),
        other => other,
    }
}

/// The decimal that a stored double stands for.
pub fn exact_decimal(value: f64) -> Content {
    if !value.is_finite() {
        return Content::HugeNumber(value.to_string());
    }
    // Counts are whole, and quickly done. Below 2^53 every whole number is exact.
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Content::Number(Decimal::from(value as i64));
    }
    let shortest = format!("{value:e}");
    let mantissa = shortest.find('e').unwrap_or(shortest.len());
    let digits = mantissa - usize::from(shortest.contains('.'));
    let digits = digits - usize::from(value < 0.0);
    let written = if digits > SIGNIFICANT_DIGITS {
        // The standard library rounds the double's exact value, ties to even.
        format!("{value:.precision$e}", precision = SIGNIFICANT_DIGITS - 1)
    } else {
        shortest
    };
    match parse(&written) {
        // The zeros that rounding leaves behind are not decimals of the figure.
        Some(decimal) => Content::Number(decimal.normalize()),
        None => Content::HugeNumber(written),
    }
}

/// The decimal that a stored double stands for, where it is written with 15 digits or fewer and no
/// exponent: then it is what is written, for no two such numbers are the same double.
pub(super) fn short_decimal(written: &str) -> Option<Decimal> {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if whole.is_empty() || whole.len() + fraction.len() > SIGNIFICANT_DIGITS {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let mantissa = digits.into_iter().try_fold(0i64, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })?;
    let mantissa = if unsigned.len() == written.len() { mantissa } else { -mantissa };
    let scale = u32::try_from(fraction.len()).ok()?;
    Some(Decimal::try_new(mantissa, scale).ok()?.normalize())
}

/// The number that an ASCII decimal such as `-1.50` or `6.02e23` writes, digit for digit up to its 28th decimal;
/// as it stands where it is too large or too long.
///
/// Texts that are no such number come back as [`Content::HugeNumber`] too: look
/// at [`is_plain_decimal`] first where the text is not known to be a number.
pub(super) fn written_decimal(text: &str) -> Content {
    match parse(text) {
        Some(decimal) => Content::Number(decimal),
        None => Content::HugeNumber(text.to_owned()),
    }
}

/// Whether a text is a minus or nothing, digits, and perhaps a fraction.
pub(super) fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    is_digits(whole) && fraction.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    // What is left are digits; a second sign would still be read.
    if unsigned.starts_with(['-', '+']) {
        return None;
    }
    let mut digits: i128 = [whole, fraction].concat().parse().ok()?;
    let mut scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    if digits == 0 {
        scale = scale.clamp(0, MOST_DECIMALS);
    }
    if scale < 0 {
        digits = digits.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?;
        scale = 0;
    }
    if scale > MOST_DECIMALS {
        digits = rounded(digits, scale.abs_diff(MOST_DECIMALS));
        scale = MOST_DECIMALS;
    }
    let signed = if negative { -digits } else { digits };
    Decimal::try_from_i128_with_scale(signed, u32::try_from(scale).ok()?).ok()
}

/// A whole number without its last digits, rounded half away from zero.
fn rounded(number: i128, places: u32) -> i128 {
    // No number has so many digits that anything would be left.
    let Some(divisor) = 10i128.checked_pow(places) else { return 0 };
    let (whole, rest) = (number / divisor, number % divisor);
    let is_half = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
    whole + if is_half { number.signum() } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Content {
        Content::Number(text.parse().unwrap())
    }

    #[test]
    fn what_a_sum_leaves_behind_is_what_the_sheet_shows() {
        assert_eq!(exact_decimal(103.990_000_000_000_01), number("103.99"));
        assert_eq!(exact_decimal(0.1 + 0.2), number("0.3"));
        assert_eq!(format!("{:?}", exact_decimal(103.990_000_000_000_01)), "Number(103.99)");
        assert_eq!(exact_decimal(-5.71), number("-5.71"));
        assert_eq!(exact_decimal(20_337.0), number("20337"));
        assert_eq!(exact_decimal(0.5), number("0.5"));
        assert_eq!(exact_decimal(-0.0), number("0"));
        assert_eq!(exact_decimal(1e28), number("10000000000000000000000000000"));
    }

    #[test]
    fn what_no_decimal_holds_stays_as_written() {
        for value in [f64::NAN, f64::INFINITY, 1e300, -1e29] {
            assert!(matches!(exact_decimal(value), Content::HugeNumber(_)), "{value}");
        }
        assert_eq!(written_decimal("1e99"), Content::HugeNumber("1e99".to_owned()));
    }

    #[test]
    fn what_is_too_small_for_a_decimal_is_nothing_or_nearly_nothing() {
        assert_eq!(exact_decimal(5.551_115_123_125_783e-17), number("0.0000000000000000555111512313"));
        assert_eq!(exact_decimal(-4.5e-28), number("-0.0000000000000000000000000005"));
        for value in [4e-29, -1e-300, f64::MIN_POSITIVE, 5e-324] {
            assert_eq!(exact_decimal(value).to_string(), "0", "{value}");
        }
        assert_eq!(written_decimal("1e-99999"), number("0.0000000000000000000000000000"));
    }

    #[test]
    fn plain_decimals_have_no_ornament() {
        for text in ["0", "-1", "007", "12.50"] {
            assert!(is_plain_decimal(text), "{text}");
        }
        for text in ["", "-", "+1", "1.", ".5", "1e3", "1,000", "１", "1 ", "0x1", "--1"] {
            assert!(!is_plain_decimal(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn up_to_fifteen_digits_survive_the_double(
            digits in 0i64..1_000_000_000_000_000, scale in 0u32..16, negative: bool,
        ) {
            let decimal = Decimal::new(if negative { -digits } else { digits }, scale);
            let stored: f64 = decimal.to_string().parse().unwrap();
            prop_assert_eq!(exact_decimal(stored), Content::Number(decimal));
        }

        #[test]
        fn a_short_number_is_read_as_the_double_would_be(text in "-?[0-9]{1,9}(\\.[0-9]{0,8})?") {
            let stored: f64 = text.parse().unwrap();
            match short_decimal(&text) {
                Some(decimal) => prop_assert_eq!(exact_decimal(stored).to_string(), decimal.to_string()),
                None => prop_assert!(text.len() > SIGNIFICANT_DIGITS),
            }
        }

        #[test]
        fn any_double_becomes_a_number_of_at_most_fifteen_digits(bits: u64) {
            let value = f64::from_bits(bits);
            if let Content::Number(decimal) = exact_decimal(value) {
                let written = decimal.normalize().mantissa().unsigned_abs().to_string();
                let digits = written.trim_end_matches('0');
                prop_assert!(digits.len() <= SIGNIFICANT_DIGITS);
                let back: f64 = decimal.to_string().parse().unwrap();
                prop_assert!((back - value).abs() <= (value.abs() * 1e-14).max(1e-28));
            }
        }

        #[test]
        fn written_numbers_are_kept_digit_for_digit(text in "-?[0-9]{1,12}\\.[0-9]{1,12}") {
            let Content::Number(decimal) = written_decimal(&text) else { panic!("{text}") };
            prop_assert_eq!(decimal, text.parse::<Decimal>().unwrap());
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = written_decimal(&text);
            let _ = is_plain_decimal(&text);
            let _ = short_decimal(&text);
        }
    }
}
