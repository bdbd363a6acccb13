//! Files and folders that are there but cannot be read: never taken for ones that are not there.
#![cfg(unix)]

use std::fs;

use crate::harness::{Asked, Bulletin, MONTH, told};

const RECORD: &str = "output/.state/2025-07.json";

/// The bulletin with the month before, built, and something unreadable.
fn built_then_without(name: &str) -> Bulletin {
    let bulletin = Bulletin::new().with_month("2025-06");
    bulletin.run(&["build", "--all"]).done();
    bulletin.with_unreadable(name)
}

#[test]
fn a_past_month_that_cannot_be_read_is_no_month_without_data() {
    for name in ["data/2025-06/operations.xlsx", "data/2025-06/issue.toml", "data/2025-06"] {
        let bulletin = built_then_without(name);
        let good = bulletin.outputs();
        let answer = bulletin.run(&["build", MONTH, "--format", "json"]).ending_with(1).answer();
        assert_eq!(answer.findings(), [format!("Y0101 {}", short(name))], "{name}");
        assert!(answer.hints().contains(&"2025-07 一期要与它比较，读不出来就不能生成".to_owned()), "{name}");
        assert!(bulletin.outputs() == good, "{name}");
        assert_eq!(bulletin.check().findings(), answer.findings(), "{name}");
        let json = bulletin.run(&["build", MONTH, "--dry-run", "--format", "json"]).json();
        let reasons = json["months"][0]["reasons"].as_array().unwrap();
        assert_eq!(
            reasons.as_slice(),
            [serde_json::json!({
                "kind": "input_unreadable", "file": name, "message": format!("{name} 读不出来（读取中断）")
            })],
            "{name}"
        );
    }
}

/// A name as findings have it: of the month's own files the last part.
fn short(name: &str) -> &str {
    name.strip_prefix("data/2025-07/").unwrap_or(name)
}

#[test]
fn answers_that_cannot_be_read_leave_no_blank_workbook_in_their_place() {
    const UNREADABLE: &str = "Y0101 data/2025-06/answers/answers.toml";
    let bulletin = Bulletin::new().with_month("2025-06").with_file("data/2025-06/answers/answers.toml", "");
    bulletin.run(&["build", MONTH]).done();
    let bulletin = bulletin.with_unreadable("data/2025-06/answers/answers.toml");
    assert_eq!(bulletin.check().findings(), [UNREADABLE]);
    let bulletin = bulletin.with_unreadable("data/2025-06/answers");
    assert_eq!(bulletin.check().findings(), [UNREADABLE]);
}

#[test]
fn a_form_is_not_made_without_the_former_values_of_a_month_that_cannot_be_read() {
    for name in ["data/2025-07/operations.xlsx", "data/2025-07/issue.toml", "data/2025-07"] {
        let told = Bulletin::new().with_unreadable(name).run(&["forms", "2025-08"]);
        assert!(told.code != 0 && told.stderr.contains(&format!("无法读取 {name}")), "{}", told.stderr);
    }
}

#[test]
fn answers_are_taken_though_a_month_before_cannot_be_read_and_that_is_told() {
    let asked = Asked::small().changed(|bulletin| bulletin.with_unreadable("data/2025-07/operations.xlsx"));
    asked.receive("a.xlsx", asked.form("01").filled(["120", "118", "7"]).bytes());
    let json = asked.collect().ending_with(1).json();
    assert_eq!(told(&json), ["a.xlsx: merged"]);
    let found = json["diagnostics"].as_array().unwrap().iter().filter(|found| found["code"] == "Y0101");
    let hints: Vec<_> = found.map(|found| found["hints"].to_string()).collect();
    assert!(matches!(hints.as_slice(), [hints] if hints.contains("没有与这一期核对")), "{hints:?}");
}

#[test]
fn verify_does_not_call_gone_what_cannot_be_read() {
    for name in ["data/2025-07/operations.xlsx", "data/2025-06/operations.xlsx", "data/2025-07"] {
        let bulletin = built_then_without(name);
        let answer = bulletin.run(&["verify", MONTH, "--format", "json"]).ending_with(1).answer();
        assert_eq!(answer.findings(), [format!("Y0101 {}", short(name))], "{name}");
    }
}

#[test]
fn a_folder_that_does_not_tell_its_files_is_one_finding() {
    let month = Bulletin::new().with_unreadable("data/2025-07");
    assert_eq!(month.check().findings(), ["Y0101 data/2025-07"]);
    for folder in ["fonts", "templates", "data"] {
        let bulletin = Bulletin::new().with_unreadable(folder);
        assert_eq!(bulletin.check().findings(), [format!("Y0101 {folder}")]);
    }
}

#[test]
fn a_record_that_cannot_be_reached_is_not_called_absent() {
    for name in [RECORD, "output"] {
        let bulletin = Bulletin::built().with_unreadable(name);
        let answer = bulletin.run(&["verify", "--all", "--format", "json"]).ending_with(1).answer();
        assert_eq!(answer.findings(), [format!("Y0706 {RECORD}")], "{name}");
        fs::remove_file(bulletin.path(name)).unwrap();
    }
}
