//! One finding for a fault that a whole column shares.

use crate::diagnostic::{Diagnostic, Excerpt, Rule, grouped, rules};

/// The most faults of one rule in one column that are reported one by one.
const MOST_REPEATED: usize = 5;

/// The most cells that are listed with more than their names.
const MOST_BRIEFED: usize = 30;

/// The rules whose faults come by the column when the column as a whole is wrong.
const GATHERED: [&Rule; 11] = [
    &rules::DEPARTMENT_BLANK,
    &rules::DEPARTMENT_UNKNOWN,
    &rules::MALFORMED_CSV,
    &rules::CELL_NUMBER_AS_TEXT,
    &rules::CELL_MISSING,
    &rules::CELL_NOT_A_NUMBER,
    &rules::CELL_ERROR_VALUE,
    &rules::CELL_FORMULA_WITHOUT_VALUE,
    &rules::CELL_NOT_WHOLE,
    &rules::CELL_DECIMALS,
    &rules::CELL_NEGATIVE,
];

/// A finding about a cell, with what a list of several such cells says of this one.
pub struct CellFinding {
    pub diagnostic: Diagnostic,
    pub brief: Option<String>,
}

/// The same fault all down a column is one finding, not hundreds: a wrong format, forgotten decimals, a blank sheet.
pub fn gather_repeated(findings: Vec<CellFinding>) -> Vec<Diagnostic> {
    let gather = |group: Vec<CellFinding>| match group.len() > MOST_REPEATED {
        true => joined(&group).into_iter().collect(),
        false => group.into_iter().map(|found| found.diagnostic).collect::<Vec<_>>(),
    };
    grouped(findings, shared_by).into_iter().flat_map(gather).collect()
}

fn joined(group: &[CellFinding]) -> Option<Diagnostic> {
    let count = group.len();
    let mut first = group.first()?.diagnostic.clone();
    let named =
        group.iter().filter_map(|found| Some((found.diagnostic.location.as_ref()?.cell_name()?, found)));
    let told = named.map(|(cell, found)| match &found.brief {
        Some(brief) => format!("{cell} {brief}"),
        None => cell,
    });
    let is_briefed = group.iter().any(|found| found.brief.is_some());
    let most = if is_briefed { MOST_BRIEFED } else { usize::MAX };
    let cells: Vec<String> = told.take(most).collect();
    let more = if count > most { format!("……（共 {count} 处）") } else { String::new() };
    first.message = format!("这一列有 {count} 处同样的问题，第一处：{}", first.message);
    first.places = count;
    first.hints.push(format!("这些单元格是：{}{more}", cells.join("、")));
    Some(first)
}

/// What a fault shares with others of its column: the rule, the column and the remedy.
fn shared_by(found: &CellFinding) -> Option<(&'static str, String, Vec<String>)> {
    let diagnostic = &found.diagnostic;
    let Some(Excerpt::Row(cells)) = &diagnostic.excerpt else { return None };
    let marked = cells.iter().find(|cell| cell.marked)?;
    let is_gathered = GATHERED.contains(&diagnostic.rule);
    is_gathered.then(|| (diagnostic.rule.code, marked.column.clone(), diagnostic.hints.clone()))
}
