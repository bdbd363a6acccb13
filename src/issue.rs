//! One month put together: workbooks read, tables computed, texts filled with figures.

mod number;
mod printed;
mod source_files;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::number::repeated_number;
use self::source_files::source_files;
use crate::calculation::{Calculation, ComputedTable, EnteredMonth, Formulas, ReachedMonths, compute_tables};
use crate::check::{CheckOutcome, DeclaredChecks, Settled, run_checks};
use crate::diagnostic::{Diagnostic, Location, has_errors, line_of, rules};
use crate::figure::Ledger;
use crate::project::{
    Folder, IssueFile, Item, Month, Opening, Picture, PictureFormat, Project, Prose, Section,
};
use crate::text::{DeclaredNames, Paragraph, TextScope, Texts, check_literal_numbers, prepare_figures};

pub use self::source_files::SourceFile;

/// An issue, ready to be typeset.
#[derive(Debug)]
pub struct Issue {
    /// The month.
    pub month: Month,
    /// What issue.toml declares.
    pub declared: IssueFile,
    /// All figures.
    pub ledger: Arc<Ledger>,
    /// The appendices, in the order in which their tables are declared.
    pub appendices: Vec<Appendix>,
    /// The sections, with their texts rendered.
    pub sections: Vec<TypesetSection>,
    /// The warnings that the editor has acknowledged.
    pub settled: Vec<Settled>,
    /// What became of the checks.
    pub checks: Vec<CheckOutcome>,
    /// The other months that were looked at.
    pub reached: ReachedMonths,
    /// The files that it was made from.
    pub source_files: Vec<SourceFile>,
}

/// A table with its rendered title.
#[derive(Debug)]
pub struct Appendix {
    /// The index of the declared table.
    pub schema: usize,
    /// The month that it reports on.
    pub period: Month,
    /// The title.
    pub title: Paragraph,
    /// The figures.
    pub table: ComputedTable,
}

/// A section with its texts rendered.
#[derive(Debug)]
pub struct TypesetSection {
    /// The heading.
    pub title: Paragraph,
    /// The items.
    pub items: Vec<TypesetItem>,
}

/// An item with its texts rendered.
#[derive(Debug, Default)]
pub struct TypesetItem {
    /// 1 for （一）, 2 for 1., 3 for （1）.
    pub level: i64,
    /// A heading on a line of its own.
    pub heading: Option<Paragraph>,
    /// A lead that runs into the first paragraph.
    pub lead: Option<Paragraph>,
    /// The paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// The picture after the text.
    pub picture: Option<TypesetPicture>,
}

/// A picture with its caption rendered.
#[derive(Debug)]
pub struct TypesetPicture {
    /// The file's name within the project.
    pub file: String,
    /// Its kind, by its content.
    pub format: PictureFormat,
    /// The caption.
    pub caption: Option<Paragraph>,
    /// What it shows.
    pub description: String,
    /// The width in hundredths of the type area's.
    pub width_percent: i64,
}

/// What an issue is put together from.
pub struct Sources<'a> {
    /// The bulletin's declarations.
    pub project: &'a Project,
    /// What was entered for the month.
    pub entered: Arc<EnteredMonth>,
    /// The month's pictures, by their name within the project.
    pub pictures: &'a BTreeMap<String, Vec<u8>>,
    /// Gives what was entered for another month; none where it has no folder.
    pub months: &'a dyn Fn(Month) -> Option<Arc<EnteredMonth>>,
}

/// Puts an issue together; none where it has errors. The findings of reading the month are among those given.
pub fn assemble(sources: &Sources<'_>) -> (Option<Issue>, Vec<Diagnostic>) {
    let Sources { project, entered, pictures, months } = sources;
    let mut diagnostics = entered.diagnostics.clone();
    let inputs = &entered.inputs;
    let mut is_faulty = has_errors(&diagnostics);
    let names = entered.names(project);
    let formulas = Arc::new(Formulas::read(&names, inputs.month));
    let mut calculation = Calculation::new(project, Arc::clone(entered), formulas, *months, is_faulty);
    let tables = compute_tables(&mut calculation);
    let Some(declared) = inputs.issue.clone() else {
        diagnostics.extend(calculation.finish().1);
        return (None, diagnostics);
    };
    calculation.compute_figures();
    let titles = tables.iter().filter_map(|(schema, _)| project.settings.tables.get(*schema));
    for prose in titles.map(|table| &table.title).chain(declared.proses()) {
        prepare_figures(prose, &mut calculation);
    }
    let checks = run_checks(&mut calculation, &DeclaredChecks::read(&names), is_faulty);
    let (ledger, found, reached) = calculation.finish();
    diagnostics.extend(repeated_number(inputs, reached.values().flatten().map(|month| &*month.inputs)));
    // A blank that stops the ranking is told once, as what stops it.
    diagnostics.retain(|missing| {
        let is_told = |found: &Diagnostic| {
            found.rule == &rules::RANKING_INCOMPLETE && found.location == missing.location
        };
        missing.rule != &rules::CELL_MISSING || !found.iter().any(is_told)
    });
    diagnostics.extend(found);
    is_faulty |= has_errors(&diagnostics);
    let names = DeclaredNames::new(project, &declared);
    let scope = TextScope::new(
        &project.settings.tables,
        &project.register,
        Arc::new(ledger),
        inputs.month,
        declared.number,
    );
    let mut appendices = Vec::new();
    for (schema, table) in tables {
        let Some(title) = project.settings.tables.get(schema).map(|table| &table.title) else { continue };
        let period = inputs.period(&table.name);
        let texts = Texts::new(scope.clone().with_period(period), names.clone(), is_faulty);
        let (title, found) = texts.render_line(title);
        diagnostics.extend(found);
        appendices.push(Appendix { schema, period, title, table });
    }
    let ledger = scope.ledger();
    let texts = Texts::new(scope, names, is_faulty);
    let mut typesetting =
        Typesetting { texts: &texts, month: inputs.month, pictures, diagnostics: Vec::new() };
    let sections = declared.sections.iter().map(|section| typesetting.section(section)).collect();
    diagnostics.extend(typesetting.diagnostics);
    diagnostics.extend(check_literal_numbers(project, &declared, &ledger, &entered.diagnostics));
    if has_errors(&diagnostics) {
        return (None, diagnostics);
    }
    let others: Vec<Arc<EnteredMonth>> = reached.values().flatten().cloned().collect();
    let mut issue = Issue {
        month: inputs.month,
        declared,
        ledger,
        appendices,
        sections,
        settled: Vec::new(),
        checks,
        reached,
        source_files: Vec::new(),
    };
    let others = others.iter().map(|month| &*month.inputs);
    issue.source_files = source_files(project, inputs, others, &issue.cited_files());
    (Some(issue), diagnostics)
}

