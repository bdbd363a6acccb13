//! Columns that are too narrow for what stands in them: the layout sets it smaller, and leaves a mark.

use std::collections::BTreeMap;

use typst::foundations::{Dict, Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::diagnostic::{Diagnostic, Severity, rules, shown};
use crate::issue::Issue;
use crate::project::Project;

/// The label of the marks.
const MARK: &str = "narrow";

/// Per cent of the usual 12 pt, below which a number cannot well be read: 小六, the smallest in use, has 6.5 pt.
const LEAST_READABLE: i64 = 54;

/// What is known of a column that is too narrow.
#[derive(Debug)]
struct Narrow {
    /// How many of its cells are set smaller.
    count: usize,
    /// The text that is set smallest.
    text: String,
    /// Its size in per cent of the usual.
    percent: i64,
}

/// A finding for each column that is too narrow, in the order of the appendices.
pub fn narrow_columns(project: &Project, issue: &Issue, document: &PagedDocument) -> Vec<Diagnostic> {
    let Some(label) = Label::new(PicoStr::intern(MARK)) else { return Vec::new() };
    let marks = document.introspector().query(&Selector::Label(label));
    let mut columns: BTreeMap<(usize, usize), Narrow> = BTreeMap::new();
    for mark in &marks {
        let Some(Value::Dict(value)) = mark.to_packed::<MetadataElem>().map(|mark| &mark.value) else {
            continue;
        };
        let Some((place, found)) = narrow(value) else { continue };
        let known = columns.entry(place).or_insert(Narrow { count: 0, text: String::new(), percent: 100 });
        known.count += found.count;
        if found.percent < known.percent {
            (known.text, known.percent) = (found.text, found.percent);
        }
    }
    columns.iter().filter_map(|(place, narrow)| finding(project, issue, *place, narrow)).collect()
}

fn narrow(value: &Dict) -> Option<((usize, usize), Narrow)> {
    let index = |key| match value.get(key) {
        Ok(Value::Int(index)) => usize::try_from(*index).ok(),
        _ => None,
    };
    let (Ok(Value::Str(text)), Ok(Value::Float(share))) = (value.get("text"), value.get("share")) else {
        return None;
    };
    // A size on the page, no figure of the bulletin.
    let percent = (share * 100.0).floor() as i64;
    Some(((index("table")?, index("column")?), Narrow { count: 1, text: text.as_str().to_owned(), percent }))
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
    let message = format!(
        "表 {} 的列“{}”太窄：{} 处要缩小才放得下，最小的“{}”缩到 {}%",
        schema.name,
        shown(&header),
        narrow.count,
        shown(&narrow.text),
        narrow.percent
    );
    let mut finding = Diagnostic::new(&rules::COLUMN_NARROW, message)
        .at(schema.title.location(0))
        .hint("请在 yuebao.toml 中加大这一列的 width；或换大一些的单位（如万元），减少小数位数");
    if narrow.percent < LEAST_READABLE {
        finding.severity = Severity::Error;
    }
    Some(finding)
}
