//! The trail held against the pages: every printed number is in it, stands where it says, and leads to
//! cells and declared entries.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use calamine::{Data, Reader, open_workbook_auto};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::harness::attached::{Attached, attached};
use crate::harness::{Bulletin, printed};
use crate::layout::page::{Glyph, Page, pages};

/// Places in figures.json are rounded to a hundredth of a millimetre.
const TOLERANCE: f64 = 0.006;

/// A month as built: its figures as written, its data, and its pages.
struct Printed {
    bulletin: Bulletin,
    figures: BTreeMap<String, Figure>,
    data: Value,
    pages: Vec<Page>,
}

/// A figure of figures.json.
#[derive(Deserialize)]
struct Figure {
    value: Option<Decimal>,
    shown: Vec<String>,
    positions: Vec<Position>,
    origin: Value,
}

#[derive(Deserialize)]
struct Position {
    page: usize,
    x_mm: String,
    y_mm: String,
    shown: String,
}

static JULY: LazyLock<Printed> = LazyLock::new(|| Printed::new(Bulletin::sample()));

impl Printed {
    fn new(bulletin: Bulletin) -> Self {
        bulletin.build().is_clean();
        let [_, source, figures, _] = bulletin.outputs();
        let figures: Value = serde_json::from_slice(&figures).unwrap();
        let named = figures["figures"].as_array().unwrap().iter().map(|figure| {
            let id = figure["id"].as_str().unwrap().to_owned();
            (id, Figure::deserialize(figure).unwrap())
        });
        Self {
            figures: named.collect(),
            data: printed::data(&String::from_utf8(source).unwrap()),
            pages: pages(&printed::document(bulletin.root(), "2025-07")),
            bulletin,
        }
    }

    /// Every place in the trail, with the name of its figure.
    fn places(&self) -> impl Iterator<Item = (&str, &Position)> {
        self.figures
            .iter()
            .flat_map(|(id, figure)| figure.positions.iter().map(move |position| (id.as_str(), position)))
    }

    /// The names of the figures that the trail places here in this form.
    fn named_at(&self, page: usize, x: f64, y: f64, shown: &str) -> Vec<&str> {
        self.places()
            .filter(|(_, place)| place.page == page && place.shown == shown && place.is_at(x, y))
            .map(|(id, _)| id)
            .collect()
    }

    /// The places in reading order, each once however many figures share it.
    fn read_in_order(&self, pages: std::ops::RangeInclusive<usize>) -> Vec<&str> {
        let mut places: Vec<&Position> =
            self.places().map(|(_, place)| place).filter(|place| pages.contains(&place.page)).collect();
        let key = |place: &Position| (place.page, number(&place.y_mm), number(&place.x_mm));
        places.sort_by(|a, b| key(a).partial_cmp(&key(b)).unwrap());
        places.iter().map(|place| place.shown.as_str()).collect()
    }

    /// The cells and entries that a figure comes from in the end.
    fn leaves<'a>(&'a self, id: &'a str, above: &mut Vec<&'a str>, leaves: &mut BTreeSet<&'a str>) {
        assert!(!above.contains(&id), "{id} comes from itself: {above:?}");
        let figure =
            self.figures.get(id).unwrap_or_else(|| panic!("{id} is not in the trail, under {above:?}"));
        let Some(operands) = figure.origin["operands"].as_array() else {
            leaves.insert(id);
            return;
        };
        above.push(id);
        for operand in operands {
            self.leaves(operand.as_str().unwrap(), above, leaves);
        }
        above.pop();
    }
}

impl Position {
    fn is_at(&self, x: f64, y: f64) -> bool {
        (number(&self.x_mm) - x).abs() < TOLERANCE && (number(&self.y_mm) - y).abs() < TOLERANCE
    }
}

fn number(text: &str) -> f64 {
    assert_eq!(text.split_once('.').map(|(_, decimals)| decimals.len()), Some(2), "{text}");
    text.parse().unwrap()
}

