//! Names and texts are data: on the page they print as they are, in messages they are harmless.

use crate::harness::{Bulletin, Table, printed::page_text};

/// Names that would be code, markup or a template somewhere on their way.
const HOSTILE: [&str; 14] = [
    "#panic(\"x\")",
    "*粗*",
    "_斜_",
    "$x$",
    "@ref",
    "<a>",
    "\\",
    "\"",
    "{{ 1 }}",
    "{% if %}",
    "// 注",
    "= 题",
    "`码`",
    "'#[x]",
];

#[test]
fn hostile_department_names_print_as_just_that() {
    let mut register = String::new();
    let mut table = Table::new("办件")
        .row(1, ["部门", "办件（件）", "", "邮寄量（件）"])
        .row(2, ["", "受理量", "办结量"]);
    let mut ranking = Table::new("考核").row(1, ["部门窗口", "基本得分", "加分"]);
    for (row, name) in (3..).zip(HOSTILE) {
        register.push_str(&format!("[[department]]\nname = '''{name}'''\n"));
        table = table.row(row, ["", "101", "102", "103"]).with(&format!("A{row}"), name);
        ranking = ranking.row(row - 1, ["", "1", "0"]).with(&format!("A{}", row - 1), name);
    }
    let bulletin = Bulletin::new()
        .with_file("data/departments.toml", register)
        .with_table("operations", table)
        .with_table("assessment", ranking);
    bulletin.build().is_clean();
    let text = page_text(bulletin.root(), "2025-07");
    for (number, name) in (1..).zip(HOSTILE) {
        // Each row of the unranked table: 序号, name, figures.
        let row = format!("{number}{name}101102103").replace(' ', "");
        assert!(text.contains(&row), "{row} in {text}");
    }
}

#[test]
fn hostile_titles_and_texts_print_as_just_that() {
    let hostile = "#panic(x) *粗* _斜_ $x$ @ref <a> \\\\ \\\" `码` // 注 ~ [x] ---";
    let printed = "#panic(x)*粗*_斜_$x$@ref<a>\\\"`码`//注~[x]---";
    let bulletin = Bulletin::new()
        .with_edit("yuebao.toml", "publisher = \"市政务服务中心\"", &format!("publisher = \"甲{hostile}\""))
        .with_edit("yuebao.toml", "send_to = \"市级各部门窗口\"", &format!("send_to = \"乙{hostile}\""))
        .with_edit(
            "yuebao.toml",
            "title = \"{{ period.month }}月办件情况\"",
            &format!("title = \"丙{hostile}\""),
        )
        .with_edit("data/2025-07/issue.toml", "title = \"工作动态\"", &format!("title = \"丁{hostile}\""))
        .with_edit("data/2025-07/issue.toml", "开展服务规范月活动", &format!("戊{hostile}"))
        .with_edit("data/2025-07/issue.toml", "逐个窗口", &format!("己{hostile}"))
        .with_edit("data/2025-07/issue.toml", "unit = \"人次\"", &format!("unit = \"庚{hostile}\""));
    bulletin.build().is_clean();
    let text = page_text(bulletin.root(), "2025-07");
    for mark in ["甲", "乙", "丙", "丁", "戊", "己", "庚"] {
        assert!(text.contains(&format!("{mark}{printed}")), "{mark} in {text}");
    }
}

#[test]
fn a_name_that_looks_like_a_template_is_no_template() {
    // In a text, {{ }} is the editor's; in a cell or a department's name it is only characters.
    let bulletin = Bulletin::new()
        .with_edit("data/departments.toml", "name = \"市公安局\"", "name = \"{{ figures.handled }}\"")
        .with_edit("data/departments.toml", "[\"公安局\"]", "[\"市公安局\"]")
        .with_edit("yuebao.toml", "title = \"窗口月报\"", "title = \"{% number %}\"");
    bulletin.build().is_clean();
    let text = page_text(bulletin.root(), "2025-07");
    assert!(text.contains("1{{figures.handled}}2033723022"), "{text}");
    assert!(text.contains("{%number%}"), "{text}");
}

#[test]
fn nothing_from_a_cell_steers_the_terminal() {
    // The harness holds every message against control characters and overrides.
    let evil = "\u{1b}[31m红\u{1b}[2J\u{202e}字\u{2066}\u{7}\u{9b}1m";
    let bulletin = Bulletin::new().with_changed("operations", |table| {
        table.with("B5", evil).with("D6", evil).with("F2", evil).with("F4", 1)
    });
    let codes: Vec<String> =
        bulletin.check().messages().iter().map(|message| message[..5].to_owned()).collect();
    assert_eq!(codes, ["Y0305", "Y0306", "Y0203", "Y0308"]);
    let told = bulletin.run(&["check"]).ending_with(1).stderr;
    assert!(told.contains("[31m红"), "the harmless rest is shown: {told}");
}

#[test]
fn nothing_from_a_sheets_name_steers_the_terminal() {
    let bulletin = Bulletin::new().with_changed("operations", |table| {
        table.named("办\u{202e}件").with("C5", "约八百").with("B6", "无名")
    });
    let told = bulletin.run(&["check"]).ending_with(1).stderr;
    assert!(told.contains("!C5"), "{told}");
}

#[test]
fn nothing_from_a_text_steers_the_terminal() {
    let bulletin = Bulletin::new()
        .with_edit(
            "data/2025-07/issue.toml",
            "接待咨询{{ values.calls }}",
            "接待\u{202e}咨询{{ values.\u{202e}call }}",
        )
        .with_edit("data/2025-07/issue.toml", "source =", "s\u{202e}ource =");
    let told = bulletin.run(&["check"]).ending_with(1).stderr;
    assert!(told.contains("issue.toml:"), "{told}");
}

#[test]
fn nothing_from_a_departments_name_steers_the_terminal() {
    let bulletin = Bulletin::new()
        .with_edit("data/departments.toml", "name = \"市公安局\"", "name = \"市公\u{202e}安局\"")
        .with_edit("data/departments.toml", "[\"公安局\"]", "[\"市公安局\"]")
        .with_cell("operations", "C4", "20337件");
    let told = bulletin.run(&["check"]).ending_with(1).stderr;
    assert!(told.contains("Y0504") && told.contains("departments.toml:2:11"), "{told}");
    bulletin.run(&["figures", "2025-07"]).ending_with(1);
}

#[test]
fn long_texts_are_shortened_in_messages() {
    let answer = Bulletin::new().with_cell("operations", "C5", "长".repeat(5000).as_str()).check();
    assert!(answer.messages()[0].chars().count() < 100, "{:?}", answer.messages());
}
