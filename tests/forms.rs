//! Blank workbooks for the departments: what they hold, and that they read back.

use std::process::Command;

use crate::harness::{Bulletin, FilledForm, Table, has_libreoffice, run_in, told};

const FORMS: &str = "output/forms/2025-08";

fn with_forms(bulletin: Bulletin) -> Bulletin {
    bulletin.run(&["forms", "2025-08"]).done();
    bulletin
}

fn form(bulletin: &Bulletin, name: &str) -> FilledForm {
    FilledForm::new(bulletin.bytes(&format!("{FORMS}/{name}")))
}

#[test]
fn every_department_of_the_sample_has_its_form() {
    let bulletin = with_forms(Bulletin::sample());
    let register = bulletin.text("data/departments.toml");
    let names: Vec<&str> =
        register.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert_eq!(names.len(), 29);
    for (index, name) in names.iter().enumerate() {
        let form = form(&bulletin, &format!("{:02}-{name}.xlsx", index + 1));
        let strings = form.part("xl/sharedStrings.xml");
        assert!(strings.contains(&format!("<t>{name}</t>")), "{name}");
        assert!(strings.contains("省政府政务服务大厅部门窗口2025年8月运行情况统计表"));
        let properties = form.part("docProps/custom.xml");
        for value in ["政务窗口月报", "2025-08", name] {
            assert!(properties.contains(&format!("<vt:lpwstr>{value}</vt:lpwstr>")), "{name}: {value}");
        }
        // Five columns are filled in; the assessment is no concern of the departments.
        assert_eq!(form.entry_cells(), ["B5", "D5", "F5", "H5", "J5"], "{name}");
        assert!(!strings.contains("窗口建设得分分值"), "{name}");
    }
}

#[test]
fn a_form_guides_guards_and_prints() {
    let bulletin = Bulletin::new().with_edit(
        "yuebao.toml",
        "header = \"邮寄量（件）\"",
        "header = \"邮寄量（件）\"\nnote = \"含代寄的证照。\"",
    );
    let form = form(&with_forms(bulletin), "01-市公安局.xlsx");
    let sheet = form.part("xl/worksheets/sheet2.xml");
    for piece in [
        "<mergeCell ref=\"A3:A4\"/>",
        "<mergeCell ref=\"B3:E3\"/>",
        "<sheetProtection sheet=\"1\"",
        "promptTitle=\"受理量\"",
        "errorTitle=\"填写有误\"",
        "error=\"这里只能填不小于 0 的整数，或“/”。\"",
        "IF(ISNUMBER(B5),AND(B5&gt;=0,B5=INT(B5)",
        "OR(B5=\"/\"",
        "paperSize=\"9\"",
        "fitToHeight=\"0\"",
        "<c r=\"C5\" s=\"7\"><v>20337</v></c>",
    ] {
        assert!(sheet.contains(piece), "{piece}: {sheet}");
    }
    assert!(!sheet.contains("password"), "protected, but not against the department");
    let styles = form.part("xl/styles.xml");
    assert!(styles.contains("<protection locked=\"0\"/>"));
    let comments = form.part("xl/comments2.xml");
    assert!(comments.contains("单位：件") && comments.contains("含代寄的证照。"), "{comments}");
    let strings = form.part("xl/sharedStrings.xml");
    assert!(strings.contains("填报部门：市公安局　　统计月份：2025年8月"), "{strings}");
    assert!(strings.contains("<t>上月</t>") && strings.contains("填表说明"), "{strings}");
    let workbook = form.part("xl/workbook.xml");
    assert!(workbook.contains("_xlnm.Print_Titles"), "{workbook}");
}

#[test]
fn a_derived_column_is_a_formula_and_so_is_a_total() {
    let bulletin = Bulletin::new();
    bulletin.run(&["forms", "2025-08", "--combined"]).done();
    let own = form(&bulletin, "01-市公安局.xlsx").part("xl/worksheets/sheet1.xml");
    // 99.5 last month, of 97.5 and 2; the score itself is not asked for.
    assert!(own.contains("<f>IFERROR(IF(B4&amp;D4=\"\",\"\",") && own.contains("N(B4)+N(D4)"), "{own}");
    assert!(own.contains("t=\"str\""), "a formula has a value before anything computes it: {own}");
    let combined = form(&bulletin, "00-全部部门.xlsx").part("xl/worksheets/sheet2.xml");
    assert!(combined.contains("<f>SUM(C5:C8)</f><v>0</v>"), "{combined}");
    assert!(combined.contains("<f>SUM(D5:D8)</f><v>22883</v>"), "{combined}");
}

/// A column for `operations`, before the next one of it.
fn with_column(bulletin: Bulletin, name: &str, header: &str, formula: &str) -> Bulletin {
    let mailed = "[[table.column]]\nname = \"mailed\"";
    let column = format!(
        "[[table.column]]\nname = \"{name}\"\nheader = \"{header}\"\nnegative = true\ndecimals = 2\n\
         formula = \"{formula}\"\n\n{mailed}"
    );
    bulletin.with_edit("yuebao.toml", mailed, &column)
}