/// The words of a page in table type: glyphs that follow each other on a baseline.
fn table_words(page: &Page) -> Vec<Vec<Glyph>> {
    let mut words: Vec<Vec<Glyph>> = Vec::new();
    // The header is set in 黑体, the page number and the imprint in larger type.
    for line in page.lines(|glyph| glyph.size < 13.0 && glyph.family != "Noto Sans SC") {
        let mut end = f64::MIN;
        for glyph in line.glyphs {
            let begins = (glyph.x - end).abs() > 0.2;
            end = glyph.x + glyph.advance;
            match words.last_mut() {
                Some(word) if !begins => word.push(glyph),
                _ => words.push(vec![glyph]),
            }
        }
    }
    words
}

fn spelled(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
}

fn is_number(word: &str) -> bool {
    word == "/" || word.chars().all(|character| character.is_ascii_digit() || ".-".contains(character))
}

/// The right edge of the column 序号 of the operations table.
const SEQUENCE_COLUMN: f64 = 45.0;

#[test]
fn every_number_of_the_tables_is_in_the_trail_where_it_stands() {
    let mut traced = 0;
    let mut counted = Vec::new();
    for (index, page) in JULY.pages.iter().enumerate().skip(7) {
        for word in table_words(page) {
            let (text, x, y) = (spelled(&word), word[0].x, word[0].y);
            if !is_number(&text) {
                continue;
            }
            // The 序号 of a table without ranking only counts its rows.
            if index >= 9 && x < SEQUENCE_COLUMN {
                counted.push(text);
                continue;
            }
            let named = JULY.named_at(index + 1, x, y, &text);
            assert!(!named.is_empty(), "{text} on page {} at {x:.2}, {y:.2} is not in the trail", index + 1);
            traced += 1;
        }
    }
    assert_eq!(counted, (1..=29).map(|row| row.to_string()).collect::<Vec<_>>());
    // 29 departments by 5 columns and 28 different ranks; 29 by 5 and 5 totals.
    assert_eq!(traced, 29 * 5 + 28 + 29 * 5 + 5);
}

#[test]
fn every_figure_of_the_text_is_in_the_trail_in_the_order_of_the_text() {
    let mut runs = Vec::new();
    collect_runs(&JULY.data["sections"], &mut runs);
    assert!(runs.len() >= 8, "{runs:?}");
    assert_eq!(JULY.read_in_order(1..=7), runs);
}

/// The printed forms of all figures within sections, items and pictures of the generated source, in the
/// order of print.
fn collect_runs<'a>(value: &'a Value, printed: &mut Vec<&'a str>) {
    if let Some(several) = value.as_array() {
        several.iter().for_each(|one| collect_runs(one, printed));
    }
    let line = |key: &str| value[key].as_array().into_iter().flatten();
    let paragraphs = line("paragraphs").flat_map(|paragraph| paragraph.as_array().unwrap());
    let runs =
        line("title").chain(line("heading")).chain(line("lead")).chain(paragraphs).chain(line("caption"));
    printed.extend(runs.filter_map(|run| run.as_array()?[0].as_str()));
    for key in ["items", "picture"] {
        value.get(key).into_iter().for_each(|inner| collect_runs(inner, printed));
    }
}

/// The characters that stand at a place and after it, on its line and those below, as many as `count`.
fn characters_at(page: &Page, place: &Position, count: usize) -> String {
    let y = number(&place.y_mm);
    let lines = page.lines(|glyph| glyph.y > y - TOLERANCE);
    let glyphs = lines.iter().flat_map(|line| &line.glyphs);
    let from = glyphs.skip_while(|glyph| !place.is_at(glyph.x, glyph.y));
    from.flat_map(|glyph| glyph.text.chars()).take(count).collect()
}

