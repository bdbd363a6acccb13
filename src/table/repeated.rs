//! One finding for a fault that a whole column shares.

use super::values::PLAIN_TEXT_HINT;
use crate::diagnostic::{Diagnostic, Excerpt, Rule, grouped, rules};

/// The most faults of one rule in one column that are reported one by one.
const MOST_REPEATED: usize = 5;

/// The rules whose faults come by the column when the column as a whole is wrong.
const GATHERED: [&Rule; 9] = [
    &rules::DEPARTMENT_BLANK,
    &rules::CELL_NUMBER_AS_TEXT,
    &rules::CELL_MISSING,
    &rules::CELL_NOT_A_NUMBER,
    &rules::CELL_ERROR_VALUE,
    &rules::CELL_FORMULA_WITHOUT_VALUE,
    &rules::CELL_NOT_WHOLE,
    &rules::CELL_DECIMALS,
    &rules::CELL_NEGATIVE,
];

/// The same fault all down a column is one finding, not hundreds: a wrong format, forgotten decimals, a blank sheet.
pub fn gather_repeated(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let gather = |mut group: Vec<Diagnostic>| {
        let count = group.len();
        if count > MOST_REPEATED {
            let cells: Vec<String> =
                group.iter().filter_map(|found| found.location.as_ref()?.cell_name()).collect();
            group.truncate(1);
            if let Some(first) = group.first_mut() {
                first.message = format!("这一列有 {count} 处同样的问题，第一处：{}", first.message);
                first.places = count;
                first.hints.push(format!("这些单元格是：{}", cells.join("、")));
            }
        }
        group
    };
    grouped(diagnostics, shared_by).into_iter().flat_map(gather).collect()
}

/// What a fault shares with others of its column: the rule, the column and the remedy.
fn shared_by(diagnostic: &Diagnostic) -> Option<(&'static str, String, Vec<String>)> {
    // A number with a unit or a separator is to be looked at by itself.
    let is_doubtful = diagnostic.rule == &rules::CELL_NUMBER_AS_TEXT
        && diagnostic.hints.first().is_none_or(|hint| hint != PLAIN_TEXT_HINT);
    let Some(Excerpt::Row(cells)) = &diagnostic.excerpt else { return None };
    let marked = cells.iter().find(|cell| cell.marked)?;
    let is_gathered = GATHERED.contains(&diagnostic.rule) && !is_doubtful;
    is_gathered.then(|| (diagnostic.rule.code, marked.column.clone(), diagnostic.hints.clone()))
}