#[test]
fn what_neither_a_department_nor_a_sheet_can_tell_is_not_in_a_form() {
    let columns = [
        ("growth", "环比增量", "accepted - prev(accepted)"),
        ("half_growth", "环比增量的一半", "growth / 2"),
        ("so_far", "今年累计", "ytd(accepted)"),
        ("a_year_ago", "去年同月", "year_ago(accepted)"),
        ("place", "名次", "rank(accepted)"),
        ("part", "占比", "share(accepted)"),
        ("rate", "办结率", "100 * completed / accepted"),
    ];
    let bulletin = columns
        .iter()
        .fold(Bulletin::new(), |bulletin, (name, header, text)| with_column(bulletin, name, header, text));
    bulletin.run(&["forms", "2025-08", "--combined"]).done();
    for name in ["01-市公安局.xlsx", "00-全部部门.xlsx"] {
        let strings = form(&bulletin, name).part("xl/sharedStrings.xml");
        for (_, header, _) in &columns[..6] {
            assert!(!strings.contains(&format!("<t>{header}</t>")), "{name}: {header}");
        }
        assert!(strings.contains("<t>办结率</t>"), "{name}");
    }
    let sheet = form(&bulletin, "01-市公安局.xlsx").part("xl/worksheets/sheet2.xml");
    assert!(
        sheet.contains("<mergeCell ref=\"A1:H1\"/>"),
        "three entries with last month's, and a rate: {sheet}"
    );
    // What is left out is missed by nobody.
    bulletin.run(&["new", "2025-08"]).done();
    let sheet = "xl/worksheets/sheet2.xml";
    let form = form(&bulletin, "01-市公安局.xlsx").filled(["97", "2"]);
    let form = form.with_in(sheet, "B5", "20337").with_in(sheet, "D5", "20330").with_in(sheet, "G5", "/");
    let bulletin = bulletin.with_file("in.xlsx", form.bytes());
    let json = bulletin.run(&["--format", "json", "collect", "2025-08", "in.xlsx"]).done().json();
    let told = told(&json).join("");
    assert!(told.starts_with("in.xlsx: merged") && !told.contains("Y03"), "{told}");
}

#[test]
fn columns_under_one_header_stay_together() {
    let first = "name = \"mailed\"\nheader = \"邮寄量（件）\"\naliases = [\"邮寄件数\"]";
    let bulletin = with_column(Bulletin::new(), "growth", "邮寄量（件）", "accepted - prev(accepted)")
        .with_edit("yuebao.toml", first, "name = \"mailed\"\nheader = \"邮寄量（件）\"");
    bulletin.run(&["new", "2025-08"]).done();
    // Without the first of the two, the second would be taken for it.
    let form = form(&with_forms(bulletin), "01-市公安局.xlsx");
    assert!(form.part("xl/worksheets/sheet2.xml").contains("sqref=\"G5\""));
}

#[test]
fn percentages_have_no_total_in_a_form() {
    let sums = |bulletin: Bulletin| {
        bulletin.run(&["forms", "2025-08", "--combined"]).done();
        form(&bulletin, "00-全部部门.xlsx").part("xl/worksheets/sheet2.xml").matches("<f>SUM(").count()
    };
    let rate = "\n[[table.column]]\nname = \"rate\"\nheader = \"满意率\"\nunit = \"%\"\n\n[fonts]";
    assert_eq!(sums(Bulletin::new()), 6, "of three columns, each with last month's");
    assert_eq!(sums(Bulletin::new().with_edit("yuebao.toml", "\n[fonts]", rate)), 6);
}

#[test]
fn units_that_no_header_tells_have_a_row_of_their_own() {
    let bulletin =
        Bulletin::new().with_edit("yuebao.toml", "header = \"邮寄量（件）\"", "header = \"邮寄数量\"");
    let bulletin = bulletin.with_cell("operations", "E2", "邮寄数量");
    let form = form(&with_forms(bulletin), "01-市公安局.xlsx");
    assert!(form.part("xl/sharedStrings.xml").contains("<t>单位：件</t>"));
    assert!(
        form.part("xl/worksheets/sheet2.xml").contains("sqref=\"B6\""),
        "the entries stand one row lower"
    );
}

