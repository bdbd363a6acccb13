//! What has no room: it must not leave the paper, vanish or be printed over something else without a word.

use std::fmt::Write;

use crate::harness::{Bulletin, Table, printed::document};
use crate::layout::page::pages;

const ISSUE: &str = "data/2025-07/issue.toml";
const SETTINGS: &str = "yuebao.toml";
const REGISTER: &str = "data/departments.toml";
const TABLES: &str = "templates/bulletin/table.typ";
const MEASURES: &str = "templates/bulletin/measures.typ";
const PAGE: &str = "templates/bulletin/page.typ";

/// The bulletin with a picture that has a caption of so many characters.
fn with_caption(characters: usize) -> Bulletin {
    let caption = "检查现场".repeat(characters / 4);
    let picture = format!(
        "text = \"逐个窗口对照检查，限期改正。\"\n\
         picture = {{ file = \"点.svg\", caption = \"{caption}\", description = \"检查\" }}"
    );
    Bulletin::new()
        .with_file(
            "data/2025-07/点.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\"/></svg>",
        )
        .with_edit(ISSUE, "text = \"逐个窗口对照检查，限期改正。\"", &picture)
}

#[test]
fn a_text_outside_the_page_is_told_where_it_is_written() {
    let word = format!("限期改正https://a.cn/{}。", "abcdefghij".repeat(8));
    let imprint = "市级各部门窗口、".repeat(220);
    for (bulletin, finding, message) in [
        (
            Bulletin::new().with_edit(ISSUE, "限期改正。", &word),
            "Y0611 issue.toml:21:8",
            "Y0611 第 1 页的“https://a.cn/abcdefghijabcdefghijabcdefg…”印到了纸外",
        ),
        (
            Bulletin::new().with_edit(SETTINGS, "市级各部门窗口", &imprint),
            "Y0611 yuebao.toml:7:11",
            "Y0611 第 4 页的“",
        ),
    ] {
        let answer = bulletin.check();
        assert_eq!(answer.findings(), [finding], "{:?}", answer.messages());
        assert!(answer.messages()[0].starts_with(message), "{:?}", answer.messages());
        bulletin.run(&["build", "2025-07"]).ending_with(1);
        assert!(!bulletin.path("output/2025-07.pdf").exists());
    }
}

#[test]
fn a_picture_that_its_caption_leaves_no_room_is_told() {
    with_caption(120).check().is_clean();
    let only_the_picture = with_caption(680).check();
    assert_eq!(only_the_picture.messages(), ["Y0611 第 2 页的图片没有地方，印不出来"]);
    assert_eq!(only_the_picture.findings(), ["Y0611 issue.toml:22:20"]);
    let both = with_caption(900).check();
    assert_eq!(both.findings(), ["Y0611 issue.toml:22:20", "Y0611 issue.toml:22:39"]);
}

#[test]
fn a_template_whose_measures_leave_the_page_is_told() {
    let columns = ("width => width * 1fr", "width => width * 3mm");
    let answer = Bulletin::new().with_edit(TABLES, columns.0, columns.1).check();
    assert_eq!(
        answer.messages(),
        ["Y0611 第 2 页的“得分”等印到了纸外", "Y0611 第 3 页的“邮寄量（件）”印到了纸外"]
    );
    let left = Bulletin::new().with_edit(MEASURES, "left: 28mm", "left: -28mm").check();
    assert!(left.messages()[0].starts_with("Y0611 第 1"), "{:?}", left.messages());
}

#[test]
fn the_background_of_a_page_may_be_larger_than_it() {
    let sample = Bulletin::new().with_edit(ISSUE, "number = 7", "number = 7\nsample = true");
    sample.with_edit(PAGE, "size: 180pt", "size: 500pt").check().is_clean();
}

#[test]
fn a_header_higher_than_a_page_is_told_with_its_column() {
    let header = "其中：通过全国一体化政务服务平台和省级政务服务平台受理的“跨省通办”事项办件邮寄数量（含代寄，单位：件）";
    let bulletin = Bulletin::new().with_edit(
        SETTINGS,
        "header = \"邮寄量（件）\"\naliases = [\"邮寄件数\"]",
        &format!("header = \"{header}\"\naliases = [\"邮寄量（件）\"]\nwidth = 0.3"),
    );
    let answer = bulletin.build();
    assert_eq!(answer.findings(), ["Y0612 yuebao.toml:74:9"], "{:?}", answer.messages());
    assert!(answer.messages()[0].starts_with("Y0612 表 operations 的表头太高，加上一行就放不下一页"));
}

#[test]
fn a_department_whose_row_is_higher_than_a_page_is_told_with_its_column() {
    let bulletin = Bulletin::new().with_edit(
        REGISTER,
        "name = \"市司法局\"",
        &format!("name = \"{}\"\naliases = [\"市司法局\"]", "市司法局联合窗口".repeat(100)),
    );
    let answer = bulletin.build();
    assert_eq!(answer.findings(), ["Y0612 yuebao.toml:25:9", "Y0612 yuebao.toml:58:9"]);
    let name = "市司法局联合窗口".repeat(5);
    assert_eq!(
        answer.messages()[1],
        format!("Y0612 表 operations 中“{name}…”一行比一页还高，放不下：列“部门”太窄，或名称太长")
    );
}

