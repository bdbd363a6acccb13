//! The value of a formula.
//!
//! In sums and differences *not applicable* and *missing* count for nothing, as
//! they do in a column's total; a sum of nothing but these is one of them. In
//! products and quotients they make the result *not applicable*.

use std::ops::Range;

use rust_decimal::Decimal;

use super::amount::Amount;
use super::formula::{Expression, FormulaFault, Operator, Reference};
use super::ledger::{FigureId, Ledger};

/// The fault of a division by zero.
pub const DIVISION_BY_ZERO: &str = "除数为零";

/// The value of a formula and what it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The amount.
    pub amount: Amount,
    /// The unit; none where units cancel out or the operands have none.
    pub unit: Option<String>,
    /// The figures named, in the formula's order.
    pub operands: Vec<FigureId>,
}

/// Computes a formula; `find` gives the figure that a reference names, or the fault that there is none.
pub fn evaluate(
    expression: &Expression,
    ledger: &Ledger,
    find: &impl Fn(&Reference) -> Result<FigureId, FormulaFault>,
) -> Result<Evaluation, FormulaFault> {
    match expression {
        Expression::Number(number) => {
            Ok(Evaluation { amount: Amount::Number(*number), unit: None, operands: Vec::new() })
        }
        Expression::Reference(reference) => {
            let place = find(reference)?;
            let unit = ledger.get(place).and_then(|figure| figure.unit.clone());
            Ok(Evaluation { amount: ledger.amount(place), unit, operands: vec![place] })
        }
        Expression::Negation(inner) => {
            let inner = evaluate(inner, ledger, find)?;
            let amount = match inner.amount {
                Amount::Number(number) => Amount::Number(-number),
                other => other,
            };
            Ok(Evaluation { amount, ..inner })
        }
        Expression::Binary { operator, left, right, span } => {
            let left = evaluate(left, ledger, find)?;
            let right = evaluate(right, ledger, find)?;
            combine(*operator, left, right, span)
        }
    }
}

fn combine(
    operator: Operator,
    left: Evaluation,
    right: Evaluation,
    span: &Range<usize>,
) -> Result<Evaluation, FormulaFault> {
    let fault = |message: String| FormulaFault { message, span: span.clone() };
    let unit = match operator {
        Operator::Add | Operator::Subtract => match (&left.unit, &right.unit) {
            (Some(left), Some(right)) if left != right => {
                return Err(fault(format!("单位不同，不能加减：{left} 和 {right}")));
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        },
        Operator::Multiply => match (&left.unit, &right.unit) {
            (Some(left), Some(right)) => {
                return Err(fault(format!("两个带单位的数不能相乘：{left} 和 {right}")));
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        },
        Operator::Divide => match (&left.unit, &right.unit) {
            (Some(left), Some(right)) if left == right => None,
            (_, Some(right)) => return Err(fault(format!("不能除以带单位“{right}”的数"))),
            (left, None) => left.clone(),
        },
    };
    // A zero that is written in the formula is a fault of the formula, whatever the data.
    if operator == Operator::Divide
        && right.operands.is_empty()
        && right.amount.number().is_some_and(|it| it.is_zero())
    {
        return Err(fault("除数写成了零".to_owned()));
    }
    let amount = apply(operator, left.amount, right.amount).map_err(fault)?;
    let mut operands = left.operands;
    operands.extend(right.operands);
    Ok(Evaluation { amount, unit, operands })
}

fn apply(operator: Operator, left: Amount, right: Amount) -> Result<Amount, String> {
    use Amount::{Missing, NotApplicable, Number};
    let (left, right) = match (operator, left, right) {
        (_, Number(left), Number(right)) => (left, right),
        (Operator::Multiply | Operator::Divide, ..) => return Ok(NotApplicable),
        (Operator::Add | Operator::Subtract, Number(left), _) => (left, Decimal::ZERO),
        (Operator::Add | Operator::Subtract, _, Number(right)) => (Decimal::ZERO, right),
        (_, Missing, _) | (_, _, Missing) => return Ok(Missing),
        (_, NotApplicable, NotApplicable) => return Ok(NotApplicable),
    };
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right.is_zero() => return Err(DIVISION_BY_ZERO.to_owned()),
        Operator::Divide => left.checked_div(right),
    };
    result.map(Number).ok_or_else(|| "结果太大，算不出来".to_owned())
}

/// The sum of a column: *not applicable* and *missing* count for nothing; none where it overflows.
pub fn sum(amounts: impl IntoIterator<Item = Amount>) -> Option<Amount> {
    let mut total = Amount::NotApplicable;
    for amount in amounts {
        total = match (total, amount) {
            (Amount::Number(total), Amount::Number(number)) => Amount::Number(total.checked_add(number)?),
            (Amount::Number(_), _) => total,
            (_, Amount::Number(_)) => amount,
            (Amount::Missing, _) | (_, Amount::Missing) => Amount::Missing,
            (Amount::NotApplicable, Amount::NotApplicable) => Amount::NotApplicable,
        };
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::super::formula::parse;
    use super::super::ledger::{Figure, Operation, Origin};
    use super::*;

    fn value(formula: &str) -> Result<(String, Option<String>), String> {
        let mut ledger = Ledger::default();
        let number = |text: &str| Amount::Number(Decimal::from_str_exact(text).unwrap());
        for (id, amount, unit) in [
            ("a", number("55001"), Some("件")),
            ("b", number("2104"), Some("件")),
            ("score", number("99.5"), Some("分")),
            ("none", Amount::NotApplicable, Some("件")),
            ("blank", Amount::Missing, Some("件")),
        ] {
            let origin = Origin::Operation { operation: Operation::Sum, operands: Vec::new() };
            ledger.add(Figure { id: id.to_owned(), amount, unit: unit.map(str::to_owned), origin });
        }
        let find = |reference: &Reference| {
            ledger
                .find(&reference.to_string())
                .ok_or_else(|| FormulaFault { message: "没有".to_owned(), span: reference.span.clone() })
        };
        let expression = parse(formula).map_err(|fault| fault.message)?;
        evaluate(&expression, &ledger, &find)
            .map(|value| (value.amount.plain(), value.unit))
            .map_err(|fault| fault.message)
    }

    #[test]
    fn figures_are_computed_exactly_and_keep_their_unit() {
        assert_eq!(value("a + b"), Ok(("57105".to_owned(), Some("件".to_owned()))));
        assert_eq!(value("(a + b) / 10000"), Ok(("5.7105".to_owned(), Some("件".to_owned()))));
        assert_eq!(value("b / a * 0"), Ok(("0".to_owned(), None)));
        assert_eq!(value("0.1 + 0.2"), Ok(("0.3".to_owned(), None)));
    }

    #[test]
    fn nothing_counts_for_nothing_in_sums_and_spoils_products() {
        assert_eq!(value("a + none + blank").unwrap().0, "55001");
        assert_eq!(value("none + none").unwrap().0, "/");
        assert_eq!(value("none * 2").unwrap().0, "/");
    }

    #[test]
    fn what_has_no_value_is_a_fault() {
        assert_eq!(value("a + score").unwrap_err(), "单位不同，不能加减：件 和 分");
        assert_eq!(value("a / 0").unwrap_err(), "除数写成了零");
        assert_eq!(value("a / (b - b)").unwrap_err(), "除数为零");
        assert_eq!(value("9999999999999999999999999 * 999999999999999").unwrap_err(), "结果太大，算不出来");
    }
}
