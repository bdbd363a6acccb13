//! A new bulletin that builds at once: its files, as text and bytes.

use crate::form::{Form, FormSheet, workbook};
use crate::project::{Month, Register, Settings};

/// The month of the starter's sample issue.
pub const SAMPLE_MONTH: Month = Month { year: 2025, month: 1 };

const SETTINGS: &str = include_str!("yuebao.toml");
const REGISTER: &str = include_str!("departments.toml");
/// The sample issue's issue.toml.
pub const ISSUE: &str = include_str!("issue.toml");
const GITIGNORE: &str = "output/\n";

/// A file of the layout, by its name within the bulletin, and its text.
macro_rules! template {
    ($name:literal) => {
        (concat!("templates/bulletin/", $name), include_str!(concat!("../../templates/bulletin/", $name)))
    };
}

/// The layout that comes with the program.
const TEMPLATES: [(&str, &str); 11] = [
    template!("main.typ.j2"),
    template!("lib.typ"),
    template!("appendix.typ"),
    template!("imprint.typ"),
    template!("masthead.typ"),
    template!("measures.typ"),
    template!("page.typ"),
    template!("prose.typ"),
    template!("sections.typ"),
    template!("table.typ"),
    template!("text.typ"),
];

/// The sample's figures, a row for each department of the register.
const SAMPLE_FIGURES: [[&str; 3]; 4] =
    [["1280", "1235", "16"], ["864", "871", "/"], ["402", "398", "25"], ["/", "/", "7"]];

/// The files of a new bulletin, by their names within it; fonts are not among them.
pub fn files() -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("yuebao.toml".to_owned(), SETTINGS.into()),
        ("data/departments.toml".to_owned(), REGISTER.into()),
        (format!("data/{SAMPLE_MONTH}/issue.toml"), ISSUE.into()),
        (".gitignore".to_owned(), GITIGNORE.into()),
    ];
    files.extend(TEMPLATES.map(|(name, text)| (name.to_owned(), text.into())));
    let settings =
        Settings::parse("yuebao.toml", SETTINGS).0.ok_or("the starter's yuebao.toml does not parse")?;
    let register =
        Register::parse("departments.toml", REGISTER).0.ok_or("the starter's register does not parse")?;
    for schema in &settings.tables {
        let mut sheet = FormSheet::blank(schema, &register, "窗口办件情况统计表".to_owned(), SAMPLE_MONTH);
        for (row, figures) in sheet.rows.iter_mut().zip(SAMPLE_FIGURES) {
            row.entries = figures.map(str::to_owned).to_vec();
        }
        let form = Form::of_office(&register, &settings.cells, sheet, SAMPLE_MONTH);
        let bytes = workbook(&form).map_err(|error| error.to_string())?;
        files.push((format!("data/{SAMPLE_MONTH}/{}.xlsx", schema.file), bytes));
    }
    Ok(files)
}
