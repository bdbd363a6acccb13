//! The same table as last month: every number equal, so that it is probably last month's file.

use super::history::TableHistory;
use crate::diagnostic::{Diagnostic, rules};
use crate::figure::Amount;

/// How many numbers other than zero must agree: two departments with the same small numbers say nothing.
const ENOUGH: usize = 4;

/// The finding that a table is the same as last month's, if it is.
pub(super) fn check(history: &TableHistory<'_, '_>) -> Option<Diagnostic> {
    let (month, table, entered) = history.last_month()?;
    let mut agreeing = 0;
    let mut rows = 0;
    for row in history.rows() {
        rows += 1;
        let before = table.row(row.department).and_then(|index| table.rows.get(index))?;
        for (index, place) in row.cells.iter().enumerate() {
            if place.is_none() {
                continue;
            }
            let (now, was) = (
                history.amount(row, index),
                before
                    .cells
                    .get(index)
                    .copied()
                    .flatten()
                    .map_or(Amount::Missing, |place| entered.ledger.amount(place)),
            );
            if now != was {
                return None;
            }
            agreeing += usize::from(now.number().is_some_and(|number| !number.is_zero()));
        }
    }
    if agreeing < ENOUGH || rows != table.rows.len() {
        return None;
    }
    let message = format!("表 {} 的每个数都与 {month} 的相同，是不是误放了上月的文件？", history.schema.name);
    Some(
        history
            .file_finding(&rules::CHECK_SAME_AS_LAST_MONTH, message)
            .hint("请核对文件；确实相同的，在 issue.toml 中用 [[acknowledge]] 确认"),
    )
}
