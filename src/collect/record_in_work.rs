//! The record of a month's answers while files are merged into it: by department, so that any number can be.

use std::collections::BTreeMap;

use super::{Collected, Examiner, Outcome, count};
use crate::diagnostic::Severity;
use crate::project::{AnswersRecord, RecordedAnswer, Register, ReturnedAnswer};

/// The record of a month's answers, by the departments' official names.
pub(super) struct RecordInWork<'a> {
    register: &'a Register,
    answers: BTreeMap<String, Vec<RecordedAnswer>>,
    earlier: Vec<RecordedAnswer>,
    returned: BTreeMap<String, ReturnedAnswer>,
}

impl<'a> RecordInWork<'a> {
    pub(super) fn new(examiner: &Examiner<'a>, record: AnswersRecord) -> Self {
        let mut answers: BTreeMap<String, Vec<RecordedAnswer>> = BTreeMap::new();
        for answer in record.answers {
            answers.entry(answer.department.clone()).or_default().push(answer);
        }
        let returned = record.returned.into_iter().map(|it| (it.department.clone(), it)).collect();
        Self { register: &examiner.project.register, answers, earlier: record.earlier, returned }
    }

    /// Makes an answer the one that counts for its tables; gives those that counted for any of them.
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

    /// Notes what the department has to correct, or that nothing is left to be corrected.
    pub(super) fn note_return(&mut self, collected: &Collected) {
        let examined = &collected.examined;
        let Some(department) = examined.department else { return };
        let official = self.register.name(department).to_owned();
        let is_answered = self.answers.contains_key(&official);
        match collected.outcome {
            Outcome::Merged | Outcome::Replaced => {
                self.returned.remove(&official);
            }
            // Last month's file from a department that has answered this month's is only a slip.
            Outcome::Rejected if !(examined.is_misplaced && is_answered) => {
                let returned = ReturnedAnswer {
                    department: official.clone(),
                    received: examined.received.clone(),
                    blake3: examined.blake3.clone(),
                    errors: count(&examined.diagnostics, Severity::Error),
                    copy: collected.copy.clone(),
                };
                self.returned.insert(official, returned);
            }
            _ => {}
        }
    }

    /// The record in official order.
    pub(super) fn finish(self) -> AnswersRecord {
        let Self { register, answers, earlier, returned } = self;
        let mut answers: Vec<RecordedAnswer> = answers.into_values().flatten().collect();
        answers.sort_by_cached_key(|answer| (register.find(&answer.department), answer.file.clone()));
        let mut returned: Vec<ReturnedAnswer> = returned.into_values().collect();
        returned.sort_by_cached_key(|returned| register.find(&returned.department));
        AnswersRecord { answers, earlier, returned }
    }
}
