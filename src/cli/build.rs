//! `build` and `check`: months to PDFs, or everything but the PDF.

use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Batch, Common, Selection};
use super::months::Candidates;
use super::printer::{Action, MonthOutcome, Printer};
use super::{Status, months, open_workshop, stop};
use crate::batch::{self, Told};
use crate::build::Workshop;
use crate::check::Settled;
use crate::diagnostic::{Diagnostic, has_errors, rules};
use crate::project::Month;
use crate::refresh::{Prepared, Refreshed, Request, main_output, prepare};

/// What the editor asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Warnings stop a month as errors do.
    pub deny_warnings: bool,
    /// PDFs are to be written.
    pub write: bool,
    /// The PDFs are to be opened.
    pub open: bool,
    /// PDFs are written though nothing changed.
    pub force: bool,
    /// It is only told what would be written.
    pub dry_run: bool,
}

/// Runs the verb.
pub fn run(
    common: &Common,
    selection: &Selection,
    batch: &Batch,
    wanted: Wanted,
    printer: &mut Printer,
) -> Status {
    let (workshop, mut diagnostics) = match open_workshop(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let folder = &workshop.project.folder;
    diagnostics.extend(months::misnamed(folder, selection));
    let denied = wanted.deny_warnings && !diagnostics.is_empty();
    let order = Order { workshop: &workshop, wanted, denied, stop: stop::stop_requested() };
    let work = |month| order.work_on(month);
    let finish = |month, worked| order.finish(month, worked);
    let status = each_month(&Candidates::of(folder), &diagnostics, selection, batch, printer, work, finish);
    let denied = if denied { Status::Faulty } else { Status::Done };
    let Ok((status, outputs)) = status else { return Status::Unusable };
    if status == Status::Stopped && wanted.write && !wanted.force && !wanted.dry_run {
        printer.remark("再运行一次会接着做");
    }
    if wanted.open {
        for output in &outputs {
            open_output(&workshop, output, printer);
        }
    }
    status.max(denied)
}

/// The most months without data that are named.
const MOST_GAPS: usize = 12;

/// Does `work` for each month that was asked for of the `candidates`, `finish` with what it gave,
/// and tells the outcomes in order; gives how it ended and the PDFs that are there now. Failures before
/// the first month have been told.
pub fn each_month<W: Send>(
    candidates: &Candidates<'_>,
    diagnostics: &[Diagnostic],
    selection: &Selection,
    batch: &Batch,
    printer: &mut Printer,
    work: impl Fn(Month) -> W + Sync,
    finish: impl Fn(Month, W) -> Option<MonthOutcome> + Sync,
) -> Result<(Status, Vec<String>), ()> {
    let (chosen, gaps) = candidates
        .choose(selection)
        .and_then(|chosen| {
            let gaps = months::gaps(&chosen, selection);
            Ok((months::shard(chosen, batch.shard)?, gaps))
        })
        .map_err(|failure| {
            printer.refuse(&failure);
        })?;
    printer.project(diagnostics);
    if !gaps.is_empty() {
        let named: Vec<String> = gaps.iter().take(MOST_GAPS).map(Month::to_string).collect();
        let more = if gaps.len() > MOST_GAPS { format!("等 {} 个月", gaps.len()) } else { String::new() };
        printer.remark(&format!("这一段中没有 {}{more}的数据，已跳过", named.join("、")));
    }
    printer.begin(chosen.len(), batch.progress);
    let stop = stop::stop_requested();
    let mut status = Status::Done;
    let mut outputs = Vec::new();
    let mut told = 0;
    let fault = |month: &Month| Some(program_fault(*month));
    batch::run(
        &chosen,
        batch.cores(),
        stop,
        |month| work(*month),
        |month, worked| finish(*month, worked),
        fault,
        |event| match event {
            Told::Finished(outcome) => printer.progress(outcome.as_ref()),
            Told::InOrder(None) => {}
            Told::InOrder(Some(outcome)) => {
                told += 1;
                status = status.max(status_of(&outcome));
                printer.month(&outcome);
                outputs.extend(outcome.output);
            }
        },
    );
    let left = chosen.len() - told;
    if left > 0 {
        status = Status::Stopped;
    }
    printer.end(left);
    Ok((status, outputs))
}

/// What was done for a month before anything is written.
enum Worked {
    /// It was checked, and that is all.
    Checked { diagnostics: Vec<Diagnostic>, settled: Vec<Settled> },
    /// It may be written.
    Prepared(Prepared),
}

/// What is to be done for each month.
struct Order<'a> {
    workshop: &'a Workshop,
    wanted: Wanted,
    /// A warning about the bulletin as a whole stops every month.
    denied: bool,
    stop: &'a AtomicBool,
}

