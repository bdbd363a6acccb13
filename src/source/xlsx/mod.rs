//! xlsx and xlsm: from the archive to sheets, in one bounded pass over each part.
//!
//! calamine is not asked here. To vet a worksheet before handing it over, every
//! cell's address, type, formula and value has to be parsed; then the value may as
//! well be kept. That leaves no second parser to defend against (its panics, its
//! dense ranges, its whole sheet lost for one `#SPILL!`), and it tells a formula
//! without a stored value from a blank cell. The tests hold the result against
//! calamine's on sound files.

mod address;
mod sheet;
mod strings;
mod structure;
mod styles;

use self::sheet::SheetReader;
use self::strings::SharedStrings;
use self::styles::number_styles;
use super::archive::Archive;
use super::fault::Fault;
use super::limits::Allowance;
use super::number_format::NumberStyles;
use super::workbook::Workbook;
use super::xml::part_text;

pub use self::address::cell as cell_address;
pub use self::structure::resolve_target;
pub(super) use self::structure::{Relationship, main_part, relationships};

/// Reads the workbook whose main part is named (`xl/workbook.xml`, as a rule).
///
/// Faults that come with the workbook concern single cells; the rest is sound.
pub(super) fn read(
    archive: &mut Archive<'_>,
    main: &str,
    allowance: &mut Allowance,
) -> Result<(Workbook, Vec<Fault>), Fault> {
    let structure = structure::read(archive, main)?;
    let strings = match structure.strings.as_deref() {
        Some(part) => SharedStrings::parse(&required(archive, part)?, allowance)?,
        None => SharedStrings::default(),
    };
    let styles = match structure.styles.as_deref() {
        Some(part) => number_styles(&required(archive, part)?)?,
        None => NumberStyles::default(),
    };
    let mut workbook = Workbook::default();
    let mut faults = Vec::new();
    for entry in structure.sheets {
        let reader = SheetReader::new(&strings, &styles, structure.epoch_1904, allowance);
        let (sheet, fault) = required(archive, &entry.part)
            .and_then(|text| reader.read(&text, &entry.name, entry.hidden))
            .map_err(|fault| fault.in_sheet(&entry.name))?;
        workbook.sheets.push(sheet);
        faults.extend(fault.map(|fault| fault.in_sheet(&entry.name)));
    }
    Ok((workbook, faults))
}

/// The text of a part that another part refers to.
fn required(archive: &mut Archive<'_>, part: &str) -> Result<String, Fault> {
    match archive.read(part)? {
        Some(bytes) => part_text(bytes, part),
        None => Err(Fault::damaged(format!("缺少部件 {}", crate::diagnostic::shown(part)))),
    }
}
