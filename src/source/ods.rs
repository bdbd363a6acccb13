//! ods (LibreOffice, WPS): sheets from `content.xml`, in one bounded pass.
//!
//! Read here and not by calamine, which unrolls every repetition into a dense
//! range: repeated rows and columns cost nothing here unless they have content,
//! and then they count against the same bounds as any other cell. Errors, formulas
//! without a value, hidden rows and columns and merged cells are in the same pass.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::fault::{Fault, Kind};
use super::limits::{self, Allowance};
use super::number::{exact_decimal, exact_percentage};
use super::sheet_builder::SheetBuilder;
use super::workbook::{Content, Sheet, Workbook};
use super::xml::{Node, Xml, attribute, each_attribute, part_text};
use crate::diagnostic::CellRef;

/// The longest text of a cell, in Excel and in WPS.
const LONGEST_TEXT: u32 = 32_767;

/// Reads the workbook of an archive that says it is an ods file.
pub(super) fn read(
    archive: &mut Archive<'_>,
    allowance: &mut Allowance,
) -> Result<(Workbook, Vec<Fault>), Fault> {
    if let Some(manifest) = archive.read("META-INF/manifest.xml")?
        && manifest.windows(15).any(|window| window == b"encryption-data")
    {
        return Err(Fault::new(Kind::Password, ""));
    }
    let Some(content) = archive.read("content.xml")? else {
        return Err(Fault::damaged("缺少部件 content.xml"));
    };
    let text = part_text(content, "content.xml")?;
    let mut xml = Xml::new(&text);
    let mut invisible_styles = BTreeSet::new();
    let mut style = String::new();
    let mut workbook = Workbook::default();
    let mut faults = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(start) => match start.name().0 {
                "style:style" => {
                    style = attribute(&start, "style:name")?.unwrap_or_default().into_owned();
                }
                "style:table-properties"
                    if attribute(&start, "table:display")?.is_some_and(|value| value == "false") =>
                {
                    invisible_styles.insert(style.clone());
                }
                "table:tracked-changes" => xml.skip()?,
                "table:table" => {
                    if workbook.sheets.len() == limits::SHEETS {
                        let detail = format!("工作表超过 {} 个", limits::SHEETS);
                        return Err(Fault::new(Kind::TooManyCells, detail));
                    }
                    let name = attribute(&start, "table:name")?.unwrap_or_default().into_owned();
                    let hidden = attribute(&start, "table:style-name")?
                        .is_some_and(|style| invisible_styles.contains(&*style));
                    let (sheet, fault) = TableReader::new(allowance)
                        .read(&mut xml, &name, hidden)
                        .map_err(|fault| fault.in_sheet(&name))?;
                    workbook.sheets.push(sheet);
                    faults.extend(fault.map(|fault| fault.in_sheet(&name)));
                }
                _ => {}
            },
            Node::Done => break,
            Node::End | Node::Text(_) => {}
        }
    }
    if workbook.sheets.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    Ok((workbook, faults))
}

/// Reads one `table:table`.
struct TableReader<'allowance> {
    allowance: &'allowance mut Allowance,
    builder: SheetBuilder,
    /// The row that is being read, and how often it stands in the sheet.
    row: u32,
    row_repeats: u32,
    column: u32,
    /// The column that the next column definition is about.
    defined: u32,
    /// Cells with content that no sheet has room for.
    outside: bool,
}

impl<'allowance> TableReader<'allowance> {
    fn new(allowance: &'allowance mut Allowance) -> Self {
        let builder = SheetBuilder::default();
        Self { allowance, builder, row: 0, row_repeats: 0, column: 0, defined: 0, outside: false }
    }

