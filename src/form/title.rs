//! The title of a table before any of its figures is there.

use std::sync::Arc;

use crate::figure::Ledger;
use crate::project::{Month, Project, TableSchema};
use crate::text::{DeclaredNames, TextScope, Texts};

/// The declared title for a period; a title that names figures gives way to the bulletin's.
pub fn table_title(project: &Project, schema: &TableSchema, month: Month, period: Month) -> String {
    let ledger = Arc::new(Ledger::default());
    let scope = TextScope::new(&[], &project.register, ledger, month, i64::from(month.month));
    let scope = scope.with_period(period);
    let texts = Texts::new(scope, DeclaredNames::default(), false);
    let (title, found) = texts.render_line(&schema.title);
    let title: String = title.iter().map(|run| run.text.as_str()).collect();
    if found.is_empty() && !title.is_empty() {
        return title;
    }
    format!("{} {}年{}月", project.settings.title, period.year, period.month)
}