#[track_caller]
fn assert_places_spell_their_forms(printed: &Printed) {
    for (id, place) in printed.places() {
        let found = characters_at(&printed.pages[place.page - 1], place, place.shown.chars().count());
        assert_eq!(found, place.shown, "{id} on page {} at {}, {}", place.page, place.x_mm, place.y_mm);
    }
    for (id, figure) in &printed.figures {
        let placed: BTreeSet<&str> = figure.positions.iter().map(|place| place.shown.as_str()).collect();
        let shown: BTreeSet<&str> = figure.shown.iter().map(String::as_str).collect();
        assert_eq!(placed, shown, "{id} has a place for each of its forms");
    }
}

#[test]
fn the_characters_at_a_place_spell_the_figure() {
    assert_places_spell_their_forms(&JULY);
}

#[test]
fn departments_that_share_a_rank_share_its_place() {
    let rank = |name: &str| &JULY.figures[&format!("assessment[\"{name}\"].rank")];
    let (one, other) = (rank("教育厅"), rank("四川气象局"));
    assert_eq!(
        (one.shown.as_slice(), other.shown.as_slice()),
        (&["26".to_owned()][..], &["26".to_owned()][..])
    );
    let [one, other] = [one, other].map(|figure| {
        let place = &figure.positions[0];
        (place.page, place.x_mm.clone(), place.y_mm.clone())
    });
    assert_eq!(one, other);
}

#[test]
fn every_printed_figure_resolves_to_cells_or_declared_entries() {
    let mut workbooks = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (id, figure) in JULY.figures.iter().filter(|(_, figure)| !figure.positions.is_empty()) {
        let mut leaves = BTreeSet::new();
        JULY.leaves(id, &mut Vec::new(), &mut leaves);
        assert!(!leaves.is_empty(), "{id} comes from nothing");
        seen.extend(leaves);
        if figure.origin["operation"] == "sum" {
            let operands = figure.origin["operands"].as_array().unwrap().iter();
            let values = operands.filter_map(|operand| JULY.figures[operand.as_str().unwrap()].value);
            assert_eq!(figure.value, Some(values.sum()), "{id}");
        }
    }
    let attached = attached(&JULY.bulletin.bytes("output/2025-07.pdf"));
    for id in &seen {
        let origin = &JULY.figures[*id].origin;
        let file = origin["file"].as_str().unwrap_or_default();
        let is_here = |attached: &Attached| attached.description.ends_with(&format!("：{file}"));
        assert!(file.is_empty() || attached.iter().any(is_here), "{file} travels with the PDF");
        match origin["kind"].as_str() {
            Some("cell") => {
                let sheet = origin["sheet"].as_str().unwrap();
                let cells = workbooks
                    .entry((file, sheet))
                    .or_insert_with(|| worksheet(&JULY.bulletin.path(file), sheet));
                let cell = origin["cell"].as_str().unwrap();
                assert_eq!(
                    cells.get(cell).map(String::as_str),
                    origin["raw"].as_str(),
                    "{id} in {file} {cell}"
                );
            }
            Some("entry") => {
                let line = usize::try_from(origin["line"].as_u64().unwrap()).unwrap();
                let text = JULY.bulletin.text(file);
                let value = JULY.figures[*id].value.unwrap().to_string();
                assert!(text.lines().nth(line - 1).unwrap().contains(&value), "{id} in {file}:{line}");
                assert!(!origin["source"].as_str().unwrap().is_empty(), "{id} says where it is from");
            }
            // What a comparison looked for and did not find has no number, and says why.
            Some("absent") => {
                assert!(JULY.figures[*id].value.is_none() && !origin["reason"].as_str().unwrap().is_empty());
            }
            _ => panic!("{id} ends at {origin}"),
        }
    }
    // Two tables of 29 departments: five columns that are read; four, as the score is computed.
    let of_july = seen.iter().filter(|id| id.contains('[') && !id.contains('@'));
    assert_eq!(of_july.count(), 29 * 5 + 29 * 4);
}

