//! .xls, .xlsb and .ods: files of LibreOffice's, and small ones made here.

use std::collections::BTreeSet;

use super::{at, refused, sound, zipped};
use crate::source::number_format::NumberKind;
use crate::source::testing::{compound, listing};
use crate::source::{Region, Workbook, biff};

const XLS: &[u8] = include_bytes!("../../../tests/fixtures/sample.xls");
const ODS: &[u8] = include_bytes!("../../../tests/fixtures/sample.ods");

fn assert_is_sample(workbook: &Workbook, rate: &str, truth: &str) {
    let [sheet, notes] = workbook.sheets.as_slice() else { panic!("two sheets") };
    assert_eq!(sheet.name.as_deref(), Some("运行情况"));
    assert_eq!(
        listing(sheet),
        [
            "A1 文 2025年7月运行情况",
            "A2 文 部门",
            "B2 文 受理量",
            "C2 文 办结率",
            "D2 文 日期",
            "E2 文 备注",
            "A3 文 公安局",
            "B3 数 20337",
            rate,
            "D3 日 2025-07-01",
            truth,
            "A4 文 税务局\n（含分局）",
            "B4 数 34664.5",
            "C4 文 /",
            "D4 错 #DIV/0!",
            "E4 文 20,337 ",
            "A5 文 民政局",
            "B5 数 103.99",
            "E5 文 隐藏的行",
            "A6 文 合计",
            "B6 数 55105.49",
            "C6 文 公安局等",
            "E6 错 #N/A",
        ]
    );
    assert_eq!(sheet.merged, [Region { first: at(0, 0), last: at(0, 4) }]);
    assert_eq!(sheet.hidden_rows, BTreeSet::from([4]));
    assert_eq!(sheet.hidden_columns, BTreeSet::from([3]));
    assert!(!sheet.hidden && notes.hidden);
    assert_eq!(listing(notes), ["J10 文 孤零零"]);
}

#[test]
fn files_of_libreoffice_are_read() {
    assert_is_sample(&sound(XLS), "C3 率 0.9875", "E3 真 true");
    // LibreOffice writes truth as a formula that gives one.
    assert_is_sample(&sound(ODS), "C3 率 0.9875", "E3 数 1");
}

fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet>
        <table:table table:name="表">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

#[test]
fn cells_of_ods_are_read() {
    let bytes = ods(
        r#"<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
        <table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2">
        <text:p>标<text:span>题</text:span><text:s text:c="2"/>一</text:p><text:p>二</text:p>
        <office:annotation><text:p>批注</text:p></office:annotation></table:table-cell><table:covered-table-cell/>
        <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.50"/></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="2" table:visibility="filter"><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>
        <table:table-row><table:table-cell table:formula="of:=SUM([.A1])"/>
        <table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value=""/>
        <table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>
        <table:table-cell table:formula="x" office:value-type="string"><text:p>#REF!</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048569"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
    );
    let read = sound(&bytes);
    let sheet = &read.sheets[0];
    assert_eq!(
        listing(sheet),
        [
            "A1 文 标题  一\n二",
            "C1 数 1.5",
            "D1 数 1.5",
            "A2 真 true",
            "A3 真 true",
            "A4 空 =SUM([.A1])",
            "C4 日 PT08H30M00S",
            "D4 错 #REF!",
        ]
    );
    assert_eq!(sheet.merged, [Region { first: at(0, 0), last: at(1, 1) }]);
    assert_eq!(sheet.hidden_rows, BTreeSet::from([1, 2]));
    assert_eq!(sheet.hidden_columns, BTreeSet::from([2]));
}

#[test]
fn repetitions_in_ods_are_bounded() {
    let cell = r#"<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>"#;
    let bytes =
        ods(&format!(r#"<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>"#));
    assert!(refused(&bytes).starts_with("单元格过多：有内容的单元格超过 210 万个"));
    let spaces = r#"<text:s text:c="99999999999"/>"#.repeat(1000);
    let bytes = ods(&format!(
        "<table:table-row><table:table-cell><text:p>{spaces}</text:p></table:table-cell></table:table-row>"
    ));
    assert!(refused(&bytes).starts_with("单元格过多"));
}

#[test]
fn an_encrypted_ods_is_named() {
    let manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let bytes = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "scrambled"),
    ]);
    assert_eq!(refused(&bytes), "文件有打开密码");
}

/// A record of an .xls stream.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// An .xls workbook of one sheet with these records.
fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    xls_with(&[], records)
}

/// The same with records of the workbook as a whole.
fn xls_with(globals: &[Vec<u8>], records: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    compound("Workbook", &stream_with(begin, globals, records))
}