impl Order<'_> {
    /// Checks or builds a month; none where the run is stopped.
    fn work_on(&self, month: Month) -> Option<Worked> {
        let Wanted { deny_warnings, force, dry_run, write, .. } = self.wanted;
        if write && !self.denied {
            let request = Request { deny_warnings, force, dry_run };
            return Some(Worked::Prepared(prepare(self.workshop, month, request)));
        }
        if self.stop.load(Ordering::SeqCst) {
            return None;
        }
        let (issue, diagnostics) = self.workshop.check(month);
        Some(Worked::Checked { diagnostics, settled: issue.map(|issue| issue.settled).unwrap_or_default() })
    }

    /// Writes what is to be written, and says what became of the month; none where the run is stopped.
    fn finish(&self, month: Month, worked: Option<Worked>) -> Option<MonthOutcome> {
        let mut outcome = MonthOutcome::new(month, Action::Check);
        outcome.wanted_output = self.wanted.write && !self.wanted.dry_run;
        match worked? {
            Worked::Checked { diagnostics, settled } => {
                outcome.diagnostics = diagnostics;
                outcome.settled = settled;
            }
            Worked::Prepared(prepared) => match prepared.write(self.workshop, self.stop) {
                Refreshed::Stopped => return None,
                Refreshed::Failed(diagnostics) => {
                    outcome.action = Action::Fail;
                    outcome.diagnostics = diagnostics;
                }
                Refreshed::WouldBuild(changes) => outcome.action = Action::WouldBuild(changes),
                Refreshed::Unchanged { diagnostics, settled } => {
                    outcome.settled = settled;
                    outcome.action = Action::Skip;
                    outcome.output = Some(main_output(month));
                    outcome.diagnostics = diagnostics;
                }
                Refreshed::Built { changes, diagnostics, settled } => {
                    outcome.settled = settled;
                    outcome.action = Action::Build(changes);
                    outcome.output = Some(main_output(month));
                    outcome.diagnostics = diagnostics;
                }
            },
        }
        outcome.denied = self.denied || (self.wanted.deny_warnings && !outcome.diagnostics.is_empty());
        Some(outcome)
    }
}

fn status_of(outcome: &MonthOutcome) -> Status {
    let is_environment =
        |found: &Diagnostic| found.rule == &rules::OUTPUT_UNWRITABLE || found.rule == &rules::OUTPUT_LOCKED;
    match () {
        () if outcome.diagnostics.iter().any(is_environment) => Status::Unusable,
        () if has_errors(&outcome.diagnostics) || outcome.denied => Status::Faulty,
        () => Status::Done,
    }
}

/// A fault of the program itself, told as a finding, so that the other months go on.
fn program_fault(month: Month) -> MonthOutcome {
    let mut outcome = MonthOutcome::new(month, Action::Fail);
    outcome.diagnostics.push(
        Diagnostic::new(&rules::PROGRAM_FAULT, format!("处理 {month} 时程序内部出错"))
            .hint("请把提示和这个月的文件发给开发者；其他月份不受影响"),
    );
    outcome
}

fn open_output(workshop: &Workshop, output: &str, printer: &mut Printer) {
    if open::that_detached(workshop.project.folder.path(output)).is_err() {
        printer.remark(&format!("无法自动打开 {output}，请手动打开"));
    }
}
