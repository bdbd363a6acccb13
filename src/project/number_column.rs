//! How the numbers of a declared column are read, added up and shown.

use std::sync::Arc;

use super::entries::Entries;
use super::normal::normal;
use super::prose::Prose;

/// How the numbers of a column are to be read and shown.
#[derive(Debug, Clone)]
pub struct NumberColumn {
    /// The unit, such as 件.
    pub unit: Option<Arc<str>>,
    /// The most decimals that a number may have; 0 makes the column a count.
    pub decimals: u32,
    /// Whether a number may be negative.
    pub negative: bool,
    /// The formula of a derived column.
    pub formula: Option<Prose>,
    /// Whether there is a total: the sum of rates or of averages is nothing that could be printed.
    pub total: bool,
    /// The index of the column whose intake this one is the output of.
    pub intake: Option<usize>,
}

impl NumberColumn {
    /// Whether the numbers are percentages.
    pub fn is_percentage(&self) -> bool {
        self.unit.as_deref().map(normal).as_deref() == Some("%")
    }

    /// Whether the unit begins with a word such as 万.
    pub fn is_in(&self, word: &str) -> bool {
        self.unit.as_deref().is_some_and(|unit| normal(unit).starts_with(word))
    }

    /// The unit; empty where there is none.
    pub fn unit_text(&self) -> &str {
        self.unit.as_deref().unwrap_or_default()
    }

    /// Whether its total is the sum of what was entered: not of a derived column, nor where sums are nothing.
    pub fn is_summed(&self) -> bool {
        self.formula.is_none() && self.total
    }
}

/// Whether numbers of this unit are parts of something else, so that their sum is nothing.
pub fn is_rate(unit: &str) -> bool {
    matches!(normal(unit).as_str(), "%" | "‰")
}

/// Reads what a column says of its numbers.
pub(super) fn read_number(entries: &Entries<'_>) -> NumberColumn {
    let unit = entries.unit();
    // The total of a derived column is its formula over the other totals, also of a rate.
    let total = !unit.as_deref().is_some_and(is_rate) || entries.has("formula");
    let declared_total = entries.flag("total");
    NumberColumn {
        unit,
        total: if entries.has("total") { declared_total } else { total },
        decimals: entries.integer("decimals", 0..=10).map_or(0, |decimals| decimals.value as u32),
        negative: entries.flag("negative"),
        formula: entries.prose("formula"),
        // It may stand further right: `read_columns` looks it up when all are read.
        intake: None,
    }
}
