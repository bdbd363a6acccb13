//! The texts of the editor's files that are printed, to find where something on the pages was written.

use crate::issue::Issue;
use crate::project::{Project, Prose};

/// All of them: the issue's own, the tables' titles, and what yuebao.toml has besides.
pub fn printed_texts<'a>(project: &'a Project, issue: &'a Issue) -> impl Iterator<Item = &'a Prose> {
    let settings = &project.settings;
    let titles = settings.tables.iter().map(|table| &table.title);
    issue.declared.proses().chain(titles).chain(&settings.printed)
}
