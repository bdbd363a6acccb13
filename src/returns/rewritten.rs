//! A marked copy written anew, for what came in another format than .xlsx or cannot be edited: with the values.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, Note, Url, Workbook, Worksheet, XlsxError};

use unicode_width::UnicodeWidthStr;

use super::ReturnedFile;
use super::list::{HEADS, WIDTHS, height, instruction, link};
use super::marks::{LIST_SHEET, Mark};
use crate::diagnostic::{CellRef, Severity};
use crate::source::{Content, Sheet};

const ERROR_FILL: Color = Color::RGB(0xFF_C7_CE);
const WARNING_FILL: Color = Color::RGB(0xFF_EB_9C);
const HEAD_FILL: Color = Color::RGB(0xE7_EE_F7);
/// The bounds of a column's width, in characters.
const NARROWEST: u32 = 9;
const WIDEST: u32 = 40;
/// The name of the sheet of a file that has no named ones.
const ONLY_SHEET: &str = "Sheet1";

/// Writes the copy.
pub(super) fn write(file: &ReturnedFile<'_>, marks: &[Mark]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created);
    workbook.set_properties(&properties);
    // A copy that came back in another format brings its former list along.
    let sheets = file.workbook.iter().flat_map(|workbook| &workbook.sheets);
    let sheets: Vec<&Sheet> = sheets.filter(|sheet| sheet.name.as_deref() != Some(LIST_SHEET)).collect();
    let names = sheet_names(&sheets);
    let renamed = |mark: &Mark| {
        let at = sheets.iter().position(|sheet| sheet.name == mark.sheet);
        let name = mark.sheet.as_ref().and(at).and_then(|at| names.get(at)).cloned();
        Mark { sheet: name.or_else(|| mark.sheet.clone()), ..mark.clone() }
    };
    let marks: Vec<Mark> = marks.iter().map(renamed).collect();
    write_list(file, &marks, workbook.add_worksheet())?;
    for (sheet, name) in sheets.into_iter().zip(&names) {
        write_sheet(sheet, name, &marks, workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

/// Names for sheets as Excel takes them: no longer than 31 characters, without some of them, and none like another
/// but for its case.
fn sheet_names(sheets: &[&Sheet]) -> Vec<String> {
    const LONGEST: usize = 31;
    let mut taken = vec![LIST_SHEET.to_lowercase()];
    let name_of = |sheet: &&Sheet| {
        let written = sheet.name.as_deref().unwrap_or(ONLY_SHEET);
        let legal = written.replace(['[', ']', ':', '*', '?', '/', '\\'], "_");
        let legal = legal.trim_matches('\'');
        let numbered = (1..).map(|number| {
            let ending = if number == 1 { String::new() } else { format!("-{number}") };
            let room = LONGEST - ending.chars().count();
            legal.chars().take(room).collect::<String>() + &ending
        });
        let free = |name: &String| !name.is_empty() && !taken.contains(&name.to_lowercase());
        let name = numbered.into_iter().find(free).unwrap_or_default();
        taken.push(name.to_lowercase());
        name
    };
    sheets.iter().map(name_of).collect()
}

fn plain() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11)
}

fn write_list(file: &ReturnedFile<'_>, marks: &[Mark], list: &mut Worksheet) -> Result<(), XlsxError> {
    let text = plain().set_text_wrap().set_align(FormatAlign::Top);
    let head = text.clone().set_bold().set_background_color(HEAD_FILL);
    let title = plain().set_bold().set_font_size(16);
    let told = match file.workbook {
        Some(_) => {
            let anew = "原文件不是 xlsx 格式（或写法少见），这是按其中的数值另写的一份：公式、格式没有保留。";
            format!("{anew}{}", instruction(marks))
        }
        None => "原文件打不开，这里没有它的内容。请按下面所列处理，重新报送。".to_owned(),
    };
    list.set_name(LIST_SHEET)?;
    list.merge_range(0, 0, 0, 4, file.heading, &title)?;
    list.merge_range(1, 0, 1, 4, &told, &text)?;
    list.set_row_height(0, 30)?.set_row_height(1, 54)?;
    for (at, (head_text, width)) in (0..).zip(HEADS.iter().zip(WIDTHS)) {
        list.write_string_with_format(2, at, *head_text, &head)?.set_column_width(at, width)?;
    }
    let has_sheets = file.workbook.is_some();
    for (row, mark) in (3..).zip(marks) {
        let fill = text.clone().set_background_color(fill(mark.severity));
        list.set_row_height(row, height(mark))?.write_number_with_format(row, 0, row - 2, &text)?;
        list.write_string_with_format(row, 1, mark.word(), &fill)?;
        match link(mark, ONLY_SHEET).filter(|_| has_sheets) {
            Some(link) => {
                let url = Url::new(format!("internal:{link}")).set_text(mark.place());
                list.write_url(row, 2, url)?;
            }
            None => {
                list.write_string_with_format(row, 2, mark.place(), &text)?;
            }
        }
        list.write_string_with_format(row, 3, &mark.message, &text)?;
        list.write_string_with_format(row, 4, &mark.remedy, &text)?;
    }
    list.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_sheet(
    sheet: &Sheet,
    name: &str,
    marks: &[Mark],
    worksheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    worksheet.set_name(name)?;
    let mut marked: BTreeMap<CellRef, Vec<&Mark>> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.sheet.as_deref().unwrap_or(ONLY_SHEET) == name) {
        if let Some(cell) = mark.cell {
            marked.entry(cell).or_default().push(mark);
        }
    }
    for region in &sheet.merged {
        let (Some(first), Some(last)) = (column(region.first), column(region.last)) else { continue };
        // Regions that overlap are no regions to the library; their cells stay single.
        let _ = worksheet.merge_range(region.first.row, first, region.last.row, last, "", &plain());
    }
    for row in &sheet.rows {
        for cell in &row.cells {
            let at = CellRef::new(row.index, cell.column);
            if let Some(column) = column(at) {
                let format = format_of(marked.get(&at));
                write_content(worksheet, row.index, column, &cell.content, format)?;
            }
        }
        if sheet.hidden_rows.contains(&row.index) {
            worksheet.set_row_hidden(row.index)?;
        }
    }
    for (column, width) in widths(sheet) {
        worksheet.set_column_width(column, width)?;
    }
    for (cell, marks) in marked {
        let Some(column) = column(cell) else { continue };
        if sheet.content(cell).is_none() {
            worksheet.write_blank(cell.row, column, &format_of(Some(&marks)))?;
        }
        let text: Vec<String> = marks.iter().map(|mark| mark.comment()).collect();
        let note = Note::new(text.join("\n")).add_author_prefix(false).set_width(290).set_height(120);
        worksheet.insert_note(cell.row, column, &note)?;
    }
    for column in sheet.hidden_columns.iter().filter_map(|column| u16::try_from(*column).ok()) {
        worksheet.set_column_hidden(column)?;
    }
    Ok(())
}

/// The widths of the columns in characters, so that short texts are seen whole; long ones run on.
fn widths(sheet: &Sheet) -> BTreeMap<u16, u32> {
    let mut widths = BTreeMap::new();
    for cell in sheet.rows.iter().flat_map(|row| &row.cells) {
        let Ok(column) = u16::try_from(cell.column) else { continue };
        let width = u32::try_from(cell.content.to_string().width()).unwrap_or(u32::MAX).saturating_add(2);
        let widest = widths.entry(column).or_insert(NARROWEST);
        if width <= WIDEST {
            *widest = width.max(*widest);
        }
    }
    widths
}

fn column(cell: CellRef) -> Option<u16> {
    u16::try_from(cell.column).ok()
}

fn fill(severity: Severity) -> Color {
    match severity {
        Severity::Error => ERROR_FILL,
        Severity::Warning => WARNING_FILL,
    }
}

fn format_of(marks: Option<&Vec<&Mark>>) -> Format {
    match marks.and_then(|marks| marks.iter().map(|mark| mark.severity).max()) {
        Some(severity) => plain().set_background_color(fill(severity)),
        None => plain(),
    }
}

fn write_content(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    content: &Content,
    format: Format,
) -> Result<(), XlsxError> {
    let number = |text: String| text.parse::<f64>().ok();
    match content {
        Content::Number(decimal) | Content::Divided(decimal, _) => match number(decimal.to_string()) {
            Some(value) => worksheet.write_number_with_format(row, column, value, &format)?,
            None => worksheet.write_string_with_format(row, column, decimal.to_string(), &format)?,
        },
        Content::Percentage(share) => {
            let value = number(share.to_string()).unwrap_or_default();
            let format = format.set_num_format("0.##%");
            worksheet.write_number_with_format(row, column, value, &format)?
        }
        Content::Boolean(truth) => worksheet.write_boolean_with_format(row, column, *truth, &format)?,
        Content::FormulaWithoutValue(formula) if formula.starts_with('=') => {
            worksheet.write_formula_with_format(row, column, formula.as_str(), &format)?
        }
        other => worksheet.write_string_with_format(row, column, other.to_string(), &format)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_get_names_that_excel_takes_and_that_differ() {
        let sheet = |name: &str| Sheet { name: Some(name.to_owned()), ..Sheet::default() };
        let long = "丙局二〇二五年八月份政务服务窗口考核得分情况统计表（修改版第三稿最终）";
        let sheets = ["a/b", "A_B", "更正说明", long, long].map(sheet);
        let names = sheet_names(&sheets.iter().collect::<Vec<_>>());
        assert_eq!(names[..3], ["a_b", "A_B-2", "更正说明-2"]);
        assert!(names[3..].iter().all(|name| name.chars().count() == 31), "{names:?}");
        assert_ne!(names[3], names[4]);
    }
}
