//! One month put together: workbooks read, tables computed, texts filled with figures.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, has_errors, line_of, rules, shown};
use crate::figure::{
    Evaluation, Figure, FigureId, FormulaFault, Ledger, Operation, Origin, Reference, ReferencePart,
    evaluate, parse,
};
use crate::project::{
    EnteredValue, FigureDefinition, FileContent, IssueFile, Item, Month, MonthInputs, Opening, Project,
    Prose, Section,
};
use crate::similar::nearest;
use crate::source::{self, Isolation};
use crate::table::{ComputedTable, compute, formula_diagnostic, read_table};
use crate::text::{Paragraph, TextScope, Texts};

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
}

/// A table with its rendered title.
#[derive(Debug)]
pub struct Appendix {
    /// The index of the declared table.
    pub schema: usize,
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
#[derive(Debug)]
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
    /// The caption.
    pub caption: Option<Paragraph>,
    /// What it shows.
    pub description: String,
    /// The width in hundredths of the type area's.
    pub width_percent: i64,
}

/// Puts an issue together; none where it has errors.
pub fn assemble(
    project: &Project,
    inputs: MonthInputs,
    isolation: &Isolation,
) -> (Option<Issue>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut ledger = Ledger::default();
    let periods = |name: &str| {
        let declared = inputs.issue.as_ref().and_then(|issue| issue.periods.get(name));
        declared.map_or(inputs.month, |period| period.value)
    };
    let mut tables = Vec::new();
    for (index, (schema, content)) in project.settings.tables.iter().zip(&inputs.tables).enumerate() {
        let Some(content) = content else { continue };
        let period = periods(&schema.name);
        let (table, found) = compute_table(project, index, content, period, &mut ledger, isolation);
        diagnostics.extend(found);
        tables.extend(table.map(|table| (index, table)));
    }
    let tables_are_whole = tables.len() == project.settings.tables.len();
    let Some(declared) = inputs.issue else { return (None, diagnostics) };
    for value in &declared.values {
        ledger.add(entered_figure(value));
    }
    // Without a table every figure on it would be reported as unknown: one message is enough.
    if !tables_are_whole {
        return (None, diagnostics);
    }
    for definition in &project.settings.figures {
        match define_figure(project, definition, &ledger) {
            Ok(figure) => {
                ledger.add(figure);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let ledger = Arc::new(ledger);
    let names = project.settings.tables.iter().map(|table| table.name.as_str());
    let register = Arc::new(project.register.clone());
    let scope = TextScope::new(Arc::clone(&ledger), register, names, inputs.month, declared.number);
    let mut appendices = Vec::new();
    for (schema, table) in tables {
        let Some(title) = project.settings.tables.get(schema).map(|table| &table.title) else { continue };
        let texts = Texts::new(scope.clone().with_period(periods_of(&declared, &table.name, inputs.month)));
        let (title, found) = texts.render_line(title);
        diagnostics.extend(found);
        appendices.push(Appendix { schema, title, table });
    }
    let texts = Texts::new(scope);
    let mut typesetting = Typesetting { texts: &texts, month: inputs.month, diagnostics: Vec::new() };
    let sections = declared.sections.iter().map(|section| typesetting.section(section)).collect();
    diagnostics.extend(typesetting.diagnostics);
    if has_errors(&diagnostics) {
        return (None, diagnostics);
    }
    (Some(Issue { month: inputs.month, declared, ledger, appendices, sections }), diagnostics)
}

fn periods_of(declared: &IssueFile, table: &str, month: Month) -> Month {
    declared.periods.get(table).map_or(month, |period| period.value)
}

fn compute_table(
    project: &Project,
    index: usize,
    content: &FileContent,
    period: Month,
    ledger: &mut Ledger,
    isolation: &Isolation,
) -> (Option<ComputedTable>, Vec<Diagnostic>) {
    let Some(schema) = project.settings.tables.get(index) else { return (None, Vec::new()) };
    let (workbook, mut diagnostics) = source::read(&content.bytes, &content.name, isolation);
    let Some(workbook) = workbook else { return (None, diagnostics) };
    let (table, found) =
        read_table(schema, &content.name, &workbook, &project.register, &project.settings.cells, period);
    diagnostics.extend(found);
    let Some(table) = table else { return (None, diagnostics) };
    let (computed, found) = compute(schema, &table, &project.register, ledger);
    diagnostics.extend(found);
    (Some(computed), diagnostics)
}

fn entered_figure(value: &EnteredValue) -> Figure {
    Figure {
        id: format!("values.{}", value.name),
        amount: crate::figure::Amount::Number(value.value),
        unit: value.unit.clone(),
        origin: Origin::Entry { at: value.at.clone(), source: value.source.clone() },
    }
}

fn define_figure(
    project: &Project,
    definition: &FigureDefinition,
    ledger: &Ledger,
) -> Result<Figure, Diagnostic> {
    let fault = |fault: FormulaFault| formula_diagnostic(&definition.formula, &fault);
    let expression = parse(&definition.formula.template).map_err(fault)?;
    let find = |reference: &Reference| find_figure(project, ledger, reference);
    let Evaluation { amount, unit, operands } = evaluate(&expression, ledger, &find).map_err(fault)?;
    let operation = Operation::Formula(definition.formula.template.clone());
    Ok(Figure {
        id: format!("figures.{}", definition.name),
        amount,
        unit,
        origin: Origin::Operation { operation, operands },
    })
}

/// The figure that a reference names; a department may be named by any of its names.
fn find_figure(project: &Project, ledger: &Ledger, reference: &Reference) -> Result<FigureId, FormulaFault> {
    let parts = reference.parts.iter().map(|part| match part {
        ReferencePart::Key(key) => {
            let official = project.register.find(key).and_then(|index| project.register.get(index));
            ReferencePart::Key(official.map_or_else(|| key.clone(), |department| department.name.clone()))
        }
        ReferencePart::Name(name) => ReferencePart::Name(name.clone()),
    });
    let id = Reference { parts: parts.collect(), span: reference.span.clone() }.to_string();
    ledger.find(&id).ok_or_else(|| {
        let near = nearest(&id, ledger.ids());
        let suggestion = near.first().map(|near| format!("，是不是 {near}？")).unwrap_or_default();
        FormulaFault {
            message: format!("没有 {} 这个数{suggestion}", shown(&id)),
            span: reference.span.clone(),
        }
    })
}

struct Typesetting<'a> {
    texts: &'a Texts,
    month: Month,
    diagnostics: Vec<Diagnostic>,
}

impl Typesetting<'_> {
    fn section(&mut self, section: &Section) -> TypesetSection {
        TypesetSection {
            title: self.line(&section.title),
            items: section.items.iter().map(|item| self.item(item)).collect(),
        }
    }

    fn item(&mut self, item: &Item) -> TypesetItem {
        let (heading, lead) = match &item.opening {
            Opening::None => (None, None),
            Opening::Heading(heading) => (Some(self.heading(heading)), None),
            Opening::Lead(lead) => (None, Some(self.heading(lead))),
        };
        let paragraphs = item.text.as_ref().map(|text| {
            let (paragraphs, found) = self.texts.render(text);
            if found.is_empty() && paragraphs.is_empty() {
                self.diagnostics.push(
                    Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, "这一段文字是空的")
                        .at(text.at())
                        .hint("请写上文字，或删去这一项"),
                );
            }
            self.diagnostics.extend(found);
            paragraphs
        });
        let picture = item.picture.as_ref().map(|picture| TypesetPicture {
            file: format!("{}/{}", crate::project::Folder::month_folder(self.month), picture.file.value),
            caption: picture.caption.as_ref().map(|caption| self.line(caption)),
            description: picture.description.clone(),
            width_percent: picture.width_percent,
        });
        TypesetItem { level: item.level, heading, lead, paragraphs: paragraphs.unwrap_or_default(), picture }
    }

    /// A heading of an item: the template sets its number and its final mark.
    fn heading(&mut self, prose: &Prose) -> Paragraph {
        let mut heading = self.line(prose);
        if let Some(last) =
            heading.last_mut().filter(|last| last.figure.is_none() && last.text.ends_with('。'))
        {
            let end = prose.template.trim_end().len();
            let span = end.saturating_sub('。'.len_utf8())..end;
            self.diagnostics.push(
                Diagnostic::new(&rules::HEADING_PUNCTUATION, "标题末尾不用句号，印出时已去掉")
                    .at(prose.location(span.start))
                    .excerpt(line_of(&prose.template, &span))
                    .hint("请删去标题末尾的“。”"),
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