/// The stream of a workbook of one sheet, both of which begin with this record.
fn stream_with(begin: Vec<u8>, globals: &[Vec<u8>], records: &[Vec<u8>]) -> Vec<u8> {
    let end = record(0x000A, &[]);
    let name = [2u8, 0, b'a', b'b'];
    let globals = globals.concat();
    let start = (begin.len() + globals.len() + 4 + 6 + name.len() + end.len()) as u32;
    let sheet = record(0x0085, &[&start.to_le_bytes()[..], &[0, 0], &name].concat());
    let mut stream = [begin.clone(), globals, sheet, end.clone(), begin, records.concat(), end].concat();
    stream.resize(stream.len().max(4096), 0);
    stream
}

fn number(row: u16, column: u16, value: f64) -> Vec<u8> {
    let (row, column) = (row.to_le_bytes(), column.to_le_bytes());
    record(0x0203, &[&row[..], &column, &[0, 0], &value.to_le_bytes()].concat())
}

#[test]
fn declared_dimensions_of_xls_do_not_matter() {
    // To the last cell of a sheet; to beyond any sheet; backwards; none.
    for (first, last, columns) in [(0, 65_536, 256), (0, u32::MAX, 0xFFFF), (9, 3, 1), (0, 0, 0)] {
        let rows = [u32::to_le_bytes(first), u32::to_le_bytes(last)].concat();
        let columns = [[0, 0], u16::to_le_bytes(columns), [0, 0]].concat();
        let dimensions = record(0x0200, &[rows, columns].concat());
        let read = sound(&xls(&[dimensions, number(4, 1, 103.99)]));
        assert_eq!(listing(&read.sheets[0]), ["B5 数 103.99"]);
    }
}

#[test]
fn a_stray_cell_in_xls_is_named_before_calamine_lays_it_out() {
    let complaint = refused(&xls(&[number(0, 0, 1.0), number(65_535, 255, 1.0)]));
    assert!(complaint.starts_with("单元格过多：用到的范围是 A1:IV65536"), "{complaint}");
}

#[test]
fn a_formula_of_xls_whose_text_is_missing_is_not_blank() {
    let mut formula = vec![0; 22];
    formula[2] = 2;
    formula[12..14].copy_from_slice(&[0xFF, 0xFF]);
    let read = sound(&xls(&[record(6, &formula), number(0, 3, 1.0)]));
    assert_eq!(listing(&read.sheets[0]), ["C1 空 ", "D1 数 1"]);
}

