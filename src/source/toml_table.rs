//! Tables in TOML: one `[[row]]` per row, its keys the columns.
//!
//! They become a sheet whose first row holds the keys in the order in which they
//! first appear; every cell knows its line and column.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Kind};
use super::limits::{self, Allowance};
use super::number::{is_plain_decimal, written_decimal};
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Workbook};
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, Location, rules, shown};
use crate::toml_syntax::explain_syntax;

/// A longer line, in bytes, is not shown with a mistake in it.
const LONGEST_LINE: usize = 1000;
/// How many mistakes of a file are reported.
const MOST_ERRORS: usize = 10;

/// Whether a text sets out like TOML: its first line that says anything is a table's
/// header, or a key with a value.
pub(super) fn looks_like_toml(text: &str) -> bool {
    let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))
    else {
        return false;
    };
    if line.starts_with('[') {
        return line.split('#').next().is_some_and(|header| header.trim_end().ends_with(']'));
    }
    line.split_once('=').is_some_and(|(key, value)| {
        !key.contains([',', ';', '\t'])
            && value.trim_start().starts_with(|first: char| {
                first.is_ascii_digit() || ['"', '\'', '[', '{', '-', '+'].contains(&first)
            })
    })
}

/// Reads a table.
pub(super) fn read(text: &str, file: &str, allowance: &mut Allowance) -> (Option<Workbook>, Vec<Diagnostic>) {
    if text.len() > limits::TOML {
        let fault = Fault::new(Kind::TooLarge, "TOML 文件超过 1 MiB");
        return (None, vec![fault.diagnostic(file)]);
    }
    let mut finder = Finder { text, file, reached: 0, line: 1, column: 1 };
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for error in errors.iter().take(MOST_ERRORS) {
            let (diagnostic, span) = explain_syntax(text, error);
            let diagnostic = finder.placed(diagnostic, span);
            // One slip of the pen is often several errors to the parser.
            if diagnostics.last().is_none_or(|last| last.location != diagnostic.location) {
                diagnostics.push(diagnostic);
            }
        }
        return (None, diagnostics);
    }
    let mut reader = TableReader {
        finder,
        allowance,
        columns: BTreeMap::new(),
        builder: SheetBuilder::default(),
        positions: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    reader.document(document.get_ref());
    let (mut sheet, _) = reader.builder.finish(None, false);
    sheet.text_positions = reader.positions;
    (Some(Workbook { sheets: vec![sheet] }), reader.diagnostics)
}

struct TableReader<'text> {
    finder: Finder<'text>,
    allowance: &'text mut Allowance,
    columns: BTreeMap<String, u32>,
    builder: SheetBuilder,
    positions: BTreeMap<CellRef, (usize, usize)>,
    diagnostics: Vec<Diagnostic>,
}

