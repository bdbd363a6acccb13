//! What was entered at another time, brought into the month's ledger: single months and years to date.
//!
//! A month that is not there, or whose table has errors or reports on a month
//! that does not fit or is not known, gives *unknown*, with the reason as its
//! origin. A month when the department did not take part, or when there was no such
//! column, gives *not applicable*, as it does in that month's own issue. Of a year
//! to date every month must be there in which the department took part; within a
//! month that is there, what is *not applicable* or blank counts for nothing.

use std::sync::Arc;

use super::entered::EnteredMonth;
use super::names::Target;
use super::{Calculation, Stop};
use crate::diagnostic::shown;
use crate::figure::{
    Amount, Figure, FigureId, FormulaFault, Ledger, Operation, Origin, Time, common_unit, sum,
};
use crate::project::{Month, is_rate};

/// Why a past month's table cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// The month has no folder.
    NoMonth,
    /// Its table has errors, or reports on another month than is wanted; in words.
    Table(String),
    /// Nobody knows which month its table reports on.
    Period,
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
            Err(reason) => {
                let known = self.without_department(target, time);
                return known.unwrap_or_else(|| self.absent(target, time, Amount::Unknown, reason));
            }
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

    /// The figure of a derived column for a department that did not take part and has no row: its formula may have a
    /// number nevertheless, such as a score that begins with 100. None where it is to be computed.
    pub(super) fn without_row(&mut self, target: Target, time: Time) -> Option<FigureId> {
        let Target::Cell { table, department, .. } = target else { return None };
        let months: Vec<Month> = time.months(self.lag(target)).collect();
        for month in months {
            if !self.is_out(target, month) {
                return None;
            }
            let entered = match month == self.now.month {
                true => Some(Arc::clone(&self.entered)),
                false => self.past_table(month, table).ok(),
            };
            let table = entered.as_ref().and_then(|entered| entered.table(table));
            if table.is_some_and(|table| table.row(department).is_some()) {
                return None;
            }
        }
        self.without_department(target, time)
    }

    fn not_taking_part(&mut self, target: Target, time: Time, what: &str) -> FigureId {
        let reason = format!("{what}当时不在统计期内（{}）", self.period(target, time.month));
        self.absent(target, time, Amount::NotApplicable, reason)
    }

    /// What of a target there is not in what the issue of a month reports on: its table or its column; or the named
    /// figure itself, which the issue does not have.
    pub(super) fn not_declared(&self, target: Target, month: Month) -> Option<&'static str> {
        let (table, column) = match target {
            Target::Cell { table, column, .. }
            | Target::Total { table, column }
            | Target::Column { table, column } => (table, Some(column)),
            Target::Rank { table, .. } | Target::Rows { table } => (table, None),
            Target::Figure(index) => {
                let figure = self.project.settings.figures.get(index)?;
                return (!figure.term.covers(month)).then_some("这个数");
            }
            Target::Value(_) | Target::Own { .. } => return None,
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
        let why = match self.look_back(month, table) {
            Ok(entered) => return Ok(entered),
            Err(Unusable::NoMonth) => return Err(no_month(month)),
            Err(Unusable::Table(why)) => why,
            Err(Unusable::Period) => "不知报的是哪个月（issue.toml 没有或有错误）".to_owned(),
        };
        let name = self.project.settings.tables.get(table).map_or("", |table| table.name.as_str());
        self.warn_of_past(month, name, &why);
        Err(format!("{month} 一期的表 {name} {why}"))
    }

    /// A past month whose table can be looked at, or why it cannot.
    pub fn look_back(&mut self, month: Month, table: usize) -> Result<Arc<EnteredMonth>, Unusable> {
        let entered = self.other_month(month).ok_or(Unusable::NoMonth)?;
        let name = self.project.settings.tables.get(table).map_or("", |table| table.name.as_str());
        if !entered.table(table).is_some_and(|table| table.is_sound) {
            return Err(Unusable::Table("有错误或读不出来".to_owned()));
        }
        let Some(period) = entered.inputs.known_period(name) else {
            return Err(Unusable::Period);
        };
        let own = self.entered.inputs.period(name);
        // A table that lags behind its issue must lag as far in both.
        if own.months_since(period) != self.now.month.months_since(month) {
            return Err(Unusable::Table(format!("报的是 {period}，间隔与本期不一致")));
        }
        Ok(entered)
    }

    pub(super) fn absent(&mut self, target: Target, time: Time, amount: Amount, reason: String) -> FigureId {
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
            amounts.push(figure.amount);
            operands.push(place);
        }
        let amount = sum(amounts).ok_or_else(|| FormulaFault::new("结果太大，算不出来", &(0..0)))?;
        let unit = unit.or_else(|| self.declared_unit(target));
        let origin = Origin::Operation { operation: Operation::YearToDate, operands };
        Ok(self.ledger.add(Figure { id: self.name(target, time), amount, unit, origin }))
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
