//! Places in an editor's files, named as the editor's own programs name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::visible;

/// A cell by zero-based row and column; shown as Excel names it, `D17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellRef {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub column: u32,
}

impl CellRef {
    /// The cell at a zero-based row and column.
    pub fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// The letters of a zero-based column: 0 is `A`, 26 is `AA`.
    pub fn column_letters(column: u32) -> String {
        let mut letters = Vec::new();
        let mut rest = u64::from(column) + 1;
        while rest > 0 {
            let digit = (rest - 1) % 26;
            letters.push(char::from(b'A' + digit as u8));
            rest = (rest - 1) / 26;
        }
        letters.iter().rev().collect()
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Self::column_letters(self.column), u64::from(self.row) + 1)
    }
}

/// Where a finding stands. A file's name is its path within the project, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Location {
    /// A file or folder as a whole.
    File {
        /// The file.
        file: String,
    },
    /// A sheet as a whole.
    Sheet {
        /// The file.
        file: String,
        /// The sheet's name.
        sheet: String,
    },
    /// A cell of a sheet.
    Cell {
        /// The file.
        file: String,
        /// The sheet's name; a csv file has none.
        sheet: Option<String>,
        /// The cell.
        cell: CellRef,
    },
    /// A place in a text file.
    Text {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
}

impl Location {
    /// The whole of a file.
    pub fn file(file: impl Into<String>) -> Self {
        Self::File { file: file.into() }
    }

    /// The place of a byte offset in a text file.
    pub fn in_text(file: impl Into<String>, text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self::Text {
            file: file.into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The cell's name, or the line, for lists of places in one file.
    pub fn cell_name(&self) -> Option<String> {
        match self {
            Self::Cell { cell, .. } => Some(cell.to_string()),
            Self::Text { line, .. } => Some(format!("第 {line} 行")),
            Self::File { .. } | Self::Sheet { .. } => None,
        }
    }

    /// The file that the place is in.
    pub fn path(&self) -> &str {
        match self {
            Self::File { file }
            | Self::Sheet { file, .. }
            | Self::Cell { file, .. }
            | Self::Text { file, .. } => file,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files and sheets come from outside like all else.
        let file = visible(self.path());
        match self {
            Self::File { .. } => write!(f, "{file}"),
            Self::Sheet { sheet, .. } => write!(f, "{file} {}", visible(sheet)),
            Self::Cell { sheet: Some(sheet), cell, .. } => write!(f, "{file} {}!{cell}", visible(sheet)),
            Self::Cell { sheet: None, cell, .. } => write!(f, "{file} {cell}"),
            Self::Text { line, column, .. } => write!(f, "{file}:{line}:{column}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_excel_names_them() {
        for (row, column, name) in
            [(0, 0, "A1"), (16, 3, "D17"), (0, 25, "Z1"), (9, 26, "AA10"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(CellRef::new(row, column).to_string(), name);
        }
    }

    #[test]
    fn columns_of_text_count_characters() {
        let text = "甲 = 1\n标题 = \"坏\"\n";
        let offset = text.find("\"坏").unwrap();
        assert_eq!(Location::in_text("a.toml", text, offset).to_string(), "a.toml:2:6");
    }
}
