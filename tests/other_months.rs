//! Formulas and texts that look at other months: the month before, the year before, the year so far.

use crate::harness::{Bulletin, Table, printed};

const TEXT: &str = "接待咨询{{ values.calls }}。";
const ISSUE: &str = "data/2025-07/issue.toml";

/// The operations of a month in which the police bureau accepted so many.
fn accepted(number: i32) -> Vec<u8> {
    Table::operations().with("C4", number).without_row(8).xlsx()
}

/// The bulletin with these months, each with what the police bureau accepted.
pub fn with_months(months: &[(&str, i32)]) -> Bulletin {
    // The department that left must not be missed in months long past.
    let always =
        Bulletin::new().with_edit("data/departments.toml", "until = \"2024-12\"", "until = \"2023-12\"");
    months.iter().fold(always, |bulletin, (month, number)| {
        bulletin.with_month(month).with_file(&format!("data/{month}/operations.xlsx"), accepted(*number))
    })
}

/// The value of a named figure of this formula, or its finding.
pub fn value(bulletin: Bulletin, formula: &str) -> String {
    let bulletin = bulletin.with_edit(
        "yuebao.toml",
        "[[table]]\nname = \"assessment\"",
        &format!("[[figure]]\nname = \"x\"\nformula = '{formula}'\n\n[[table]]\nname = \"assessment\""),
    );
    let outcome = bulletin.run(&["--format", "json", "figures", "2025-07"]);
    let json = outcome.json();
    let figures = json["figures"].as_array().cloned().unwrap_or_default();
    match figures.iter().find(|figure| figure["id"] == "figures.x") {
        Some(figure) => match (figure["value"].as_str(), figure["unit"].as_str()) {
            (Some(value), unit) => format!("{value}{}", unit.unwrap_or_default()),
            (None, _) => "/".to_owned(),
        },
        None => outcome.answer().messages().join("\n"),
    }
}

#[test]
fn a_text_that_lacks_another_months_figure_names_the_month() {
    let figure = "[[figure]]\nname = \"x\"\nformula = 'ytd(operations.total.accepted)'\n\n\
                  [[table]]\nname = \"assessment\"";
    let all = ["2025-01", "2025-02", "2025-03", "2025-05"].map(|month| (month, 1));
    let bulletin = with_months(&all)
        .with_edit("yuebao.toml", "[[table]]\nname = \"assessment\"", figure)
        .with_edit(ISSUE, TEXT, "今年累计{{ figures.x }}。");
    assert_eq!(
        bulletin.check().messages()[0],
        "Y0503 figures.x 没有数（没有 2025-04 的数据；没有 2025-06 的数据），不能写进正文"
    );
}

#[test]
fn formulas_look_at_other_months() {
    let bulletin = || with_months(&[("2025-06", 100), ("2025-05", 200), ("2024-07", 30)]);
    let police = "operations[\"公安局\"].accepted";
    for (formula, expected) in [
        ("prev(operations[\"公安局\"].accepted)", "100件"),
        ("prev(prev(operations[\"公安局\"].accepted))", "200件"),
        ("year_ago(operations[\"公安局\"].accepted)", "30件"),
        ("prev(operations.total.accepted)", "2646件"),
        (
            "(operations.total.accepted - prev(operations.total.accepted)) / prev(operations.total.accepted)",
            "7.6481481481481481481481481481",
        ),
        ("prev(figures.handled)", "2702件"),
        ("prev(share(operations[\"公安局\"].accepted)) - 100 / 2646", "0"),
        ("prev(rank(operations[\"公安局\"].accepted))", "4"),
        ("rank(operations[\"公安局\"].accepted)", "1"),
        ("max(prev(operations.accepted))", "1280件"),
        ("prev(assessment[\"公安局\"].score)", "99.5分"),
        ("prev(assessment[\"民政局\"].rank)", "1"),
        ("prev(values.calls)", "356人次"),
        ("prev(count(operations))", "4"),
    ] {
        assert_eq!(value(bulletin(), formula), expected, "{formula}");
    }
    assert_eq!(value(bulletin(), police), "20337件");
}