    fn read(mut self, xml: &mut Xml<'_>, name: &str, hidden: bool) -> Result<(Sheet, Option<Fault>), Fault> {
        let outside = xml.depth().saturating_sub(1);
        loop {
            match xml.next()? {
                Node::Start(start) => match start.name().0 {
                    "table:table-column" => self.columns(&start)?,
                    "table:table-row" => self.rows(&start)?,
                    "table:table-cell" | "table:covered-table-cell" => self.cells(xml, &start)?,
                    "table:table-column-group"
                    | "table:table-columns"
                    | "table:table-header-columns"
                    | "table:table-row-group"
                    | "table:table-rows"
                    | "table:table-header-rows" => {}
                    _ => xml.skip()?,
                },
                Node::End if xml.depth() == outside => break,
                Node::Done => break,
                Node::End | Node::Text(_) => {}
            }
        }
        let (sheet, twice) = self.builder.finish(Some(name.to_owned()), hidden);
        let damaged = twice.is_some() || self.outside;
        let fault = damaged.then(|| Fault::new(Kind::DamagedCell, "有单元格超出工作表的范围"));
        Ok((sheet, fault))
    }

    fn columns(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        let first = self.defined;
        self.defined = first.saturating_add(repeats(start, "table:number-columns-repeated")?);
        if is_hidden(start)? {
            self.builder.hide_columns(first, self.defined - 1);
        }
        Ok(())
    }

    fn rows(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        self.row = self.row.saturating_add(self.row_repeats);
        self.row_repeats = repeats(start, "table:number-rows-repeated")?;
        self.column = 0;
        if is_hidden(start)? {
            self.builder.hide_rows(self.row, self.row.saturating_add(self.row_repeats - 1));
        }
        Ok(())
    }

    fn cells(&mut self, xml: &mut Xml<'_>, start: &BytesStart<'_>) -> Result<(), Fault> {
        let cell = Cell::read(xml, start)?;
        let first = CellRef::new(self.row, self.column);
        self.column = self.column.saturating_add(cell.repeats);
        if cell.spans != (1, 1) {
            let last = CellRef::new(
                first.row.saturating_add(cell.spans.0 - 1).min(limits::ROWS - 1),
                first.column.saturating_add(cell.spans.1 - 1).min(limits::COLUMNS - 1),
            );
            if last.row >= first.row && last.column >= first.column && !self.builder.merge(first, last) {
                return Err(Fault::new(Kind::TooManyCells, "合并单元格过多"));
            }
        }
        let Some(content) = cell.content() else {
            return Ok(());
        };
        let bytes = match &content {
            Content::Text(text) | Content::Error(text) | Content::FormulaWithoutValue(text) => text.len(),
            _ => 0,
        };
        for row in first.row..first.row.saturating_add(self.row_repeats) {
            for column in first.column..self.column {
                if row >= limits::ROWS || column >= limits::COLUMNS {
                    self.outside = true;
                    return Ok(());
                }
                self.allowance.take_cell()?;
                self.allowance.take_text(bytes)?;
                self.builder.push(CellRef::new(row, column), content.clone());
            }
        }
        Ok(())
    }
}

/// What a cell element says.
struct Cell {
    repeats: u32,
    /// Rows and columns that it covers.
    spans: (u32, u32),
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    is_error: bool,
    /// Whether it has a paragraph, be it an empty one: that is how a formula's empty text is stored.
    has_paragraph: bool,
    text: String,
}

impl Cell {
    /// Reads the cell that has just begun.
    fn read(xml: &mut Xml<'_>, start: &BytesStart<'_>) -> Result<Self, Fault> {
        let mut cell = Self {
            repeats: 1,
            spans: (1, 1),
            kind: String::new(),
            value: None,
            formula: None,
            is_error: false,
            has_paragraph: false,
            text: String::new(),
        };
        each_attribute(start, |key, value| {
            match key {
                "table:number-columns-repeated" => cell.repeats = number(&value),
                "table:number-rows-spanned" => cell.spans.0 = number(&value),
                "table:number-columns-spanned" => cell.spans.1 = number(&value),
                "office:value-type" => cell.kind = value.into_owned(),
                // The office's own value type only says string for an error.
                "calcext:value-type" => cell.is_error = value == "error",
                "table:formula" => cell.formula = Some(value.into_owned()),
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => {
                    cell.value = Some(value.into_owned());
                }
                _ => {}
            }
        })?;
        cell.read_text(xml)?;
        Ok(cell)
    }

