//! Collects a sheet's cells, in whatever order a file has them, into a [`Sheet`].

use std::collections::BTreeSet;

use super::limits;
use super::workbook::{Cell, Content, Region, Row, Sheet};
use crate::diagnostic::CellRef;

/// A sheet in the making.
#[derive(Debug, Default)]
pub(super) struct SheetBuilder {
    rows: Vec<Row>,
    current: Option<u32>,
    cells: Vec<Cell>,
    /// Some cell came after one that stands behind it.
    unordered: bool,
    merged: Vec<Region>,
    /// The rows of all of them together.
    merged_rows: u32,
    hidden_rows: Vec<(u32, u32)>,
    hidden_columns: Vec<(u32, u32)>,
}

impl SheetBuilder {
    /// Goes on with a sheet that is finished.
    pub(super) fn reopen(sheet: Sheet) -> Self {
        Self { rows: sheet.rows, merged: sheet.merged, unordered: true, ..Self::default() }
    }

    /// Adds a cell that has content.
    pub(super) fn push(&mut self, at: CellRef, content: Content) {
        if self.current != Some(at.row) {
            self.unordered |= self.current.is_some_and(|current| current > at.row);
            self.close_row();
            self.current = Some(at.row);
        }
        self.unordered |= self.cells.last().is_some_and(|last| last.column >= at.column);
        self.cells.push(Cell { column: at.column, content });
    }

    /// Hides rows, both included.
    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        extend(&mut self.hidden_rows, first, last);
    }

    /// Hides columns, both included.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        extend(&mut self.hidden_columns, first, last);
    }

    /// Adds a merged region; false when there are too many.
    pub(super) fn merge(&mut self, first: CellRef, last: CellRef) -> bool {
        if first != last {
            self.merged.push(Region { first, last });
            let rows = last.row.saturating_sub(first.row).saturating_add(1).min(limits::ROWS_OF_REGION);
            self.merged_rows = self.merged_rows.saturating_add(rows);
        }
        self.merged.len() <= limits::REGIONS && self.merged_rows <= limits::REGION_ROWS
    }

    /// The sheet, and a cell that the file has twice.
    ///
    /// Of hidden rows and columns only those with content are kept: a file may hide
    /// a million empty ones.
    pub(super) fn finish(mut self, name: Option<String>, hidden: bool) -> (Sheet, Option<CellRef>) {
        self.close_row();
        let mut twice = None;
        if self.unordered {
            twice = self.put_in_order();
        }
        let hidden_rows = covered(self.hidden_rows, self.rows.iter().map(|row| row.index));
        let columns: BTreeSet<u32> = if self.hidden_columns.is_empty() {
            BTreeSet::new()
        } else {
            self.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column).collect()
        };
        let hidden_columns = covered(self.hidden_columns, columns.into_iter());
        let sheet = Sheet {
            name,
            rows: self.rows,
            merged: self.merged,
            hidden,
            hidden_rows,
            hidden_columns,
            ..Sheet::default()
        };
        (sheet, twice)
    }

    fn close_row(&mut self) {
        if let Some(index) = self.current.take()
            && !self.cells.is_empty()
        {
            // Collected anew, so that a row of one cell has room for one cell.
            self.rows.push(Row { index, cells: self.cells.drain(..).collect() });
        }
    }

    fn put_in_order(&mut self) -> Option<CellRef> {
        let mut cells: Vec<(CellRef, Content)> = std::mem::take(&mut self.rows)
            .into_iter()
            .flat_map(|row| {
                let index = row.index;
                row.cells.into_iter().map(move |cell| (CellRef::new(index, cell.column), cell.content))
            })
            .collect();
        cells.sort_by_key(|(at, _)| *at);
        let twice = cells.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0);
        cells.dedup_by_key(|(at, _)| *at);
        for (at, content) in cells {
            self.push(at, content);
        }
        self.close_row();
        twice
    }
}

/// Adds a range, as one with the last where they touch.
fn extend(ranges: &mut Vec<(u32, u32)>, first: u32, last: u32) {
    match ranges.last_mut() {
        Some((_, end)) if end.checked_add(1) == Some(first) => *end = last.max(*end),
        _ => ranges.push((first, last)),
    }
}

/// Of ascending indices, those that lie in one of the ranges. Takes both in one
/// sweep: a hostile file has millions of ranges.
fn covered(mut ranges: Vec<(u32, u32)>, indices: impl Iterator<Item = u32>) -> BTreeSet<u32> {
    ranges.sort_unstable();
    let mut ranges = ranges.into_iter().peekable();
    let mut reached = None;
    indices
        .filter(|index| {
            while let Some((_, last)) = ranges.next_if(|(first, _)| first <= index) {
                reached = reached.max(Some(last));
            }
            reached.is_some_and(|last| *index <= last)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &str) -> Content {
        Content::Text(content.to_owned())
    }

    #[test]
    fn cells_are_put_in_order_and_repetitions_found() {
        let mut builder = SheetBuilder::default();
        for (row, column, content) in [(2, 1, "c"), (0, 3, "b"), (0, 1, "a"), (2, 1, "again")] {
            builder.push(CellRef::new(row, column), text(content));
        }
        let (sheet, twice) = builder.finish(None, false);
        assert_eq!(twice, Some(CellRef::new(2, 1)));
        let found: Vec<_> = sheet
            .rows
            .iter()
            .flat_map(|row| row.cells.iter().map(|cell| (row.index, cell.column, cell.content.clone())))
            .collect();
        assert_eq!(found, [(0, 1, text("a")), (0, 3, text("b")), (2, 1, text("c"))]);
    }

    #[test]
    fn of_hidden_rows_and_columns_those_with_content_are_kept() {
        let mut builder = SheetBuilder::default();
        builder.hide_rows(1, 1);
        builder.hide_rows(2, 1_000_000);
        builder.hide_columns(2, 16_383);
        for row in 0..4 {
            builder.push(CellRef::new(row, row), text("x"));
        }
        let (sheet, twice) = builder.finish(None, false);
        assert_eq!(twice, None);
        assert_eq!(sheet.hidden_rows, BTreeSet::from([1, 2, 3]));
        assert_eq!(sheet.hidden_columns, BTreeSet::from([2, 3]));
    }
}
