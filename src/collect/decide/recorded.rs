//! What counts of a file beside the answers that were collected before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deciding, Decision, Examined, Outcome};
use crate::collect::order::{described, described_record, is_older};
use crate::collect::table_names;
use crate::diagnostic::{Diagnostic, has_errors, rules};
use crate::project::{AnswersRecord, Project, RecordedAnswer};

/// What was collected before, as it is looked up here.
pub(super) struct Recorded<'a> {
    /// The answers that count, by the department's place in the register.
    counting: BTreeMap<Option<usize>, Vec<&'a RecordedAnswer>>,
    /// The hashes of the answers that were replaced.
    replaced: BTreeSet<&'a str>,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(project: &Project, record: &'a AnswersRecord) -> Self {
        let mut counting: BTreeMap<Option<usize>, Vec<&RecordedAnswer>> = BTreeMap::new();
        for answer in &record.answers {
            counting.entry(project.register.find(&answer.department)).or_default().push(answer);
        }
        Self { counting, replaced: record.earlier.iter().map(|answer| answer.blake3.as_str()).collect() }
    }

    /// A department's answers that count.
    pub(super) fn counting(&self, department: usize) -> &[&'a RecordedAnswer] {
        self.counting.get(&Some(department)).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Deciding<'a> {
    /// Holds a file that is the latest of the new ones against what was collected before, table by table: a
    /// department may send each table as a file of its own, saved in whatever order.
    pub(super) fn against_record(&mut self, at: usize) {
        let (Some(file), Some(decision)) = (self.examined(at), self.decisions.get(at)) else { return };
        // One that could not be read says neither which tables it answers.
        if decision.tables.is_empty() {
            return;
        }
        let mut left = Vec::new();
        let mut lost: Vec<(&RecordedAnswer, Vec<usize>)> = Vec::new();
        let mut outcome = Outcome::Unchanged;
        for &table in &decision.tables {
            let counting = self.counting_for(table);
            if let Some(later) = later_than(file, &counting) {
                match lost.iter_mut().find(|(answer, _)| answer.file == later.file) {
                    Some((_, tables)) => tables.push(table),
                    None => lost.push((later, vec![table])),
                }
                continue;
            }
            left.push(table);
            match counting.as_slice() {
                [] if outcome == Outcome::Unchanged => outcome = Outcome::Merged,
                [] => {}
                // What was removed or changed since is kept anew.
                [same] if same.blake3 == file.blake3 && self.is_kept(same) => {}
                _ => outcome = Outcome::Replaced,
            }
        }
        // A folder with all answers is often given again: what was decided then is old news.
        let is_known = self.recorded.replaced.contains(file.blake3.as_str())
            || self.counting.iter().any(|answer| answer.blake3 == file.blake3);
        let older = |(later, tables): &(&RecordedAnswer, Vec<usize>)| {
            let own = match tables.len() == file.tables.len() {
                true => format!("这一份是 {}，没有采用", described(file)),
                false => format!("{}里的没有采用", described(file)),
            };
            let subject = self.named(tables, file.tables.len());
            let message = format!("{subject}已收过更新的一份：{}；{own}", described_record(later));
            Diagnostic::new(&rules::ANSWER_OLDER, message)
                .hint("确实要改用这一份，请部门打开后重新保存，再收一次")
        };
        let older: Vec<Diagnostic> = lost.iter().filter(|_| !is_known).map(older).collect();
        let is_superseded = left.is_empty();
        if let Some(decision) = self.decisions.get_mut(at) {
            decision.tables = left;
            match decision.outcome {
                _ if is_superseded => decision.outcome = Outcome::Superseded,
                Outcome::Merged => decision.outcome = outcome,
                _ => {}
            }
        }
        if let Some(file) = self.staged.get_mut(at).filter(|_| is_superseded) {
            // Its own faults are nobody's to correct any more.
            file.examined.diagnostics.retain(|found| !found.is_error());
        }
        for found in older {
            self.add(at, found);
        }
    }

    /// Whether an answer counts already that is later than this file, for a table.
    pub(super) fn is_outdated(&self, at: usize, table: usize) -> bool {
        self.examined(at).is_some_and(|file| later_than(file, &self.counting_for(table)).is_some())
    }

    /// What counts since before goes on counting where a later file that came with it is not taken.
    pub(super) fn keep_counting(&mut self, files: &[usize]) {
        let taken = files.iter().filter_map(|at| self.decisions.get(*at));
        let taken = taken.filter(|decision| matches!(decision.outcome, Outcome::Merged | Outcome::Replaced));
        let taken: BTreeSet<usize> = taken.flat_map(|decision| decision.tables.iter().copied()).collect();
        for &at in files {
            let (Some(file), Some(decision)) = (self.examined(at), self.decisions.get(at)) else { continue };
            let is_over = !matches!(decision.outcome, Outcome::Superseded | Outcome::Unchanged);
            if is_over || has_errors(&file.diagnostics) {
                continue;
            }
            let is_it = |answer: &&RecordedAnswer| answer.blake3 == file.blake3 && self.is_kept(answer);
            let counts =
                |table: &usize| !taken.contains(table) && self.counting_for(*table).iter().any(is_it);
            let tables: Vec<usize> = file.tables.iter().copied().filter(counts).collect();
            if let Some(decision) = self.decisions.get_mut(at).filter(|_| !tables.is_empty()) {
                *decision = Decision { outcome: Outcome::Unchanged, tables };
            }
        }
    }

    /// The department's answers that count for a table.
    pub(super) fn counting_for(&self, table: usize) -> Vec<&'a RecordedAnswer> {
        let names = table_names(self.examiner.project, &[table]);
        let answers = |answer: &&&RecordedAnswer| answer.tables.iter().any(|name| names.contains(name));
        self.counting.iter().filter(answers).copied().collect()
    }

    /// Whether an answer's file is still what was kept.
    fn is_kept(&self, answer: &RecordedAnswer) -> bool {
        let name = format!("{}/{}", AnswersRecord::folder(self.examiner.month), answer.file);
        let kept = self.examiner.project.folder.read(&name);
        kept.is_ok_and(|kept| blake3::hash(&kept.bytes).to_hex().as_str() == answer.blake3)
    }
}

/// The first of some answers that is later than a file, and another one.
fn later_than<'a>(file: &Examined, answers: &[&'a RecordedAnswer]) -> Option<&'a RecordedAnswer> {
    let is_later = |answer: &&&RecordedAnswer| {
        answer.blake3 != file.blake3 && is_older(file, (answer.saved, answer.written))
    };
    answers.iter().find(is_later).copied()
}
