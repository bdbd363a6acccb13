//! The contract with templates: what main.typ.j2 gets to know of an issue.
//!
//! Domain types are not handed on; every name a template sees stands here.

use chrono::Datelike;
use minijinja::value::Value;

use super::attachments::{Attachment, attachments, can_be_named};
use super::header::header_rows;
use super::total_label::total_label;
use crate::calculation::ComputedRow;
use crate::figure::{FigureId, Ledger};
use crate::issue::{Appendix, Issue, TypesetItem, TypesetPicture, TypesetSection};
use crate::project::{ColumnRole, ColumnSchema, FontChain, Project, TableSchema};
use crate::text::Paragraph;

/// The most rows that one 序号 of a tie is merged over. A merged cell is never split between pages (custom), so a
/// tie must fit on a page below title and header, even where names take two lines; a longer one has a 序号 in each row.
/// So does one that the layout finds to be higher than a page nevertheless, for its names take more lines.
const MOST_MERGED: usize = 8;

/// The value `issue` of main.typ.j2.
pub fn issue_value(project: &Project, issue: &Issue) -> Value {
    let settings = &project.settings;
    let declared = &issue.declared;
    let ledger = &issue.ledger;
    let month = issue.month;
    map([
        ("title", Value::from(settings.title.as_str())),
        ("subject", Value::from(format!("{} {}年第{}期", settings.title, month.year, declared.number))),
        ("publisher", Value::from(settings.publisher.as_str())),
        ("number", Value::from(declared.number)),
        (
            "date",
            map([
                ("year", Value::from(declared.date.year())),
                ("month", Value::from(declared.date.month())),
                ("day", Value::from(declared.date.day())),
            ]),
        ),
        ("sample", Value::from(declared.sample)),
        (
            "fonts",
            Value::from_pairs(
                settings.fonts.chains.iter().map(|chain| (chain.role, chain_value(project, chain))),
            ),
        ),
        ("sections", issue.sections.iter().map(|section| section_value(section, ledger)).collect()),
        (
            "appendices",
            issue
                .appendices
                .iter()
                .filter_map(|appendix| appendix_value(project, appendix, ledger))
                .collect(),
        ),
        ("imprint", imprint_value(project)),
        (
            "attachments",
            attachments(project, issue).iter().filter(|it| can_be_named(it)).map(attachment_value).collect(),
        ),
    ])
}

fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::from_pairs(pairs.map(|(key, value)| (key.to_owned(), value)))
}

fn optional(text: Option<&str>) -> Value {
    text.map_or_else(|| Value::from(()), Value::from)
}

fn chain_value(project: &Project, chain: &FontChain) -> Value {
    let preferred = project.settings.fonts.system.then_some(&chain.preferred).into_iter().flatten();
    let preferred = preferred.map(|name| Value::from(name.as_str()));
    let families = chain.families.iter().map(|family| match family.covers.as_deref() {
        None => Value::from(family.name.as_str()),
        Some("latin-in-cjk") => {
            map([("name", Value::from(family.name.as_str())), ("covers", Value::from("latin-in-cjk"))])
        }
        Some(expression) => map([
            ("name", Value::from(family.name.as_str())),
            ("covers", map([("regex", Value::from(expression))])),
        ]),
    });
    map([("families", preferred.chain(families).collect()), ("weight", Value::from(chain.weight))])
}

/// A text in runs: a string, or an array of a figure's printed form and the figure's name.
fn runs_value(paragraph: &Paragraph, ledger: &Ledger) -> Value {
    paragraph.iter().map(|run| text_with_figures(&run.text, figure_id(run.figure, ledger))).collect()
}

/// A string, or an array of the text and the figures that it is the printed form of.
fn text_with_figures<'a>(text: &'a str, figures: impl IntoIterator<Item = &'a str>) -> Value {
    let mut figures = figures.into_iter().peekable();
    match figures.peek() {
        None => Value::from(text),
        Some(_) => std::iter::once(text).chain(figures).collect(),
    }
}

fn section_value(section: &TypesetSection, ledger: &Ledger) -> Value {
    map([
        ("title", runs_value(&section.title, ledger)),
        ("items", section.items.iter().map(|item| item_value(item, ledger)).collect()),
    ])
}

fn item_value(item: &TypesetItem, ledger: &Ledger) -> Value {
    let line = |line: &Option<Paragraph>| {
        line.as_ref().map_or_else(|| Value::from(()), |line| runs_value(line, ledger))
    };
    // An empty paragraph would have no line, but the room below one.
    let paragraphs = item.paragraphs.iter().filter(|it| it.iter().any(|run| !run.text.trim().is_empty()));
    map([
        ("level", Value::from(item.level)),
        ("heading", line(&item.heading)),
        ("lead", line(&item.lead)),
        ("paragraphs", paragraphs.map(|paragraph| runs_value(paragraph, ledger)).collect()),
        (
            "picture",
            item.picture.as_ref().map_or_else(|| Value::from(()), |picture| picture_value(picture, ledger)),
        ),
    ])
}

fn picture_value(picture: &TypesetPicture, ledger: &Ledger) -> Value {
    let caption = picture.caption.as_ref();
    map([
        ("path", Value::from(format!("/{}", picture.file))),
        ("caption", caption.map_or_else(|| Value::from(()), |caption| runs_value(caption, ledger))),
        ("format", Value::from(picture.format.name())),
        ("alt", Value::from(picture.description.as_str())),
        ("width_percent", Value::from(picture.width_percent)),
    ])
}

