//! Departments through the register: any of their names, each once, all that are active.

use crate::harness::{Bulletin, Table};

fn with_operations(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("operations", change)
}

#[test]
fn short_forms_spaces_and_width_make_no_difference() {
    with_operations(|table| {
        table
            .with("B4", "公安局")
            .with("B5", "市民政局(社会组织管理局)")
            .with("B6", " 市司 法\n局 ")
            .with("B7", "市教育局　")
    })
    .check()
    .is_clean();
}

#[test]
fn an_unknown_name_is_one_error_with_the_nearest_name() {
    let answer = with_operations(|table| table.with("B4", "市公按局")).check();
    assert_eq!(answer.findings(), ["Y0306 operations.xlsx 办件!B4"]);
    assert_eq!(answer.hints()[0], "是不是“市公安局”？");
}

#[test]
fn a_name_unlike_any_other_is_an_error_without_a_guess() {
    let answer = with_operations(|table| table.row(9, ["5", "气象台", "1", "1", "1"])).check();
    assert_eq!(answer.findings(), ["Y0306 operations.xlsx 办件!B9"]);
    assert!(answer.hints().iter().all(|hint| !hint.contains("是不是")), "{:?}", answer.hints());
}

#[test]
fn a_name_that_is_merged_over_several_rows_is_told_once() {
    let answer = with_operations(|table| table.without("B5").merging("B4:B5")).check();
    assert_eq!(answer.messages(), ["Y0212 B4:B5 是合并的，“市公安局”下面的几行看不出是哪个部门"]);
    assert_eq!(answer.findings(), ["Y0212 operations.xlsx 办件!B4"]);
}

#[test]
fn a_department_that_stands_twice_is_an_error_at_the_second_row() {
    let answer =
        with_operations(|table| table.with("B6", "公安局").row(9, ["", "市司法局", "402", "398", "25"]))
            .check();
    assert_eq!(answer.findings(), ["Y0307 operations.xlsx 办件!B6"]);
    assert_eq!(answer.messages(), ["Y0307 “市公安局”出现了两次，第一次在第 4 行"]);
}

#[test]
fn missing_departments_are_told_in_one_message() {
    let answer = with_operations(|table| table.without_row(5).without_row(7)).check();
    assert_eq!(answer.findings(), ["Y0308 operations.xlsx 办件"]);
    assert_eq!(answer.messages(), ["Y0308 缺少 2 个部门：市民政局、市教育局"]);
}

#[test]
fn only_departments_active_in_the_month_are_missed() {
    let register = |name: &str, month: &str| {
        let addition = format!("\n[[department]]\nname = \"市气象局\"\n{name} = \"{month}\"\n");
        Bulletin::new().with_addition("data/departments.toml", &addition)
    };
    register("since", "2025-08").check().is_clean();
    register("until", "2025-06").check().is_clean();
    let missed = ["Y0308 assessment.xlsx 考核", "Y0308 operations.xlsx 办件"];
    assert_eq!(register("since", "2025-07").check().findings(), missed);
    assert_eq!(register("until", "2025-07").check().findings(), missed);
}

#[test]
fn activity_is_that_of_the_month_reported_on() {
    let bulletin = Bulletin::new()
        .with_addition(
            "data/departments.toml",
            "\n[[department]]\nname = \"市气象局\"\nsince = \"2025-06\"\n",
        )
        .with_edit(
            "data/2025-07/issue.toml",
            "[values.calls]",
            "[periods]\nassessment = \"2025-05\"\n\n[values.calls]",
        );
    assert_eq!(bulletin.check().findings(), ["Y0308 operations.xlsx 办件"]);
}

#[test]
fn a_department_that_is_no_longer_active_is_read_with_a_warning() {
    let bulletin = with_operations(|table| {
        table
            .without_row(8)
            .row(8, ["5", "市审计局", "1", "2", "3"])
            .row(9, ["合计", "", "22884", "25528", "59"])
    });
    assert_eq!(bulletin.check().messages(), ["Y0309 按名册，“市审计局”在 2025-07 不参加统计"]);
}

#[test]
fn numbers_without_a_name_are_an_error() {
    let answer = with_operations(|table| table.row(9, ["", "", "12"])).check();
    assert_eq!(answer.findings(), ["Y0310 operations.xlsx 办件!B9"]);
}

#[test]
fn faults_in_a_row_of_an_unknown_department_are_told_too() {
    let answer = with_operations(|table| table.with("B5", "市名政局").with("D5", "八百")).check();
    assert_eq!(answer.findings(), ["Y0306 operations.xlsx 办件!B5", "Y0203 operations.xlsx 办件!D5"]);
}
