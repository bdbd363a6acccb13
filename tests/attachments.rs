//! The files that travel with the PDF: the month's evidence, byte for byte.

use std::path::Path;

use encoding_rs::GB18030;

use crate::harness::attached::{Attached, attached};
use crate::harness::{Bulletin, REPOSITORY, Table, workbook};

const ISSUE: &str = "data/2025-07/issue.toml";
const SETTINGS: &str = "yuebao.toml";
const LIBRARY: &str = "templates/bulletin/lib.typ";
const TOML: &str = "application/toml";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn built(bulletin: &Bulletin) -> Vec<Attached> {
    bulletin.build().is_clean();
    attached(&bulletin.bytes("output/2025-07.pdf"))
}

fn names(files: &[Attached]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn the_july_issue_carries_its_evidence() {
    let bulletin = Bulletin::sample();
    let files = built(&bulletin);
    let described: Vec<_> = files
        .iter()
        .map(|file| {
            (
                file.name.as_str(),
                file.relationship.as_str(),
                file.media_type.as_str(),
                file.description.as_str(),
            )
        })
        .collect();
    assert_eq!(
        described,
        [
            ("assessment.xlsx", "Data", XLSX, "附表的数据（2025年5月）：data/2025-07/assessment.xlsx"),
            (
                "issue.toml",
                "Source",
                TOML,
                "2025年7月这一期的期号、日期、文字和手工录入的数：data/2025-07/issue.toml",
            ),
            ("operations.xlsx", "Data", XLSX, "附表的数据（2025年7月）：data/2025-07/operations.xlsx"),
        ]
    );
    for file in &files {
        let (_, path) = file.description.rsplit_once('：').unwrap();
        let original = std::fs::read(Path::new(REPOSITORY).join(path)).unwrap();
        assert!(file.content == original, "{} is attached unchanged", file.name);
        assert!(file.date.starts_with("D:20250826"), "{} has the issue's date: {}", file.name, file.date);
    }
}

#[test]
fn files_of_any_name_and_format_are_attached_as_they_are() {
    let csv = GB18030.encode(&Table::operations().csv()).0.into_owned();
    let issue = format!("\u{FEFF}{}", Bulletin::new().text(ISSUE).replace('\n', "\r\n"));
    let bulletin = Bulletin::in_folder("政务 月报")
        .with_edit(SETTINGS, "name = \"operations\"", "name = \"operations\"\nfile = \"窗口 办件（终稿）\"")
        .with_table_file("operations", "窗口 办件（终稿）.csv", &csv)
        .with_file(ISSUE, &issue);
    let files = built(&bulletin);
    let of = |name: &str| files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("{files:?}"));
    let table = of("窗口 办件（终稿）.csv");
    assert_eq!(table.media_type, "text/csv");
    assert!(table.content == csv, "the encoding is left as it is");
    assert!(of("issue.toml").content == issue.as_bytes(), "mark and line ends are left as they are");
}

#[test]
fn a_workbook_of_several_tables_is_attached_once() {
    let both = workbook(&[&Table::operations(), &Table::assessment()]);
    let bulletin = Bulletin::new()
        .with_edit(SETTINGS, "name = \"operations\"", "name = \"operations\"\nfile = \"both\"")
        .with_edit(SETTINGS, "name = \"assessment\"", "name = \"assessment\"\nfile = \"both\"")
        .with_table_file("operations", "both.xlsx", &both)
        .without_file("data/2025-07/assessment.xlsx");
    let files = built(&bulletin);
    assert_eq!(names(&files), ["both.xlsx", "issue.toml"]);
    assert!(files[0].content == both);
}

