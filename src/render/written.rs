//! The texts of the editor's files that are printed, to find where something on the pages was written.

use crate::issue::Issue;
use crate::project::{Project, Prose};

/// All of them: the issue's own, the tables' titles, and what yuebao.toml has besides; with the role, one of
/// [`ROLES`](crate::project::ROLES), of the typefaces in which each is printed.
pub fn printed_texts<'a>(
    project: &'a Project,
    issue: &'a Issue,
) -> impl Iterator<Item = (&'static str, &'a Prose)> {
    let settings = &project.settings;
    let titles = settings.tables.iter().map(|table| ("title", &table.title));
    // They are listed below the text, too.
    let listed = settings.tables.iter().map(|table| ("body", &table.title));
    let others = settings.printed.iter().map(|(role, text)| (*role, text));
    issue.declared.proses_in_roles().chain(titles).chain(listed).chain(others)
}
