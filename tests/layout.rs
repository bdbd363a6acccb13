//! The July issue held against the measures of GB/T 9704-2012 and of the bulletin's custom, with a ruler:
//! positions are read from the laid-out document.

pub mod page;

use std::path::Path;
use std::sync::LazyLock;

use page::{Line, Page, pages};

use crate::harness::{Bulletin, REPOSITORY, printed::document};

/// The type area (GB/T 9704-2012 5.2.1), in millimetres.
const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
/// 一字: the type area's width in 28 characters.
const CHARACTER: f64 = (RIGHT - LEFT) / 28.0;

static JULY: LazyLock<Vec<Page>> = LazyLock::new(|| issue("2025-07"));

/// The pages of a sample issue of the repository.
fn issue(month: &str) -> Vec<Page> {
    pages(&document(Path::new(REPOSITORY), month))
}

#[track_caller]
fn assert_near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((found - wanted).abs() <= tolerance, "{what}: {found:.3} instead of {wanted} ± {tolerance}");
}

#[test]
fn the_issue_has_its_eleven_pages_in_order() {
    let starts: Vec<String> = JULY.iter().map(|page| page.lines(|_| true)[0].text()).collect();
    assert_eq!(JULY.len(), 11);
    assert_eq!(starts[0], "政务窗口月报");
    assert_eq!(starts[7], "附件1");
    assert_eq!(starts[9], "附件2");
}

#[test]
fn full_text_pages_have_22_lines_of_one_pitch() {
    for (number, page) in JULY.iter().enumerate().take(6).skip(1) {
        let lines = page.text_lines();
        assert_eq!(lines.len(), 22, "page {}", number + 1);
        assert_near(lines[0].y, 41.97, 0.1, "the first baseline");
        assert_near(lines[21].y, 261.25, 0.1, "the last baseline");
        for pair in lines.windows(2) {
            let pitch = pair[1].y - pair[0].y;
            assert_near(pitch, (lines[21].y - lines[0].y) / 21.0, 0.05, "the line pitch");
            assert!((10.23..=10.45).contains(&pitch), "{pitch}");
        }
    }
}

#[test]
fn text_stays_within_the_type_area() {
    for page in JULY.iter() {
        for glyph in &page.glyphs {
            let is_page_number = glyph.y > 264.0;
            assert!(glyph.x >= LEFT - 3.0 && glyph.x <= RIGHT + 0.1, "{glyph:?}");
            assert!((TOP..=BOTTOM).contains(&glyph.y) || is_page_number, "{glyph:?}");
        }
    }
}

#[test]
fn paragraphs_begin_two_characters_in_and_further_lines_at_the_margin() {
    let mut indented = 0;
    for page in JULY.iter().take(7) {
        for line in page.text_lines().iter().filter(|line| is_prose(line)) {
            if line.x() > LEFT + CHARACTER {
                assert_near(line.x(), 39.14, 0.2, &line.text());
                indented += 1;
            } else if !OPENING.contains(first_character(line)) {
                // A line that begins with an opening mark has its ink at the margin, its origin left of it.
                assert_near(line.x(), 28.0, 0.2, &line.text());
            }
        }
    }
    assert!(indented > 30, "{indented} paragraphs were seen");
}

const OPENING: &str = "（《“‘〈【(";
const CLOSING: &str = "。，、；：？！）》”’〉】";

fn first_character(line: &Line) -> char {
    line.text().chars().next().unwrap()
}

/// Whether a line is text, not part of the masthead or the attachment list.
fn is_prose(line: &Line) -> bool {
    let text = line.text();
    let in_list = text.starts_with("附件：") || line.x() > 45.0;
    let in_masthead = text.starts_with("第7期") || text.contains("2025年8月26日");
    !in_list && !in_masthead
}

#[test]
fn no_line_begins_or_ends_with_a_mark_that_must_not_stand_there() {
    for line in JULY.iter().take(7).flat_map(Page::text_lines) {
        let text = line.text();
        assert!(!text.starts_with(|first| CLOSING.contains(first)), "{text}");
        assert!(!text.ends_with(|last| OPENING.contains(last)), "{text}");
    }
}

