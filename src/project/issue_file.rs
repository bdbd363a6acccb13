//! issue.toml: number, date, periods, hand-entered figures and text of one month.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::checks::{Acknowledgement, read_acknowledgements};
use super::document::{Document, Written};
use super::entries::Entries;
use super::literal::{Literal, read_literals};
use super::month::Month;
use super::prose::Prose;
use super::schema::{is_identifier, no_identifier};
use crate::diagnostic::{Diagnostic, Location, rules, shown};

/// The declarations of a month's issue.toml.
#[derive(Debug, Clone)]
pub struct IssueFile {
    /// The issue's number, 第N期.
    pub number: i64,
    /// Where it stands.
    pub number_at: Location,
    /// The date of publication.
    pub date: NaiveDate,
    /// Where the date stands.
    pub date_at: Location,
    /// Whether 样例 is printed across each page.
    pub sample: bool,
    /// The month that a table reports on, by the table's name, where it is not the issue's own.
    pub periods: BTreeMap<String, Written<Month>>,
    /// Figures entered by hand, in the file's order; those with a fault are left out.
    pub values: Vec<EnteredValue>,
    /// The names of all figures entered by hand, those with a fault too.
    pub value_names: Vec<String>,
    /// Numbers that belong to the wording, in the file's order.
    pub literals: Vec<Literal>,
    /// The warnings that the editor accepts.
    pub acknowledgements: Vec<Acknowledgement>,
    /// The sections, in printed order.
    pub sections: Vec<Section>,
}

/// A figure entered by hand.
#[derive(Debug, Clone)]
pub struct EnteredValue {
    /// The name; the text refers to it as `values.name`.
    pub name: String,
    /// The value, exactly as written.
    pub value: Decimal,
    /// The unit.
    pub unit: Option<Arc<str>>,
    /// Where the editor has it from.
    pub source: String,
    /// Where it is written.
    pub at: Location,
}

/// A section, numbered 一、.
#[derive(Debug, Clone)]
pub struct Section {
    /// The heading.
    pub title: Prose,
    /// Where `draft = true` says that the text was carried over and not looked at yet.
    pub draft: Option<Location>,
    /// The items, in printed order; a section's own text is an item without heading.
    pub items: Vec<Item>,
}

/// A piece of a section.
#[derive(Debug, Clone)]
pub struct Item {
    /// 1 for （一）, 2 for 1., 3 for （1）.
    pub level: i64,
    /// What stands before the text.
    pub opening: Opening,
    /// Where `draft = true` says that the item was carried over and not looked at yet.
    pub draft: Option<Location>,
    /// The text; a blank line separates paragraphs.
    pub text: Option<Prose>,
    /// The picture after the text.
    pub picture: Option<Picture>,
}

/// What stands before an item's text.
#[derive(Debug, Clone)]
pub enum Opening {
    /// Nothing; the item is not numbered.
    None,
    /// A heading on a line of its own.
    Heading(Prose),
    /// A lead that runs into the text, up to its first 。.
    Lead(Prose),
}

/// A picture of an item.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The file's name within the month's folder.
    pub file: Written<String>,
    /// The caption below it.
    pub caption: Option<Prose>,
    /// What it shows, for readers who cannot see it (required by PDF/UA-1).
    pub description: String,
    /// The width in hundredths of the type area's.
    pub width_percent: i64,
}

impl IssueFile {
    /// Reads issue.toml; none where number or date are missing.
    pub fn parse(file: &str, text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (issue, diagnostics) = Document::new(file, text).read(read_issue);
        (issue.flatten(), diagnostics)
    }
}

fn read_issue(top: &Entries<'_>) -> Option<IssueFile> {
    for (key, what) in [("number", "期号"), ("date", "出版日期")] {
        if !top.has(key) {
            top.missing(key, what);
        }
    }
    let number = top.integer("number", 1..=99_999);
    let date = top.date("date");
    let sample = top.flag("sample");
    let periods = read_periods(top);
    let (value_names, values) = top.table("values").map(|entries| read_values(&entries)).unwrap_or_default();
    let literals = read_literals(top);
    let acknowledgements = read_acknowledgements(top);
    let sections: Vec<Section> = top.tables("section").iter().filter_map(read_section).collect();
    if sections.is_empty() && !top.has("section") {
        top.missing("[[section]]", "正文各部分");
    }
    let (number, date) = (number?, date?);
    Some(IssueFile {
        number: number.value,
        number_at: number.at,
        date: date.value,
        date_at: date.at,
        sample,
        periods,
        values,
        value_names,
        literals,
        acknowledgements,
        sections,
    })
}

/// The months that tables report on, by the tables' names.
pub(super) fn read_periods(top: &Entries<'_>) -> BTreeMap<String, Written<Month>> {
    let mut periods = BTreeMap::new();
    if let Some(entries) = top.table("periods") {
        entries.allow_any_key();
        for key in entries.keys() {
            let Some(text) = entries.named_text(&key.value) else { continue };
            match Month::parse(&text.value) {
                Some(month) => {
                    periods.insert(key.value, Written { value: month, at: key.at });
                }
                None => entries.report(
                    Diagnostic::new(
                        &rules::SETTING_INVALID,
                        format!("{} 应为月份，这里是“{}”", key.value, shown(&text.value)),
                    )
                    .at(text.at)
                    .hint("写成 \"2025-07\""),
                ),
            }
        }
    }
    periods
}