#[test]
fn a_table_without_room_still_tells_of_its_narrow_columns() {
    let name = "市司法局联合窗口".repeat(200);
    let receipts = "header = \"办件（件）/受理量\"";
    let bulletin = Bulletin::new()
        .with_edit(REGISTER, "name = \"市司法局\"", &format!("name = \"{name}\"\naliases = [\"市司法局\"]"))
        .with_edit(SETTINGS, "header = \"部门\"\nwidth = 3", "header = \"部门\"\nwidth = 6")
        .with_edit(SETTINGS, receipts, &format!("{receipts}\nwidth = 0.1"));
    let mut told = bulletin.check().findings();
    told.sort();
    assert_eq!(told, ["Y0610 yuebao.toml:63:9", "Y0612 yuebao.toml:25:9", "Y0612 yuebao.toml:58:9"]);
}

/// A ranked bulletin of 20 departments with long names, in ties of 8, 8 and 4.
fn long_ties() -> Bulletin {
    let mut register = String::new();
    let mut assessment = Table::new("考核").row(1, ["", "部门窗口", "基本得分", "加分", "得分"]);
    let mut operations = Table::new("办件")
        .row(1, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
        .row(2, ["", "", "受理量", "办结量"])
        .merging("C1:D1");
    for row in 2..22 {
        let name = format!("第{row}局（含派驻市政务服务中心联合办事窗口及其分窗口）");
        write!(register, "[[department]]\nname = \"{name}\"\n\n").unwrap();
        let score = (90 - (row - 2) / 8).to_string();
        assessment = assessment.row(row, ["", &name, &score, "0", &score]);
        operations = operations.row(row + 1, ["", &name, "10", "9", "/"]);
    }
    Bulletin::new()
        .with_file(REGISTER, register)
        .with_table("assessment", assessment)
        .with_table("operations", operations)
        .with_edit(SETTINGS, "header = \"部门窗口\"\nwidth = 3", "header = \"部门窗口\"\nwidth = 0.8")
}

#[test]
fn a_tie_higher_than_a_page_has_its_number_in_each_row() {
    let ranking = "ranking = \"score\"";
    for bulletin in
        [long_ties(), long_ties().with_edit(SETTINGS, ranking, &format!("{ranking}\ntotal = true"))]
    {
        has_numbers_in_long_ties(&bulletin);
    }
}

#[track_caller]
fn has_numbers_in_long_ties(bulletin: &Bulletin) {
    bulletin.build().is_clean();
    let pages = pages(&document(bulletin.root(), "2025-07"));
    let first = pages.iter().position(|page| page.text().contains("附件1")).unwrap();
    let after = pages.iter().position(|page| page.text().contains("附件2")).unwrap();
    let numbers: Vec<&str> = pages[first..after]
        .iter()
        .flat_map(|page| &page.glyphs)
        .filter(|glyph| glyph.x < 50.0 && (glyph.size - 12.0).abs() < 0.01 && "179".contains(&glyph.text))
        .map(|glyph| glyph.text.as_str())
        .collect();
    // The last tie, of four, has room: it shares the number 17.
    assert_eq!(numbers.concat(), format!("{}{}17", "1".repeat(8), "9".repeat(8)));
    let figures: serde_json::Value =
        serde_json::from_slice(&bulletin.bytes("output/2025-07.figures.json")).unwrap();
    let is_rank = |figure: &&serde_json::Value| figure["id"].as_str().unwrap().ends_with("].rank");
    let ranks: Vec<_> = figures["figures"].as_array().unwrap().iter().filter(is_rank).collect();
    assert_eq!(ranks.len(), 20);
    for rank in ranks {
        assert_eq!(rank["positions"].as_array().unwrap().len(), 1, "{rank}");
    }
}

#[test]
fn a_long_title_and_a_publisher_without_room_are_told() {
    let title = "政务服务月报第一".repeat(7);
    let answer =
        Bulletin::new().with_edit(SETTINGS, "title = \"窗口月报\"", &format!("title = \"{title}\"")).check();
    assert_eq!(answer.messages(), ["Y0613 月报名称太长：排在一行要缩到 7 磅，太小"]);
    assert_eq!(answer.findings(), ["Y0613 yuebao.toml:2:9"]);
    let twenty = "政务服务和公共资源交易工作情况月报";
    Bulletin::new().with_edit(SETTINGS, "\"窗口月报\"", &format!("\"{twenty}\"")).check().is_clean();

    let publisher = "某某市政务服务中心办公室".repeat(10);
    let answer = Bulletin::new().with_edit(SETTINGS, "市政务服务中心", &publisher).check();
    assert_eq!(answer.messages(), ["Y0613 主办单位太长：缩到 9 磅仍放不下，会压住期号和月报名称"]);
    assert_eq!(answer.findings(), ["Y0613 yuebao.toml:3:13"]);
}

#[test]
fn a_title_of_two_lines_is_refused() {
    let answer = Bulletin::new().with_edit(SETTINGS, "\"窗口月报\"", "\"窗口\\n月报\"").check();
    assert_eq!(answer.messages(), ["Y0104 title（月报名称）只能是一行，不能换行"]);
    assert_eq!(answer.findings(), ["Y0104 yuebao.toml:2:9"]);
}
