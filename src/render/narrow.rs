//! Columns that are too narrow for what stands in them: the layout sets it smaller, and leaves a mark.

use std::collections::{BTreeMap, BTreeSet};

use typst::foundations::{Dict, Value};
use typst_layout::PagedDocument;

use super::positions::{index_of, marks, text_of};
use crate::diagnostic::{Diagnostic, Severity, rules, shown};
use crate::issue::Issue;
use crate::project::{ColumnRole, Project};

/// The label of the marks.
const MARK: &str = "narrow";

/// Per cent of the usual 12 pt, below which a number cannot well be read: 小六, the smallest in use, has 6.5 pt.
const LEAST_READABLE: i64 = 54;

/// What is known of a column that is too narrow.
#[derive(Debug)]
struct Narrow {
    /// How many of its numbers are set smaller.
    count: usize,
    /// The words of its header that are; it is repeated on every page.
    words: BTreeSet<String>,
    /// The text that is set smallest.
    text: String,
    /// Its size in per cent of the usual.
    percent: i64,
}

/// A finding for each column that is too narrow, in the order of the appendices.
pub fn narrow_columns(project: &Project, issue: &Issue, document: &PagedDocument) -> Vec<Diagnostic> {
    let mut columns: BTreeMap<(usize, usize), Narrow> = BTreeMap::new();
    for (_, value) in marks(document, MARK) {
        let Some((place, is_header, text, percent)) = narrow_cell(&value) else { continue };
        let known = columns.entry(place).or_insert_with(|| Narrow {
            count: 0,
            words: BTreeSet::new(),
            text: String::new(),
            percent: 100,
        });
        if percent < known.percent {
            (known.text, known.percent) = (text.clone(), percent);
        }
        match is_header {
            true => {
                known.words.insert(text);
            }
            false => known.count += 1,
        }
    }
    columns.iter().filter_map(|(place, narrow)| finding(project, issue, *place, narrow)).collect()
}

/// The appendix and column of a mark's cell, whether it is one of the header, its text, and its size in per cent.
fn narrow_cell(value: &Dict) -> Option<((usize, usize), bool, String, i64)> {
    let Ok(Value::Float(share)) = value.get("share") else { return None };
    let is_header = matches!(value.get("header"), Ok(Value::Bool(true)));
    // A size on the page, no figure of the bulletin.
    let percent = (share * 100.0).floor() as i64;
    Some((
        (index_of(value, "table")?, index_of(value, "column")?),
        is_header,
        text_of(value, "text")?,
        percent,
    ))
}

fn finding(
    project: &Project,
    issue: &Issue,
    (appendix, column): (usize, usize),
    narrow: &Narrow,
) -> Option<Diagnostic> {
    let appendix = issue.appendices.get(appendix)?;
    let schema = project.settings.tables.get(appendix.schema)?;
    let (_, column) = schema.columns_in(appendix.period).nth(column)?;
    let header = column.header_text();
    let place = format!("表 {} 的列“{}”太窄", schema.name, shown(&header));
    let message = match narrow.percent {
        0 => format!("{place}：边距之外没有地方，什么也放不下"),
        _ => format!(
            "{place}：{} 处要缩小才放得下，最小的“{}”缩到 {}%",
            narrow.count + narrow.words.len(),
            shown(&narrow.text),
            narrow.percent
        ),
    };
    let mut finding = Diagnostic::new(&rules::COLUMN_NARROW, message).at(column.width_at.clone()).hint(
        match (narrow.count, &column.role) {
            (0, _) => "请在 yuebao.toml 中加大这一列的 width（或减小别的列的），或缩短表头",
            (_, ColumnRole::Department) => {
                "请在 yuebao.toml 中加大这一列的 width（或减小别的列的）；或在 data/departments.toml 中改用较短的名称"
            }
            (_, ColumnRole::Sequence) => "请在 yuebao.toml 中加大这一列的 width（或减小别的列的）",
            (_, ColumnRole::Number(_)) => "请在 yuebao.toml 中加大这一列的 width（或减小别的列的）；或换大一些的单位（如万元），减少小数位数",
        },
    );
    if narrow.percent < LEAST_READABLE {
        finding.severity = Severity::Error;
    }
    Some(finding)
}
