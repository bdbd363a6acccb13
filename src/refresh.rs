//! Bringing one month's outputs up to date: built only if something that they depend on changed.
//!
//! In two steps, so that a month can be written while the next is built.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::build::{Workshop, add_reached};
use crate::check::Settled;
use crate::diagnostic::{Diagnostic, Location, has_errors, rules, shown};
use crate::output::{
    NotWritten, OutputFile, lock_month, output_files, output_record, pdf_name, sweep, write_outputs,
};
use crate::project::{Month, ReadFiles};
use crate::state::{Change, State};

/// How a month is to be treated.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// Remarks stop a month as errors do.
    pub deny_warnings: bool,
    /// The month is built though nothing changed.
    pub force: bool,
    /// It is only told what would be done.
    pub dry_run: bool,
}

/// What became of a month.
#[derive(Debug)]
pub enum Refreshed {
    /// Nothing changed, the outputs are what a build would give.
    Unchanged {
        /// What was remarked when they were built.
        diagnostics: Vec<Diagnostic>,
        /// What was remarked and is acknowledged.
        settled: Vec<Settled>,
    },
    /// It would be built, for these reasons.
    WouldBuild(Vec<Change>),
    /// It was built, for these reasons, and written.
    Built {
        /// Why.
        changes: Vec<Change>,
        /// Remarks; an error among them says what besides the PDF could not be written.
        diagnostics: Vec<Diagnostic>,
        /// Remarks that are acknowledged.
        settled: Vec<Settled>,
    },
    /// It could not be built or written; what was there before is untouched.
    Failed {
        /// Why not, and what else was found.
        diagnostics: Vec<Diagnostic>,
        /// Remarks that are acknowledged.
        settled: Vec<Settled>,
    },
    /// It was stopped before anything was written.
    Stopped,
}

/// A month of which everything is done but the writing.
pub enum Prepared {
    /// There is nothing to write.
    Done(Refreshed),
    /// It was built.
    Unwritten(Box<Unwritten>),
}

/// A month's outputs, complete in memory.
pub struct Unwritten {
    month: Month,
    /// What it was built from.
    read: ReadFiles,
    outputs: Vec<OutputFile>,
    state: State,
    changes: Vec<Change>,
    diagnostics: Vec<Diagnostic>,
    settled: Vec<Settled>,
}

/// Sees whether a month is to be built, and builds it.
pub fn prepare(workshop: &Workshop, month: Month, request: Request) -> Prepared {
    let folder = &workshop.project.folder;
    let loaded = workshop.load(month);
    let (changes, recorded) = match State::load(folder, month) {
        _ if request.force => (vec![Change::Forced], None),
        Err(reason) => (vec![reason.into()], None),
        Ok(state) => {
            let mut changes = state.changed_since(&workshop.files(&loaded, &state.reached()));
            changes.extend(state.changed_outputs(folder));
            match state.diagnostics().zip(state.settled()) {
                Some(remarks) => (changes, Some(remarks)),
                None if changes.is_empty() => (vec![Change::RecordDamaged], None),
                None => (changes, None),
            }
        }
    };
    // A file that cannot be read has no fingerprint that could differ.
    if let (true, false, Some((diagnostics, settled))) =
        (changes.is_empty(), has_errors(&loaded.diagnostics), recorded)
    {
        if !request.dry_run && workshop.has_unfinished(month) {
            sweep(folder, month);
        }
        return Prepared::Done(match request.deny_warnings && !diagnostics.is_empty() {
            true => Refreshed::Failed { diagnostics, settled },
            false => Refreshed::Unchanged { diagnostics, settled },
        });
    }
    if request.dry_run {
        return Prepared::Done(match has_errors(&loaded.diagnostics) {
            true => Refreshed::Failed { diagnostics: loaded.diagnostics, settled: Vec::new() },
            false => Refreshed::WouldBuild(changes),
        });
    }
    let mut read = loaded.files();
    let (built, settled, diagnostics) = workshop.build_and_settle(loaded);
    let Some(built) = built.filter(|_| !request.deny_warnings || diagnostics.is_empty()) else {
        return Prepared::Done(Refreshed::Failed { diagnostics, settled });
    };
    add_reached(&mut read, &built.issue.reached);
    let reached: BTreeSet<Month> = built.issue.reached.keys().copied().collect();
    let pages = built.rendered.pages.clone();
    let outputs = match output_files(&workshop.project, built, &diagnostics) {
        Ok(outputs) => outputs,
        Err(failure) => return Prepared::Done(failed(diagnostics, settled, failure)),
    };
    let inputs = workshop.record(&read);
    let state = State::new(inputs, &reached, output_record(&outputs), pages, &diagnostics, &settled);
    let unwritten = Unwritten { month, read, outputs, state, changes, diagnostics, settled };
    Prepared::Unwritten(Box::new(unwritten))
}

impl Prepared {
    /// Writes what is to be written, unless `stop` says that nothing more is; says by `waits` that it has to wait
    /// for another program.
    pub fn write(self, workshop: &Workshop, stop: &AtomicBool, waits: &dyn Fn()) -> Refreshed {
        match self {
            // What stops this program may have ended the one that reads for it: that is no fault of a file.
            Self::Done(Refreshed::Failed { .. }) | Self::Unwritten(_) if stop.load(Ordering::SeqCst) => {
                Refreshed::Stopped
            }
            Self::Done(refreshed) => refreshed,
            Self::Unwritten(unwritten) => unwritten.write(workshop, stop, waits),
        }
    }
}

impl Unwritten {
    fn write(self, workshop: &Workshop, stop: &AtomicBool, waits: &dyn Fn()) -> Refreshed {
        let Self { month, mut read, outputs, state, changes, mut diagnostics, settled } = self;
        let folder = &workshop.project.folder;
        let lock = match lock_month(folder, month, stop, waits) {
            Ok(Some(lock)) => lock,
            Ok(None) => return Refreshed::Stopped,
            Err(failure) => return failed(diagnostics, settled, failure),
        };
        let written = check_unchanged(workshop, month, &mut read)
            .map_err(NotWritten::Untouched)
            .and_then(|()| write_outputs(folder, &lock, month, &outputs, &state));
        match written {
            Ok(()) => {}
            Err(NotWritten::Untouched(failure)) => return failed(diagnostics, settled, failure),
            Err(NotWritten::Unrecorded(failure)) => diagnostics.push(failure),
        }
        Refreshed::Built { changes, diagnostics, settled }
    }
}

fn failed(mut diagnostics: Vec<Diagnostic>, settled: Vec<Settled>, failure: Diagnostic) -> Refreshed {
    diagnostics.push(failure);
    Refreshed::Failed { diagnostics, settled }
}

/// The name within the project of what an editor opens.
pub fn main_output(month: Month) -> String {
    pdf_name(month)
}

/// That all files, those of other months and the shared ones too, are still what was read: one that is just being
/// saved was perhaps read in halves, and a slower program must not put older outputs in place of newer ones.
fn check_unchanged(workshop: &Workshop, month: Month, read: &mut ReadFiles) -> Result<(), Diagnostic> {
    const UNTOUCHED: &str = "原有的文件没有改动";
    let changed = workshop.changed_meanwhile(read).map_err(|unreadable| unreadable.hint(UNTOUCHED))?;
    let Some(name) = changed else { return Ok(()) };
    let message = format!("生成 {month} 期间，{} 又被改动", shown(&name));
    Err(Diagnostic::new(&rules::INPUT_CHANGED_MEANWHILE, message)
        .at(Location::file(&name))
        .hint("请等保存或复制完成，再运行一次")
        .hint(UNTOUCHED))
}
