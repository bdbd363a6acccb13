//! Collecting the departments' answers: recognised, checked, and merged into a month's data.
//!
//! Files come one after another and are let go again; what is to be kept is
//! staged beside its place. Nothing of the month changes before the record is
//! replaced, which is the last step and a single one.

mod changes;
mod check;
mod decide;
mod examine;
mod merge;
mod order;
mod record_in_work;

pub use changes::Change;
pub use examine::{Examined, Examiner};

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDateTime;
use rayon::prelude::*;

use self::check::CheckedFile;
use self::examine::ReadFile;
use crate::diagnostic::{Diagnostic, Severity, has_errors, rules};
use crate::output::StagedFile;
use crate::project::{AnswersRecord, Project};
use crate::returns::{ReturnedFile, marked_copy};

/// A file as it came.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its path, as the editor wrote it: what messages call it.
    pub name: String,
    /// The name under which it came, without the folders above what the editor named.
    pub received: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// When it was last written, as the file system or the archive says.
    pub written: Option<NaiveDateTime>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The department's first answer.
    Merged,
    /// It replaced an earlier answer.
    Replaced,
    /// The same as the answer that counts already.
    Unchanged,
    /// Another answer of the department counts.
    Superseded,
    /// It has errors.
    Rejected,
}

impl Outcome {
    /// Whether a file with it is in use.
    pub fn counts(self) -> bool {
        matches!(self, Self::Merged | Self::Replaced | Self::Unchanged)
    }

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
            Self::Superseded => "superseded",
            Self::Rejected => "rejected",
        }
    }
}

/// A file, and what became of it.
#[derive(Debug)]
pub struct Collected {
    /// What it is.
    pub examined: Examined,
    /// What became of it.
    pub outcome: Outcome,
    /// The tables, by index, for which it counts; of a file with errors those that are to be corrected, if it tells.
    pub counts_for: Vec<usize>,
    /// The name within the project under which it is kept.
    pub stored: Option<String>,
    /// The name within the project of the marked copy.
    pub copy: Option<String>,
    /// What differs from the answer that it replaced.
    pub changes: Vec<Change>,
}

/// What a run of collecting came to.
#[derive(Debug)]
pub struct Collection {
    /// The files, in the order in which they came.
    pub files: Vec<Collected>,
    /// Findings about paths, archives, and months that the answers are held against, not about one answer.
    pub diagnostics: Vec<Diagnostic>,
    /// The record after the run.
    pub record: AnswersRecord,
}

/// How many files are in memory, read, before the checks begin.
const MOST_READ_AHEAD: usize = 8;

/// A file that was looked at, with what is kept of it for later.
struct Staged {
    examined: Examined,
    /// Its content, staged in the folder of answers; none for a file with errors.
    answer: Option<StagedFile>,
    /// Its marked copy, staged in the folder of returns; none where there is nothing to mark.
    copy: Option<(StagedFile, &'static str)>,
    /// Files of months before that it could not be held against.
    unread: Vec<Diagnostic>,
}

/// What stood at one of the paths.
enum LookedAt {
    File(Staged),
    /// Nothing that can be read, and why.
    Nothing(Diagnostic),
}

/// Collects files into a month's data; none where `stop` came before the first was given its name, so that nothing of
/// the month has changed; an error where nothing could be written.
///
/// What cannot be read is a finding; what can is looked at, a file on each thread.
pub fn collect(
    examiner: &Examiner<'_>,
    record: AnswersRecord,
    incoming: impl Iterator<Item = Result<Incoming, Diagnostic>> + Send,
    stop: &AtomicBool,
) -> Result<Option<Collection>, Diagnostic> {
    let is_stopped = || stop.load(Ordering::SeqCst);
    let store = merge::Store::new(examiner);
    let mut incoming = incoming.enumerate();
    // All checks would wait for the first to enter the past months: that is done while the first answers are read.
    let first: Vec<_> = incoming.by_ref().take(MOST_READ_AHEAD).collect();
    let read = |(index, file): (usize, Result<Incoming, Diagnostic>)| {
        (index, file.map(|file| (examiner.read(&file), file)))
    };
    let ((), first) =
        rayon::join(|| examiner.enter_past(), || first.into_par_iter().map(read).collect::<Vec<_>>());
    let mut looked_at: Vec<(usize, Result<LookedAt, Diagnostic>)> = first
        .into_par_iter()
        .chain(incoming.par_bridge().map(read))
        .map(|(index, file)| match file {
            _ if is_stopped() => None,
            Ok((read, file)) => Some((index, stage(examiner, &store, read, &file).map(LookedAt::File))),
            Err(diagnostic) => Some((index, Ok(LookedAt::Nothing(diagnostic)))),
        })
        .while_some()
        .collect();
    if is_stopped() {
        return Ok(None);
    }
    looked_at.sort_unstable_by_key(|(index, _)| *index);
    let mut diagnostics = Vec::new();
    let mut staged: Vec<Staged> = Vec::new();
    for (_, file) in looked_at {
        match file? {
            LookedAt::File(mut file) => {
                // All answers are held against the same months.
                for found in std::mem::take(&mut file.unread) {
                    if !diagnostics.contains(&found) {
                        diagnostics.push(found);
                    }
                }
                staged.push(file);
            }
            LookedAt::Nothing(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let decisions = decide::decide(examiner, &record, &mut staged);
    if is_stopped() {
        return Ok(None);
    }
    let (files, record) = store.commit(examiner, record, staged, decisions)?;
    Ok(Some(Collection { files, diagnostics, record }))
}

/// Checks a file that was read, and keeps of it what may be needed; an error where that cannot be written.
fn stage(
    examiner: &Examiner<'_>,
    store: &merge::Store<'_>,
    read: ReadFile,
    file: &Incoming,
) -> Result<Staged, Diagnostic> {
    let CheckedFile { examined, workbook, unread } = examiner.check(read);
    let answer = match has_errors(&examined.diagnostics) {
        true => None,
        false => Some(store.stage_answer(&file.bytes)?),
    };
    // A notice or a picture among the answers is nobody's to correct.
    let is_no_workbook = examined.diagnostics.iter().any(|found| found.rule == &rules::NOT_A_WORKBOOK);
    let copy = match examined.diagnostics.is_empty() || is_no_workbook {
        true => None,
        false => {
            let returned = ReturnedFile {
                bytes: &file.bytes,
                workbook: workbook.as_ref(),
                diagnostics: &examined.diagnostics,
                heading: &examiner.heading(&examined),
            };
            // A copy that cannot be made is no reason to lose the answer.
            match marked_copy(&returned) {
                Some((bytes, extension)) => Some((store.stage_copy(&bytes)?, extension)),
                None => None,
            }
        }
    };
    Ok(Staged { examined, answer, copy, unread })
}

/// The names of declared tables by their index.
pub(crate) fn table_names(project: &Project, tables: &[usize]) -> Vec<String> {
    let tables = tables.iter().filter_map(|index| project.settings.tables.get(*index));
    tables.map(|table| table.name.clone()).collect()
}

/// How many findings of a severity there are, as the record counts them.
fn count(diagnostics: &[Diagnostic], severity: Severity) -> i64 {
    let count = diagnostics.iter().filter(|found| found.severity == severity).count();
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The values of an answer by declared table and column, as they are shown.
pub type Values = BTreeMap<(usize, usize), String>;
