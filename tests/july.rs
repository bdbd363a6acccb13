//! The repository's July issue: its totals, and every printed cell against the workbooks it comes from.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use crate::harness::{Bulletin, REPOSITORY, printed};

/// Built once: source, figures, and the text of its pages.
struct July {
    data: Value,
    figures: Value,
    text: String,
}

static JULY: LazyLock<July> = LazyLock::new(|| {
    let bulletin = Bulletin::sample();
    bulletin.build().is_clean();
    let [_, source, figures, _] = bulletin.outputs();
    July {
        data: printed::data(&String::from_utf8(source).unwrap()),
        figures: serde_json::from_slice(&figures).unwrap(),
        text: printed::page_text(bulletin.root(), "2025-07"),
    }
});

/// The rows of a workbook of the sample as texts, read by another reader than the program's own.
fn workbook(table: &str) -> Vec<Vec<String>> {
    let path = Path::new(REPOSITORY).join(format!("data/2025-07/{table}.xlsx"));
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// The workbook's row of a department, or the row that begins with 合计.
fn row_of<'a>(rows: &'a [Vec<String>], name: &str) -> &'a [String] {
    rows.iter().find(|row| row[1] == name || row[0] == name).unwrap_or_else(|| panic!("{name} in {rows:?}"))
}

/// The texts of the rows that an appendix prints; a 序号 shared by several rows stands in each.
fn printed_rows(appendix: &Value) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut shared: Option<(String, i64)> = None;
    for row in appendix["rows"].as_array().unwrap() {
        let mut texts: Vec<String> = Vec::new();
        if let Some((rank, left)) = shared.take() {
            texts.push(rank.clone());
            shared = (left > 1).then_some((rank, left - 1));
        }
        for cell in row.as_array().unwrap() {
            let text = printed::cell_text(cell).to_owned();
            let span = cell["rowspan"].as_i64().unwrap_or(1);
            if span > 1 {
                shared = Some((text.clone(), span - 1));
            }
            texts.push(text);
        }
        rows.push(texts);
    }
    rows
}

fn appendix(table: &str) -> &'static Value {
    let appendices = JULY.data["appendices"].as_array().unwrap();
    let index = ["assessment", "operations"].iter().position(|name| *name == table).unwrap();
    &appendices[index]
}

#[test]
fn the_totals_are_the_five_of_july() {
    let figures: BTreeMap<&str, &Value> = JULY.figures["figures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|figure| (figure["id"].as_str().unwrap(), figure))
        .collect();
    for (id, value, shown) in [
        ("figures.online_accepted", "55001", "5.5万件"),
        ("figures.online_completed", "63470", "6.35万件"),
        ("figures.counter_accepted", "2104", "0.21万件"),
        ("figures.counter_issued", "3354", "0.34万件"),
        ("figures.mailed", "1083", "0.11万件"),
        ("figures.handled", "57105", "5.71万件"),
    ] {
        let figure = figures[id];
        assert_eq!(figure["value"], value, "{id}");
        assert!(figure["shown"].as_array().unwrap().iter().any(|form| form == shown), "{id}: {figure}");
        assert!(JULY.text.contains(shown), "{shown} is printed");
    }
}

#[test]
fn every_printed_cell_equals_the_workbooks() {
    for (table, departments) in [("operations", 29), ("assessment", 29)] {
        let workbook = workbook(table);
        let rows = printed_rows(appendix(table));
        assert_eq!(rows.len(), departments, "{table}");
        for row in &rows {
            let declared = row_of(&workbook, &row[1]);
            assert_eq!(row[1..], declared[1..], "{table}");
            // The 序号 that a tie shares stands in the first of its rows only.
            assert!(declared[0] == row[0] || declared[0].is_empty(), "{table}: {row:?}");
        }
    }
}

#[test]
fn the_printed_total_equals_the_workbooks() {
    let cells = appendix("operations")["total"].as_array().unwrap().iter();
    let printed: Vec<&str> = cells.map(printed::cell_text).collect();
    let workbook = workbook("operations");
    let declared = row_of(&workbook, "合计");
    assert_eq!(printed[0], declared[0]);
    assert_eq!(printed[1..], declared[2..]);
    assert_eq!(printed, ["合计", "55001", "63470", "2104", "3354", "1083"]);
    assert!(appendix("assessment")["total"].is_null(), "scores are not added up");
}

#[test]
fn every_row_of_the_source_stands_on_the_pages() {
    for table in ["operations", "assessment"] {
        for row in printed_rows(appendix(table)) {
            // Without the 序号, which a tie shares.
            let text = row[1..].concat();
            assert!(JULY.text.contains(&text), "{text} is not on the pages");
        }
    }
}

#[test]
fn equal_scores_share_one_merged_rank() {
    let rows = appendix("assessment")["rows"].as_array().unwrap();
    let merged = rows.iter().filter(|row| row[0]["rowspan"].as_i64() > Some(1)).count();
    assert!(merged > 0, "July has a tie");
    let ranks: Vec<u32> =
        printed_rows(appendix("assessment")).iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    for (index, rank) in ranks.iter().enumerate() {
        let first = ranks.iter().position(|other| other == rank).unwrap();
        assert_eq!(
            first + 1,
            usize::try_from(*rank).unwrap(),
            "the next rank after a tie is skipped at row {}",
            index + 1
        );
    }
}

#[test]
fn no_figure_of_the_first_section_is_typed_by_hand() {
    let runs = JULY.data["sections"][0]["items"][0]["paragraphs"][0].as_array().unwrap();
    let words: String = runs.iter().filter_map(Value::as_str).collect();
    // Apart from the month, the words between the figures have no digits.
    assert_eq!(words.replace("7月", "").chars().find(char::is_ascii_digit), None, "{words}");
    assert_eq!(runs.iter().filter(|run| run.is_array()).count(), 8);
}

#[test]
fn only_the_invented_months_are_marked_as_samples() {
    assert!(!JULY.text.contains("样例"));
    for month in ["2025-05", "2025-06"] {
        assert!(printed::page_text(Bulletin::sample().root(), month).contains("样例"), "{month}");
    }
}