#[test]
fn a_month_that_is_not_there_gives_nothing() {
    for formula in [
        "prev(figures.handled)",
        "year_ago(operations.total.mailed)",
        "max(prev(operations.accepted))",
        "ytd(figures.handled)",
    ] {
        assert_eq!(value(Bulletin::new(), formula), "/", "{formula}");
    }
    // It never counts as zero: neither in a sum, nor in a difference, nor among others.
    for formula in [
        "figures.handled + prev(figures.handled)",
        "figures.handled - prev(figures.handled)",
        "figures.handled / prev(figures.handled)",
        "sum(figures.handled, prev(figures.handled))",
        "avg(figures.handled, prev(figures.handled))",
        "count(prev(operations.accepted))",
        "prev(figures.handled) * 2 + figures.handled",
        "figures.handled - prev(operations[\"公安局\"].accepted)",
    ] {
        assert_eq!(value(Bulletin::new(), formula), "/", "{formula}");
    }
}

#[test]
fn a_text_that_lacks_a_month_for_a_difference_is_an_error_with_the_reason() {
    let bulletin = Bulletin::new()
        .with_edit(
            "yuebao.toml",
            "operations.total.accepted + operations.total.mailed",
            "operations.total.accepted - prev(operations.total.accepted)",
        )
        .with_edit(ISSUE, "共办理{{ figures.handled }}", "比上月增加{{ figures.handled }}");
    assert_eq!(
        bulletin.check().messages(),
        ["Y0503 figures.handled 没有数（没有 2025-06 的数据），不能写进正文"]
    );
}

#[test]
fn a_new_department_has_no_difference_from_the_month_before_it_came() {
    let bulletin = with_months(&[("2025-06", 100)])
        .with_file("data/2025-06/operations.xlsx", Table::operations().without_row(7).without_row(8).xlsx())
        .with_edit(
            "data/departments.toml",
            "name = \"市教育局\"",
            "name = \"市教育局\"\nsince = \"2025-07\"",
        );
    let difference = |name: &str| {
        let cell = format!("operations[\"{name}\"].accepted");
        format!("{cell} - prev({cell})")
    };
    let lists = |bulletin: Bulletin, name: &str| value(bulletin, &difference(name));
    assert_eq!(lists(bulletin, "市教育局"), "/");
}

#[test]
fn checks_decide_nothing_where_a_month_is_not_there() {
    let check = "[[check]]\nname = \"drop\"\nformula = 'accepted - prev(accepted) < 1000'\n\
                 message = \"比上月多得多\"\ntable = \"operations\"\n\n[[table]]\nname = \"assessment\"";
    let bulletin = Bulletin::new().with_edit("yuebao.toml", "[[table]]\nname = \"assessment\"", check);
    bulletin.check().is_clean();
}

#[test]
fn a_past_month_whose_own_total_is_wrong_is_not_compared_with() {
    let bulletin = with_months(&[("2025-06", 100)])
        .with_file("data/2025-06/operations.xlsx", Table::operations().with("C8", 1).xlsx())
        .with_edit(ISSUE, TEXT, "比上月{{ figures.handled | month_on_month }}。");
    assert_eq!(bulletin.check().findings(), ["Y0407 data/2025-06", "Y0510 issue.toml:13:7"]);
}

/// A bulletin whose text compares with the month before and adds up the year.
fn looking_back() -> Bulletin {
    let figure = "[[figure]]\nname = \"x\"\nformula = 'ytd(operations.total.accepted)'\n\n\
                  [[table]]\nname = \"assessment\"";
    let months = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"];
    with_months(&months.map(|month| (month, 20000)))
        .with_edit("yuebao.toml", "[[table]]\nname = \"assessment\"", figure)
        .with_edit(ISSUE, TEXT, "比上月{{ figures.handled | month_on_month }}。")
}

#[track_caller]
fn assert_last_month_gives_nothing(bulletin: &Bulletin, reason: &str) {
    let answer = bulletin.check();
    assert_eq!(answer.findings(), ["Y0407 data/2025-06", "Y0510 issue.toml:13:7"]);
    let told = format!("Y0407 2025-06 一期的表 operations {reason}，与它比较的数都作为没有");
    assert_eq!(answer.messages()[0], told);
    let json = bulletin.run(&["--format", "json", "figures", "2025-07"]).json();
    let figures = json["figures"].as_array().unwrap();
    assert!(figures.iter().find(|it| it["id"] == "figures.x").unwrap()["value"].is_null());
}

