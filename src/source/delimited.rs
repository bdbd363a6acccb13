//! Tables in text: csv, with commas, semicolons or tabs.
//!
//! Rows are counted as Excel counts them when it opens the file: an empty line is
//! a row, a line break within quotes is not.

use std::collections::BTreeMap;

use super::limits;
use super::number::{is_plain_decimal, written_decimal};
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Sheet, Workbook};
use crate::diagnostic::{CellRef, Diagnostic, Location, rules};

/// The separators, the likeliest first.
const SEPARATORS: [char; 3] = [',', '\t', ';'];
/// How many records decide about the separator.
const SAMPLE: usize = 100;

/// Reads a table from a text that is in no other format.
pub(super) fn read(
    text: &str,
    file: &str,
    allowance: &mut limits::Allowance,
) -> (Option<Workbook>, Vec<Diagnostic>) {
    let Some(separator) = separator(text) else {
        let diagnostic =
            Diagnostic::new(&rules::MALFORMED_CSV, "文本里没有找到由逗号、分号或制表符分列的表格");
        return (None, vec![finish(diagnostic, file, 1)]);
    };
    let mut builder = SheetBuilder::default();
    let mut field_counts = BTreeMap::new();
    for (row, record) in Records::new(text, separator).enumerate() {
        if record.unclosed {
            let diagnostic = Diagnostic::new(
                &rules::MALFORMED_CSV,
                format!("第 {} 行有一个英文双引号没有配对，其后的内容无法分列", record.line),
            );
            return (None, vec![finish(diagnostic, file, record.line)]);
        }
        if let (Ok(row), Ok(count)) = (u32::try_from(row), u32::try_from(record.fields.len())) {
            field_counts.insert(row, count);
        }
        for (column, field) in record.fields.into_iter().enumerate() {
            let at = u32::try_from(row).ok().zip(u32::try_from(column).ok());
            let at = at.filter(|(row, column)| *row < limits::ROWS && *column < limits::COLUMNS);
            if field.is_empty() {
                continue;
            }
            let Some((row, column)) = at else {
                let detail = "行数或列数超出工作表的范围";
                let fault = super::fault::Fault::new(super::fault::Kind::TooManyCells, detail);
                return (None, vec![fault.diagnostic(file)]);
            };
            let taken = allowance.take_cell().and_then(|()| allowance.take_text(field.len()));
            if let Err(fault) = taken {
                return (None, vec![fault.diagnostic(file)]);
            }
            let trimmed = field.trim();
            let content =
                if is_plain_decimal(trimmed) { written_decimal(trimmed) } else { Content::Text(field) };
            builder.push(CellRef::new(row, column), content);
        }
    }
    let (sheet, _) = builder.finish(None, false);
    (Some(Workbook { sheets: vec![Sheet { field_counts, ..sheet }] }), Vec::new())
}

fn finish(diagnostic: Diagnostic, file: &str, line: usize) -> Diagnostic {
    let hint = diagnostic.rule.hint();
    diagnostic.at(Location::Text { file: file.to_owned(), line, column: 1 }).hint(hint)
}

/// The separator by which most records have the same number of fields, more than one.
fn separator(text: &str) -> Option<char> {
    let mut best = None;
    for separator in SEPARATORS {
        let widths: Vec<usize> = Records::new(text, separator)
            .take(SAMPLE)
            .map(|record| record.fields.len())
            .filter(|width| *width > 0)
            .collect();
        for width in widths.iter().copied().filter(|width| *width > 1) {
            let agreeing = widths.iter().filter(|other| **other == width).count();
            if best.is_none_or(|(most, _)| (agreeing, width) > most) {
                best = Some(((agreeing, width), separator));
            }
        }
    }
    best.map(|(_, separator)| separator)
}

/// The records of a text, one after the other.
struct Records<'text> {
    rest: &'text str,
    separator: char,
    line: usize,
}

struct Record {
    /// The line, from 1, on which it begins; of an open quote, where that begins.
    line: usize,
    fields: Vec<String>,
    unclosed: bool,
}

impl<'text> Records<'text> {
    fn new(text: &'text str, separator: char) -> Self {
        Self { rest: text, separator, line: 1 }
    }

