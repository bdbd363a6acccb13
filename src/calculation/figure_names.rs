//! What figures are called: by table, department and column, and by the time where it is another.

use super::names::Target;
use super::{Calculation, cell_name, total_name};
use crate::figure::Time;

impl Calculation<'_> {
    /// The name of a figure: as formulas write it, with the time where it is another.
    pub fn name(&self, target: Target, time: Time) -> String {
        let settings = &self.project.settings;
        let table_name = |table: usize| settings.tables.get(table).map_or("", |table| table.name.as_str());
        let column_name = |table: usize, column: usize| {
            let column = settings.tables.get(table).and_then(|table| table.columns.get(column));
            column.map_or("", |column| column.name.as_str())
        };
        let register = &self.project.register;
        let name = match target {
            Target::Cell { table, department, column } => {
                cell_name(table_name(table), register.name(department), column_name(table, column))
            }
            Target::Total { table, column } => total_name(table_name(table), column_name(table, column)),
            Target::Rank { table, department } => {
                cell_name(table_name(table), register.name(department), "rank")
            }
            Target::Column { table, column } => {
                format!("{}.{}", table_name(table), column_name(table, column))
            }
            Target::Rows { table } => table_name(table).to_owned(),
            Target::Figure(index) => {
                format!("figures.{}", settings.figures.get(index).map_or("", |figure| figure.name.as_str()))
            }
            Target::Value(index) => {
                format!("values.{}", self.names().values.get(index).map_or("", String::as_str))
            }
            Target::Own { .. } => String::new(),
        };
        match time == self.now {
            true => name,
            false => format!("{name}@{}", time.label(self.lag(target))),
        }
    }

    /// How many months a figure's table reports on before its issue.
    pub(super) fn lag(&self, target: Target) -> i32 {
        let table = match target {
            Target::Cell { table, .. }
            | Target::Total { table, .. }
            | Target::Rank { table, .. }
            | Target::Column { table, .. }
            | Target::Rows { table } => self.project.settings.tables.get(table),
            Target::Figure(_) | Target::Value(_) | Target::Own { .. } => None,
        };
        table.map_or(0, |table| self.now.month.months_since(self.entered.inputs.period(&table.name)))
    }
}
