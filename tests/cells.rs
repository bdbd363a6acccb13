//! What number cells may hold: every fault at its cell, once, with what stands there.

use crate::harness::{Bulletin, Table, date, formula, formula_without_value};
use crate::other_months::value;

/// The bulletin whose operations!C5 (市民政局, 受理量) holds this.
fn with_c5(value: impl Into<crate::harness::Value>) -> Bulletin {
    Bulletin::new().with_cell("operations", "C5", value)
}

#[test]
fn the_bulletin_of_the_tests_has_no_findings() {
    Bulletin::new().check().is_clean();
}

#[test]
fn every_faulty_cell_gives_one_message_and_no_other() {
    for (bulletin, code) in [
        (with_c5("约八百"), "Y0203"),
        (with_c5("864人"), "Y0203"),
        (with_c5("8,64"), "Y0203"),
        (with_c5("暂无"), "Y0203"),
        (with_c5(true), "Y0203"),
        (with_c5(date(2025, 7, 1)), "Y0203"),
        (with_c5(formula("=1/0", "#DIV/0!")), "Y0204"),
        (with_c5(formula("=VLOOKUP(1,A1:B2,2)", "#N/A")), "Y0204"),
        (with_c5(formula_without_value("=C4+1")), "Y0205"),
        (with_c5(-864), "Y0206"),
        (with_c5(86.4), "Y0207"),
        (with_c5(5.551_115_123_125_783e-17), "Y0207"),
        (with_c5(8.64e12), "Y0209"),
        (with_c5(1e300), "Y0209"),
        (Bulletin::new().with_cell("assessment", "C5", 94.125), "Y0208"),
    ] {
        let table = if code == "Y0208" { "assessment.xlsx 考核" } else { "operations.xlsx 办件" };
        assert_eq!(bulletin.check().findings(), [format!("{code} {table}!C5")]);
    }
}

