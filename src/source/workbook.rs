//! The one shape that every kind of file is read into: sheets, rows, cells.
//!
//! Positions are as in the file. Only what stands in the file is kept: a blank
//! cell is an absent one. Nothing here knows what a cell is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::diagnostic::CellRef;

/// A file of sheets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workbook {
    /// The sheets in the file's order; csv and TOML files have one.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The sheet's name; none in csv and TOML files.
    pub name: Option<String>,
    /// Rows that have content, in ascending order.
    pub rows: Vec<Row>,
    /// Merged regions; the content stands in the top left cell.
    pub merged: Vec<Region>,
    /// Whether the sheet itself is hidden.
    pub hidden: bool,
    /// Hidden rows, zero-based.
    pub hidden_rows: BTreeSet<u32>,
    /// Hidden columns, zero-based.
    pub hidden_columns: BTreeSet<u32>,
    /// For cells that stand in a text file (TOML): line and column, from 1.
    /// Never crosses to a child process, where no text file is read (and JSON has no such keys).
    #[serde(skip)]
    pub text_positions: BTreeMap<CellRef, (usize, usize)>,
    /// How many fields the rows of a text file with separators have, empty ones too; by zero-based row.
    #[serde(skip)]
    pub field_counts: BTreeMap<u32, u32>,
}

/// A row that has content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Zero-based row.
    pub index: u32,
    /// Cells that have content, in ascending order of columns.
    pub cells: Vec<Cell>,
}

/// A cell that has content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Zero-based column.
    pub column: u32,
    /// What stands there.
    pub content: Content,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// A number, exactly: see [`crate::source::number`] for how a stored double becomes one.
    Number(Decimal),
    /// A number that the sheet shows as a percentage; the stored value, 0.98 for 98%.
    Percentage(Decimal),
    /// A number behind which the sheet shows a word such as 千 or 万, without having divided it: 13 for 13千件.
    Multiple(Decimal, String),
    /// A number that is shown divided, with such a word behind or without: 505000 as 50.5万.
    Divided(Decimal, Option<String>),
    /// A number too large for an exact decimal, as written.
    HugeNumber(String),
    /// A text; never empty, perhaps only white space.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A date, time or duration, as ISO 8601 or as the serial number it is stored as.
    Date(String),
    /// An error value such as `#N/A`.
    Error(String),
    /// A formula whose result was not stored; the formula's text, perhaps empty.
    FormulaWithoutValue(String),
}

/// A rectangle of cells, both corners included, zero-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Region {
    /// The top left cell.
    pub first: CellRef,
    /// The bottom right cell.
    pub last: CellRef,
}

impl Region {
    /// Whether a cell lies in the rectangle.
    pub fn contains(&self, cell: CellRef) -> bool {
        (self.first.row..=self.last.row).contains(&cell.row)
            && (self.first.column..=self.last.column).contains(&cell.column)
    }
}

impl Sheet {
    /// The content of a cell, if it has any; merged regions are not looked through.
    pub fn content(&self, cell: CellRef) -> Option<&Content> {
        self.row(cell.row)?.content(cell.column)
    }

    /// The row of a zero-based index, if it has content.
    pub fn row(&self, index: u32) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&index, |row| row.index).ok()?;
        self.rows.get(at)
    }
}

impl Row {
    /// The content of a zero-based column, if it has any.
    pub fn content(&self, column: u32) -> Option<&Content> {
        let at = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        self.cells.get(at).map(|cell| &cell.content)
    }
}

impl Content {
    /// The content as the editor sees it in the cell, as far as it is known.
    pub fn written(&self) -> String {
        match self {
            // Most cells hold counts, and the library goes a long way to write one.
            Self::Number(number) if number.scale() == 0 && !number.is_zero() => number.mantissa().to_string(),
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Content {
    /// The content as the editor sees it in the cell, as far as it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Percentage(share) => match share.checked_mul(Decimal::ONE_HUNDRED) {
                Some(percent) => write!(f, "{}%", percent.normalize()),
                None => write!(f, "{share}"),
            },
            Self::Divided(number, _) => write!(f, "{number}"),
            Self::Multiple(number, word) => write!(f, "{number}{word}"),
            Self::HugeNumber(text) | Self::Text(text) | Self::Date(text) | Self::Error(text) => {
                f.write_str(text)
            }
            Self::Boolean(true) => f.write_str("TRUE"),
            Self::Boolean(false) => f.write_str("FALSE"),
            Self::FormulaWithoutValue(formula) => f.write_str(formula),
        }
    }
}
