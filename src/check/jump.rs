//! A number that is far from what the department has in other months.
//!
//! With six past numbers or more, far is measured by the median absolute
//! deviation, which one odd month does not disturb (Leys et al., 2013, give the
//! factor 1.4826, with which it estimates the standard deviation of normal data);
//! with fewer, by the last month's number alone. Small numbers vary: a difference
//! below 30 and below a hundredth of the column's total is never told.

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
        let least = least_difference(history.total(number.index));
        let Some(usual) = usual(number.value, &past, least) else { continue };
        let named = history.named(row, number.column);
        let (now, was) = (Amount::Number(number.value).plain(), Amount::Number(usual.number).plain());
        let message = match usual.months {
            Some(months) => format!("{named}是 {now}，往 {months} 个月的中位数是 {was}，相差悬殊"),
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

fn least_difference(total: Decimal) -> Decimal {
    let hundredth = total.abs() / Decimal::ONE_HUNDRED;
    Decimal::from(30).max(hundredth)
}

/// The usual number, if the value is far from it; `past` begins with the last month.
fn usual(value: Decimal, past: &[Option<Amount>], least: Decimal) -> Option<Usual> {
    let numbers: Vec<Decimal> = past.iter().filter_map(|amount| amount.and_then(Amount::number)).collect();
    if numbers.len() >= ENOUGH {
        let middle = median(numbers.clone())?;
        let spread = median(numbers.iter().map(|number| (number - middle).abs()).collect())?;
        // Numbers that never vary must not make the least change a jump.
        let spread = (spread * Decimal::new(14826, 4)).max(middle.abs() * Decimal::new(5, 2));
        let distance = (value - middle).abs();
        let is_far = distance > spread * Decimal::from(6)
            && distance >= middle.abs() * Decimal::new(25, 2)
            && distance >= least;
        return is_far.then_some(Usual { number: middle, months: Some(numbers.len()) });
    }
    let last = past.first().copied().flatten().and_then(Amount::number)?;
    let three = Decimal::from(3);
    let is_far = value.abs() >= last.abs() * three || value.abs() * three <= last.abs();
    (is_far && (value - last).abs() >= least).then_some(Usual { number: last, months: None })
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
        usual(Decimal::from(value), &past, Decimal::from(30)).map(|usual| usual.number.to_string())
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
        assert_eq!(
            usual(Decimal::from(500), &[None, Some(Amount::Number(Decimal::ONE))], Decimal::ONE).map(|_| ()),
            None
        );
    }
}
