//! `verify`: whether past issues still come out byte for byte.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use super::args::{Batch, Common, Selection};
use super::build::{EachMonth, each_month};
use super::months::Candidates;
use super::printer::{Action, MonthOutcome, Printer};
use super::{Status, open_workshop, stop};
use crate::build::Workshop;
use crate::diagnostic::Diagnostic;
use crate::project::Month;
use crate::state::recorded_months;
use crate::verify::verify;

/// Runs the verb.
pub fn run(common: &Common, selection: &Selection, batch: &Batch, printer: &mut Printer) -> Status {
    // Before the fonts are read: a request to stop that comes meanwhile is one too.
    let stop = stop::stop_requested();
    let (workshop, diagnostics) = match open_workshop(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    // An issue whose data are gone cannot come out as it was: it must not be passed over.
    let folder = &workshop.project.folder;
    let there: BTreeSet<Month> = folder.months().into_iter().chain(recorded_months(folder)).collect();
    let candidates = Candidates { folder, months: there.into_iter().collect() };
    let comparison = Comparison { workshop: &workshop, stop };
    let compared = each_month(&candidates, &diagnostics, selection, batch, printer, &comparison);
    compared.map_or(Status::Unusable, |(status, _)| status)
}

/// Each month beside its record.
struct Comparison<'a> {
    workshop: &'a Workshop,
    stop: &'a AtomicBool,
}

impl EachMonth for Comparison<'_> {
    type Worked = Vec<Diagnostic>;

    fn work_on(&self, month: Month) -> Vec<Diagnostic> {
        verify(self.workshop, month)
    }

    fn finish(&self, month: Month, diagnostics: Vec<Diagnostic>, _: &dyn Fn()) -> Option<MonthOutcome> {
        if stop::may_have_caused(&diagnostics, self.stop) {
            return None;
        }
        let mut outcome = self.failed(month);
        outcome.diagnostics = diagnostics;
        Some(outcome)
    }

    fn failed(&self, month: Month) -> MonthOutcome {
        MonthOutcome::new(month, Action::Verify)
    }
}
