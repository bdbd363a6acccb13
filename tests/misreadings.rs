//! Sheets that a hasty reader would misread: each is read rightly or reported, never printed wrong.

use crate::harness::{Bulletin, Table, formatted, percentage, workbook};

fn with_operations(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("operations", change)
}

#[test]
fn last_months_sheet_is_not_read_because_this_months_header_was_changed() {
    let current = Table::operations().with("E2", "邮寄件");
    let last = Table::operations().named("上月");
    let bytes = workbook(&[&current, &last]);
    let answer = Bulletin::new().with_table_file("operations", "operations.xlsx", bytes).check();
    assert_eq!(answer.findings(), ["Y0302 operations.xlsx 上月!A2"]);
}

#[test]
fn a_number_merged_over_two_columns_or_two_rows_is_nobodys() {
    let answer = with_operations(|table| table.without("D5").merging("C5:D5")).check();
    assert_eq!(answer.findings(), ["Y0212 operations.xlsx 办件!C5"]);
    let answer = with_operations(|table| table.without("C6").merging("C5:C6")).check();
    assert_eq!(answer.findings(), ["Y0212 operations.xlsx 办件!C5"]);
}

#[test]
fn blank_cells_that_are_merged_are_missed_too() {
    let answer =
        with_operations(|table| table.without_row(8).without("E4").without("E5").merging("E4:E5")).check();
    assert_eq!(answer.messages(), ["Y0210 “邮寄量（件）”漏填，将印作“/”"]);
    assert_eq!(answer.findings(), ["Y0210 operations.xlsx 办件!E4"]);
}

#[test]
fn whoever_signs_the_table_may_leave_a_telephone_number() {
    for signature in [
        ["填表人：张三", "", "", "联系电话", "13800000000"],
        ["填表人：", "张三", "联系电话：", "13800000000", ""],
        ["", "联系电话：", "13800000000", "", ""],
        ["", "制表：李四", "2025", "", ""],
    ] {
        with_operations(|table| table.row(10, signature)).check().is_clean();
    }
    // A department that only begins so is one.
    let told = with_operations(|table| table.row(9, ["5", "审核中心", "1", "1", "1"])).check();
    assert!(told.messages()[0].contains("审核中心"), "{:?}", told.messages());
}

#[test]
fn a_mark_merged_over_several_columns_says_that_there_is_none_of_these_works() {
    let bulletin =
        with_operations(|table| table.with("C5", "/").without("D5").merging("C5:D5").without_row(8));
    bulletin.check().is_clean();
}

#[test]
fn footnotes_and_line_breaks_do_not_become_digits() {
    for written in ["11①", "5²", "12\n30", "1 0"] {
        let answer = with_operations(|table| table.with("C5", written)).check();
        assert_eq!(answer.findings(), ["Y0203 operations.xlsx 办件!C5"], "{written}");
    }
}

#[test]
fn a_row_without_a_name_is_told_though_its_numbers_are_text() {
    let answer =
        with_operations(|table| table.without_row(8).with("C8", "1,000").with("D8", "1,000")).check();
    assert!(
        answer.findings().contains(&"Y0310 operations.xlsx 办件!B8".to_owned()),
        "{:?}",
        answer.findings()
    );
}

#[test]
fn formulas_filled_down_below_the_table_are_no_departments() {
    let prefilled = |table: Table| {
        (9..40).fold(table, |table, row| table.row(row, [&row.to_string(), "", "0", "0", "0"]))
    };
    with_operations(prefilled).check().is_clean();
}

#[test]
fn a_title_of_another_month_is_a_warning_at_its_cell() {
    let answer = with_operations(|table| table.with("A1", "2025年6月办件情况")).check();
    assert_eq!(answer.findings(), ["Y0312 operations.xlsx 办件!A1"]);
    with_operations(|table| table.with("A1", "2025年 07 月办件情况（2025年8月填）")).check().is_clean();
}

#[test]
fn a_title_may_name_its_month_in_other_ways() {
    let titled = |title: &str| with_operations(|table| table.with("A1", title)).check();
    for title in [
        "7月份办件情况",
        "七月份办件情况",
        "办件情况（填报日期：2025年8月5日）",
        "2025年7月1日至7月31日",
        "2025-07-01至2025-07-31",
        "2025年度办件情况",
    ] {
        titled(title).is_clean();
    }
    for (title, named) in [
        ("6月份办件情况", "6月"),
        ("十月份办件情况", "10月"),
        ("2024年7月办件情况", "2024年7月"),
        ("2025年6月1日至6月30日", "2025年6月"),
        ("2025年1—7月累计办件情况", "2025年1—7月"),
        ("2025年1—12月累计办件情况", "2025年1—12月"),
        ("统计时间：2025.6.1-2025.6.30", "2025年6月"),
        ("1月至7月办件情况", "1—7月"),
        ("2025年上半年办件情况", "2025年1—6月"),
        ("2025年第二季度办件情况", "2025年4—6月"),
        ("2024年度办件情况", "2024年1—12月"),
        ("统计期：2025.6.1-2025.6.30", "2025年6月"),
    ] {
        let messages = titled(title).messages();
        assert_eq!(messages, [format!("Y0312 标题写的是 {named}，这里要的是 2025年7月的表")], "{title}");
    }
    let cumulative = with_operations(|table| table.with("A1", "2025年1—7月累计办件情况"));
    let (title, accumulated) = ("{{ period.month }}月办件情况", "1至{{ period.month }}月办件情况");
    cumulative.with_edit("yuebao.toml", title, accumulated).check().is_clean();
}

