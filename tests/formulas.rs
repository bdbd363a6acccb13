//! Faults of the formulas in yuebao.toml, at their line and column.

use crate::harness::Bulletin;
use crate::other_months::value;

const FORMULA: &str = "operations.total.accepted + operations.total.mailed";

/// The bulletin whose named figure (line 11, from column 12) has this formula.
fn with_formula(formula: &str) -> Bulletin {
    Bulletin::new().with_edit("yuebao.toml", FORMULA, formula)
}

/// The bulletin whose score (line 44, from column 12) has this formula.
fn with_score(formula: &str) -> Bulletin {
    Bulletin::new().with_edit("yuebao.toml", "base + bonus", formula)
}

#[test]
fn every_fault_of_a_formula_has_its_place() {
    for (formula, column) in [
        ("operations.total.acepted", 12),
        ("1 + operations.total.acepted", 16),
        ("operations.total.accepted +", 39),
        ("(operations.total.accepted", 38),
        ("operations.total.accepted operations.total.mailed", 38),
        ("operations.total.accepted / 0", 12),
        ("operations.total.accepted + values.calls", 12),
        ("operations[“工商局”].mailed", 12),
        ("", 12),
    ] {
        let findings = with_formula(formula).check().findings();
        assert_eq!(findings[0], format!("Y0405 yuebao.toml:11:{column}"), "{formula}");
    }
}

#[test]
fn a_faulty_formula_gives_no_second_message_where_it_is_used() {
    assert_eq!(with_formula("operations.total.acepted").check().findings(), ["Y0405 yuebao.toml:11:12"]);
}

#[test]
fn a_fault_says_what_was_probably_meant() {
    let answer = with_formula("operations.total.acepted").check();
    assert_eq!(
        answer.messages()[0],
        "Y0405 算式有误：没有 operations.total.acepted 这个数，是不是 operations.total.accepted？"
    );
}

#[test]
fn a_derived_column_with_a_faulty_formula_is_told_once_for_all_rows() {
    for (formula, column) in [("base + bouns", 19), ("base + ", 19), ("base / 0", 12), ("score", 12)] {
        let findings = with_score(formula).check().findings();
        assert_eq!(findings, [format!("Y0405 yuebao.toml:44:{column}")], "{formula}");
    }
}

#[test]
fn figures_may_name_departments_values_and_percentages() {
    let bulletin = Bulletin::new()
        .with_edit(
            "yuebao.toml",
            "[[table]]\nname = \"assessment\"",
            "[[figure]]\nname = \"share\"\nformula = \"operations[“公安局”].accepted ÷ operations.total.accepted\"\n\n[[table]]\nname = \"assessment\"",
        )
        .with_edit("data/2025-07/issue.toml", "。\n接待", "，占{{ figures.share | percent }}。\n接待");
    bulletin.build().is_clean();
    let text = crate::harness::printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("占88.9%。"), "{text}");
}

/// `a / 12 * 6` is a half of `a`: nothing is cut off on the way, nor between figures.
#[test]
fn what_is_divided_and_multiplied_again_is_what_it_was() {
    assert_eq!(value(Bulletin::new(), "1234567 / 12 * 6"), "617283.5");
    assert_eq!(value(Bulletin::new(), "1 / 3 + 1 / 3 + 1 / 3"), "1");
    assert_eq!(value(Bulletin::new(), "avg(10, 20, 31) * 3"), "61");
    let part = "[[figure]]\nname = \"part\"\nformula = \"1234567 / 12\"\n\n[[figure]]\nname = \"handled\"";
    let bulletin = Bulletin::new().with_edit("yuebao.toml", "[[figure]]\nname = \"handled\"", part);
    assert_eq!(value(bulletin, "figures.part * 6"), "617283.5");
}

#[test]
fn a_derived_column_is_rounded_from_the_exact_number() {
    let bulletin = with_score("base / 12 * 6")
        .with_edit(
            "yuebao.toml",
            "header = \"得分\"\nunit = \"分\"\ndecimals = 2",
            "header = \"得分\"\nunit = \"分\"",
        )
        .with_changed("assessment", |table| {
            table.with("C3", 7).without_all(["A3", "A5", "A6", "E3", "E4", "E5", "E6"])
        });
    assert_eq!(value(bulletin, "assessment[\"市公安局\"].score"), "4分");
}

#[test]
fn a_table_is_counted_alone_and_nothing_else() {
    let formulas =
        ["count(operations, operations)", "max(prev(operations))", "sum(operations)", "1 + operations"];
    for formula in formulas {
        let told = with_formula(formula).check().messages();
        assert!(told[0].contains("这是一张表，只能写成 count(表名)"), "{formula}: {told:?}");
    }
}

#[test]
fn rates_are_not_added_up_whatever_else_is_added() {
    let bulletin = with_formula("sum(assessment.base, 0)").with_edit(
        "yuebao.toml",
        "header = \"基本得分\"",
        "header = \"基本得分\"\ntotal = false",
    );
    let told = bulletin.check().messages();
    assert!(told[0].contains("没有合计"), "{told:?}");
}
