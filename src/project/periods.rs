//! The months that the tables of an issue report on, before or beside its issue.toml.

use std::collections::BTreeMap;

use super::document::Document;
use super::files::{Folder, ISSUE_FILE};
use super::issue_file::read_periods;
use super::month::Month;
use crate::diagnostic::Diagnostic;

/// The months that the tables of one issue report on.
#[derive(Debug, Clone)]
pub struct Periods {
    month: Month,
    by_table: BTreeMap<String, Month>,
}

impl Periods {
    /// The periods that a month's issue.toml names; where there is none yet, those that a new one would
    /// name: as far from the month as in the issue before.
    pub fn of_month(folder: &Folder, month: Month) -> (Self, Vec<Diagnostic>) {
        let months = folder.months();
        let from = months.iter().rev().find(|earlier| **earlier <= month).or(months.first());
        let Some(from) = from else { return (Self { month, by_table: BTreeMap::new() }, Vec::new()) };
        let name = format!("{}/{ISSUE_FILE}", Folder::month_folder(*from));
        let unnamed = Self { month, by_table: BTreeMap::new() };
        // A month without its issue.toml has that fault reported by `check`.
        if !folder.exists(&name) {
            return (unnamed, Vec::new());
        }
        let text = match folder.read_text(&name) {
            Ok(text) => text,
            Err(found) => return (unnamed, vec![found]),
        };
        let (declared, diagnostics) = Document::new(&name, &text).read(|top| {
            let periods = read_periods(top);
            // The rest of the file is not asked for here.
            top.allow_any_key();
            periods
        });
        let moved = month.months_since(*from);
        let by_table = declared.unwrap_or_default().into_iter();
        let by_table = by_table.filter_map(|(table, period)| Some((table, period.value.back(-moved)?)));
        (Self { month, by_table: by_table.collect() }, diagnostics)
    }

    /// The month that a table reports on.
    pub fn of(&self, table: &str) -> Month {
        self.by_table.get(table).copied().unwrap_or(self.month)
    }
}
