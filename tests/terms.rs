//! Tables and columns that come and go: past issues stay as they were, and nothing is compared with what was not there.

use crate::harness::{Asked, Bulletin, Table, printed};
use crate::other_months::value;

const SETTINGS: &str = "yuebao.toml";
const ISSUE: &str = "data/2025-07/issue.toml";

/// A further column of the operations.
const PHONED: &str = "\n[[table.column]]\nname = \"phoned\"\nheader = \"电话量（件）\"\nunit = \"件\"\n";

/// The bulletin of June and July, in whose table of operations the column began in July.
fn with_new_column() -> Bulletin {
    let always =
        Bulletin::new().with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"");
    let june = always.with_month("2025-06").with_edit("data/2025-06/issue.toml", "2025-08-05", "2025-07-05");
    let filled = |table: Table| (4..8).fold(table, |table, row| table.with(&format!("F{row}"), 5));
    june.with_changed("operations", |table| filled(table).with("F2", "电话量（件）").with("F8", 20))
        .with_edit(SETTINGS, "\n[fonts]", &format!("{PHONED}since = \"2025-07\"\n\n[fonts]"))
}

#[test]
fn a_new_column_leaves_past_issues_as_they_were() {
    let before = Bulletin::new()
        .with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"")
        .with_month("2025-06")
        .with_edit("data/2025-06/issue.toml", "2025-08-05", "2025-07-05");
    before.run(&["build", "2025-06"]).done();
    let after = with_new_column();
    after.run(&["build", "--all"]).done();
    let source = |bulletin: &Bulletin| bulletin.text("output/2025-06.typ");
    assert_eq!(source(&before), source(&after));
    let header = printed::data(&after.text("output/2025-07.typ")).to_string();
    assert!(header.contains("电话量（件）"), "{header}");
    // Without its term the column would be missed in June.
    let missed = after.with_edit(SETTINGS, "since = \"2025-07\"\n", "");
    assert_eq!(
        missed.run(&["check", "2025-06", "--format", "json"]).answer().findings()[0],
        "Y0303 data/2025-06/operations.xlsx 办件!A2"
    );
}

/// A text that names what is not in force yet is told so, not that there is no such name.
#[test]
fn a_text_is_told_that_a_column_is_outside_its_term() {
    for name in
        ["operations.total.phoned", "operations[\"公安局\"].phoned | wan", "operations.phoned | top(1)"]
    {
        let bulletin = Bulletin::new()
            .with_edit(SETTINGS, "\n[fonts]", &format!("{PHONED}since = \"2025-08\"\n\n[fonts]"))
            .with_edit(ISSUE, "共办理{{ figures.handled }}", &format!("电话{{{{ {name} }}}}"));
        let told = bulletin.check().messages();
        assert!(
            told[0].starts_with("Y0503") && told[0].contains("这一列当时不在统计期内"),
            "{name}: {told:?}"
        );
    }
}

