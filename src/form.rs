//! Blank workbooks for a declared table: title, header of several levels, a row for each department.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use crate::diagnostic::CellRef;
use crate::project::{ColumnRole, Department, Month, Register, TableSchema};
use crate::render::header_rows;

/// What a blank workbook is for.
pub struct Form<'a> {
    /// The declared table.
    pub schema: &'a TableSchema,
    /// The departments; those that are active in the month get a row.
    pub register: &'a Register,
    /// The title above the table.
    pub title: &'a str,
    /// The month.
    pub month: Month,
}

/// The first row of the header: the title stands above it.
const HEADER_ROW: u32 = 1;

/// Makes a workbook as xlsx; `figures` fills the entry cells of the departments in order, blank where there is none.
pub fn workbook<const N: usize>(form: &Form<'_>, figures: &[[&str; N]]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same bytes at any time: a form has no date but its month's.
    let created = ExcelDateTime::from_ymd(form.month.year, form.month.month, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(form.title).set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    write_sheet(form, figures, sheet)?;
    workbook.save_to_buffer()
}

fn write_sheet<const N: usize>(
    form: &Form<'_>,
    figures: &[[&str; N]],
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    let schema = form.schema;
    let cell = Format::new()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    let head = cell.clone().set_bold();
    let title = Format::new().set_align(FormatAlign::Center).set_bold().set_font_size(16);
    let last_column = column_number(schema.columns.len().saturating_sub(1));
    if last_column > 0 {
        sheet.merge_range(0, 0, 0, last_column, form.title, &title)?;
    } else {
        sheet.write_string_with_format(0, 0, form.title, &title)?;
    }
    write_header(schema, sheet, &head)?;
    let first_row = HEADER_ROW + row_number(schema.header_depth());
    let departments: Vec<&Department> =
        form.register.iter().filter(|department| department.is_active(form.month)).collect();
    for (index, department) in departments.iter().enumerate() {
        let row = first_row + row_number(index);
        let mut entries = figures.get(index).into_iter().flatten();
        for (at, column) in schema.columns.iter().enumerate() {
            let at = column_number(at);
            match &column.role {
                ColumnRole::Department => {
                    sheet.write_string_with_format(row, at, &department.name, &cell)?;
                }
                ColumnRole::Sequence if schema.ranking.is_none() => {
                    sheet.write_number_with_format(row, at, row_number(index) + 1, &cell)?;
                }
                ColumnRole::Number(number) if number.formula.is_none() => {
                    write_entry(sheet, row, at, entries.next().copied().unwrap_or_default(), &cell)?;
                }
                _ => {
                    sheet.write_blank(row, at, &cell)?;
                }
            }
        }
    }
    if schema.total && !departments.is_empty() {
        write_total(schema, sheet, first_row, row_number(departments.len()), figures, &head)?;
    }
    for (at, column) in schema.columns.iter().enumerate() {
        sheet.set_column_width(column_number(at), column.width_tenths.max(8))?;
    }
    sheet.set_freeze_panes(first_row, 0)?;
    // Printed as it lies: A4, one page wide.
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_entry(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    entry: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match entry.parse::<i32>() {
        Ok(number) => sheet.write_number_with_format(row, column, number, format)?,
        Err(_) if entry.is_empty() => sheet.write_blank(row, column, format)?,
        Err(_) => sheet.write_string_with_format(row, column, entry, format)?,
    };
    Ok(())
}

fn write_header(schema: &TableSchema, sheet: &mut Worksheet, format: &Format) -> Result<(), XlsxError> {
    // Cells that a merged one above covers are left out of the rows below.
    let mut covered_until = vec![0; schema.columns.len()];
    for (level, cells) in header_rows(schema).into_iter().enumerate() {
        let mut column = 0;
        for cell in cells {
            while covered_until.get(column).is_some_and(|until| *until > level) {
                column += 1;
            }
            let (row, at) = (HEADER_ROW + row_number(level), column_number(column));
            let (last_row, last) = (row + row_number(cell.rowspan) - 1, at + column_number(cell.colspan) - 1);
            if (row, at) == (last_row, last) {
                sheet.write_string_with_format(row, at, &cell.text, format)?;
            } else {
                sheet.merge_range(row, at, last_row, last, &cell.text, format)?;
            }
            for until in covered_until.iter_mut().skip(column).take(cell.colspan) {
                *until = level + cell.rowspan;
            }
            column += cell.colspan;
        }
    }
    Ok(())
}

/// The row 合计, as formulas over the rows above.
fn write_total<const N: usize>(
    schema: &TableSchema,
    sheet: &mut Worksheet,
    first_row: u32,
    count: u32,
    figures: &[[&str; N]],
    format: &Format,
) -> Result<(), XlsxError> {
    let row = first_row + count;
    let label_span = schema.columns.iter().take_while(|column| column.number().is_none()).count();
    match column_number(label_span) {
        0 => {}
        1 => {
            sheet.write_string_with_format(row, 0, "合计", format)?;
        }
        span => {
            sheet.merge_range(row, 0, row, span - 1, "合计", format)?;
        }
    }
    let mut entry = 0;
    for (at, column) in schema.columns.iter().enumerate().skip(label_span) {
        let Some(number) = column.number() else { continue };
        let letters = CellRef::column_letters(u32::from(column_number(at)));
        let sum: i64 = figures.iter().filter_map(|row| row.get(entry)?.parse::<i64>().ok()).sum();
        let formula = Formula::new(format!("=SUM({letters}{}:{letters}{row})", first_row + 1));
        sheet.write_formula_with_format(
            row,
            column_number(at),
            formula.set_result(sum.to_string()),
            format,
        )?;
        entry += usize::from(number.formula.is_none());
    }
    Ok(())
}

// A sheet has at most 16,384 columns and 1,048,576 rows; a declared table has a handful.
fn column_number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn row_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
