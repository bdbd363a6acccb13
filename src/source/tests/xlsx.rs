//! Sound xlsx files: every kind of cell, and agreement with calamine.

use std::collections::BTreeSet;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};

use super::{at, pack, parts, rows, sound, workbook};
use crate::source::testing::listing;
use crate::source::{Content, Region, excel};

fn cells(content: &str) -> Vec<String> {
    listing(&sound(&rows(content)).sheets[0])
}

#[test]
fn every_kind_of_cell_is_read() {
    assert_eq!(
        cells(
            r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" s="3"/>
            <c r="D1" t="inlineStr"><is><r><t>运</t></r><r><t xml:space="preserve"> 行</t></r></is></c>
            <c r="E1" t="str"><f>A1</f><v>甲&amp;乙</v></c><c r="F1" t="str"><f>""</f><v></v></c></row>
            <row r="3"><c r="A3"><v>20337</v></c><c r="B3" t="n"><v>103.99000000000001</v></c>
            <c r="C3" s="3"><v>0.5</v></c><c r="D3"><v>1e300</v></c><c r="E3"><v>1E+2</v></c><c r="F3"><v>inf</v></c></row>
            <row r="4"><c r="A4" s="1"><v>45839</v></c><c r="B4" s="2"><v>1.5</v></c>
            <c r="C4" t="d"><v>2025-07-01T00:00:00</v></c><c r="D4" t="b"><v>1</v></c><c r="E4" t="b"><v>0</v></c></row>
            <row r="5"><c r="A5" t="e"><v>#N/A</v></c><c r="B5" t="e"><f>X()</f><v>#SPILL!</v></c><c r="C5" t="e"><v>#未来!</v></c></row>"#
        ),
        [
            "A1 文 部门",
            "D1 文 运 行",
            "E1 文 甲&乙",
            "A3 数 20337",
            "B3 数 103.99",
            "C3 率 0.5",
            "D3 大 1e300",
            "E3 数 100",
            "F3 文 inf",
            "A4 日 2025-07-01",
            "B4 日 PT36H0M0S",
            "C4 日 2025-07-01T00:00:00",
            "D4 真 true",
            "E4 真 false",
            "A5 错 #N/A",
            "B5 错 #SPILL!",
            "C5 错 #未来!",
        ]
    );
}

#[test]
fn formulas_without_a_stored_value_are_not_blank() {
    assert_eq!(
        cells(
            r#"<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c><c r="B1"><f>C1&lt;2</f><v/></c><c r="C1" t="str"><f>A1</f></c>
            <c r="D1"><f t="shared" si="0"/></c><c r="E1"><f>1+1</f><v>2</v></c></row>"#
        ),
        ["A1 空 =SUM(B1:B9)", "B1 空 =C1<2", "C1 空 =A1", "D1 空 ", "E1 数 2"]
    );
}

#[test]
fn positions_may_be_left_out_and_prefixes_used() {
    let content = r#"<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>
        <x:row><x:c r="C2"><x:v>3</x:v></x:c><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>"#;
    assert_eq!(listing(&sound(&workbook(content)).sheets[0]), ["A1 数 1", "B1 数 2", "C2 数 3", "D2 数 4"]);
}

#[test]
fn hidden_and_merged_are_told() {
    let read = sound(&workbook(
        r#"<worksheet><dimension ref="A1:C3"/><cols><col min="2" max="16384" hidden="1"/></cols><sheetData>
        <row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>
        <row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3" hidden="0"><c r="A3"><v>3</v></c></row></sheetData>
        <mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3"/></mergeCells>
        <controls><from><col>9</col><row r="x">9</row></from></controls></worksheet>"#,
    ));
    let sheet = &read.sheets[0];
    assert_eq!(sheet.name.as_deref(), Some("运行情况"));
    assert_eq!(sheet.hidden_rows, BTreeSet::from([1]));
    assert_eq!(sheet.hidden_columns, BTreeSet::from([1]));
    assert_eq!(sheet.merged, [Region { first: at(0, 0), last: at(1, 1) }]);
    assert!(!sheet.hidden);
}

#[test]
fn the_epoch_of_old_macintoshes_and_hidden_sheets_count() {
    let mut parts =
        parts(r#"<worksheet><sheetData><row><c s="1"><v>44377</v></c></row></sheetData></worksheet>"#);
    parts[1].1 = r#"<workbook><workbookPr date1904="true"/><sheets><sheet name="a" state="veryHidden" id="r1"/></sheets></workbook>"#.to_owned();
    let read = sound(&pack(&parts));
    assert!(read.sheets[0].hidden);
    assert_eq!(listing(&read.sheets[0]), ["A1 日 2025-07-01"]);
}

#[test]
fn a_stray_cell_at_the_far_corner_is_cheap() {
    assert_eq!(
        cells(
            r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#
        ),
        ["A1 数 1", "XFD1048576 数 2"]
    );
}

#[test]
fn on_sound_files_calamine_agrees() {
    let bytes = written();
    let expected = excel::cells_of_xlsx(&bytes);
    assert!(expected.len() > 1000);
    let read = sound(&bytes);
    let found: Vec<_> = read
        .sheets
        .iter()
        .flat_map(|sheet| {
            let name = sheet.name.clone().unwrap();
            sheet.rows.iter().flat_map(move |row| {
                let name = name.clone();
                row.cells.iter().map(move |cell| {
                    // Calamine does not tell percent formats.
                    let content = match cell.content.clone() {
                        Content::Percentage(share) => Content::Number(share),
                        other => other,
                    };
                    (name.clone(), at(row.index, cell.column), content)
                })
            })
        })
        .collect();
    assert_eq!(found, expected);
    assert!(found.iter().any(|(_, _, content)| matches!(content, Content::Date(_))));
}

/// A workbook as a program writes it.
pub(super) fn written() -> Vec<u8> {
    let mut writer = Writer::new();
    let month = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    let percent = Format::new().set_num_format("0.00%");
    for name in ["运行情况", "考核"] {
        let sheet = writer.add_worksheet().set_name(name).unwrap();
        sheet.merge_range(0, 0, 0, 5, "标题", &Format::new()).unwrap();
        for row in 1..100u32 {
            let value = f64::from(row) / 7.0;
            sheet.write(row, 0, format!("部门{row} <&> _x0041_")).unwrap();
            sheet.write(row, 1, row).unwrap();
            sheet.write(row, 2, value).unwrap();
            sheet.write_with_format(row, 3, value, &percent).unwrap();
            let date = ExcelDateTime::from_serial_datetime(40_000.0 + value).unwrap();
            sheet.write_with_format(row, 4, date, &month).unwrap();
            sheet.write(row, 5, row % 2 == 0).unwrap();
            sheet.write(row, 6, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
            sheet.write(row, 7, Formula::new("=A1&B1").set_result("文字")).unwrap();
            sheet.write_blank(row, 8, &percent).unwrap();
        }
    }
    writer.save_to_buffer().unwrap()
}
