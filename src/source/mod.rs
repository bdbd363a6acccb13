//! Reading files: the bytes of a spreadsheet, csv or TOML file become a [`Workbook`].
//!
//! Nothing here opens a file, and nothing here knows what a table is for. Files are
//! not to be trusted: every reader is bounded in time and memory (`limits.rs`), and
//! what cannot be bounded runs in a child process (`isolate.rs`).
//!
//! | format | read by | bounded by |
//! |---|---|---|
//! | xlsx, xlsm | `xlsx/` | counted unpacking, cells and text |
//! | ods | `ods.rs` | the same |
//! | xls, et | `xls.rs`: `biff.rs` looks, `excel.rs` (calamine) reads | a child process |
//! | xlsb | `xlsb.rs`: `archive.rs` vets, `excel.rs` (calamine) reads | a child process |
//! | csv | `delimited.rs` | the file's size |
//! | TOML | `toml_table.rs` | the file's size |

mod archive;
mod beijing;
mod biff;
mod bundle;
mod date;
mod delimited;
mod excel;
mod fault;
mod format;
mod isolate;
mod limits;
mod media_type;
mod multiplier;
pub mod number;
mod number_format;
mod ods;
mod ole;
mod plain_text;
mod properties;
mod quiet;
mod sheet_builder;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod toml_table;
pub mod workbook;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use crate::diagnostic::{Diagnostic, Location, rules};

use self::format::{Format, detect};
use self::limits::Allowance;

pub use self::beijing::on_the_wall;
pub use self::bundle::{Bundled, is_archive, unpack};
pub use self::isolate::{Isolation, READ_VERB, is_reader_failure, serve_as_child, serve_isolated};
pub use self::limits::{CHILD_MEMORY_LIMIT, LARGEST_FILE};
pub use self::media_type::{TOML, media_type};
pub use self::multiplier::multiplier;
pub use self::properties::Properties;
pub use self::quiet::{is_quiet, quietly};
pub use self::workbook::{Cell, Content, Region, Row, Sheet, Workbook};
pub use self::xlsx::{cell_address, resolve_target};

/// Reads a file's bytes; `file` is only the name that messages give it.
///
/// Without a workbook there is an error that says why. With one there may be errors
/// too, about cells whose place is not known; all others are sound.
pub fn read(bytes: &[u8], file: &str, isolation: &Isolation) -> (Option<Workbook>, Vec<Diagnostic>) {
    let (workbook, _, diagnostics) = read_document(bytes, file, isolation);
    (workbook, diagnostics)
}

/// Reads a file as [`read`] does, with what it says about itself and the extension that its content asks for.
pub fn read_document(
    bytes: &[u8],
    file: &str,
    isolation: &Isolation,
) -> (Option<Workbook>, Document, Vec<Diagnostic>) {
    let mut document = Document { extension: "bin", properties: Properties::default() };
    let mut allowance = Allowance::default();
    let outcome = detect(bytes).and_then(|mut format| {
        document = Document { extension: format.extension(bytes), properties: Properties::read(&mut format) };
        Ok(match format {
            Format::Xlsx { mut archive, main } => Some(xlsx::read(&mut archive, &main, &mut allowance)?),
            Format::Ods { mut archive } => Some(ods::read(&mut archive, &mut allowance)?),
            Format::Xlsb { archive, main } => {
                Some((xlsb::read(archive, bytes, &main, isolation)?, Vec::new()))
            }
            Format::Xls => Some((xls::read(bytes, isolation)?, Vec::new())),
            Format::Text => None,
        })
    });
    let (workbook, diagnostics) = match outcome {
        Ok(Some((workbook, faults))) => {
            (Some(workbook), faults.into_iter().map(|fault| fault.diagnostic(file)).collect())
        }
        Ok(None) => read_text(bytes, file, &mut allowance),
        Err(fault) => (None, vec![fault.diagnostic(file)]),
    };
    (workbook, document, diagnostics)
}

/// What a file is, apart from its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The extension that its content asks for, without the dot.
    pub extension: &'static str,
    /// What it says about itself.
    pub properties: Properties,
}

fn read_text(bytes: &[u8], file: &str, allowance: &mut Allowance) -> (Option<Workbook>, Vec<Diagnostic>) {
    match plain_text::decode(bytes) {
        Ok(text) if toml_table::looks_like_toml(&text) => toml_table::read(&text, file, allowance),
        Ok(text) => delimited::read(&text, file, allowance),
        Err(line) => {
            let rule = &rules::UNKNOWN_TEXT_ENCODING;
            let message = format!("第 {line} 行的文字既不是 UTF-8，也不是 GB18030，无法识别");
            let location = Location::Text { file: file.to_owned(), line, column: 1 };
            (None, vec![Diagnostic::new(rule, message).at(location).hint(rule.hint())])
        }
    }
}