fn appendix_value(project: &Project, appendix: &Appendix, ledger: &Ledger) -> Option<Value> {
    let schema = project.settings.tables.get(appendix.schema)?;
    let header = header_rows(schema, appendix.period).into_iter().map(|row| {
        let cells =
            row.into_iter().map(|cell| table_cell(&cell.text, cell.rowspan, cell.colspan, Vec::new()));
        cells.collect::<Value>()
    });
    let rows = &appendix.table.rows;
    Some(map([
        ("title", runs_value(&appendix.title, ledger)),
        (
            "columns",
            schema.columns_in(appendix.period).map(|(_, column)| Value::from(column.width_tenths)).collect(),
        ),
        ("header", header.collect()),
        (
            "rows",
            rows.iter()
                .enumerate()
                .map(|(index, row)| row_value(project, schema, appendix, index, row, ledger))
                .collect(),
        ),
        ("total", if schema.total { total_value(schema, appendix, ledger) } else { Value::from(()) }),
    ]))
}

fn row_value(
    project: &Project,
    schema: &TableSchema,
    appendix: &Appendix,
    index: usize,
    row: &ComputedRow,
    ledger: &Ledger,
) -> Value {
    let tied = |other: &&ComputedRow| row.rank.is_some() && other.sequence == row.sequence;
    let (before, from_here) = appendix.table.rows.split_at(index);
    let above = before.iter().rev().take(MOST_MERGED).take_while(tied).count();
    let tie = above + from_here.iter().take(MOST_MERGED + 1).take_while(tied).count();
    let is_merged = tie <= MOST_MERGED;
    let mut cells = Vec::with_capacity(schema.columns.len());
    for (at, column) in schema.columns_in(appendix.period) {
        let place = row.cells.get(at).copied().flatten();
        let cell = match column.role {
            // Equal scores share one merged 序号.
            ColumnRole::Sequence if above > 0 && is_merged => continue,
            ColumnRole::Sequence => {
                let after = from_here.iter().skip(1).take_while(|other| is_merged && tied(other));
                let sharing: Vec<&ComputedRow> = std::iter::once(row).chain(after).collect();
                let ranks = sharing.iter().filter_map(|row| figure_id(row.rank, ledger)).collect();
                let text = row.sequence.map_or_else(|| "/".to_owned(), |sequence| sequence.to_string());
                table_cell(&text, sharing.len(), 1, ranks)
            }
            ColumnRole::Department => table_cell(project.register.name(row.department), 1, 1, Vec::new()),
            ColumnRole::Number(_) => number_cell(place, ledger),
        };
        cells.push(cell);
    }
    cells.into_iter().collect()
}

fn total_value(schema: &TableSchema, appendix: &Appendix, ledger: &Ledger) -> Value {
    let columns: Vec<(usize, &ColumnSchema)> = schema.columns_in(appendix.period).collect();
    let roles: Vec<Option<&ColumnRole>> = columns.iter().map(|(_, column)| Some(&column.role)).collect();
    let label = total_label(&roles);
    let cells = columns.into_iter().enumerate().filter_map(|(place, (at, column))| match column.number() {
        Some(_) => Some(number_cell(appendix.table.totals.get(at).copied().flatten(), ledger)),
        None if place == label.start => Some(table_cell("合计", 1, label.len(), Vec::new())),
        None if label.contains(&place) => None,
        None => Some(table_cell("", 1, 1, Vec::new())),
    });
    cells.collect()
}

fn number_cell(place: Option<FigureId>, ledger: &Ledger) -> Value {
    let text = place.map_or_else(|| "/".to_owned(), |place| ledger.amount(place).plain());
    table_cell(&text, 1, 1, figure_id(place, ledger).into_iter().collect())
}

/// A cell: its text, with the figures that it is the printed form of (several departments may share a
/// rank); or a dictionary of that and of the rows and columns over which it goes.
fn table_cell(text: &str, rows: usize, columns: usize, figures: Vec<&str>) -> Value {
    let text = text_with_figures(text, figures);
    match (rows, columns) {
        (1, 1) => text,
        _ => map([("text", text), ("rowspan", Value::from(rows)), ("colspan", Value::from(columns))]),
    }
}

fn figure_id(place: Option<FigureId>, ledger: &Ledger) -> Option<&str> {
    place.and_then(|place| ledger.get(place)).map(|figure| figure.id.as_str())
}

fn attachment_value(attachment: &Attachment<'_>) -> Value {
    let file = attachment.file;
    map([
        ("name", Value::from(attachment.name.as_str())),
        ("path", Value::from(format!("/{}", file.name))),
        ("relationship", Value::from(if file.is_data { "data" } else { "source" })),
        ("mime_type", Value::from(file.media_type)),
        ("description", Value::from(format!("{}：{}", file.description, file.name))),
    ])
}

fn imprint_value(project: &Project) -> Value {
    let Some(imprint) = &project.settings.imprint else { return Value::from(()) };
    if imprint.report_to.is_none() && imprint.send_to.is_none() && imprint.copies.is_none() {
        return Value::from(());
    }
    map([
        ("report_to", optional(imprint.report_to.as_deref())),
        ("send_to", optional(imprint.send_to.as_deref())),
        ("copies", imprint.copies.map_or_else(|| Value::from(()), Value::from)),
    ])
}