    /// Reads the paragraphs; comments and drawings on the cell are not its content.
    fn read_text(&mut self, xml: &mut Xml<'_>) -> Result<(), Fault> {
        let outside = xml.depth().saturating_sub(1);
        loop {
            match xml.next()? {
                Node::Start(start) => match start.name().0 {
                    "text:p" if xml.depth() == outside + 2 => {
                        if self.has_paragraph {
                            self.text.push('\n');
                        }
                        self.has_paragraph = true;
                    }
                    "text:span" | "text:a" | "text:sheet-name" | "text:date" | "text:time" => {}
                    "text:s" => {
                        let count = attribute(&start, "text:c")?.map_or(1, |count| number(&count));
                        self.text.extend(std::iter::repeat_n(' ', count.min(LONGEST_TEXT) as usize));
                        // A few bytes stand for many spaces: the only way to a text that
                        // is longer than its file.
                        if self.text.len() > LONGEST_TEXT as usize * 64 {
                            return Err(Fault::new(Kind::TooManyCells, "单元格里的文字过长"));
                        }
                    }
                    "text:tab" => self.text.push('\t'),
                    "text:line-break" => self.text.push('\n'),
                    _ => xml.skip()?,
                },
                Node::Text(text) if xml.depth() > outside + 1 => self.text.push_str(&text),
                Node::End if xml.depth() == outside => return Ok(()),
                Node::Done => return Ok(()),
                Node::End | Node::Text(_) => {}
            }
        }
    }

    fn content(&self) -> Option<Content> {
        let text = || {
            if self.text.is_empty() { self.value.clone().unwrap_or_default() } else { self.text.clone() }
        };
        if self.is_error || (self.formula.is_some() && looks_like_error(&self.text)) {
            return Some(Content::Error(text()));
        }
        let value = self.value.as_deref();
        let content = match (self.kind.as_str(), value) {
            ("float" | "percentage" | "currency", Some(value)) => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() && self.kind == "percentage" => exact_percentage(number),
                Ok(number) if number.is_finite() => exact_decimal(number),
                Ok(_) => Content::HugeNumber(value.to_owned()),
                Err(_) => Content::Text(value.to_owned()),
            },
            ("date" | "time", Some(value)) => Content::Date(value.trim().to_owned()),
            ("boolean", Some(value)) => Content::Boolean(value.trim() == "true"),
            ("string", Some(value)) => Content::Text(value.to_owned()),
            ("", _) if self.formula.is_some() && !self.has_paragraph => {
                let formula = self.formula.as_deref().unwrap_or_default();
                // `of:=SUM([.A1:.A2])`: the prefix names the notation.
                let shown = formula.split_once(":=").map_or(formula, |(_, rest)| rest);
                Content::FormulaWithoutValue(format!("={}", shown.trim_start_matches('=')))
            }
            _ => Content::Text(self.text.clone()),
        };
        (content != Content::Text(String::new())).then_some(content)
    }
}

/// Whether a formula's text is an error value: some writers mark it no other way.
fn looks_like_error(text: &str) -> bool {
    text == "#N/A"
        || text.starts_with("Err:")
        || (text.starts_with('#') && text.ends_with(['!', '?']) && !text.contains(char::is_whitespace))
}

fn is_hidden(start: &BytesStart<'_>) -> Result<bool, Fault> {
    Ok(attribute(start, "table:visibility")?.is_some_and(|value| value != "visible"))
}

fn repeats(start: &BytesStart<'_>, name: &str) -> Result<u32, Fault> {
    Ok(attribute(start, name)?.map_or(1, |value| number(&value)))
}

/// A count of at least one; what is no count is one.
fn number(value: &str) -> u32 {
    match value.trim().parse::<u32>() {
        Ok(number) => number.max(1),
        // A count beyond any sheet is as good as the largest one.
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => u32::MAX,
        Err(_) => 1,
    }
}
