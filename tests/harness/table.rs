//! Tables as offices lay them out, made in code; cells are named as Excel names them.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::bytes::with_part;
use super::value::{NO_RESULT, Value};

/// Row and column, from zero.
type Place = (u32, u16);

/// One sheet.
#[derive(Debug, Clone)]
pub struct Table {
    sheet: String,
    cells: BTreeMap<Place, Value>,
    merged: Vec<(Place, Place)>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: BTreeSet<u16>,
    hidden: bool,
}

impl Table {
    /// An empty sheet.
    pub fn new(sheet: &str) -> Self {
        Self {
            sheet: sheet.to_owned(),
            cells: BTreeMap::new(),
            merged: Vec::new(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
            hidden: false,
        }
    }

    /// The table with a total: a title, two merged header rows, four departments, 合计.
    pub fn operations() -> Self {
        Self::new("办件")
            .row(1, ["办件情况统计表"])
            .row(2, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
            .row(3, ["", "", "受理量", "办结量"])
            .row(4, ["1", "市公安局", "20337", "23022", "15"])
            .row(5, ["2", "市民政局", "864", "871", "/"])
            .row(6, ["3", "市司法局", "402", "398", "25"])
            .row(7, ["4", "市教育局", "1280", "1235", "16"])
            .row(8, ["合计", "", "22883", "25526", "56"])
            .merging("A1:E1")
            .merging("A2:A3")
            .merging("B2:B3")
            .merging("C2:D2")
            .merging("E2:E3")
            .merging("A8:B8")
    }

    /// The ranked table with a derived score, in which two departments share the first place.
    pub fn assessment() -> Self {
        Self::new("考核")
            .row(1, ["考核结果"])
            .row(2, ["序号", "部门窗口", "基本得分", "加分", "得分"])
            .row(3, ["1", "市公安局", "97.5", "2", "99.5"])
            .row(4, ["", "市民政局", "98.25", "1.25", "99.5"])
            .row(5, ["3", "市司法局", "95", "/", "95"])
            .row(6, ["4", "市教育局", "90.1", "0.2", "90.3"])
            .merging("A1:E1")
            .merging("A3:A4")
    }

    /// Fills a row from column A; what looks like a number is one, an empty text leaves its cell empty.
    pub fn row<'a>(mut self, row: u32, texts: impl IntoIterator<Item = &'a str>) -> Self {
        for (column, text) in (0..).zip(texts) {
            let value = text.parse().map_or_else(|_| Value::from(text), Value::Number);
            self.cells.remove(&(row - 1, column));
            if !text.is_empty() {
                self.cells.insert((row - 1, column), value);
            }
        }
        self
    }

    /// Sets a cell.
    pub fn with(mut self, cell: &str, value: impl Into<Value>) -> Self {
        self.cells.insert(place(cell), value.into());
        self
    }

    /// Empties several cells.
    pub fn without_all<const N: usize>(self, cells: [&str; N]) -> Self {
        cells.into_iter().fold(self, |table, cell| table.without(cell))
    }

    /// Empties a cell.
    pub fn without(mut self, cell: &str) -> Self {
        assert!(self.cells.remove(&place(cell)).is_some(), "{cell} is empty already");
        self
    }

    /// Empties a row.
    pub fn without_row(mut self, row: u32) -> Self {
        self.cells.retain(|(at, _), _| *at != row - 1);
        self.merged.retain(|((first, _), _)| *first != row - 1);
        self
    }

    /// Merges a range such as `C2:D2`.
    pub fn merging(mut self, range: &str) -> Self {
        let (first, last) = range.split_once(':').unwrap();
        self.merged.push((place(first), place(last)));
        self
    }

    /// Without any merged cells.
    pub fn unmerged(mut self) -> Self {
        self.merged.clear();
        self
    }

    /// Everything so many rows lower and columns further right.
    pub fn shifted(self, rows: u32, columns: u16) -> Self {
        self.rearranged(|(row, column)| (row + rows, column + columns))
    }

    /// Two columns change places; merged cells between them are the caller's concern.
    pub fn swapping_columns(self, one: &str, other: &str) -> Self {
        let ((_, one), (_, other)) = (place(&format!("{one}1")), place(&format!("{other}1")));
        self.rearranged(|(row, column)| match column {
            column if column == one => (row, other),
            column if column == other => (row, one),
            column => (row, column),
        })
    }

    /// Hides a row.
    pub fn hiding_row(mut self, row: u32) -> Self {
        self.hidden_rows.insert(row - 1);
        self
    }

    /// Hides a column.
    pub fn hiding_column(mut self, column: &str) -> Self {
        self.hidden_columns.insert(place(&format!("{column}1")).1);
        self
    }

    /// Hides the sheet.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Under another sheet name.
    pub fn named(mut self, sheet: &str) -> Self {
        sheet.clone_into(&mut self.sheet);
        self
    }

    /// The workbook with this sheet alone.
    pub fn xlsx(&self) -> Vec<u8> {
        workbook(&[self])
    }

    /// The sheet as csv, every field in quotation marks.
    pub fn csv(&self) -> String {
        let mut lines = String::new();
        for row in 0..=self.cells.keys().map(|(row, _)| *row).max().unwrap_or(0) {
            let width = self.cells.keys().map(|(_, column)| *column).max().unwrap_or(0);
            let fields = (0..=width).map(|column| match self.cells.get(&(row, column)) {
                Some(Value::Text(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
                Some(Value::Number(number)) => number.to_string(),
                Some(other) => panic!("csv has no {other:?}"),
                None => String::new(),
            });
            lines.push_str(&fields.collect::<Vec<_>>().join(","));
            lines.push_str("\r\n");
        }
        lines
    }

    fn rearranged(mut self, to: impl Fn(Place) -> Place) -> Self {
        self.cells = self.cells.into_iter().map(|(place, value)| (to(place), value)).collect();
        self.merged = self.merged.into_iter().map(|(first, last)| (to(first), to(last))).collect();
        self
    }

    fn write(&self, sheet: &mut Worksheet) {
        let plain = Format::new();
        sheet.set_name(&self.sheet).unwrap();
        for ((row, column), (last_row, last_column)) in &self.merged {
            sheet.merge_range(*row, *column, *last_row, *last_column, "", &plain).unwrap();
        }
        for ((row, column), value) in &self.cells {
            let (row, column) = (*row, *column);
            match value {
                Value::Text(text) => sheet.write_string(row, column, text).unwrap(),
                Value::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                Value::Formatted(number, format) => {
                    let format = Format::new().set_num_format(*format);
                    sheet.write_number_with_format(row, column, *number, &format).unwrap()
                }
                Value::Truth(truth) => sheet.write_boolean(row, column, *truth).unwrap(),
                Value::Date(year, month, day) => {
                    let date = ExcelDateTime::from_ymd(*year, *month, *day).unwrap();
                    let format = Format::new().set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, column, date, &format).unwrap()
                }
                Value::Formula { formula, result } => {
                    sheet.write_formula(row, column, Formula::new(formula).set_result(result)).unwrap()
                }
            };
        }
        self.hidden_rows.iter().for_each(|row| {
            sheet.set_row_hidden(*row).unwrap();
        });
        self.hidden_columns.iter().for_each(|column| {
            sheet.set_column_hidden(*column).unwrap();
        });
        sheet.set_hidden(self.hidden);
    }
}

/// A workbook of several sheets.
pub fn workbook(tables: &[&Table]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    // Workbooks travel with the PDF: two of the same content must be the same.
    let created = ExcelDateTime::from_ymd(2025, 8, 1).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for table in tables {
        table.write(workbook.add_worksheet());
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let lacks_result = |value: &Value| matches!(value, Value::Formula { result, .. } if result == NO_RESULT);
    match tables.iter().any(|table| table.cells.values().any(lacks_result)) {
        true => with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| {
            xml.replace(&format!("<v>{NO_RESULT}</v>"), "")
        }),
        false => bytes,
    }
}

fn place(cell: &str) -> Place {
    let split = cell.find(|character: char| character.is_ascii_digit()).unwrap();
    let (letters, row) = cell.split_at(split);
    let column = letters.bytes().fold(0, |column, letter| column * 26 + u16::from(letter - b'A') + 1);
    (row.parse::<u32>().unwrap() - 1, column - 1)
}