#[test]
fn no_line_breaks_within_a_number_or_before_its_unit() {
    for page in JULY.iter().take(7) {
        for pair in page.text_lines().windows(2) {
            let (end, start) = (pair[0].text(), pair[1].text());
            let ends_in_digit = end.ends_with(|last: char| last.is_ascii_digit());
            let continues =
                start.starts_with(|first: char| "0123456789.%‰万亿件分人年月日期".contains(first));
            assert!(!(ends_in_digit && continues), "{end} | {start}");
        }
    }
}

#[test]
fn the_masthead_stands_where_custom_has_it() {
    let page = &JULY[0];
    let lines = page.lines(|glyph| glyph.y < 135.0);
    let [title, number, publisher] = lines.as_slice() else { panic!("{lines:?}") };
    let size = title.glyphs[0].size;
    assert!((36.0..=48.0).contains(&size), "{size}");
    assert_near(title.y - 0.88 * size * 0.352_78, 72.0, 1.0, "the title's top");
    let end = title.glyphs.last().unwrap();
    assert_near((title.x() + end.x + end.advance) / 2.0, 106.0, 0.5, "the title's centre");
    assert_eq!(title.glyphs[0].family, "Noto Serif SC");
    assert_eq!(number.text(), "第7期");
    assert_near(publisher.x(), LEFT, 0.2, "the publisher's left edge");
    let end = publisher.glyphs.last().unwrap();
    assert_near(end.x + end.advance, RIGHT, 0.5, "the date's right edge");
    assert!(publisher.text().ends_with("2025年8月26日"));
    let rules = page.horizontal_rules();
    assert_eq!(rules.len(), 1);
    assert_near(rules[0].length(), 156.0, 0.1, "the red rule's width");
    assert!((0.53..=1.0).contains(&rules[0].thickness), "{}", rules[0].thickness);
    // 4 mm below the character box of 16 pt text, whose foot is .12 em below the baseline.
    let foot = publisher.y + 0.12 * 16.0 * 0.352_78;
    assert_near(rules[0].from.1 - rules[0].thickness / 2.0 - foot, 4.0, 0.2, "the gap above the rule");
}

#[test]
fn only_the_title_and_its_rule_are_red() {
    for (index, page) in JULY.iter().enumerate() {
        for glyph in &page.glyphs {
            let is_title = index == 0 && glyph.size > 30.0;
            assert_eq!(glyph.colour == "#000000", !is_title, "{glyph:?}");
        }
        for rule in page.rules.iter().filter(|rule| rule.thickness > 0.0) {
            let is_masthead = index == 0;
            assert_eq!(rule.colour == "#000000", !is_masthead, "{rule:?}");
        }
    }
}

#[test]
fn headings_are_numbered_in_the_typefaces_of_their_level() {
    let lines: Vec<Line> = JULY.iter().take(7).flat_map(Page::text_lines).collect();
    let family = |start: &str| {
        let line = lines.iter().find(|line| line.text().starts_with(start));
        let line = line.unwrap_or_else(|| panic!("no line begins with {start}"));
        line.glyphs[2].family.clone()
    };
    assert_eq!(family("一、2025年7月总体运行情况"), "Noto Sans SC");
    assert_eq!(family("五、日常巡查及考勤情况"), "Noto Sans SC");
    assert_eq!(family("（一）省中心召开"), "FandolKai");
    assert_eq!(family("（八）"), "FandolKai");
    // The numbers start anew in each section.
    assert_eq!(lines.iter().filter(|line| line.text().starts_with("（一）")).count(), 3);
}

#[test]
fn a_run_in_lead_turns_to_body_type_after_its_first_full_stop() {
    let lines: Vec<Line> = JULY.iter().take(7).flat_map(Page::text_lines).collect();
    let line =
        lines.iter().find(|line| line.text().contains("（三）持续提升全程网办服务质量。围绕")).unwrap();
    let stop = line.glyphs.iter().position(|glyph| glyph.text == "。").unwrap();
    assert_eq!(line.glyphs[stop - 1].family, "FandolKai");
    assert_eq!(line.glyphs[stop + 1].family, "FandolFang R");
}

