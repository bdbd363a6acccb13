//! Makes the workbooks of the sample issues: `cargo run --example make_sample`.
//!
//! The figures stand in `examples/sample/*.csv`, where they can be reviewed line
//! by line. This program lays them out the way an office does (a merged title
//! row, header rows with merged cells, “/” where there is nothing, a 合计 row,
//! one merged 序号 for a tie) and writes `data/MONTH/operations.xlsx` and
//! `data/MONTH/assessment.xlsx`. The same CSVs give the same bytes on every run.
//!
//! The CSVs' conventions: `上级表头/下级表头` in the header line is a header of
//! two levels; a header ending in `（第二栏）` is a further column under the
//! header to its left; an empty 序号 shares the 序号 above it.

#![allow(
    clippy::disallowed_methods,
    reason = "an example writes its files itself; the rule is for the library"
)]

use std::error::Error;
use std::fs;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An issue of the bulletin, and the months its two tables report on.
struct Issue {
    folder: &'static str,
    operations: Month,
    assessment: Month,
    /// What the workbooks give as their date of creation: year, month, day.
    created: (u16, u8, u8),
}

#[derive(Clone, Copy)]
struct Month {
    year: u16,
    month: u8,
}

const ISSUES: [Issue; 3] = [
    Issue {
        folder: "2025-05",
        operations: Month::new(2025, 5),
        assessment: Month::new(2025, 3),
        created: (2025, 6, 18),
    },
    Issue {
        folder: "2025-06",
        operations: Month::new(2025, 6),
        assessment: Month::new(2025, 4),
        created: (2025, 7, 16),
    },
    Issue {
        folder: "2025-07",
        operations: Month::new(2025, 7),
        assessment: Month::new(2025, 5),
        created: (2025, 8, 15),
    },
];

/// How one of the two workbooks looks.
struct Layout {
    file: &'static str,
    sheet: &'static str,
    /// What follows the month in the title.
    subject: &'static str,
    /// Widths in characters, one for each column of the CSV.
    widths: &'static [f64],
}

const OPERATIONS: Layout = Layout {
    file: "operations",
    sheet: "运行情况",
    subject: "运行情况统计表",
    widths: &[7.0, 23.0, 11.5, 11.5, 11.5, 11.5, 18.0],
};

const ASSESSMENT: Layout = Layout {
    file: "assessment",
    sheet: "考核结果",
    subject: "考核结果",
    widths: &[7.0, 23.0, 19.0, 13.0, 13.0, 11.5, 11.5],
};

const PUBLISHER: &str = "四川省政府政务服务和公共资源交易服务中心";
const TOTAL: &str = "合计";
const SECOND_COLUMN: &str = "（第二栏）";

const TITLE_ROW: u32 = 0;
const FIRST_HEADER_ROW: u32 = 1;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for issue in &ISSUES {
        for (layout, month) in [(&OPERATIONS, issue.operations), (&ASSESSMENT, issue.assessment)] {
            let figures = root.join("examples/sample").join(format!("{}-{month}.csv", layout.file));
            let folder = root.join("data").join(issue.folder);
            let output = folder.join(format!("{}.xlsx", layout.file));

            let figures = Figures::read(&figures).map_err(|e| format!("{}: {e}", figures.display()))?;
            let bytes = workbook(layout, month, issue.created, &figures)?;
            fs::create_dir_all(&folder)
                .and_then(|()| fs::write(&output, bytes))
                .map_err(|e| format!("{}: {e}", output.display()))?;
        }
    }
    Ok(())
}

impl Month {
    const fn new(year: u16, month: u8) -> Self {
        Self { year, month }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

/// A CSV as it stands: the header line and the lines below it.
struct Figures {
    headers: Vec<Header>,
    rows: Vec<Vec<String>>,
}

/// One column's header; columns of the same `upper` stand under one merged cell.
struct Header {
    upper: String,
    lower: Option<String>,
}

impl Figures {
    fn read(path: &Path) -> Result<Self> {
        let mut reader = csv::Reader::from_path(path)?;
        let headers = reader.headers()?.iter().map(Header::parse).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record?.iter().map(str::to_owned).collect());
        }
        Ok(Self { headers, rows })
    }
}

impl Header {
    fn parse(text: &str) -> Self {
        match text.split_once('/') {
            Some((upper, lower)) => Self { upper: upper.to_owned(), lower: Some(lower.to_owned()) },
            None => Self { upper: text.strip_suffix(SECOND_COLUMN).unwrap_or(text).to_owned(), lower: None },
        }
    }
}

/// The cells' formats, in the fonts that the offices use.
struct Formats {
    title: Format,
    header: Format,
    cell: Format,
    total: Format,
}

impl Formats {
    fn new() -> Self {
        let centred = Format::new()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        let ruled = centred.clone().set_border(FormatBorder::Thin).set_font_size(12);
        Self {
            title: centred.set_font_name("黑体").set_font_size(18),
            header: ruled.clone().set_font_name("黑体"),
            cell: ruled.clone().set_font_name("仿宋"),
            total: ruled.set_font_name("仿宋").set_bold(),
        }
    }
}