/// Numbers shown as percentages, divided or with a word behind them are not what they are stored as.
#[test]
fn numbers_of_xls_are_shown_by_their_formats() {
    let style = |format: u16| record(0x00E0, &[&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat());
    let plain = record(0x041E, &[&176u16.to_le_bytes()[..], &[8, 0, 0], b"#,##0.0,"].concat());
    let code: Vec<u8> = "0.0\"万\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = record(0x041E, &[&177u16.to_le_bytes()[..], &[6, 0, 1], &code].concat());
    let globals = [plain, wide, style(0), style(10), style(176), style(177)];
    let styled = |column: u16, style: u16| {
        record(
            0x0203,
            &[&[0, 0][..], &column.to_le_bytes(), &style.to_le_bytes(), &1.08f64.to_le_bytes()].concat(),
        )
    };
    // A row of short numbers: 150 and 250, of which the second is a percentage.
    let short =
        |style: u16, number: u32| [&style.to_le_bytes()[..], &(number << 2 | 2).to_le_bytes()].concat();
    let several = record(0x00BD, &[&[1, 0, 3, 0][..], &short(0, 150), &short(1, 250), &[4, 0]].concat());
    let read = sound(&xls_with(
        &globals,
        &[styled(0, 0), styled(1, 1), styled(2, 2), styled(3, 3), styled(4, 9), several],
    ));
    assert_eq!(
        listing(&read.sheets[0]),
        ["A1 数 1.08", "B1 率 1.08", "C1 约 1.08", "D1 倍 1.08万", "E1 数 1.08", "D2 数 150", "E2 率 250"]
    );
}

/// Some writers put the styles before the formats; those before Excel 97 write codes in the code page.
#[test]
fn number_formats_of_xls_may_come_late_or_in_the_code_page() {
    let style = record(0x00E0, &[&[0, 0][..], &176u16.to_le_bytes(), &[0; 16]].concat());
    let late = record(0x041E, &[&176u16.to_le_bytes()[..], &[5, 0, 0], b"0.00%"].concat());
    assert_eq!(
        listing(&sound(&xls_with(&[style.clone(), late], &[number(0, 0, 0.5)])).sheets[0]),
        ["A1 率 0.5"]
    );
    let code = encoding_rs::GBK.encode("0!.0,\"万\"").0.into_owned();
    let code = [&176u16.to_le_bytes()[..], &[code.len() as u8], &code].concat();
    let begin = record(0x0809, &[0, 5, 5, 0, 0, 0, 0, 0]);
    let walked = biff::walk(&stream_with(begin, &[record(0x041E, &code), style], &[number(0, 0, 0.5)]));
    let kinds: Vec<NumberKind> = walked.unwrap().sheets[0].formats.values().copied().collect();
    assert_eq!(kinds, [NumberKind::Divided(Some("万"))]);
}

#[test]
fn a_password_in_xls_is_named() {
    let stream = [record(0x0809, &[0, 6, 5, 0]), record(0x002F, &[1, 0, 1, 0]), vec![0; 5000]].concat();
    assert_eq!(refused(&compound("Workbook", &stream)), "文件有打开密码");
}

/// A record of an .xlsb part.
fn brief(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    bytes.extend([data.len() as u8 | 0x80, (data.len() >> 7) as u8]);
    bytes.extend(data);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = (units.len() as u32).to_le_bytes().to_vec();
    [length, units.iter().flat_map(|unit| unit.to_le_bytes()).collect()].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// An .xlsb workbook of one sheet; the worksheet is at the place that is given.
fn xlsb(target: &str) -> Vec<u8> {
    let bundled = brief(156, &[numbers(&[0, 1]), wide("r1"), wide("运行情况")].concat());
    let book = [brief(131, &[]), brief(143, &[]), bundled, brief(144, &[]), brief(132, &[])].concat();
    let cell = |kind, column, data: &[u8]| brief(kind, &[&numbers(&[column, 0])[..], data].concat());
    let row = |row, flags| brief(0, &[&numbers(&[row, 0])[..], &[0, 0, 0, flags, 0]].concat());
    let error = [&[0x2A, 0, 0][..], &numbers(&[0, 0])].concat();
    let sheet = [
        brief(129, &[]),
        brief(148, &numbers(&[0, 9, 0, 9])),
        brief(0x0186, &[]),
        brief(60, &[&numbers(&[1, 1, 0, 0])[..], &[1, 0]].concat()),
        brief(0x0187, &[]),
        brief(145, &[]),
        row(0, 0),
        cell(6, 0, &wide("部门")),
        cell(5, 1, &103.99f64.to_le_bytes()),
        brief(5, &[&numbers(&[2, 1])[..], &0.5f64.to_le_bytes()].concat()),
        brief(2, &[&numbers(&[3, 2])[..], &numbers(&[7 << 2 | 2])].concat()),
        row(2, 0x10),
        cell(4, 0, &[1]),
        cell(11, 2, &error),
        brief(146, &[]),
        brief(176, &numbers(&[0, 1, 0, 0])),
        brief(130, &[]),
    ]
    .concat();
    let style = |format: u16| brief(47, &[&[0, 0][..], &format.to_le_bytes(), &[0; 12]].concat());
    let code = brief(44, &[&176u16.to_le_bytes()[..], &wide("0\"千件\"")].concat());
    // The styles of names come before those of cells.
    let styles = [
        code,
        style(9),
        brief(617, &numbers(&[3])),
        style(0),
        style(10),
        style(176),
        brief(618, &[]),
        style(9),
    ]
    .concat();
    let package = r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
    let relationships = format!(
        r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="{target}"/>
        <Relationship Id="r2" Type="x/styles" Target="styles.bin"/></Relationships>"#
    );
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relationships.as_bytes()),
        ("xl/styles.bin", &styles),
        ("xl/worksheets/sheet1.bin", &sheet),
    ] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn xlsb_is_read() {
    let read = sound(&xlsb("worksheets/sheet1.bin"));
    let sheet = &read.sheets[0];
    assert_eq!(sheet.name.as_deref(), Some("运行情况"));
    assert_eq!(
        listing(sheet),
        ["A1 文 部门", "B1 数 103.99", "C1 率 0.5", "D1 倍 7千", "A3 真 true", "C3 错 #N/A"]
    );
    assert_eq!(sheet.merged, [Region { first: at(0, 0), last: at(1, 0) }]);
    assert_eq!(sheet.hidden_rows, BTreeSet::from([2]));
    assert_eq!(sheet.hidden_columns, BTreeSet::from([1]));
}

#[test]
fn an_xlsb_whose_sheet_is_elsewhere_is_refused() {
    for target in ["worksheets/none.bin", "elsewhere/sheet1.bin", ""] {
        assert!(refused(&xlsb(target)).starts_with("文件已损坏"), "{target}");
    }
}