impl TableReader<'_> {
    fn document(&mut self, document: &DeTable<'_>) {
        let mut rows = 0;
        for (key, value) in in_order(document) {
            match value.get_ref() {
                DeValue::Array(array) if key.get_ref() == "row" => {
                    for row in array.iter() {
                        rows += 1;
                        match row.get_ref() {
                            DeValue::Table(table) => self.row(rows, table),
                            _ => self.complain("每一行都应写成 [[row]]".to_owned(), row.span()),
                        }
                    }
                }
                _ => {
                    let message = format!("“{}”不属于表格：这里只能有 [[row]]", shown(key.get_ref()));
                    self.complain(message, key.span());
                }
            }
        }
        if rows == 0 && self.diagnostics.is_empty() {
            self.complain("文件里没有 [[row]]".to_owned(), 0..0);
        }
    }

    fn row(&mut self, row: u32, table: &DeTable<'_>) {
        for (key, value) in in_order(table) {
            let Some(content) = self.content(value) else {
                let name = shown(key.get_ref());
                self.complain(format!("“{name}”的值应是文字、数字、真假或日期"), value.span());
                continue;
            };
            let column = self.column(key);
            let at = CellRef::new(row, column);
            if content != Content::Text(String::new()) {
                self.push(at, content, value.span());
            }
        }
    }

    fn column(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>) -> u32 {
        if let Some(column) = self.columns.get(key.get_ref().as_ref()) {
            return *column;
        }
        // A file is smaller than 4 GiB, so that it has fewer keys than that.
        let column = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        self.columns.insert(key.get_ref().to_string(), column);
        let header = Content::Text(key.get_ref().to_string());
        self.push(CellRef::new(0, column), header, key.span());
        column
    }

    fn push(&mut self, at: CellRef, content: Content, span: Range<usize>) {
        let bytes = span.len();
        if let Err(fault) = self.allowance.take_cell().and_then(|()| self.allowance.take_text(bytes)) {
            if self.diagnostics.iter().all(|known| known.rule != &rules::TOO_MANY_CELLS) {
                self.diagnostics.push(fault.diagnostic(self.finder.file));
            }
            return;
        }
        self.positions.insert(at, self.finder.position(span.start));
        self.builder.push(at, content);
    }

    fn content(&self, value: &Spanned<DeValue<'_>>) -> Option<Content> {
        // The text as it stands: a float would not have every digit.
        let literal = self.finder.text.get(value.span()).unwrap_or_default();
        Some(match value.get_ref() {
            DeValue::String(text) => Content::Text(text.to_string()),
            DeValue::Integer(_) | DeValue::Float(_) => {
                let plain = literal.replace('_', "");
                let unsigned = plain.strip_prefix('+').unwrap_or(&plain);
                match value.get_ref() {
                    DeValue::Integer(integer) if integer.radix() != 10 => {
                        match i64::from_str_radix(integer.as_str(), integer.radix()) {
                            Ok(number) => Content::Number(number.into()),
                            Err(_) => Content::HugeNumber(plain),
                        }
                    }
                    _ if is_plain_decimal(unsigned) || unsigned.contains(['e', 'E']) => {
                        written_decimal(unsigned)
                    }
                    _ => Content::HugeNumber(plain),
                }
            }
            DeValue::Boolean(truth) => Content::Boolean(*truth),
            DeValue::Datetime(_) => Content::Date(literal.to_owned()),
            DeValue::Array(_) | DeValue::Table(_) => return None,
        })
    }

    fn complain(&mut self, message: String, span: Range<usize>) {
        if self.diagnostics.len() >= MOST_ERRORS {
            return;
        }
        let rule = &rules::NOT_A_TOML_TABLE;
        let diagnostic = Diagnostic::new(rule, message).hint(rule.hint());
        self.diagnostics.push(self.finder.placed(diagnostic, span));
    }
}

/// The entries of a table in the order in which they stand in the file.
fn in_order<'table, 'text>(
    table: &'table DeTable<'text>,
) -> Vec<(&'table Spanned<std::borrow::Cow<'text, str>>, &'table Spanned<DeValue<'text>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Finds places in the text, quickly when they are asked for in ascending order.
struct Finder<'text> {
    text: &'text str,
    file: &'text str,
    /// The offset that was asked for last, and its line and column.
    reached: usize,
    line: usize,
    column: usize,
}

