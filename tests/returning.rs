//! Marked copies to send back: what is wrong stands at its cell, everything else is as the department had it.

use std::io::{Cursor, Read};
use std::process::Command;

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, Formula, Note, Workbook,
};
use zip::ZipArchive;

use crate::harness::{ASKED_MONTH, Asked, Bulletin, FilledForm, bytes, has_libreoffice};

/// A workbook of a department's own making, with all that an office program may put into one.
fn elaborate() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let yellow = Format::new().set_background_color(Color::Yellow).set_bold().set_num_format("#,##0");
    let sheet = workbook.add_worksheet();
    sheet.set_name("我们'的表").unwrap();
    sheet.write_string(0, 0, "2025年8月").unwrap();
    sheet.merge_range(0, 0, 0, 3, "2025年8月", &yellow).unwrap();
    for (column, header) in (0..).zip(["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
    {
        sheet.write_string(1, column, header).unwrap();
    }
    sheet.write_string(2, 0, "市公安局").unwrap();
    sheet.write_formula_with_format(2, 1, Formula::new("=F9*2").set_result("-20"), &yellow).unwrap();
    sheet.write_string(2, 2, "十八").unwrap();
    sheet.write_string(2, 3, "7").unwrap();
    sheet.write_number(8, 5, -10).unwrap();
    sheet.set_column_width(0, 33).unwrap().set_row_height(2, 40).unwrap();
    sheet.insert_note(2, 2, &Note::new("科室自己的批注")).unwrap();
    let rule =
        ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::GreaterThan(5)).set_format(&yellow);
    sheet.add_conditional_format(2, 1, 2, 3, &rule).unwrap();
    sheet.set_repeat_rows(0, 1).unwrap();
    let notes = workbook.add_worksheet();
    notes.set_name("备忘").unwrap().write_string(0, 0, "不要动").unwrap();
    notes.set_active(true);
    workbook.define_name("单价", "='备忘'!$A$1").unwrap();
    FilledForm::new(workbook.save_to_buffer().unwrap()).saved("2025-09-01T08:00:00").bytes().to_vec()
}

fn part_bytes(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut content = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut content).unwrap();
    content
}

