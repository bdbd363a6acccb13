//! The first sheet of a marked copy, as a part of the package: what is wrong, with links to the cells.

use unicode_width::UnicodeWidthStr;

use super::marks::Mark;
use super::styles::ListStyles;
use super::tags::escaped;
use crate::diagnostic::{CellRef, Severity};

/// The headings of the list.
pub(super) const HEADS: [&str; 5] = ["序", "类别", "位置", "问题", "怎样改"];
/// The widths of its columns, in characters.
pub(super) const WIDTHS: [u32; 5] = [5, 9, 16, 52, 46];

/// What is to be done, above the list.
pub(super) fn instruction(marks: &[Mark]) -> String {
    let count = |severity| marks.iter().filter(|mark| mark.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let mut text = match (errors, warnings) {
        (0, warnings) => format!("有 {warnings} 处请核对。"),
        (errors, 0) => format!("有 {errors} 处须更正。"),
        (errors, warnings) => format!("有 {errors} 处须更正，{warnings} 处请核对。"),
    };
    text.push_str("须更正的单元格标成红色，请核对的标成黄色，批注里写明了问题；点“位置”可直接跳到单元格。");
    text.push_str("改好后保存，把这个文件发回即可，这一页不必删除。是否还有问题以这一页为准。");
    text
}

/// The height in points of a mark's row, so that its texts are seen whole: not every program finds it itself.
pub(super) fn height(mark: &Mark) -> u32 {
    let texts = [&mark.place(), &mark.message, &mark.remedy];
    let lines = texts.iter().zip(&WIDTHS[2..]).map(|(text, width)| {
        // Chinese characters are twice as wide; some room is lost where a line ends.
        let lines =
            text.lines().map(|line| u32::try_from(line.width()).unwrap_or(u32::MAX) / (width - 3) + 1);
        lines.fold(0, u32::saturating_add)
    });
    lines.max().unwrap_or(1).clamp(1, 25) * 16 + 2
}

/// The link to a mark's cell within the workbook.
pub(super) fn link(mark: &Mark, default_sheet: &str) -> Option<String> {
    let sheet = mark.sheet.as_deref().unwrap_or(default_sheet);
    mark.cell.map(|cell| format!("'{}'!{cell}", sheet.replace('\'', "''")))
}

/// The worksheet part; it is the one that is shown first.
pub(super) fn part(heading: &str, marks: &[Mark], styles: ListStyles) -> String {
    let mut rows = String::new();
    let mut links = String::new();
    let text = |row: u32, column: u32, text: &str, style: usize| {
        let cell = CellRef::new(row, column);
        format!(
            "<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
            escaped(text)
        )
    };
    let columns = WIDTHS
        .iter()
        .zip(1..)
        .map(|(width, at)| format!("<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>"));
    let columns: String = columns.collect();
    rows.push_str(&format!(
        "<row r=\"1\" ht=\"30\" customHeight=\"1\">{}</row>",
        text(0, 0, heading, styles.title)
    ));
    rows.push_str(&format!(
        "<row r=\"2\" ht=\"54\" customHeight=\"1\">{}</row>",
        text(1, 0, &instruction(marks), styles.text)
    ));
    let heads: String = HEADS.iter().zip(0..).map(|(head, at)| text(2, at, head, styles.head)).collect();
    rows.push_str(&format!("<row r=\"3\">{heads}</row>"));
    for (mark, index) in marks.iter().zip(0..) {
        let row = index + 3;
        let word = match mark.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
        };
        let place = match link(mark, "") {
            Some(link) => {
                let at = CellRef::new(row, 2);
                links.push_str(&format!("<hyperlink ref=\"{at}\" location=\"{}\"/>", escaped(&link)));
                styles.link
            }
            None => styles.text,
        };
        let cells = [
            format!("<c r=\"{}\" s=\"{}\"><v>{}</v></c>", CellRef::new(row, 0), styles.text, index + 1),
            text(row, 1, mark.word(), word),
            text(row, 2, &mark.place(), place),
            text(row, 3, &mark.message, styles.text),
            text(row, 4, &mark.remedy, styles.text),
        ];
        rows.push_str(&format!(
            "<row r=\"{}\" ht=\"{}\" customHeight=\"1\">{}</row>",
            row + 1,
            height(mark),
            cells.concat()
        ));
    }
    let links = if links.is_empty() { links } else { format!("<hyperlinks>{links}</hyperlinks>") };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet \
         xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><pageSetUpPr \
         fitToPage=\"1\"/></sheetPr><sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\"/></sheetViews>\
         <cols>{columns}</cols><sheetData>{rows}</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A1:E1\"/>\
         <mergeCell ref=\"A2:E2\"/></mergeCells>{links}<pageSetup paperSize=\"9\" orientation=\"landscape\" \
         fitToHeight=\"0\"/></worksheet>"
    )
}
