//! Figures that texts need beside those they name: changes against another month, and the order of a column.

use super::names::Target;
use super::shifts::lacks_counterparts;
use super::{Calculation, Stop};
use crate::figure::{
    Amount, Figure, FigureId, FormulaFault, Operation, Operator, Origin, Value, combine, common_unit, settled,
};

/// A comparison of a figure with itself at another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// The name, which the compared figure's name begins with: `month_on_month(figures.handled)`.
    pub name: &'static str,
    /// How many months before the other time lies.
    pub months_back: i32,
    /// [`Operation::Change`] or [`Operation::Difference`].
    pub is_difference: bool,
}

impl Calculation<'_> {
    /// Adds the change of a figure against another time: its operands are the figure and its base, and
    /// it is *not applicable* where there is nothing to compare with.
    pub fn compare(&mut self, target: Target, comparison: Comparison) -> Result<FigureId, Stop> {
        let own = self.figure(target, self.now)?;
        let id = format!("{}({})", comparison.name, self.name(target, self.now));
        if let Some(known) = self.ledger.find(&id) {
            return Ok(known);
        }
        let base = match self.now.back(comparison.months_back) {
            Some(time) => self.figure(target, time)?,
            None => return Err(Stop::Told),
        };
        let (own_amount, base_amount) = (self.ledger.amount(own), self.ledger.amount(base));
        let unit = self.ledger.get(own).and_then(|figure| figure.unit.clone());
        let unit_of = |place| self.ledger.get(place).and_then(|figure| figure.unit.clone());
        let have_one_unit = common_unit(unit_of(own), unit_of(base), "比较", &(0..0)).is_ok();
        let can_compare = have_one_unit
            && own_amount.number().is_some()
            && base_amount.number().is_some()
            && !lacks_counterparts(&self.ledger, &[base], &[own]);
        let amount = match can_compare {
            true => change(own_amount, base_amount, comparison.is_difference)?,
            false => Amount::NotApplicable,
        };
        let operation = match comparison.is_difference {
            true => Operation::Difference,
            false => Operation::Change,
        };
        let origin = Origin::Operation { operation, operands: vec![own, base] };
        let unit = unit.filter(|_| comparison.is_difference);
        Ok(self.ledger.add(Figure { id, amount, unit, origin }))
    }

    /// Adds the rank of every department in a column: `rank(operations["公安厅"].mailed)`.
    pub fn order(&mut self, table: usize, column: usize) -> Result<(), Stop> {
        let departments = self.column(table, column, self.now)?.departments.clone();
        for department in departments {
            self.rank(table, department, column, self.now, false)?;
        }
        Ok(())
    }
}

/// By how much a number is larger than another one; as a part of that, unless the difference itself is wanted.
fn change(own: Amount, base: Amount, is_difference: bool) -> Result<Amount, FormulaFault> {
    let (whole, number) = (0..0, |amount: Amount| Value::Number(amount.exact(), None));
    let difference = combine(Operator::Subtract, number(own), number(base), &whole)?;
    let change = match is_difference {
        true => difference,
        false => combine(Operator::Divide, difference, number(base), &whole)?,
    };
    settled(&change.number(&whole)?.0, &whole)
}
