//! Which of a department's files counts: the one that was saved last, by its own date.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::{Examined, Examiner, Outcome, Staged};
use crate::diagnostic::{Diagnostic, Location, has_errors, rules, shown};
use crate::project::{AnswersRecord, Month, Project, RecordedAnswer};
use crate::source::on_the_wall;

/// Decides on each file, in their order; adds what is to be said about it.
pub(super) fn decide(examiner: &Examiner<'_>, record: &AnswersRecord, staged: &mut [Staged]) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = staged
        .iter()
        .map(|file| match has_errors(&file.examined.diagnostics) {
            true => Outcome::Rejected,
            false => Outcome::Merged,
        })
        .collect();
    let mut by_department: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, file) in staged.iter().enumerate() {
        if let Some(department) = file.examined.department {
            by_department.entry(department).or_default().push(index);
        }
    }
    let recorded = Recorded::new(record);
    for (department, files) in by_department {
        let name = examiner.project.register.name(department);
        let mut deciding = Deciding {
            project: examiner.project,
            month: examiner.month,
            name,
            recorded: &recorded,
            staged,
            outcomes: &mut outcomes,
        };
        let files = deciding.without_irrelevant(files);
        for group in deciding.groups(files) {
            if let Some(latest) = deciding.among(&group) {
                deciding.against_record(latest);
            }
        }
    }
    outcomes
}

/// What was collected before, as it is looked up here.
struct Recorded<'a> {
    /// The answers of each department that count.
    counting: BTreeMap<&'a str, Vec<&'a RecordedAnswer>>,
    /// The hashes of the answers that were replaced, and of those that were given back.
    replaced: BTreeSet<&'a str>,
    returned: BTreeSet<&'a str>,
}

impl<'a> Recorded<'a> {
    fn new(record: &'a AnswersRecord) -> Self {
        let hashes = |answers: &'a [RecordedAnswer]| answers.iter().map(|it| it.blake3.as_str()).collect();
        let mut counting: BTreeMap<&str, Vec<&RecordedAnswer>> = BTreeMap::new();
        for answer in &record.answers {
            counting.entry(&answer.department).or_default().push(answer);
        }
        Self {
            counting,
            replaced: hashes(&record.earlier),
            returned: record.returned.iter().map(|returned| returned.blake3.as_str()).collect(),
        }
    }
}

struct Deciding<'a> {
    project: &'a Project,
    month: Month,
    name: &'a str,
    recorded: &'a Recorded<'a>,
    staged: &'a mut [Staged],
    outcomes: &'a mut [Outcome],
}

