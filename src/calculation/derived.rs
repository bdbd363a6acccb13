//! Figures that formulas give: of derived columns, of their totals, and those that are named.

use std::sync::Arc;

use rust_decimal::RoundingStrategy;

use super::evaluate::Row;
use super::names::Target;
use super::{Calculation, Stop, formula_diagnostic};
use crate::figure::{Amount, Expression, Figure, FigureId, Operation, Origin, Time, settled};

impl Calculation<'_> {
    /// A named figure at a time when there is one. The names of its formula are this issue's; where the issue does not
    /// have the figure they may mean nothing, and then it is unknown at all times.
    pub(super) fn named_figure(&mut self, index: usize, time: Time) -> Result<FigureId, Stop> {
        let target = Target::Figure(index);
        if self.formulas.figure(index).is_none() && self.not_declared(target, self.now.month).is_some() {
            let reason = format!("{} 的算式用到本期没有的数", self.name(target, self.now));
            return Ok(self.absent(target, time, Amount::Unknown, reason));
        }
        let mut months = time.months(0);
        if time.cumulative && months.any(|month| self.not_declared(target, month).is_some()) {
            let reason = format!("{} 在本年不是每个月都有", self.name(target, self.now));
            return Ok(self.absent(target, time, Amount::Unknown, reason));
        }
        self.derive(target, Row::None, time)
    }

    /// Evaluates the formula of a derived column, its total, or a named figure. A fault is the formula's own.
    pub(super) fn derive(&mut self, target: Target, row: Row, time: Time) -> Result<FigureId, Stop> {
        let formulas = Arc::clone(&self.formulas);
        let formula = match target {
            Target::Cell { table, column, .. } | Target::Total { table, column } => {
                formulas.column(table, column)
            }
            Target::Figure(index) => formulas.figure(index),
            _ => None,
        };
        // A formula with a fault of its own has been reported.
        let formula = formula.ok_or(Stop::Told)?;
        let evaluated = self.evaluate_number(&formula.expression, row, time).and_then(|evaluated| {
            let settled = settled(&evaluated.amount, &(0..0))?;
            Ok((evaluated, settled))
        });
        match evaluated {
            Ok((evaluated, settled)) => {
                let operation = Operation::Formula(Arc::clone(&formula.text));
                // Another name for a figure is that figure, to the last decimal.
                let unrounded = match (&formula.expression.as_ref(), evaluated.operands.as_slice()) {
                    (Expression::Name(_), [same]) => self.ledger.unrounded(*same),
                    _ => settled,
                };
                let (id, operands) = (self.name(target, time), evaluated.operands);
                let origin = Origin::Operation { operation, operands };
                Ok(match self.declared_column(target) {
                    Some((decimals, unit)) => {
                        let amount = rounded(settled, decimals);
                        self.ledger.add_rounded(Figure { id, amount, unit, origin }, unrounded)
                    }
                    None => {
                        let figure = Figure { id, amount: settled, unit: evaluated.unit, origin };
                        match unrounded == settled {
                            true => self.ledger.add_exact(figure, evaluated.amount),
                            false => self.ledger.add_rounded(figure, unrounded),
                        }
                    }
                })
            }
            Err(Stop::Fault(fault)) => {
                self.report(formula_diagnostic(&formula.prose, &fault));
                Err(Stop::Told)
            }
            Err(Stop::Told) => Err(Stop::Told),
        }
    }

    /// The decimals and the unit of a derived column.
    fn declared_column(&self, target: Target) -> Option<(u32, Option<Arc<str>>)> {
        let (Target::Cell { table, column, .. } | Target::Total { table, column }) = target else {
            return None;
        };
        let number = self.project.settings.tables.get(table)?.columns.get(column)?.number()?;
        Some((number.decimals, number.unit.clone()))
    }
}

/// An amount with no more decimals than its column has, rounded half up.
pub(super) fn rounded(amount: Amount, decimals: u32) -> Amount {
    match amount {
        Amount::Number(value) => Amount::Number(
            value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize(),
        ),
        other => other,
    }
}