/// Which month a table reports on stands in issue.toml: where that cannot be told, it may be any.
#[test]
fn a_past_month_without_a_sound_issue_file_is_not_compared_with() {
    const PAST: &str = "data/2025-06/issue.toml";
    looking_back().check().is_clean();
    let faulty = |addition: &str| looking_back().with_addition(PAST, addition);
    for past in [
        faulty("x = “\n"),
        faulty("\n[periods]\noperations = \"1999-13\"\n"),
        faulty("\n[periods]\noperation = \"1999-12\"\n"),
        faulty("\n[period]\noperations = \"1999-12\"\n"),
        looking_back().with_edit(PAST, "number = 6\n", ""),
        looking_back().with_file(PAST, b"number = 6 # \xFF"),
        looking_back().without_file(PAST),
    ] {
        assert_last_month_gives_nothing(&past, "不知报的是哪个月（issue.toml 没有或有错误）");
    }
}

/// Beside answers the workbook is a blank one, of which a sum over the year would make nothing.
#[test]
fn a_past_month_whose_answers_are_not_all_there_is_not_compared_with() {
    let record = "[[answer]]\ndepartment = \"市公安局\"\ntables = [\"operations\"]\n\
                  file = \"1.xlsx\"\nreceived = \"1.xlsx\"\nblake3 = \"0\"\n";
    for record in [record, "x = “\n"] {
        let past = looking_back().with_file("data/2025-06/answers/answers.toml", record);
        assert_last_month_gives_nothing(&past, "有错误或读不出来");
    }
}

#[test]
fn numbers_entered_in_different_units_are_not_compared() {
    let bulletin = with_months(&[("2025-06", 20337)])
        .with_edit("data/2025-06/issue.toml", "unit = \"人次\"", "unit = \"万人次\"")
        .with_edit(ISSUE, TEXT, "接待咨询{{ values.calls | month_on_month }}。");
    assert_eq!(bulletin.check().messages(), ["Y0503 values.calls 的单位是“人次”，与它比较的数是“万人次”"]);
}

#[test]
fn the_year_to_date_adds_up_before_it_computes() {
    let months: Vec<(String, i32)> = (1..=6).map(|month| (format!("2025-0{month}"), 1000 * month)).collect();
    let months: Vec<(&str, i32)> = months.iter().map(|(month, number)| (month.as_str(), *number)).collect();
    let bulletin = || with_months(&months);
    assert_eq!(value(bulletin(), "ytd(operations[\"公安局\"].accepted)"), "41337件");
    // 21000 + 20337 of the police, 7 × 2546 of the others; the ratio is that of the sums.
    assert_eq!(value(bulletin(), "ytd(share(operations[\"公安局\"].accepted)) - 41337 / 59159"), "0");
    assert_eq!(value(bulletin(), "prev(ytd(operations[\"公安局\"].accepted))"), "21000件");
    assert_eq!(value(bulletin(), "ytd(sum(operations.accepted)) - ytd(operations.total.accepted)"), "0件");
    // One month is missing: a sum with a hole is not printed.
    let incomplete = with_months(&months[1..]);
    assert_eq!(value(incomplete, "ytd(figures.handled)"), "/");
}