#[test]
fn a_message_says_what_stands_there_and_shows_its_row() {
    let told = with_c5("约八百").run(&["build", "2025-07"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0203 这里应为数字，却是“约八百”
      位置：data/2025-07/operations.xlsx 办件!C5
      这一行：序号：2 ｜ 部门：市民政局 ｜ 【C 办件（件）/受理量：约八百】 ｜ 办件（件）/办结量：871 ｜ 邮寄量（件）：/
      → 请只填数字，不加其他文字；没有此项业务请填“/”
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn what_is_clearly_meant_is_read_with_a_warning() {
    for written in ["864件", " 864 ", "８６４", "864"] {
        let answer = with_c5(written).check();
        assert_eq!(answer.findings(), ["Y0211 operations.xlsx 办件!C5"], "{written}");
    }
    let grouped = Bulletin::new().with_cell("operations", "C4", "20,337").check();
    assert_eq!(grouped.findings(), ["Y0211 operations.xlsx 办件!C4"]);
    assert_eq!(grouped.messages(), ["Y0211 “20,337”是文本，按数字 20337 读取"]);
}

#[test]
fn a_blank_cell_is_missing_and_no_zero() {
    let bulletin = Bulletin::new().with_changed("operations", |table| table.without("E6").with("E8", 31));
    assert_eq!(bulletin.check().findings(), ["Y0210 operations.xlsx 办件!E6"]);
    let figures = bulletin.run(&["figures", "2025-07", "--format", "json"]).done().json();
    let mailed = figures["figures"].as_array().unwrap().iter();
    let mailed = mailed.filter(|figure| figure["id"] == "operations[\"市司法局\"].mailed");
    assert_eq!(mailed.map(|figure| figure["value"].clone()).collect::<Vec<_>>(), [serde_json::Value::Null]);
}

#[test]
fn declared_marks_say_that_there_is_no_such_work() {
    for mark in ["/", "／", "—", "-", "无", " / "] {
        Bulletin::new().with_cell("operations", "E5", mark).check().is_clean();
    }
    let other = Bulletin::new()
        .with_edit("yuebao.toml", "[fonts]", "[cells]\nnot_applicable = [\"不涉及\"]\n\n[fonts]")
        .with_cell("operations", "E5", "不涉及");
    assert_eq!(other.check().findings(), ["Y0203 assessment.xlsx 考核!D5"]);
    assert_eq!(other.check().hints(), ["请只填数字，不加其他文字；没有此项业务请填“不涉及”"]);
    assert_eq!(with_c5("864人").check().hints(), ["请只填数字，不加其他文字"]);
}

#[test]
fn formulas_with_a_stored_value_are_numbers() {
    Bulletin::new()
        .with_cell("operations", "C8", formula("=SUM(C4:C7)", "22883"))
        .with_cell("operations", "C5", formula("=800+64", "864"))
        .check()
        .is_clean();
}

#[test]
fn a_column_that_is_wrong_throughout_is_one_message() {
    let mut bulletin = Bulletin::new();
    let mut table = Table::operations().without_row(8);
    let mut ranking = Table::assessment();
    for row in 8..=11 {
        let name = format!("市{row}局");
        bulletin = bulletin
            .with_addition("data/departments.toml", &format!("\n[[department]]\nname = \"{name}\"\n"));
        table = table.row(row, ["", &name, "1", "1", "1"]);
        ranking = ranking.row(row, ["", &name, "1", "1", "2"]);
    }
    for row in 4..=11 {
        table = table.with(&format!("D{row}"), "八百");
    }
    let answer = bulletin.with_table("operations", table).with_table("assessment", ranking).check();
    assert_eq!(answer.findings(), ["Y0203 operations.xlsx 办件!D4"]);
    assert_eq!(answer.messages(), ["Y0203 这一列有 8 处同样的问题，第一处：这里应为数字，却是“八百”"]);
}

#[test]
fn numbers_as_text_all_down_a_column_are_one_message_that_tells_each() {
    let mut table = Table::operations().without_row(8);
    for (row, written) in [(4, "20,337"), (5, "８６４"), (6, "402件"), (7, "1,280"), (8, "1,200")] {
        table = table.with(&format!("C{row}"), written);
    }
    let with_row = |table: Table, row: u32| {
        let name = format!("市{row}局");
        table.row(row, [&row.to_string(), &name, "12件", "1", "1"])
    };
    let register = |bulletin: Bulletin, rows: std::ops::RangeInclusive<u32>| {
        rows.fold(bulletin.without_file("data/2025-07/assessment.xlsx"), |bulletin, row| {
            let department = format!("\n[[department]]\nname = \"市{row}局\"\n");
            bulletin.with_addition("data/departments.toml", &department)
        })
    };
    let told = |last: u32| {
        let table = (8..=last).fold(table.clone(), with_row);
        let answer = register(Bulletin::new().with_table("operations", table), 8..=last).check();
        let messages = answer.messages();
        let at = messages.iter().position(|message| message.starts_with("Y0211")).unwrap();
        let lists: Vec<String> =
            answer.hints().into_iter().filter(|hint| hint.starts_with("这些单元格是")).collect();
        assert_eq!(lists.len(), 1, "{lists:?}");
        (messages[at].clone(), lists[0].clone())
    };
    let (message, list) = told(9);
    assert_eq!(message, "Y0211 这一列有 6 处同样的问题，第一处：“20,337”是文本，按数字 20337 读取");
    assert_eq!(
        list,
        "这些单元格是：C4 “20,337”→20337、C5 “８６４”→864、C6 “402件”→402、C7 “1,280”→1280、C8 “12件”→12、C9 “12件”→12"
    );
    let (_, list) = told(39);
    assert!(list.ends_with("C33 “12件”→12……（共 36 处）"), "{list}");
}

#[test]
fn a_row_left_blank_is_one_message() {
    let answer = Bulletin::new()
        .with_changed("operations", |table| table.row(6, ["3", "市司法局", "", "", ""]).without_row(8))
        .check();
    assert_eq!(answer.messages(), ["Y0210 “市司法局”整行漏填，将都印作“/”"]);
}

/// A total is the sum to its last digit, or an error.
#[test]
fn a_total_of_which_no_number_holds_all_digits_is_an_error() {
    let header = "header = \"办件（件）/办结量\"";
    let csv = |completed: &str| {
        format!(
            "序号,部门,办件（件）/受理量,办件（件）/办结量,邮寄量（件）\n\
             1,市公安局,1000,{completed},1\n2,市民政局,1,0.0000000001,1\n3,市司法局,1,1,1\n4,市教育局,1,1,1\n"
        )
    };
    let bulletin = |completed: &str| {
        Bulletin::new()
            .with_edit("yuebao.toml", "[fonts]", "[cells]\nlargest = 100000000000000000000\n\n[fonts]")
            .with_edit("yuebao.toml", header, &format!("{header}\ndecimals = 10"))
            .without_file("data/2025-07/operations.xlsx")
            .with_file("data/2025-07/operations.csv", csv(completed))
    };
    assert_eq!(
        bulletin("50000000000000000000").check().messages(),
        ["Y0209 “办件（件）/办结量”的合计太大，算不出来"]
    );
    let total = value(bulletin("500000000000000"), "operations.total.completed");
    assert_eq!(total, "500000000000002.0000000001件");
}

#[test]
fn faults_in_several_files_are_all_told_at_once() {
    let bulletin = Bulletin::new()
        .with_changed("operations", |table: Table| {
            table
                .with("C5", "约八百")
                .with("D6", -398)
                .with("E7", 1.6)
                .with("C7", formula_without_value("=1"))
        })
        .with_cell("assessment", "D4", "优")
        .with_edit("data/2025-07/issue.toml", "values.calls }}", "values.call }}");
    assert_eq!(
        bulletin.check().findings(),
        [
            "Y0203 assessment.xlsx 考核!D4",
            "Y0203 operations.xlsx 办件!C5",
            "Y0206 operations.xlsx 办件!D6",
            "Y0205 operations.xlsx 办件!C7",
            "Y0207 operations.xlsx 办件!E7",
            "Y0501 issue.toml:13:8",
        ]
    );
}
