//! The rows 合计 and 小计 of a file, held against the sums of what they stand for.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::diagnostic::{CellRef, Diagnostic, rules, shown};
use crate::figure::{Amount, FigureId, Ledger, sum};
use crate::project::{NumberColumn, TableSchema};
use crate::table::{DeclaredTotal, ReadTable, Record};

/// The figures of a row by column, with the index of its record.
pub type RowFigures<'a> = (usize, &'a [Option<FigureId>]);

/// Compares the declared totals of a table with the sums of its rows.
pub fn compare_totals(
    schema: &TableSchema,
    table: &ReadTable,
    ledger: &Ledger,
    rows: &[RowFigures<'_>],
) -> Vec<Diagnostic> {
    Comparison { schema, table, ledger }.compare(rows)
}

struct Comparison<'a> {
    schema: &'a TableSchema,
    table: &'a ReadTable,
    ledger: &'a Ledger,
}

impl Comparison<'_> {
    /// Compares the rows 合计 and 小计 with the sums of what they may stand for; all columns of a row in one message.
    fn compare(&self, rows: &[RowFigures<'_>]) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if self.table.records.incomplete {
            return diagnostics;
        }
        for total in &self.table.records.totals {
            let ranges = self.summed_ranges(total);
            // The reading that fits best is the one that was meant.
            let differences =
                ranges.into_iter().map(|range| self.differences(rows, total, range)).min_by_key(Vec::len);
            let Some(differences) = differences.filter(|differences| !differences.is_empty()) else {
                continue;
            };
            let Some((first, _)) = differences.first() else { continue };
            let texts: Vec<&str> = differences.iter().map(|(_, text)| text.as_str()).collect();
            let message = format!("“{}”不对：{}", shown(&total.label), texts.join("；"));
            diagnostics.push(
                Diagnostic::new(&rules::TOTAL_MISMATCH, message)
                    .at(self.table.location(total.source, *first))
                    .hint("请核对是合计没有更新，还是某个部门的数填错了；印出的合计总是由各部门相加得出"),
            );
        }
        diagnostics
    }

    /// The cells of a total that differ from the sums of a range of records, with both numbers.
    fn differences(
        &self,
        rows: &[RowFigures<'_>],
        total: &DeclaredTotal,
        range: Range<usize>,
    ) -> Vec<(CellRef, String)> {
        let mut differences = Vec::new();
        for (index, column) in self.schema.columns.iter().enumerate() {
            // A rate has no sum that an editor could have written.
            let is_sum = column.number().is_some_and(NumberColumn::is_summed);
            let Some(declared) = total.cells.get(index).and_then(Option::as_ref).filter(|_| is_sum) else {
                continue;
            };
            let Amount::Number(number) = declared.amount else { continue };
            let records = self.table.records.rows.get(range.clone()).unwrap_or_default();
            let cell_of = |record: &Record| record.cells.get(index).cloned().flatten();
            if records.iter().filter_map(cell_of).any(|cell| cell.faulty) {
                continue;
            }
            let amounts = rows
                .iter()
                .filter(|(at, _)| range.contains(at))
                .filter_map(|(_, cells)| cells.get(index).copied().flatten())
                .map(|place| self.ledger.amount(place));
            let Some(computed) = sum(amounts) else { continue };
            let computed_number = computed.number().unwrap_or(Decimal::ZERO);
            if computed_number != number {
                let apart = Amount::Number((number - computed_number).abs()).plain();
                let text = format!(
                    "“{}”填的是 {}，各部门相加是 {}，相差 {apart}",
                    shown(&column.header_text()),
                    declared.amount.plain(),
                    computed.plain()
                );
                differences.push((declared.cell, text));
            }
        }
        differences
    }

    /// The records that a total may stand for: a 小计 its block above or below, the last 合计 all, one in the middle its
    /// block, all above it, or all. What stands in another file is none of its concern.
    fn summed_ranges(&self, total: &DeclaredTotal) -> Vec<Range<usize>> {
        let records = &self.table.records;
        let start = records.rows.partition_point(|row| row.source < total.source);
        let end = records.rows.partition_point(|row| row.source <= total.source);
        let totals: Vec<&DeclaredTotal> =
            records.totals.iter().filter(|other| other.source == total.source).collect();
        let Some(index) = totals.iter().position(|other| std::ptr::eq(*other, total)) else {
            return Vec::new();
        };
        let before = index.checked_sub(1).and_then(|index| totals.get(index));
        let before = before.map_or(start, |before| before.position);
        let after = totals.get(index + 1).map_or(end, |after| after.position);
        let (above, below) = (before..total.position, total.position..after);
        let is_last = !totals.iter().skip(index + 1).any(|later| !later.is_subtotal);
        match (total.is_subtotal, is_last) {
            (true, _) => vec![above, below],
            (false, true) => std::iter::once(start..end).collect(),
            (false, false) => vec![above, below, start..total.position, start..end],
        }
    }
}
