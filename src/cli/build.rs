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
    /// The last of the PDFs is to be opened.
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
    // Before the fonts are read: a request to stop that comes meanwhile is one too.
    let stop = stop::stop_requested();
    let (workshop, mut diagnostics) = match open_workshop(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let folder = &workshop.project.folder;
    diagnostics.extend(months::misnamed(folder, selection));
    let denied = wanted.deny_warnings && !diagnostics.is_empty();
    let order = Order { workshop: &workshop, wanted, denied, stop };
    let status = each_month(&Candidates::of(folder), &diagnostics, selection, batch, printer, &order);
    let denied = if denied { Status::Faulty } else { Status::Done };
    let Ok((status, outputs)) = status else { return Status::Unusable };
    if status == Status::Stopped && wanted.write && !wanted.force && !wanted.dry_run {
        printer.remark("再运行一次会接着做");
    }
    // A window for each month of a year would bury the editor.
    if let (true, false, Some(last)) = (wanted.open, wanted.dry_run, outputs.last()) {
        open_output(&workshop, last, printer);
    }
    status.max(denied)
}

/// The most months without data that are named.
const MOST_GAPS: usize = 12;

/// What a verb does for each month.
pub trait EachMonth: Sync {
    /// What the first step gives to the second.
    type Worked: Send;

    /// The first step.
    fn work_on(&self, month: Month) -> Self::Worked;

    /// The second step, done while the next month is worked on: what became of the month, none where the run is
    /// stopped. What has to wait for another program says so by `waits`.
    fn finish(&self, month: Month, worked: Self::Worked, waits: &dyn Fn()) -> Option<MonthOutcome>;

    /// The outcome of a month that was not got through.
    fn failed(&self, month: Month) -> MonthOutcome;
}

/// Works on each month that was asked for of the `candidates`, and tells the outcomes in order; gives how it
/// ended and the PDFs that are there now. Failures before the first month have been told.
pub fn each_month(
    candidates: &Candidates<'_>,
    diagnostics: &[Diagnostic],
    selection: &Selection,
    batch: &Batch,
    printer: &mut Printer,
    task: &impl EachMonth,
) -> Result<(Status, Vec<String>), ()> {
    let (chosen, gaps, missing) = candidates
        .choose(selection)
        .and_then(|chosen| {
            let gaps = months::gaps(&chosen, selection);
            let missing = months::without_data(candidates.folder, &chosen, &gaps);
            Ok((months::shard(chosen, batch.shard)?, gaps, missing))
        })
        .map_err(|failure| {
            printer.refuse(&failure);
        })?;
    printer.project(diagnostics);
    if !gaps.is_empty() {
        let named: Vec<String> = gaps.iter().take(MOST_GAPS).map(Month::to_string).collect();
        let of = match gaps.len() {
            count if count > MOST_GAPS => format!("等 {count} 个月的数据"),
            _ => "的数据".to_owned(),
        };
        printer.remark(&format!("这一段中没有 {} {of}，已跳过", named.join("、")));
    }
    if months::has_range(selection) {
        let missing: Vec<String> = missing.iter().map(Month::to_string).collect();
        printer.note("missing_months", serde_json::json!(missing));
    }
    printer.begin(chosen.len(), batch.progress);
    if batch.shard.is_some() && !selection.all && selection.months.is_empty() {
        printer.notice("没有写月份，分的只是最近一个月；要分全部月份，请加 --all");
    }
    let stop = stop::stop_requested();
    let mut status = Status::Done;
    let mut outputs = Vec::new();
    let mut told = 0;
    let fault = |month: &Month| Some(with_program_fault(task.failed(*month)));
    batch::run(
        &chosen,
        batch.cores(),
        stop,
        |month| task.work_on(*month),
        |month, worked, waits| task.finish(*month, worked, waits),
        fault,
        |event| match event {
            Told::Waits(month) => printer.remark(&format!("正在等另一个 yuebao 写完 {month}……")),
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

impl EachMonth for Order<'_> {
    type Worked = Option<Worked>;

    /// Checks or builds a month; none where the run is stopped.
    fn work_on(&self, month: Month) -> Option<Worked> {
        let Wanted { deny_warnings, force, dry_run, write, .. } = self.wanted;
        if write && (!self.denied || dry_run) {
            let request = Request { deny_warnings, force, dry_run };
            return Some(Worked::Prepared(prepare(self.workshop, month, request)));
        }
        if self.stop.load(Ordering::SeqCst) {
            return None;
        }
        let (settled, diagnostics) = self.workshop.check(month);
        Some(Worked::Checked { diagnostics, settled })
    }

    /// Writes what is to be written, and says what became of the month; none where the run is stopped.
    fn finish(&self, month: Month, worked: Option<Worked>, waits: &dyn Fn()) -> Option<MonthOutcome> {
        let mut outcome = self.failed(month);
        match worked? {
            Worked::Checked { diagnostics, .. } if stop::may_have_caused(&diagnostics, self.stop) => {
                return None;
            }
            Worked::Checked { diagnostics, settled } => {
                outcome.diagnostics = diagnostics;
                outcome.settled = settled;
            }
            Worked::Prepared(prepared) => match prepared.write(self.workshop, self.stop, waits) {
                Refreshed::Stopped => return None,
                Refreshed::Failed { diagnostics, settled } => {
                    outcome.diagnostics = diagnostics;
                    outcome.settled = settled;
                }
                Refreshed::WouldBuild(changes) => outcome.action = Action::WouldBuild(changes),
                Refreshed::Unchanged { diagnostics, settled } => {
                    outcome.diagnostics = diagnostics;
                    outcome.settled = settled;
                    if !self.denied {
                        outcome.action = Action::Skip;
                        outcome.output = Some(main_output(month));
                    }
                }
                Refreshed::Built { changes, diagnostics, settled } => {
                    outcome.diagnostics = diagnostics;
                    outcome.settled = settled;
                    outcome.action = Action::Build(changes);
                    outcome.output = Some(main_output(month));
                }
            },
        }
        outcome.denied = self.denied || (self.wanted.deny_warnings && !outcome.diagnostics.is_empty());
        Some(outcome)
    }

    fn failed(&self, month: Month) -> MonthOutcome {
        let action = if self.wanted.write { Action::Fail } else { Action::Check };
        let wanted_output = self.wanted.write && !self.wanted.dry_run;
        MonthOutcome { wanted_output, ..MonthOutcome::new(month, action) }
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
fn with_program_fault(mut outcome: MonthOutcome) -> MonthOutcome {
    outcome.diagnostics.push(
        Diagnostic::new(&rules::PROGRAM_FAULT, format!("处理 {} 时程序内部出错", outcome.month))
            .hint("请把提示和这个月的文件发给开发者；其他月份不受影响"),
    );
    outcome
}

fn open_output(workshop: &Workshop, output: &str, printer: &mut Printer) {
    if open::that_detached(workshop.project.folder.path(output)).is_err() {
        printer.notice(&format!("无法自动打开 {output}，请手动打开"));
    }
}
