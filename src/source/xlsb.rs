//! .xlsb: what is done before and after calamine reads one.
//!
//! calamine gives the values of cells. Merged regions, hidden rows and columns, number
//! formats, and errors that formulas result in (which its stream of cells leaves out)
//! are gathered here from the records of each sheet.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::fault::{Fault, Kind};
use super::isolate::{self, Isolation};
use super::limits;
use super::number_format::{NumberKind, NumberStyles, show_numbers};
use super::ole::{number_16, number_32};
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Sheet, Workbook};
use super::xlsx::{Relationship, relationships};
use crate::diagnostic::CellRef;

/// Reads the workbook whose main part is named.
pub(super) fn read(
    mut archive: Archive<'_>,
    bytes: &[u8],
    main: &str,
    isolation: &Isolation,
) -> Result<Workbook, Fault> {
    archive.vet()?;
    // Vetted parts are unpacked once more, within an allowance of their own.
    let mut archive = Archive::open(bytes)?;
    let relationships = relationships(&mut archive, main)?;
    let parts = sheet_parts(&mut archive, main, &relationships)?;
    let styles = match relationships.iter().find(|relationship| relationship.kind == "styles") {
        Some(relationship) => number_styles(&archive.read(&relationship.target)?.unwrap_or_default()),
        None => NumberStyles::default(),
    };
    let mut workbook = isolate::read(bytes, isolation)?;
    for (sheet, part) in workbook.sheets.iter_mut().zip(parts) {
        if let Some(records) = archive.read(&part)? {
            *sheet = complete(std::mem::take(sheet), &records, &styles)?;
        }
    }
    Ok(workbook)
}

/// The parts of the worksheets in the order of their tabs.
fn sheet_parts(
    archive: &mut Archive<'_>,
    main: &str,
    relationships: &[Relationship],
) -> Result<Vec<String>, Fault> {
    let records = archive.read(main)?.unwrap_or_default();
    let mut parts = Vec::new();
    for (kind, data) in (Records { rest: &records }) {
        if kind != BUNDLED_SHEET {
            continue;
        }
        // State and number come before the reference.
        let id = wide_string(data, 8);
        match relationships.iter().find(|relationship| relationship.id == id) {
            Some(relationship) if relationship.kind == "worksheet" => {
                parts.push(relationship.target.clone());
            }
            Some(_) => {}
            None => return Err(Fault::damaged("找不到工作表的内容")),
        }
        if parts.len() > limits::SHEETS {
            let detail = format!("工作表超过 {} 个", limits::SHEETS);
            return Err(Fault::new(Kind::TooManyCells, detail));
        }
    }
    Ok(parts)
}

/// A text of at most 255 UTF-16 units, behind their number.
fn wide_string(data: &[u8], at: usize) -> String {
    let length = number_32(data, at).unwrap_or(0) as usize;
    let units: Vec<u16> =
        (0..length.min(255)).filter_map(|index| number_16(data, at + 4 + 2 * index)).collect();
    String::from_utf16_lossy(&units)
}

/// What each style of the cells makes of a number.
fn number_styles(records: &[u8]) -> NumberStyles {
    let mut styles = NumberStyles::default();
    let mut is_of_cells = false;
    for (kind, data) in (Records { rest: records }) {
        match kind {
            NUMBER_FORMAT => {
                if let Some(id) = number_16(data, 0) {
                    styles.declare(id.into(), &wide_string(data, 2));
                }
            }
            CELL_STYLES => is_of_cells = true,
            END_OF_CELL_STYLES => is_of_cells = false,
            STYLE if is_of_cells => styles.add(number_16(data, 2).map(u32::from)),
            _ => {}
        }
    }
    styles
}

fn complete(sheet: Sheet, records: &[u8], styles: &NumberStyles) -> Result<Sheet, Fault> {
    let (name, hidden) = (sheet.name.clone(), sheet.hidden);
    let mut builder = SheetBuilder::reopen(sheet);
    let mut row = 0;
    let mut formats: BTreeMap<CellRef, NumberKind> = BTreeMap::new();
    for (kind, data) in (Records { rest: records }) {
        let at = |offset| number_32(data, offset).unwrap_or(u32::MAX);
        match kind {
            ROW => {
                row = at(0);
                if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                    builder.hide_rows(row, row);
                }
            }
            COLUMN_INFO if number_16(data, 16).is_some_and(|flags| flags & 1 != 0) => {
                builder.hide_columns(at(0), at(4));
            }
            MERGED => {
                let (first, last) = (CellRef::new(at(0), at(8)), CellRef::new(at(4), at(12)));
                let sound = first.row <= last.row && first.column <= last.column;
                let sound = sound && last.row < limits::ROWS && last.column < limits::COLUMNS;
                if !sound || !builder.merge(first, last) {
                    return Err(Fault::damaged("合并单元格的记录有误"));
                }
            }
            SHORT_NUMBER | NUMBER | NUMBER_OF_FORMULA => {
                // Three bytes behind the column; calamine bounds the number of cells.
                let kind = styles.kind((at(4) & 0x00FF_FFFF) as usize);
                if !matches!(kind, NumberKind::Plain | NumberKind::Moment | NumberKind::Duration) {
                    formats.insert(CellRef::new(row, at(0)), kind);
                }
            }
            ERROR_OF_FORMULA if row < limits::ROWS && at(0) < limits::COLUMNS => {
                let name = error_name(data.get(8).copied().unwrap_or_default());
                builder.push(CellRef::new(row, at(0)), Content::Error(name.to_owned()));
            }
            _ => {}
        }
    }
    let mut sheet = builder.finish(name, hidden).0;
    show_numbers(&mut sheet, &formats);
    Ok(sheet)
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

const ROW: u16 = 0;
const SHORT_NUMBER: u16 = 2;
const NUMBER: u16 = 5;
const NUMBER_OF_FORMULA: u16 = 9;
const ERROR_OF_FORMULA: u16 = 11;
const NUMBER_FORMAT: u16 = 44;
const STYLE: u16 = 47;
const COLUMN_INFO: u16 = 60;
const BUNDLED_SHEET: u16 = 156;
const MERGED: u16 = 176;
const CELL_STYLES: u16 = 617;
const END_OF_CELL_STYLES: u16 = 618;

/// The records of a part, as far as they are whole: kind and data.
struct Records<'part> {
    rest: &'part [u8],
}

impl<'part> Iterator for Records<'part> {
    type Item = (u16, &'part [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = variable_number(self.rest, 2)?;
        let (length, rest) = variable_number(rest, 4)?;
        let (data, rest) = rest.split_at_checked(length as usize)?;
        self.rest = rest;
        Some((u16::try_from(kind).ok()?, data))
    }
}

/// A number of seven bits to the byte, in at most so many bytes.
fn variable_number(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate().take(most) {
        number |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    Some((number, bytes.get(most..)?))
}
