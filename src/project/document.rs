//! A TOML document: its text, its faults of syntax, and the findings of whoever reads it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use super::entries::Entries;
use super::prose::Prose;
use crate::diagnostic::{Diagnostic, Excerpt, Location, line_of};
use crate::toml_syntax::explain_syntax;

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: Location,
}

/// A TOML text and the findings made while reading it.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// Where each line begins: a register has thousands of places, and a search from the top for each is slow.
    line_starts: Vec<usize>,
    /// Whether people write it: what they cannot see in it is a fault.
    is_by_hand: bool,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Document<'a> {
    /// A document; `file` is its path within the project.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, text, line_starts, is_by_hand: true, diagnostics: RefCell::default() }
    }

    /// A document that the program wrote: names of files in it may hold anything.
    pub fn by_program(file: &'a str, text: &'a str) -> Self {
        Self { is_by_hand: false, ..Self::new(file, text) }
    }

    /// Reports the first character of a value that cannot be seen.
    pub(super) fn check_characters(&self, span: Range<usize>, value: &str) {
        if self.is_by_hand
            && let Some(found) = self.prose(span, value).hidden_character()
        {
            self.report(found);
        }
    }

    /// Parses the text and hands its top table to `read`; gives what that returns and all findings.
    /// A text that is not TOML gives nothing but its faults.
    pub fn read<T>(self, read: impl FnOnce(&Entries<'_>) -> T) -> (Option<T>, Vec<Diagnostic>) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        // One slip of the pen is often several errors to the parser, whose first says most.
        let mut by_line = BTreeMap::new();
        for error in &errors {
            let (found, span) = explain_syntax(self.text, error);
            let (line, _) = self.line_and_column(span.start);
            let found = found.at(self.location(span.start)).excerpt(self.line_excerpt(&span));
            by_line.entry(line).or_insert(found);
        }
        by_line.into_values().for_each(|found| self.report(found));
        if !errors.is_empty() {
            return (None, self.diagnostics.into_inner());
        }
        let value = {
            let entries = Entries::new(&self, table.get_ref(), table.span());
            read(&entries)
        };
        (Some(value), self.diagnostics.into_inner())
    }

    /// The place of a byte offset.
    pub(super) fn location(&self, offset: usize) -> Location {
        let (line, column) = self.line_and_column(offset);
        Location::Text { file: self.file.to_owned(), line, column }
    }

    /// The text of a value that stands at `span`, with its place.
    pub(super) fn prose(&self, span: Range<usize>, value: &str) -> Prose {
        let start = self.line_and_column(span.start);
        Prose::written_at(self.file, self.text.get(span).unwrap_or_default(), start, value)
    }

    /// The line and column of a byte offset, from 1.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index)).copied();
        let before = self.text.get(start.unwrap_or_default()..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    pub(super) fn line_excerpt(&self, span: &Range<usize>) -> Excerpt {
        line_of(self.text, span)
    }
}
