//! A number whose digits look transposed: with two neighbours exchanged it would be about last month's.

use rust_decimal::Decimal;

use super::history::TableHistory;
use crate::diagnostic::{Diagnostic, rules};
use crate::figure::Amount;

/// All numbers of a table that look transposed.
pub(super) fn check(history: &TableHistory<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (row, number, past) in history.numbers_with_past() {
        let last = last_number(&past);
        let Some(meant) = last.and_then(|last| meant(number.value, last)) else { continue };
        let now = Amount::Number(number.value).plain();
        let was = last.map(|last| Amount::Number(last).plain()).unwrap_or_default();
        let message = format!(
            "{}是 {now}，上月是 {was}；是不是把 {} 写颠倒了？",
            history.named(row, number.column),
            Amount::Number(meant).plain()
        );
        found.push(
            history
                .finding(&rules::CHECK_TRANSPOSED, row, number.cell.cell, message)
                .hint("请与部门核实；没有写错的，在 issue.toml 中用 [[acknowledge]] 确认"),
        );
    }
    found
}

/// Whether a number with this past can be judged; it begins with the last month.
pub(super) fn is_comparable(past: &[Option<Amount>]) -> bool {
    last_number(past).is_some()
}

fn last_number(past: &[Option<Amount>]) -> Option<Decimal> {
    past.first().copied().flatten().and_then(Amount::number)
}

/// The number that may have been meant: near last month's, while the one entered is far from it.
///
/// Far is a fifth or more, near a fiftieth or less, so that a month's usual
/// change is not taken for a slip; numbers below three digits say nothing.
fn meant(value: Decimal, last: Decimal) -> Option<Decimal> {
    let distance = |number: Decimal| (number - last).abs();
    if last.is_zero() || distance(value) * Decimal::from(5) < last.abs() {
        return None;
    }
    let digits = value.mantissa().to_string();
    let characters: Vec<char> = digits.chars().collect();
    if characters.iter().filter(|character| character.is_ascii_digit()).count() < 3 {
        return None;
    }
    let exchanged = (1..characters.len()).filter_map(|index| {
        let mut exchanged = characters.clone();
        exchanged.swap(index - 1, index);
        // A leading zero would be another number of digits.
        if exchanged == characters || exchanged.first().is_none_or(|first| !('1'..='9').contains(first)) {
            return None;
        }
        let mantissa: i128 = exchanged.iter().collect::<String>().parse().ok()?;
        Decimal::try_from_i128_with_scale(mantissa, value.scale()).ok()
    });
    exchanged
        .filter(|number| distance(*number) * Decimal::from(50) <= last.abs())
        .min_by_key(|number| distance(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(value: &str, last: &str) -> Option<String> {
        let number = |text| Decimal::from_str_exact(text).unwrap();
        meant(number(value), number(last)).map(|meant| meant.to_string())
    }

    #[test]
    fn exchanged_neighbours_are_found() {
        assert_eq!(slip("2134", "1234").as_deref(), Some("1234"));
        assert_eq!(slip("1935", "1391").as_deref(), Some("1395"));
        assert_eq!(slip("95.58", "59.60").as_deref(), Some("59.58"));
    }

    #[test]
    fn usual_changes_are_no_slips() {
        for (value, last) in
            [("1243", "1234"), ("1500", "1234"), ("21", "12"), ("100", "0"), ("3021", "1234")]
        {
            assert_eq!(slip(value, last), None, "{value} after {last}");
        }
    }
}
