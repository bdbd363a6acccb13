//! From when to when something belongs to the bulletin: a department, a table, a column.

use super::entries::Entries;
use super::month::Month;
use crate::diagnostic::{Diagnostic, rules};

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
        let (since, until) = (entries.month("since"), entries.month("until"));
        if let (Some(since), Some(until)) = (&since, &until)
            && since.value > until.value
        {
            let message = format!("until（{}）早于 since（{}）", until.value, since.value);
            entries.report(
                Diagnostic::new(&rules::SETTING_INVALID, message)
                    .at(until.at.clone())
                    .hint("since 是开始的月份，until 是最后一个月"),
            );
        }
        Self { since: since.map(|month| month.value), until: until.map(|month| month.value) }
    }

    /// Whether a month is one of them.
    pub fn covers(&self, month: Month) -> bool {
        self.since.is_none_or(|since| since <= month) && self.until.is_none_or(|until| month <= until)
    }
}
