//! The record of a month's answers while files are merged into it: by department, so that any number can be.

use std::collections::BTreeMap;

use super::order::{is_older, times};
use super::{Collected, Examined, Examiner, Outcome, count, table_names};
use crate::diagnostic::Severity;
use crate::project::{AnswersRecord, Project, RecordedAnswer, ReturnedAnswer};

/// The record of a month's answers, by the departments' official names: a department that was renamed
/// stands in it under its former one, and that is kept as it was written.
pub(super) struct RecordInWork<'a> {
    project: &'a Project,
    answers: BTreeMap<String, Vec<RecordedAnswer>>,
    earlier: Vec<RecordedAnswer>,
    returned: BTreeMap<String, Vec<ReturnedAnswer>>,
}

impl<'a> RecordInWork<'a> {
    pub(super) fn new(examiner: &Examiner<'a>, record: AnswersRecord) -> Self {
        let register = &examiner.project.register;
        let official = |name: &str| register.official_name(name).unwrap_or(name).to_owned();
        let mut answers: BTreeMap<String, Vec<RecordedAnswer>> = BTreeMap::new();
        for answer in record.answers {
            answers.entry(official(&answer.department)).or_default().push(answer);
        }
        let mut returned: BTreeMap<String, Vec<ReturnedAnswer>> = BTreeMap::new();
        for answer in record.returned {
            returned.entry(official(&answer.department)).or_default().push(answer);
        }
        Self { project: examiner.project, answers, earlier: record.earlier, returned }
    }

    /// Makes an answer, which has the official name, the one that counts for its tables; gives those that counted
    /// for any of them.
    pub(super) fn replace(&mut self, answer: RecordedAnswer) -> Vec<RecordedAnswer> {
        let formers = self.answers.entry(answer.department.clone()).or_default();
        let is_answered_anew = |table: &String| answer.tables.contains(table);
        let is_replaced = |former: &&RecordedAnswer| former.tables.iter().any(is_answered_anew);
        let replaced: Vec<RecordedAnswer> = formers.iter().filter(is_replaced).cloned().collect();
        // The earlier answer goes on counting for tables that this one does not have.
        for former in formers.iter_mut() {
            former.tables.retain(|table| !is_answered_anew(table));
        }
        formers.retain(|former| !former.tables.is_empty());
        formers.push(answer);
        self.earlier.extend(replaced.iter().cloned());
        replaced
    }

    /// Whether the record needs a marked copy of this name for what a department has to correct.
    pub(super) fn needs_copy(&self, department: Option<usize>, name: &str) -> bool {
        let official = department.map(|department| self.project.register.name(department));
        let returned = official.and_then(|official| self.returned.get(official)).into_iter().flatten();
        returned.into_iter().any(|returned| returned.copy.as_deref() == Some(name))
    }

    /// Forgets what its department has to correct no longer when this file is there.
    pub(super) fn settle(&mut self, collected: &Collected) {
        let examined = &collected.examined;
        let Some(department) = examined.department else { return };
        let official = self.project.register.name(department);
        let tables = self.tables(collected);
        let is_rejected = match collected.outcome {
            Outcome::Merged | Outcome::Replaced => false,
            Outcome::Rejected if self.is_to_be_corrected(official, examined, &tables) => true,
            _ => return,
        };
        let Some(returned) = self.returned.get_mut(official) else { return };
        returned.retain_mut(|former| {
            // What was saved later is still to be corrected.
            if is_older(examined, (former.saved, former.written)) {
                return true;
            }
            if is_rejected && former.blake3 == examined.blake3 {
                return false;
            }
            // One that could not be read may have been for any tables: nothing of it is left either.
            former.tables.retain(|table| !tables.contains(table));
            !former.tables.is_empty()
        });
    }

    /// Notes what the department has to correct.
    pub(super) fn note_return(&mut self, collected: &Collected) {
        let examined = &collected.examined;
        let Some(department) = examined.department else { return };
        let official = self.project.register.name(department).to_owned();
        let tables = self.tables(collected);
        // That the answer that counts is there again says nothing: the same folder is collected many times.
        if collected.outcome != Outcome::Rejected || !self.is_to_be_corrected(&official, examined, &tables) {
            return;
        }
        // When another month's file was saved tells nothing of what came before or after it in this one.
        let (saved, written) = match examined.is_misplaced {
            true => (None, None),
            false => times(examined),
        };
        self.returned.entry(official.clone()).or_default().push(ReturnedAnswer {
            department: official,
            received: examined.received.clone(),
            blake3: examined.blake3.clone(),
            errors: count(&examined.diagnostics, Severity::Error),
            copy: collected.copy.clone(),
            tables,
            saved,
            written,
        });
    }

    /// The names of the tables for which a file counts, or would; another month's file answers none of this month's.
    fn tables(&self, collected: &Collected) -> Vec<String> {
        match collected.examined.is_misplaced {
            true => Vec::new(),
            false => table_names(self.project, &collected.counts_for),
        }
    }

    /// Whether a file with errors is what its department has to correct, for these tables.
    fn is_to_be_corrected(&self, official: &str, file: &Examined, tables: &[String]) -> bool {
        let Some(answers) = self.answers.get(official) else { return true };
        // A file that is older than what counts corrects nothing; one that could not be read may be for any tables.
        let is_later = |answer: &RecordedAnswer| {
            let concerns = tables.is_empty() || answer.tables.iter().any(|table| tables.contains(table));
            concerns && is_older(file, (answer.saved, answer.written))
        };
        // Last month's file from a department that has answered this month's is only a slip.
        !file.is_misplaced && !answers.iter().any(is_later)
    }

    /// The record in official order.
    pub(super) fn finish(self) -> AnswersRecord {
        let Self { project, answers, earlier, returned } = self;
        let register = &project.register;
        let mut answers: Vec<RecordedAnswer> = answers.into_values().flatten().collect();
        answers.sort_by_cached_key(|answer| (register.find(&answer.department), answer.file.clone()));
        let mut returned: Vec<ReturnedAnswer> = returned.into_values().flatten().collect();
        returned.sort_by_cached_key(|returned| register.find(&returned.department));
        AnswersRecord { answers, earlier, returned }
    }
}
