//! The rows 合计 and 小计 of a file, held against the sums of what they stand for.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::diagnostic::{CellRef, Diagnostic, rules, shown};
use crate::figure::{Amount, Exact, FigureId, Ledger, sum};
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
    if table.records.totals.is_empty() {
        return Vec::new();
    }
    let mut by_record = vec![None; table.records.rows.len()];
    for (record, figures) in rows {
        if let Some(place) = by_record.get_mut(*record) {
            *place = Some(*figures);
        }
    }
    Comparison { schema, table, ledger, by_record }.compare()
}

struct Comparison<'a> {
    schema: &'a TableSchema,
    table: &'a ReadTable,
    ledger: &'a Ledger,
    /// For each record, its row's figures by column.
    by_record: Vec<Option<&'a [Option<FigureId>]>>,
}

impl Comparison<'_> {
    /// Compares the rows 合计 and 小计 with the sums of what they may stand for; all columns of a row in one message.
    fn compare(&self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if self.table.records.incomplete {
            return diagnostics;
        }
        for total in &self.table.records.totals {
            let ranges = self.summed_ranges(total);
            // The reading that fits best is the one that was meant.
            let differences =
                ranges.into_iter().map(|range| self.differences(total, range)).min_by_key(Vec::len);
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
    fn differences(&self, total: &DeclaredTotal, range: Range<usize>) -> Vec<(CellRef, String)> {
        let mut differences = Vec::new();
        for (index, column) in self.schema.columns.iter().enumerate() {
            // A rate has no sum that an editor could have written.
            let is_sum = column.number().is_some_and(NumberColumn::is_summed);
            let Some(declared) = total.cells.get(index).and_then(Option::as_ref).filter(|_| is_sum) else {
                continue;
            };
            let Amount::Number(number) = declared.amount else { continue };
            let records = self.table.records.rows.get(range.clone()).unwrap_or_default();
            let is_faulty = |record: &Record| {
                record.cells.get(index).is_some_and(|cell| cell.as_ref().is_some_and(|cell| cell.faulty))
            };
            if records.iter().any(is_faulty) {
                continue;
            }
            let rows = self.by_record.get(range.clone()).unwrap_or_default().iter().flatten();
            let figures = rows.filter_map(|figures| figures.get(index).copied().flatten());
            let amounts = figures.map(|place| self.ledger.amount(place));
            let Some(computed) = sum(amounts) else { continue };
            let computed_number = computed.number().unwrap_or(Decimal::ZERO);
            if computed_number != number {
                let apart = Exact::from(number).minus(&computed_number.into()).decimal();
                let apart = apart.map(|apart| format!("，相差 {}", Amount::Number(apart.abs()).plain()));
                let text = format!(
                    "“{}”填的是 {}，各部门相加是 {}{}",
                    shown(&column.header_text()),
                    declared.amount.plain(),
                    computed.plain(),
                    apart.unwrap_or_default()
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