#[test]
fn the_trail_leads_into_the_other_month() {
    let bulletin = with_months(&[("2025-06", 20000)]).with_edit(
        ISSUE,
        TEXT,
        "共{{ operations.total.accepted | month_on_month }}。",
    );
    bulletin.build().is_clean();
    let told = bulletin.run(&["explain", "2025-07", "month_on_month(operations.total.accepted)"]).done();
    insta::assert_snapshot!(told.stdout, @r#"
    month_on_month(operations.total.accepted) = 0.0149472190188947041603832165，印作 增长1.5%（第 1 页）  ← 变化率，operations.total.accepted 比 operations.total.accepted@2025-06
       增长1.5%：0.0149472190188947041603832165 × 100 = 1.49472190188947041603832165，四舍五入
    ├─ operations.total.accepted = 22883件，印作 22883（第 3 页）、2.29万件（第 1 页）  ← 4 个数相加
    │     2.29万件：22883 ÷ 10000 = 2.2883，四舍五入
    │  ├─ operations["市公安局"].accepted = 20337件，印作 20337（第 3 页）  ← data/2025-07/operations.xlsx 办件!C4
    │  ├─ operations["市民政局"].accepted = 864件，印作 864（第 3 页）  ← data/2025-07/operations.xlsx 办件!C5
    │  ├─ operations["市司法局"].accepted = 402件，印作 402（第 3 页）  ← data/2025-07/operations.xlsx 办件!C6
    │  └─ operations["市教育局"].accepted = 1280件，印作 1280（第 3 页）  ← data/2025-07/operations.xlsx 办件!C7
    └─ operations.total.accepted@2025-06 = 22546件  ← 4 个数相加
       ├─ operations["市公安局"].accepted@2025-06 = 20000件  ← data/2025-06/operations.xlsx 办件!C4
       ├─ operations["市民政局"].accepted@2025-06 = 864件  ← data/2025-06/operations.xlsx 办件!C5
       ├─ operations["市司法局"].accepted@2025-06 = 402件  ← data/2025-06/operations.xlsx 办件!C6
       └─ operations["市教育局"].accepted@2025-06 = 1280件  ← data/2025-06/operations.xlsx 办件!C7
    "#);
}

#[test]
fn changes_are_put_into_words() {
    for (before, expression, words) in [
        (100, "operations[\"公安局\"].accepted | month_on_month", "增长20237%"),
        (20337, "operations.total.accepted | month_on_month", "持平"),
        (30000, "operations[\"公安局\"].accepted | month_on_month(2)", "下降32.21%"),
        (0, "operations[\"公安局\"].accepted | month_on_month", "增加20337件（上月为0）"),
        (20336, "operations.total.accepted | month_on_month", "基本持平"),
    ] {
        let bulletin = with_months(&[("2025-06", before)]).with_edit(
            ISSUE,
            TEXT,
            &format!("比上月{{{{ {expression} }}}}。"),
        );
        bulletin.run(&["build", "2025-07"]).done();
        let text = printed::page_text(bulletin.root(), "2025-07");
        assert!(text.contains(&format!("比上月{words}。")), "{expression}: {text}");
    }
}

#[test]
fn nothing_to_compare_with_is_worded_and_told() {
    let bulletin =
        Bulletin::new().with_edit(ISSUE, TEXT, "与上年同月相比{{ figures.handled | year_on_year }}。");
    assert_eq!(bulletin.build().findings(), ["Y0510 issue.toml:13:11"]);
    let text = printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("与上年同月相比无可比数据。"), "{text}");
}

#[test]
fn departments_are_listed_by_their_numbers() {
    for (expression, words) in [
        ("operations.accepted | top(3)", "市公安局、市教育局、市民政局"),
        ("operations.mailed | bottom(2)", "市公安局、市教育局"),
        ("operations.mailed | top_with_figures(1)", "市司法局（25件）"),
        ("operations[\"市教育局\"].accepted | wan", "0.13万件"),
        ("assessment[\"市教育局\"].rank | ordinal", "第四"),
    ] {
        let bulletin = Bulletin::new().with_edit(ISSUE, TEXT, &format!("依次为{{{{ {expression} }}}}。"));
        bulletin.build().is_clean();
        let text = printed::page_text(bulletin.root(), "2025-07");
        assert!(text.contains(&format!("依次为{words}。")), "{expression}: {text}");
    }
}

