//! Marked copies to send back: the department's own workbook with the bad cells coloured, a comment at each
//! with what is wrong and what is expected, and a first sheet that lists them.
//!
//! An .xlsx is edited part by part (`package.rs`): what is not touched stays byte for
//! byte as the department had it. Whatever else came is written anew with its values.

mod cells;
mod comments;
mod edited;
mod former;
mod list;
mod marks;
mod package;
mod rewritten;
mod styles;
mod tags;

pub use marks::{LIST_SHEET, Mark};

use crate::diagnostic::Diagnostic;
use crate::source::Workbook;
use marks::marks;

/// A file that is to go back.
pub struct ReturnedFile<'a> {
    /// Its content.
    pub bytes: &'a [u8],
    /// What could be read of it.
    pub workbook: Option<&'a Workbook>,
    /// What is wrong with it.
    pub diagnostics: &'a [Diagnostic],
    /// Whose answer it is, and for which month.
    pub heading: &'a str,
}

/// The marked copy of a file and its extension; none where it cannot be made.
pub fn marked_copy(file: &ReturnedFile<'_>) -> Option<(Vec<u8>, &'static str)> {
    let marks = marks(file.diagnostics);
    if file.workbook.is_some()
        && let Some(edited) = edited::edit(file.bytes, file.heading, &marks)
    {
        return Some(edited);
    }
    rewritten::write(file, &marks).ok().map(|bytes| (bytes, "xlsx"))
}
