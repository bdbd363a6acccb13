//! .xls and .et: what is done before and after calamine reads one.

use super::biff;
use super::fault::Fault;
use super::isolate::{self, Isolation};
use super::number_format::show_numbers;
use super::ole::Compound;
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Workbook};

/// Reads the workbook of a compound file that has one.
pub(super) fn read(bytes: &[u8], isolation: &Isolation) -> Result<Workbook, Fault> {
    let stream = Compound::open(bytes)
        .and_then(|compound| compound.stream("Workbook").or_else(|| compound.stream("Book")))
        .ok_or_else(|| Fault::damaged("读不到工作簿的内容"))?;
    let notes = biff::walk(&stream.bytes)?;
    // Bytes that calamine would make room by; without them it takes the cells that there are.
    let mut harmless = bytes.to_vec();
    for place in notes.dimensions.into_iter().flatten().filter_map(|at| stream.place(at)) {
        if let Some(byte) = harmless.get_mut(place) {
            *byte = 0;
        }
    }
    drop(stream);
    let mut workbook = isolate::read(&harmless, isolation)?;
    for (sheet, notes) in workbook.sheets.iter_mut().zip(notes.sheets) {
        let (name, hidden) = (sheet.name.take(), sheet.hidden);
        let mut builder = SheetBuilder::reopen(std::mem::take(sheet));
        for range in notes.hidden {
            range.apply(&mut builder);
        }
        for at in notes.without_value {
            builder.push(at, Content::FormulaWithoutValue(String::new()));
        }
        *sheet = builder.finish(name, hidden).0;
        show_numbers(sheet, &notes.formats);
    }
    Ok(workbook)
}
