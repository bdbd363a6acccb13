//! Functions of time in formulas: which time they look at, and what they make of a time when there was nothing.

use std::collections::BTreeSet;

use super::evaluate::Context;
use super::names::Bound;
use super::{Calculation, Stop};
use crate::figure::{Amount, Expression, Figure, FigureId, Function, Ledger, Operation, Origin, Time, Value};

impl Calculation<'_> {
    /// The value of a time shift's argument at the time that it looks at.
    pub(super) fn time_shift(
        &mut self,
        function: Function,
        argument: &Expression<Bound>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        let Some(time) = shifted(function, context.time) else {
            return Ok(Value::Number(Amount::Unknown, None));
        };
        let mut own = Vec::new();
        let value = self.value(argument, Context { time, ..context }, &mut own)?;
        let mut value = self.looked_back(value, context.time, time, &own);
        if time.month != context.time.month
            && outside_their_terms(&self.ledger, &own) > 0
            && let Value::Number(Amount::Number(_), unit) = &value
        {
            let (mut present, unit) = (Vec::new(), unit.clone());
            self.value(argument, context, &mut present)?;
            if lacks_counterparts(&self.ledger, &own, &present) {
                value = Value::Number(Amount::Unknown, unit);
            }
        }
        for place in own {
            self.operand(place, operands);
        }
        Ok(value)
    }

    /// What a formula that looks `from` one time back to another has of the value there. Where that is no number because
    /// something it is made of was outside its term, it is unknown: a difference from it would pass for growth from
    /// nothing.
    pub(super) fn looked_back(&self, value: Value, from: Time, to: Time, parts: &[FigureId]) -> Value {
        match value {
            Value::Number(Amount::NotApplicable | Amount::Missing, unit)
                if from.month != to.month && outside_their_terms(self.ledger(), parts) > 0 =>
            {
                Value::Number(Amount::Unknown, unit)
            }
            value => value,
        }
    }
}

/// Whether more of a figure's parts were outside their term `then` than are `now`. What was outside counts for nothing
/// only beside as much that is outside now: then it is an old name and a new one that stand for each other. Else
/// something began since, or a formula goes on with a constant alone (`100 - faults`), and a difference would pass for
/// a change.
pub fn lacks_counterparts(ledger: &Ledger, then: &[FigureId], now: &[FigureId]) -> bool {
    let outside = outside_their_terms(ledger, then);
    outside > 0 && outside > outside_their_terms(ledger, now)
}

/// How many parts of some figures were outside their term. In a year to date that counts for nothing.
fn outside_their_terms(ledger: &Ledger, places: &[FigureId]) -> usize {
    let mut outside = BTreeSet::new();
    for place in places {
        let parts = ledger.made_of_by(*place, |operation, _| *operation != Operation::YearToDate);
        outside.extend(parts.filter(|(_, figure)| is_absent(figure)).map(|(part, _)| part));
    }
    outside.len()
}

/// Whether a figure is absent, but not for want of its month.
fn is_absent(figure: &Figure) -> bool {
    figure.amount == Amount::NotApplicable && matches!(figure.origin, Origin::Absent { .. })
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