#[test]
fn a_date_above_the_table_names_its_month_unless_it_is_that_of_the_work() {
    // 45809 is the first of June 2025.
    let june = || formatted(45_809.0, "yyyy\"年\"m\"月\"");
    let told = with_operations(|table| table.with("A1", june())).check();
    assert_eq!(told.messages(), ["Y0312 标题写的是 2025年6月，这里要的是 2025年7月的表"]);
    let of_work = with_operations(|table| table.unmerged().with("D1", "填报日期：").with("E1", june()));
    of_work.check().is_clean();
}

#[test]
fn titles_are_not_judged_by_an_issue_file_that_cannot_be_read() {
    let bulletin = Bulletin::new()
        .with_changed("operations", |table| table.with("A1", "2025年6月办件情况"))
        .with_edit("data/2025-07/issue.toml", "number = 7", "number = 0");
    assert_eq!(bulletin.check().findings().len(), 1);
}

#[test]
fn a_score_without_one_of_its_parts_is_not_ranked() {
    let answer = Bulletin::new().with_changed("assessment", |table| table.without("C4")).check();
    assert_eq!(answer.findings(), ["Y0406 assessment.xlsx 考核!C4"]);
}

#[test]
fn a_department_below_the_total_belongs_to_it() {
    let moved = |table: Table| {
        let table = table.without_row(7).without_row(8).row(7, ["", "合计", "21603", "24291", "40"]);
        table.row(8, ["4", "市教育局", "1280", "1235", "16"]).unmerged().merging("C2:D2")
    };
    let answer = with_operations(moved).check();
    assert!(answer.findings().iter().any(|finding| finding.starts_with("Y0401")), "{:?}", answer.findings());
}

