//! Months that are not there: nobody is ranked or listed among numbers of which some are unknown.

use crate::harness::{Bulletin, Table};
use crate::other_months::{value, with_months};

const SETTINGS: &str = "yuebao.toml";
const ISSUE: &str = "data/2025-07/issue.toml";
const TEXT: &str = "共办理{{ figures.handled }}";
const ASSESSMENT: &str = "[[table]]\nname = \"assessment\"";

/// The bulletin without January, in which the bureau of education, the smallest, began in May.
fn without_january() -> Bulletin {
    let months = ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06"].map(|month| (month, 20337));
    let without = Table::operations().without_row(7).without_row(8).xlsx();
    let early = months[..3].iter().fold(with_months(&months), |bulletin, (month, _)| {
        bulletin.with_file(&format!("data/{month}/operations.xlsx"), without.clone())
    });
    early.with_edit(
        "data/departments.toml",
        "name = \"市教育局\"",
        "name = \"市教育局\"\nsince = \"2025-05\"",
    )
}

/// The same with a column of the numbers of the year so far.
fn with_years_to_date(ranking: &str) -> Bulletin {
    let column = "\n[[table.column]]\nname = \"cum\"\nheader = \"累计\"\nunit = \"件\"\nformula = \"ytd(accepted)\"\n\
                  \n[[table.column]]\nname = \"place\"\nheader = \"位次\"\nformula = \"rank(ytd(accepted))\"\n\
                  \n[fonts]\n";
    without_january().with_edit(SETTINGS, "\n[fonts]\n", column).with_edit(
        SETTINGS,
        "name = \"operations\"",
        &format!("name = \"operations\"\n{ranking}"),
    )
}

#[test]
fn nobody_is_ranked_where_some_numbers_are_unknown() {
    let rank = "rank(ytd(operations[\"市教育局\"].accepted))";
    assert_eq!(value(without_january(), "ytd(operations[\"市教育局\"].accepted)"), "3840件");
    assert_eq!(value(without_january(), rank), "/");
    assert_eq!(value(with_years_to_date(""), "operations[\"市教育局\"].cum"), "3840件");
    assert_eq!(value(with_years_to_date(""), "operations[\"市教育局\"].place"), "/");
    assert_eq!(value(with_years_to_date(""), "rank(operations[\"市教育局\"].cum)"), "/");
    // With January the bureau of justice alone has less.
    let complete = || {
        without_january().with_month("2025-01").with_file(
            "data/2025-01/operations.xlsx",
            Table::operations().without_row(7).without_row(8).xlsx(),
        )
    };
    assert_eq!(value(complete(), rank), "3");
    let figure = format!("[[figure]]\nname = \"place\"\nformula = '{rank}'\n\n{ASSESSMENT}");
    let told = without_january()
        .with_edit(SETTINGS, ASSESSMENT, &figure)
        .with_edit(ISSUE, TEXT, "居{{ figures.place | ordinal }}")
        .check();
    assert_eq!(told.messages(), ["Y0503 figures.place 没有数（没有 2025-01 的数据），不能写进正文"]);
    assert_eq!(told.hints()[0], "请补上或改正那一期的数据，或改写这句话");
}

#[test]
fn departments_are_not_listed_where_some_numbers_are_unknown() {
    for form in ["top(1)", "top_with_figures(2)", "bottom(1)"] {
        let told = with_years_to_date("")
            .with_edit(ISSUE, TEXT, &format!("居前的是{{{{ operations.cum | {form} }}}}"))
            .check();
        assert_eq!(
            told.messages(),
            ["Y0503 operations.cum 排不出先后（没有 2025-01 的数据），不能写进正文"],
            "{form}"
        );
    }
}

#[test]
fn a_table_is_not_ranked_by_numbers_of_which_some_are_unknown() {
    let told = with_years_to_date("ranking = \"cum\"").build();
    assert_eq!(told.messages(), ["Y0406 按“累计”排不出名次：没有 2025-01 的数据"]);
    assert_eq!(value(with_years_to_date("ranking = \"cum\""), "operations[\"市教育局\"].rank"), "/");
}

/// A department that came this month has no growth, which keeps nobody else from being ranked by it.
#[test]
fn a_new_department_keeps_nobody_from_being_ranked() {
    let column = "\n[[table.column]]\nname = \"grown\"\nheader = \"增长\"\nunit = \"件\"\nnegative = true\n\
                  formula = \"accepted - prev(accepted)\"\n\n[fonts]\n";
    let bulletin = || {
        with_months(&[("2025-06", 10)])
            .with_file(
                "data/2025-06/operations.xlsx",
                Table::operations().with("C4", 20000).without_row(7).without_row(8).xlsx(),
            )
            .with_edit(
                "data/departments.toml",
                "name = \"市教育局\"",
                "name = \"市教育局\"\nsince = \"2025-07\"",
            )
            .with_edit(SETTINGS, "\n[fonts]\n", column)
    };
    assert_eq!(value(bulletin(), "rank(operations[\"公安局\"].grown)"), "1");
    assert_eq!(value(bulletin(), "operations[\"市教育局\"].grown"), "/");
    assert_eq!(value(bulletin(), "rank(operations[\"市教育局\"].grown)"), "/");
    let listed = bulletin().with_edit(ISSUE, TEXT, "增长最多的是{{ operations.grown | top(1) }}").check();
    listed.is_clean();
}