/// A worksheet's cells by their names, read by another reader than the program's own.
fn worksheet(path: &Path, sheet: &str) -> BTreeMap<String, String> {
    let mut workbook = open_workbook_auto(path).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (row, column) = range.start().unwrap();
    let cells = range.used_cells().map(|(down, right, content): (usize, usize, &Data)| {
        let letter = char::from(b'A' + u8::try_from(right).unwrap() + u8::try_from(column).unwrap());
        (format!("{letter}{}", down + 1 + usize::try_from(row).unwrap()), content.to_string())
    });
    cells.collect()
}

#[test]
fn figures_in_titles_headings_and_leads_have_places_too() {
    const ISSUE: &str = "data/2025-07/issue.toml";
    let bulletin = Bulletin::new()
        // Two lines, the figure in the second.
        .with_edit(
            "yuebao.toml",
            "{{ period.month }}月办件情况",
            "全市各级政务服务大厅部门窗口{{ period.month }}月办件{{ operations.total.accepted }}情况统计表",
        )
        .with_edit(ISSUE, "title = \"工作动态\"", "title = \"邮寄{{ operations.total.mailed }}的工作动态\"")
        .with_edit(
            ISSUE,
            "heading = \"开展服务规范月活动\"",
            "heading = \"（{{ values.calls }}）开展服务规范月活动\"",
        )
        .with_addition(
            ISSUE,
            "\n[[section.item]]\nlead = \"办件{{ figures.handled | wan }}\"\ntext = \"正文{{ figures.handled }}。\"\n",
        );
    let printed = Printed::new(bulletin);
    assert_places_spell_their_forms(&printed);
    let places = |id: &str, shown: &str| {
        let places = printed.figures[id].positions.iter().filter(|place| place.shown == shown);
        places.map(|place| place.page).collect::<Vec<_>>()
    };
    assert_eq!(places("operations.total.mailed", "56件"), [1]);
    assert_eq!(places("values.calls", "356人次"), [1, 1]);
    assert_eq!(places("figures.handled", "2.29万件"), [1]);
    // In the list of attachments, and over the table.
    assert_eq!(places("operations.total.accepted", "22883件"), [1, 3]);
}

#[test]
fn pages_that_cannot_be_laid_out_leave_the_trail_without_places() {
    let bulletin = Bulletin::new().with_edit(
        "templates/bulletin/text.typ",
        "#let string-of(runs)",
        "#panic(1)\n#let string-of(runs)",
    );
    let outcome = bulletin.run(&["explain", "2025-07", "values.calls"]).done();
    insta::assert_snapshot!(outcome.stderr, @"版面排不出来，查不到页码；原因请看 yuebao check 2025-07");
    insta::assert_snapshot!(outcome.stdout, @"values.calls = 356人次，印作 356人次  ← data/2025-07/issue.toml 第 5 行，手工录入：咨询台登记表");
    for verb in [&["figures", "2025-07"][..], &["explain", "2025-07", "values.calls"]] {
        let json = bulletin.run(&[&["--format", "json"], verb].concat()).done().json();
        assert!(json["figures"][0].get("positions").is_none(), "{json}");
    }
}

#[test]
fn a_negative_number_can_be_looked_up_as_it_is_printed() {
    let bulletin = Bulletin::new()
        .with_edit(
            "yuebao.toml",
            "operations.total.accepted + operations.total.mailed",
            "operations.total.mailed - operations.total.accepted",
        )
        .with_edit("data/2025-07/issue.toml", "其中窗口受理", "即{{ figures.handled | wan }}，窗口受理");
    bulletin.build();
    let told = bulletin.run(&["explain", "2025-07", "-2.28万件"]).done().stdout;
    assert!(told.starts_with("figures.handled = -22827件"), "{told}");
    // What is an option stays one.
    bulletin.run(&["explain", "2025-07", "figures.handled", "--format", "json"]).done().json();
}

#[test]
fn explain_shows_the_step_from_the_value_to_its_printed_form() {
    let told = JULY.bulletin.run(&["explain", "2025-07", "5.71万件"]).done().stdout;
    assert!(told.contains("\n   5.71万件：57105 ÷ 10000 = 5.7105，四舍五入\n"), "{told}");
}
