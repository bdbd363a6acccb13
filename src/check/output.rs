//! Output without intake: something was completed though nothing was accepted.

use super::history::TableHistory;
use crate::diagnostic::{Diagnostic, rules, shown};
use crate::figure::Amount;

/// All rows with output and no intake; which column is whose intake is declared.
pub(super) fn check(history: &TableHistory<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for row in history.rows() {
        for number in history.numbers(row) {
            let Some(intake) = number.column.number().and_then(|column| column.intake) else { continue };
            let taken_in = history.amount(row, intake);
            let has_intake = taken_in.number().is_some_and(|taken_in| !taken_in.is_zero());
            if has_intake || number.value.is_zero() {
                continue;
            }
            let header =
                history.schema.columns.get(intake).map(|column| column.header_text()).unwrap_or_default();
            let state = match taken_in {
                Amount::Number(_) => "是 0",
                Amount::NotApplicable => "是“/”",
                Amount::Missing => "是空白",
                // It hangs on a month that is not there: nothing can be said.
                Amount::Unknown => continue,
            };
            let message = format!(
                "{}是 {}，对应的“{}”却{state}",
                history.named(row, number.column),
                Amount::Number(number.value).plain(),
                shown(&header)
            );
            found.push(
                history.finding(&rules::CHECK_OUTPUT_WITHOUT_INTAKE, row, number.cell.cell, message).hint(
                    "请与部门核实是否漏填或填错了列；属实的，在 issue.toml 中用 [[acknowledge]] 写明原因",
                ),
            );
        }
    }
    found
}
