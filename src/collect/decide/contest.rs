//! Which of the files that came together counts for each table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deciding, Examined, Outcome};
use crate::collect::order::{described, latest, times};
use crate::diagnostic::{Diagnostic, rules, shown};

/// Files that answer the same tables, of which one is to count for these.
struct Contest {
    tables: Vec<usize>,
    files: Vec<usize>,
    /// The latest of the files; several where that is not clear.
    latest: Vec<usize>,
}

impl Deciding<'_> {
    /// The contests among files, by table; a file that could not be read may answer any.
    fn contests(&self, files: &[usize]) -> Vec<Contest> {
        let examined: Vec<(usize, &Examined)> =
            files.iter().filter_map(|at| Some((*at, self.examined(*at)?))).collect();
        let tables: BTreeSet<usize> = examined.iter().flat_map(|(_, file)| &file.tables).copied().collect();
        let mut contests: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for &table in &tables {
            let answers =
                |(_, file): &&(usize, &Examined)| file.tables.is_empty() || file.tables.contains(&table);
            let answering = examined.iter().filter(answers).map(|(at, _)| *at).collect();
            contests.entry(answering).or_default().push(table);
        }
        if tables.is_empty() {
            contests.insert(files.to_vec(), Vec::new());
        }
        let contest = |(files, tables): (Vec<usize>, Vec<usize>)| {
            let of_contest = examined.iter().filter(|(at, _)| files.contains(at));
            let latest = latest(&of_contest.map(|(at, file)| (*at, times(file))).collect::<Vec<_>>());
            Contest { tables, files, latest }
        };
        contests.into_iter().map(contest).collect()
    }

    /// What is left of an unclear contest beside the answers that count already: tables for which one of these is later
    /// than some of the files are contests among the others.
    fn beside_record(&self, contest: &Contest) -> Vec<Contest> {
        let mut left: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for &table in &contest.tables {
            let latest = contest.latest.iter().copied().filter(|at| !self.is_outdated(*at, table)).collect();
            left.entry(latest).or_default().push(table);
        }
        if contest.tables.is_empty() {
            left.insert(contest.latest.clone(), Vec::new());
        }
        let contest = |(latest, tables)| Contest { tables, files: contest.files.clone(), latest };
        left.into_iter().map(contest).collect()
    }

    /// Decides among new files; gives those that are the latest for any of their tables.
    pub(super) fn among(&mut self, files: &[usize]) -> BTreeSet<usize> {
        let contests = self.contests(files);
        let mut standing: BTreeSet<usize> = BTreeSet::new();
        for contest in &contests {
            standing.extend(&contest.latest);
            for at in contest.files.iter().filter(|at| !contest.latest.contains(at)) {
                if let Some(decision) = self.decisions.get_mut(*at) {
                    decision.tables.retain(|table| !contest.tables.contains(table));
                }
            }
            if contest.latest.len() > 1 {
                for left in self.beside_record(contest).iter().filter(|left| left.latest.len() > 1) {
                    self.report_unclear(left);
                }
            }
        }
        for contest in contests.iter().filter(|contest| contest.files.len() > 1) {
            if let [latest] = *contest.latest {
                self.report_latest(contest, latest);
            }
        }
        for at in files.iter().filter(|at| !standing.contains(at)) {
            self.set(*at, Outcome::Superseded);
        }
        standing
    }

    fn report_unclear(&mut self, contest: &Contest) {
        let message = format!(
            "{}报了 {} 份，分不出哪一份在后：{}",
            self.subject(contest),
            contest.latest.len(),
            self.told(&contest.latest)
        );
        for at in &contest.latest {
            let found = Diagnostic::new(&rules::ANSWER_ORDER_UNKNOWN, message.clone())
                .hint("请向部门核实，只留下要用的一份，再收一次");
            self.add(*at, found);
            self.set(*at, Outcome::Rejected);
        }
    }

    fn report_latest(&mut self, contest: &Contest, latest: usize) {
        let used = self.examined(latest).map(|file| file.name.clone()).unwrap_or_default();
        let message = format!(
            "{}报了 {} 份：{}；以后保存的 {} 为准",
            self.subject(contest),
            contest.files.len(),
            self.told(&contest.files),
            shown(&used)
        );
        let mut found = Diagnostic::new(&rules::ANSWER_TWICE, message);
        if self.decisions.get(latest).is_some_and(|decision| decision.outcome == Outcome::Rejected) {
            let is_counting = contest.tables.iter().any(|table| !self.counting_for(*table).is_empty());
            found = found.hint(match is_counting {
                true => "后保存的一份有错误，改正以前仍用已收的一份",
                false => "后保存的一份有错误，改正以前哪一份也没有采用",
            });
        }
        self.add(latest, found.hint("以哪一份为准不对时，请只留下要用的一份，再收一次"));
    }

    /// Whose files a contest is among, and for which tables where the files have others besides.
    fn subject(&self, contest: &Contest) -> String {
        let examined = contest.files.iter().filter_map(|at| self.examined(*at));
        let tables: BTreeSet<usize> = examined.flat_map(|file| &file.tables).copied().collect();
        self.named(&contest.tables, tables.len())
    }

    fn told(&self, files: &[usize]) -> String {
        let told: Vec<String> = files.iter().filter_map(|at| self.examined(*at)).map(described).collect();
        told.join("、")
    }
}
