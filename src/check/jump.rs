//! A number that is far from what the department has in other months.
//!
//! With six past numbers or more, far is measured by the median absolute
//! deviation, which one odd month does not disturb (Leys et al., 2013, give the
//! factor 1.4826, with which it estimates the standard deviation of normal data);
//! with fewer, by the last month's number alone. Small numbers vary: a difference
//! below 30 is never told, and one below a hundredth of the column's total only
//! where the number is ten times what it was, or a tenth.

use rust_decimal::Decimal;

use super::history::TableHistory;
use crate::diagnostic::{Diagnostic, rules};
use crate::figure::Amount;

/// How many past numbers make a median worth its name.
const ENOUGH: usize = 6;

/// All jumps of a table.
pub(super) fn check(history: &TableHistory<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (row, number, past) in history.numbers_with_past() {
        let Some(usual) = usual(number.value, &past) else { continue };
        if !is_worth_telling(number.value, usual.number, history.total(number.index)) {
            continue;
        }
        let named = history.named(row, number.column);
        let (now, was) = (Amount::Number(number.value).plain(), Amount::Number(usual.number).plain());
        let message = match usual.months {
            Some(months) => format!("{named}是 {now}，前 {months} 个月的中位数是 {was}，相差悬殊"),
            None => format!("{named}是 {now}，上月是 {was}，相差悬殊"),
        };
        found.push(
            history
                .finding(&rules::CHECK_JUMP, row, number.cell.cell, message)
                .hint("请与部门核实；属实的，在 issue.toml 中用 [[acknowledge]] 写明原因"),
        );
    }
    found
}

/// Whether a number with this past can be judged; it begins with the last month.
pub(super) fn is_comparable(past: &[Option<Amount>]) -> bool {
    let is_number = |amount: &Option<Amount>| amount.and_then(Amount::number).is_some();
    past.first().is_some_and(is_number) || past.iter().filter(|amount| is_number(amount)).count() >= ENOUGH
}

/// What a number would be expected to be near to.
struct Usual {
    number: Decimal,
    /// Of how many months it is the median; none if it is the last month's number.
    months: Option<usize>,
}

/// Whether a number that is far from its usual one matters in a column of this total.
fn is_worth_telling(value: Decimal, usual: Decimal, total: Decimal) -> bool {
    let distance = (value - usual).abs();
    let (value, usual) = (value.abs(), usual.abs());
    // Nothing is ten times zero.
    let is_tenfold = !value.is_zero()
        && !usual.is_zero()
        && (value >= usual * Decimal::TEN || value * Decimal::TEN <= usual);
    distance >= Decimal::from(30) && (is_tenfold || distance >= total.abs() / Decimal::ONE_HUNDRED)
}

/// The usual number, if the value is far from it; `past` begins with the last month.
fn usual(value: Decimal, past: &[Option<Amount>]) -> Option<Usual> {
    let numbers: Vec<Decimal> = past.iter().filter_map(|amount| amount.and_then(Amount::number)).collect();
    if numbers.len() >= ENOUGH {
        let middle = median(numbers.clone())?;
        let distance = (value - middle).abs();
        // Numbers that never vary must not make the least change a jump.
        let least_spread = middle.abs() * Decimal::new(5, 2);
        let is_beyond = |spread: Decimal| distance > spread * Decimal::from(6);
        if !is_beyond(least_spread) {
            return None;
        }
        let spread = median(numbers.iter().map(|number| (number - middle).abs()).collect())?;
        let is_far = is_beyond(spread * Decimal::new(14826, 4));
        return is_far.then_some(Usual { number: middle, months: Some(numbers.len()) });
    }
    let last = past.first().copied().flatten().and_then(Amount::number)?;
    let three = Decimal::from(3);
    let is_far = value.abs() >= last.abs() * three || value.abs() * three <= last.abs();
    is_far.then_some(Usual { number: last, months: None })
}

fn median(mut numbers: Vec<Decimal>) -> Option<Decimal> {
    numbers.sort_unstable();
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    Some((numbers.get(middle.checked_sub(1)?)? + upper) / Decimal::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(value: i64, past: &[i64]) -> Option<String> {
        let past: Vec<Option<Amount>> =
            past.iter().map(|number| Some(Amount::Number(Decimal::from(*number)))).collect();
        let value = Decimal::from(value);
        let usual = usual(value, &past).filter(|usual| is_worth_telling(value, usual.number, Decimal::ZERO));
        usual.map(|usual| usual.number.to_string())
    }

    #[test]
    fn a_number_far_from_its_past_is_a_jump() {
        let steady = [1000, 1040, 960, 1010, 990, 1020];
        assert_eq!(expected(10_100, &steady).as_deref(), Some("1005"));
        assert_eq!(expected(100, &steady).as_deref(), Some("1005"));
        assert_eq!(expected(1100, &steady), None);
    }

    #[test]
    fn one_odd_month_does_not_hide_the_next() {
        assert_eq!(expected(9000, &[9500, 1000, 1040, 960, 1010, 990]).as_deref(), Some("1005"));
    }

    #[test]
    fn a_department_that_always_varies_may_vary() {
        assert_eq!(expected(2600, &[400, 2400, 900, 3100, 1500, 700]), None);
    }

    #[test]
    fn with_few_months_the_last_one_counts() {
        assert_eq!(expected(350, &[100, 340]).as_deref(), Some("100"));
        assert_eq!(expected(250, &[100]), None);
        assert_eq!(expected(0, &[90]).as_deref(), Some("90"));
        assert_eq!(expected(30, &[5]), None, "small numbers vary");
        assert_eq!(expected(5000, &[]), None);
        assert!(usual(Decimal::from(500), &[None, Some(Amount::Number(Decimal::ONE))]).is_none());
    }

    #[test]
    fn in_a_large_column_a_small_part_of_it_is_told_when_it_is_tenfold() {
        let told = |value: i64, usual: i64| {
            is_worth_telling(Decimal::from(value), Decimal::from(usual), Decimal::from(55_000))
        };
        assert!(told(500, 9) && told(9, 500));
        assert!(!told(500, 100) && told(1000, 100));
        assert!(!told(38, 9));
        assert!(!told(35, 0) && !told(0, 35) && told(600, 0));
    }
}