#[test]
fn a_tables_title_compares_and_lists_as_texts_do() {
    let title = "title = \"{{ period.month }}月办件情况\"";
    let bulletin = with_months(&[("2025-06", 20000)]).with_edit(
        "yuebao.toml",
        title,
        "title = \"办件（{{ operations.accepted | top(2) }}，{{ operations.total.accepted | month_on_month }}）\"",
    );
    bulletin.run(&["build", "2025-07"]).done();
    let names: Vec<String> =
        bulletin.run(&["figures", "2025-07", "--format", "json"]).done().json()["figures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|figure| figure["id"].as_str().unwrap().to_owned())
            .collect();
    for name in ["rank(operations[\"市公安局\"].accepted)", "month_on_month(operations.total.accepted)"] {
        assert!(names.iter().any(|id| id == name), "{name} in {names:?}");
    }
}

#[test]
fn a_list_from_a_table_that_is_not_there_is_not_reported_again() {
    let bulletin = Bulletin::new()
        .with_edit(ISSUE, TEXT, "依次为{{ operations.accepted | top(3) }}。")
        .with_file("data/2025-07/operations.xlsx", "");
    assert_eq!(bulletin.check().findings(), ["Y0201 operations.xlsx"]);
}

#[test]
fn a_tie_that_lists_more_departments_is_told() {
    let bulletin = Bulletin::new().with_edit(ISSUE, TEXT, "第一名是{{ assessment.score | top(1) }}。");
    let answer = bulletin.build();
    assert_eq!(answer.messages(), ["Y0511 assessment.score 有并列，列出了 2 个部门，不是 1 个"]);
    let text = printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("第一名是市公安局、市民政局。"), "{text}");
}

#[test]
fn a_form_that_does_not_suit_is_refused() {
    for (expression, message) in [
        ("operations.accepted", "Y0503 operations.accepted 是一整列，不是一个数"),
        ("operations.accepted | wan", "Y0503 operations.accepted 是一整列，不能用 wan 这种写法"),
        ("operations.accepted | top", "Y0502 top 的括号里应为部门的个数"),
        ("operations.accepted | top(9)", "Y0503 operations.accepted 只有 4 个部门有数，不够 9 个"),
        ("figures.handled | top(2)", "Y0503 figures.handled 是一个数，列不出部门"),
        ("values.money | wan", "Y0503 values.money 的单位已经是“万元”，不能再用 wan 这种写法"),
        ("values.money | yi", "Y0503 values.money 的单位已经是“万元”，不能再用 yi 这种写法"),
        ("figures.handled | points", "Y0503 figures.handled 的单位不是百分数，不能印成百分点"),
        ("figures.handled | month_on_month_points", "Y0503 figures.handled 的单位不是百分数，不能比较百分点"),
        (
            "assessment[\"公安局\"].score | ordinal",
            "Y0503 assessment[\"市公安局\"].score 不是名次，不能印成“第几”",
        ),
    ] {
        let money = "[values.money]\nvalue = 57105\nunit = \"万元\"\nsource = \"财务\"\n\n[values.calls]";
        let bulletin = Bulletin::new().with_edit(ISSUE, "[values.calls]", money);
        let answer = bulletin.with_edit(ISSUE, TEXT, &format!("甲{{{{ {expression} }}}}乙")).check();
        assert_eq!(answer.messages(), [message], "{expression}");
    }
}

#[test]
fn a_past_month_with_errors_is_not_compared_with_and_told() {
    let bulletin = with_months(&[("2025-06", 100)])
        .with_file("data/2025-06/operations.xlsx", Table::operations().with("C4", "约100").xlsx())
        .with_edit(ISSUE, TEXT, "比上月{{ figures.handled | month_on_month }}。");
    assert_eq!(bulletin.check().findings(), ["Y0407 data/2025-06", "Y0510 issue.toml:13:7"]);
}

#[test]
fn a_column_that_needs_another_month_is_held_against_nothing_where_there_is_none() {
    let column = "\n[[table.column]]\nname = \"grown\"\nheader = \"比上月增减\"\nunit = \"件\"\nnegative = true\n\
                  formula = \"accepted - prev(accepted)\"\n\n[fonts]";
    for entered in ["3", "/"] {
        let filled = |table: Table| {
            (4..8).fold(table, |table, row| table.with(&format!("F{row}"), entered)).with("F2", "比上月增减")
        };
        let bulletin =
            Bulletin::new().with_changed("operations", filled).with_edit("yuebao.toml", "\n[fonts]", column);
        assert!(bulletin.check().messages().iter().all(|told| !told.contains("Y0402")), "{entered}");
    }
}