struct Typesetting<'a> {
    texts: &'a Texts,
    month: Month,
    /// The pictures, by their name within the project.
    pictures: &'a BTreeMap<String, Vec<u8>>,
    diagnostics: Vec<Diagnostic>,
}

impl Typesetting<'_> {
    fn section(&mut self, section: &Section) -> TypesetSection {
        let title = self.heading(&section.title);
        self.draft(section.draft.as_ref(), "这一部分的文字是照上期带来的，还没有核对");
        TypesetSection { title, items: section.items.iter().map(|item| self.item(item)).collect() }
    }

    fn item(&mut self, item: &Item) -> TypesetItem {
        let opening = match &item.opening {
            Opening::None => None,
            Opening::Heading(prose) | Opening::Lead(prose) => Some(prose),
        };
        let is_blank = |prose: &Prose| prose.template.trim().is_empty();
        // A new month's items are blank: one message each, not one for the heading and one for the text.
        let blank_opening =
            opening.filter(|opening| is_blank(opening) && item.text.as_ref().is_none_or(is_blank));
        if let Some(opening) = blank_opening {
            self.diagnostics.push(
                Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, "这一项还没有写")
                    .at(opening.at())
                    .hint("请写上标题和正文，或删去这一项"),
            );
            return TypesetItem { level: item.level, ..TypesetItem::default() };
        }
        self.draft(item.draft.as_ref(), "这一项是照上期带来的，还没有核对");
        let (heading, lead) = match &item.opening {
            Opening::None => (None, None),
            Opening::Heading(heading) => (Some(self.heading(heading)), None),
            Opening::Lead(lead) => (None, Some(self.lead(lead))),
        };
        let paragraphs = item.text.as_ref().map(|text| {
            let (paragraphs, found) = self.texts.render(text);
            if found.is_empty() && paragraphs.is_empty() && !self.texts.may_lack_figures(text) {
                self.diagnostics.push(
                    Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, "这一段文字是空的")
                        .at(text.at())
                        .hint("请写上文字，或删去这一项"),
                );
            }
            self.diagnostics.extend(found);
            paragraphs
        });
        let picture = item.picture.as_ref().and_then(|picture| self.picture(picture));
        TypesetItem { level: item.level, heading, lead, paragraphs: paragraphs.unwrap_or_default(), picture }
    }

    /// Tells that a text was carried over and not looked at yet, where it says so.
    fn draft(&mut self, at: Option<&Location>, message: &str) {
        self.diagnostics.extend(at.map(|at| {
            Diagnostic::new(&rules::SECTION_DRAFT, message)
                .at(at.clone())
                .hint("改好这一段文字，再删去 draft = true 这一行")
        }));
    }

    fn picture(&mut self, picture: &Picture) -> Option<TypesetPicture> {
        let file = format!("{}/{}", Folder::month_folder(self.month), picture.file.value);
        // A picture that is not there, or is none, has been reported where it was read.
        let format = self.pictures.get(&file).and_then(|bytes| PictureFormat::detect(bytes))?;
        Some(TypesetPicture {
            format,
            caption: picture.caption.as_ref().map(|caption| self.line(caption)),
            description: picture.description.clone(),
            width_percent: picture.width_percent,
            file,
        })
    }

    /// A heading, which has no final mark.
    fn heading(&mut self, prose: &Prose) -> Paragraph {
        self.without_full_stop(prose, "标题末尾不用句号，印出时已去掉")
    }

    /// A lead: the template sets its full stop.
    fn lead(&mut self, prose: &Prose) -> Paragraph {
        self.without_full_stop(prose, "段首标题末尾的句号由程序加上，这里不用写")
    }

    fn without_full_stop(&mut self, prose: &Prose, message: &str) -> Paragraph {
        let mut heading = self.line(prose);
        if let Some(last) =
            heading.last_mut().filter(|last| last.figure.is_none() && last.text.ends_with('。'))
        {
            let end = prose.template.trim_end().len();
            let span = end.saturating_sub('。'.len_utf8())..end;
            self.diagnostics.push(
                Diagnostic::new(&rules::HEADING_PUNCTUATION, message)
                    .at(prose.location(span.start))
                    .excerpt(line_of(&prose.template, &span))
                    .hint("请删去末尾的“。”"),
            );
            last.text.truncate(last.text.len() - '。'.len_utf8());
        }
        heading
    }

    fn line(&mut self, prose: &Prose) -> Paragraph {
        let (line, found) = self.texts.render_line(prose);
        self.diagnostics.extend(found);
        line
    }
}
