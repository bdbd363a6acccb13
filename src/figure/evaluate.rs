//! What the operators of formulas make of their operands.
//!
//! In sums and differences *not applicable* and *missing* count for nothing, as
//! they do in a column's total; a sum of nothing but these is one of them. In
//! products and quotients they make the result *not applicable*, and so does a
//! division by zero. What is *unknown*, because its month is not there, makes
//! everything that needs it unknown: it must never count as zero. A comparison
//! with any of them is neither true nor false; `and`, `or` and `not` follow
//! Kleene: what is undecided stays so unless the other operand decides.

use std::ops::Range;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::amount::Amount;
use super::exact::Exact;
use super::formula::{FormulaFault, Function, Operator};

/// The value of a formula or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An amount with its unit; none where units cancel out or the operands have none.
    Number(Amount<Exact>, Option<Arc<str>>),
    /// Whether something is so; none where it cannot be said.
    Truth(Option<bool>),
}

impl Value {
    /// The amount and unit, or the fault that it is none; `span` is the formula's part.
    pub fn number(self, span: &Range<usize>) -> Result<(Amount<Exact>, Option<Arc<str>>), FormulaFault> {
        match self {
            Self::Number(amount, unit) => Ok((amount, unit)),
            Self::Truth(_) => Err(FormulaFault::new("这里应为一个数，不是比较", span)),
        }
    }

    /// The truth, or the fault that it is none.
    pub fn truth(self, span: &Range<usize>) -> Result<Option<bool>, FormulaFault> {
        match self {
            Self::Truth(truth) => Ok(truth),
            Self::Number(..) => Err(FormulaFault::new("这里应为比较，如 a <= b，不是一个数", span)),
        }
    }
}

/// Joins two operands; `span` is both in the formula.
pub fn combine(
    operator: Operator,
    left: Value,
    right: Value,
    span: &Range<usize>,
) -> Result<Value, FormulaFault> {
    if operator.is_logical() {
        let (left, right) = (left.truth(span)?, right.truth(span)?);
        let deciding = operator == Operator::Or;
        return Ok(Value::Truth(match (left, right) {
            (Some(one), _) | (_, Some(one)) if one == deciding => Some(deciding),
            (Some(_), Some(_)) => Some(!deciding),
            _ => None,
        }));
    }
    let ((left, left_unit), (right, right_unit)) = (left.number(span)?, right.number(span)?);
    if operator.is_comparison() {
        common_unit(left_unit, right_unit, "比较", span)?;
        return Ok(Value::Truth(compare(operator, left, right)));
    }
    let unit = match operator {
        Operator::Multiply => match (left_unit, right_unit) {
            (Some(left), Some(right)) => {
                return Err(FormulaFault::new(format!("两个带单位的数不能相乘：{left} 和 {right}"), span));
            }
            (left, right) => left.or(right),
        },
        Operator::Divide => match (left_unit, right_unit) {
            (Some(left), Some(right)) if left == right => None,
            (_, Some(right)) => {
                return Err(FormulaFault::new(format!("不能除以带单位“{right}”的数"), span));
            }
            (left, None) => left,
        },
        _ => common_unit(left_unit, right_unit, "加减", span)?,
    };
    Ok(Value::Number(within_bounds(apply(operator, left, right), span)?, unit))
}

const TOO_LARGE: &str = "结果太大，算不出来";

/// An amount that a decimal can come near to, or the fault that it is too large.
fn within_bounds(amount: Amount<Exact>, span: &Range<usize>) -> Result<Amount<Exact>, FormulaFault> {
    match &amount {
        Amount::Number(number) if number.is_too_large() => Err(FormulaFault::new(TOO_LARGE, span)),
        _ => Ok(amount),
    }
}

/// The amount that a formula gives in the end, as the nearest decimal, or the fault that it is too large.
pub fn settled(amount: &Amount<Exact>, span: &Range<usize>) -> Result<Amount, FormulaFault> {
    amount.decimal().ok_or_else(|| FormulaFault::new(TOO_LARGE, span))
}

/// The unit of two amounts that are added or compared; a number without a unit goes with any.
pub fn common_unit(
    left: Option<Arc<str>>,
    right: Option<Arc<str>>,
    what: &str,
    span: &Range<usize>,
) -> Result<Option<Arc<str>>, FormulaFault> {
    match (left, right) {
        (Some(left), Some(right)) if left != right => {
            Err(FormulaFault::new(format!("单位不同，不能{what}：{left} 和 {right}"), span))
        }
        (left, right) => Ok(left.or(right)),
    }
}

fn compare(operator: Operator, left: Amount<Exact>, right: Amount<Exact>) -> Option<bool> {
    let (left, right) = (left.number()?, right.number()?);
    Some(match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        _ => left >= right,
    })
}