#[test]
fn a_total_may_stand_above_and_a_subtotal_above_its_block() {
    let table = Table::new("办件")
        .row(1, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
        .row(2, ["", "", "受理量", "办结量"])
        .row(3, ["", "全省合计（件）", "22883", "25526", "56"])
        .row(4, ["", "小计", "21201", "23893", "15"])
        .row(5, ["1", "市公安局", "20337", "23022", "15"])
        .row(6, ["2", "市民政局", "864", "871", "/"])
        .row(7, ["", "小计", "1682", "1633", "41"])
        .row(8, ["3", "市司法局", "402", "398", "25"])
        .row(9, ["4", "市教育局", "1280", "1235", "16"]);
    Bulletin::new().with_table("operations", table).check().is_clean();
}

#[test]
fn the_total_of_a_rate_is_the_rate_of_the_totals() {
    let column = "\n[[table.column]]\nname = \"rate\"\nheader = \"办结率\"\nunit = \"%\"\ndecimals = 1\n\
                  formula = \"completed / accepted * 100\"\n\n[fonts]";
    let bulletin = Bulletin::new().with_edit("yuebao.toml", "\n[fonts]", column);
    let figures = bulletin.run(&["--format", "json", "figures", "2025-07"]).json();
    let figure = |id: &str| {
        let figures = figures["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["id"] == id).unwrap()["value"].clone()
    };
    // 25526 / 22883, not the sum of four rates.
    assert_eq!(figure("operations.total.rate"), "111.6");
    assert_eq!(figure("operations[\"市民政局\"].rate"), "100.8");
}

#[test]
fn a_division_by_nothing_leaves_one_department_without_a_rate() {
    let column = "\n[[table.column]]\nname = \"rate\"\nheader = \"办结率\"\nunit = \"%\"\ndecimals = 1\n\
                  formula = \"completed / accepted * 100\"\n\n[fonts]";
    let bulletin = with_operations(|table| table.with("C5", 0).without_row(8)).with_edit(
        "yuebao.toml",
        "\n[fonts]",
        column,
    );
    bulletin.check().is_clean();
}

#[test]
fn words_that_only_look_like_a_total_are_no_total() {
    let answer = with_operations(|table| table.with("B5", "小计窗口")).check();
    assert!(
        answer.findings().contains(&"Y0306 operations.xlsx 办件!B5".to_owned()),
        "{:?}",
        answer.findings()
    );
}

#[test]
fn many_merged_regions_and_labels_cost_little() {
    let many = |table: Table| {
        let table = (0..400).fold(table, |table, row| table.row(20 + row, ["", "", "", "", "", "部门"]));
        (0..400)
            .fold(table, |table, column| table.merging(&format!("J{}:J{}", 20 + column * 3, 21 + column * 3)))
    };
    with_operations(many).check().is_clean();
}

#[test]
fn a_sheet_full_of_wide_labels_is_not_searched_for_hours() {
    let wide = |table: Table| {
        (20..250)
            .fold(table, |table, row| table.row(row, ["部门", "受理量"]).merging(&format!("B{row}:ALG{row}")))
    };
    assert_eq!(with_operations(wide).check().findings(), ["Y0301 operations.xlsx"]);
}

#[test]
fn a_number_shown_as_a_multiple_is_not_guessed_at() {
    let accepted = |format: &'static str| with_operations(|table| table.with("C4", formatted(13.0, format)));
    let answer = accepted("0\"千件\"").check();
    assert_eq!(answer.messages(), ["Y0203 存的是 13，显示的是 13千，看不准是哪个数"]);
    assert_eq!(answer.findings(), ["Y0203 operations.xlsx 办件!C4"]);
    // Divided by the format, or in the column's own unit: the cell says what it means.
    let divided = |format| with_operations(|table| table.with("C4", formatted(20337.0, format)));
    divided("0.0,\"千件\"").check().is_clean();
    // By a thousand, though the word says ten thousand: whoever sees 20.3万 sees another number.
    let message = "Y0203 存的是 20337，单元格格式却把它缩小了若干倍来显示，看不准是哪个数";
    assert_eq!(divided("0.0,\"万\"").check().messages(), [message]);
    let (header, unit) = ("header = \"办件（件）/受理量\"\nunit = \"", "件\"");
    let own_unit = |bulletin: Bulletin| {
        bulletin.with_edit("yuebao.toml", &format!("{header}{unit}"), &format!("{header}千{unit}"))
    };
    let message = "Y0401 “合计”不对：“办件（件）/受理量”填的是 22883，各部门相加是 2559，相差 20324";
    assert_eq!(own_unit(accepted("0\"千件\"")).check().messages()[0], message);
    // Divided into the unit that the column has already.
    for format in ["0.0,\"千件\"", "[>=1000]0.0,\"千件\";0.0,\"千件\""] {
        let divided = with_operations(|table| table.without_row(8).with("C4", formatted(20337.0, format)));
        assert_eq!(
            own_unit(divided).check().messages()[0],
            "Y0203 存的是 20337，显示时换算成了“千”，这一列的单位又是“千件”，看不准是哪个数",
            "{format}"
        );
    }
}

#[test]
fn a_text_without_a_sign_of_percentage_is_as_doubtful_as_a_number() {
    let column =
        "\n[[table.column]]\nname = \"rate\"\nheader = \"办结率\"\nunit = \"%\"\ndecimals = 2\n\n[fonts]";
    let rates = |table: Table| {
        let table = table.with("F2", "办结率").without_row(8).with("F4", "0.98").with("F5", "０.５");
        table.with("F6", "0.5%").with("F7", percentage("0.98"))
    };
    let answer = Bulletin::new()
        .with_changed("operations", rates)
        .with_edit("yuebao.toml", "\n[fonts]", column)
        .check();
    let doubtful: Vec<String> = answer.messages().into_iter().filter(|it| it.starts_with("Y0203")).collect();
    assert_eq!(doubtful, ["Y0203 看不准 0.98 是百分之多少", "Y0203 看不准 0.5 是百分之多少"]);
    // The percentages written as such are as clear as can be.
    assert_eq!(answer.messages().len(), 2, "{:?}", answer.messages());
    assert!(answer.hints()[0].starts_with("请把单元格格式改成“百分比”再填"), "{:?}", answer.hints());
}

#[test]
fn a_percentage_of_hundreds_is_doubted() {
    let column = "\n[[table.column]]\nname = \"rate\"\nheader = \"办结率\"\nunit = \"%\"\n\n[fonts]";
    let rates = |table: Table| {
        let table = table.with("F2", "办结率").with("F4", percentage("98")).with("F5", percentage("9.5"));
        table.with("F6", 9765).with("F7", "9700%")
    };
    let answer = with_operations(rates).with_edit("yuebao.toml", "\n[fonts]", column).check();
    assert_eq!(
        answer.messages(),
        ["Y0213 9800%，是不是 98%？", "Y0213 9765%，是不是 97.65%？", "Y0213 9700%，是不是 97%？"]
    );
}

#[test]
fn a_percentage_is_what_the_sheet_shows() {
    // LibreOffice and Excel store 98% as 0.98 with a number format.
    let column =
        "\n[[table.column]]\nname = \"rate\"\nheader = \"办结率\"\nunit = \"%\"\ndecimals = 1\n\n[fonts]";
    let rates = |table: Table| {
        let table = table.with("F2", "办结率").without_row(8).with("F4", percentage("0.985"));
        table.with("F5", "98%").with("F6", 97).with("F7", percentage("1"))
    };
    let bulletin = with_operations(rates).with_edit("yuebao.toml", "\n[fonts]", column);
    let figures = bulletin.run(&["--format", "json", "figures", "2025-07"]).json();
    let figures = figures["figures"].as_array().unwrap().clone();
    let rate = |name: &str| {
        let id = format!("operations[\"{name}\"].rate");
        figures.iter().find(|figure| figure["id"] == id.as_str()).unwrap()["value"].clone()
    };
    assert_eq!(["市公安局", "市民政局", "市司法局", "市教育局"].map(rate), ["98.5", "98", "97", "100"]);
}
