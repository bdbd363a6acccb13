//! One worksheet: cells with their positions, hidden rows and columns, merged regions.

use quick_xml::events::BytesStart;

use super::address;
use super::strings::{SharedStrings, rich_text, unescape};
use crate::diagnostic::{CellRef, shown};
use crate::source::date;
use crate::source::fault::{Fault, Kind};
use crate::source::limits::{self, Allowance};
use crate::source::number::{exact_decimal, short_decimal};
use crate::source::number_format::{NumberKind, NumberStyles};
use crate::source::sheet_builder::SheetBuilder;
use crate::source::workbook::{Content, Sheet};
use crate::source::xml::{Node, Xml, attribute, each_attribute, is_true, local};

/// Reads one worksheet.
pub(super) struct SheetReader<'workbook> {
    strings: &'workbook SharedStrings,
    styles: &'workbook NumberStyles,
    epoch_1904: bool,
    allowance: &'workbook mut Allowance,
    builder: SheetBuilder,
    /// The row that began last.
    row: Option<u32>,
    /// Where the next cell stands unless it says so itself.
    column: u32,
    damaged: Damaged,
    scratch: Scratch,
}

/// The first cell that is broken, and how many are.
#[derive(Default)]
struct Damaged {
    first: String,
    count: usize,
}

/// What a cell's elements say, before its type tells what that means.
#[derive(Default)]
struct Scratch {
    value: String,
    formula: String,
    inline: Option<String>,
    has_value: bool,
    has_formula: bool,
}

/// The part of a worksheet that an element stands in: names such as `row` and `col`
/// mean other things in others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Other,
    Cells,
    Columns,
    Merged,
}

impl<'workbook> SheetReader<'workbook> {
    pub(super) fn new(
        strings: &'workbook SharedStrings,
        styles: &'workbook NumberStyles,
        epoch_1904: bool,
        allowance: &'workbook mut Allowance,
    ) -> Self {
        Self {
            strings,
            styles,
            epoch_1904,
            allowance,
            builder: SheetBuilder::default(),
            row: None,
            column: 0,
            damaged: Damaged::default(),
            scratch: Scratch::default(),
        }
    }

    /// The sheet, and a fault if cells of it could not be placed.
    pub(super) fn read(
        mut self,
        part: &str,
        name: &str,
        hidden: bool,
    ) -> Result<(Sheet, Option<Fault>), Fault> {
        let mut xml = Xml::new(part);
        let mut section = Section::Other;
        let mut sections = 0;
        loop {
            match xml.next()? {
                Node::Start(start) if section == Section::Other && xml.depth() == 2 => {
                    section = match local(start.name().0) {
                        "sheetData" => Section::Cells,
                        "cols" => Section::Columns,
                        "mergeCells" => Section::Merged,
                        _ => Section::Other,
                    };
                    sections += usize::from(section == Section::Cells);
                }
                Node::Start(start) => match (section, local(start.name().0)) {
                    (Section::Cells, "row") => self.row(&start)?,
                    (Section::Cells, "c") => self.cell(&mut xml, &start)?,
                    (Section::Columns, "col") => self.column(&start)?,
                    (Section::Merged, "mergeCell") => self.merged(&start)?,
                    _ => {}
                },
                Node::End if xml.depth() == 1 => section = Section::Other,
                Node::Done => break,
                Node::End | Node::Text(_) => {}
            }
        }
        if sections != 1 {
            return Err(Fault::damaged("工作表部件里没有表格数据"));
        }
        let (sheet, twice) = self.builder.finish(Some(name.to_owned()), hidden);
        if let Some(twice) = twice {
            self.damaged.note(&twice.to_string());
        }
        Ok((sheet, self.damaged.fault()))
    }

    fn row(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        let mut row = None;
        let mut hidden = false;
        each_attribute(start, |key, value| match key {
            "r" => match address::row(&value) {
                Some(index) => row = Some(index),
                None => self.damaged.note(&value),
            },
            "hidden" => hidden = is_true(&value),
            _ => {}
        })?;
        let row = row.unwrap_or_else(|| self.row.map_or(0, |before| before.saturating_add(1)));
        if hidden {
            self.builder.hide_rows(row, row);
        }
        self.row = Some(row);
        self.column = 0;
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<'_>, start: &BytesStart<'_>) -> Result<(), Fault> {
        let mut at = Some(CellRef::new(self.row.unwrap_or(0), self.column));
        let mut style = 0;
        let mut kind = None;
        each_attribute(start, |key, value| match key {
            "r" => {
                at = address::cell(&value);
                if at.is_none() {
                    self.damaged.note(&value);
                }
            }
            "s" => style = value.parse().unwrap_or(0),
            "t" => kind = Some(value),
            _ => {}
        })?;
        self.scratch.read(xml)?;
        let Some(at) = at else {
            return Ok(());
        };
        if at.row >= limits::ROWS || at.column >= limits::COLUMNS {
            self.damaged.note(&at.to_string());
            return Ok(());
        }
        self.column = at.column + 1;
        if let Some(content) = self.content(at, kind.as_deref(), style) {
            self.allowance.take_cell()?;
            if let Content::Text(text) | Content::Error(text) | Content::FormulaWithoutValue(text) = &content
            {
                self.allowance.take_text(text.len())?;
            }
            self.builder.push(at, content);
        }
        Ok(())
    }

