//! Checks: what a careful editor would look for in the figures, done by the program.
//!
//! `declared` runs the formulas of yuebao.toml's `[[check]]`; the others are
//! built in and look at a department's past months. What they find are
//! warnings (or errors, where a declared check says so), which the editor can
//! acknowledge: `settle`.

mod declared;
mod gather;
mod history;
mod jump;
mod output;
mod same;
mod settle;
mod silent;
mod transposed;

pub use declared::DeclaredChecks;
pub use gather::gather;
pub use settle::{Settled, settle};

use crate::calculation::Calculation;
use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::figure::Amount;
use crate::project::TableSchema;
use history::TableHistory;

/// What became of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// The code of its findings.
    pub code: &'static str,
    /// The name of a declared check.
    pub name: Option<String>,
    /// What is checked, in words or as a formula.
    pub title: String,
    /// How many rows or numbers were looked at.
    pub examined: usize,
    /// How many of these could not be decided, for lack of a number.
    pub undecided: usize,
    /// How many findings it made.
    pub found: usize,
}

/// Runs the declared checks and the built-in ones that are switched on; the findings go to the calculation's.
pub fn run_checks(
    calculation: &mut Calculation<'_>,
    declared: &DeclaredChecks<'_>,
    is_faulty: bool,
) -> Vec<CheckOutcome> {
    let mut outcomes = declared::run(calculation, declared, is_faulty);
    let settings = &calculation.project().settings;
    let is_on = |rule: &Rule| !settings.check_settings.off.iter().any(|code| code == rule.code);
    let entered = std::sync::Arc::clone(calculation.entered());
    let mut built_in = BuiltIn::default();
    for index in 0..settings.tables.len() {
        if entered.table(index).is_none() {
            continue;
        }
        let history = TableHistory::read(calculation, index);
        let is_first = history.last_month().is_none();
        if is_on(&rules::CHECK_SAME_AS_LAST_MONTH) {
            let found = same::check(&history);
            let undecided = usize::from(is_first);
            built_in.add(&rules::CHECK_SAME_AS_LAST_MONTH, 1, undecided, found.iter().cloned().collect());
            // Numbers that are last month's anyway are neither jumps nor silences.
            if found.is_some() {
                continue;
            }
        }
        let (rows, numbers) = (history.rows().count(), history.count_numbers());
        if is_on(&rules::CHECK_OUTPUT_WITHOUT_INTAKE) && has_intake(&settings.tables[index]) {
            built_in.add(&rules::CHECK_OUTPUT_WITHOUT_INTAKE, rows, 0, output::check(&history));
        }
        let silent = silent::check(&history);
        if is_on(&rules::CHECK_SILENT) {
            let undecided = if silent::has_past(&history) { 0 } else { rows };
            let found = silent.iter().map(|it| it.1.clone()).collect();
            built_in.add(&rules::CHECK_SILENT, rows, undecided, found);
        }
        let transposed = match is_on(&rules::CHECK_TRANSPOSED) {
            true => transposed::check(&history),
            false => Vec::new(),
        };
        if is_on(&rules::CHECK_JUMP) {
            // One fault gives one message: what looks transposed or silent is told as that.
            let found = jump::check(&history).into_iter().filter(|jump| {
                let is_told = |other: &Diagnostic| other.location == jump.location;
                let is_silent = is_on(&rules::CHECK_SILENT)
                    && silent.iter().any(|(department, _)| jump.about.contains(department));
                !transposed.iter().any(is_told) && !is_silent
            });
            let undecided = count_undecided(&history, jump::is_comparable);
            built_in.add(&rules::CHECK_JUMP, numbers, undecided, found.collect());
        }
        if is_on(&rules::CHECK_TRANSPOSED) {
            let undecided = count_undecided(&history, transposed::is_comparable);
            built_in.add(&rules::CHECK_TRANSPOSED, numbers, undecided, transposed);
        }
    }
    calculation.report_all(built_in.found);
    outcomes.extend(built_in.outcomes);
    outcomes
}

/// How many numbers cannot be judged for want of a past.
fn count_undecided(
    history: &TableHistory<'_, '_>,
    is_comparable: impl Fn(&[Option<Amount>]) -> bool,
) -> usize {
    let comparable = history.numbers_with_past().filter(|(.., past)| is_comparable(past));
    history.count_numbers() - comparable.count()
}

/// Whether a column of the table is declared as the output of another.
fn has_intake(table: &TableSchema) -> bool {
    table.columns.iter().any(|column| column.number().is_some_and(|number| number.intake.is_some()))
}

#[derive(Default)]
struct BuiltIn {
    outcomes: Vec<CheckOutcome>,
    found: Vec<Diagnostic>,
}

impl BuiltIn {
    fn add(&mut self, rule: &'static Rule, examined: usize, undecided: usize, found: Vec<Diagnostic>) {
        let count = found.len();
        match self.outcomes.iter_mut().find(|outcome| outcome.code == rule.code) {
            Some(outcome) => {
                outcome.examined += examined;
                outcome.undecided += undecided;
                outcome.found += count;
            }
            None => self.outcomes.push(CheckOutcome {
                code: rule.code,
                name: None,
                title: rule.title.to_owned(),
                examined,
                undecided,
                found: count,
            }),
        }
        self.found.extend(found);
    }
}
