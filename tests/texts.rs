//! Faults in the texts of issue.toml: strict names, at line and column, all of them at once.

use crate::harness::{Bulletin, Table};

const ISSUE: &str = "data/2025-07/issue.toml";

/// The bulletin whose second line of running text (line 13) is this.
fn with_text(text: &str) -> Bulletin {
    Bulletin::new().with_edit(ISSUE, "接待咨询{{ values.calls }}。", text)
}

#[test]
fn an_unknown_name_is_an_error_with_the_nearest_one() {
    let told = with_text("接待咨询{{ values.cals }}。").run(&["build", "2025-07"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0501 没有 values.cals 这个数
      位置：data/2025-07/issue.toml:13:8
        接待咨询{{ values.cals }}。
                   ^^^^^^^^^^^
      → 是不是 values.calls？
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn several_faults_of_one_text_are_told_at_once() {
    let answer = with_text(
        "甲{{ figures.handeld }}，乙{{ values.calls | wna }}，丙{{ operations.total.mailed }}，丁{{ x }}。",
    )
    .check();
    assert_eq!(
        answer.findings(),
        ["Y0501 issue.toml:13:5", "Y0501 issue.toml:13:43", "Y0501 issue.toml:13:85"]
    );
    assert!(answer.hints().contains(&"是不是 figures.handled？".to_owned()), "{:?}", answer.hints());
}

#[test]
fn faults_of_all_texts_are_told_at_once() {
    let answer = with_text("{{ a }}")
        .with_edit(ISSUE, "title = \"工作动态\"", "title = \"{{ b }}\"")
        .with_edit(ISSUE, "开展服务规范月活动", "{{ c }}")
        .with_edit(ISSUE, "逐个窗口", "{{ d }}逐个窗口")
        .with_edit("yuebao.toml", "{{ period.month }}月办件情况", "{{ e }}")
        .check();
    let expected =
        ["yuebao.toml:48:13", "issue.toml:13:4", "issue.toml:17:13", "issue.toml:20:15", "issue.toml:21:12"];
    assert_eq!(answer.findings(), expected.map(|place| format!("Y0501 {place}")));
}

#[test]
fn any_name_of_a_department_serves_in_a_text() {
    with_text("{{ operations[\"公安局\"].accepted }}、{{ assessment[\"市公安局\"].score }}、{{ assessment[\"市民政局\"].rank }}")
        .check()
        .is_clean();
    let answer = with_text("{{ operations[\"工商局\"].accepted }}").check();
    assert_eq!(answer.findings(), ["Y0501 issue.toml:13:4"]);
    assert!(answer.messages()[0].contains("工商局"), "{:?}", answer.messages());
}

#[test]
fn syntax_errors_have_their_place() {
    for (text, place) in [
        ("接待{{ values.calls 人。", "13:3"),
        ("接待{{ values.calls |  }}。", "13:22"),
        ("接待{% for %}。", "13:3"),
        ("接待{{ values.calls) }}。", "13:18"),
        // A text names figures; formulas compute them.
        ("{{ values.calls + 1 }}", "13:4"),
    ] {
        assert_eq!(with_text(text).check().findings(), [format!("Y0502 issue.toml:{place}")], "{text}");
    }
}

#[test]
fn a_slip_in_the_braces_does_not_print_the_name() {
    for (text, place) in [
        ("共{ figures.handled }。", "13:2"),
        ("共{ figures.handled }}。", "13:2"),
        ("共{｛figures.handled | wan｝}。", "13:2"),
        ("{｛ figures.handled }}", "13:1"),
        ("共｛｛figures.handled｝｝，{{ values.calls }}。", "13:2"),
        ("{{ values.calls }}人 }}。", "13:21"),
        ("｛month.month｝月", "13:1"),
        ("{operations.total.mailed}", "13:1"),
    ] {
        assert_eq!(with_text(text).check().findings(), [format!("Y0514 issue.toml:{place}")], "{text}");
    }
    with_text("｛｛任意文字｝｝{甲}{{ values.calls }}。").check().is_clean();
    let check = "[[check]]\nname = \"mailing\"\ntable = \"operations\"\nformula = \"mailed <= accepted\"\n\
                 message = \"{ department }邮寄{{ mailed }}\"\n";
    let answer = Bulletin::new().with_addition("yuebao.toml", check).check();
    assert_eq!(answer.findings(), ["Y0514 yuebao.toml:100:12"]);
}

#[test]
fn a_comment_does_not_hide_words() {
    let answer = with_text("甲{# 乙丙丁 #}戊{{ values.calls }}。").check();
    assert_eq!(answer.findings(), ["Y0502 issue.toml:13:2"]);
    assert_eq!(answer.messages(), ["Y0502 正文里不能用 {# #}"]);
}

#[test]
fn an_expression_that_is_not_evaluated_is_an_error() {
    for (file, old, new, place) in [
        ("yuebao.toml", "\"窗口月报\"", "\"{{ month.year }}年月报\"", "2:10"),
        ("yuebao.toml", "\"市级各部门窗口\"", "\"各部门{{ figures.handled }}\"", "7:15"),
        ("yuebao.toml", "header = \"加分\"", "header = \"加分{{ month.month }}\"", "35:13"),
    ] {
        let answer = Bulletin::new().with_edit(file, old, new).check();
        assert_eq!(answer.findings()[0], format!("Y0515 {file}:{place}"), "{new}");
        assert_eq!(answer.findings().len(), 1, "{new}: {:?}", answer.findings());
    }
    let text = "text = \"逐个窗口对照检查，限期改正。\"\n";
    let picture =
        format!("{text}picture = {{ file = \"a.png\", description = \"{{{{ month.month }}}}月\" }}\n");
    let answer = Bulletin::new().with_edit(ISSUE, text, &picture).check();
    assert_eq!(answer.findings(), ["Y0101 issue.toml:22:20", "Y0515 issue.toml:22:44"]);
}

#[test]
fn what_cannot_be_computed_is_an_error() {
    for (text, column) in [
        // A cell with “/” has no number that could be printed.
        ("{{ operations[\"市民政局\"].mailed }}", 4),
        ("{{ operations[\"市民政局\"].mailed | wan }}", 4),
        ("{{ number | wan }}", 4),
    ] {
        assert_eq!(with_text(text).check().findings(), [format!("Y0503 issue.toml:13:{column}")], "{text}");
    }
}

#[test]
fn what_is_no_figure_and_no_word_cannot_be_printed() {
    // A table, a row or a whole list of names would print as a programmer's notation.
    for text in
        ["{{ month }}", "{{ figures }}", "{{ operations }}", "{{ operations[\"市公安局\"] }}", "{{ [1, 2] }}"]
    {
        let findings = with_text(text).check().findings();
        assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        assert!(findings[0].starts_with("Y050"), "{text}: {findings:?}");
    }
}

#[test]
fn a_figure_never_becomes_a_text_without_a_trail() {
    // Filters and operators of the template engine that would print a figure as mere words.
    for text in
        ["{{ values.calls | upper }}", "{{ values.calls ~ '' }}", "{{ values.calls | replace('3', '9') }}"]
    {
        let findings = with_text(text).check().findings();
        assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        assert!(findings[0].starts_with("Y050"), "{text}: {findings:?}");
    }
}

#[test]
fn a_text_is_no_program() {
    for text in ["{% for a in range(9) %}", "{% include \"/etc/hostname\" %}", "{% set a = 1 %}"] {
        let answer = with_text(text).check();
        assert_eq!(answer.messages(), ["Y0502 正文里不能用 {% %}"], "{text}");
        assert_eq!(answer.findings(), ["Y0502 issue.toml:13:1"], "{text}");
    }
}

#[test]
fn control_characters_are_refused_at_their_place() {
    // From web pages and other programs: marks that reorder, break or hide.
    for hidden in ["\u{feff}", "\u{200b}", "\u{202e}", "\u{2028}", "\u{ad}"] {
        let text = format!("接待{hidden}咨询");
        assert_eq!(with_text(&text).check().findings(), ["Y0504 issue.toml:13:3"], "{hidden:?}");
        for (file, name, place) in [
            ("yuebao.toml", "市政务服务中心", "yuebao.toml:3:21"),
            ("yuebao.toml", "市级各部门窗口", "yuebao.toml:7:19"),
            ("data/departments.toml", "name = \"市司法局", "data/departments.toml:10:13"),
            ("data/departments.toml", "\"民政局", "data/departments.toml:7:16"),
        ] {
            let bulletin = Bulletin::new().with_edit(file, name, &(name.to_owned() + hidden));
            assert_eq!(bulletin.check().findings()[0], format!("Y0504 {place}"), "{hidden:?}");
        }
    }
    assert_eq!(with_text("接待\\u0007咨询").check().findings(), ["Y0504 issue.toml:13:3"]);
}

#[test]
fn blank_and_broken_headings_are_refused() {
    let blank = Bulletin::new().with_edit(ISSUE, "heading = \"开展服务规范月活动\"", "heading = \"\"");
    assert_eq!(blank.check().findings(), ["Y0505 issue.toml:20:11"]);
    let broken = Bulletin::new().with_edit(ISSUE, "title = \"工作动态\"", "title = \"工作\\n\\n动态\"");
    assert_eq!(broken.check().findings(), ["Y0505 issue.toml:17:9"]);
    let empty = Bulletin::new().with_edit(ISSUE, "\"逐个窗口对照检查，限期改正。\"", "\"\"\"\n\n\"\"\"");
    assert_eq!(empty.check().findings(), ["Y0505 issue.toml:21:8"]);
}

#[test]
fn braces_that_are_not_closed_are_told_where_they_open() {
    let text = "其中窗口受理{{ operations.total.accepted | wan }}";
    let open = "其中窗口受理{{ operations.total.accepted 件，办结{{ operations.total.completed }}";
    let answer = Bulletin::new().with_edit(ISSUE, text, open).check();
    assert_eq!(answer.messages(), ["Y0502 这里的 {{ 没有配对的 }}"]);
    assert_eq!(answer.findings(), ["Y0502 issue.toml:12:32"]);
}

#[test]
fn a_heading_that_ends_in_a_full_stop_is_printed_without_it() {
    let bulletin = Bulletin::new().with_edit(ISSUE, "月活动\"", "月活动。\"");
    assert_eq!(bulletin.build().findings(), ["Y0506 issue.toml:20:21"]);
    let text = crate::harness::printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("月活动") && !text.contains("月活动。"), "{text}");
    let section = Bulletin::new().with_edit(ISSUE, "title = \"工作动态\"", "title = \"工作动态。\"");
    assert_eq!(section.check().findings(), ["Y0506 issue.toml:17:14"]);
    let lead = Bulletin::new().with_edit(ISSUE, "heading = \"开展服务规范月活动\"", "lead = \"开展活动。\"");
    assert_eq!(lead.build().messages(), ["Y0506 段首标题末尾的句号由程序加上，这里不用写"]);
    let text = crate::harness::printed::page_text(lead.root(), "2025-07");
    assert!(text.contains("开展活动。逐个窗口"), "{text}");
}

#[test]
fn figures_are_printed_in_the_usual_forms() {
    let bulletin = with_text(
        "{{ operations.total.accepted }}、{{ operations.total.accepted | wan }}、{{ operations.total.accepted | wan | number }}、{{ assessment[\"市公安局\"].score | round }}、{{ month.year }}年{{ number }}期",
    );
    bulletin.build().is_clean();
    let text = crate::harness::printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("22883件、2.29万件、2.29万、100分、2025年7期"), "{text}");
}

#[test]
fn a_department_that_no_longer_takes_part_has_no_figure_to_name() {
    let bulletin = |text: &str, formula: &str| {
        Bulletin::new()
            .with_edit(
                "data/departments.toml",
                "name = \"市教育局\"",
                "name = \"市教育局\"\nuntil = \"2025-06\"",
            )
            .with_changed("operations", |table| table.without_row(7).without_row(8))
            .with_changed("assessment", |table| table.without_row(6))
            .with_edit("data/2025-07/issue.toml", "{{ figures.handled }}", text)
            .with_edit("yuebao.toml", "operations.total.accepted + operations.total.mailed", formula)
    };
    let answer = bulletin("{{ operations[\"市教育局\"].mailed }}", "operations.total.accepted").check();
    assert_eq!(answer.findings(), ["Y0503 issue.toml:12:7"]);
    // A formula of the time when it took part must not stop the months after.
    bulletin("一批", "operations['市教育局'].mailed").check().is_clean();
    let answer = bulletin("{{ figures.handled }}", "operations['市教育局'].mailed").check();
    assert_eq!(
        answer.messages(),
        ["Y0503 figures.handled 没有数（这个部门当时不在统计期内（2025-07）），不能写进正文"]
    );
}

#[test]
fn a_department_without_a_score_has_no_rank_to_name() {
    let without_score = |table: Table| {
        ["C6", "D6", "E6"].iter().fold(table.without("A6"), |table, cell| table.with(cell, "/"))
    };
    let answer = Bulletin::new()
        .with_changed("assessment", without_score)
        .with_edit(
            "data/2025-07/issue.toml",
            "共办理{{ figures.handled }}",
            "名列第{{ assessment['市教育局'].rank }}",
        )
        .check();
    assert_eq!(answer.messages(), ["Y0501 assessment['市教育局'].rank 没有名次"]);
}

/// A figure that its column rounds to nothing is not nothing.
#[test]
fn what_would_be_printed_as_nothing_is_refused_whatever_its_column_shows() {
    let bulletin = Bulletin::new()
        .with_edit("yuebao.toml", "base + bonus", "base / 400")
        .with_edit(
            "yuebao.toml",
            "header = \"得分\"\nunit = \"分\"\ndecimals = 2",
            "header = \"得分\"\nunit = \"分\"",
        )
        .with_changed("assessment", |table| table.without_all(["A3", "A5", "A6", "E3", "E4", "E5", "E6"]))
        .with_edit(
            "data/2025-07/issue.toml",
            "{{ figures.handled }}",
            "{{ assessment[\"公安局\"].score | wan }}",
        );
    assert_eq!(
        bulletin.check().messages(),
        ["Y0503 assessment[\"市公安局\"].score 太小，这样印出来是 0万分"]
    );
}

#[test]
fn multiples_are_not_printed_in_multiples() {
    for unit in ["万元", "百万元", "亿元", "千件"] {
        let bulletin = Bulletin::new()
            .with_edit("data/2025-07/issue.toml", "unit = \"人次\"", &format!("unit = \"{unit}\""))
            .with_edit("data/2025-07/issue.toml", "{{ values.calls }}", "{{ values.calls | wan }}");
        let told = bulletin.check().messages();
        assert_eq!(told, [format!("Y0503 values.calls 的单位已经是“{unit}”，不能再用 wan 这种写法")]);
    }
}

#[test]
fn an_increase_from_nothing_has_the_decimals_that_are_asked_for() {
    let words = |unit: &str, now: &str, form: &str| {
        let at = |value: &str, month: &str| format!("value = {value}\n# {month}");
        let values = |bulletin: Bulletin, file: &str, value: &str| {
            bulletin.with_edit(file, "value = 356", &at(value, file)).with_edit(file, "unit = \"人次\"", unit)
        };
        let bulletin = Bulletin::new()
            .with_month("2025-06")
            .with_edit("data/2025-06/issue.toml", "2025-08-05", "2025-07-05")
            .with_edit(
                "data/2025-07/issue.toml",
                "{{ values.calls }}",
                &format!("{{{{ figures.rate | {form} }}}}"),
            )
            .with_edit(
                "yuebao.toml",
                "[[figure]]\nname = \"handled\"",
                "[[figure]]\nname = \"rate\"\nformula = \"values.calls / 7\"\n\n[[figure]]\nname = \"handled\"",
            );
        let bulletin = values(bulletin, "data/2025-06/issue.toml", "0");
        let bulletin = values(bulletin, "data/2025-07/issue.toml", now);
        let outcome = bulletin.run(&["--format", "json", "build", "2025-07"]);
        match outcome.answer().messages().into_iter().find(|message| message.starts_with("Y0503")) {
            Some(message) => message,
            None => crate::harness::printed::page_text(bulletin.root(), "2025-07"),
        }
    };
    assert!(words("", "5", "month_on_month").contains("与往期之差有 28 位小数"));
    assert!(words("", "5", "month_on_month(2)").contains("接待咨询增加0.71（上月为0）"));
    assert!(words("unit = \"%\"", "35", "month_on_month").contains("接待咨询提高5个百分点（上月为0%）"));
}

#[test]
fn a_figure_in_a_text_is_told_when_a_blank_cell_was_counted_for_nothing() {
    let bulletin = |mailed: &str| {
        Bulletin::new()
            .with_edit(
                "yuebao.toml",
                "operations.total.accepted + operations.total.mailed",
                "operations['公安局'].accepted + operations['公安局'].mailed",
            )
            .with_changed("operations", |table| {
                let table = table.without("E4").without("E8");
                if mailed.is_empty() { table } else { table.with("E4", mailed) }
            })
    };
    assert_eq!(
        bulletin("").check().messages(),
        [
            "Y0210 “邮寄量（件）”漏填，将印作“/”",
            "Y0513 figures.handled 的算式用到漏填的 operations[\"市公安局\"].mailed，漏填的没有计入"
        ]
    );
    assert_eq!(bulletin("/").check().messages(), [""; 0]);
}
