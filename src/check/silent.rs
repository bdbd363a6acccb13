//! A department that fell silent: it had work in the months before, and has none in any column now.

use super::history::TableHistory;
use crate::calculation::{EnteredMonth, EnteredRow, EnteredTable};
use crate::diagnostic::{CellRef, Diagnostic, rules, shown};
use crate::figure::Amount;

/// How many months before are looked at.
const MONTHS: usize = 3;

/// All departments that fell silent, with the finding for each.
pub(super) fn check(history: &TableHistory<'_, '_>) -> Vec<(String, Diagnostic)> {
    let mut found = Vec::new();
    for row in history.rows() {
        // Blanks have been reported as such.
        let is_blank =
            |place: &Option<_>| place.is_some_and(|place| history.entered_amount(place) == Amount::Missing);
        if history.numbers(row).any(|number| !number.value.is_zero()) || row.cells.iter().any(is_blank) {
            continue;
        }
        let before: Vec<bool> =
            history.last_months(MONTHS).map(|(table, entered)| had_work(row, table, entered)).collect();
        if before.is_empty() || before.contains(&false) {
            continue;
        }
        let name = history.department(row);
        let message = format!("“{}”前 {} 个月都有业务，本月各列都是零或“/”", shown(name), before.len());
        let cell = first_cell(history, row);
        let diagnostic = history
            .finding(&rules::CHECK_SILENT, row, cell, message)
            .hint("请与部门核实是否漏报；属实的，在 issue.toml 中用 [[acknowledge]] 写明原因");
        found.push((name.to_owned(), diagnostic));
    }
    found
}

/// Whether there is a month to hold the departments against.
pub(super) fn has_past(history: &TableHistory<'_, '_>) -> bool {
    history.last_months(MONTHS).next().is_some()
}

fn had_work(row: &EnteredRow, table: &EnteredTable, entered: &EnteredMonth) -> bool {
    let cells = table.row(row.department).and_then(|index| table.rows.get(index)).map(|row| &row.cells);
    cells
        .into_iter()
        .flatten()
        .flatten()
        .any(|place| entered.ledger.amount(*place).number().is_some_and(|number| !number.is_zero()))
}

fn first_cell(history: &TableHistory<'_, '_>, row: &EnteredRow) -> CellRef {
    history.row_cells(row).first().copied().unwrap_or(CellRef::new(0, 0))
}
