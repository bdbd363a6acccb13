//! `build` and `check`: months to PDFs, or everything but the PDF.

use super::args::{Common, Selection};
use super::printer::{MonthOutcome, Printer};
use super::{Status, months, open_workshop};
use crate::build::Workshop;
use crate::diagnostic::{has_errors, rules};
use crate::output::write_issue;
use crate::project::Month;

/// What the editor asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Warnings stop a month as errors do.
    pub deny_warnings: bool,
    /// PDFs are to be written.
    pub write: bool,
    /// The PDFs are to be opened.
    pub open: bool,
}

/// Runs the verb.
pub fn run(common: &Common, selection: &Selection, wanted: Wanted, printer: &mut Printer) -> Status {
    let (workshop, diagnostics) = match open_workshop(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let chosen = match months::choose(&workshop.project.folder, selection) {
        Ok(chosen) => chosen,
        Err(failure) => return printer.refuse(&failure),
    };
    printer.project(&diagnostics);
    // A warning about the bulletin as a whole stops every month.
    let denied = wanted.deny_warnings && !diagnostics.is_empty();
    let mut status = if denied { Status::Faulty } else { Status::Done };
    for month in chosen {
        let outcome = run_month(&workshop, month, wanted, denied);
        status = status.max(outcome.1);
        printer.month(&outcome.0);
        if let (true, Some(output)) = (wanted.open, &outcome.0.output) {
            open_output(&workshop, output, printer);
        }
    }
    printer.summary();
    status
}

fn run_month(workshop: &Workshop, month: Month, wanted: Wanted, denied: bool) -> (MonthOutcome, Status) {
    let (built, mut diagnostics) = match wanted.write && !denied {
        true => workshop.build(month),
        false => (None, workshop.check(month).1),
    };
    let denied = denied || (wanted.deny_warnings && !diagnostics.is_empty());
    let mut output = None;
    if let Some(built) = built.filter(|_| !denied && !has_errors(&diagnostics)) {
        match write_issue(&workshop.project.folder, &built) {
            Ok(name) => output = Some(name),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let unwritable = diagnostics.iter().any(|diagnostic| diagnostic.rule == &rules::OUTPUT_UNWRITABLE);
    let status = match () {
        () if unwritable => Status::Unusable,
        () if has_errors(&diagnostics) || denied => Status::Faulty,
        () => Status::Done,
    };
    (MonthOutcome { month, output, diagnostics, denied, wanted_output: wanted.write }, status)
}

fn open_output(workshop: &Workshop, output: &str, printer: &mut Printer) {
    if open::that_detached(workshop.project.folder.path(output)).is_err() {
        printer.remark(&format!("无法自动打开 {output}，请手动打开"));
    }
}
