//! The printed header of a table: declared paths laid out as rows of merged cells.

use crate::project::TableSchema;

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

/// The header's rows from the top. Neighbouring columns with the same words under the same
/// upper header share a cell; a short path reaches down to the last row.
pub fn header_rows(schema: &TableSchema) -> Vec<Vec<HeaderCell>> {
    let paths: Vec<&[String]> = schema.columns.iter().map(|column| column.header.as_slice()).collect();
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
            let shared = paths[column..]
                .iter()
                .take_while(|other| {
                    other.len() == path.len().max(other.len()) && other.get(..=level) == path.get(..=level)
                })
                .filter(|other| level + 1 < path.len() || other.len() == path.len())
                .count()
                .max(1);
            let rowspan = if level + 1 == path.len() { depth - level } else { 1 };
            row.push(HeaderCell { text: label.clone(), rowspan, colspan: shared });
            column += shared;
        }
    }
    rows
}
