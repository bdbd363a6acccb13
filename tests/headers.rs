//! Finding a table by its header, wherever and however it stands in a workbook.

use crate::harness::{Bulletin, Table, workbook};

fn with_operations(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("operations", change)
}

/// A header of one row below a title, as some offices write it.
fn flat() -> Table {
    Table::new("办件")
        .row(1, ["办件情况统计表"])
        .row(2, ["序号", "部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
        .row(3, ["1", "市公安局", "20337", "23022", "15"])
        .row(4, ["2", "市民政局", "864", "871", "/"])
        .row(5, ["3", "市司法局", "402", "398", "25"])
        .row(6, ["4", "市教育局", "1280", "1235", "16"])
}

#[test]
fn titles_above_and_empty_columns_before_do_no_harm() {
    with_operations(|table| {
        table.shifted(3, 2).with("A1", "填报单位：市政务服务中心").with("C3", "单位：件").merging("A1:G1")
    })
    .check()
    .is_clean();
}

#[test]
fn an_alias_of_many_parts_is_read_where_it_stands_in_one_cell() {
    let alias = "邮寄/自取/代办/快递/其他";
    with_operations(|_| flat().with("E2", alias))
        .with_edit("yuebao.toml", "\"邮寄件数\"", &format!("\"{alias}\""))
        .check()
        .is_clean();
}

#[test]
fn columns_may_stand_in_another_order() {
    Bulletin::new().with_changed("assessment", |table| table.swapping_columns("C", "D")).check().is_clean();
    let reordered = Table::new("办件")
        .row(1, ["邮寄量（件）", "办结量", "部门", "受理量"])
        .row(2, ["15", "23022", "市公安局", "20337"])
        .row(3, ["/", "871", "市民政局", "864"])
        .row(4, ["25", "398", "市司法局", "402"])
        .row(5, ["16", "1235", "市教育局", "1280"]);
    let bulletin = Bulletin::new()
        .with_edit("yuebao.toml", "办件（件）/受理量", "受理量")
        .with_edit("yuebao.toml", "办件（件）/办结量", "办结量")
        .with_table("operations", reordered);
    bulletin.check().is_clean();
    assert_eq!(accepted_total(&bulletin), "22883");
}

#[test]
fn line_breaks_spaces_and_width_within_a_header_do_no_harm() {
    with_operations(|table| {
        table
            .with("C2", "办件\n(件)")
            .with("C3", "受\n理 量")
            .with("D3", "　办结量 ")
            .with("E2", "邮寄量\r\n( 件 )")
            .with("B2", "部　门")
    })
    .check()
    .is_clean();
}

#[test]
fn two_header_rows_need_not_be_merged() {
    with_operations(Table::unmerged).check().is_clean();
    let repeated = with_operations(|table| table.unmerged().with("D2", "办件（件）"));
    repeated.check().is_clean();
    Bulletin::new().with_table("operations", flat()).check().is_clean();
}

#[test]
fn an_alias_serves_as_a_header() {
    with_operations(|table| table.with("E2", "邮寄件数")).check().is_clean();
}

#[test]
fn a_missing_column_is_reported_once_whatever_the_totals() {
    let answer = with_operations(|table| table.with("D3", "上月结转")).check();
    assert_eq!(answer.findings(), ["Y0303 operations.xlsx 办件!A2", "Y0305 operations.xlsx 办件!D3"]);
    assert_eq!(
        answer.messages(),
        ["Y0303 缺少一列“办件（件）/办结量”", "Y0305 多出一列“办件（件）/上月结转”，没有使用"]
    );
}

#[test]
fn a_renamed_upper_header_lacks_its_columns_whether_cells_are_merged_or_not() {
    let renamed = |table: Table| table.with("C2", "办件情况（件）");
    for answer in
        [with_operations(renamed).check(), with_operations(|table| renamed(table).unmerged()).check()]
    {
        assert_eq!(
            answer.messages(),
            [
                "Y0303 缺少一列“办件（件）/受理量”",
                "Y0303 缺少一列“办件（件）/办结量”",
                "Y0305 多出一列“办件情况（件）/受理量”，没有使用",
                "Y0305 多出一列“办件情况（件）/办结量”，没有使用",
            ]
        );
        assert_eq!(answer.findings()[0], "Y0303 operations.xlsx 办件!A2");
        assert_eq!(answer.hints()[0], "是不是“办件情况（件）/受理量”这一列？");
    }
}

#[test]
fn computed_columns_may_be_absent() {
    let bulletin = Bulletin::new().with_table(
        "assessment",
        Table::new("考核")
            .row(1, ["部门窗口", "基本得分", "加分"])
            .row(2, ["市公安局", "97.5", "2"])
            .row(3, ["市民政局", "98.25", "1.25"])
            .row(4, ["市司法局", "95", "/"])
            .row(5, ["市教育局", "90.1", "0.2"]),
    );
    bulletin.check().is_clean();
}

#[test]
fn a_column_that_appears_twice_is_an_error_at_the_second() {
    let answer = with_operations(|table| table.with("D3", "受理量")).check();
    assert_eq!(answer.findings(), ["Y0304 operations.xlsx 办件!D3", "Y0303 operations.xlsx 办件!A2"]);
    let answer = with_operations(|table| table.with("F2", "邮寄量（件）").with("F4", 1)).check();
    assert_eq!(answer.messages(), ["Y0304 “邮寄量（件）”一列出现了两次：E 列和 F 列"]);
}

#[test]
fn a_column_beside_one_under_its_alias_is_one_too_many() {
    for (header, alias) in [("E2", "F2"), ("F2", "E2")] {
        let answer =
            with_operations(|table| table.with(header, "邮寄量（件）").with(alias, "邮寄件数").with("F4", 1))
                .check();
        assert_eq!(answer.messages(), ["Y0304 “邮寄量（件）”一列出现了两次：E 列和 F 列"]);
    }
}

#[test]
fn a_superfluous_column_is_reported_in_the_cell_of_its_header() {
    let answer = with_operations(|table| table.with("F2", "邮寄量（件）").with("F4", 1)).check();
    assert_eq!(answer.findings(), ["Y0304 operations.xlsx 办件!F2"]);
    let answer = with_operations(|table| table.with("F2", "备注").merging("F2:F3")).check();
    assert_eq!(answer.findings(), ["Y0305 operations.xlsx 办件!F2"]);
}

#[test]
fn an_extra_column_is_left_out_with_a_warning() {
    let bulletin = with_operations(|table| table.with("F2", "备注").with("F4", "含上月").merging("F2:F3"));
    assert_eq!(bulletin.check().messages(), ["Y0305 多出一列“备注”，没有使用"]);
}

#[test]
fn a_workbook_without_the_table_says_which_headers_were_expected() {
    let answer = Bulletin::new()
        .with_table("operations", Table::new("花名册").row(1, ["姓名", "职务"]).row(2, ["张某", "科长"]))
        .check();
    assert_eq!(answer.findings(), ["Y0301 operations.xlsx"]);
    assert!(answer.hints()[0].contains("办件（件）/受理量"), "{:?}", answer.hints());
}

#[test]
fn two_tables_that_both_match_are_an_error_that_names_both() {
    let twice = workbook(&[&Table::operations(), &Table::operations().named("上月")]);
    let answer = Bulletin::new().with_file("data/2025-07/operations.xlsx", twice).check();
    assert_eq!(answer.findings(), ["Y0302 operations.xlsx 上月!A2"]);
    assert!(answer.hints().iter().any(|hint| hint.contains("办件!A2")), "{:?}", answer.hints());

    let below = with_operations(|table| {
        table
            .row(12, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
            .row(13, ["", "", "受理量", "办结量"])
            .row(14, ["1", "市公安局", "1", "1", "1"])
    });
    assert_eq!(below.check().findings(), ["Y0302 operations.xlsx 办件!A12"]);
}

#[test]
fn a_header_repeated_in_the_midst_of_a_table_is_to_be_deleted_alone() {
    let [first, second, third, fourth] = [
        ["1", "市公安局", "20337", "23022", "15"],
        ["2", "市民政局", "864", "871", "/"],
        ["3", "市司法局", "402", "398", "25"],
        ["4", "市教育局", "1280", "1235", "16"],
    ];
    let upper = ["序号", "部门", "办件（件）", "", "邮寄量（件）"];
    let lower = ["", "", "受理量", "办结量", ""];
    let halved = || {
        let table = Table::new("办件").row(1, upper).row(2, lower).row(3, first).row(4, second);
        table.row(5, upper).row(6, lower).row(7, third)
    };
    let check = |table: Table| Bulletin::new().with_table("operations", table).check();
    let answer = check(halved().row(8, fourth));
    assert_eq!(answer.findings(), ["Y0302 operations.xlsx 办件!A5"]);
    assert_eq!(answer.messages(), ["Y0302 表 operations 的表头重复了一次"]);
    assert_eq!(answer.hints(), ["请删去第 5、6 行的表头，各部门的行都留着"]);

    let thrice = check(halved().row(8, upper).row(9, lower).row(10, fourth));
    assert_eq!(thrice.messages(), ["Y0302 表 operations 的表头重复了 2 次"]);
    assert_eq!(thrice.hints(), ["请删去第 5、6、8、9 行的表头，各部门的行都留着"]);

    // A department that stands in both parts, or none in one of them: two tables.
    for table in [halved().row(8, first), halved().without_row(7)] {
        let answer = check(table);
        assert_eq!(answer.messages(), ["Y0302 有 2 处表头都像表 operations，不知该读哪一处"]);
        assert_eq!(answer.hints()[0], "每个文件请只留一张这样的表，其余的删去或移到别的文件");
    }
}

#[test]
fn other_sheets_beside_the_table_do_no_harm() {
    let notes = Table::new("填表说明").row(1, ["一、受理量按件统计"]).row(2, ["二、每月5日前报送"]);
    let both = workbook(&[&notes, &Table::operations()]);
    Bulletin::new().with_file("data/2025-07/operations.xlsx", both).check().is_clean();
}

#[test]
fn hidden_rows_columns_and_sheets_are_read_with_a_warning() {
    let bulletin = with_operations(|table| table.hiding_row(5).hiding_column("D"));
    let answer = bulletin.check();
    assert_eq!(answer.findings(), ["Y0311 operations.xlsx 办件!D3"]);
    assert_eq!(answer.messages(), ["Y0311 第 5 行、D 列是隐藏的，仍照常读取"]);
    // Read like others: the total includes the hidden row.
    assert_eq!(accepted_total(&bulletin), "22883");

    let visible = Table::new("说明").row(1, ["见隐藏的表"]);
    let hidden = workbook(&[&visible, &Table::operations().hidden()]);
    let answer = Bulletin::new().with_file("data/2025-07/operations.xlsx", hidden).check();
    assert_eq!(answer.messages(), ["Y0311 整张工作表是隐藏的，仍照常读取"]);
}

#[test]
fn notes_below_the_table_are_no_departments() {
    with_operations(|table| {
        table.row(9, ["注：本表不含自助终端办件。"]).merging("A9:E9").row(10, ["", "填表人：李某"])
    })
    .check()
    .is_clean();
}

fn accepted_total(bulletin: &Bulletin) -> String {
    let figures = bulletin.run(&["figures", "2025-07", "--format", "json"]).done().json();
    let mut figures = figures["figures"].as_array().unwrap().iter();
    let total = figures.find(|figure| figure["id"] == "operations.total.accepted").unwrap();
    total["value"].as_str().unwrap().to_owned()
}
