//! One table in many formats: the same figures, whatever the file is and however it is called.

use encoding_rs::GB18030;
use serde_json::Value;

use crate::harness::{Bulletin, Table};

/// The operations table in TOML.
const TOML: &str = r#"
[[row]]
"部门" = "市公安局"
accepted = 20_337
completed = 23022
mailed = 15

[[row]]
"部门" = "民政局"
accepted = 864
completed = 871
mailed = "/"

[[row]]
"部门" = "市司法局"
accepted = 402
completed = 398
mailed = 25

[[row]]
"部门" = "市教育局"
accepted = 1280
completed = 1235
mailed = 16
"#;

/// All figures, without the places that they come from.
fn figures(bulletin: &Bulletin) -> Value {
    let mut figures = bulletin.run(&["--format", "json", "figures", "2025-07"]).done().json();
    for figure in figures["figures"].as_array_mut().unwrap() {
        let origin = figure["origin"].as_object_mut().unwrap();
        if origin["kind"] == "cell" {
            origin.retain(|key, _| key == "kind");
        }
    }
    figures
}

#[test]
fn every_format_gives_the_same_figures() {
    let expected = figures(&Bulletin::new());
    assert!(expected["figures"].as_array().unwrap().len() > 20);
    let csv = Table::operations().csv();
    let tabs = csv.replace(',', "\t");
    for (file, content) in [
        ("operations.csv", csv.clone().into_bytes()),
        ("operations.csv", format!("\u{FEFF}{csv}").into_bytes()),
        ("operations.csv", GB18030.encode(&csv).0.into_owned()),
        ("operations.txt", tabs.into_bytes()),
        ("operations.toml", TOML.into()),
        ("operations.et", Table::operations().xlsx()),
        ("operations.xls", Table::operations().xlsx()),
        ("operations.XLSX", Table::operations().xlsx()),
        ("operations.xlsx", csv.into_bytes()),
        ("operations.xlsm", TOML.into()),
    ] {
        let bulletin = Bulletin::new().with_table_file("operations", file, content);
        bulletin.check().is_clean();
        assert_eq!(figures(&bulletin), expected, "{file}");
    }
}

#[test]
fn cells_of_csv_are_named_without_a_sheet() {
    let csv = Table::operations().with("C5", "约八百").csv();
    let answer = Bulletin::new().with_table_file("operations", "operations.csv", csv).check();
    assert_eq!(answer.findings(), ["Y0203 operations.csv C5"]);
}

#[test]
fn cells_of_toml_are_named_by_line_and_column() {
    let toml = TOML.replace("completed = 871", "completed = \"八百\"").replace("市司法局", "市司发局");
    let answer = Bulletin::new().with_table_file("operations", "operations.toml", toml).check();
    assert_eq!(answer.findings(), ["Y0203 operations.toml:11:13", "Y0306 operations.toml:15:8"]);
}

#[test]
fn a_value_missing_in_toml_is_told_at_a_line_for_it_has_no_cells() {
    let toml = TOML.replace("completed = 871\n", "");
    let findings = Bulletin::new().with_table_file("operations", "operations.toml", toml).check().findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].starts_with("Y0210 operations.toml:"), "{findings:?}");
}

#[test]
fn two_names_of_one_column_in_toml_are_one_error() {
    let toml = TOML.replacen("accepted = 402", "\"办件（件）/受理量\" = 402", 1);
    let answer = Bulletin::new().with_table_file("operations", "operations.toml", toml).check();
    assert_eq!(
        answer.messages(),
        ["Y0304 “办件（件）/受理量”一列用了两种名称：“accepted”和“办件（件）/受理量”"]
    );
    assert_eq!(answer.hints(), ["同一列请始终用一种名称"]);
    assert_eq!(answer.findings(), ["Y0304 operations.toml:16:1"]);
}

#[test]
fn what_is_no_table_in_toml_is_one_error() {
    let findings = |toml: &str| {
        Bulletin::new().with_table_file("operations", "operations.toml", toml).check().findings()
    };
    let nested = TOML.replace("completed = 871", "completed = [871]");
    assert_eq!(findings(&nested), ["Y0232 operations.toml:11:13"]);
    assert_eq!(findings("title = \"办件\"\n"), ["Y0232 operations.toml:1:1"]);
}

#[test]
fn faults_of_csv_and_toml_are_told_at_their_line() {
    let unclosed = Table::operations().csv().replace("\"合计\"", "\"合计");
    let titled = format!("title = \"办件\"\n{TOML}");
    for (file, content, finding) in [
        ("operations.csv", unclosed.as_str(), "Y0231 operations.csv:8:1"),
        ("operations.csv", "只是一段文字。", "Y0231 operations.csv:1:1"),
        ("operations.toml", "[[row]]\n\"部门\" = 市公安局\n", "Y0102 operations.toml:2:8"),
        ("operations.toml", titled.as_str(), "Y0232 operations.toml:1:1"),
    ] {
        let bulletin = Bulletin::new().with_table_file("operations", file, content);
        assert_eq!(bulletin.check().findings(), [finding], "{content}");
    }
}

#[test]
fn unknown_encodings_are_refused_at_the_first_bad_line() {
    let csv = b"\xB2\xBF\xC3\xC5,a\n\xFF\xFF,b\n";
    let answer = Bulletin::new().with_table_file("operations", "operations.csv", csv).check();
    assert_eq!(answer.findings(), ["Y0230 operations.csv:2:1"]);
}

#[test]
fn old_and_open_formats_are_read_and_searched_for_the_table() {
    // The fixtures are workbooks of other tables: what they hold is read, and found not to be ours.
    for file in ["sample.xls", "sample.ods"] {
        let content = std::fs::read(format!("{}/tests/fixtures/{file}", crate::harness::REPOSITORY)).unwrap();
        let answer = Bulletin::new().with_table_file("operations", "operations.xls", content).check();
        assert_eq!(answer.findings(), ["Y0301 operations.xls"], "{file}");
    }
}