/// The result of + − × ÷.
fn apply(operator: Operator, left: Amount<Exact>, right: Amount<Exact>) -> Amount<Exact> {
    use Amount::{Missing, NotApplicable, Number, Unknown};
    let nothing = || Exact::from(Decimal::ZERO);
    let (left, right) = match (operator, left, right) {
        (_, Unknown, _) | (_, _, Unknown) => return Unknown,
        (_, Number(left), Number(right)) => (left, right),
        (Operator::Multiply | Operator::Divide, ..) => return NotApplicable,
        (_, Number(left), _) => (left, nothing()),
        (_, _, Number(right)) => (nothing(), right),
        (_, Missing, _) | (_, _, Missing) => return Missing,
        (_, NotApplicable, NotApplicable) => return NotApplicable,
    };
    match operator {
        Operator::Add => Number(left.plus(&right)),
        Operator::Subtract => Number(left.minus(&right)),
        Operator::Multiply => Number(left.times(&right)),
        _ => left.divided_by(&right).map_or(NotApplicable, Number),
    }
}

/// The sum of a column: *not applicable* and *missing* count for nothing, *unknown* makes it unknown; none where no
/// decimal holds all of its digits.
pub fn sum(amounts: impl IntoIterator<Item = Amount>) -> Option<Amount> {
    let total = added(amounts.into_iter().map(Amount::exact));
    match total {
        Amount::Number(Exact::Quotient(..) | Exact::Ratio(_)) => None,
        other => other.decimal(),
    }
}

fn added(amounts: impl IntoIterator<Item = Amount<Exact>>) -> Amount<Exact> {
    let nothing = Amount::NotApplicable;
    amounts.into_iter().fold(nothing, |total, amount| apply(Operator::Add, total, amount))
}

