//! Whether a sheet reckons as the program does.
#![allow(clippy::disallowed_methods, reason = "LibreOffice reads and writes files")]

use std::fs;
use std::process::Command;

use rust_decimal::{Decimal, RoundingStrategy};
use rust_xlsxwriter::Workbook;

use super::*;
use crate::diagnostic::CellRef;
use crate::figure::{Amount, Exact, Value, combine};
use crate::project::Prose;

fn formula(text: &str, cell_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let prose = Prose::new("yuebao.toml", text, 0..text.len(), text);
    let number = NumberColumn {
        unit: None,
        decimals: 2,
        negative: false,
        formula: Some(prose),
        total: true,
        intake: None,
    };
    spreadsheet_formula(&number, cell_of)
}

fn of_two(text: &str) -> Option<String> {
    let cells = [("base", "C5"), ("bonus", "D5")];
    formula(text, |name| cells.iter().find(|(known, _)| *known == name).map(|(_, cell)| (*cell).to_owned()))
}

#[test]
fn sums_pass_over_marks_and_quotients_do_not() {
    assert_eq!(
        of_two("base + bonus").unwrap(),
        "=IFERROR(IF(C5&D5=\"\",\"\",IF(COUNT(C5,D5)=0,IF(OR(C5=\"\",D5=\"\"),\"\",\"/\"),\
         ROUND(N(C5)+N(D5),2))),\"/\")"
    );
    let quotient = of_two("100 * base / bonus").unwrap();
    assert!(quotient.contains("IFERROR(IF(COUNT(C5,D5)<2,\"/\",((100*C5)/D5)),\"/\")"), "{quotient}");
}

#[test]
fn what_no_cell_can_hold_is_no_formula() {
    for text in ["base + other", "base +", "1 + 1", "prev(base)", "base < bonus"] {
        assert_eq!(of_two(text), None, "{text}");
    }
    // Each level doubles it.
    let deep = (0..40).fold("base".to_owned(), |inner, _| format!("({inner} + 1 - bonus * base) * bonus"));
    assert_eq!(of_two(&deep), None);
}

/// Whether LibreOffice is installed.
fn has_libreoffice() -> bool {
    Command::new("soffice").arg("--version").output().is_ok()
}

const ALWAYS_COMPUTES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// What is entered.
const VALUES: [&str; 5] = ["6", "4", "0", "/", ""];

/// The columns that are entered, and those that are computed from them and from each other.
const ENTRIES: [&str; 3] = ["a", "b", "c"];
const DERIVED: [(&str, &str); 22] = [
    ("d", "a + b"),
    ("e", "a - b"),
    ("f", "a * b"),
    ("g", "a / b"),
    ("h", "-a"),
    ("i", "a"),
    ("j", "a + 1"),
    ("k", "2 * a"),
    ("l", "2 * a + b"),
    ("m", "b - a / c"),
    ("n", "100 * a / b"),
    ("o", "a / (a + b)"),
    ("p", "(a + b) * c"),
    ("q", "(a - b) / (b - c)"),
    ("r", "a * b + b * c"),
    ("s", "a / (b / c)"),
    ("t", "(a + 1) * b - c"),
    ("u", "-(a + b) * -c"),
    ("v", "a + (b * (c - a / b)) / 4"),
    // Of columns that are computed themselves.
    ("w", "d + c"),
    ("x", "d * c"),
    ("y", "d - g"),
];

/// What the program makes of a formula.
fn computed(expression: &Expression, row: &[(&str, Amount)]) -> Amount {
    exactly(expression, row).decimal().unwrap()
}

fn exactly(expression: &Expression, row: &[(&str, Amount)]) -> Amount<Exact> {
    match expression {
        Expression::Number(number) => Amount::Number(*number).exact(),
        Expression::Name(Reference { parts, .. }) => match parts.as_slice() {
            [ReferencePart::Name(name)] => row.iter().find(|(known, _)| known == name).unwrap().1.exact(),
            _ => unreachable!("{parts:?}"),
        },
        Expression::Negation(inner) => match exactly(inner, row) {
            Amount::Number(number) => Amount::Number(number.negated()),
            other => other,
        },
        Expression::Binary { operator, left, right, span } => {
            let [left, right] = [left, right].map(|part| Value::Number(exactly(part, row), None));
            combine(*operator, left, right, span).unwrap().number(span).unwrap().0
        }
        Expression::Not { .. } | Expression::Call { .. } => unreachable!("{expression:?}"),
    }
}

fn rounded(amount: Amount) -> Amount {
    match amount {
        Amount::Number(number) => {
            Amount::Number(number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
        }
        other => other,
    }
}

fn read(text: &str) -> Amount {
    match text {
        "" => Amount::Missing,
        "/" => Amount::NotApplicable,
        number => Amount::Number(Decimal::from_str_exact(number).unwrap()),
    }
}

/// Every formula on every combination of numbers, zero, “/” and blanks.
#[test]
fn a_sheet_reckons_as_the_program_does() {
    if !has_libreoffice() {
        return;
    }
    let rows: Vec<[&str; 3]> = VALUES
        .into_iter()
        .flat_map(|a| VALUES.into_iter().flat_map(move |b| VALUES.into_iter().map(move |c| [a, b, c])))
        .collect();
    let names: Vec<&str> = ENTRIES.into_iter().chain(DERIVED.iter().map(|(name, _)| *name)).collect();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, values) in (0..).zip(&rows) {
        for (column, value) in (0..).zip(values) {
            match value.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) if value.is_empty() => sheet,
                Err(_) => sheet.write_string(row, column, *value).unwrap(),
            };
        }
        for (column, (_, text)) in (3..).zip(DERIVED) {
            let cell_of = |name: &str| {
                let column = (0..).zip(&names).find(|(_, known)| **known == name)?.0;
                Some(CellRef::new(row, column).to_string())
            };
            sheet.write_formula(row, column, formula(text, cell_of).unwrap().as_str()).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    workbook.save(folder.path().join("a.xlsx")).unwrap();
    // What was not computed yet is not computed by opening it, unless LibreOffice is told so.
    let profile = folder.path().join("profile/user");
    fs::create_dir_all(&profile).unwrap();
    fs::write(profile.join("registrymodifications.xcu"), ALWAYS_COMPUTES).unwrap();
    let output = Command::new("soffice")
        .args(["--headless", "--convert-to", "csv", "--outdir"])
        .arg(folder.path())
        .arg(folder.path().join("a.xlsx"))
        .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = fs::read_to_string(folder.path().join("a.csv")).unwrap();
    let mut differing = Vec::new();
    assert_eq!(text.lines().count(), rows.len());
    for (line, values) in text.lines().zip(&rows) {
        let cells: Vec<&str> = line.split(',').collect();
        let mut row: Vec<(&str, Amount)> =
            ENTRIES.into_iter().zip(values.iter().map(|value| read(value))).collect();
        for (at, (name, text)) in DERIVED.iter().enumerate() {
            let amount = rounded(computed(&parse(text).unwrap(), &row));
            row.push((name, amount));
            let of_sheet = read(cells[ENTRIES.len() + at]);
            // What has no entry at all stays blank, which says nothing.
            let mut named = row.iter().filter(|(name, _)| text.contains(name));
            let is_blank = named.all(|(_, amount)| *amount == Amount::Missing);
            if of_sheet != amount && !(is_blank && of_sheet == Amount::Missing) {
                differing.push(format!("{values:?} {text}: {of_sheet:?}, not {amount:?}"));
            }
        }
    }
    assert_eq!(differing, [""; 0]);
}
