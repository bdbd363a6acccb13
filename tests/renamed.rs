//! Departments that were renamed, and are declared as one that left and one that came: past issues stay as they were.

use crate::harness::{Bulletin, Table, printed};
use crate::other_months::{value, with_months};

const SETTINGS: &str = "yuebao.toml";
const REGISTER: &str = "data/departments.toml";
const TEXT: &str = "共办理{{ figures.handled }}，其中窗口受理{{ operations.total.accepted | wan }}。";
const FORMULA: &str = "formula = \"operations.total.accepted + operations.total.mailed\"";
const BOTH: &str = "operations[\"市教育局\"].accepted + operations[\"市审计局\"].accepted";

/// The bulletin of these months, in which the bureau of audit became the bureau of education in a month; each with
/// what it accepted under its name of then.
fn renamed_in(month: &str, months: &[(&str, i32)]) -> Bulletin {
    let others = months.iter().filter(|(month, _)| *month != "2025-07");
    let bulletin = with_months(&others.map(|(month, _)| (*month, 1)).collect::<Vec<_>>());
    let (year, number) = month.split_once('-').unwrap();
    let before = match number.parse::<i32>().unwrap() {
        1 => format!("{}-12", year.parse::<i32>().unwrap() - 1),
        number => format!("{year}-{:02}", number - 1),
    };
    let filled = months.iter().fold(bulletin, |bulletin, (own, accepted)| {
        let name = if *own < month { "市审计局" } else { "市教育局" };
        let table = Table::operations().with("B7", name).with("C7", *accepted).without_row(8);
        bulletin
            .with_file(&format!("data/{own}/operations.xlsx"), table.xlsx())
            .with_file(&format!("data/{own}/assessment.xlsx"), Table::assessment().with("B6", name).xlsx())
    });
    filled
        .with_edit(REGISTER, "name = \"市教育局\"", &format!("name = \"市教育局\"\nsince = \"{month}\""))
        .with_edit(REGISTER, "until = \"2023-12\"", &format!("until = \"{before}\""))
}

/// With the figure of a formula in the text of a month's issue.
fn telling(bulletin: Bulletin, month: &str, formula: &str, text: &str) -> Bulletin {
    let formula = format!("formula = '{formula}'");
    let bulletin = match bulletin.text(SETTINGS).contains(&formula) {
        true => bulletin,
        false => bulletin.with_edit(SETTINGS, FORMULA, &formula),
    };
    bulletin.with_edit(&format!("data/{month}/issue.toml"), TEXT, text)
}

const MONTHS: [(&str, i32); 4] = [("2025-04", 100), ("2025-05", 200), ("2025-06", 300), ("2025-07", 400)];

#[test]
fn a_renamed_department_is_compared_under_both_names() {
    let bulletin = MONTHS.iter().fold(renamed_in("2025-06", &MONTHS), |bulletin, (month, _)| {
        telling(bulletin, month, BOTH, "环比{{ figures.handled | month_on_month }}。")
    });
    for (month, words) in
        [("2025-04", "无可比数据"), ("2025-05", "增长100%"), ("2025-06", "增长50%"), ("2025-07", "增长33.3%")]
    {
        bulletin.run(&["build", month]);
        let text = printed::page_text(bulletin.root(), month);
        assert!(text.contains(&format!("环比{words}。")), "{month}: {text}");
    }
}

#[test]
fn what_was_outside_its_term_counts_for_nothing_beside_a_number() {
    let bulletin = || renamed_in("2025-07", &MONTHS);
    let (new, old) = ("operations[\"市教育局\"].accepted", "operations[\"市审计局\"].accepted");
    for (formula, expected) in [
        (format!("prev({new} + {old})"), "300件"),
        (format!("{new} + {old} - prev({new} + {old})"), "100件"),
        (format!("prev(sum({new}, {old}))"), "300件"),
        (format!("prev(prev({new} + {old}))"), "200件"),
        ("prev(figures.handled)".to_owned(), "21959件"),
        // By itself it is not known, and nothing is taken for growth from nothing.
        (format!("{new} - prev({new})"), "/"),
        (format!("{new} + prev({new})"), "/"),
        (format!("sum({new}, prev({new}))"), "/"),
        (format!("rank({new}) - rank(prev({new}))"), "/"),
        (format!("rank({new}) - prev(rank({new}))"), "/"),
        (format!("share({new}) - share(prev({new}))"), "/"),
        // Nor is the month before last, which is not there.
        (format!("prev(prev(prev(prev({new} + {old}))))"), "/"),
    ] {
        assert_eq!(value(bulletin(), &formula), expected, "{formula}");
    }
}

