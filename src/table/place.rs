//! Where a table's cells are, and how its rows are shown in messages.

use crate::diagnostic::{CellRef, Excerpt, ExcerptCell, Location, shown};
use crate::project::TableSchema;
use crate::source::Sheet;

/// The file and sheet that a table stands in.
#[derive(Debug, Clone, Copy)]
pub struct TablePlace<'a> {
    /// The file's name within the project.
    pub file: &'a str,
    /// The sheet.
    pub sheet: &'a Sheet,
}

impl TablePlace<'_> {
    /// The place of a cell: its A1 name, or line and column in a text file that has no cells.
    pub fn location(&self, cell: CellRef) -> Location {
        let positions = &self.sheet.text_positions;
        // A value that is not written stands nowhere: its row begins at the first that is.
        let in_row = CellRef::new(cell.row, 0)..=CellRef::new(cell.row, u32::MAX);
        let position =
            positions.get(&cell).or_else(|| positions.range(in_row).next().map(|(_, position)| position));
        match position {
            Some(&(line, column)) => Location::Text { file: self.file.to_owned(), line, column },
            None if !positions.is_empty() => Location::file(self.file),
            None => Location::Cell { file: self.file.to_owned(), sheet: self.sheet.name.clone(), cell },
        }
    }

    /// The place of the sheet as a whole.
    pub fn sheet_location(&self) -> Location {
        match &self.sheet.name {
            Some(sheet) => Location::Sheet { file: self.file.to_owned(), sheet: sheet.clone() },
            None => Location::file(self.file),
        }
    }

    /// A row with its headers; `columns` are the sheet's columns of the declared ones, `content` gives
    /// what stands in one of these by the declared column's index and the sheet's column.
    pub fn row_excerpt(
        schema: &TableSchema,
        columns: &[Option<u32>],
        marked: CellRef,
        content: impl Fn(usize, u32) -> String,
    ) -> Excerpt {
        let cells = schema.columns.iter().zip(columns).enumerate().filter_map(|(index, (column, at))| {
            let at = (*at)?;
            Some(ExcerptCell {
                column: CellRef::column_letters(at),
                header: column.header_text(),
                content: shown(&content(index, at)),
                marked: at == marked.column,
            })
        });
        Excerpt::Row(cells.collect())
    }
}
