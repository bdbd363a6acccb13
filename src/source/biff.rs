//! The records of an .xls workbook, walked once before calamine reads it.
//!
//! The walk refuses what calamine would fail on without an address or with
//! hundreds of megabytes (it lays every sheet out densely), and gathers what
//! calamine does not tell: hidden rows and columns, number formats, and formulas
//! whose text is not stored. A formula of numbers always has a result in this format.

use std::collections::BTreeMap;
use std::ops::Range;

use encoding_rs::GBK;

use super::fault::{Fault, Kind};
use super::limits;
use super::number_format::{NumberKind, NumberStyles};
use super::ole::{number_16, number_32};
use super::sheet_builder::SheetBuilder;
use crate::diagnostic::CellRef;

/// Cells of all sheets laid out densely, blank ones included.
const DENSE_CELLS: u64 = 2_000_000;

/// What the walk may still come across.
struct Budget {
    dense_cells: u64,
    records: usize,
}

/// What the walk has gathered.
#[derive(Default)]
pub(super) struct Notes {
    /// The worksheets in the order of their tabs.
    pub(super) sheets: Vec<SheetNotes>,
    /// Where the stream declares the ranges that its sheets use. They are often far
    /// too large and sometimes wrong, and calamine makes room for all of it.
    pub(super) dimensions: Vec<Range<usize>>,
}

/// What the walk has gathered about one sheet.
#[derive(Default)]
pub(super) struct SheetNotes {
    /// Hidden rows and columns; no cells.
    pub(super) hidden: Vec<Hidden>,
    /// Formulas that have a text which is not there.
    pub(super) without_value: Vec<CellRef>,
    /// Numbers that are not shown as they are stored.
    pub(super) formats: BTreeMap<CellRef, NumberKind>,
}

/// A range of hidden rows or columns, both ends included.
#[derive(Clone, Copy)]
pub(super) enum Hidden {
    Rows(u32, u32),
    Columns(u32, u32),
}

impl Hidden {
    /// Hides the range in a sheet.
    pub(super) fn apply(self, builder: &mut SheetBuilder) {
        match self {
            Self::Rows(first, last) => builder.hide_rows(first, last),
            Self::Columns(first, last) => builder.hide_columns(first, last),
        }
    }
}

/// Walks the workbook's stream.
pub(super) fn walk(stream: &[u8]) -> Result<Notes, Fault> {
    let mut notes = Notes::default();
    let mut budget = Budget { dense_cells: DENSE_CELLS, records: limits::RECORDS };
    let mut styles = NumberStyles::default();
    let mut has_unicode = true;
    // Where the sheets begin, and whether they are worksheets: macros and charts are sheets of other kinds.
    let mut sheets: Vec<(usize, bool)> = Vec::new();
    for record in Records::new(stream, 0) {
        match record.kind {
            FILE_PASS => return Err(Fault::new(Kind::Password, "")),
            BEGIN => has_unicode = number_16(record.data, 0).is_none_or(|version| version >= VERSION_8),
            FORMAT => {
                if let (Some(id), Some(code)) =
                    (number_16(record.data, 0), format_code(record.data, has_unicode))
                {
                    styles.declare(id.into(), &code);
                }
            }
            CELL_STYLE => styles.add(number_16(record.data, 2).map(u32::from)),
            BOUND_SHEET => {
                let start = number_32(record.data, 0).unwrap_or(u32::MAX) as usize;
                sheets.push((start, record.data.get(5) == Some(&0)));
                if sheets.len() > limits::SHEETS {
                    let detail = format!("工作表超过 {} 个", limits::SHEETS);
                    return Err(Fault::new(Kind::TooManyCells, detail));
                }
            }
            END => break,
            _ => {}
        }
    }
    for (start, is_worksheet) in sheets {
        let sheet = walk_sheet(stream, start, &styles, &mut budget, &mut notes.dimensions)?;
        if is_worksheet {
            notes.sheets.push(sheet);
        }
    }
    if notes.sheets.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    Ok(notes)
}

