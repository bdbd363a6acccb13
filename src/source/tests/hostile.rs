//! Hostile, broken and mistaken files: each a clear error, none a panic.

use super::{pack, parts, refused, rows, sound, workbook, zipped};
use crate::diagnostic::CellRef;
use crate::source::testing::{compound, listing};
use crate::source::{Isolation, read};

/// The cells that are read all the same, and the messages about others.
fn partly(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let (workbook, diagnostics) = read(bytes, "表.xlsx", &Isolation::InProcess);
    let messages = diagnostics
        .iter()
        .map(|diagnostic| format!("{} {}", diagnostic.location.clone().unwrap(), diagnostic.message));
    (listing(&workbook.unwrap().sheets[0]), messages.collect())
}

#[test]
fn files_that_are_no_spreadsheets_are_named() {
    for (bytes, expected) in [
        (&b""[..], "文件是空的"),
        (b"%PDF-1.7\n", "不是电子表格：它是 PDF 文件"),
        (b"\x89PNG\r\n\x1a\n", "不是电子表格：它是图片（PNG）"),
        (b"Rar!\x1a\x07", "不是电子表格：它是压缩包（RAR），请先解压"),
        (b"7z\xBC\xAF\x27\x1C\0\x04", "不是电子表格：它是压缩包（7z），请先解压"),
        (b"  <!DOCTYPE html><html><table>", "网页或 XML 冒充的工作簿：它是网页（HTML）"),
        (b"\xEF\xBB\xBF<table border=1>", "网页或 XML 冒充的工作簿：它是网页（HTML）"),
        (b"MIME-Version: 1.0\r\n", "网页或 XML 冒充的工作簿：它是单个文件网页（MHTML）"),
        (
            b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook>",
            "网页或 XML 冒充的工作簿：它是“XML 电子表格 2003”",
        ),
        (b"<?xml version=\"1.0\"?><a/>", "不是电子表格：它是 XML 文件"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", "不支持的表格格式：它是 Excel 4.0 或更早的格式"),
        (b"abc\0\x01\x02", "不是电子表格：它不是文本，也不是认得的格式"),
        (b"a,b\n\xFF\xFF,c\n", "第 2 行的文字既不是 UTF-8，也不是 GB18030，无法识别"),
        ("只是一段文字".as_bytes(), "文本里没有找到由逗号、分号或制表符分列的表格"),
    ] {
        assert_eq!(refused(bytes), expected);
    }
    let word = r#"<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>"#;
    assert_eq!(
        refused(&zipped(&[("_rels/.rels", word), ("word/document.xml", "")])),
        "不是电子表格：它是 Word 文档"
    );
    assert_eq!(refused(&zipped(&[("a.txt", "")])), "不是电子表格：它是压缩包（zip），请先解压");
    assert_eq!(refused(&zipped(&[])), "不是电子表格：它是压缩包（zip），请先解压");
    let text = "application/vnd.oasis.opendocument.text";
    assert!(refused(&zipped(&[("mimetype", text)])).starts_with("不是电子表格"));
}

#[test]
fn compound_files_are_told_apart() {
    assert_eq!(refused(&compound("EncryptedPackage", &[0; 5000])), "文件有打开密码");
    assert_eq!(refused(&compound("WordDocument", &[0; 5000])), "不是电子表格：它是 Word 文档");
    assert!(refused(&compound("ET", &[0; 5000])).starts_with("不支持的表格格式"));
    assert!(refused(&compound("Workbook", &[0; 5000])).starts_with("文件已损坏"));
    assert!(refused(&compound("Workbook", &[0; 5000])[..700]).starts_with("文件不完整"));
}

#[test]
fn truncated_and_altered_archives_are_refused() {
    let whole = rows("<row><c><v>1</v></c></row>");
    assert!(refused(&whole[..whole.len() / 2]).starts_with("文件不完整"));
    let mut altered = whole.clone();
    let sheet = whole.windows(10).rposition(|window| window == b"sheet1.xml").unwrap();
    // The checksum stands 30 bytes before the name's folder in the directory.
    let checksum = sheet - "xl/worksheets/".len() - 30;
    altered[checksum] ^= 1;
    let complaint = refused(&altered);
    assert!(complaint.starts_with("文件已损坏：部件 xl/worksheets/sheet1.xml"), "{complaint}");
}

#[test]
fn a_gigabyte_of_repeated_text_does_not_unpack() {
    let piece = " ".repeat(1 << 20);
    let pieces: Vec<_> = std::iter::repeat_n(piece.as_str(), 100).collect();
    let mut parts = parts("");
    parts[3].1 = format!("<sst><si><t>{}</t></si></sst>", pieces.concat());
    assert_eq!(refused(&pack(&parts)), "文件过大：部件 xl/sharedStrings.xml 解压后过大");
}

#[test]
fn more_text_than_the_file_has_is_refused() {
    // A short file, whose cells each repeat one long shared text.
    let mut parts = parts(&format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        r#"<row><c t="s"><v>0</v></c></row>"#.repeat(2000)
    ));
    parts[3].1 = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    assert!(refused(&pack(&parts)).starts_with("单元格过多：单元格里的文字总量超过"));
}

