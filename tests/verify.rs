//! `verify`: past issues come out byte for byte, or it is said what differs and why.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::{Bulletin, MONTH};

const RECORD: &str = "output/.state/2025-07.json";

/// What verifying the month finds.
#[track_caller]
fn findings(bulletin: &Bulletin) -> Vec<String> {
    bulletin.run(&["verify", MONTH, "--format", "json"]).answer().findings()
}

/// Everything in the folder of outputs.
fn outputs(bulletin: &Bulletin) -> BTreeMap<String, Vec<u8>> {
    let files = ["output", "output/.state"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(bulletin.path(folder)).unwrap().map(|entry| entry.unwrap().path()));
    files
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// The record with the fingerprint of one output replaced: as if another result had been written then.
fn with_other_result(bulletin: Bulletin, output: &str) -> Bulletin {
    let record = bulletin.text(RECORD);
    let (before, after) = record.split_once(&format!("\"output/2025-07.{output}\": \"")).unwrap();
    let changed = format!("{before}\"output/2025-07.{output}\": \"{}{}", "0".repeat(64), &after[64..]);
    bulletin.with_file(RECORD, changed)
}

#[test]
fn what_has_not_changed_comes_out_again_and_nothing_is_written() {
    let bulletin = Bulletin::new().with_month("2025-06");
    bulletin.run(&["build", "--all"]).done();
    let before = outputs(&bulletin);
    insta::assert_snapshot!(bulletin.run(&["verify", "--all"]).done().stderr, @r"
    2025-06 与记录逐字节相同
    2025-07 与记录逐字节相同
    共 2 个月：通过 2 个
    ");
    assert!(outputs(&bulletin) == before);
}

#[test]
fn a_month_without_a_record_cannot_be_compared() {
    let bulletin = Bulletin::new();
    assert_eq!(findings(&bulletin), ["Y0705 output/.state/2025-07.json"]);
    insta::assert_snapshot!(bulletin.run(&["verify"]).ending_with(1).stderr, @r"
    错误 Y0705 2025-07 没有生成记录，无法核对
      位置：output/.state/2025-07.json
      → 请用 yuebao build 2025-07 生成这个月，以后就能核对
    2025-07 核对未通过：有 1 处错误
    ");
    assert!(!bulletin.path("output").exists());
}

#[test]
fn a_record_that_cannot_be_used_says_so() {
    let record = Bulletin::built().text(RECORD);
    for bad in [record[..record.len() / 2].to_owned(), record.replace("\"format\": 1", "\"format\": 99")] {
        assert_eq!(findings(&Bulletin::built().with_file(RECORD, bad)), ["Y0706 output/.state/2025-07.json"]);
    }
    let unreadable = Bulletin::built().without_file(RECORD);
    std::fs::create_dir(unreadable.path(RECORD)).unwrap();
    let told = unreadable.run(&["verify"]).ending_with(1).stderr;
    assert!(told.starts_with("错误 Y0706 2025-07 的生成记录打不开，无法核对\n"), "{told}");
}

#[test]
fn a_changed_input_is_named_with_the_page_that_differs() {
    let bulletin = Bulletin::built().with_edit("data/2025-07/issue.toml", "value = 356", "value = 357");
    let told = bulletin.run(&["verify"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0707 data/2025-07/issue.toml 有改动
      位置：data/2025-07/issue.toml
      → 结果不同的是：output/2025-07.checks.html；output/2025-07.figures.json；output/2025-07.pdf（第 1 页）；output/2025-07.typ
      → 确实要改，请用 yuebao build 重新生成；不该改动，请恢复原来的文件
    2025-07 核对未通过：有 1 处错误
    ");
}

#[test]
fn a_page_more_is_a_difference_too() {
    let further = "\n[[section.item]]\nheading = \"又一项\"\ntext = \"\"\"\n".to_owned()
        + &"逐个窗口对照检查，限期改正。\n\n".repeat(30)
        + "\"\"\"\n";
    let bulletin = Bulletin::built().with_addition("data/2025-07/issue.toml", &further);
    let told = bulletin.run(&["verify"]).ending_with(1).stderr;
    assert!(told.contains("（第 1、2、3、4、5 页，原有 3 页，现有 5 页）"), "{told}");
}

#[test]
fn a_change_that_gives_the_same_bytes_is_none() {
    let bulletin = Bulletin::built().with_addition("yuebao.toml", "# 一条备注\n");
    assert_eq!(findings(&bulletin), [""; 0]);
}

#[test]
fn a_record_of_another_version_is_told_apart_from_a_changed_input() {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let as_by = |bulletin: Bulletin| bulletin.with_edit(RECORD, &version, "\"version\": \"0.0.9\"");
    // The same bytes by another version are just as good.
    assert_eq!(findings(&as_by(Bulletin::built())), [""; 0]);
    let bulletin = as_by(with_other_result(Bulletin::built(), "typ"));
    assert_eq!(findings(&bulletin), ["Y0710 output/2025-07.typ", "Y0708 -"]);
    let told = bulletin.run(&["verify"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0710 output/2025-07.typ 在生成以后被改动
      位置：output/2025-07.typ
      → 不是有意改动的，请用 yuebao build 重新生成
    错误 Y0708 程序由 0.0.9 版换成了 0.1.0 版
      → 结果不同的是：output/2025-07.typ
      → 要逐字节相同，请用原来的程序；要采用新的结果，请用 yuebao build 重新生成
    2025-07 核对未通过：有 2 处错误
    ");
}

#[test]
fn a_result_that_differs_without_a_reason_is_the_programs_fault() {
    let bulletin = with_other_result(Bulletin::built(), "pdf");
    assert_eq!(findings(&bulletin), ["Y0710 output/2025-07.pdf", "Y0709 output/2025-07.pdf"]);
    let told = bulletin.run(&["verify"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0710 output/2025-07.pdf 在生成以后被改动
      位置：output/2025-07.pdf
      → 不是有意改动的，请用 yuebao build 重新生成
    错误 Y0709 2025-07 的程序、数据和设置都没有变，结果却不同：output/2025-07.pdf（各页相同，只有书签、附件等看不见的部分不同）
      位置：output/2025-07.pdf
      → 这不应发生，请把这条提示和这个月的文件发给开发者
    2025-07 核对未通过：有 2 处错误
    ");
}

#[test]
fn an_altered_output_is_found_though_it_would_come_out_again() {
    let bulletin = Bulletin::built().with_file("output/2025-07.pdf", "%PDF");
    assert_eq!(findings(&bulletin), ["Y0710 output/2025-07.pdf"]);
    assert_eq!(findings(&bulletin.without_file("output/2025-07.pdf")), ["Y0710 output/2025-07.pdf"]);
}

#[test]
fn data_that_have_become_wrong_are_told_with_their_place() {
    let bulletin = Bulletin::built().with_cell("operations", "C5", "约八百");
    assert_eq!(findings(&bulletin), ["Y0707 operations.xlsx", "Y0203 operations.xlsx 办件!C5"]);
}

#[test]
fn an_issue_whose_data_are_gone_is_not_passed_over() {
    let bulletin = Bulletin::new().with_month("2025-08");
    bulletin.run(&["build", "--all"]).done();
    fs::remove_dir_all(bulletin.path("data/2025-08")).unwrap();
    insta::assert_snapshot!(bulletin.run(&["verify", "--all"]).ending_with(1).stderr, @r"
    2025-07 与记录逐字节相同
    错误 Y0101 2025-08 有生成记录，它的数据却没有了，无法核对
      位置：data/2025-08
      → 请从备份中恢复 data/2025-08
    2025-08 核对未通过：有 1 处错误
    共 2 个月：通过 1 个，有错误 1 个
    ");
    // 2025-09 never was.
    let bulletin = bulletin.with_month("2025-10");
    bulletin.run(&["build", "2025-10"]).done();
    let words = ["verify", "2025-07..2025-10", "--format", "json"];
    let json = bulletin.run(&words).ending_with(1).json();
    assert_eq!(json["missing_months"], serde_json::json!(["2025-08", "2025-09"]));
    let told = bulletin.run(&words[..2]).ending_with(1).stderr;
    assert!(told.starts_with("这一段中没有 2025-09 的数据，已跳过\n"), "{told}");
}

#[test]
fn an_output_that_became_a_folder_is_not_called_gone() {
    let bulletin = Bulletin::built().without_file("output/2025-07.typ");
    fs::create_dir(bulletin.path("output/2025-07.typ")).unwrap();
    let told = bulletin.run(&["verify"]).ending_with(1).stderr;
    assert!(told.contains("output/2025-07.typ 在生成以后被改动"), "{told}");
}
