//! Functions of time in formulas: which time they look at, and what they make of a time when there was nothing.

use super::Calculation;
use super::names::Bound;
use crate::figure::{Amount, Expression, Figure, FigureId, Function, Operation, Origin, Time, Value};

impl Calculation<'_> {
    /// What a formula that looks `from` one time back to another has of the value there. Where that is no number because
    /// something it is made of was outside its term, it is unknown: a difference from it would pass for growth from
    /// nothing. Beside a number it counts for nothing, as in the issue of that time, and so it does in a year to date.
    pub(super) fn looked_back(&self, value: Value, from: Time, to: Time, parts: &[FigureId]) -> Value {
        match value {
            Value::Number(Amount::NotApplicable | Amount::Missing, unit)
                if from.month != to.month && parts.iter().any(|place| self.was_outside_its_term(*place)) =>
            {
                Value::Number(Amount::Unknown, unit)
            }
            value => value,
        }
    }

    /// Whether a part of a figure is absent, but not for want of its month.
    fn was_outside_its_term(&self, place: FigureId) -> bool {
        let is_absent = |figure: &Figure| {
            figure.amount == Amount::NotApplicable && matches!(figure.origin, Origin::Absent { .. })
        };
        let mut parts = self.ledger().made_of_by(place, |operation, _| *operation != Operation::YearToDate);
        parts.any(|(_, figure)| is_absent(figure))
    }
}

/// The time that a time shift looks at; none before the year 1.
pub(super) fn shifted(function: Function, time: Time) -> Option<Time> {
    match function {
        Function::Previous => time.back(1),
        Function::YearAgo => time.back(12),
        _ => Some(time.year_to_date()),
    }
}

/// The name within time shifts, with the time that they lead to.
pub(super) fn innermost(expression: &Expression<Bound>, time: Time) -> Option<(&Bound, Time)> {
    match expression {
        Expression::Name(name) => Some((name, time)),
        Expression::Call { function, arguments, .. } if function.is_time_shift() => {
            innermost(arguments.first()?, shifted(*function, time)?)
        }
        _ => None,
    }
}
