//! One answer held against what yuebao.toml declares and against the months before.

use std::sync::Arc;

use super::examine::{Examined, Examiner, ReadFile, is_unanswered};
use crate::calculation::{Calculation, EnteredMonth, compute_tables};
use crate::check::run_checks;
use crate::diagnostic::{Diagnostic, rules};
use crate::source::Workbook;
use crate::table::ReadTable;

/// A file that was held against checks and past months.
pub(super) struct CheckedFile {
    /// What it is.
    pub(super) examined: Examined,
    /// Its workbook, if it has one.
    pub(super) workbook: Option<Workbook>,
    /// Files of months before that it could not be held against, because they could not be read.
    pub(super) unread: Vec<Diagnostic>,
}

impl Examiner<'_> {
    /// Enters the months that answers are held against, so that the checks do not wait for each other there.
    pub(super) fn enter_past(&self) {
        self.months.enter_past(self.project, self.isolation, self.month);
    }

    /// Computes what the answer's tables derive, holds it against what they declare and against the
    /// months before; of what that finds, this department's own cells are told here.
    pub(super) fn check(&self, file: ReadFile) -> CheckedFile {
        let ReadFile { mut examined, workbook, tables: read } = file;
        let mut tables: Vec<Option<ReadTable>> = self.project.settings.tables.iter().map(|_| None).collect();
        for (index, table) in read {
            if let Some(place) = tables.get_mut(index).filter(|_| !is_unanswered(&table)) {
                *place = Some(table);
            }
        }
        if tables.iter().all(Option::is_none) {
            return CheckedFile { examined, workbook, unread: Vec::new() };
        }
        let entered = Arc::new(EnteredMonth::of_answer(self.project, self.month, tables));
        let months = |month| self.months.month(self.project, self.isolation, month);
        let formulas = Arc::clone(&self.formulas);
        let mut calculation = Calculation::new(self.project, entered, formulas, &months, true);
        compute_tables(&mut calculation);
        run_checks(&mut calculation, &self.checks, true);
        let (_, found, reached) = calculation.finish();
        let is_own = |found: &Diagnostic| {
            found.location.as_ref().is_some_and(|at| at.path() == examined.name && at.cell_name().is_some())
        };
        let reached = reached.values().flatten();
        let unread = reached.flat_map(|month| month.reading_failures()).map(not_compared).collect();
        let found: Vec<Diagnostic> = found.into_iter().filter(is_own).collect();
        // A blank that stops the ranking is told once, as what stops it.
        examined.diagnostics.retain(|missing| {
            let is_told = |found: &Diagnostic| {
                found.rule == &rules::RANKING_INCOMPLETE && found.location == missing.location
            };
            missing.rule != &rules::CELL_MISSING || !found.iter().any(is_told)
        });
        examined.diagnostics.extend(found);
        CheckedFile { examined, workbook, unread }
    }
}

/// A file of a month before that could not be read, as who collects is told of it: nothing was held against it.
fn not_compared(found: &Diagnostic) -> Diagnostic {
    let found = found.clone();
    found.hint("这次看的答复没有与这一期核对；这个文件能读出来以后，请把答复再收一次")
}
