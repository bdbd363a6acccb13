//! Whole columns at a time, and the order of the departments in them.
//!
//! Nobody is ranked among numbers of which one is *unknown* because a month is
//! not there: it might be the greatest.

use std::cell::OnceCell;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::names::Target;
use super::{Calculation, Stop};
use crate::figure::{Amount, Figure, FigureId, Operation, Origin, Ranking, Time};

/// The numbers of a column at one time.
#[derive(Debug)]
pub struct Column {
    /// The figures, in official order of the departments.
    pub figures: Arc<[FigureId]>,
    /// The departments, in the same order; none where the figure is that of the whole column, which is not there.
    pub departments: Vec<usize>,
    /// The first figure that is unknown because a month is not there.
    pub unknown: Option<FigureId>,
    /// The order of the numbers among them, once a rank has been asked for.
    ranking: OnceCell<Ranking>,
}

impl Column {
    /// Whether there are departments in it; where the column or its month is not there, there are none.
    pub fn is_there(&self) -> bool {
        !self.departments.is_empty()
    }
}

impl Calculation<'_> {
    /// The numbers of a column at a time; of a year to date, of all departments that took part in it.
    pub fn column(&mut self, table: usize, column: usize, time: Time) -> Result<Arc<Column>, Stop> {
        if let Some(known) = self.columns.get(&(table, column, time)) {
            return known.clone();
        }
        let result = self.read_column(table, column, time).map(|(figures, departments)| {
            let is_unknown = |place: &FigureId| self.ledger.unknown_months(*place).next().is_some();
            let unknown = figures.iter().copied().find(is_unknown);
            Column { figures: figures.into(), departments, unknown, ranking: OnceCell::new() }
        });
        let result = result.map(Arc::new);
        self.columns.insert((table, column, time), result.clone());
        result
    }

    /// The figures of a column and their departments, or the one figure of the whole.
    fn read_column(
        &mut self,
        table: usize,
        column: usize,
        time: Time,
    ) -> Result<(Vec<FigureId>, Vec<usize>), Stop> {
        let mut departments: Vec<usize> = Vec::new();
        let whole = Target::Column { table, column };
        if let Some(absent) = self.outside_its_term(whole, time) {
            return Ok((vec![absent], departments));
        }
        for month in time.months(self.lag(whole)) {
            if self.not_declared(whole, month).is_some() {
                continue;
            }
            let entered = match month == self.now.month {
                true if self.entered.table(table).is_none() => return Err(Stop::Told),
                true => Arc::clone(&self.entered),
                false => match self.past_table(month, table) {
                    Ok(entered) => entered,
                    Err(reason) => {
                        return Ok((vec![self.absent(whole, time, Amount::Unknown, reason)], Vec::new()));
                    }
                },
            };
            let rows = entered.table(table).map_or(&[][..], |table| &table.rows);
            departments.extend(rows.iter().map(|row| row.department));
        }
        departments.sort_unstable();
        departments.dedup();
        self.count_steps(departments.len(), &(0..0))?;
        let mut figures = Vec::with_capacity(departments.len());
        for department in &departments {
            figures.push(self.figure(Target::Cell { table, department: *department, column }, time)?);
        }
        Ok((figures, departments))
    }

    /// The competition rank of a figure in its column, the greatest first; where it is unknown although the figure is a
    /// number, with the figure that is to blame.
    pub(super) fn rank_among(
        &mut self,
        table: usize,
        column: usize,
        time: Time,
        place: FigureId,
    ) -> Result<(Amount, Option<FigureId>), Stop> {
        let column = self.column(table, column, time)?;
        let numbers = || column.figures.iter().filter_map(|place| self.ledger.amount(*place).number());
        Ok(match (self.ledger.amount(place), column.unknown) {
            (Amount::Number(_), Some(unknown)) => (Amount::Unknown, Some(unknown)),
            (Amount::Number(number), None) => {
                let ranking = column.ranking.get_or_init(|| Ranking::among(numbers()));
                (Amount::Number(Decimal::from(ranking.rank(number))), None)
            }
            (other, _) => (other, None),
        })
    }

    /// The figure of a department's rank: the printed one of a ranked table, or that of any column.
    pub(super) fn rank(
        &mut self,
        table: usize,
        department: usize,
        column: usize,
        time: Time,
        is_printed: bool,
    ) -> Result<FigureId, Stop> {
        let cell = Target::Cell { table, department, column };
        let place = self.figure(cell, time)?;
        let (amount, unknown) = self.rank_among(table, column, time, place)?;
        let among = Arc::clone(&self.column(table, column, time)?.figures);
        let id = match is_printed {
            true => self.name(Target::Rank { table, department }, time),
            false => format!("rank({})", self.name(cell, time)),
        };
        if let Some(known) = self.ledger.find(&id) {
            return Ok(known);
        }
        let operands = std::iter::once(place).chain(unknown).collect();
        let origin = Origin::Operation { operation: Operation::Rank { among }, operands };
        Ok(self.ledger.add(Figure { id, amount, unit: None, origin }))
    }
}
