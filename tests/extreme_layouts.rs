//! What the sample does not have: long ties, wide numbers, long lists, several publishers. Nothing may leave the
//! paper or be printed over something else.

use std::fmt::Write;

use crate::harness::{Bulletin, Table, printed::document};
use crate::layout::page::{Glyph, Line, Page, pages};

const SETTINGS: &str = "yuebao.toml";
const REGISTER: &str = "data/departments.toml";
/// The type area's edges in millimetres.
const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const BOTTOM: f64 = 262.0;

/// The bulletin with so many departments, of whom all have the same score.
fn tied(departments: usize) -> Bulletin {
    let names: Vec<String> = (1..=departments).map(|number| format!("第{number}局")).collect();
    scored(&names, |_| 1)
}

/// The bulletin with these departments, and what each has beside 90 points.
fn scored(names: &[String], bonus: impl Fn(usize) -> usize) -> Bulletin {
    let register = names.iter().fold(String::new(), |mut text, name| {
        writeln!(text, "[[department]]\nname = \"{name}\"\n").unwrap();
        text
    });
    let mut assessment = Table::new("考核").row(1, ["", "部门窗口", "基本得分", "加分", "得分"]);
    let mut operations = Table::new("办件")
        .row(1, ["序号", "部门", "办件（件）", "", "邮寄量（件）"])
        .row(2, ["", "", "受理量", "办结量"]);
    for (index, name) in names.iter().enumerate() {
        let (row, bonus) = (index as u32 + 2, bonus(index));
        let score = 90 + bonus;
        assessment = assessment.row(row, ["", name, "90", &bonus.to_string(), &score.to_string()]);
        operations = operations.row(row + 1, ["", name, "10", "9", "/"]);
    }
    let operations = operations.merging("C1:D1");
    Bulletin::new()
        .with_file(REGISTER, register)
        .with_table("assessment", assessment)
        .with_table("operations", operations)
}

fn laid_out(bulletin: &Bulletin) -> Vec<Page> {
    pages(&document(bulletin.root(), "2025-07"))
}

#[test]
fn a_tie_longer_than_a_page_loses_nobody() {
    for departments in [8, 9, 22, 25, 60] {
        let bulletin =
            tied(departments).with_edit(SETTINGS, "ranking = \"score\"", "ranking = \"score\"\ntotal = true");
        bulletin.build();
        let pages = laid_out(&bulletin);
        let first = pages.iter().position(|page| page.text().contains("附件1")).unwrap();
        let after = pages.iter().position(|page| page.text().contains("附件2")).unwrap();
        assert!(pages[first].text().contains("7月考核结果"), "label and title stand together");
        for number in 1..=departments {
            let name = format!("第{number}局1");
            let row = pages[first..after]
                .iter()
                .flat_map(|page| page.lines(|_| true))
                .find(|line| line.text().contains(&format!("第{number}局")) && line.y < BOTTOM);
            assert!(row.is_some(), "{name} of {departments}");
        }
    }
}

/// The departments on each page of the appendices whose titles have a word, and whether 合计 stands there.
fn rows_by_page(bulletin: &Bulletin, title: &str) -> Vec<(usize, bool)> {
    let pages = laid_out(bulletin);
    let labels = |page: &&Page| page.text().contains("附件") && page.text().contains(title);
    let first = pages.iter().rposition(|page| labels(&page)).unwrap();
    let next = |page: &Page| page.text().contains("附件");
    let after = pages[first + 1..].iter().position(next).map_or(pages.len(), |more| first + 1 + more);
    let rows = |page: &Page| {
        // A department is known by its number on one line, however long the rest of its name.
        let lines = page.lines(|glyph| glyph.y < BOTTOM);
        (
            lines.iter().filter(|line| line.text().contains("第")).count(),
            lines.iter().any(|line| line.text().contains("合计")),
        )
    };
    // The imprint may stand on a page of its own.
    pages[first..after].iter().map(rows).filter(|rows| *rows != (0, false)).collect()
}

#[test]
fn a_total_never_stands_alone_on_a_page() {
    for (departments, pages) in [
        (16, vec![(16, true)]),
        (17, vec![(16, false), (1, true)]),
        (18, vec![(17, false), (1, true)]),
        (36, vec![(17, false), (19, true)]),
        (37, vec![(17, false), (19, false), (1, true)]),
        (38, vec![(17, false), (20, false), (1, true)]),
    ] {
        let names: Vec<String> = (1..=departments).map(|number| format!("第{number}局")).collect();
        let bulletin = scored(&names, |_| 1);
        bulletin.build();
        assert_eq!(rows_by_page(&bulletin, "办件情况"), pages, "{departments}");
    }
}

