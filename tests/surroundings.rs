//! What stands beside and above a table: cells without a header, the unit of a whole sheet.

use crate::harness::{Bulletin, Table, formula};

fn with_operations(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("operations", change)
}

/// The bulletin with the operations table as csv, in which a passage is replaced.
fn with_csv(from: &str, to: &str) -> Bulletin {
    let csv = Table::operations().csv();
    assert_eq!(csv.matches(from).count(), 1, "{csv}");
    Bulletin::new().with_table_file("operations", "operations.csv", csv.replace(from, to))
}

#[test]
fn a_row_of_csv_with_more_cells_than_the_header_is_an_error_at_the_cell() {
    let separated = with_csv("20337,23022,15", "20,337,23022,15").check();
    assert_eq!(separated.messages(), ["Y0231 这一行比表头多出一格“15”"]);
    assert_eq!(separated.findings(), ["Y0231 operations.csv F4"]);
    assert_eq!(separated.hints(), ["核对这一行是不是错了列：数字里不要有逗号；这一列确有用处的，请补上表头"]);
    let twice = with_csv("20337,23022,15", "20,337,23,022,15").check();
    assert_eq!(twice.messages(), ["Y0231 这一行比表头多出 2 格，第一格是“22”"]);
    let total = with_csv("22883,25526,56", "22,883,25526,56").check();
    assert_eq!(total.findings(), ["Y0231 operations.csv F8"]);
}

#[test]
fn what_does_not_shift_a_row_of_csv_is_no_fault() {
    with_csv("20337,23022,15", "20337,23022,15,,").check().is_clean();
    let remark = "\"邮寄量（件）\"\r\n";
    with_csv(remark, "\"邮寄量（件）\",备注\r\n").check().messages().iter().for_each(|message| {
        assert_eq!(message, "Y0305 多出一列“备注”，没有使用");
    });
    let text = Table::operations().csv() + ",,,,,,制表：李四\r\n";
    Bulletin::new().with_table_file("operations", "operations.csv", text).check().is_clean();
}

#[test]
fn a_column_of_csv_without_a_header_is_one_message() {
    let mut csv = String::from("部门,受理量,办结量,邮寄量（件）\n");
    let mut register = String::new();
    for row in 1..=8 {
        csv.push_str(&format!("市{row}局,1,1,1,7\n"));
        register.push_str(&format!("[[department]]\nname = \"市{row}局\"\n"));
    }
    let answer = Bulletin::new()
        .with_edit("yuebao.toml", "办件（件）/受理量", "受理量")
        .with_edit("yuebao.toml", "办件（件）/办结量", "办结量")
        .with_file("data/departments.toml", register)
        .with_table(
            "assessment",
            (1..=8).fold(Table::assessment(), |table, row| {
                table.row(row + 2, ["", &format!("市{row}局"), "1", "1", "2"]).unmerged()
            }),
        )
        .with_table_file("operations", "operations.csv", csv)
        .check();
    assert_eq!(answer.messages(), ["Y0231 这一列有 8 处同样的问题，第一处：这一行比表头多出一格“7”"]);
}

#[test]
fn numbers_of_a_workbook_without_a_header_are_one_warning() {
    let answer = with_operations(|table| {
        let table =
            table.with("F4", 99).with("F6", "1,001").with("F8", 3).with("F7", "含代办").with("H12", 5);
        table.with("G5", formula("=C5-D5", "7"))
    });
    let answer = answer.check();
    assert_eq!(answer.messages(), ["Y0313 F、G 列没有表头，却有 3 个数，第一个是“99”，没有使用"]);
    assert_eq!(answer.findings(), ["Y0313 operations.xlsx 办件!F4"]);
    // A remark that begins with a number is none.
    with_operations(|table| table.with("F4", "12月补报").with("F5", "3人休假")).check().is_clean();
}

/// A side remark under an empty field of the header's line shifts nothing.
#[test]
fn remarks_beside_a_table_of_csv_are_no_fault() {
    let lines = Table::operations().csv();
    let wide: Vec<String> = lines.lines().map(|line| format!("{line},")).collect();
    let remarked = wide.join("\r\n").replacen("20337,23022,15,", "20337,23022,15,含补报", 1);
    Bulletin::new().with_table_file("operations", "operations.csv", remarked).check().is_clean();
}

#[test]
fn a_line_that_numbers_the_columns_is_no_departments() {
    for line in [",,1,2,3", "甲,乙,1,2,3", ",栏次,（1）,（2）,（3）", "1,2,3,4,5"] {
        let csv = Table::operations().csv();
        let mut lines: Vec<&str> = csv.lines().collect();
        lines.insert(3, line);
        let bulletin = Bulletin::new().with_table_file("operations", "operations.csv", lines.join("\r\n"));
        assert_eq!(bulletin.check().messages(), [""; 0], "{line}");
    }
}

/// The bulletin with a column of 万元, whose header in the sheet is this, below a sheet with this in some cells.
fn with_fees(header: &str, cells: &[(&str, &str)]) -> Bulletin {
    let column = "\n[[table.column]]\nname = \"fees\"\nheader = \"收费\"\naliases = [\"收费（万元）\"]\n\
                  unit = \"万元\"\ndecimals = 2\n\n[fonts]";
    let fees = |table: Table| {
        let table = table.with("F2", header).merging("F2:F3").shifted(1, 0);
        let table = (5..=8).fold(table, |table, row| table.with(&format!("F{row}"), 120));
        cells.iter().fold(table, |table, (cell, text)| table.with(cell, *text))
    };
    with_operations(fees).with_edit("yuebao.toml", "\n[fonts]", column)
}

#[test]
fn a_unit_above_the_table_that_differs_from_a_columns_is_a_warning() {
    let answer = with_fees("收费", &[("F1", "单位：元")]).check();
    assert_eq!(answer.messages(), ["Y0314 表上写的单位是“元”，“收费”的单位却是“万元”"]);
    assert_eq!(answer.findings(), ["Y0314 operations.xlsx 办件!F1"]);
    for cells in [
        &[("A2", "办件情况统计表（金额单位：元）")][..],
        &[("E1", "单位："), ("F1", "元")],
        &[("F1", "单位：件、元")],
    ] {
        let codes = with_fees("收费", cells).check().messages();
        assert_eq!(codes, ["Y0314 表上写的单位是“元”，“收费”的单位却是“万元”"], "{cells:?}");
    }
}

#[test]
fn a_unit_above_the_table_that_fits_or_counts_something_else_is_no_fault() {
    for (header, text) in [
        ("收费", "单位：万元"),
        ("收费", "单位：件、万元"),
        ("收费", "单位：人"),
        ("收费", "填报单位：市财政局"),
        ("收费（万元）", "单位：元"),
    ] {
        with_fees(header, &[("F1", text)]).check().is_clean();
    }
    // The line that is nearest to the table counts.
    with_fees("收费", &[("A1", "单位：元"), ("A2", "统计表（单位：万元）")]).check().is_clean();
}