/// The workbook's bytes.
fn workbook(layout: &Layout, month: Month, created: (u16, u8, u8), figures: &Figures) -> Result<Vec<u8>> {
    let formats = Formats::new();
    let Month { year, month } = month;
    let title = format!("省政府政务服务大厅部门窗口{year}年{month}月{}", layout.subject);
    let columns = u16::try_from(figures.headers.len())?;
    let last_column = columns.checked_sub(1).ok_or("no columns")?;

    let mut workbook = Workbook::new();
    let (year, month, day) = created;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&title)
            .set_author(PUBLISHER)
            .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?.and_hms(9, 0, 0)?),
    );

    let sheet = workbook.add_worksheet();
    sheet.set_name(layout.sheet)?;
    for (column, width) in (0..).zip(layout.widths) {
        sheet.set_column_width(column, *width)?;
    }

    sheet.set_row_height(TITLE_ROW, 36)?;
    merge(sheet, Block::new(TITLE_ROW, 0).to(TITLE_ROW, last_column), &title, &formats.title)?;
    let first_row = write_headers(sheet, &figures.headers, &formats)?;
    write_rows(sheet, first_row, &figures.rows, &formats)?;

    sheet.set_freeze_panes(first_row, 2)?;
    sheet.set_repeat_rows(TITLE_ROW, first_row - 1)?;
    sheet.set_paper_size(9); // A4
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true);

    Ok(workbook.save_to_buffer()?)
}

/// Writes the header rows; gives the row below them.
fn write_headers(sheet: &mut Worksheet, headers: &[Header], formats: &Formats) -> Result<u32> {
    let upper_row = FIRST_HEADER_ROW;
    let two_levels = headers.iter().any(|header| header.lower.is_some());
    let last_row = if two_levels { upper_row + 1 } else { upper_row };
    for row in upper_row..=last_row {
        sheet.set_row_height(row, if two_levels { 24 } else { 48 })?;
    }

    let mut column = 0;
    for group in headers.chunk_by(|left, right| left.upper == right.upper) {
        let last_column = column + u16::try_from(group.len())? - 1;
        let split = group.iter().any(|header| header.lower.is_some());
        let bottom = if split { upper_row } else { last_row };
        merge(
            sheet,
            Block::new(upper_row, column).to(bottom, last_column),
            &group[0].upper,
            &formats.header,
        )?;
        for (column, header) in (column..).zip(group) {
            if let Some(lower) = &header.lower {
                sheet.write_with_format(last_row, column, lower, &formats.header)?;
            }
        }
        column = last_column + 1;
    }
    Ok(last_row + 1)
}

fn write_rows(sheet: &mut Worksheet, first_row: u32, rows: &[Vec<String>], formats: &Formats) -> Result<()> {
    // A row without a 序号 belongs to the one above it: a tie.
    let mut row = first_row;
    for tie in rows.chunk_by(|_, below| below[0].is_empty()) {
        let last_row = row + u32::try_from(tie.len())? - 1;
        let total = tie[0][0] == TOTAL;
        let format = if total { &formats.total } else { &formats.cell };
        let sequence = if total { Block::new(row, 0).to(row, 1) } else { Block::new(row, 0).to(last_row, 0) };
        merge(sheet, sequence, "", format)?;
        write_value(sheet, row, 0, &tie[0][0], format)?;

        let first_column: u16 = if total { 2 } else { 1 };
        for (row, cells) in (row..).zip(tie) {
            sheet.set_row_height(row, 22)?;
            for (column, text) in (0..).zip(cells) {
                if column >= first_column {
                    write_value(sheet, row, column, text, format)?;
                }
            }
        }
        row = last_row + 1;
    }
    Ok(())
}

/// Numbers become numbers; names and “/” stay text.
fn write_value(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
    match text.parse::<f64>() {
        Ok(number) => sheet.write_with_format(row, column, number, format)?,
        Err(_) => sheet.write_with_format(row, column, text, format)?,
    };
    Ok(())
}

/// A rectangle of cells, its corners included.
#[derive(Clone, Copy)]
struct Block {
    top: u32,
    left: u16,
    bottom: u32,
    right: u16,
}

impl Block {
    fn new(row: u32, column: u16) -> Self {
        Self { top: row, left: column, bottom: row, right: column }
    }

    fn to(self, bottom: u32, right: u16) -> Self {
        Self { bottom, right, ..self }
    }
}

/// Writes text over a block, which is merged if it is more than one cell.
fn merge(sheet: &mut Worksheet, block: Block, text: &str, format: &Format) -> Result<()> {
    let Block { top, left, bottom, right } = block;
    if (top, left) == (bottom, right) {
        sheet.write_with_format(top, left, text, format)?;
    } else {
        sheet.merge_range(top, left, bottom, right, text, format)?;
    }
    Ok(())
}
