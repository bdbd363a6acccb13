//! Years to date: which months they add up, of whom, and what is told of those they leave out.

use crate::harness::{Bulletin, Table};
use crate::other_months::{value, with_months};

const ISSUE: &str = "data/2025-07/issue.toml";
const REGISTER: &str = "data/departments.toml";
const FIRST_HALF: [&str; 6] = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"];

/// The bulletin with the six months before, in each of which the police bureau accepted so many.
fn first_half(accepted: i32) -> Bulletin {
    with_months(&FIRST_HALF.map(|month| (month, accepted)))
}

/// The bulletin in which every month's table of operations reports on two months before.
fn lagging(months: &[(&str, i32)]) -> Bulletin {
    let two_before = |month: &str| {
        let (year, number) = month.split_once('-').unwrap();
        let (year, number): (i32, i32) = (year.parse().unwrap(), number.parse().unwrap());
        match number {
            ..=2 => format!("{}-{:02}", year - 1, number + 10),
            _ => format!("{year}-{:02}", number - 2),
        }
    };
    let all = months.iter().map(|(month, _)| *month).chain(["2025-07"]);
    all.fold(with_months(months), |bulletin, month| {
        let periods = format!("[periods]\noperations = \"{}\"\n\n[values.calls]", two_before(month));
        bulletin.with_edit(&format!("data/{month}/issue.toml"), "[values.calls]", &periods)
    })
}

#[test]
fn a_table_that_lags_is_added_up_over_the_year_that_it_reports_on() {
    let months: Vec<(&str, i32)> = FIRST_HALF.into_iter().zip([1, 10, 100, 1_000, 10_000, 100_000]).collect();
    // July's issue holds May: the year begins with the issue of March.
    assert_eq!(value(lagging(&months), "ytd(operations[\"公安局\"].accepted)"), "131437件");
    assert_eq!(value(lagging(&months), "prev(ytd(operations[\"公安局\"].accepted))"), "111100件");
    let explained = lagging(&months).with_edit(
        "yuebao.toml",
        "operations.total.accepted + operations.total.mailed",
        "ytd(operations.total.accepted)",
    );
    explained.build();
    let told = explained.run(&["explain", "2025-07", "figures.handled"]).done();
    assert!(told.stdout.contains("ytd") && told.stdout.contains("@2025-03..2025-07"), "{}", told.stdout);
}

#[test]
fn a_department_counts_from_when_it_came_to_when_it_went() {
    let bulletin = || {
        let without = Table::operations().without_row(7).without_row(8).xlsx();
        let early = FIRST_HALF[..4].iter().fold(first_half(100), |bulletin, month| {
            bulletin.with_file(&format!("data/{month}/operations.xlsx"), without.clone())
        });
        early.with_edit(REGISTER, "name = \"市教育局\"", "name = \"市教育局\"\nsince = \"2025-05\"")
    };
    // 1280 in each of May, June and July.
    assert_eq!(value(bulletin(), "ytd(operations[\"市教育局\"].accepted)"), "3840件");
    let text = "累计{{ figures.handled }}";
    let told = bulletin()
        .with_edit(
            "yuebao.toml",
            "operations.total.accepted + operations.total.mailed",
            "ytd(operations['市教育局'].accepted)",
        )
        .with_edit(ISSUE, "共办理{{ figures.handled }}", text)
        .check();
    assert_eq!(
        told.messages(),
        ["Y0512 figures.handled 的累计没有计入 2025-01、2025-02、2025-03、2025-04：当时不在统计期内"]
    );
}

#[test]
fn the_years_of_a_renamed_department_under_both_names_add_up() {
    // The bureau of audit became the bureau of education in May.
    let bulletin = || {
        let former = Table::operations().with("B7", "市审计局").xlsx();
        let early = FIRST_HALF[..4].iter().fold(first_half(100), |bulletin, month| {
            bulletin.with_file(&format!("data/{month}/operations.xlsx"), former.clone())
        });
        early
            .with_edit(REGISTER, "name = \"市教育局\"", "name = \"市教育局\"\nsince = \"2025-05\"")
            .with_edit(REGISTER, "until = \"2023-12\"", "until = \"2025-04\"")
    };
    let formula = "ytd(operations[\"市教育局\"].accepted) + ytd(operations[\"市审计局\"].accepted)";
    assert_eq!(value(bulletin(), formula), "8960件");
    assert_eq!(value(bulletin(), "ytd(operations[\"市审计局\"].accepted)"), "5120件");
    let told = bulletin().with_edit(
        "yuebao.toml",
        "\"operations.total.accepted + operations.total.mailed\"",
        &format!("'{formula}'"),
    );
    let told = told.with_edit(ISSUE, "共办理{{ figures.handled }}", "累计{{ figures.handled }}").check();
    told.is_clean();
}