    fn content(&mut self, at: CellRef, kind: Option<&str>, style: usize) -> Option<Content> {
        let cell = &self.scratch;
        // A formula that gives the empty text has its (empty) value stored.
        let has_value = !cell.value.is_empty() || (cell.has_value && kind == Some("str"));
        if cell.has_formula && !has_value && cell.inline.is_none() {
            let formula = &cell.formula;
            let shown = if formula.is_empty() { String::new() } else { format!("={formula}") };
            return Some(Content::FormulaWithoutValue(shown));
        }
        let value = cell.value.as_str();
        let content = match kind {
            Some("inlineStr") => Content::Text(cell.inline.clone().unwrap_or_default()),
            _ if value.is_empty() => Content::Text(cell.inline.clone().unwrap_or_default()),
            Some("s") => {
                let index = value.trim().parse().ok();
                match index.and_then(|index| self.strings.get(index)) {
                    Some(text) => Content::Text(text.to_owned()),
                    None => {
                        self.damaged.note(&at.to_string());
                        return None;
                    }
                }
            }
            Some("str") => Content::Text(unescape(value).into_owned()),
            Some("e") => Content::Error(value.trim().to_owned()),
            Some("d") => Content::Date(value.trim().to_owned()),
            Some("b") => match value.trim() {
                "1" | "true" | "TRUE" => Content::Boolean(true),
                "0" | "false" | "FALSE" => Content::Boolean(false),
                _ => Content::Text(value.to_owned()),
            },
            _ => self.number(value, style),
        };
        (content != Content::Text(String::new())).then_some(content)
    }

    fn number(&self, value: &str, style: usize) -> Content {
        let trimmed = value.trim();
        let kind = self.styles.kind(style);
        let is_time = matches!(kind, NumberKind::Moment | NumberKind::Duration);
        if let Some(number) = short_decimal(trimmed).filter(|_| !is_time) {
            return kind.shown(Content::Number(number));
        }
        match trimmed.parse::<f64>() {
            Ok(number) if number.is_finite() && is_time => {
                Content::Date(date::iso(number, kind, self.epoch_1904))
            }
            Ok(number) if number.is_finite() => kind.shown(exact_decimal(number)),
            // Digits beyond a double; `inf` and `nan` in letters are no numbers in a sheet.
            Ok(_) if !trimmed.contains(['n', 'N']) => Content::HugeNumber(trimmed.to_owned()),
            _ => Content::Text(value.to_owned()),
        }
    }

    fn column(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        let (mut first, mut last, mut hidden) = (None, None, false);
        each_attribute(start, |key, value| match key {
            "min" => first = value.parse::<u32>().ok(),
            "max" => last = value.parse::<u32>().ok(),
            "hidden" => hidden = is_true(&value),
            _ => {}
        })?;
        // A wrong range of columns changes no figure, so that it is not reported.
        if let (true, Some(first @ 1..), Some(last @ 1..)) = (hidden, first, last) {
            self.builder.hide_columns(first - 1, last - 1);
        }
        Ok(())
    }

    fn merged(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        if let Some(value) = attribute(start, "ref")? {
            match address::range(&value) {
                Some((first, last)) => {
                    if !self.builder.merge(first, last) {
                        return Err(Fault::new(Kind::TooManyCells, "合并单元格过多"));
                    }
                }
                None => self.damaged.note(&value),
            }
        }
        Ok(())
    }
}

impl Scratch {
    /// Reads the elements of the cell that has just begun.
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Fault> {
        self.value.clear();
        self.formula.clear();
        self.inline = None;
        self.has_value = false;
        self.has_formula = false;
        if let Some(value) = xml.plain_child("v") {
            self.has_value = true;
            self.value.push_str(value);
        }
        let outside = xml.depth().saturating_sub(1);
        loop {
            match xml.next()? {
                Node::Start(start) => match local(start.name().0) {
                    "v" => {
                        self.has_value = true;
                        xml.text(&mut self.value)?;
                    }
                    "f" => {
                        self.has_formula = true;
                        xml.text(&mut self.formula)?;
                    }
                    "is" => self.inline = Some(rich_text(xml)?),
                    _ => xml.skip()?,
                },
                Node::End if xml.depth() == outside => return Ok(()),
                Node::Done => return Ok(()),
                Node::End | Node::Text(_) => {}
            }
        }
    }
}

impl Damaged {
    fn note(&mut self, what: &str) {
        if self.count == 0 {
            self.first = shown(what);
        }
        self.count += 1;
    }

    fn fault(self) -> Option<Fault> {
        let Self { first, count } = self;
        let detail = match count {
            0 => return None,
            1 => format!("地址“{first}”"),
            _ => format!("地址“{first}”等 {count} 处"),
        };
        Some(Fault::new(Kind::DamagedCell, detail))
    }
}
