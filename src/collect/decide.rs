//! Which of a department's files counts for each table: the one that was saved last, by its own date.
//!
//! A department may send one table today and both tomorrow: a file may count for some of its tables only.

mod contest;
mod recorded;

use std::collections::BTreeMap;

use self::recorded::Recorded;
use super::{Examined, Examiner, Outcome, Staged, table_names};
use crate::diagnostic::{Diagnostic, Location, has_errors, shown};
use crate::project::{AnswersRecord, RecordedAnswer};

/// What was decided on a file.
pub(super) struct Decision {
    /// What becomes of it.
    pub(super) outcome: Outcome,
    /// The tables, by index, for which it counts; of a file with errors those for which it would.
    pub(super) tables: Vec<usize>,
}

/// Decides on each file, in their order; adds what is to be said about it.
pub(super) fn decide(
    examiner: &Examiner<'_>,
    record: &AnswersRecord,
    staged: &mut [Staged],
) -> Vec<Decision> {
    let decision = |file: &Staged| {
        let outcome = match has_errors(&file.examined.diagnostics) {
            true => Outcome::Rejected,
            false => Outcome::Merged,
        };
        Decision { outcome, tables: file.examined.tables.clone() }
    };
    let mut decisions: Vec<Decision> = staged.iter().map(decision).collect();
    let mut by_department: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, file) in staged.iter().enumerate() {
        if let Some(department) = file.examined.department {
            by_department.entry(department).or_default().push(index);
        }
    }
    let recorded = Recorded::new(examiner.project, record);
    for (department, files) in by_department {
        let mut deciding = Deciding {
            examiner,
            name: examiner.project.register.name(department),
            recorded: &recorded,
            counting: recorded.counting(department),
            staged,
            decisions: &mut decisions,
        };
        let files = deciding.without_irrelevant(files);
        for at in deciding.among(&files) {
            deciding.against_record(at);
        }
        deciding.keep_counting(&files);
    }
    decisions
}

struct Deciding<'a> {
    examiner: &'a Examiner<'a>,
    /// The department's official name.
    name: &'a str,
    recorded: &'a Recorded<'a>,
    /// Its answers that count.
    counting: &'a [&'a RecordedAnswer],
    staged: &'a mut [Staged],
    decisions: &'a mut [Decision],
}

impl Deciding<'_> {
    /// Without what does not compete: other months' files where there is anything else, and second copies of the
    /// same file. What was given back before competes: the same files decide the same, however often they come.
    fn without_irrelevant(&mut self, files: Vec<usize>) -> Vec<usize> {
        let competes = |at: &usize| self.examined(*at).is_some_and(|file| !file.is_misplaced);
        let competing: Vec<usize> = files.iter().copied().filter(competes).collect();
        let files = if competing.is_empty() { files } else { competing };
        let mut kept: Vec<usize> = Vec::new();
        for at in files {
            match kept.iter().any(|other| self.hash(*other) == self.hash(at)) {
                true => self.set(at, Outcome::Superseded),
                false => kept.push(at),
            }
        }
        kept
    }

    /// The department with some of its files' tables, which are not named where they are all.
    fn named(&self, tables: &[usize], all: usize) -> String {
        match tables.len() == all {
            true => format!("“{}”", shown(self.name)),
            false => {
                let names = table_names(self.examiner.project, tables).join("、");
                format!("“{}”的表 {names} ", shown(self.name))
            }
        }
    }

    fn examined(&self, at: usize) -> Option<&Examined> {
        self.staged.get(at).map(|file| &file.examined)
    }

    fn hash(&self, at: usize) -> Option<&str> {
        self.examined(at).map(|file| file.blake3.as_str())
    }

    fn set(&mut self, at: usize, outcome: Outcome) {
        if let Some(decision) = self.decisions.get_mut(at) {
            decision.outcome = outcome;
        }
    }

    fn add(&mut self, at: usize, found: Diagnostic) {
        if let Some(file) = self.staged.get_mut(at) {
            let location = Location::file(file.examined.name.as_str());
            file.examined.diagnostics.push(found.at(location));
        }
    }
}
