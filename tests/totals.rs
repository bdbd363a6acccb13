//! What a file declares against what is computed: 合计, 小计, 得分, 序号, each with both numbers and its cell.

use crate::harness::{Bulletin, FilledForm, Table, formula, printed};

fn with_operations(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("operations", change)
}

fn with_assessment(change: impl FnOnce(Table) -> Table) -> Bulletin {
    Bulletin::new().with_changed("assessment", change)
}

/// 小计 after every two departments, then 合计.
fn with_subtotals() -> Table {
    Table::new("办件")
        .row(1, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
        .row(2, ["", "", "受理量", "办结量"])
        .row(3, ["1", "市公安局", "20337", "23022", "15"])
        .row(4, ["2", "市民政局", "864", "871", "/"])
        .row(5, ["", "小 计", "21201", "23893", "15"])
        .row(6, ["3", "市司法局", "402", "398", "25"])
        .row(7, ["4", "市教育局", "1280", "1235", "16"])
        .row(8, ["", "小计", "1682", "1633", "41"])
        .row(9, ["总　计", "", "22883", "25526", "56"])
}

#[test]
fn a_total_is_named_where_the_department_stands_also_behind_numbers() {
    let column = "[[table.column]]\nname = \"accepted\"\nheader = \"办件（件）/受理量\"\nunit = \"件\"\n\n";
    let department = "[[table.column]]\nrole = \"department\"\nheader = \"部门\"";
    let sequence = "[[table.column]]\nrole = \"sequence\"\nheader = \"序号\"\n\n[[table.column]]\nrole = \"department\"\nheader = \"部门\"";
    let printed = |before: &str, written: &str| {
        let bulletin =
            Bulletin::new().with_edit("yuebao.toml", column, "").with_edit("yuebao.toml", before, written);
        bulletin.build().is_clean();
        let data = printed::data(&bulletin.text("output/2025-07.typ"));
        let tables = data["appendices"].as_array().unwrap();
        let cells = tables.iter().find_map(|table| table["total"].as_array()).unwrap().clone();
        let cells = cells.iter().map(|cell| match cell["colspan"].as_u64() {
            Some(span) => format!("{}×{span}", printed::cell_text(cell)),
            None => printed::cell_text(cell).to_owned(),
        });
        // What the form of all departments says is read again as it is written.
        bulletin.run(&["forms", "2025-08", "--combined"]).done();
        let form = bulletin.bytes("output/forms/2025-08/00-全部部门.xlsx");
        assert!(FilledForm::new(form).part("xl/sharedStrings.xml").contains("<t>合计</t>"));
        cells.collect::<Vec<_>>().join(" | ")
    };
    let behind = |columns: &str| format!("{column}{columns}");
    assert_eq!(printed(sequence, &behind(sequence)), "22883 | 合计×2 | 25526 | 56");
    let between = sequence.replace(department, &behind(department));
    assert_eq!(printed(sequence, &between), " | 22883 | 合计 | 25526 | 56");
}

#[test]
fn a_wrong_total_is_told_with_both_numbers_at_its_cell() {
    let answer = with_operations(|table| table.with("C8", 22880)).check();
    assert_eq!(answer.findings(), ["Y0401 operations.xlsx 办件!C8"]);
    assert_eq!(
        answer.messages(),
        ["Y0401 “合计”不对：“办件（件）/受理量”填的是 22880，各部门相加是 22883，相差 3"]
    );
}

#[test]
fn a_wrong_rank_is_told_by_its_own_header() {
    let bulletin = with_assessment(|table| table.with("A2", "名次").with("A6", 5)).with_edit(
        "yuebao.toml",
        "ranking = \"score\"\n\n[[table.column]]\nrole = \"sequence\"\nheader = \"序号\"",
        "ranking = \"score\"\n\n[[table.column]]\nrole = \"sequence\"\nheader = \"名次\"",
    );
    assert_eq!(bulletin.check().messages(), ["Y0403 名次不对：“市教育局”填的是 5，应为 4"]);
}

#[test]
fn a_total_that_a_formula_left_stale_is_told_too() {
    let answer = with_operations(|table| table.with("E8", formula("=SUM(E4:E7)", "40"))).check();
    assert_eq!(answer.findings(), ["Y0401 operations.xlsx 办件!E8"]);
}

#[test]
fn subtotals_are_held_against_their_own_block_and_never_counted() {
    let bulletin = |table| Bulletin::new().with_table("operations", table);
    bulletin(with_subtotals()).check().is_clean();
    let answer = bulletin(with_subtotals().with("D8", 1634)).check();
    assert_eq!(answer.findings(), ["Y0401 operations.xlsx 办件!D8"]);
    assert_eq!(
        answer.messages(),
        ["Y0401 “小计”不对：“办件（件）/办结量”填的是 1634，各部门相加是 1633，相差 1"]
    );
    // A wrong 小计 of the first block says nothing about 合计.
    let answer = bulletin(with_subtotals().with("C5", 21202)).check();
    assert_eq!(answer.findings(), ["Y0401 operations.xlsx 办件!C5"]);
}

#[test]
fn a_changed_figure_gives_one_message_in_its_column() {
    let answer = with_operations(|table| table.with("D5", 872)).check();
    assert_eq!(answer.findings(), ["Y0401 operations.xlsx 办件!D8"]);
}

#[test]
fn a_total_over_a_faulty_cell_is_not_compared() {
    let answer = with_operations(|table| table.with("D5", "八百七十一")).check();
    assert_eq!(answer.findings(), ["Y0203 operations.xlsx 办件!D5"]);
    let answer = with_operations(|table| table.with("D8", "两万五")).check();
    assert_eq!(answer.findings(), ["Y0203 operations.xlsx 办件!D8"]);
}

#[test]
fn a_wrong_score_is_told_with_both_numbers_and_its_parts() {
    let answer = with_assessment(|table| table.with("E5", 95.5)).check();
    assert_eq!(answer.findings(), ["Y0402 assessment.xlsx 考核!E5"]);
    assert_eq!(answer.messages(), ["Y0402 “市司法局”的“得分”填的是 95.5，按各项计算应为 95"]);
    assert!(answer.hints()[0].contains("95、/"), "{:?}", answer.hints());
}

#[test]
fn a_wrong_score_does_not_make_the_ranks_wrong_too() {
    let answer = with_assessment(|table| table.with("C6", 99)).check();
    assert_eq!(answer.findings(), ["Y0402 assessment.xlsx 考核!E6"]);
}

#[test]
fn a_faulty_part_spoils_neither_score_nor_ranks() {
    let answer = with_assessment(|table| table.with("C3", "九十七")).check();
    assert_eq!(answer.findings(), ["Y0203 assessment.xlsx 考核!C3"]);
}

#[test]
fn wrong_ranks_are_told_in_one_message_with_both_numbers() {
    let answer = with_assessment(|table| table.with("A5", 2).with("A6", 3)).check();
    assert_eq!(answer.findings(), ["Y0403 assessment.xlsx 考核!A5"]);
    assert_eq!(answer.messages(), ["Y0403 序号不对：“市司法局”填的是 2，应为 3；“市教育局”填的是 3，应为 4"]);
}

#[test]
fn equal_scores_share_a_rank_merged_or_repeated() {
    with_assessment(|table| table.unmerged().with("A4", 1)).check().is_clean();
    let answer = with_assessment(|table| table.unmerged().with("A4", 2)).check();
    assert_eq!(answer.findings(), ["Y0403 assessment.xlsx 考核!A4"]);
}

#[test]
fn an_order_other_than_the_registers_is_only_a_warning() {
    let answer = with_operations(|table| table.with("A6", 4).with("A7", 3)).check();
    assert_eq!(answer.findings(), ["Y0404 operations.xlsx 办件!A6"]);
    assert_eq!(answer.messages(), ["Y0404 序号不对：“市司法局”填的是 4，应为 3；“市教育局”填的是 3，应为 4"]);
}

#[test]
fn each_table_has_its_own_message() {
    let bulletin =
        with_operations(|table| table.with("C8", 1)).with_changed("assessment", |table| table.with("A6", 9));
    assert_eq!(
        bulletin.check().findings(),
        ["Y0403 assessment.xlsx 考核!A6", "Y0401 operations.xlsx 办件!C8"]
    );
}