fn walk_sheet(
    stream: &[u8],
    start: usize,
    styles: &NumberStyles,
    budget: &mut Budget,
    dimensions: &mut Vec<Range<usize>>,
) -> Result<SheetNotes, Fault> {
    let mut notes = SheetNotes::default();
    let mut depth = 0u32;
    let mut used: Option<(CellRef, CellRef)> = None;
    let mut awaiting_text = None;
    for record in Records::new(stream, start) {
        // Many sheets may claim the same records.
        budget.records = budget
            .records
            .checked_sub(1)
            .ok_or_else(|| Fault::new(Kind::TooManyCells, "工作簿的记录过多"))?;
        match record.kind {
            BEGIN => depth += 1,
            // Charts within the sheet have records of their own.
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            ROW => {
                let flags = number_16(record.data, 12).unwrap_or(0);
                if let (Some(row), true) = (number_16(record.data, 0), flags & 0x20 != 0) {
                    notes.hidden.push(Hidden::Rows(row.into(), row.into()));
                }
            }
            COLUMN_INFO => {
                let flags = number_16(record.data, 8).unwrap_or(0);
                let ends = (number_16(record.data, 0), number_16(record.data, 2));
                if let ((Some(first), Some(last)), true) = (ends, flags & 1 != 0) {
                    notes.hidden.push(Hidden::Columns(first.into(), last.into()));
                }
            }
            DIMENSIONS if record.data.len() < 10 => {
                return Err(Fault::damaged("工作表登记的范围不完整"));
            }
            DIMENSIONS => dimensions.push(record.at..record.at + record.data.len()),
            TEXT_OF_FORMULA => awaiting_text = None,
            NUMBER | LABEL | RICH_LABEL | BOOLEAN_OR_ERROR | RK | SHARED_LABEL | FORMULA | SEVERAL_RK => {
                notes.without_value.extend(awaiting_text.take());
                let Some(at) = number_16(record.data, 0).zip(number_16(record.data, 2)) else {
                    return Err(Fault::damaged("单元格的记录不完整"));
                };
                let at = CellRef::new(at.0.into(), at.1.into());
                if record.kind == FORMULA && has_text(record.data) {
                    awaiting_text = Some(at);
                }
                if matches!(record.kind, NUMBER | RK | FORMULA | SEVERAL_RK) {
                    // Six bytes for each cell: its style and, if there are several, its number.
                    let styled = record.data.get(4..).unwrap_or_default().chunks(6).zip(at.column..);
                    let several = if record.kind == SEVERAL_RK { usize::MAX } else { 1 };
                    for (cell, column) in styled.take(several) {
                        let Some(style) = number_16(cell, 0).filter(|_| cell.len() == 6) else { continue };
                        let kind = styles.kind(style.into());
                        if !matches!(kind, NumberKind::Plain | NumberKind::Moment | NumberKind::Duration) {
                            notes.formats.insert(CellRef::new(at.row, column), kind);
                        }
                    }
                }
                let last = match record.kind {
                    // Six bytes for each cell after row and column.
                    SEVERAL_RK => at.column + (record.data.len() as u32).saturating_sub(6) / 6,
                    _ => at.column,
                };
                used = Some(match used {
                    None => (at, CellRef::new(at.row, last)),
                    Some((a, b)) => (
                        CellRef::new(a.row.min(at.row), a.column.min(at.column)),
                        CellRef::new(b.row.max(at.row), b.column.max(last)),
                    ),
                });
            }
            _ => {}
        }
    }
    notes.without_value.extend(awaiting_text);
    if let Some((first, last)) = used {
        let area = u64::from(last.row - first.row + 1) * u64::from(last.column - first.column + 1);
        budget.dense_cells = budget.dense_cells.checked_sub(area).ok_or_else(|| {
            Fault::new(Kind::TooManyCells, format!("用到的范围是 {first}:{last}，其中大多是空的"))
        })?;
    }
    Ok(notes)
}

/// The code of a number format: its length and then its characters, in UTF-16 or one byte each; before version 8 in
/// the code page, which is taken for the Chinese one, for only the words behind a number matter.
fn format_code(data: &[u8], has_unicode: bool) -> Option<String> {
    if !has_unicode {
        let length = usize::from(*data.get(2)?);
        return Some(GBK.decode_without_bom_handling(data.get(3..3 + length)?).0.into_owned());
    }
    let length = usize::from(number_16(data, 2)?);
    match data.get(4)? & 1 {
        0 => Some(data.get(5..5 + length)?.iter().map(|byte| char::from(*byte)).collect()),
        _ => {
            let units: Option<Vec<u16>> = (0..length).map(|index| number_16(data, 5 + 2 * index)).collect();
            Some(String::from_utf16_lossy(&units?))
        }
    }
}

/// Whether a formula's result is a text, which then comes in a record of its own.
fn has_text(formula: &[u8]) -> bool {
    formula.get(6) == Some(&0) && formula.get(12..14) == Some(&[0xFF, 0xFF])
}

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const COLUMN_INFO: u16 = 0x007D;
const CELL_STYLE: u16 = 0x00E0;
const BOUND_SHEET: u16 = 0x0085;
const SEVERAL_RK: u16 = 0x00BD;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_LABEL: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOLEAN_OR_ERROR: u16 = 0x0205;
const TEXT_OF_FORMULA: u16 = 0x0207;
const ROW: u16 = 0x0208;
const FORMAT: u16 = 0x041E;
const RK: u16 = 0x027E;
const BEGIN: u16 = 0x0809;

/// The version of Excel 97, which came with texts in UTF-16.
const VERSION_8: u16 = 0x0600;

/// The records of a stream from an offset on, as far as they are whole.
struct Records<'stream> {
    stream: &'stream [u8],
    next: usize,
}

struct Record<'stream> {
    kind: u16,
    data: &'stream [u8],
    /// Where in the stream the data begin.
    at: usize,
}

impl<'stream> Records<'stream> {
    fn new(stream: &'stream [u8], start: usize) -> Self {
        Self { stream, next: start }
    }
}

impl<'stream> Iterator for Records<'stream> {
    type Item = Record<'stream>;

    fn next(&mut self) -> Option<Self::Item> {
        let kind = number_16(self.stream, self.next)?;
        let length = usize::from(number_16(self.stream, self.next.checked_add(2)?)?);
        let at = self.next.checked_add(4)?;
        let data = self.stream.get(at..at.checked_add(length)?)?;
        self.next = at + length;
        Some(Record { kind, data, at })
    }
}