    /// Takes a quoted field up to behind its closing quote; false without one.
    fn quoted(&mut self, field: &mut String) -> bool {
        loop {
            let Some(at) = self.rest.find('"') else {
                return false;
            };
            let (inside, after) = self.rest.split_at(at);
            field.push_str(inside);
            self.line += inside.matches('\n').count();
            self.rest = after.get(1..).unwrap_or_default();
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    field.push('"');
                    self.rest = rest;
                }
                None => return true,
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record { line: self.line, fields: Vec::new(), unclosed: false };
        loop {
            let mut field = String::new();
            if let Some(rest) = self.rest.strip_prefix('"') {
                let line = self.line;
                self.rest = rest;
                if !self.quoted(&mut field) {
                    self.rest = "";
                    return Some(Record { line, unclosed: true, ..record });
                }
            }
            // What stands behind a closing quote belongs to the field as well.
            let end = self.rest.find([self.separator, '\n', '\r']).unwrap_or(self.rest.len());
            let (plain, after) = self.rest.split_at(end);
            field.push_str(plain);
            let mut characters = after.chars();
            let delimiter = characters.next();
            self.rest = characters.as_str();
            if delimiter != Some(self.separator) {
                if delimiter == Some('\r') {
                    self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
                }
                self.line += 1;
                if !(record.fields.is_empty() && field.is_empty()) {
                    record.fields.push(field);
                }
                return Some(record);
            }
            record.fields.push(field);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::limits::Allowance;
    use crate::source::testing::listing;

    fn cells(text: &str) -> Vec<String> {
        let (workbook, diagnostics) = read(text, "a.csv", &mut Allowance::default());
        assert_eq!(diagnostics, []);
        listing(&workbook.unwrap().sheets[0])
    }

    fn complaint(text: &str) -> String {
        let (workbook, diagnostics) = read(text, "a.csv", &mut Allowance::default());
        assert_eq!(workbook, None);
        diagnostics[0].location.clone().unwrap().to_string() + " " + &diagnostics[0].message
    }

    #[test]
    fn numbers_texts_and_blanks() {
        assert_eq!(
            cells("部门,受理量,备注\r\n公安局, 20337 ,\r\n\r\n税务局,\"20,337\",１\r\n-1.50,1e3,.5"),
            [
                "A1 文 部门",
                "B1 文 受理量",
                "C1 文 备注",
                "A2 文 公安局",
                "B2 数 20337",
                "A4 文 税务局",
                "B4 文 20,337",
                "C4 文 １",
                "A5 数 -1.50",
                "B5 文 1e3",
                "C5 文 .5",
            ]
        );
    }

    #[test]
    fn quoted_fields_hold_separators_quotes_and_lines() {
        assert_eq!(
            cells("\"受理\n量\",\"说\"\"明\"\"\"\n\"a\"b,c\"d\n"),
            ["A1 文 受理\n量", "B1 文 说\"明\"", "A2 文 ab", "B2 文 c\"d"]
        );
    }

    #[test]
    fn the_separator_is_the_one_that_gives_a_table() {
        assert_eq!(
            cells("a;b;c\n1,5;2,5;3\n"),
            ["A1 文 a", "B1 文 b", "C1 文 c", "A2 文 1,5", "B2 文 2,5", "C2 数 3"]
        );
        assert_eq!(cells("a\tb\n1\t2"), ["A1 文 a", "B1 文 b", "A2 数 1", "B2 数 2"]);
        assert_eq!(cells("标题,,\na,b,c\n"), ["A1 文 标题", "A2 文 a", "B2 文 b", "C2 文 c"]);
    }

    #[test]
    fn what_is_no_table_is_refused_at_its_place() {
        assert!(complaint("这是一段文字。\n没有表格。").starts_with("a.csv:1:1 文本里没有找到"));
        assert!(complaint("a,b\nc,\"d\ne,f\n").starts_with("a.csv:2:1 第 2 行"));
    }

    #[test]
    fn lines_may_end_in_any_way() {
        assert_eq!(cells("a,b\r1,2\r"), ["A1 文 a", "B1 文 b", "A2 数 1", "B2 数 2"]);
        assert!(read("a,b\n", "a", &mut Allowance::of(1, 9)).0.is_none());
    }
}
