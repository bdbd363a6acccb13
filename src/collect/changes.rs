//! What a corrected answer changes in the one before.

use super::{Examiner, Incoming, Values};
use crate::project::FileContent;

/// A value that a new answer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The name of the figure, as formulas refer to it.
    pub figure: String,
    /// The column's header.
    pub header: String,
    /// The value before; none where there was none.
    pub before: Option<String>,
    /// The value now; none where there is none any more.
    pub after: Option<String>,
}

/// The values that differ between the answer that counted and the one that counts now, in the tables that both answer.
pub(super) fn changes(
    examiner: &Examiner<'_>,
    before: FileContent,
    department: usize,
    after: &Values,
    tables: &[usize],
) -> Vec<Change> {
    let former = Incoming { name: before.name, received: String::new(), bytes: before.bytes, written: None };
    let mut before = examiner.read(&former).examined.values;
    before.retain(|(table, _), _| tables.contains(table));
    let after: Values = after
        .iter()
        .filter(|((table, _), _)| tables.contains(table))
        .map(|(at, it)| (*at, it.clone()))
        .collect();
    let places: std::collections::BTreeSet<(usize, usize)> =
        before.keys().chain(after.keys()).copied().collect();
    let settings = &examiner.project.settings;
    let changed = places.into_iter().filter(|place| before.get(place) != after.get(place));
    let change = |place: (usize, usize)| {
        let table = settings.tables.get(place.0)?;
        let column = table.columns.get(place.1)?;
        let department = examiner.project.register.name(department);
        Some(Change {
            figure: format!("{}[\"{department}\"].{}", table.name, column.name),
            header: column.header_text(),
            before: before.get(&place).cloned(),
            after: after.get(&place).cloned(),
        })
    };
    changed.filter_map(change).collect()
}