#[test]
fn declared_dimensions_do_not_matter() {
    for dimension in ["C3:A1", "A1:XFD1048576", "A1:ZZZZZZ99999999999", "", "x"] {
        let bytes = workbook(&format!(
            r#"<worksheet><dimension ref="{dimension}"/><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"#
        ));
        assert_eq!(listing(&sound(&bytes).sheets[0]), ["A1 数 1"]);
    }
}

#[test]
fn broken_cells_are_reported_and_the_others_read() {
    let bad = r#"<row r="1"><c r="A0"><v>1</v></c><c r="B1"><v>2</v></c><c r="ZZZZ1"><v>3</v></c><c r="C1" t="s"><v>99</v></c></row>
        <row r="99999999999"><c r="B4294967297"><v>4</v></c></row><row r="3"><c r="A3"><v>5</v></c></row>"#;
    let (cells, messages) = partly(&rows(bad));
    assert_eq!(cells, ["B1 数 2", "A3 数 5"]);
    assert_eq!(messages, ["表.xlsx 运行情况 单元格记录已损坏：地址“A0”等 5 处"]);
}

#[test]
fn a_cell_that_stands_twice_is_reported() {
    let (cells, messages) = partly(&rows(
        r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>"#,
    ));
    assert_eq!(cells, ["B1 数 2", "A2 数 1"]);
    assert_eq!(messages, ["表.xlsx 运行情况 单元格记录已损坏：地址“A2”"]);
}

#[test]
fn packages_that_do_not_hang_together_are_refused() {
    let mut missing = parts("");
    missing.pop();
    assert_eq!(refused(&pack(&missing)), "文件已损坏：缺少部件 xl/worksheets/sheet1.xml");
    let mut unrelated = parts("");
    unrelated[2].1 = "<Relationships/>".to_owned();
    assert_eq!(refused(&pack(&unrelated)), "文件已损坏：找不到工作表的内容");
    for worksheet in
        ["", "<worksheet>", "<worksheet/>", "<worksheet><sheetData><row><c></row>", "<html/>", "\u{1}"]
    {
        assert!(refused(&workbook(worksheet)).starts_with("文件已损坏"), "{worksheet}");
    }
    let mut none = parts("");
    none[1].1 = "<workbook/>".to_owned();
    assert_eq!(refused(&pack(&none)), "文件已损坏：工作簿里没有工作表");
}

#[test]
fn one_part_named_by_thousands_of_sheets_is_refused() {
    let mut parts = parts("<worksheet><sheetData/></worksheet>");
    let sheets = r#"<sheet name="a" id="r1"/>"#.repeat(10_000);
    parts[1].1 = format!("<workbook><sheets>{sheets}</sheets></workbook>");
    assert!(refused(&pack(&parts)).starts_with("单元格过多"));
}

#[test]
fn millions_of_overlapping_hidden_columns_take_no_time() {
    let columns = r#"<col min="1" max="16384" hidden="1"/>"#.repeat(200_000);
    let bytes = workbook(&format!(
        "<worksheet><cols>{columns}</cols><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"
    ));
    assert_eq!(sound(&bytes).sheets[0].hidden_columns.len(), 1);
}

#[test]
fn names_from_files_do_not_reach_the_terminal_unfiltered() {
    let (_, messages) = partly(&rows(r#"<row><c r="&#27;[31m&#x202E;"><v>1</v></c><c><v>1</v></c></row>"#));
    assert!(!messages[0].contains(['\u{1b}', '\u{202E}']), "{messages:?}");
}

#[test]
fn merged_regions_that_fill_a_sheet_are_refused() {
    let side_by_side = |rows: u32| {
        let names = (0..1000).map(CellRef::column_letters);
        names.map(|name| format!("<mergeCell ref=\"{name}1:{name}{rows}\"/>")).collect::<String>()
    };
    let merging = |rows| {
        let regions = side_by_side(rows);
        workbook(&format!(
            "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>{regions}</mergeCells></worksheet>"
        ))
    };
    assert!(refused(&merging(1001)).starts_with("单元格过多：合并单元格过多"));
    assert_eq!(sound(&merging(20)).sheets[0].merged.len(), 1000);
}
