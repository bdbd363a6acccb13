//! Checks: declared ones, the built-in ones against past months, and what the editor acknowledges.

use crate::harness::{Bulletin, Table};

const ISSUE: &str = "data/2025-07/issue.toml";

/// The bulletin with one more section at the end of yuebao.toml.
fn with_check(check: &str) -> Bulletin {
    Bulletin::new().with_addition("yuebao.toml", &format!("\n[[check]]\n{check}\n"))
}

/// The bulletin with so many past months, whose operations are these.
fn with_past(months: usize, past: impl Fn(Table) -> Table) -> Bulletin {
    let all = ["2025-06", "2025-05", "2025-04", "2025-03", "2025-02", "2025-01", "2024-12"];
    // The department that left must not be missed in months long past.
    let always =
        Bulletin::new().with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"");
    all[..months].iter().fold(always, |bulletin, month| {
        // Without a total, which would have to fit.
        let workbook = past(Table::operations().without_row(8)).xlsx();
        bulletin.with_month(month).with_file(&format!("data/{month}/operations.xlsx"), workbook)
    })
}

fn acknowledging(bulletin: Bulletin, what: &str) -> Bulletin {
    bulletin.with_addition(ISSUE, &format!("\n[[acknowledge]]\n{what}\n"))
}

#[test]
fn a_check_over_rows_names_the_cell_and_shows_the_values() {
    let told = with_check(
        "name = \"completed\"\ntable = \"operations\"\nformula = \"completed <= accepted\"\n\
         message = \"“{{ department }}”办结{{ completed }}，多于受理{{ accepted | wan }}\"",
    )
    .run(&["check", "2025-07"])
    .done();
    insta::assert_snapshot!(told.stderr, @r#"
    提醒 Y0411 “市公安局”办结23022件，多于受理2.03万件
      位置：data/2025-07/operations.xlsx 办件!D4
      这一行：序号：1 ｜ 部门：市公安局 ｜ 办件（件）/受理量：20337 ｜ 【D 办件（件）/办结量：23022】 ｜ 邮寄量（件）：15
      → 检查 completed：应有 completed <= accepted
      → 请核对；属实的，在 issue.toml 中用 [[acknowledge]] 写 check = "completed" 和理由
    提醒 Y0411 “市民政局”办结871件，多于受理0.09万件
      位置：data/2025-07/operations.xlsx 办件!D5
      这一行：序号：2 ｜ 部门：市民政局 ｜ 办件（件）/受理量：864 ｜ 【D 办件（件）/办结量：871】 ｜ 邮寄量（件）：/
      → 检查 completed：应有 completed <= accepted
      → 请核对；属实的，在 issue.toml 中用 [[acknowledge]] 写 check = "completed" 和理由
    2025-07 检查通过（2 处提醒）
    "#);
}

#[test]
fn a_check_over_the_whole_shows_its_figures_and_may_be_an_error() {
    let answer = with_check(
        "name = \"same\"\nformula = \"count(operations) == count(assessment) 且 figures.handled < 1000\"\n\
         severity = \"error\"\nmessage = \"共{{ figures.handled }}\"",
    )
    .check();
    assert_eq!(answer.messages(), ["Y0411 共22939件"]);
    assert_eq!(answer.json["months"][0]["status"], "error");
    let hints = answer.hints().join("\n");
    assert!(
        hints.contains("count(operations) = 4；count(assessment) = 4；figures.handled = 22939件"),
        "{hints}"
    );
}

#[test]
fn what_cannot_be_compared_passes_undecided() {
    with_check("name = \"m\"\ntable = \"operations\"\nformula = \"mailed < 1000\"\nmessage = \"x\"")
        .check()
        .is_clean();
    with_check("name = \"p\"\nformula = \"figures.handled > prev(figures.handled)\"\nmessage = \"x\"")
        .check()
        .is_clean();
}

#[test]
fn many_failures_of_one_check_are_one_finding() {
    let names: Vec<String> = (0..12).map(|index| format!("第{index}局")).collect();
    let register: String = names.iter().map(|name| format!("[[department]]\nname = \"{name}\"\n")).collect();
    let table = |table: Table, first: u32| {
        names.iter().zip(first..).fold(table, |table, (name, row)| {
            let number = (row - first + 1).to_string();
            table.row(row, [number.as_str(), name, "5", "3", "1"])
        })
    };
    let operations = Table::new("办件")
        .row(2, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
        .row(3, ["", "", "受理量", "办结量"]);
    let scores = Table::new("考核").row(2, ["序号", "部门窗口", "基本得分", "加分"]);
    let scores =
        names.iter().zip(3..).fold(scores, |table, (name, row)| table.row(row, ["1", name, "90", "1"]));
    let answer =
        with_check("name = \"few\"\ntable = \"operations\"\nformula = \"accepted > 5\"\nmessage = \"太少\"")
            .with_file("data/departments.toml", register)
            .with_table("operations", table(operations, 4))
            .with_table("assessment", scores)
            .check();
    assert_eq!(answer.messages(), ["Y0411 有 12 处同样的情况，第一处：太少"]);
}

#[test]
fn every_fault_of_a_check_has_its_place() {
    for (check, expected) in [
        ("name = \"a\"\nformula = \"1 < 2\"", "Y0103 yuebao.toml:97:1"),
        ("name = \"a\"\nformula = \"1 < 2\"\nmessage = \" \"", "Y0103 yuebao.toml:97:1"),
        ("name = \"a\"\nmessage = \"x\"", "Y0103 yuebao.toml:97:1"),
        ("formula = \"1 < 2\"\nmessage = \"x\"", "Y0103 yuebao.toml:97:1"),
        ("name = \"a\"\nformula = \"1 +\"\nmessage = \"x\"", "Y0405 yuebao.toml:99:15"),
        ("name = \"a\"\nformula = \"1 + 2\"\nmessage = \"x\"", "Y0405 yuebao.toml:99:12"),
        ("name = \"a\"\nformula = \"figures.handeld > 2\"\nmessage = \"x\"", "Y0405 yuebao.toml:99:12"),
        (
            "name = \"a\"\nformula = \"figures.handled > values.calls\"\nmessage = \"x\"",
            "Y0405 yuebao.toml:99:12",
        ),
        (
            "name = \"a\"\ntable = \"operation\"\nformula = \"1 < 2\"\nmessage = \"x\"",
            "Y0104 yuebao.toml:99:9",
        ),
        ("name = \"a\"\nseverity = \"bad\"\nformula = \"1 < 2\"\nmessage = \"x\"", "Y0104 yuebao.toml:99:12"),
        ("name = \"a\"\nformula = \"1 < 2\"\nmessage = \"共{{ figures.x }}\"", "Y0501 yuebao.toml:100:16"),
        (
            "name = \"a\"\nformula = \"1 < 2\"\nmessage = \"共{{ figures.handled | top(3) }}\"",
            "Y0502 yuebao.toml:100:34",
        ),
    ] {
        assert_eq!(with_check(check).check().findings(), [expected], "{check}");
    }
}

#[test]
fn a_number_far_from_the_past_is_a_jump() {
    for months in [1, 7] {
        let past = |table: Table| table.with("C7", 12800).with("D7", 1240);
        let answer = with_past(months, past).check();
        assert_eq!(answer.findings(), ["Y0421 operations.xlsx 办件!C7"], "{months}");
        let was = if months == 1 { "上月是 12800" } else { "前 7 个月的中位数是 12800" };
        assert_eq!(
            answer.messages(),
            [format!("Y0421 “市教育局”的“办件（件）/受理量”是 1280，{was}，相差悬殊")]
        );
    }
}

#[test]
fn output_without_intake_is_told() {
    let bulletin = || {
        Bulletin::new().with_edit(
            "yuebao.toml",
            "办结量\"\nunit = \"件\"",
            "办结量\"\nunit = \"件\"\nintake = \"accepted\"",
        )
    };
    bulletin().check().is_clean();
    let answer = bulletin().with_cell("operations", "C6", "/").with_cell("operations", "C8", 22481).check();
    assert_eq!(
        answer.messages(),
        ["Y0422 “市司法局”的“办件（件）/办结量”是 398，对应的“办件（件）/受理量”却是“/”"]
    );
    let misspelt =
        bulletin().with_edit("yuebao.toml", "intake = \"accepted\"", "intake = \"acepted\"").check();
    assert_eq!(misspelt.messages(), ["Y0104 intake 所指的列“acepted”不在这张表中"]);
}

#[test]
fn a_department_that_fell_silent_is_told_once() {
    let answer = with_past(2, |table| table)
        .with_changed("operations", |table| {
            table
                .with("C6", 0)
                .with("D6", "/")
                .with("E6", "/")
                .with("C8", 22481)
                .with("D8", 25128)
                .with("E8", 31)
        })
        .check();
    assert_eq!(answer.messages(), ["Y0423 “市司法局”前 2 个月都有业务，本月各列都是零或“/”"]);
}

#[test]
fn exchanged_digits_are_told_as_that_and_not_as_a_jump() {
    let answer = with_past(1, |table| table)
        .with_changed("operations", |table| table.with("C7", 2180).with("C8", 23783))
        .check();
    assert_eq!(
        answer.messages(),
        ["Y0424 “市教育局”的“办件（件）/受理量”是 2180，上月是 1280；是不是把 1280 写颠倒了？"]
    );
}

#[test]
fn the_same_table_as_last_month_is_one_finding() {
    let answer = Bulletin::new()
        .with_edit("yuebao.toml", "off = [\"Y0425\"]", "off = []")
        .with_month("2025-06")
        .with_cell("operations", "C7", 1281)
        .with_cell("operations", "C8", 22884)
        .check();
    assert_eq!(
        answer.messages(),
        ["Y0425 表 assessment 的每个数都与 2025-06 的相同，是不是误放了上月的文件？"]
    );
    assert_eq!(answer.findings(), ["Y0425 assessment.xlsx"]);
}

#[test]
fn built_in_checks_can_be_switched_off_by_their_code() {
    let jumping = with_past(1, |table| table.with("C7", 12800));
    jumping.with_edit("yuebao.toml", "off = [\"Y0425\"]", "off = [\"Y0425\", \"Y0421\"]").check().is_clean();
    let answer = Bulletin::new().with_edit("yuebao.toml", "off = [\"Y0425\"]", "off = [\"Y0401\"]").check();
    assert_eq!(answer.findings(), ["Y0104 yuebao.toml:95:8"]);
}

#[test]
fn months_that_cannot_be_looked_at_are_left_out() {
    with_past(1, |table| table.with("C7", "坏")).check().is_clean();
    // The table of the month before reports on the same month as this one: there is no month between them.
    with_past(1, |table| table.with("C7", 12800))
        .with_addition("data/2025-06/issue.toml", "\n[periods]\noperations = \"2025-07\"\n")
        .check()
        .is_clean();
}

#[test]
fn an_acknowledged_warning_is_settled_and_kept_with_its_reason() {
    let jumping = || with_past(1, |table| table.with("C7", 12800));
    for what in [
        "code = \"Y0421\"\nreason = \"已核实\"",
        "code = \"Y0421\"\ndepartment = \"市教育局\"\nreason = \"已核实\"",
        "code = \"Y0421\"\nfile = \"operations.xlsx\"\ncell = \"C7\"\nreason = \"已核实\"",
    ] {
        let bulletin = acknowledging(jumping(), what);
        let outcome = bulletin.run(&["--format", "json", "check", "2025-07", "--deny-warnings"]).done();
        let answer = outcome.answer();
        answer.is_clean();
        let settled = &answer.json["months"][0]["acknowledged"];
        assert_eq!(settled[0]["code"], "Y0421", "{what}");
        assert_eq!(settled[0]["reason"], "已核实", "{what}");
    }
    let told =
        acknowledging(jumping(), "code = \"Y0421\"\nreason = \"已核实\"").run(&["check", "2025-07"]).done();
    assert_eq!(told.stderr, "2025-07 检查通过（已确认 1 处提醒）\n");
}

#[test]
fn what_is_acknowledged_is_told_of_a_month_that_is_not_built_too() {
    let acknowledged = "code = \"Y0421\"\nreason = \"已核实\"";
    let jumping = acknowledging(with_past(1, |table| table.with("C7", 12800)), acknowledged);
    let typed = jumping.with_edit(ISSUE, "逐个窗口", "受理投诉31件。逐个窗口");
    let codes = |bulletin: &Bulletin, words: &[&str]| {
        let json = bulletin.run(&[&["--format", "json"], words].concat()).ending_with(1).json();
        json["months"][0]["acknowledged"][0]["code"].clone()
    };
    for verb in ["check", "build"] {
        assert_eq!(codes(&typed, &[verb, "2025-07", "--deny-warnings"]), "Y0421", "{verb}");
    }
    // What was built with warnings has not changed: they are denied now.
    typed.run(&["build", "2025-07"]).done();
    assert_eq!(codes(&typed, &["build", "2025-07", "--deny-warnings"]), "Y0421");
    let told = typed.run(&["build", "2025-07", "--deny-warnings"]).ending_with(1).stderr;
    let line = "2025-07 没有生成：要求不得有提醒（1 处提醒，另已确认 1 处）\n";
    assert!(told.ends_with(line), "{told}");
    // Beside an error too.
    let faulty = typed.with_edit(ISSUE, "values.calls }}", "values.call }}");
    for verb in ["check", "build"] {
        assert_eq!(codes(&faulty, &[verb, "2025-07"]), "Y0421", "{verb}");
    }
}

#[test]
fn an_acknowledgement_accepts_as_many_as_were_looked_at() {
    let typed = |count: usize| {
        let text = (0..count).map(|number| format!("受理投诉{}件。", 31 + number)).collect::<String>();
        Bulletin::new().with_edit(ISSUE, "逐个窗口", &format!("{text}逐个窗口"))
    };
    let findings = |count: usize, what: &str| {
        let what = format!("code = \"Y0508\"\n{what}reason = \"行文\"");
        acknowledging(typed(count), &what).check().findings()
    };
    for (count, what) in [(1, ""), (2, "count = 2\n"), (2, "cell = \"21\"\ncount = 2\n")] {
        assert_eq!(findings(count, what), [""; 0], "{count} {what}");
    }
    let more = findings(2, "");
    assert_eq!(more.len(), 3, "{more:?}");
    assert!(more[..2].iter().all(|found| found.starts_with("Y0508")) && more[2].starts_with("Y0414"));
    assert_eq!(findings(1, "count = 2\n"), ["Y0414 issue.toml:23:1"]);
    let answer = acknowledging(typed(2), "code = \"Y0508\"\nreason = \"行文\"").check();
    assert_eq!(answer.messages()[2], "Y0414 这一段确认 1 处 Y0508 的提醒，现有 2 处");
}

#[test]
fn a_place_in_a_text_is_acknowledged_as_it_is_shown() {
    let typed = || Bulletin::new().with_edit(ISSUE, "逐个窗口", "受理投诉31件，逐个窗口");
    for cell in ["21", "21:13"] {
        let what = format!("code = \"Y0508\"\nfile = \"issue.toml\"\ncell = \"{cell}\"\nreason = \"行文\"");
        acknowledging(typed(), &what).check().is_clean();
    }
    let answer = acknowledging(typed(), "code = \"Y0508\"\ncell = \"21:9\"\nreason = \"行文\"").check();
    assert_eq!(answer.messages()[1], "Y0413 这一段所确认的 Y0508 的提醒没有出现");
    assert!(answer.hints().iter().any(|hint| hint.contains("如 41:5")), "{:?}", answer.hints());
}

#[test]
fn a_finding_that_stands_for_many_places_counts_as_many() {
    let blank = |count: u32| {
        let rows: Vec<u32> = (4..4 + count).collect();
        let departments = (0..6).fold(String::new(), |text, number| {
            text + &format!("\n[[department]]\nname = \"市第{number}局\"\nsince = \"2025-07\"\n")
        });
        let bulletin = Bulletin::new().with_addition("data/departments.toml", &departments);
        let bulletin = bulletin.with_changed("assessment", |table| {
            (0..6).fold(table, |table, number| {
                table.row(7 + number, ["", &format!("市第{number}局"), "1", "1", "2"])
            })
        });
        bulletin.with_changed("operations", |table| {
            let table = (0..6).fold(table.without_row(8), |table, number| {
                table.row(8 + number, ["", &format!("市第{number}局"), "1", "1", "1"])
            });
            rows.iter().fold(table, |table, row| table.without(&format!("E{row}")))
        })
    };
    let codes = |count: u32, what: &str| {
        let findings =
            acknowledging(blank(count), &format!("code = \"Y0210\"\n{what}reason = \"已问\"")).check();
        findings.findings().iter().map(|found| found[..5].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(7, "count = 7\n"), [""; 0]);
    assert_eq!(codes(7, ""), ["Y0210", "Y0414"], "seven blanks are one finding");
    assert_eq!(codes(8, "count = 7\n"), ["Y0210", "Y0414"]);
}

#[test]
fn of_many_findings_each_can_be_acknowledged_by_itself() {
    let departments = (0..12).fold(String::new(), |text, number| {
        text + &format!("\n[[department]]\nname = \"市第{number}局\"\nsince = \"2025-07\"\n")
    });
    let more = |table: Table, first: u32, cells: [&str; 3]| {
        (0..12).fold(table, |table, number| {
            let name = format!("市第{number}局");
            table.row(first + number, ["", &name, cells[0], cells[1], cells[2]])
        })
    };
    let check = "name = \"few\"\ntable = \"operations\"\nformula = \"accepted != 1\"\nmessage = \"太少\"";
    let bulletin = || {
        with_check(check)
            .with_addition("data/departments.toml", &departments)
            .with_changed("assessment", |table| more(table, 7, ["1", "1", "2"]))
            .with_changed("operations", |table| more(table.without_row(8), 8, ["1", "1", "1"]))
    };
    assert_eq!(bulletin().check().messages(), ["Y0411 有 12 处同样的情况，第一处：太少"]);
    let one = acknowledging(bulletin(), "check = \"few\"\ndepartment = \"市第3局\"\nreason = \"已核实\"");
    assert_eq!(one.check().messages(), ["Y0411 有 11 处同样的情况，第一处：太少"]);
    let cell = acknowledging(one, "check = \"few\"\ncell = \"C9\"\nreason = \"已核实\"");
    assert_eq!(cell.check().messages().len(), 10);
}

#[test]
fn of_two_acknowledgements_the_closer_one_accepts() {
    let check = "name = \"few\"\ntable = \"operations\"\nformula = \"accepted > 900\"\nmessage = \"太少\"";
    let all = acknowledging(with_check(check), "check = \"few\"\nreason = \"已核实\"");
    acknowledging(all, "check = \"few\"\ndepartment = \"市民政局\"\nreason = \"另已核实\"")
        .check()
        .is_clean();
}

#[test]
fn what_is_not_acknowledged_stays() {
    let jumping = with_past(1, |table| table.with("C7", 12800));
    let answer =
        acknowledging(jumping, "code = \"Y0421\"\ndepartment = \"市公安局\"\nreason = \"已核实\"").check();
    assert_eq!(answer.findings(), ["Y0421 operations.xlsx 办件!C7", "Y0413 issue.toml:23:1"]);
}

#[test]
fn a_declared_check_is_acknowledged_by_its_name() {
    let check = "name = \"few\"\ntable = \"operations\"\nformula = \"accepted > 500\"\nmessage = \"太少\"";
    acknowledging(with_check(check), "check = \"few\"\ndepartment = \"市司法局\"\nreason = \"已核实\"")
        .check()
        .is_clean();
    let strict = check.replace("message", "severity = \"error\"\nmessage");
    let answer = acknowledging(with_check(&strict), "check = \"few\"\nreason = \"已核实\"").check();
    assert_eq!(answer.findings(), ["Y0411 operations.xlsx 办件!C6"], "an error cannot be acknowledged");
}

#[test]
fn a_faulty_acknowledgement_is_told_at_its_place() {
    for (what, expected) in [
        ("code = \"Y0999\"\nreason = \"x\"", "Y0412 issue.toml:24:8"),
        ("code = \"Y0203\"\nreason = \"x\"", "Y0412 issue.toml:24:8"),
        ("code = \"Y0413\"\nreason = \"x\"", "Y0412 issue.toml:24:8"),
        ("check = \"fwe\"\nreason = \"x\"", "Y0412 issue.toml:24:9"),
        ("code = \"Y0421\"\ndepartment = \"工商局\"\nreason = \"x\"", "Y0412 issue.toml:25:14"),
        ("code = \"Y0421\"", "Y0103 issue.toml:23:1"),
        ("reason = \"x\"", "Y0103 issue.toml:23:1"),
        ("code = \"Y0421\"\nreason = \"x\"", "Y0413 issue.toml:23:1"),
    ] {
        assert_eq!(acknowledging(Bulletin::new(), what).check().findings(), [expected], "{what}");
    }
}
