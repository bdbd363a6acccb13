//! What was entered at another time, brought into the month's ledger: single months, years to date, whole columns.
//!
//! A month that is not there, or whose table has errors or reports on a month
//! that does not fit or is not known, gives *unknown*, with the reason as its origin, and so does
//! a month when the department did not take part: a difference from it would be
//! one from zero. Of a year to date every month must be there; within a month
//! that is there, what is *not applicable* or blank counts for nothing, and so
//! does the time when a department did not take part.

use std::cell::OnceCell;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::entered::EnteredMonth;
use super::names::Target;
use super::{Calculation, Column, Stop};
use crate::diagnostic::shown;
use crate::figure::{
    Amount, Figure, FigureId, FormulaFault, Ledger, Operation, Origin, Ranking, Time, common_unit, sum,
};
use crate::project::{Month, is_rate};

/// Why a past month's table cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// The month has no folder.
    NoMonth,
    /// Its table has errors, or reports on another month than is wanted, or on one that is not known; in words.
    Table(String),
}

impl Calculation<'_> {
    /// An entered figure at a time.
    pub(super) fn entered_figure(&mut self, target: Target, time: Time) -> Result<FigureId, Stop> {
        if time == self.now {
            let entered = &self.entered;
            let place = match target {
                Target::Total { table, column } => {
                    entered.table(table).and_then(|table| table.totals.get(column).copied().flatten())
                }
                Target::Value(_) => entered.ledger.find(&self.name(target, time)),
                // A cell that is there is found before.
                _ => None,
            };
            return place.or_else(|| self.without_department(target, time)).ok_or(Stop::Told);
        }
        if time.cumulative { self.year_to_date(target, time) } else { Ok(self.in_month(target, time)) }
    }

    fn in_month(&mut self, target: Target, time: Time) -> FigureId {
        let entered = match target {
            Target::Cell { table, .. } | Target::Total { table, .. } => self.past_table(time.month, table),
            _ => self.other_month(time.month).ok_or_else(|| no_month(time.month)),
        };
        let entered = match entered {
            Ok(entered) => entered,
            Err(reason) => return self.absent(target, time, Amount::Unknown, reason),
        };
        let place = match target {
            Target::Cell { table, department, column } => {
                entered.table(table).and_then(|table| table.cell(department, column))
            }
            Target::Total { table, column } => {
                entered.table(table).and_then(|table| table.totals.get(column).copied().flatten())
            }
            _ => entered.ledger.find(&self.name(target, self.now)),
        };
        match place {
            Some(place) => self.import(&entered.ledger, place, time),
            None => {
                let month = time.month;
                let reason = match target {
                    Target::Cell { .. } => format!("{month} 一期的表里没有这个部门"),
                    _ => format!("{month} 一期没有这个数"),
                };
                let known = self.without_department(target, time);
                known.unwrap_or_else(|| self.absent(target, time, Amount::Unknown, reason))
            }
        }
    }

    /// The figure of a table or column that there is not at a time; none where there is.
    pub(super) fn outside_its_term(&mut self, target: Target, time: Time) -> Option<FigureId> {
        let what = self.not_declared(target, time.month).filter(|_| !time.cumulative)?;
        Some(self.not_taking_part(target, time, what))
    }

    /// The figure of a department that did not take part at a time, and has no row; none where it did.
    fn without_department(&mut self, target: Target, time: Time) -> Option<FigureId> {
        self.is_out(target, time.month).then(|| self.not_taking_part(target, time, "这个部门"))
    }

    fn not_taking_part(&mut self, target: Target, time: Time, what: &str) -> FigureId {
        let reason = format!("{what}当时不在统计期内（{}）", self.period(target, time.month));
        let amount = if time == self.now { Amount::NotApplicable } else { Amount::Unknown };
        self.absent(target, time, amount, reason)
    }

    /// What of a target there is not in what the issue of a month reports on: its table or its column.
    fn not_declared(&self, target: Target, month: Month) -> Option<&'static str> {
        let (table, column) = match target {
            Target::Cell { table, column, .. }
            | Target::Total { table, column }
            | Target::Column { table, column } => (table, Some(column)),
            Target::Rank { table, .. } | Target::Rows { table } => (table, None),
            Target::Figure(_) | Target::Value(_) | Target::Own { .. } => return None,
        };
        let period = self.period(target, month);
        let schema = self.project.settings.tables.get(table)?;
        let column = column.and_then(|column| schema.columns.get(column));
        match () {
            () if !schema.term.covers(period) => Some("这张表"),
            () if column.is_some_and(|column| !column.term.covers(period)) => Some("这一列"),
            () => None,
        }
    }

    /// Whether a cell's department took no part in what the issue of a month reports on.
    fn is_out(&self, target: Target, month: Month) -> bool {
        let Target::Cell { department, .. } = target else { return false };
        let period = self.period(target, month);
        self.project.register.get(department).is_some_and(|department| !department.is_active(period))
    }

    /// The month that a figure's table reports on in the issue of a month: it lags as far behind as now, or it is of
    /// no use.
    fn period(&self, target: Target, month: Month) -> Month {
        month.back(self.lag(target)).unwrap_or(month)
    }

    /// A past month whose table can be looked at, or why it cannot; what an editor can mend is a warning.
    pub fn past_table(&mut self, month: Month, table: usize) -> Result<Arc<EnteredMonth>, String> {
        let found = self.look_back(month, table);
        match found {
            Err(Unusable::NoMonth) => Err(no_month(month)),
            Err(Unusable::Table(why)) => {
                let name = self.project.settings.tables.get(table).map_or("", |table| table.name.as_str());
                self.warn_of_past(month, name, &why);
                Err(format!("{month} 一期的表 {name} {why}"))
            }
            Ok(entered) => Ok(entered),
        }
    }

    /// A past month whose table can be looked at, or why it cannot.
    pub fn look_back(&mut self, month: Month, table: usize) -> Result<Arc<EnteredMonth>, Unusable> {
        let entered = self.other_month(month).ok_or(Unusable::NoMonth)?;
        let name = self.project.settings.tables.get(table).map_or("", |table| table.name.as_str());
        if !entered.table(table).is_some_and(|table| table.is_sound) {
            return Err(Unusable::Table("有错误或读不出来".to_owned()));
        }
        let Some(period) = entered.inputs.known_period(name) else {
            return Err(Unusable::Table("不知报的是哪个月（issue.toml 没有或有错误）".to_owned()));
        };
        let own = self.entered.inputs.period(name);
        // A table that lags behind its issue must lag as far in both.
        if own.months_since(period) != self.now.month.months_since(month) {
            return Err(Unusable::Table(format!("报的是 {period}，间隔与本期不一致")));
        }
        Ok(entered)
    }

    fn absent(&mut self, target: Target, time: Time, amount: Amount, reason: String) -> FigureId {
        let id = self.name(target, time);
        self.ledger.add(Figure {
            id,
            amount,
            unit: self.declared_unit(target),
            origin: Origin::Absent { reason },
        })
    }

    fn declared_unit(&self, target: Target) -> Option<Arc<str>> {
        match target {
            Target::Cell { table, column, .. }
            | Target::Total { table, column }
            | Target::Column { table, column } => {
                self.project.settings.tables.get(table)?.columns.get(column)?.number()?.unit.clone()
            }
            Target::Value(_) => {
                let place = self.entered.ledger.find(&self.name(target, self.now))?;
                self.entered.ledger.get(place)?.unit.clone()
            }
            _ => None,
        }
    }

    /// Copies a figure of another month with what it comes from.
    fn import(&mut self, from: &Ledger, place: FigureId, time: Time) -> FigureId {
        let Some(figure) = from.get(place) else {
            let reason = no_month(time.month);
            let origin = Origin::Absent { reason };
            return self.ledger.add(Figure {
                id: String::new(),
                amount: Amount::Unknown,
                unit: None,
                origin,
            });
        };
        let id = format!("{}@{}", figure.id, time.month);
        if let Some(known) = self.ledger.find(&id) {
            return known;
        }
        let origin = match &figure.origin {
            Origin::Operation { operation, operands } => Origin::Operation {
                operation: operation.clone(),
                operands: operands.iter().map(|operand| self.import(from, *operand, time)).collect(),
            },
            origin => origin.clone(),
        };
        self.ledger.add(Figure { id, amount: figure.amount, unit: figure.unit.clone(), origin })
    }

    /// The sum of an entered figure over the months of the year.
    fn year_to_date(&mut self, target: Target, time: Time) -> Result<FigureId, Stop> {
        let adds_up = match target {
            Target::Cell { table, column, .. } => self.has_total(table, column),
            _ => !self.declared_unit(target).is_some_and(|unit| is_rate(&unit)),
        };
        if !adds_up {
            let fault = format!("{} 各月相加没有意义", shown(&self.name(target, self.now)));
            return Err(FormulaFault::new(fault, &(0..0)).into());
        }
        let (mut operands, mut amounts) = (Vec::new(), Vec::new());
        let mut unit = None;
        for month in time.months(self.lag(target)) {
            let place = self.figure(target, Time::month(month))?;
            let Some(figure) = self.ledger.get(place) else { return Err(Stop::Told) };
            if figure.amount.number().is_some() {
                unit = common_unit(unit, figure.unit.clone(), "累计", &(0..0))?;
            }
            let is_absent = matches!(figure.origin, Origin::Absent { .. });
            let took_part = self.not_declared(target, month).is_none() && !self.is_out(target, month);
            amounts.push(match is_absent && !took_part {
                true => Amount::NotApplicable,
                false => figure.amount,
            });
            operands.push(place);
        }
        let amount = sum(amounts).ok_or_else(|| FormulaFault::new("结果太大，算不出来", &(0..0)))?;
        let unit = unit.or_else(|| self.declared_unit(target));
        let origin = Origin::Operation { operation: Operation::YearToDate, operands };
        Ok(self.ledger.add(Figure { id: self.name(target, time), amount, unit, origin }))
    }

    /// The numbers of a column at a time; of a year to date, of all departments that took part in it.
    pub fn column(&mut self, table: usize, column: usize, time: Time) -> Result<Arc<Column>, Stop> {
        if let Some(known) = self.columns.get(&(table, column, time)) {
            return known.clone();
        }
        let result = self.read_column(table, column, time).map(Arc::new);
        self.columns.insert((table, column, time), result.clone());
        result
    }

    fn read_column(&mut self, table: usize, column: usize, time: Time) -> Result<Column, Stop> {
        let mut departments: Vec<usize> = Vec::new();
        let whole = Target::Column { table, column };
        let alone = |figure| Column {
            figures: Arc::from([figure]),
            departments: Vec::new(),
            ranking: OnceCell::new(),
        };
        if let Some(absent) = self.outside_its_term(whole, time) {
            return Ok(alone(absent));
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
                        return Ok(alone(self.absent(whole, time, Amount::Unknown, reason)));
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
        Ok(Column { figures: figures.into(), departments, ranking: OnceCell::new() })
    }

    /// The competition rank of a figure in its column, the greatest first.
    pub(super) fn rank_among(
        &mut self,
        table: usize,
        column: usize,
        time: Time,
        place: FigureId,
    ) -> Result<Amount, Stop> {
        let column = self.column(table, column, time)?;
        let numbers = || column.figures.iter().filter_map(|place| self.ledger.amount(*place).number());
        let ranking = column.ranking.get_or_init(|| Ranking::among(numbers()));
        Ok(match self.ledger.amount(place) {
            Amount::Number(number) => Amount::Number(Decimal::from(ranking.rank(number))),
            other => other,
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
        let amount = self.rank_among(table, column, time, place)?;
        let among = Arc::clone(&self.column(table, column, time)?.figures);
        let id = match is_printed {
            true => self.name(Target::Rank { table, department }, time),
            false => format!("rank({})", self.name(cell, time)),
        };
        if let Some(known) = self.ledger.find(&id) {
            return Ok(known);
        }
        let origin = Origin::Operation { operation: Operation::Rank { among }, operands: vec![place] };
        Ok(self.ledger.add(Figure { id, amount, unit: None, origin }))
    }

    /// Whether a target names something that is entered, and that may simply not be there this month.
    pub(super) fn is_entered_but_absent(&self, target: Target) -> bool {
        match target {
            Target::Cell { table, department, .. } => {
                self.entered.table(table).is_none_or(|table| table.row(department).is_none())
            }
            Target::Total { table, .. } | Target::Rank { table, .. } => self.entered.table(table).is_none(),
            Target::Value(_) => self.entered.ledger.find(&self.name(target, self.now)).is_none(),
            _ => false,
        }
    }
}

fn no_month(month: Month) -> String {
    format!("没有 {month} 的数据")
}
