//! Rows of tables that are higher than a page: the layout leaves the table out, and a mark for each.

use std::collections::BTreeMap;

use typst_layout::PagedDocument;

use super::positions::{index_of, marks};
use crate::diagnostic::{Diagnostic, rules, shown};
use crate::issue::Issue;
use crate::project::Project;

/// The label of the marks.
const MARK: &str = "high";

/// A finding for each table of which something has no room on any page, in the order of the appendices.
pub fn high_rows(project: &Project, issue: &Issue, document: &PagedDocument) -> Vec<Diagnostic> {
    // The column of the header, if it is at fault; otherwise the rows.
    let mut tables: BTreeMap<usize, (Option<usize>, Vec<usize>)> = BTreeMap::new();
    for (_, value) in marks(document, MARK) {
        let Some(table) = index_of(&value, "table") else { continue };
        let (column, rows) = tables.entry(table).or_default();
        *column = column.or(index_of(&value, "column"));
        rows.extend(index_of(&value, "row"));
    }
    let finding = |(table, (column, rows)): (&usize, &(Option<usize>, Vec<usize>))| match column {
        Some(column) => high_header(project, issue, *table, *column),
        None => high_departments(project, issue, *table, rows),
    };
    tables.iter().filter_map(finding).collect()
}

fn high_header(project: &Project, issue: &Issue, appendix: usize, column: usize) -> Option<Diagnostic> {
    let appendix = issue.appendices.get(appendix)?;
    let schema = project.settings.tables.get(appendix.schema)?;
    let (_, column) = schema.columns_in(appendix.period).nth(column)?;
    let header = column.header_text();
    let message = format!(
        "表 {} 的表头太高，加上一行就放不下一页：列“{}”太窄，或表头太长",
        schema.name,
        shown(&header)
    );
    let finding = Diagnostic::new(&rules::ROW_TOO_HIGH, message).at(column.width_at.clone());
    Some(finding.hint("请在 yuebao.toml 中加大这一列的 width（或减小别的列的），或缩短表头"))
}

fn high_departments(project: &Project, issue: &Issue, appendix: usize, rows: &[usize]) -> Option<Diagnostic> {
    let appendix = issue.appendices.get(appendix)?;
    let schema = project.settings.tables.get(appendix.schema)?;
    let column = schema.columns.get(schema.department_column()?)?;
    let first = appendix.table.rows.get(*rows.first()?)?;
    let name = shown(project.register.name(first.department));
    let which = match rows.len() {
        1 => format!("“{name}”一行"),
        count => format!("“{name}”等 {count} 行"),
    };
    let message = format!(
        "表 {} 中{which}比一页还高，放不下：列“{}”太窄，或名称太长",
        schema.name,
        shown(&column.header_text())
    );
    let finding = Diagnostic::new(&rules::ROW_TOO_HIGH, message).at(column.width_at.clone());
    Some(finding.hint(
        "请在 yuebao.toml 中加大这一列的 width（或减小别的列的）；或在 data/departments.toml 中改用较短的名称",
    ))
}
