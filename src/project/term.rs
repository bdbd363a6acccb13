//! From when to when something belongs to the bulletin: a department, a table, a column.

use super::entries::Entries;
use super::month::Month;

/// The months in which something belongs to the bulletin, `since` and `until` included; always where none is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Term {
    /// The first month.
    pub since: Option<Month>,
    /// The last month.
    pub until: Option<Month>,
}

impl Term {
    /// Reads `since` and `until` of an entry.
    pub(super) fn read(entries: &Entries<'_>) -> Self {
        let month = |key| entries.month(key).map(|month| month.value);
        Self { since: month("since"), until: month("until") }
    }

    /// Whether a month is one of them.
    pub fn covers(&self, month: Month) -> bool {
        self.since.is_none_or(|since| since <= month) && self.until.is_none_or(|until| month <= until)
    }
}
