//! A text of issue.toml or yuebao.toml in which figures stand as expressions.
//!
//! It remembers how it was written, so that a fault in an expression can be
//! reported at its line and column in the file, whatever quotation marks,
//! line breaks and escapes lie before it.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location, hidden_character, is_invisible, line_of, rules};

/// A text with expressions and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// The text as TOML gives it: a minijinja template.
    pub template: String,
    file: String,
    /// The value as written, quotation marks included.
    written: String,
    /// Line and column of the written value's first character, from 1.
    start: (usize, usize),
}

impl Prose {
    /// The text of a TOML value that stands at `span` in the document's `text`.
    pub fn new(file: &str, text: &str, span: Range<usize>, value: &str) -> Self {
        let start = match Location::in_text(file, text, span.start) {
            Location::Text { line, column, .. } => (line, column),
            _ => (1, 1),
        };
        Self::written_at(file, text.get(span).unwrap_or_default(), start, value)
    }

    /// The text of a TOML value that is `written` so, quotation marks included, at this line and column.
    pub(super) fn written_at(file: &str, written: &str, start: (usize, usize), value: &str) -> Self {
        Self { template: value.to_owned(), file: file.to_owned(), written: written.to_owned(), start }
    }

    /// The file in which it is written.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where it begins.
    pub fn at(&self) -> Location {
        Location::Text { file: self.file.clone(), line: self.start.0, column: self.start.1 }
    }

    /// Where the character at a byte offset of the template stands in the file.
    pub fn location(&self, offset: usize) -> Location {
        let written_offset = written_offset(&self.written, &self.template, offset);
        let before = &self.written[..written_offset];
        let line = self.start.0 + before.matches('\n').count();
        let column = match before.rfind('\n') {
            Some(at) => before[at + 1..].chars().count() + 1,
            None => self.start.1 + before.chars().count(),
        };
        Location::Text { file: self.file.clone(), line, column }
    }

    /// A finding at the first character that cannot be seen: controls and the like but line breaks and tabs, and
    /// noncharacters, which the program itself uses as marks.
    pub fn hidden_character(&self) -> Option<Diagnostic> {
        let offset = self.template.find(is_hidden)?;
        Some(hidden_character().at(self.location(offset)))
    }

    /// A finding at the first expression, of a text in which they are not evaluated.
    pub fn unevaluated_expression(&self) -> Option<Diagnostic> {
        let offset = self.template.find("{{")?;
        let end = self.template[offset..].find("}}").map_or(self.template.len(), |end| offset + end + 2);
        Some(
            Diagnostic::new(&rules::TEXT_NOT_EVALUATED, "这里不能用 {{ }}，会原样印出")
                .at(self.location(offset))
                .excerpt(line_of(&self.template, &(offset..end)))
                .hint("请写成固定的文字；随月份变的话，写进正文、标题或附表标题"),
        )
    }

    /// The line of the file that a byte offset of the template stands in, as written.
    pub fn written_line(&self, offset: usize) -> &str {
        let at = written_offset(&self.written, &self.template, offset);
        let start = self.written[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = self.written[at..].find('\n').map_or(self.written.len(), |end| at + end);
        self.written[start..end].trim_end_matches('\r')
    }
}

/// The byte offset in a TOML string as written of the character that stands at `offset` in its `value`.
fn written_offset(written: &str, value: &str, offset: usize) -> usize {
    let multiline = written.starts_with("\"\"\"") || written.starts_with("'''");
    let quotes = if multiline { 3 } else { 1 };
    let basic = written.starts_with('"');
    let mut at = quotes.min(written.len());
    if multiline {
        // A line break right after the opening quotation marks does not count.
        let rest = &written[at..];
        at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let mut decoded = 0;
    while decoded < offset.min(value.len()) {
        let rest = &written[at..];
        let Some(character) = rest.chars().next() else { return written.len() };
        if !basic || character != '\\' {
            at += character.len_utf8();
            // A parser may keep the carriage return of a line's end or drop it.
            let dropped = character == '\r' && !value[decoded..].starts_with('\r');
            decoded += if dropped { 0 } else { character.len_utf8() };
            continue;
        }
        let escape = rest[1..].chars().next().unwrap_or('\\');
        match escape {
            'x' | 'u' | 'U' => {
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code = rest.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
                decoded += code.and_then(char::from_u32).map_or(1, char::len_utf8);
                at += 2 + digits;
            }
            escape if escape.is_whitespace() => {
                // A backslash at the end of a line swallows the white space that follows.
                at += 1;
                at += written[at..].len() - written[at..].trim_start().len();
            }
            escape => {
                decoded += 1;
                at += 1 + escape.len_utf8();
            }
        }
        at = at.min(written.len());
    }
    at
}

fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    (is_invisible(character) && !matches!(character, '\n' | '\r' | '\t'))
        || (0xFDD0..=0xFDEF).contains(&code)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use toml::de::{DeTable, DeValue};

    use super::*;

    /// The place in the file of `needle` in the value of the first key.
    fn place(text: &str, needle: &str) -> String {
        let table = DeTable::parse(text).unwrap();
        let value = table.get_ref().values().next().unwrap();
        let DeValue::String(string) = value.get_ref() else { panic!("not a string") };
        let prose = Prose::new("f", text, value.span(), string);
        prose.location(prose.template.find(needle).unwrap()).to_string()
    }

    #[test]
    fn places_are_found_in_every_kind_of_string() {
        assert_eq!(place("t = \"受理{{ x }}件\"", "x"), "f:1:11");
        assert_eq!(place("t = '受理{{ x }}件'", "x"), "f:1:11");
        assert_eq!(place("\n\nt = \"\"\"\n第一段\n\n受理{{ x }}件\"\"\"", "x"), "f:6:6");
        assert_eq!(place("t = '''受理\r\n{{ x }}件'''", "x"), "f:2:4");
    }

    #[test]
    fn escapes_are_counted_as_written() {
        assert_eq!(place(r#"t = "\"引\u4e2d\U00004e2d\t{{ x }}""#, "x"), "f:1:30");
        assert_eq!(place("t = \"\"\"甲\\\n   乙{{ x }}\"\"\"", "x"), "f:2:8");
    }
}