#[test]
fn the_attachment_list_has_its_three_columns() {
    let lines = JULY[6].text_lines();
    let first = lines.iter().position(|line| line.text().starts_with("附件：")).unwrap();
    let x_of = |line: &Line, start: &str| {
        line.glyphs.iter().find(|glyph| glyph.text == start).map(|glyph| glyph.x).unwrap()
    };
    let [one, two, further] = [&lines[first], &lines[first + 1], &lines[first + 2]];
    assert_near(one.x(), 39.14, 0.2, "附件：");
    assert_near(x_of(one, "1"), 55.86, 0.2, "the first number");
    assert_near(x_of(one, "省"), 61.43, 0.2, "the first name");
    assert_near(x_of(two, "2"), 55.86, 0.2, "the second number");
    assert_near(further.x(), 61.43, 0.2, "a name's further line");
    assert!(!further.text().ends_with('。'));
    // One blank line stands above the list.
    assert_near(one.y - lines[first - 1].y, 2.0 * 10.44, 0.1, "the blank line");
}

#[test]
fn the_attachment_list_stays_on_one_page() {
    let mut standing_first = 0;
    for lines in 6..14 {
        let news = "逐个窗口对照检查，限期改正。\n\n".repeat(lines);
        let bulletin = Bulletin::new().with_edit(
            "data/2025-07/issue.toml",
            "text = \"逐个窗口对照检查，限期改正。\"",
            &format!("text = \"\"\"\n{news}\"\"\""),
        );
        let pages = pages(&document(bulletin.root(), "2025-07"));
        let page = pages.iter().find(|page| page.text().contains("附件：")).unwrap();
        assert!(page.text().contains("7月考核结果") && page.text().contains("7月办件情况"), "{lines} lines");
        standing_first += usize::from(page.text_lines()[0].text().starts_with("附件："));
    }
    assert!(standing_first > 0, "somewhere the page before ends above the list");
}

#[test]
fn appendices_begin_with_label_blank_line_and_title() {
    for (index, label) in [(7, "附件1"), (9, "附件2")] {
        let lines = JULY[index].lines(|_| true);
        assert_eq!(lines[0].text(), label);
        assert_near(lines[0].x(), LEFT, 0.2, "the label");
        assert_near(lines[0].y, 41.97, 0.1, "the label's line");
        assert_eq!(lines[0].glyphs[0].family, "Noto Sans SC");
        assert_near(lines[1].glyphs[0].size, 22.0, 0.01, "the title's size");
        let (first, last) = (&lines[1].glyphs[0], lines[1].glyphs.last().unwrap());
        assert_near((first.x + last.x + last.advance) / 2.0, 106.0, 0.3, "the title's centre");
    }
}

#[test]
fn the_whole_header_repeats_on_every_page_of_a_table() {
    for (indexes, labels) in [
        ([7, 8], ["序号", "部门窗口", "加分分值", "实得分值"]),
        ([9, 10], ["序号", "受理量", "办结量", "出件量"]),
    ] {
        for index in indexes {
            let header: String =
                JULY[index].lines(|glyph| glyph.family == "Noto Sans SC").iter().map(Line::text).collect();
            for label in labels {
                assert!(header.contains(label), "{label} on page {}", index + 1);
            }
        }
    }
}

#[test]
fn tables_are_as_wide_as_the_type_area_with_thin_rules() {
    for page in &JULY[7..11] {
        let rules = page.rules.iter().filter(|rule| (rule.thickness - 0.5 * 0.352_78).abs() < 0.001);
        let ends: Vec<f64> = rules.flat_map(|rule| [rule.from.0, rule.to.0]).collect();
        assert!(!ends.is_empty());
        assert_near(ends.iter().copied().fold(f64::MAX, f64::min), LEFT, 0.1, "the table's left edge");
        assert_near(ends.iter().copied().fold(f64::MIN, f64::max), RIGHT, 0.1, "the table's right edge");
        for glyph in page.glyphs.iter().filter(|glyph| glyph.family == "Noto Sans SC" && glyph.size < 15.0) {
            assert!((12.0..=14.0).contains(&glyph.size), "{glyph:?}");
        }
    }
}

