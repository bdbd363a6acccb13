//! The checking sheet (核对表): one page on which an issue is signed off.
//!
//! It says what was checked and found, what was acknowledged and why, the
//! totals and the figures in the text, and the sources with their fingerprints.

use std::collections::BTreeMap;

use minijinja::value::Value;
use minijinja::{Environment, context};

use crate::check::{CheckOutcome, Settled};
use crate::diagnostic::{Diagnostic, visible};
use crate::figure::FigureId;
use crate::issue::{Issue, SourceFile};
use crate::project::{Project, fingerprint};
use crate::trail::{Trail, TrailFigure};

/// The name's ending makes minijinja escape every value as HTML.
const PAGE: &str = "page.html";

/// The sheet as a page of HTML; `remarks` are the warnings that were not acknowledged.
///
/// # Errors
///
/// The page's template is at fault: a fault of the program.
pub fn checking_sheet(
    project: &Project,
    issue: &Issue,
    trail: &Trail,
    remarks: &[Diagnostic],
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.add_template(PAGE, include_str!("page.html.j2"))?;
    let Issue { month, declared, .. } = issue;
    let heading = format!(
        "《{}》{}年第{}期（{}月）核对表",
        project.settings.title, month.year, declared.number, month.month
    );
    environment.get_template(PAGE)?.render(context! {
        heading => visible(&heading),
        date => declared.date.format("%Y-%m-%d").to_string(),
        conclusion => conclusion(remarks.len(), issue.settled.len()),
        figures => figure_rows(project, issue, trail),
        checks => issue.checks.iter().map(check_row).collect::<Vec<_>>(),
        settled => issue.settled.iter().map(settled_row).collect::<Vec<_>>(),
        remarks => remarks.iter().map(remark_row).collect::<Vec<_>>(),
        sources => issue.source_files.iter().map(source_row).collect::<Vec<_>>(),
    })
}

fn conclusion(remarks: usize, settled: usize) -> String {
    match (remarks, settled) {
        (0, 0) => "没有错误，没有提醒".to_owned(),
        (0, _) => format!("没有错误，{settled} 处提醒均已确认"),
        (_, 0) => format!("没有错误，{remarks} 处提醒尚未确认"),
        _ => format!("没有错误，{remarks} 处提醒尚未确认，{settled} 处已确认"),
    }
}

/// What an editor signs for: the figures in the texts and the printed totals. The single cells of the
/// tables are in figures.json.
fn figure_rows(project: &Project, issue: &Issue, trail: &Trail) -> Vec<Value> {
    let wanted = issue.printed_in_texts_and_totals();
    let headers = total_headers(project, issue);
    // The trail has the ledger's figures in the ledger's order.
    let figures = issue.ledger.iter().zip(&trail.figures).filter(|((place, _), _)| wanted.contains(place));
    let row = |((place, _), figure): ((FigureId, _), &TrailFigure)| {
        let origin = figure.origin_text();
        let origin = match headers.get(&place) {
            Some(header) => format!("{header}，{origin}"),
            None => origin,
        };
        context! {
            id => visible(&figure.id),
            value => visible(&figure.value_text()),
            shown => visible(&figure.shown.join("、")),
            pages => figure.pages(|_| true),
            origin => visible(&origin),
        }
    };
    figures.map(row).collect()
}

/// The headers over the printed totals.
fn total_headers(project: &Project, issue: &Issue) -> BTreeMap<FigureId, String> {
    let mut headers = BTreeMap::new();
    for appendix in &issue.appendices {
        let Some(schema) = project.settings.tables.get(appendix.schema) else { continue };
        for (column, total) in schema.columns.iter().zip(&appendix.table.totals) {
            headers.extend(total.map(|total| (total, column.header.join(" "))));
        }
    }
    headers
}

fn check_row(check: &CheckOutcome) -> Value {
    context! {
        code => check.code,
        name => check.name.as_deref(),
        title => visible(&check.title),
        examined => check.examined,
        undecided => check.undecided,
        found => check.found,
    }
}

fn settled_row(settled: &Settled) -> Value {
    context! { reason => visible(&settled.reason), ..remark_row(&settled.diagnostic) }
}

fn remark_row(remark: &Diagnostic) -> Value {
    let place = remark.location.as_ref().map(ToString::to_string).unwrap_or_default();
    context! { code => remark.rule.code, message => visible(&remark.message), place => visible(&place) }
}

fn source_row(file: &SourceFile) -> Value {
    context! { name => visible(&file.name), size => file.bytes.len(), hash => fingerprint(&file.bytes) }
}