impl Deciding<'_> {
    /// Without what does not compete: other months' files, and what was given back before for its errors,
    /// where there is anything else; and second copies of the same file.
    fn without_irrelevant(&mut self, files: Vec<usize>) -> Vec<usize> {
        // Two files of which nobody could tell the later one have no errors, and compete again.
        let given_back = |file: &Examined| {
            has_errors(&file.diagnostics) && self.recorded.returned.contains(file.blake3.as_str())
        };
        let competes = |at: &usize| {
            self.staged
                .get(*at)
                .is_some_and(|file| !file.examined.is_misplaced && !given_back(&file.examined))
        };
        let competing: Vec<usize> = files.iter().copied().filter(competes).collect();
        let files = if competing.is_empty() {
            files
        } else {
            for at in files.iter().filter(|at| !competing.contains(at)) {
                let is_old = self.staged.get(*at).is_some_and(|file| !file.examined.is_misplaced);
                // What was given back before has been told then.
                if let (true, Some(outcome)) = (is_old, self.outcomes.get_mut(*at)) {
                    *outcome = Outcome::Superseded;
                }
            }
            competing
        };
        let mut kept: Vec<usize> = Vec::new();
        for at in files {
            let same = kept.iter().any(|other| self.hash(*other) == self.hash(at));
            match (same, self.outcomes.get_mut(at)) {
                (true, Some(outcome)) => *outcome = Outcome::Superseded,
                _ => kept.push(at),
            }
        }
        kept
    }

    /// Files that answer the same tables belong together; one that could not be read answers any.
    fn groups(&self, files: Vec<usize>) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for at in files {
            let overlaps = |other: &usize| match (self.examined(*other), self.examined(at)) {
                (Some(one), Some(other)) => {
                    one.tables.is_empty()
                        || other.tables.is_empty()
                        || one.tables.iter().any(|table| other.tables.contains(table))
                }
                _ => false,
            };
            match groups.iter_mut().find(|group| group.iter().any(overlaps)) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        groups
    }

    /// The file of a group that counts; none where that cannot be told.
    fn among(&mut self, group: &[usize]) -> Option<usize> {
        let latest = group.iter().copied().reduce(|best, other| match self.order(best, other) {
            Ordering::Less => other,
            _ => best,
        })?;
        if group.len() < 2 {
            return Some(latest);
        }
        let told: Vec<String> = group.iter().filter_map(|at| self.examined(*at)).map(described).collect();
        let told = told.join("、");
        let is_clear =
            group.iter().all(|other| *other == latest || self.order(*other, latest) == Ordering::Less);
        if !is_clear {
            let message = format!("“{}”报了 {} 份，分不出哪一份在后：{told}", shown(self.name), group.len());
            for at in group {
                let found = Diagnostic::new(&rules::ANSWER_ORDER_UNKNOWN, message.clone())
                    .hint("请向部门核实，只留下要用的一份，再收一次");
                self.add(*at, found);
                self.set(*at, Outcome::Rejected);
            }
            return None;
        }
        let used = self.examined(latest).map(|file| file.name.clone()).unwrap_or_default();
        let message = format!(
            "“{}”报了 {} 份：{told}；以后保存的 {} 为准",
            shown(self.name),
            group.len(),
            shown(&used)
        );
        let mut found = Diagnostic::new(&rules::ANSWER_TWICE, message);
        if self.outcomes.get(latest) == Some(&Outcome::Rejected) {
            found = found.hint("后保存的一份有错误，改正以前哪一份也没有采用");
        }
        self.add(latest, found.hint("以哪一份为准不对时，请只留下要用的一份，再收一次"));
        for at in group.iter().filter(|at| **at != latest) {
            self.set(*at, Outcome::Superseded);
        }
        Some(latest)
    }

    /// Holds the file that counts among the new ones against what was collected before for the same tables: a
    /// department may send each table as a file of its own, saved in whatever order.
    fn against_record(&mut self, at: usize) {
        let Some(file) = self.examined(at) else { return };
        let is_merged = self.outcomes.get(at) == Some(&Outcome::Merged);
        let counting = self.recorded.counting.get(self.name).map_or(&[][..], Vec::as_slice);
        if let Some(same) = counting.iter().find(|answer| answer.blake3 == file.blake3) {
            // What was removed or changed since is kept anew.
            let outcome = if self.is_kept(same) { Outcome::Unchanged } else { Outcome::Replaced };
            if is_merged {
                self.set(at, outcome);
            }
            return;
        }
        let tables = file.table_names(self.project);
        let competes = |answer: &&&RecordedAnswer| answer.tables.iter().any(|table| tables.contains(table));
        let competing: Vec<&RecordedAnswer> = counting.iter().filter(competes).copied().collect();
        let Some(later) = competing.iter().find(|answer| is_older(file, answer)) else {
            if is_merged && !competing.is_empty() {
                self.set(at, Outcome::Replaced);
            }
            return;
        };
        let was_replaced = self.recorded.replaced.contains(file.blake3.as_str());
        let message = format!(
            "“{}”已收过更新的一份：{}；这一份是 {}，没有采用",
            shown(self.name),
            described_record(later),
            described(file)
        );
        self.set(at, Outcome::Superseded);
        // Its own faults are nobody's to correct any more.
        if let Some(file) = self.staged.get_mut(at) {
            file.examined.diagnostics.retain(|found| !found.is_error());
        }
        // A folder with all answers is often given again: what was replaced by a later one is old news.
        if !was_replaced {
            let found = Diagnostic::new(&rules::ANSWER_OLDER, message);
            self.add(at, found.hint("确实要改用这一份，请部门打开后重新保存，再收一次"));
        }
    }

    /// Whether an answer's file is still what was kept.
    fn is_kept(&self, answer: &RecordedAnswer) -> bool {
        let name = format!("{}/{}", AnswersRecord::folder(self.month), answer.file);
        let kept = self.project.folder.read(&name);
        kept.is_ok_and(|kept| blake3::hash(&kept.bytes).to_hex().as_str() == answer.blake3)
    }

    fn order(&self, one: usize, other: usize) -> Ordering {
        match (self.examined(one), self.examined(other)) {
            (Some(one), Some(other)) => compare(times(one), times(other)),
            _ => Ordering::Equal,
        }
    }

    fn examined(&self, at: usize) -> Option<&Examined> {
        self.staged.get(at).map(|file| &file.examined)
    }

    fn hash(&self, at: usize) -> Option<&str> {
        self.examined(at).map(|file| file.blake3.as_str())
    }

    fn set(&mut self, at: usize, outcome: Outcome) {
        if let Some(place) = self.outcomes.get_mut(at) {
            *place = outcome;
        }
    }

    fn add(&mut self, at: usize, found: Diagnostic) {
        if let Some(file) = self.staged.get_mut(at) {
            let location = Location::file(file.examined.name.as_str());
            file.examined.diagnostics.push(found.at(location));
        }
    }
}

/// Whether a file is older than an answer that was collected before.
pub(super) fn is_older(file: &Examined, answer: &RecordedAnswer) -> bool {
    compare(times(file), (answer.saved, answer.written)) == Ordering::Less
}

type Times = (Option<NaiveDateTime>, Option<NaiveDateTime>);

fn times(file: &Examined) -> Times {
    (file.saved, file.written)
}

/// Orders two files by their own dates, else by those of the file system; equal where neither is known.
fn compare(one: Times, other: Times) -> Ordering {
    match (one, other) {
        ((Some(one), _), (Some(other), _)) => one.cmp(&other),
        ((_, Some(one)), (_, Some(other))) => one.cmp(&other),
        _ => Ordering::Equal,
    }
}

fn described(file: &Examined) -> String {
    described_as(&file.name, file.saved, file.written)
}

fn described_record(answer: &RecordedAnswer) -> String {
    described_as(&answer.received, answer.saved, answer.written)
}

fn described_as(name: &str, saved: Option<NaiveDateTime>, written: Option<NaiveDateTime>) -> String {
    let told = |moment| on_the_wall(moment).format("%Y-%m-%d %H:%M:%S");
    match (saved, written) {
        (Some(saved), _) => format!("{}（保存于 {}）", shown(name), told(saved)),
        (None, Some(written)) => format!("{}（文件时间 {}）", shown(name), told(written)),
        (None, None) => format!("{}（没有保存时间）", shown(name)),
    }
}
