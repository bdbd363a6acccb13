//! .xls and .xlsb through calamine: the only place that names it.
//!
//! It believes the files it reads, so that this runs in a child process with
//! bounded memory and time, after what can be checked beforehand has been.
//!
//! What it does not tell is gathered before (`biff.rs`, `xlsb.rs`), except for two
//! things: a formula of numbers whose value was never computed (these formats store
//! a zero for it), and the sheet of an error code that it does not know.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError};

use super::date::iso;
use super::fault::{Fault, Kind};
use super::limits::Allowance;
use super::number::exact_decimal;
use super::number_format::NumberKind;
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Workbook};
use crate::diagnostic::CellRef;

/// Reads an .xls workbook.
pub(super) fn read_xls(bytes: &[u8], allowance: &mut Allowance) -> Result<Workbook, Fault> {
    let mut source: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Fault::new(Kind::Password, ""),
        _ => Fault::damaged("内部结构读不通"),
    })?;
    let epoch_1904 = source.has_1904_epoch();
    let mut workbook = Workbook::default();
    for (index, sheet) in source.sheets_metadata().to_vec().into_iter().enumerate() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut builder = SheetBuilder::default();
        let unreadable = |error: XlsError| Fault::damaged(error.to_string()).in_sheet(&sheet.name);
        for region in source.merge_cells_by_sheet_id(index).map_err(unreadable)? {
            merge(&mut builder, &region)?;
        }
        let range = source.worksheet_range(&sheet.name).map_err(unreadable)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let at = (row as u32 + first_row, column as u32 + first_column);
            push(&mut builder, allowance, at, content(data, epoch_1904))?;
        }
        let hidden = sheet.visible != SheetVisible::Visible;
        workbook.sheets.push(builder.finish(Some(sheet.name), hidden).0);
    }
    Ok(workbook)
}

/// Reads an .xlsb workbook.
pub(super) fn read_xlsb(bytes: &[u8], allowance: &mut Allowance) -> Result<Workbook, Fault> {
    let unreadable = |error: XlsbError| match error {
        XlsbError::Password => Fault::new(Kind::Password, ""),
        _ => Fault::damaged("内部结构读不通"),
    };
    let mut source: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(unreadable)?;
    let epoch_1904 = source.has_1904_epoch();
    let mut workbook = Workbook::default();
    for sheet in source.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let in_sheet = |error| unreadable(error).in_sheet(&sheet.name);
        let mut builder = SheetBuilder::default();
        let mut cells = source.worksheet_cells_reader(&sheet.name).map_err(in_sheet)?;
        while let Some(cell) = cells.next_cell().map_err(in_sheet)? {
            let data = match cell.get_value() {
                DataRef::SharedString(text) => Content::Text((*text).to_owned()),
                value => content(&Data::from(value.clone()), epoch_1904),
            };
            push(&mut builder, allowance, cell.get_position(), data)?;
        }
        let hidden = sheet.visible != SheetVisible::Visible;
        workbook.sheets.push(builder.finish(Some(sheet.name.clone()), hidden).0);
    }
    Ok(workbook)
}

fn content(data: &Data, epoch_1904: bool) -> Content {
    match data {
        Data::Int(number) => Content::Number((*number).into()),
        Data::Float(number) => exact_decimal(*number),
        Data::String(text) => Content::Text(text.clone()),
        Data::Bool(truth) => Content::Boolean(*truth),
        Data::DateTime(moment) => {
            let kind = if moment.is_duration() { NumberKind::Duration } else { NumberKind::Moment };
            Content::Date(iso(moment.as_f64(), kind, epoch_1904))
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => Content::Date(text.clone()),
        Data::Error(error) => Content::Error(error.to_string()),
        Data::Empty => Content::Text(String::new()),
    }
}

fn push(
    builder: &mut SheetBuilder,
    allowance: &mut Allowance,
    (row, column): (u32, u32),
    content: Content,
) -> Result<(), Fault> {
    if let Content::Text(text) = &content {
        if text.is_empty() {
            return Ok(());
        }
        allowance.take_text(text.len())?;
    }
    allowance.take_cell()?;
    builder.push(CellRef::new(row, column), content);
    Ok(())
}

fn merge(builder: &mut SheetBuilder, region: &Dimensions) -> Result<(), Fault> {
    let first = CellRef::new(region.start.0, region.start.1);
    let last = CellRef::new(region.end.0, region.end.1);
    if builder.merge(first, last) {
        Ok(())
    } else {
        Err(Fault::new(Kind::TooManyCells, "合并单元格过多"))
    }
}

/// The cells of a sound xlsx workbook as calamine sees them, for tests to compare.
#[cfg(test)]
pub(super) fn cells_of_xlsx(bytes: &[u8]) -> Vec<(String, CellRef, Content)> {
    let mut source: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
    let epoch_1904 = source.has_1904_epoch();
    let mut found = Vec::new();
    for name in source.sheet_names() {
        let mut cells = source.worksheet_cells_reader(&name).unwrap();
        while let Some(cell) = cells.next_cell().unwrap() {
            let content = content(&Data::from(cell.get_value().clone()), epoch_1904);
            let (row, column) = cell.get_position();
            if content != Content::Text(String::new()) {
                found.push((name.clone(), CellRef::new(row, column), content));
            }
        }
    }
    found
}
