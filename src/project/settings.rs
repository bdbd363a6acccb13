//! yuebao.toml: what a bulletin is.

use rust_decimal::Decimal;

use super::checks::{CheckDefinition, CheckSettings, read_check_settings, read_checks};
use super::document::{Document, Written};
use super::entries::Entries;
use super::fonts::{FontSettings, read_fonts};
use super::normal::normal;
use super::prose::Prose;
use super::schema::{TableSchema, duplicate, read_name, read_tables};
use super::term::Term;
use crate::diagnostic::{Diagnostic, Location, rules};

/// The declarations of yuebao.toml.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The bulletin's title, printed in the masthead.
    pub title: String,
    /// The publisher, printed in the masthead and named as the PDF's author.
    pub publisher: String,
    /// The folder below `templates` that holds the layout.
    pub template: String,
    /// The block at the foot of the last page.
    pub imprint: Option<Imprint>,
    /// How cells are read.
    pub cells: CellRules,
    /// The declared tables, in the order of the appendices.
    pub tables: Vec<TableSchema>,
    /// The named figures.
    pub figures: Vec<FigureDefinition>,
    /// The declared checks.
    pub checks: Vec<CheckDefinition>,
    /// The built-in checks' settings.
    pub check_settings: CheckSettings,
    /// The fonts of each role.
    pub fonts: FontSettings,
    /// What stands below the tables of the blank workbooks: whom to send them to, and by when.
    pub forms_note: Option<String>,
    /// Whether the files that an issue was made from travel with its PDF.
    pub attach_sources: bool,
    /// The printed texts that hold no expressions, with their places: names, imprint, headers; and the role, one of
    /// [`ROLES`](super::ROLES), of the typefaces in which each is printed.
    pub printed: Vec<(&'static str, Prose)>,
}

/// The imprint (版记, GB/T 9704-2012 7.4).
#[derive(Debug, Clone, Default)]
pub struct Imprint {
    /// 报： superiors.
    pub report_to: Option<String>,
    /// 发： subordinates.
    pub send_to: Option<String>,
    /// 共印N份; not printed when absent.
    pub copies: Option<i64>,
    /// Where it is declared.
    pub at: Option<Location>,
}

/// How cells are read.
#[derive(Debug, Clone)]
pub struct CellRules {
    /// The marks that say “this department has no such work”, normalised.
    pub not_applicable: Vec<String>,
    /// The largest magnitude that is believed.
    pub largest: Decimal,
}

/// A figure that a formula computes.
#[derive(Debug, Clone)]
pub struct FigureDefinition {
    /// The name; the text refers to it as `figures.name`.
    pub name: String,
    /// The formula.
    pub formula: Prose,
    /// The issues that have it.
    pub term: Term,
    /// Where it is declared.
    pub at: Location,
}

/// The marks of *not applicable* where yuebao.toml declares none.
const USUAL_NOT_APPLICABLE: [&str; 4] = ["/", "—", "-", "无"];

/// The largest magnitude believed where yuebao.toml declares none: no count of an office reaches it.
const USUAL_LARGEST: i64 = 1_000_000_000_000;
/// The largest magnitude that can be declared to be believed: sums and multiples of such numbers are still numbers.
const LARGEST_BELIEVABLE: i128 = 100_000_000_000_000_000_000;

impl Settings {
    /// Reads yuebao.toml; none where something without which no issue can be made is missing.
    pub fn parse(file: &str, text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (settings, diagnostics) = Document::new(file, text).read(read_settings);
        (settings.flatten(), diagnostics)
    }
}