#[test]
fn a_total_never_stands_alone_below_a_title_of_several_lines() {
    // As many departments as have room on the first page, without the total.
    for (words, departments) in [(2, 16), (4, 15)] {
        let names: Vec<String> = (1..=departments).map(|number| format!("第{number}局")).collect();
        let title = "各部门窗口全程网办和综合窗口".repeat(words);
        let bulletin = scored(&names, |_| 1).with_edit(SETTINGS, "月办件情况", &format!("月{title}办件情况"));
        bulletin.build();
        let pages = rows_by_page(&bulletin, "办件情况");
        assert_eq!(pages, [(departments - 1, false), (1, true)], "{departments}");
    }
}

#[test]
fn a_total_stays_with_a_department_of_a_long_name_and_with_a_whole_tie() {
    for (words, departments) in [(2, 14), (3, 20), (5, 7)] {
        let long = |number| format!("第{number}局{}", "及其直属机构联合窗口".repeat(words));
        let bulletin = scored(&(1..=departments).map(long).collect::<Vec<_>>(), |_| 1);
        bulletin.build();
        let pages = rows_by_page(&bulletin, "办件情况");
        assert_eq!(pages.last(), Some(&(1, true)), "{departments}: {pages:?}");
    }
    // The last three of each share a rank.
    for departments in 14..=22 {
        let names: Vec<String> = (1..=departments).map(|number| format!("第{number}局")).collect();
        let bulletin = scored(&names, |index| (departments - 1 - index).saturating_sub(2) + 1).with_edit(
            SETTINGS,
            "ranking = \"score\"",
            "ranking = \"score\"\ntotal = true",
        );
        bulletin.build();
        let pages = rows_by_page(&bulletin, "考核结果");
        let (rows, has_total) = *pages.last().unwrap();
        assert!(has_total && (rows > 2 || pages.len() == 1), "{departments}: {pages:?}");
    }
}

#[test]
fn a_short_tie_has_one_merged_number_and_a_long_one_a_number_in_each_row() {
    let numbers = |departments: usize| {
        let bulletin = tied(departments);
        let pages = laid_out(&bulletin);
        let page = pages.iter().find(|page| page.text().contains("附件1")).unwrap();
        let in_first_column =
            |glyph: &&Glyph| glyph.x < 45.0 && (glyph.size - 12.0).abs() < 0.01 && glyph.text == "1";
        page.glyphs.iter().filter(in_first_column).count()
    };
    assert_eq!((numbers(8), numbers(9)), (1, 9));
}

#[test]
fn a_number_wider_than_its_column_is_set_smaller_and_told() {
    let wide = || {
        Bulletin::new()
            .with_changed("operations", |table| {
                (4..8).fold(table.without_row(8), |table, row| {
                    table.with(&format!("C{row}"), 123_456_789_012.0)
                })
            })
            .with_edit(
                SETTINGS,
                "header = \"办件（件）/受理量\"",
                "header = \"办件（件）/受理量\"\nwidth = 1",
            )
    };
    let answer = wide().check();
    assert_eq!(
        answer.messages(),
        ["Y0610 表 operations 的列“办件（件）/受理量”太窄：5 处要缩小才放得下，最小的“493827156048”缩到 71%"]
    );
    let pages = laid_out(&wide());
    let page = pages.iter().find(|page| page.text().contains("附件2")).unwrap();
    let rules: Vec<f64> =
        page.rules.iter().filter(|rule| !rule.is_horizontal()).map(|rule| rule.from.0).collect();
    for line in page.lines(|glyph| glyph.text.parse::<u8>().is_ok()) {
        for glyph in &line.glyphs {
            let crosses = rules.iter().any(|x| glyph.x + 0.1 < *x && *x < glyph.x + glyph.advance - 0.1);
            assert!(!crosses, "{glyph:?}");
        }
    }
}

#[test]
fn a_name_wider_than_its_column_is_not_told_to_have_fewer_decimals() {
    let name = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-LongEnglishDepartmentName";
    let answer = Bulletin::new()
        .with_edit(REGISTER, "name = \"市司法局\"", &format!("name = \"{name}\"\naliases = [\"市司法局\"]"))
        .check();
    let hint = "请在 yuebao.toml 中加大这一列的 width（或减小别的列的）；\
                或在 data/departments.toml 中改用较短的名称";
    assert_eq!(answer.findings(), ["Y0610 yuebao.toml:25:9", "Y0610 yuebao.toml:58:9"]);
    assert_eq!(answer.hints(), [hint, hint]);
}

