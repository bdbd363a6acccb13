//! The files that a build writes: whole or not at all, and never in place of a good one before the new one is.

use std::fs;

use crate::harness::{Bulletin, OUTPUTS};

#[test]
fn a_build_writes_pdf_source_figures_and_checking_sheet_and_nothing_else() {
    let bulletin = Bulletin::new();
    let outcome = bulletin.run(&["build", "2025-07"]).done();
    insta::assert_snapshot!(outcome.stderr, @"2025-07 已生成 output/2025-07.pdf");
    assert_eq!(outcome.stdout, "");
    let mut names: Vec<_> =
        fs::read_dir(bulletin.path("output")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [".state", "2025-07.checks.html", "2025-07.figures.json", "2025-07.pdf", "2025-07.typ"]
    );
    assert!(bulletin.bytes("output/2025-07.pdf").starts_with(b"%PDF-1.7"));
}

#[test]
fn the_pdf_declares_its_standards_title_and_language() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let pdf = bulletin.bytes("output/2025-07.pdf");
    let text = String::from_utf8_lossy(&pdf);
    for wanted in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "窗口月报",
        "市政务服务中心",
        "/Lang",
        "/Outlines",
        "/StructTreeRoot",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_failed_build_leaves_the_last_good_outputs_untouched() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let good = bulletin.outputs();
    let data = bulletin.with_cell("operations", "C5", "约八百");
    data.run(&["build", "2025-07"]).ending_with(1);
    assert!(data.outputs() == good, "after an error in the data");

    let template = data.with_cell("operations", "C5", 864).with_edit(
        "templates/bulletin/text.typ",
        "#let string-of(runs)",
        "#panic(1)\n#let string-of(runs)",
    );
    template.run(&["build", "2025-07"]).ending_with(1);
    assert!(template.outputs() == good, "after an error in the template");
}

#[test]
fn check_and_denied_warnings_write_nothing() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件");
    bulletin.run(&["check", "2025-07"]).done();
    bulletin.run(&["build", "2025-07", "--deny-warnings"]).ending_with(1);
    assert!(!bulletin.path("output").exists());
    bulletin.run(&["build", "2025-07"]).done();
    assert!(bulletin.path("output/2025-07.pdf").is_file());
}

#[test]
fn an_output_folder_that_cannot_be_is_a_fault_of_the_environment() {
    let bulletin = Bulletin::new().with_file("output", "not a folder");
    let answer = bulletin.run(&["--format", "json", "build", "2025-07"]).ending_with(2).answer();
    assert_eq!(answer.findings(), ["Y0701 output"]);
    let told = bulletin.run(&["build", "2025-07"]).ending_with(2).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0701 无法写入 output：那里已有同名的文件夹或文件
      位置：output
      → 请移走它再试
      → 原有的文件没有改动
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn a_pdf_that_cannot_be_replaced_leaves_all_outputs_as_they_were() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let source = bulletin.bytes("output/2025-07.typ");
    let figures = bulletin.bytes("output/2025-07.figures.json");
    // A folder stands where the PDF belongs: renaming onto it fails as it does onto a PDF held open.
    fs::remove_file(bulletin.path("output/2025-07.pdf")).unwrap();
    fs::create_dir(bulletin.path("output/2025-07.pdf")).unwrap();
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    let answer = bulletin.run(&["--format", "json", "build", "2025-07"]).ending_with(2).answer();
    assert_eq!(answer.findings(), ["Y0701 output/2025-07.pdf"]);
    assert!(answer.hints().iter().any(|hint| hint.contains("没有改动")), "{:?}", answer.hints());
    assert!(bulletin.bytes("output/2025-07.typ") == source, "the source is that of the last good build");
    assert!(bulletin.bytes("output/2025-07.figures.json") == figures, "and so are the figures");
    let left: Vec<_> = fs::read_dir(bulletin.path("output")).unwrap().collect();
    assert_eq!(left.len(), OUTPUTS.len() + 1, "no temporary file is left behind");
}
