//! The room as a whole: real and hostile files through [`super::read`].

mod binary;
mod hostile;
mod mutations;
mod xlsx;

use super::{Isolation, Workbook, read};
use crate::diagnostic::CellRef;
use crate::source::testing::zipped;

/// Reads a file that has nothing wrong with it.
fn sound(bytes: &[u8]) -> Workbook {
    let (workbook, diagnostics) = read(bytes, "表.xlsx", &Isolation::InProcess);
    assert_eq!(diagnostics, []);
    workbook.unwrap()
}

/// The message about a file that cannot be read.
fn refused(bytes: &[u8]) -> String {
    let (workbook, diagnostics) = read(bytes, "表.xlsx", &Isolation::InProcess);
    assert_eq!(workbook, None);
    assert_eq!(diagnostics.len(), 1);
    assert!(!diagnostics[0].hints.is_empty());
    diagnostics[0].message.clone()
}

/// The parts of a workbook of one worksheet, whose content is given.
fn parts(worksheet: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                .to_owned(),
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="运行情况" sheetId="1" r:id="r1"/></sheets></workbook>"#.to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="r3" Type="http://x/styles" Target="/xl/styles.xml"/></Relationships>"#
                .to_owned(),
        ),
        ("xl/sharedStrings.xml", "<sst><si><t>部门</t></si><si><t></t></si></sst>".to_owned()),
        (
            "xl/styles.xml",
            r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="10"/></cellXfs></styleSheet>"#
                .to_owned(),
        ),
        ("xl/worksheets/sheet1.xml", worksheet.to_owned()),
    ]
}

/// A workbook of one worksheet, whose content is given.
fn workbook(worksheet: &str) -> Vec<u8> {
    pack(&parts(worksheet))
}

/// A workbook of one worksheet, whose rows are given.
fn rows(rows: &str) -> Vec<u8> {
    workbook(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
}

fn pack(parts: &[(&str, String)]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(|(name, content)| (*name, content.as_str())).collect();
    zipped(&parts)
}

/// The cell of an address.
fn at(row: u32, column: u32) -> CellRef {
    CellRef::new(row, column)
}