/// A score that begins with a number of its own is none for a department that has no row.
#[test]
fn a_derived_number_of_a_department_that_was_not_there_is_none() {
    let column = "\n[[table.column]]\nname = \"points\"\nheader = \"分数\"\nunit = \"件\"\n\
                  formula = \"100 + accepted\"\n\n[fonts]\n";
    let bulletin = || renamed_in("2025-07", &MONTHS).with_edit(SETTINGS, "\n[fonts]\n", column);
    let (new, old) = ("operations[\"市教育局\"].points", "operations[\"市审计局\"].points");
    assert_eq!(value(bulletin(), new), "500件");
    assert_eq!(value(bulletin(), old), "/");
    assert_eq!(value(bulletin(), &format!("{new} - prev({new})")), "/");
    assert_eq!(value(bulletin(), &format!("{new} + {old} - prev({new} + {old})")), "100件");
}

#[test]
fn a_name_that_was_not_in_use_all_year_leaves_nothing_out() {
    let both = "ytd(operations[\"市教育局\"].accepted) + ytd(operations[\"市审计局\"].accepted)";
    let months = [("2024-01", 100), ("2025-01", 200)];
    for month in ["2024-01", "2025-01"] {
        let bulletin = telling(renamed_in("2025-01", &months), month, both, "累计{{ figures.handled }}。");
        let told = bulletin.run(&["--format", "json", "check", month]).answer().messages();
        assert!(!told.iter().any(|told| told.contains("累计没有计入")), "{month}: {told:?}");
    }
    // Where neither has all months, the one that was never there makes up for nothing.
    let all = [1, 2, 3, 4, 5, 6, 7].map(|month| format!("2025-0{month}"));
    let all: Vec<(&str, i32)> = all.iter().map(|month| (month.as_str(), 100)).collect();
    let part = renamed_in("2025-03", &all).with_edit(REGISTER, "until = \"2025-02\"", "until = \"2024-12\"");
    let part = ["2025-01", "2025-02"].iter().fold(part, |bulletin, month| {
        let table = Table::operations().without_row(7).without_row(8);
        bulletin.with_file(&format!("data/{month}/operations.xlsx"), table.xlsx())
    });
    let told = telling(part, "2025-07", both, "累计{{ figures.handled }}。").check().messages();
    assert!(told.iter().any(|told| told.contains("累计没有计入 2025-01、2025-02：")), "{told:?}");
}

#[test]
fn only_a_month_that_is_not_there_keeps_a_year_from_being_known() {
    let both = "ytd(operations[\"市教育局\"].accepted) + ytd(operations[\"市审计局\"].accepted)";
    let months =
        [("2025-01", 1), ("2025-02", 1), ("2025-03", 1), ("2025-05", 1), ("2025-06", 1), ("2025-07", 1)];
    let bulletin = renamed_in("2025-03", &months);
    let told = telling(bulletin, "2025-07", both, "累计{{ figures.handled }}。").check();
    assert_eq!(told.messages()[0], "Y0503 figures.handled 没有数（没有 2025-04 的数据），不能写进正文");
    assert_eq!(told.hints()[0], "请补上或改正那一期的数据，或改写这句话");
}

/// What has begun since is no change of what was there before.
#[test]
fn what_began_since_passes_for_no_growth() {
    let bulletin = || renamed_in("2025-07", &MONTHS);
    let (new, other) = ("operations[\"市教育局\"].accepted", "operations[\"市公安局\"].accepted");
    let both = format!("{new} + {other}");
    for formula in [
        format!("{both} - prev({both})"),
        format!("prev({both})"),
        format!("100 - {new} - prev(100 - {new})"),
        format!("prev(100 - {new} / 1)"),
    ] {
        assert_eq!(value(bulletin(), &formula), "/", "{formula}");
    }
    for formula in [both, format!("100 + {new}")] {
        let told = telling(bulletin(), "2025-07", &formula, "环比{{ figures.handled | month_on_month }}。");
        told.run(&["build", "2025-07"]);
        let text = printed::page_text(told.root(), "2025-07");
        assert!(text.contains("环比无可比数据。"), "{formula}: {text}");
    }
}
