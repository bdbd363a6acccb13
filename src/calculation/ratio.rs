//! Formulas that give a part of a whole, such as 0.98: in a column of percentages they would be printed as 1%.

use rust_decimal::Decimal;

use super::names::{Bound, Target};
use crate::figure::{Expression, Function, Operator};
use crate::project::{ColumnSchema, TableSchema};

/// Whether a formula surely gives a ratio and no percentage: it divides what has the same unit, and holds no number
/// that could make hundredths of it.
pub(super) fn gives_ratio(formula: &Expression<Bound>, own: &TableSchema) -> bool {
    !is_scaled(formula) && is_ratio(formula, own)
}

/// Whether a number above one or far below it stands anywhere: `100 * a / b`, `a / (b / 100)`, `a / b / 0.01`.
fn is_scaled(formula: &Expression<Bound>) -> bool {
    match formula {
        Expression::Number(number) => {
            let size = number.abs();
            size > Decimal::ONE || (!size.is_zero() && size < Decimal::new(1, 1))
        }
        Expression::Name(_) => false,
        Expression::Negation(inner) | Expression::Not { inner, .. } => is_scaled(inner),
        Expression::Binary { left, right, .. } => is_scaled(left) || is_scaled(right),
        Expression::Call { arguments, .. } => arguments.iter().any(is_scaled),
    }
}

fn is_ratio(formula: &Expression<Bound>, own: &TableSchema) -> bool {
    match formula {
        Expression::Number(_) | Expression::Name(_) | Expression::Not { .. } => false,
        Expression::Negation(inner) => is_ratio(inner, own),
        Expression::Call { function: Function::Share, .. } => true,
        Expression::Call { function: Function::Rank | Function::Count, .. } => false,
        Expression::Call { arguments, .. } => arguments.iter().any(|argument| is_ratio(argument, own)),
        Expression::Binary { operator: Operator::Divide, left, right, .. } => {
            let (left, right) = (units(left, own), units(right, own));
            !right.is_empty() && left == right
        }
        Expression::Binary { left, right, .. } => is_ratio(left, own) || is_ratio(right, own),
    }
}

/// The units of the row's columns that a formula names, each once, ascending.
fn units<'a>(formula: &Expression<Bound>, own: &'a TableSchema) -> Vec<&'a str> {
    let mut units = Vec::new();
    formula.visit_names(&mut |name: &Bound| {
        if let Target::Own { column } = name.target {
            let number = own.columns.get(column).and_then(ColumnSchema::number);
            units.push(number.and_then(|number| number.unit.as_deref()).unwrap_or_default());
        }
    });
    units.sort_unstable();
    units.dedup();
    units
}