impl Finder<'_> {
    fn position(&mut self, offset: usize) -> (usize, usize) {
        if offset < self.reached {
            (self.reached, self.line, self.column) = (0, 1, 1);
        }
        for character in self.text.get(self.reached..offset).unwrap_or_default().chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.reached = offset;
        (self.line, self.column)
    }

    /// A finding with its place, and the line unless it is too long.
    fn placed(&mut self, diagnostic: Diagnostic, span: Range<usize>) -> Diagnostic {
        let (line, column) = self.position(span.start);
        let text = self.text.lines().nth(line - 1).unwrap_or_default().to_owned();
        let first_line = self.text.get(span).and_then(|text| text.lines().next());
        let width = first_line.map_or(1, |line| line.chars().count().max(1));
        let diagnostic = diagnostic.at(Location::Text { file: self.file.to_owned(), line, column });
        if text.len() > LONGEST_LINE {
            return diagnostic;
        }
        diagnostic.excerpt(Excerpt::Line { text, column, width })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::listing;

    fn read(text: &str) -> (Option<Workbook>, Vec<Diagnostic>) {
        super::read(text, "表.toml", &mut Allowance::default())
    }

    fn complaints(text: &str) -> Vec<String> {
        let (_, diagnostics) = read(text);
        diagnostics
            .into_iter()
            .map(|diagnostic| format!("{} {}", diagnostic.location.unwrap(), diagnostic.message))
            .collect()
    }

    #[test]
    fn rows_become_a_sheet_that_knows_its_places() {
        let (workbook, diagnostics) = read(
            "# 运行情况\n[[row]]\n\"部门\" = \"公安局\"\nonline_accepted = 20_337\n\n[[row]]\n\"部门\" = \"税务局\"\n\
             score = 103.990\nonline_accepted = \"/\"\n[[row]]\nscore = 1e2\nnote = \"\"\nday = 2025-07-01\nok = true\n\
             hex = 0xff\nbig = inf\nplus = +1.5",
        );
        assert_eq!(diagnostics, []);
        let sheet = &workbook.unwrap().sheets[0];
        assert_eq!(
            listing(sheet),
            [
                "A1 文 部门",
                "B1 文 online_accepted",
                "C1 文 score",
                "D1 文 note",
                "E1 文 day",
                "F1 文 ok",
                "G1 文 hex",
                "H1 文 big",
                "I1 文 plus",
                "A2 文 公安局",
                "B2 数 20337",
                "A3 文 税务局",
                "B3 文 /",
                "C3 数 103.990",
                "C4 数 100",
                "E4 日 2025-07-01",
                "F4 真 true",
                "G4 数 255",
                "H4 大 inf",
                "I4 数 1.5",
            ]
        );
        assert_eq!(sheet.text_positions[&CellRef::new(1, 0)], (3, 8));
        assert_eq!(sheet.text_positions[&CellRef::new(2, 2)], (8, 9));
        assert_eq!(sheet.text_positions[&CellRef::new(0, 2)], (8, 1));
    }

    #[test]
    fn tables_may_be_written_in_line() {
        let (workbook, _) = read("row = [{ a = 1, b = 2 }, { b = 3 }]");
        assert_eq!(
            listing(&workbook.unwrap().sheets[0]),
            ["A1 文 a", "B1 文 b", "A2 数 1", "B2 数 2", "B3 数 3"]
        );
    }

    #[test]
    fn mistakes_are_named_at_their_places() {
        assert!(complaints("[[row]]\n\"部门\" = 公安局\n")[0].starts_with("表.toml:2:8 "));
        assert!(complaints("[[row]]\na = 1\na = 2\n")[0].starts_with("表.toml:3:1 "));
        assert_eq!(
            complaints("title = \"x\"\n[[row]]\na = [1]\n"),
            [
                "表.toml:1:1 “title”不属于表格：这里只能有 [[row]]",
                "表.toml:3:5 “a”的值应是文字、数字、真假或日期",
            ]
        );
        assert_eq!(complaints("# 空\n"), ["表.toml:1:1 文件里没有 [[row]]"]);
    }

    #[test]
    fn toml_is_told_from_csv() {
        for text in ["[[row]]\na=1", "# x\n\nrow = [{a = 1}]", "部门 = \"公安局\"", "[row] # x"] {
            assert!(looks_like_toml(text), "{text}");
        }
        for text in
            ["部门,受理量\n", "得分=基础+加分,名称\n", "总分=A+B\t名称", "[单位：件],受理\n", "", "# x"]
        {
            assert!(!looks_like_toml(text), "{text}");
        }
    }
}