#[test]
fn nothing_is_compared_with_a_column_before_it_began() {
    assert_eq!(value(with_new_column(), "ytd(operations.total.mailed)"), "/", "January is not there");
    assert_eq!(value(with_new_column(), "operations.total.phoned"), "20件");
    assert_eq!(value(with_new_column(), "operations.total.phoned - prev(operations.total.phoned)"), "/");
    assert_eq!(value(with_new_column(), "count(prev(operations.phoned))"), "/");
    // Nothing that ended makes up for it: the sum would pass for less than it is to be compared with.
    for (formula, expected) in [
        ("prev(operations.total.phoned + operations.total.mailed)", "/"),
        ("prev(sum(operations.phoned) + sum(operations.mailed))", "/"),
        ("prev(count(operations.phoned) + count(operations.mailed))", "/"),
        ("sum(operations.phoned) - sum(prev(operations.phoned))", "/"),
        ("sum(prev(operations.phoned), operations.mailed)", "/"),
        ("count(operations.phoned) - count(prev(operations.phoned))", "/"),
        ("count(operations.phoned) - prev(count(operations.phoned))", "/"),
    ] {
        assert_eq!(value(with_new_column(), formula), expected, "{formula}");
    }
    // The year of the column began with it, whatever months are there.
    assert_eq!(value(with_new_column(), "ytd(operations.total.phoned)"), "20件");
    assert_eq!(value(with_new_column(), "ytd(sum(operations.phoned))"), "20件");
    let text = with_new_column().with_edit(
        ISSUE,
        "共办理{{ figures.handled }}",
        "电话{{ operations.total.phoned | month_on_month }}",
    );
    assert_eq!(text.check().findings(), ["Y0510 issue.toml:12:6"]);
    let year = with_new_column()
        .with_edit(
            SETTINGS,
            "operations.total.accepted + operations.total.mailed",
            "ytd(operations.total.phoned)",
        )
        .with_edit(ISSUE, "共办理{{ figures.handled }}", "今年{{ figures.handled }}")
        .check();
    assert!(
        year.messages()[0].starts_with("Y0512 figures.handled 的累计没有计入 2025-01、"),
        "{:?}",
        year.messages()
    );
    assert!(year.hints()[0].contains("列或表换了新的"), "{:?}", year.hints());
}

#[test]
fn a_column_that_ended_is_neither_printed_nor_asked_for() {
    let ended = || {
        Bulletin::new().with_edit(
            SETTINGS,
            "header = \"邮寄量（件）\"",
            "header = \"邮寄量（件）\"\nuntil = \"2025-06\"",
        )
    };
    let without = |bulletin: Bulletin| {
        bulletin.with_changed("operations", |table| {
            ["E2", "E4", "E5", "E6", "E7", "E8"].iter().fold(table, |table, cell| table.without(cell))
        })
    };
    let text = "{{ figures.handled }}，其中窗口受理";
    let bulletin = without(ended()).with_edit(ISSUE, text, "");
    bulletin.build().is_clean();
    let data = printed::data(&bulletin.text("output/2025-07.typ")).to_string();
    assert!(!data.contains("邮寄量"), "{data}");
    // Whoever still has the column is told that it is not used.
    assert_eq!(ended().with_edit(ISSUE, text, "").check().findings(), ["Y0305 operations.xlsx 办件!E2"]);
    // A sum goes on without it.
    assert_eq!(value(without(ended()).with_edit(ISSUE, text, ""), "figures.handled"), "22883件");
    let asked = Asked::of(ended());
    let form = asked.form("01");
    assert!(!form.part("xl/sharedStrings.xml").contains("邮寄量"), "{}", form.part("xl/sharedStrings.xml"));
}

#[test]
fn a_table_outside_its_term_is_not_missed_and_not_printed() {
    let term = |term: &str| {
        let ended = format!("name = \"assessment\"\n{term}");
        Bulletin::new()
            .with_edit(SETTINGS, "name = \"assessment\"", &ended)
            .without_file("data/2025-07/assessment.xlsx")
    };
    for months in ["until = \"2025-06\"", "since = \"2025-08\""] {
        let bulletin = term(months);
        bulletin.build().is_clean();
        let data = printed::data(&bulletin.text("output/2025-07.typ"));
        assert_eq!(data["appendices"].as_array().unwrap().len(), 1, "{months}");
        assert_eq!(
            value(term(months), "assessment[\"公安局\"].score + figures.handled"),
            "Y0405 算式有误：单位不同，不能加减：分 和 件"
        );
        assert_eq!(value(term(months), "max(assessment.score)"), "/");
    }
    assert_eq!(term("since = \"2025-07\"").check().findings(), ["Y0107 data/2025-07"]);
}