#[test]
fn a_check_on_a_department_that_left_still_speaks() {
    let check = "[[check]]\nname = \"never\"\n\
                 formula = 'ytd(operations[\"市审计局\"].accepted) + operations[\"公安局\"].accepted < 0'\n\
                 message = \"不对\"\nseverity = \"error\"\n\n[[table]]\nname = \"assessment\"";
    let bulletin = first_half(20337).with_edit("yuebao.toml", "[[table]]\nname = \"assessment\"", check);
    let told = bulletin.check().messages();
    assert!(told.len() == 1 && told[0].starts_with("Y0411"), "{told:?}");
}

#[test]
fn months_entered_in_different_units_are_not_added_up() {
    let bulletin =
        first_half(20337).with_edit("data/2025-03/issue.toml", "unit = \"人次\"", "unit = \"万人次\"");
    assert_eq!(value(bulletin, "ytd(values.calls)"), "Y0405 算式有误：单位不同，不能累计：人次 和 万人次");
}

#[test]
fn a_number_of_a_department_outside_its_time_counts_where_it_was_entered() {
    // The bureau of education began in June, but answered in May already, which was told then.
    let without = Table::operations().without_row(7).without_row(8).xlsx();
    let early = FIRST_HALF[..4].iter().fold(first_half(100), |bulletin, month| {
        bulletin.with_file(&format!("data/{month}/operations.xlsx"), without.clone())
    });
    let bulletin =
        early.with_edit(REGISTER, "name = \"市教育局\"", "name = \"市教育局\"\nsince = \"2025-06\"");
    assert_eq!(value(bulletin, "ytd(operations[\"市教育局\"].accepted)"), "3840件");
}

#[test]
fn only_a_predecessor_makes_up_for_the_months_before_a_department_came() {
    let bulletin = |formula: &str| {
        let without = Table::operations().without_row(7).without_row(8).xlsx();
        let early = FIRST_HALF[..4].iter().fold(first_half(100), |bulletin, month| {
            bulletin.with_file(&format!("data/{month}/operations.xlsx"), without.clone())
        });
        early
            .with_edit(REGISTER, "name = \"市教育局\"", "name = \"市教育局\"\nsince = \"2025-05\"")
            .with_edit("yuebao.toml", "operations.total.accepted + operations.total.mailed", formula)
            .with_edit(ISSUE, "共办理{{ figures.handled }}", "占{{ figures.handled | percent }}")
    };
    let own = "ytd(operations['市教育局'].accepted)";
    for other in ["ytd(operations.total.accepted)", "ytd(operations['公安局'].accepted)"] {
        let told = bulletin(&format!("{own} / {other}")).check().messages();
        assert!(told.len() == 1 && told[0].starts_with("Y0512"), "{other}: {told:?}");
    }
}

#[test]
fn many_figures_made_of_each_other_are_looked_through_once() {
    let figures = (2..60).fold(String::new(), |text, index| {
        let (one, two) = (index - 1, index - 2);
        text + &format!(
            "[[figure]]\nname = \"d{index}\"\nformula = \"figures.d{one} + 0 * figures.d{two}\"\n\n"
        )
    });
    let first = "[[figure]]\nname = \"d0\"\nformula = \"figures.handled\"\n\n\
                 [[figure]]\nname = \"d1\"\nformula = \"figures.handled\"\n\n";
    Bulletin::new()
        .with_edit(
            "yuebao.toml",
            "[[table]]\nname = \"assessment\"",
            &format!("{first}{figures}[[table]]\nname = \"assessment\""),
        )
        .with_edit(ISSUE, "共办理{{ figures.handled }}", "共{{ figures.d59 }}")
        .check()
        .is_clean();
}
