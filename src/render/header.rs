//! The printed header of a table: declared paths laid out as rows of merged cells.

use crate::project::{Month, TableSchema};

/// A header cell; the cells that it covers are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCell {
    /// The words.
    pub text: String,
    /// How many header rows it covers.
    pub rowspan: usize,
    /// How many columns it covers.
    pub colspan: usize,
}

/// The rows from the top of the header that a table has in a month. Neighbouring columns with the same words under the same
/// upper header share a cell; a short path reaches down to the last row.
pub fn header_rows(schema: &TableSchema, period: Month) -> Vec<Vec<HeaderCell>> {
    let paths: Vec<&[String]> =
        schema.columns_in(period).map(|(_, column)| column.header.as_slice()).collect();
    header_rows_of(&paths)
}

/// The header's rows over columns with these paths.
pub fn header_rows_of(paths: &[&[String]]) -> Vec<Vec<HeaderCell>> {
    let depth = paths.iter().map(|path| path.len()).max().unwrap_or(1);
    let mut rows: Vec<Vec<HeaderCell>> = vec![Vec::new(); depth];
    for (level, row) in rows.iter_mut().enumerate() {
        let mut column = 0;
        while let Some(path) = paths.get(column) {
            let Some(label) = path.get(level) else {
                column += 1;
                continue;
            };
            let ends_here = |path: &[String]| path.len() == level + 1;
            let shared = paths[column..]
                .iter()
                .take_while(|other| {
                    other.get(..=level) == path.get(..=level) && ends_here(other) == ends_here(path)
                })
                .count();
            let rowspan = if ends_here(path) { depth - level } else { 1 };
            row.push(HeaderCell { text: label.clone(), rowspan, colspan: shared });
            column += shared;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows in short: the words, and `rows×columns` where a cell covers several.
    fn drawn(paths: &[&[&str]]) -> Vec<String> {
        let paths: Vec<Vec<String>> =
            paths.iter().map(|path| path.iter().map(|part| (*part).to_owned()).collect()).collect();
        let paths: Vec<&[String]> = paths.iter().map(Vec::as_slice).collect();
        let cell = |cell: &HeaderCell| match (cell.rowspan, cell.colspan) {
            (1, 1) => cell.text.clone(),
            (rows, columns) => format!("{} {rows}×{columns}", cell.text),
        };
        header_rows_of(&paths)
            .iter()
            .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | "))
            .collect()
    }

    #[test]
    fn neighbours_share_their_upper_headers_whatever_their_depth() {
        assert_eq!(
            drawn(&[&["序号"], &["二", "甲", "受理"], &["二", "甲", "办结"], &["二", "乙"], &["三"]]),
            ["序号 3×1 | 二 1×3 | 三 3×1", "甲 1×2 | 乙 2×1", "受理 | 办结"]
        );
        assert_eq!(drawn(&[&["二", "乙"], &["二", "甲", "受理"]]), ["二 1×2", "乙 2×1 | 甲", "受理"]);
    }

    #[test]
    fn a_header_that_ends_is_none_over_others() {
        assert_eq!(drawn(&[&["数"], &["数", "其中"], &["数"]]), ["数 2×1 | 数 | 数 2×1", "其中"]);
    }
}