fn read_settings(top: &Entries<'_>) -> Option<Settings> {
    let bulletin = top.table("bulletin");
    if bulletin.is_none() && !top.has("bulletin") {
        top.missing("[bulletin]", "月报的名称和主办单位");
    }
    let mut printed = Vec::new();
    let names = bulletin.map(|bulletin| {
        let names = [("title", "title"), ("body", "publisher")];
        printed.extend(names.into_iter().filter_map(|(role, key)| Some((role, bulletin.written_text(key)?))));
        (read_title(&bulletin), bulletin.required_text("publisher", "主办单位"), bulletin.text("template"))
    });
    let imprint = top.table("imprint").map(|imprint| {
        let names = ["report_to", "send_to"];
        printed.extend(names.into_iter().filter_map(|key| Some(("body", imprint.written_text(key)?))));
        read_imprint(&imprint)
    });
    let cells = read_cells(top.table("cells"));
    let tables = read_tables(top, &mut printed);
    printed.iter().filter_map(|(_, text)| text.unevaluated_expression()).for_each(|found| top.report(found));
    let figures = read_figures(top);
    let checks = read_checks(top);
    let check_settings = read_check_settings(top);
    let fonts = read_fonts(top);
    let forms_note = top.table("forms").and_then(|forms| forms.text("note"));
    let forms_note = forms_note.map(|note| note.value.trim().to_owned()).filter(|note| !note.is_empty());
    let attach_sources =
        top.table("pdf").is_none_or(|pdf| pdf.flag("attach_sources") || !pdf.has("attach_sources"));
    let (title, publisher, template) = names?;
    if let Some(template) = template.as_ref().filter(|template| !is_folder_name(&template.value)) {
        top.report(
            Diagnostic::new(&rules::SETTING_INVALID, "template 应为 templates 下的一个文件夹名，不含斜杠")
                .at(template.at.clone()),
        );
        return None;
    }
    let template = template.map_or_else(|| "bulletin".to_owned(), |template| template.value);
    Some(Settings {
        title: title?.value,
        publisher: publisher?.value,
        template,
        imprint,
        cells,
        tables,
        figures,
        checks,
        check_settings,
        fonts: fonts?,
        forms_note,
        attach_sources,
        printed,
    })
}

/// The title, which the masthead has on one line.
fn read_title(bulletin: &Entries<'_>) -> Option<Written<String>> {
    let title = bulletin.required_text("title", "月报名称")?;
    if title.value.contains(['\n', '\r']) {
        bulletin.report(
            Diagnostic::new(&rules::SETTING_INVALID, "title（月报名称）只能是一行，不能换行")
                .at(title.at.clone()),
        );
    }
    Some(title)
}

fn is_folder_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

fn read_imprint(entries: &Entries<'_>) -> Imprint {
    let text = |key| {
        entries
            .text(key)
            .map(|text| text.value.trim().trim_end_matches('。').to_owned())
            .filter(|text| !text.is_empty())
    };
    Imprint {
        report_to: text("report_to"),
        send_to: text("send_to"),
        copies: entries.integer("copies", 1..=1_000_000).map(|copies| copies.value),
        at: Some(entries.at()),
    }
}

fn read_cells(entries: Option<Entries<'_>>) -> CellRules {
    let mut not_applicable: Vec<String> = Vec::new();
    let mut largest = Decimal::from(USUAL_LARGEST);
    let mut declared = false;
    if let Some(entries) = entries {
        declared = entries.has("not_applicable");
        for mark in entries.texts("not_applicable") {
            if normal(&mark.value).is_empty() {
                entries.report(
                    Diagnostic::new(&rules::SETTING_INVALID, "not_applicable 中不能有空白：空白表示漏填")
                        .at(mark.at),
                );
            } else {
                not_applicable.push(normal(&mark.value));
            }
        }
        if let Some(value) = entries.decimal("largest") {
            match value.value > Decimal::ZERO && value.value <= Decimal::from(LARGEST_BELIEVABLE) {
                true => largest = value.value,
                false => {
                    let message = format!("largest 应大于零，不超过 {LARGEST_BELIEVABLE}");
                    entries.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(value.at))
                }
            }
        }
    }
    if !declared {
        not_applicable = USUAL_NOT_APPLICABLE.map(normal).to_vec();
    }
    CellRules { not_applicable, largest }
}

fn read_figures(top: &Entries<'_>) -> Vec<FigureDefinition> {
    let mut figures: Vec<FigureDefinition> = Vec::new();
    for entries in top.tables("figure") {
        let formula = entries.prose("formula");
        if formula.is_none() && !entries.has("formula") {
            entries.missing("formula", "算式");
        }
        let term = Term::read(&entries);
        let Some((name, at)) = read_name(&entries, "数字的英文名") else { continue };
        if figures.iter().any(|figure| figure.name == name) {
            duplicate(&entries, &name, at);
        } else if let Some(formula) = formula {
            figures.push(FigureDefinition { name, formula, term, at });
        }
    }
    figures
}
