//! How much of a file is read before it is refused: bounds for time and memory.
//!
//! Every bound is far above any table of a bulletin, and together they keep a
//! hostile file below half a gigabyte.

use super::fault::{Fault, Kind};

/// The largest file that is looked at, in bytes.
pub const LARGEST_FILE: usize = 64 * MEBIBYTE;

/// The memory that a child process may use to read one file, in bytes.
pub const CHILD_MEMORY_LIMIT: usize = 384 * MEBIBYTE;

/// All parts of an archive together, unpacked.
pub(super) const UNPACKED: u64 = 160 * MEBIBYTE as u64;
/// One part of an archive, unpacked.
pub(super) const UNPACKED_PART: u64 = 96 * MEBIBYTE as u64;
/// Entries of an archive, and references between its parts.
pub(super) const ENTRIES: usize = 16_384;
/// A TOML file, in bytes: its parser takes hundreds of times as much.
pub(super) const TOML: usize = MEBIBYTE;
/// Shared texts of a workbook.
pub(super) const SHARED_TEXTS: usize = 2_000_000;
/// Records of an .xls workbook.
pub(super) const RECORDS: usize = 16_000_000;
/// Sheets of a workbook.
pub(super) const SHEETS: usize = 512;
/// Merged regions of a sheet.
pub(super) const REGIONS: usize = 50_000;
/// Rows of all merged regions of a sheet together, and the rows of one of them that count.
pub(super) const REGION_ROWS: u32 = 200_000;
pub(super) const ROWS_OF_REGION: u32 = 1000;
/// Rows that a sheet can have, in Excel and in WPS.
pub(super) const ROWS: u32 = 1_048_576;
/// Columns that a sheet can have, in Excel and in WPS.
pub(super) const COLUMNS: u32 = 16_384;

const MEBIBYTE: usize = 1024 * 1024;

/// What a workbook may still contain.
#[derive(Debug)]
pub(super) struct Allowance {
    cells: usize,
    text: usize,
}

impl Default for Allowance {
    /// A hundred thousand rows of twenty columns, with a header and some notes.
    fn default() -> Self {
        Self { cells: 2_100_000, text: 64 * MEBIBYTE }
    }
}

impl Allowance {
    /// An allowance of so many cells and bytes of text.
    #[cfg(test)]
    pub(super) fn of(cells: usize, text: usize) -> Self {
        Self { cells, text }
    }

    /// Takes one cell with content from the allowance.
    pub(super) fn take_cell(&mut self) -> Result<(), Fault> {
        self.cells = self
            .cells
            .checked_sub(1)
            .ok_or_else(|| Fault::new(Kind::TooManyCells, "有内容的单元格超过 210 万个"))?;
        Ok(())
    }

    /// Takes the bytes of a text that is kept from the allowance.
    pub(super) fn take_text(&mut self, bytes: usize) -> Result<(), Fault> {
        self.text = self
            .text
            .checked_sub(bytes)
            .ok_or_else(|| Fault::new(Kind::TooManyCells, "单元格里的文字总量超过 64 MiB"))?;
        Ok(())
    }
}
