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
    // The row that is shown is that of the place.
    let merged = with_operations(|table| table.without("B5").merging("B4:B5"));
    let told = merged.run(&["check", "2025-07"]).stderr;
    assert!(told.contains("【B 部门：市公安局】 ｜ 办件（件）/受理量：20337"), "{told}");
}

#[test]
fn many_unknown_names_are_few_messages() {
    let many = |table: Table| {
        (9..60).fold(table.without_row(8), |table, row| {
            table.row(row, ["", &format!("市民政局分局{row}"), "1", "1", "1"])
        })
    };
    let answer = with_operations(many).check();
    // Those for which a likely name was looked up, and the others.
    assert_eq!(
        answer.messages(),
        [
            "Y0306 这一列有 20 处同样的问题，第一处：名册里没有“市民政局分局9”这个部门",
            "Y0306 这一列有 31 处同样的问题，第一处：名册里没有“市民政局分局29”这个部门",
        ]
    );
    assert_eq!(answer.hints()[0], "是不是“市民政局”？");
    // Of which department they are is not known: none is said to be missing.
    let renamed = |table: Table| many(table.with("B7", "气象台"));
    assert!(!with_operations(renamed).check().messages().iter().any(|message| message.starts_with("Y0308")));
}

#[test]
fn a_department_called_like_a_note_is_a_department() {
    let bulletin = with_operations(|table| table.row(7, ["4", "审核中心", "/", "/", "/"]).without_row(8))
        .with_edit("data/departments.toml", "市教育局", "审核中心")
        .with_changed("assessment", |table| table.with("B6", "审核中心"));
    bulletin.check().is_clean();
    // So is one whose name takes two columns.
    let wide = Table::new("办件")
        .row(1, ["部门", "", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
        .row(2, ["市公安局", "", "20337", "23022", "15"])
        .row(3, ["市民政局", "", "/", "/", "/"])
        .row(4, ["市司法局", "", "402", "398", "25"])
        .row(5, ["市教育局", "", "1280", "1235", "16"]);
    let wide = (1..=5).fold(wide, |table, row| table.merging(&format!("A{row}:B{row}")));
    let told = Bulletin::new().with_table("operations", wide).check().messages();
    assert!(!told.iter().any(|message| message.starts_with("Y0308")), "{told:?}");
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
    let rough = with_operations(|table| table.row(9, ["", "", "约12", "约13", "约14"])).check();
    assert_eq!(rough.findings()[0], "Y0310 operations.xlsx 办件!B9");
}

#[test]
fn lines_below_the_table_that_say_a_number_are_no_rows() {
    for line in [
        ["", "", "", "第1页，共2页", ""],
        ["", "", "电话86900000", "", "李某"],
        ["", "", "截至8月5日", "", ""],
        ["", "", "经办人", "科长", "局长"],
        ["", "", "制表：李某", "", "审核：王某"],
        ["", "", "本表所列各项均含自助终端办件12件，不含邮寄", "", ""],
        ["", "", "件", "件", "件"],
        ["", "", "本表一式2份", "", ""],
        ["", "", "统计口径见附件2", "（见表2）", "A4"],
    ] {
        with_operations(|table| table.row(10, line)).check().is_clean();
    }
}

#[test]
fn faults_in_a_row_of_an_unknown_department_are_told_too() {
    let answer = with_operations(|table| table.with("B5", "市名政局").with("D5", "八百")).check();
    assert_eq!(answer.findings(), ["Y0306 operations.xlsx 办件!B5", "Y0203 operations.xlsx 办件!D5"]);
}