#[test]
fn a_table_that_is_there_outside_its_term_is_remarked() {
    let since = |month: &str| {
        let begun = format!("name = \"assessment\"\nsince = \"{month}\"");
        Bulletin::new().with_edit(SETTINGS, "name = \"assessment\"", &begun)
    };
    let answer = since("2025-08").check();
    assert_eq!(answer.findings(), ["Y0112 assessment.xlsx"]);
    assert_eq!(
        answer.messages(),
        ["Y0112 表 assessment 从 2025-08 起才有，2025-07 没有这张表：文件没有读取，也不印"]
    );
    // The month that the table reports on counts, not the issue's.
    let reporting = || {
        let periods = "[periods]\nassessment = \"2025-06\"\n\n[values.calls]";
        since("2025-07").with_edit(ISSUE, "[values.calls]", periods)
    };
    let message =
        "Y0112 表 assessment 从 2025-07 起才有，这一期的 [periods] 写的是 2025-06：没有读取，也不印";
    let answer = reporting().check();
    assert_eq!(
        (answer.findings(), answer.messages()),
        (vec!["Y0112 assessment.xlsx".to_owned()], vec![message.to_owned()])
    );
    let answer = reporting().without_file("data/2025-07/assessment.xlsx").check();
    assert_eq!(
        (answer.findings(), answer.messages()),
        (vec!["Y0112 issue.toml:5:1".to_owned()], vec![message.to_owned()])
    );
}

/// The bulletin of June and July, in which a figure is made of a number that is entered from July on.
fn with_new_value(term: &str) -> Bulletin {
    let figure = format!(
        "[[figure]]\nname = \"visits\"\nformula = \"values.visits\"\n{term}\n[[table]]\nname = \"assessment\""
    );
    Bulletin::new()
        .with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"")
        .with_month("2025-06")
        .with_edit("data/2025-06/issue.toml", "2025-08-05", "2025-07-05")
        .with_edit(ISSUE, "[values.calls]", "[values.visits]\nvalue = 9\nsource = \"门禁\"\n\n[values.calls]")
        .with_edit(SETTINGS, "[[table]]\nname = \"assessment\"", &figure)
}

#[test]
fn a_new_figure_leaves_past_issues_as_they_were() {
    let before = Bulletin::new()
        .with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"")
        .with_month("2025-06")
        .with_edit("data/2025-06/issue.toml", "2025-08-05", "2025-07-05");
    before.run(&["build", "2025-06"]).done();
    let text = "到访{{ figures.visits }}，比上月{{ figures.visits | month_on_month }}";
    let after = with_new_value("since = \"2025-07\"\n").with_edit(ISSUE, "共办理{{ figures.handled }}", text);
    let told = after.run(&["build", "--all", "--format", "json"]).answer();
    assert_eq!(told.messages(), ["Y0510 figures.visits 没有可以比较的往期数，印作“无可比数据”"]);
    for output in ["typ", "figures.json"] {
        let output = format!("output/2025-06.{output}");
        assert_eq!(before.text(&output), after.text(&output), "{output}");
    }
    // Without its term it is missed in June, and the hint says what to write.
    let missed = with_new_value("").run(&["check", "2025-06", "--format", "json"]).answer();
    assert!(missed.messages()[0].starts_with("Y0405 算式有误：没有 values.visits 这个数"));
    assert!(missed.hints()[0].contains("since = \"2025-08\""), "{:?}", missed.hints());
}

#[test]
fn a_figure_outside_its_term_is_told_where_a_text_or_formula_uses_it() {
    let ended = || with_new_value("until = \"2025-06\"\n");
    let told = ended().with_edit(ISSUE, "共办理{{ figures.handled }}", "到访{{ figures.visits }}").check();
    assert_eq!(
        told.messages(),
        ["Y0503 figures.visits 没有数（这个数当时不在统计期内（2025-07）），不能写进正文"]
    );
    assert_eq!(value(ended(), "operations.total.accepted + 0 * figures.visits"), "22883件");
    assert_eq!(value(ended(), "prev(figures.visits)"), "/");
    // Its formula cannot even be read where nobody enters the number.
    let unread = || ended().with_edit(ISSUE, "[values.visits]", "[values.other]");
    assert_eq!(value(unread(), "operations.total.accepted + prev(figures.visits)"), "/");
    assert_eq!(value(unread(), "figures.visits"), "/");
}