/// All names, and the figures without a fault.
fn read_values(values: &Entries<'_>) -> (Vec<String>, Vec<EnteredValue>) {
    values.allow_any_key();
    let (mut names, mut read) = (Vec::new(), Vec::new());
    for key in values.keys() {
        names.push(key.value.clone());
        let Some(entries) = values.named_table(&key.value) else { continue };
        if !is_identifier(&key.value) {
            entries.report(no_identifier("[values] 中的名称", &key.value).at(key.at.clone()));
        }
        let value = entries.decimal("value");
        if value.is_none() && !entries.has("value") {
            entries.missing("value", "数字");
        }
        let unit = entries.unit();
        let source = entries.required_text("source", "数字的来源");
        if let (Some(value), Some(source)) = (value, source) {
            read.push(EnteredValue {
                name: key.value,
                value: value.value,
                unit,
                source: source.value,
                at: value.at,
            });
        }
    }
    (names, read)
}

fn read_section(entries: &Entries<'_>) -> Option<Section> {
    let title = required_prose(entries, "title", "这一部分的标题");
    let draft = read_draft(entries);
    let own_text = entries.prose("text");
    let items = entries.tables("item");
    let mut read = Vec::new();
    if let Some(text) = own_text {
        read.push(Item { level: 1, opening: Opening::None, draft: None, text: Some(text), picture: None });
    }
    read.extend(items.iter().map(read_item));
    // What stands there with a fault, or by a wrong name, has had that told.
    if !entries.has("text") && entries.lacks("item") && !entries.has_unknown_keys() {
        entries.report(
            Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, "这一部分只有标题，没有内容")
                .at(entries.place_of("title"))
                .hint("请写上 text 或 [[section.item]]，或删去这一部分"),
        );
    }
    Some(Section { title: title?, draft, items: read })
}

fn read_draft(entries: &Entries<'_>) -> Option<Location> {
    entries.flag("draft").then(|| entries.place_of("draft"))
}

fn read_item(entries: &Entries<'_>) -> Item {
    let level = entries.integer("level", 1..=3).map_or(1, |level| level.value);
    let (heading, lead) = (entries.prose("heading"), entries.prose("lead"));
    let draft = read_draft(entries);
    let text = entries.prose("text");
    let picture = entries.table("picture").and_then(|picture| read_picture(&picture));
    if heading.is_some() && lead.is_some() {
        entries.report(
            Diagnostic::new(
                &rules::SETTING_INVALID,
                "heading（独占一行的标题）和 lead（段首标题）只能写一个",
            )
            .at(entries.place_of("lead")),
        );
    }
    // What stands there with a fault, or by a wrong name, has had that told.
    if !entries.has("text") && !entries.has_unknown_keys() {
        if entries.has("lead") {
            entries.missing("text", "段首标题之后的正文");
        } else if !entries.has("heading") && !entries.has("picture") {
            entries.missing("text", "正文");
        }
    }
    let opening = match (heading, lead) {
        (Some(heading), _) => Opening::Heading(heading),
        (None, Some(lead)) => Opening::Lead(lead),
        (None, None) => Opening::None,
    };
    Item { level, opening, draft, text, picture }
}

fn read_picture(entries: &Entries<'_>) -> Option<Picture> {
    let file = entries.required_text("file", "图片文件名");
    let caption = entries.prose("caption");
    let description = entries.required_text("description", "图片内容的文字说明");
    let written = entries.written_text("description");
    written
        .and_then(|written| written.unevaluated_expression())
        .into_iter()
        .for_each(|found| entries.report(found));
    let width_percent = entries.integer("width", 10..=100).map_or(70, |width| width.value);
    let file = file?;
    if file.value.contains(['\\', ':'])
        || file.value.starts_with('/')
        || file.value.split('/').any(|part| part == "..")
    {
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, "图片应放在本月的文件夹内，只写文件名")
                .at(file.at.clone()),
        );
        return None;
    }
    Some(Picture { file, caption, description: description?.value, width_percent })
}

fn required_prose(entries: &Entries<'_>, key: &'static str, what: &str) -> Option<Prose> {
    if !entries.has(key) {
        entries.missing(key, what);
    }
    entries.prose(key)
}

impl IssueFile {
    /// All texts that are printed, in printed order.
    pub fn proses(&self) -> impl Iterator<Item = &Prose> {
        self.proses_in_roles().map(|(_, prose)| prose)
    }

    /// All texts, in printed order, with the role of their typefaces, one of [`ROLES`](super::ROLES).
    pub fn proses_in_roles(&self) -> impl Iterator<Item = (&'static str, &Prose)> {
        self.sections.iter().flat_map(|section| {
            let items = section.items.iter().flat_map(|item| {
                let role = if item.level == 1 { "subheading" } else { "body" };
                let opening = match &item.opening {
                    Opening::None => None,
                    Opening::Heading(opening) | Opening::Lead(opening) => Some((role, opening)),
                };
                let caption = item.picture.as_ref().and_then(|picture| picture.caption.as_ref());
                opening.into_iter().chain(item.text.iter().chain(caption).map(|text| ("body", text)))
            });
            std::iter::once(("heading", &section.title)).chain(items)
        })
    }

    /// All pictures, in printed order.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|section| &section.items).filter_map(|item| item.picture.as_ref())
    }
}