/// What an aggregate makes of its arguments; `span` is the call in the formula.
pub fn aggregate(
    function: Function,
    amounts: &[Amount<Exact>],
    span: &Range<usize>,
) -> Result<Amount<Exact>, FormulaFault> {
    if amounts.contains(&Amount::Unknown) {
        return Ok(Amount::Unknown);
    }
    let numbers = || amounts.iter().cloned().filter_map(Amount::number);
    let nothing = match amounts.contains(&Amount::Missing) {
        true => Amount::Missing,
        false => Amount::NotApplicable,
    };
    let count = || Amount::Number(Exact::from(Decimal::from(numbers().count())));
    let total = || added(amounts.iter().cloned());
    within_bounds(
        match function {
            Function::Count => count(),
            Function::Min => numbers().min().map_or(nothing, Amount::Number),
            Function::Max => numbers().max().map_or(nothing, Amount::Number),
            Function::Average => match total() {
                total @ Amount::Number(_) => apply(Operator::Divide, total, count()),
                other => other,
            },
            _ => total(),
        },
        span,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Amount<Exact> {
        Amount::Number(Exact::Decimal(Decimal::from_str_exact(text).unwrap()))
    }

    fn of(amount: Amount<Exact>, unit: &str) -> Value {
        Value::Number(amount, Some(unit).filter(|unit| !unit.is_empty()).map(Arc::from))
    }

    fn result(operator: Operator, left: Value, right: Value) -> Result<Value, String> {
        combine(operator, left, right, &(0..1)).map_err(|fault| fault.message)
    }

    #[test]
    fn figures_are_computed_exactly_and_keep_their_unit() {
        let (a, b) = (of(number("55001"), "件"), of(number("2104"), "件"));
        assert_eq!(result(Operator::Add, a.clone(), b.clone()), Ok(of(number("57105"), "件")));
        assert_eq!(
            result(Operator::Divide, a.clone(), of(number("10000"), "")),
            Ok(of(number("5.5001"), "件"))
        );
        assert_eq!(result(Operator::Divide, a.clone(), a), Ok(of(number("1"), "")));
        assert_eq!(
            result(Operator::Add, of(number("0.1"), ""), of(number("0.2"), "")),
            Ok(of(number("0.3"), ""))
        );
    }

    #[test]
    fn nothing_counts_for_nothing_in_sums_and_spoils_products() {
        use Amount::{Missing, NotApplicable};
        for (operator, left, right, expected) in [
            (Operator::Add, number("3"), NotApplicable, number("3")),
            (Operator::Subtract, Missing, number("3"), number("-3")),
            (Operator::Add, NotApplicable, Missing, Missing),
            (Operator::Add, NotApplicable, NotApplicable, NotApplicable),
            (Operator::Multiply, number("3"), Missing, NotApplicable),
            (Operator::Divide, NotApplicable, number("3"), NotApplicable),
            (Operator::Divide, number("3"), number("0"), NotApplicable),
        ] {
            let named = format!("{left:?} {operator:?} {right:?}");
            assert_eq!(apply(operator, left, right), expected, "{named}");
        }
    }

    #[test]
    fn what_is_unknown_never_counts_as_zero() {
        use Amount::{Missing, NotApplicable, Unknown};
        for operator in [Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide] {
            for other in [number("3"), number("0"), NotApplicable, Missing, Unknown] {
                assert_eq!(apply(operator, Unknown, other.clone()), Unknown, "{operator:?} {other:?}");
                assert_eq!(apply(operator, other, Unknown), Unknown, "{operator:?}");
            }
        }
        let functions = [Function::Sum, Function::Count, Function::Min, Function::Max, Function::Average];
        for function in functions {
            assert_eq!(aggregate(function, &[number("4"), Unknown], &(0..1)), Ok(Unknown), "{function:?}");
        }
        assert_eq!(compare(Operator::Less, Unknown, number("4")), None);
    }

    #[test]
    fn sums_hold_every_digit_or_there_are_none() {
        let amounts = |texts: &[&str]| -> Vec<Amount> {
            texts.iter().map(|text| Amount::Number(Decimal::from_str_exact(text).unwrap())).collect()
        };
        assert_eq!(sum(amounts(&["0.5", "0.25"])).unwrap().plain(), "0.75");
        assert_eq!(sum(amounts(&["50000000000000000000000000000", "0.5", "0.25"])), None);
        assert_eq!(sum(amounts(&["79228162514264337593543950335", "1"])), None);
    }

    #[test]
    fn what_cannot_be_compared_decides_nothing() {
        let compared = |operator, left, right| result(operator, of(left, "件"), of(right, ""));
        assert_eq!(compared(Operator::Less, number("3"), number("4")), Ok(Value::Truth(Some(true))));
        assert_eq!(compared(Operator::Equal, Amount::NotApplicable, number("4")), Ok(Value::Truth(None)));
        for (operator, left, right, expected) in [
            (Operator::And, Some(false), None, Some(false)),
            (Operator::And, Some(true), None, None),
            (Operator::And, Some(true), Some(true), Some(true)),
            (Operator::Or, None, Some(true), Some(true)),
            (Operator::Or, None, Some(false), None),
            (Operator::Or, Some(false), Some(false), Some(false)),
        ] {
            let truth = result(operator, Value::Truth(left), Value::Truth(right));
            assert_eq!(truth, Ok(Value::Truth(expected)), "{left:?} {operator:?} {right:?}");
        }
    }

    #[test]
    fn aggregates_count_numbers_only() {
        use Amount::{Missing, NotApplicable};
        let column = [number("4"), NotApplicable, number("1"), Missing];
        for (function, expected) in [
            (Function::Sum, "5"),
            (Function::Count, "2"),
            (Function::Min, "1"),
            (Function::Max, "4"),
            (Function::Average, "2.5"),
        ] {
            assert_eq!(aggregate(function, &column, &(0..1)), Ok(number(expected)), "{function:?}");
        }
        for function in [Function::Sum, Function::Min, Function::Max, Function::Average] {
            assert_eq!(aggregate(function, &[NotApplicable], &(0..1)), Ok(NotApplicable), "{function:?}");
            assert_eq!(aggregate(function, &[NotApplicable, Missing], &(0..1)), Ok(Missing), "{function:?}");
        }
        assert_eq!(aggregate(Function::Count, &[Missing], &(0..1)), Ok(number("0")));
    }

    #[test]
    fn what_has_no_value_is_a_fault() {
        let (a, score) = (of(number("1"), "件"), of(number("2"), "分"));
        for (operator, left, right, message) in [
            (Operator::Add, a.clone(), score.clone(), "单位不同，不能加减：件 和 分"),
            (Operator::Less, a.clone(), score.clone(), "单位不同，不能比较：件 和 分"),
            (Operator::Multiply, a.clone(), score.clone(), "两个带单位的数不能相乘：件 和 分"),
            (Operator::Divide, a.clone(), score, "不能除以带单位“分”的数"),
            (
                Operator::Multiply,
                of(number("79228162514264337593543950335"), ""),
                of(number("2"), ""),
                TOO_LARGE,
            ),
            (Operator::Add, a.clone(), Value::Truth(Some(true)), "这里应为一个数，不是比较"),
            (Operator::And, a, Value::Truth(Some(true)), "这里应为比较，如 a <= b，不是一个数"),
        ] {
            assert_eq!(result(operator, left, right).unwrap_err(), message);
        }
    }
}