#[test]
fn rows_are_as_high_as_their_texts_need_and_ten_millimetres_at_least() {
    let mut highest = 0.0_f64;
    for page in &JULY[7..11] {
        let rules = page.horizontal_rules();
        // The imprint stands below the last table.
        for glyph in page.glyphs.iter().filter(|glyph| (glyph.size - 12.0).abs() < 0.01 && glyph.y < 240.0) {
            let middle = glyph.x + glyph.advance / 2.0;
            let over = rules.iter().filter(|rule| rule.from.0 <= middle && middle <= rule.to.0);
            let (mut above, mut below) = (f64::MIN, f64::MAX);
            for y in over.map(|rule| rule.from.1) {
                if y < glyph.y { above = above.max(y) } else { below = below.min(y) }
            }
            let (top, bottom) = (glyph.y - 0.88 * 12.0 * 0.352_78, glyph.y + 0.12 * 12.0 * 0.352_78);
            assert!(top - above > 1.15 && below - bottom > 1.15, "room for {glyph:?}");
            assert!(below - above > 9.95, "{glyph:?} in a row of {} mm", below - above);
            highest = highest.max(below - above);
        }
    }
    assert!(highest > 13.0, "a name of several lines makes its row higher: {highest}");
}

#[test]
fn a_tie_shares_one_sequence_cell_that_is_not_split() {
    let lines = JULY[8].lines(|glyph| glyph.size < 15.0 && glyph.y < 260.0);
    let rank = lines
        .iter()
        .flat_map(|line| &line.glyphs)
        .filter(|glyph| glyph.x < 40.0)
        .filter(|glyph| glyph.text == "6");
    let y: Vec<f64> = rank.map(|glyph| glyph.y).collect();
    let y_of = |name: &str| lines.iter().find(|line| line.text().contains(name)).unwrap().y;
    let between = (y_of("教育厅") + y_of("四川气象局")) / 2.0;
    assert_eq!(y.len(), 1, "26 is printed once");
    assert_near(y[0], between, 0.1, "26 stands between its two rows");
    assert!(JULY[8].text().contains("28省贸促会"), "the next number counts on");
}

#[test]
fn page_numbers_stand_outside_on_both_sides() {
    for (index, page) in JULY.iter().enumerate() {
        let number = page.number();
        assert_eq!(number.text().replace(' ', ""), format!("—{}—", index + 1));
        let dash = &number.glyphs[0];
        assert_near(dash.size, 14.0, 0.01, "the size");
        assert_near((dash.ink.0 + dash.ink.1) / 2.0, 269.0, 0.5, "the dash");
        if index % 2 == 0 {
            let last = number.glyphs.last().unwrap();
            assert_near(last.x + last.advance, 179.06, 0.1, "the right end on an odd page");
        } else {
            assert_near(number.x(), 32.94, 0.1, "the left end on an even page");
        }
    }
}

#[test]
fn the_imprint_closes_the_last_page() {
    let page = JULY.last().unwrap();
    let rules = page.horizontal_rules();
    let imprint: Vec<_> =
        rules.iter().filter(|rule| (rule.length() - 156.0).abs() < 0.1).rev().take(3).collect();
    let [last, middle, first] = imprint.as_slice() else { panic!("{rules:?}") };
    assert_near(last.from.1, 262.0, 0.3, "the last rule");
    for (rule, thickness) in [(first, 0.35), (middle, 0.25), (last, 0.35)] {
        assert_near(rule.thickness, thickness, 0.01, "a rule's thickness");
        assert_near(rule.from.0, LEFT, 0.1, "a rule's left end");
    }
    let lines = page.lines(|glyph| glyph.y > first.from.1 && glyph.y < last.from.1);
    assert!(lines[0].text().starts_with("报：省政务管理办公室") && lines[0].text().ends_with("省中心领导。"));
    assert!(lines[1].text().starts_with("发：") && lines[2].text().ends_with("直属单位。"));
    assert_near(lines[0].x(), LEFT + 14.0 * 0.352_78, 0.2, "one blank character at the left");
    assert_near(lines[2].x(), lines[1].glyphs[2].x, 0.2, "further lines stand behind the colon");
    let above = page.lines(|glyph| glyph.y < first.from.1);
    assert!(first.from.1 - above.last().unwrap().y > 3.0, "the imprint has room of its own");
}

#[test]
fn samples_are_marked_across_each_page_and_july_is_not() {
    assert!(!JULY.iter().any(|page| page.glyphs.iter().any(|glyph| glyph.text == "样")));
    for page in issue("2025-05") {
        let mark: Vec<_> =
            page.glyphs.iter().filter(|glyph| glyph.text == "样" || glyph.text == "例").collect();
        assert!(mark.iter().any(|glyph| glyph.size > 100.0 && glyph.colour != "#000000"), "{mark:?}");
    }
}