#[test]
fn a_number_that_could_not_be_read_is_an_error() {
    let bulletin = Bulletin::new().with_edit(
        SETTINGS,
        "header = \"办件（件）/受理量\"",
        "header = \"办件（件）/受理量\"\nwidth = 0.1",
    );
    let answer = bulletin.check();
    assert!(answer.messages()[0].starts_with("Y0610"), "{:?}", answer.messages());
    bulletin.run(&["build", "2025-07"]).ending_with(1);
}

#[test]
fn a_column_without_any_room_is_an_error_at_its_width_or_header() {
    let receipts = "header = \"办件（件）/受理量\"";
    let bulletin = |receipts_width: &str, department_width: &str| {
        Bulletin::new()
            .with_edit(
                SETTINGS,
                "header = \"部门\"\nwidth = 3",
                &format!("header = \"部门\"\nwidth = {department_width}"),
            )
            .with_edit(SETTINGS, receipts, &format!("{receipts}\nwidth = {receipts_width}"))
    };
    for (bulletin, findings) in [
        (bulletin("0.1", "6"), vec!["Y0610 yuebao.toml:63:9"]),
        // All others have no room beside one.
        (
            bulletin("1", "100"),
            vec![
                "Y0610 yuebao.toml:53:10",
                "Y0610 yuebao.toml:63:9",
                "Y0610 yuebao.toml:68:10",
                "Y0610 yuebao.toml:73:10",
            ],
        ),
    ] {
        let answer = bulletin.check();
        assert_eq!(answer.findings(), findings, "{:?}", answer.messages());
        for message in answer.messages() {
            assert!(message.ends_with("太窄：边距之外没有地方，什么也放不下"), "{message}");
        }
    }
}

#[test]
fn a_han_character_is_not_wider_than_its_column() {
    let bulletin = Bulletin::new()
        .with_edit(SETTINGS, "header = \"部门\"\nwidth = 3", "header = \"部门\"\nwidth = 0.2")
        .with_edit(SETTINGS, "header = \"办件（件）/受理量\"", "header = \"办件（件）/受理量\"\nwidth = 2");
    let answer = bulletin.check();
    assert!(
        answer.messages()[0].starts_with("Y0610 表 operations 的列“部门”太窄"),
        "{:?}",
        answer.messages()
    );
}

#[test]
fn the_numbers_of_ten_attachments_have_room() {
    let more = (3..=12).fold(String::new(), |mut text, number| {
        write!(
            text,
            "[[table]]\nname = \"more{number}\"\ntitle = \"2025年的第{number}张表\"\n\n\
             [[table.column]]\nrole = \"department\"\nheader = \"部门\"\n\n\
             [[table.column]]\nname = \"count\"\nheader = \"数量\"\nunit = \"件\"\n\n"
        )
        .unwrap();
        text
    });
    let table = Table::new("数量")
        .row(1, ["部门", "数量"])
        .row(2, ["市公安局", "1"])
        .row(3, ["市民政局", "1"])
        .row(4, ["市司法局", "1"])
        .row(5, ["市教育局", "1"])
        .xlsx();
    let bulletin = Bulletin::new().with_edit(
        SETTINGS,
        "[[table]]\nname = \"operations\"",
        &format!("{more}[[table]]\nname = \"operations\""),
    );
    let bulletin = (3..=12).fold(bulletin, |bulletin, number| {
        bulletin.with_file(&format!("data/2025-07/more{number}.xlsx"), table.clone())
    });
    bulletin.check().is_clean();
    let pages = laid_out(&bulletin);
    let lines: Vec<Line> = pages.iter().flat_map(|page| page.lines(|_| true)).collect();
    let tenth = lines.iter().find(|line| line.text().starts_with("10.")).unwrap();
    let (point, name) = (&tenth.glyphs[2], &tenth.glyphs[3]);
    assert!(point.x + point.advance <= name.x, "{point:?} {name:?}");
}

#[test]
fn publishers_of_several_lines_leave_the_number_alone() {
    for names in [2, 3, 5, 8] {
        let publisher = "市人民政府政务服务和公共资源交易服务中心、".repeat(names);
        let bulletin = Bulletin::new().with_edit(SETTINGS, "市政务服务中心", &publisher);
        let page = laid_out(&bulletin).remove(0);
        let lines = page.lines(|_| true);
        let number = lines.iter().find(|line| line.text().starts_with("第7期")).unwrap();
        let others = lines.iter().filter(|line| line.text().contains("公共资源"));
        for other in others {
            assert!(other.y - number.y > 4.0, "{names}: {} and {}", other.y, number.y);
        }
        for glyph in &page.glyphs {
            assert!(glyph.x >= LEFT - 0.5 && glyph.x + glyph.advance <= RIGHT + 0.5, "{glyph:?}");
        }
    }
}
