//! How a typed number reads beside a printed one.

use rust_decimal::Decimal;

use super::typed_number::Quantity;
use crate::figure::Amount;

/// The digits that a quantity is typed with: 5.71 of 5.71万.
pub fn typed_digits(quantity: Quantity) -> String {
    let scale = quantity.step * Decimal::from(10u64.pow(quantity.decimals.min(18)));
    quantity.value.checked_div(scale).map(|number| Amount::Number(number.abs()).plain()).unwrap_or_default()
}

/// The digits that a printed form begins with.
fn leading_digits(printed: &str) -> &str {
    let printed = printed.trim_start_matches('-');
    printed.find(|it: char| !it.is_ascii_digit() && it != '.').map_or(printed, |end| &printed[..end])
}

/// Whether a printed form begins with the typed digits.
pub fn reads_as(printed: &str, quantity: Quantity) -> bool {
    leading_digits(printed) == typed_digits(quantity)
}

/// How many digits stand from the first one on that is not zero.
pub fn significant_digits(digits: &str) -> usize {
    digits.trim_start_matches(['0', '.']).chars().filter(char::is_ascii_digit).count()
}

/// Whether a number of three digits or more differs from another in one digit, in two that changed places, or by
/// no more than a hundredth.
pub fn is_slip(typed: &str, printed: &str) -> bool {
    let printed = leading_digits(printed);
    if typed == printed || significant_digits(typed) < 3 || significant_digits(printed) < 3 {
        return false;
    }
    let different: Vec<usize> = typed
        .bytes()
        .zip(printed.bytes())
        .enumerate()
        .filter(|(_, (left, right))| left != right)
        .map(|(at, _)| at)
        .collect();
    let (left, right) = (typed.as_bytes(), printed.as_bytes());
    let is_swap = |first: usize, second: usize| {
        left.get(first) == right.get(second) && left.get(second) == right.get(first)
    };
    let is_one_slip = typed.len() == printed.len()
        && match different.as_slice() {
            [_] => true,
            [first, second] => is_swap(*first, *second),
            _ => false,
        };
    let numbers = Decimal::from_str_exact(typed).ok().zip(Decimal::from_str_exact(printed).ok());
    let is_near = numbers.is_some_and(|(typed, printed)| {
        typed.checked_sub(printed).is_some_and(|apart| apart.abs() <= printed.abs() / Decimal::ONE_HUNDRED)
    });
    is_one_slip || is_near
}
