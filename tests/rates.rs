//! Columns whose numbers add up to nothing: percentages, averages; and formulas that give a ratio.

use crate::harness::{Bulletin, Table, formatted, formula, formula_without_value, percentage, printed};

const SETTINGS: &str = "yuebao.toml";

/// The bulletin with one more column in the table that has a total; departments say 98% in it, the total 98.
fn with_column(declaration: &str) -> Bulletin {
    let column = format!("\n[[table.column]]\nheader = \"增列\"\ndecimals = 1\n{declaration}\n\n[fonts]");
    let filled =
        |table: Table| (4..8).fold(table, |table, row| table.with(&format!("F{row}"), percentage("0.98")));
    Bulletin::new()
        .with_changed("operations", |table| filled(table).with("F2", "增列").with("F8", percentage("0.98")))
        .with_edit(SETTINGS, "\n[fonts]", &column)
}

fn ids(bulletin: &Bulletin) -> Vec<String> {
    let figures = bulletin.run(&["--format", "json", "figures", "2025-07"]).json();
    let figures = figures["figures"].as_array().unwrap().iter();
    figures.map(|figure| figure["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn percentages_that_were_entered_have_no_total() {
    let bulletin = with_column("name = \"rate\"\nunit = \"%\"");
    bulletin.check().is_clean();
    let ids = ids(&bulletin);
    assert!(ids.contains(&"operations.total.mailed".to_owned()));
    assert!(!ids.contains(&"operations.total.rate".to_owned()), "{ids:?}");
    bulletin.build();
    let data = printed::data(&bulletin.text("output/2025-07.typ"));
    let appendices = data["appendices"].as_array().unwrap();
    let total = appendices.iter().find_map(|appendix| appendix["total"].as_array()).unwrap();
    let total: Vec<&str> = total.iter().map(printed::cell_text).collect();
    assert_eq!(total, ["合计", "22883", "25526", "56", "/"]);
}

#[test]
fn a_column_may_be_declared_to_have_a_total_or_none() {
    let without = with_column("name = \"rate\"\nunit = \"%\"\ntotal = true").check();
    assert_eq!(without.messages(), ["Y0401 “合计”不对：“增列”填的是 98，各部门相加是 392，相差 294"]);
    let days = with_column("name = \"days\"\nunit = \"天\"\ntotal = false");
    let days = days.with_changed("operations", |table| {
        (4..9).fold(table, |table, row| table.with(&format!("F{row}"), 3))
    });
    days.check().is_clean();
}

#[test]
fn whoever_names_the_total_of_percentages_is_told_why_there_is_none() {
    let bulletin = with_column("name = \"rate\"\nunit = \"%\"");
    let text = bulletin.with_edit(
        "data/2025-07/issue.toml",
        "逐个窗口",
        "平均{{ operations.total.rate }}，逐个窗口",
    );
    let answer = text.check();
    assert_eq!(answer.messages(), ["Y0501 operations.total.rate 没有合计"]);
    assert_eq!(
        answer.hints(),
        ["各部门相加没有意义；要平均数，请在 yuebao.toml 的 [[figure]] 中写算式，如 avg(operations.rate)"]
    );
    for (written, told) in [
        ("sum(operations.rate)", "Y0405 算式有误：“增列”没有合计：各部门相加没有意义"),
        ("operations.total.rate", "Y0405 算式有误：“增列”没有合计：各部门相加没有意义"),
        (
            "ytd(operations['市公安局'].rate)",
            "Y0405 算式有误：operations[\"市公安局\"].rate 各月相加没有意义",
        ),
    ] {
        let formula = "\"operations.total.accepted + operations.total.mailed\"";
        let bulletin = with_column("name = \"rate\"\nunit = \"%\"");
        let written = format!("'{}'", written.replace('\'', "\""));
        let answer = bulletin.with_edit(SETTINGS, formula, &written).check();
        assert_eq!(answer.messages()[0], told);
    }
}

#[test]
fn what_is_made_of_numbers_without_a_total_has_none() {
    let rate = "name = \"rate\"\nunit = \"%\"\n\n[[table.column]]\nheader = \"两倍\"\nname = \"double\"\n\
                unit = \"%\"\nformula = \"rate * 2\"";
    let bulletin = with_column(rate);
    bulletin.check().is_clean();
    let ids = ids(&bulletin);
    assert!(ids.contains(&"operations[\"市公安局\"].double".to_owned()), "{ids:?}");
    assert!(!ids.contains(&"operations.total.double".to_owned()), "{ids:?}");
}

#[test]
fn a_ratio_in_a_column_of_percentages_is_a_fault_of_its_formula() {
    for ratio in [
        "completed / accepted",
        "1 - completed / accepted",
        "min(completed / accepted, 1)",
        "0.6 * completed / accepted + 0.4 * mailed / accepted",
        "share(accepted)",
        "prev(mailed / accepted)",
    ] {
        let bulletin = with_column(&format!("name = \"rate\"\nunit = \"%\"\nformula = \"{ratio}\""));
        let answer = bulletin.check();
        assert_eq!(
            answer.messages(),
            [format!("Y0405 算式有误：单位是 %，算出来的却是比值：请乘以 100，如 100 * ({ratio})")]
        );
    }
    for percentage in [
        "100 * completed / accepted",
        "(100 * completed + 100 * mailed) / accepted",
        "-100 * completed / accepted",
        "completed / (accepted / 100)",
        "share(accepted) * 100",
    ] {
        let bulletin = with_column(&format!("name = \"rate\"\nunit = \"%\"\nformula = \"{percentage}\""));
        let findings = bulletin.check().findings();
        assert!(findings.iter().all(|found| found.starts_with("Y0402")), "{percentage}: {findings:?}");
    }
}

#[test]
fn a_derived_value_that_passed_over_a_text_is_no_second_error() {
    let bulletin = Bulletin::new()
        .with_changed("assessment", |table| table.with("C5", "95").with("E5", formula("=SUM(C5:D5)", "0")));
    let answer = bulletin.check();
    assert_eq!(answer.findings(), ["Y0211 assessment.xlsx 考核!C5"]);
}

#[test]
fn only_a_text_among_its_own_parts_excuses_a_derived_value() {
    let score = Bulletin::new().with_changed("assessment", |table| table.with("E5", "96"));
    assert_eq!(score.check().findings(), ["Y0211 assessment.xlsx 考核!E5", "Y0402 assessment.xlsx 考核!E5"]);
    let staff = "[[table.column]]\nname = \"staff\"\nheader = \"人数\"\nunit = \"人\"\n\n";
    let after = "[[table]]\nname = \"operations\"";
    let other = Bulletin::new().with_edit(SETTINGS, after, &format!("{staff}{after}")).with_changed(
        "assessment",
        |table| {
            let table =
                (3..7).fold(table.with("F2", "人数"), |table, row| table.with(&format!("F{row}"), 3));
            table.with("F5", "3人").with("E5", 96)
        },
    );
    let findings = other.check().findings();
    assert!(findings.contains(&"Y0402 assessment.xlsx 考核!E5".to_owned()), "{findings:?}");
}

#[test]
fn a_derived_percentage_is_compared_as_the_sheet_has_it() {
    let declaration = "name = \"rate\"\nunit = \"%\"\nformula = \"100 * completed / accepted\"";
    let shares =
        [("F4", 23022.0 / 20337.0), ("F5", 871.0 / 864.0), ("F6", 398.0 / 402.0), ("F7", 1235.0 / 1280.0)];
    for format in ["0.00%", "General"] {
        let bulletin = with_column(declaration).with_changed("operations", |table| {
            shares.iter().fold(table, |table, (cell, share)| table.with(cell, formatted(*share, format)))
        });
        bulletin.check().is_clean();
    }
    let wrong = with_column(declaration).with_changed("operations", |table| {
        shares
            .iter()
            .fold(table, |table, (cell, share)| table.with(cell, formatted(*share, "0.00%")))
            .with("F6", formatted(0.95, "0.00%"))
    });
    assert_eq!(wrong.check().messages(), ["Y0402 “市司法局”的“增列”填的是 95，按各项计算应为 99"]);
}

#[test]
fn a_derived_value_that_was_not_saved_is_computed() {
    let bulletin = Bulletin::new().with_cell("assessment", "E5", formula_without_value("=SUM(C5:D5)"));
    bulletin.check().is_clean();
}

/// The bulletin in which the police bureau completed 96.347% of what it accepted, in a column of two decimals.
fn with_completion_rate() -> Bulletin {
    Bulletin::new()
        .with_edit(
            SETTINGS,
            "\n[fonts]",
            "\n[[table.column]]\nheader = \"办结率\"\nname = \"rate\"\nunit = \"%\"\ndecimals = 2\n\
             formula = \"completed / accepted * 100\"\n\n[fonts]",
        )
        .with_changed("operations", |table| table.without_row(8).with("C4", 100_000).with("D4", 96_347))
}

#[test]
fn a_number_is_rounded_once_from_what_was_computed() {
    // 96.347%: in the column 96.35, with one decimal 96.3 and not 96.4 (GB/T 8170-2008, 3.3.1).
    let bulletin = with_completion_rate().with_edit(
        "data/2025-07/issue.toml",
        "逐个窗口",
        "市公安局{{ operations['市公安局'].rate | round(1) }}，即{{ operations['市公安局'].rate }}，逐个窗口",
    );
    bulletin.build().is_clean();
    let text = printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("市公安局96.3%，即96.35%，逐个窗口"), "{text}");
    let told = bulletin.run(&["explain", "2025-07", "operations[\"市公安局\"].rate"]).done().stdout;
    assert!(told.contains("96.3%：96.347，四舍五入"), "{told}");
}

#[test]
fn another_name_for_a_number_is_that_number() {
    let bulletin = with_completion_rate()
        .with_edit(
            SETTINGS,
            "[[table]]\nname = \"assessment\"",
            "[[figure]]\nname = \"same\"\nformula = \"operations['市公安局'].rate\"\n\n[[table]]\nname = \"assessment\"",
        )
        .with_edit("data/2025-07/issue.toml", "逐个窗口", "市公安局办结率{{ figures.same | round(1) }}，逐个窗口");
    bulletin.build().is_clean();
    assert!(printed::page_text(bulletin.root(), "2025-07").contains("市公安局办结率96.3%，"));
    // A number that is typed is offered what prints it.
    let typed =
        bulletin.with_edit("data/2025-07/issue.toml", "{{ figures.same | round(1) }}", "96.3%").check();
    assert!(
        typed.hints().iter().any(|hint| hint.contains("round(1)") && hint.contains("96.3%")),
        "{:?}",
        typed.hints()
    );
}