#[test]
fn everything_else_is_as_the_department_had_it() {
    let asked = Asked::small();
    let original = elaborate();
    asked.receive("a.xlsx", &original);
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0206 B3; Y0203 C3; Y0211 D3"]);
    let copy = asked.returned("01-市公安局.xlsx");
    for untouched in ["xl/sharedStrings.xml", "xl/theme/theme1.xml", "xl/worksheets/_rels/sheet1.xml.rels"] {
        assert_eq!(part_bytes(copy.bytes(), untouched), part_bytes(&original, untouched), "{untouched}");
    }
    let sheet = copy.part("xl/worksheets/sheet1.xml");
    let before = String::from_utf8(part_bytes(&original, "xl/worksheets/sheet1.xml")).unwrap();
    // Of the sheet only the styles of three cells are new.
    let without_styles = |xml: &str| {
        let mut text = xml.to_owned();
        for cell in ["B3", "C3", "D3"] {
            let start = text.find(&format!("<c r=\"{cell}\"")).unwrap();
            let end = start + text[start..].find('>').unwrap();
            let mut tag: Vec<&str> =
                text[start..end].split(' ').filter(|word| !word.starts_with("s=")).collect();
            tag.sort_unstable();
            text = format!("{}{}{}", &text[..start], tag.join(" "), &text[end..]);
        }
        text
    };
    assert_eq!(without_styles(&sheet), without_styles(&before));
    for kept in
        ["<f>F9*2</f><v>-20</v>", "<mergeCell ref=\"A1:D1\"/>", "width=\"33.", "conditionalFormatting"]
    {
        assert!(sheet.contains(kept), "{kept}: {sheet}");
    }
    let workbook = copy.part("xl/workbook.xml");
    let sheets: Vec<&str> = workbook
        .split("<sheet ")
        .skip(1)
        .map(|it| it.split("name=\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert_eq!(sheets, ["更正说明", "我们'的表", "备忘"], "{workbook}");
    assert!(workbook.contains("localSheetId=\"1\"") && workbook.contains("单价"), "{workbook}");
    assert!(workbook.contains("activeTab=\"0\""), "{workbook}");
    assert!(
        !copy.part("xl/worksheets/sheet2.xml").contains("tabSelected=\"1\""),
        "one sheet is selected, not two"
    );
}

#[test]
fn bad_cells_are_coloured_commented_and_listed_with_links() {
    let asked = Asked::small();
    asked.receive("a.xlsx", elaborate());
    asked.collect().ending_with(1);
    let copy = asked.returned("01-市公安局.xlsx");
    let comments = copy.part("xl/comments1.xml");
    assert!(
        comments.contains("科室自己的批注") && comments.contains("须更正：这里应为数字，却是“十八”"),
        "{comments}"
    );
    assert_eq!(comments.matches("<comment ").count(), 3, "{comments}");
    let drawing = copy.part("xl/drawings/vmlDrawing1.vml");
    assert_eq!(drawing.matches("<x:ClientData").count(), 3, "{drawing}");
    let styles = copy.part("xl/styles.xml");
    // The bold yellow cell with its number format is red now, and still bold with its format.
    let is_red = |format: &&str| format.contains("fillId=\"3\"");
    let red = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").find(is_red);
    assert!(red.unwrap().contains("numFmtId=\"164\" fontId=\"1\""), "{styles}");
    assert!(styles.contains("FFFFC7CE"), "{styles}");
    let list = copy.part("xl/worksheets/sheetYuebao.xml");
    for piece in [
        "市公安局　2025年8月　窗口月报",
        "有 2 处须更正，1 处请核对。",
        "location=\"&apos;我们&apos;&apos;的表&apos;!B3\"",
        "这一列不应有负数：-20",
        "我们&apos;的表!D3",
    ] {
        assert!(list.contains(piece), "{piece}: {list}");
    }
}

#[test]
fn the_list_speaks_to_the_department_and_shows_its_texts_whole() {
    let asked = Asked::with_all_checks(Bulletin::sample());
    asked.receive("a.xlsx", asked.form("12").filled(["2518400", "24227", "49", "3", "/"]).bytes());
    asked.collect().done();
    let copy = asked.returned("12-交通运输厅.xlsx");
    let list = copy.part("xl/worksheets/sheetYuebao.xml");
    assert!(list.contains("请核对：填错的请改正，属实的请在报送时说明原因"), "{list}");
    for of_the_office in ["issue.toml", "acknowledge", "与部门核实"] {
        assert!(!list.contains(of_the_office), "{of_the_office}: {list}");
        assert!(!copy.part("xl/comments1.xml").contains(of_the_office), "{of_the_office}");
    }
    assert!(list.contains("<row r=\"4\" ht=\"34\" customHeight=\"1\">"), "two lines of text: {list}");
}

#[test]
fn a_marked_form_is_still_a_form_and_may_go_out_twice() {
    let asked = Asked::small();
    asked.receive("a.xlsx", asked.form("01").filled(["-1", "1", "1"]).bytes());
    asked.collect().ending_with(1);
    let copy = asked.returned("01-市公安局.xlsx");
    assert!(copy.part("xl/comments1.xml").matches("<comment ").count() > 1, "the form's own comments stay");
    // Sent back with another fault, then without.
    // Whoever corrects it is at another sheet than the list.
    let at_another = |workbook: &str| workbook.replace("activeTab=\"0\"", "activeTab=\"1\"");
    let copy = copy.with("B5", "十").with_part("xl/workbook.xml", at_another);
    assert!(copy.part("xl/workbook.xml").contains("activeTab=\"1\""));
    asked.receive("a.xlsx", copy.saved("2025-09-02T08:00:00").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0203 B5"]);
    let copy = asked.returned("01-市公安局.xlsx");
    assert_eq!(copy.part("xl/workbook.xml").matches("更正说明").count(), 1);
    assert!(copy.part("xl/workbook.xml").contains("activeTab=\"0\""), "one sheet alone is shown");
    asked.receive("a.xlsx", copy.with("B5", "10").saved("2025-09-03T08:00:00").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: merged"]);
}

/// What the department corrected is not red any longer when its file has to go out once more.
#[test]
fn a_second_copy_marks_only_what_is_still_wrong() {
    let asked = Asked::small();
    let form = asked.form("01").filled(["-1", "十", "1"]);
    let style_of = |copy: &FilledForm, cell: &str| {
        let sheet = copy.part("xl/worksheets/sheet1.xml");
        let tag =
            sheet.split(&format!("<c r=\"{cell}\"")).nth(1).unwrap().split('>').next().unwrap().to_owned();
        let style: usize = tag.split("s=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let styles = copy.part("xl/styles.xml");
        styles.split("<cellXfs").nth(1).unwrap().split("<xf ").nth(style + 1).unwrap().to_owned()
    };
    let (first, second) = (style_of(&form, "B5"), style_of(&form, "D5"));
    asked.receive("a.xlsx", form.bytes());
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0206 B5; Y0203 D5"]);
    let copy = asked.returned("01-市公安局.xlsx");
    assert_ne!(style_of(&copy, "B5"), first);
    let comments = copy.part("xl/comments1.xml").matches("<comment ").count();
    let boxes = copy.part("xl/drawings/vmlDrawing1.vml").matches("<x:ClientData").count();

    asked.receive("a.xlsx", copy.with("B5", "1").saved("2025-09-02T08:00:00").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0203 D5"]);
    let copy = asked.returned("01-市公安局.xlsx");
    assert_eq!(style_of(&copy, "B5"), first, "as the form had it");
    assert_ne!(style_of(&copy, "D5"), second, "still red");
    let text = copy.part("xl/comments1.xml");
    assert_eq!(text.matches("<comment ").count(), comments - 1);
    assert_eq!(text.matches("须更正：").count(), 1, "{text}");
    assert_eq!(copy.part("xl/drawings/vmlDrawing1.vml").matches("<x:ClientData").count(), boxes - 1);
    let list = copy.part("xl/worksheets/sheetYuebao.xml");
    assert!(list.contains("!D5") && !list.contains("!B5"), "{list}");
}

/// A department's own words in a comment stay, also where ours were added to them.
#[test]
fn a_second_copy_keeps_the_departments_own_comments() {
    let asked = Asked::small();
    asked.receive("a.xlsx", elaborate());
    asked.collect().ending_with(1);
    let copy = asked.returned("01-市公安局.xlsx").with("B3", "20").with("C3", "18").with("D3", "约");
    asked.receive("a.xlsx", copy.saved("2025-09-02T08:00:00").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0203 D3"]);
    let comments = asked.returned("01-市公安局.xlsx").part("xl/comments1.xml");
    assert!(comments.contains("科室自己的批注"), "{comments}");
    assert_eq!(
        (comments.matches("<comment ").count(), comments.matches("须更正：").count()),
        (2, 1),
        "{comments}"
    );
}

#[test]
fn an_answer_with_warnings_only_counts_and_is_marked_too() {
    let asked = Asked::small();
    asked.receive("a.xlsx", asked.form("01").filled(["1,200", "1", ""]).bytes());
    assert_eq!(asked.collected(), ["a.xlsx: merged; Y0211 B5; Y0210 F5"]);
    let copy = asked.returned("01-市公安局.xlsx");
    assert!(copy.part("xl/worksheets/sheetYuebao.xml").contains("有 2 处请核对。"));
}

#[test]
fn other_formats_are_written_anew_and_say_so() {
    let asked = Asked::small();
    asked.receive("a.csv", "部门,办件（件）/受理量,办件（件）/办结量,邮寄量（件）\n市公安局,约1,2,3\n");
    asked.receive("锁住的.xlsx", bytes::compound("EncryptedPackage"));
    asked.collect().ending_with(1);
    let copy = asked.returned("01-市公安局.xlsx");
    let strings = copy.part("xl/sharedStrings.xml");
    for piece in ["原文件不是 xlsx 格式", "约1", "市公安局", "更正说明", "须更正"] {
        let workbook = copy.part("xl/workbook.xml");
        assert!(strings.contains(piece) || workbook.contains(piece), "{piece}: {strings}");
    }
    let sheet = copy.part("xl/worksheets/sheet2.xml");
    assert!(sheet.contains("<v>2</v>"), "{sheet}");
    assert!(sheet.contains("<col min=\"2\" max=\"3\" width=\"19."), "the headers are seen whole: {sheet}");
    let locked = asked.returned("未认出-锁住的.xlsx").part("xl/sharedStrings.xml");
    assert!(locked.contains("原文件打不开") && locked.contains("密码"), "{locked}");
}

/// Once it is known whose a file is, the copy from before is no longer there to be sent.
#[test]
fn a_copy_of_an_unknown_file_goes_when_the_file_is_known() {
    let asked = Asked::small();
    let csv = |name: &str| format!("部门,办件（件）/受理量,办件（件）/办结量,邮寄量（件）\n{name},1,2,3\n");
    let own = "output/returns/2025-08/未认出-我的笔记.xlsx";
    asked.receive("甲/报表.csv", csv("公安分局")).receive("乙/报表.csv", csv("民政分局"));
    asked.collect().ending_with(1);
    let copies = || {
        let folder = std::fs::read_dir(asked.bulletin.path("output/returns/2025-08")).unwrap();
        let mut names: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(copies(), ["未认出-报表-2.xlsx", "未认出-报表.xlsx"]);
    std::fs::write(asked.bulletin.path(own), "").unwrap();
    // One of the two names becomes known.
    let register = asked.bulletin.path("data/departments.toml");
    let with_alias = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&register).unwrap().replacen(from, to, 1);
        std::fs::write(&register, text).unwrap();
    };
    with_alias("\"公安局\"", "\"公安局\", \"公安分局\"");
    asked.collect().ending_with(1);
    assert_eq!(copies(), ["未认出-我的笔记.xlsx", "未认出-报表.xlsx"]);
    with_alias("\"民政局\"", "\"民政局\", \"民政分局\"");
    asked.collect().done();
    assert_eq!(copies(), ["未认出-我的笔记.xlsx"], "what others put there stays");
}

/// Nor is the copy that went out under a department's former name.
#[test]
fn a_renamed_departments_copy_goes_when_its_correction_comes() {
    let asked = Asked::small();
    let form = asked.form("03");
    asked.receive("a.xlsx", form.clone().filled(["-1", "1", "1"]).bytes());
    asked.collect().ending_with(1);
    let copy = asked.bulletin.path("output/returns/2025-08/03-市司法局.xlsx");
    assert!(copy.exists());
    let to = "name = \"市司法行政局\"\naliases = [\"市司法局\"]";
    let asked =
        asked.changed(|bulletin| bulletin.with_edit("data/departments.toml", "name = \"市司法局\"", to));
    asked.receive("a.xlsx", form.filled(["1", "1", "1"]).saved("2025-09-02T08:00:00").bytes());
    asked.collect().done();
    assert!(!copy.exists());
}

#[test]
fn libreoffice_opens_a_marked_copy() {
    if !has_libreoffice() {
        return;
    }
    let asked = Asked::small();
    asked.receive("a.xlsx", elaborate());
    asked.collect().ending_with(1);
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("soffice")
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .arg(folder.path())
        .arg(asked.bulletin.path(&format!("output/returns/{ASKED_MONTH}/01-市公安局.xlsx")))
        .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let opened = FilledForm::new(std::fs::read(folder.path().join("01-市公安局.xlsx")).unwrap());
    let comments: Vec<String> =
        opened.part_names().into_iter().filter(|name| name.contains("comments")).collect();
    assert_eq!(comments.len(), 1, "{comments:?}");
    assert_eq!(opened.part(&comments[0]).matches("<comment ").count(), 3);
    let sheet = opened.part("xl/worksheets/sheet2.xml");
    assert!(sheet.contains("F9*2</f>") && sheet.contains("<mergeCell ref=\"A1:D1\"/>"), "{sheet}");
    assert!(opened.part("xl/worksheets/sheet1.xml").contains("<hyperlink "));

    // Two cells are corrected in LibreOffice; the third goes out again.
    let opened = opened.with_in("xl/worksheets/sheet2.xml", "B3", "20");
    asked.receive("a.xlsx", opened.with_in("xl/worksheets/sheet2.xml", "C3", "18").bytes());
    asked.collect().done();
    let copy = asked.returned("01-市公安局.xlsx");
    let text = copy.part(&comments[0]);
    assert!(text.contains("科室自己的批注") && !text.contains("须更正"), "{text}");
    assert_eq!(text.matches("<comment ").count(), 2, "{text}");
}