#[test]
fn files_of_other_months_are_attached_where_a_printed_figure_comes_from_them() {
    let bulletin = Bulletin::new().with_month("2025-06").with_month("2025-05");
    bulletin.run(&["build", "2025-07"]).done();
    let alone = attached(&bulletin.bytes("output/2025-07.pdf"));
    assert_eq!(alone.len(), 3, "what only checks look at stays behind: {:?}", names(&alone));

    let bulletin = bulletin.with_edit(
        SETTINGS,
        "formula = \"operations.total.accepted + operations.total.mailed\"",
        "formula = \"operations.total.accepted + prev(operations.total.mailed)\"",
    );
    bulletin.run(&["build", "2025-07"]).done();
    let files = attached(&bulletin.bytes("output/2025-07.pdf"));
    assert_eq!(
        names(&files),
        ["assessment.xlsx", "data-2025-06-operations.xlsx", "issue.toml", "operations.xlsx",]
    );
    assert_eq!(files[1].description, "附表的数据（2025年6月）：data/2025-06/operations.xlsx");
    assert!(files[1].content == bulletin.bytes("data/2025-06/operations.xlsx"));

    // Of another kind than this month's, it does not pass for this month's either.
    let bulletin = bulletin
        .without_file("data/2025-06/operations.xlsx")
        .with_file("data/2025-06/operations.csv", Table::operations().csv());
    bulletin.run(&["build", "2025-07"]).done();
    let files = attached(&bulletin.bytes("output/2025-07.pdf"));
    assert_eq!(
        names(&files),
        ["assessment.xlsx", "data-2025-06-operations.csv", "issue.toml", "operations.xlsx"]
    );
}

#[test]
fn a_past_issue_stays_the_same_when_the_bulletins_declarations_go_on() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let before = bulletin.outputs();
    let bulletin = bulletin
        .with_addition(
            "data/departments.toml",
            "\n[[department]]\nname = \"市数据局\"\nsince = \"2025-08\"\n",
        )
        .with_addition(SETTINGS, "\n[[figure]]\nname = \"later\"\nformula = \"values.calls * 2\"\n");
    bulletin.build().is_clean();
    let after = bulletin.outputs();
    assert!(after[0] == before[0] && after[1] == before[1], "the PDF and its source");
}

#[test]
fn a_setting_leaves_them_out() {
    for (setting, attaches) in [
        ("[pdf]\n", true),
        ("[pdf]\nattach_sources = true\n", true),
        ("[pdf]\nattach_sources = false\n", false),
    ] {
        let bulletin = Bulletin::new().with_edit(SETTINGS, "[fonts]\n", &format!("{setting}\n[fonts]\n"));
        assert_eq!(built(&bulletin).len(), if attaches { 3 } else { 0 }, "{setting}");
        assert_eq!(bulletin.text("output/2025-07.typ").contains("operations.xlsx"), attaches, "{setting}");
    }
    let answer = Bulletin::new()
        .with_edit(SETTINGS, "[fonts]\n", "[pdf]\nattach_sources = \"否\"\n\n[fonts]\n")
        .check();
    assert_eq!(answer.messages().len(), 1, "{:?}", answer.messages());
    assert!(answer.messages()[0].starts_with("Y0104"), "{:?}", answer.messages());
}

#[test]
fn a_template_that_attaches_nothing_is_told() {
    let bulletin = Bulletin::new().with_edit(LIBRARY, "for file in issue.attachments {", "for file in () {");
    assert_eq!(bulletin.check().findings(), ["Y0609 issue.toml"]);
    insta::assert_snapshot!(bulletin.run(&["build", "2025-07"]).done().stderr, @r"
    提醒 Y0609 data/2025-07/issue.toml、data/2025-07/assessment.xlsx、data/2025-07/operations.xlsx 没有附在 PDF 里
      位置：data/2025-07/issue.toml
      → 排版模板没有附上它们：请维护模板的同事参照新建的月报（yuebao init）里的 lib.typ
      → 不需要附带时，请在 yuebao.toml 的 [pdf] 中写 attach_sources = false
    2025-07 已生成 output/2025-07.pdf（1 处提醒）
    ");
    let bulletin = bulletin.with_edit(SETTINGS, "[fonts]\n", "[pdf]\nattach_sources = false\n\n[fonts]\n");
    assert_eq!(built(&bulletin), []);
}

#[cfg(unix)]
#[test]
fn a_name_that_typst_cannot_take_is_told() {
    let bulletin = Bulletin::new()
        .with_edit(SETTINGS, "name = \"operations\"", "name = \"operations\"\nfile = 'a\\b'")
        .with_table_file("operations", "a\\b.xlsx", Table::operations().xlsx());
    let answer = bulletin.build();
    assert_eq!(answer.findings(), ["Y0609 a\\b.xlsx"]);
    assert!(answer.hints()[0].contains("反斜杠"), "{:?}", answer.hints());
    assert_eq!(attached(&bulletin.bytes("output/2025-07.pdf")).len(), 2);
}
