//! `verify`: whether past issues still come out byte for byte.

use std::collections::BTreeSet;

use super::args::{Batch, Common, Selection};
use super::build::each_month;
use super::months::Candidates;
use super::printer::{Action, MonthOutcome, Printer};
use super::{Status, open_workshop};
use crate::project::Month;
use crate::state::recorded_months;
use crate::verify::verify;

/// Runs the verb.
pub fn run(common: &Common, selection: &Selection, batch: &Batch, printer: &mut Printer) -> Status {
    let (workshop, diagnostics) = match open_workshop(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let compare = |month| verify(&workshop, month);
    let finish = |month, diagnostics| {
        let mut outcome = MonthOutcome::new(month, Action::Verify);
        outcome.diagnostics = diagnostics;
        Some(outcome)
    };
    // An issue whose data are gone cannot come out as it was: it must not be passed over.
    let folder = &workshop.project.folder;
    let there: BTreeSet<Month> = folder.months().into_iter().chain(recorded_months(folder)).collect();
    let candidates = Candidates { folder, months: there.into_iter().collect() };
    let compared = each_month(&candidates, &diagnostics, selection, batch, printer, compare, finish);
    compared.map_or(Status::Unusable, |(status, _)| status)
}