#[test]
fn only_departments_that_take_part_are_asked() {
    let bulletin = with_forms(Bulletin::new());
    let json = bulletin.run(&["--format", "json", "forms", "2025-08"]).done().json();
    let created: Vec<&str> =
        json["created"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(
        created,
        ["01-市公安局", "02-市民政局", "03-市司法局", "04-市教育局"]
            .map(|name| format!("{FORMS}/{name}.xlsx"))
    );
}

#[test]
fn a_former_month_without_figures_leaves_no_column_for_them() {
    let bulletin = Bulletin::new();
    bulletin.run(&["forms", "2026-01"]).done();
    let form = FilledForm::new(bulletin.bytes("output/forms/2026-01/01-市公安局.xlsx"));
    assert!(!form.part("xl/sharedStrings.xml").contains("<t>上月</t>"));
    assert_eq!(form.entry_cells(), ["B4", "C4"]);
}

#[test]
fn a_former_month_of_which_nobody_knows_what_it_reports_on_leaves_no_column_either() {
    for (addition, is_known) in [("", true), ("x = “\n", false)] {
        let bulletin =
            Bulletin::new().with_month("2025-08").with_addition("data/2025-07/issue.toml", addition);
        bulletin.run(&["forms", "2025-08"]).done();
        let form = FilledForm::new(bulletin.bytes(&format!("{FORMS}/01-市公安局.xlsx")));
        assert_eq!(form.part("xl/sharedStrings.xml").contains("<t>上月</t>"), is_known);
    }
}

#[test]
fn the_same_forms_are_the_same_bytes() {
    let bytes = || with_forms(Bulletin::new()).bytes(&format!("{FORMS}/02-市民政局.xlsx"));
    assert_eq!(bytes(), bytes());
}

#[test]
fn what_cannot_be_asked_is_told() {
    let bulletin = Bulletin::new();
    bulletin.run(&["forms", "八月"]).ending_with(2);
    let nobody = bulletin
        .with_edit("yuebao.toml", "name = \"assessment\"", "name = \"assessment\"\nasked = false")
        .with_edit("yuebao.toml", "name = \"operations\"", "name = \"operations\"\nasked = false");
    insta::assert_snapshot!(nobody.run(&["forms", "2025-08"]).ending_with(2).stderr, @r"
    错误 yuebao.toml 中没有要部门填报的表
      → 表的声明里写着 asked = false；要各部门填报的表，请删去这一行
    ");
    let temporary = tempfile::tempdir().unwrap();
    run_in(temporary.path(), &["forms", "2025-08"]).ending_with(2);
}

#[test]
fn a_combined_form_that_is_filled_in_is_a_months_table() {
    let bulletin = Bulletin::new();
    bulletin.run(&["forms", "2025-07", "--combined"]).done();
    let form = FilledForm::new(bulletin.bytes("output/forms/2025-07/00-全部部门.xlsx"));
    // The sheet of the other table is left as it came: only the declared headers count.
    let values = ["97.5", "2", "98.25", "1.25", "95", "/", "90.1", "0.2"];
    let cells = form.entry_cells();
    let filled = cells.iter().zip(values).fold(form, |form, (cell, value)| form.with(cell, value));
    let bulletin = bulletin.with_file("data/2025-07/assessment.xlsx", filled.bytes());
    bulletin.check().is_clean();
}

#[test]
fn libreoffice_opens_a_form_and_what_it_saves_reads_back() {
    if !has_libreoffice() {
        return;
    }
    let bulletin = with_forms(Bulletin::new());
    bulletin.run(&["new", "2025-08"]).done();
    let name = "01-市公安局";
    let folder = tempfile::tempdir().unwrap();
    let form = form(&bulletin, &format!("{name}.xlsx")).filled(["97", "2"]);
    let form = fill_second(form, &["12", "13", "/"]);
    std::fs::write(folder.path().join("in.xlsx"), form.bytes()).unwrap();
    for format in ["xlsx", "ods", "pdf"] {
        let output = Command::new("soffice")
            .args(["--headless", "--convert-to", format, "--outdir"])
            .arg(folder.path().join(format))
            .arg(folder.path().join("in.xlsx"))
            .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let saved = folder.path().join(format).join(format!("in.{format}"));
        assert!(saved.is_file(), "{format}: {output:?}");
        if format == "pdf" {
            continue;
        }
        let json =
            bulletin.run(&["--format", "json", "collect", "2025-08", saved.to_str().unwrap()]).done().json();
        let answer = &json["answers"][0];
        assert_eq!(answer["department"], "市公安局", "{format}: {json}");
        assert_eq!(answer["errors"], 0, "{format}: {json}");
        std::fs::remove_dir_all(bulletin.path("data/2025-08/answers")).unwrap();
    }
}

/// Fills in the second sheet of a form with two tables.
fn fill_second(form: FilledForm, values: &[&str]) -> FilledForm {
    let cells = ["B5", "D5", "F5"];
    form.with_part("xl/worksheets/sheet2.xml", |xml| {
        cells.iter().zip(values).fold(xml.to_owned(), |xml, (cell, value)| {
            let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap();
            let end = start + xml[start..].find("/>").unwrap() + 2;
            let new = match value.parse::<f64>() {
                Ok(_) => format!("<c r=\"{cell}\" s=\"6\"><v>{value}</v></c>"),
                Err(_) => format!("<c r=\"{cell}\" s=\"6\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
            };
            format!("{}{new}{}", &xml[..start], &xml[end..])
        })
    })
}

#[test]
fn a_table_that_is_not_asked_for_needs_no_answer() {
    let bulletin = Bulletin::new()
        .with_edit("yuebao.toml", "name = \"assessment\"", "name = \"assessment\"\nasked = false")
        .with_table("operations", Table::operations());
    let form = form(&with_forms(bulletin), "01-市公安局.xlsx");
    assert_eq!(form.entry_cells(), ["B5", "D5", "F5"]);
}
