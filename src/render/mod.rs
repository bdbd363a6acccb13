//! From an issue to its PDF: template data, Typst source, laid-out document, PDF.
//!
//! Only this room names Typst. It gets bytes and values, and touches no file,
//! clock or environment of its own, but for system fonts where they are allowed.

mod attachments;
mod context;
mod cramped;
mod font_families;
mod font_file;
mod fonts;
mod frames;
mod glyphs;
mod header;
mod high;
mod jpeg;
mod literal;
mod memory;
mod narrow;
mod outside;
mod pages;
mod pictures;
mod positions;
mod report;
mod source;
mod templates;
mod total_label;
mod translation;
mod world;
mod written;

pub use font_families::FolderFamily;
pub use fonts::{FontRole, Fonts, ServingFamily};
pub use header::{HeaderCell, header_rows, header_rows_of};
pub use positions::PrintedFigure;
pub use templates::{TemplateFile, Templates};
pub use total_label::total_label;

use std::collections::BTreeMap;

use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::diagnostic::{Diagnostic, has_errors};
use crate::issue::Issue;
use crate::project::Project;
use memory::UnderWay;
use world::IssueWorld;

/// The outputs of one issue.
#[derive(Debug)]
pub struct Rendered {
    /// The generated Typst source.
    pub source: String,
    /// The PDF.
    pub pdf: Vec<u8>,
    /// What a reader sees of each page, in short.
    pub pages: Vec<String>,
    /// Where the figures stand in it.
    pub figures: Vec<PrintedFigure>,
}

/// The version of Typst.
pub fn typst_version() -> &'static str {
    typst::utils::version().raw()
}

/// The generated source of an issue, and its name within the project.
pub fn generate(
    project: &Project,
    issue: &Issue,
    templates: &Templates,
) -> (Option<String>, Vec<Diagnostic>) {
    source::generate(project, issue, templates)
}

/// Typesets an issue; none where there are errors.
pub fn render(
    project: &Project,
    issue: &Issue,
    templates: &Templates,
    fonts: &Fonts,
    pictures: BTreeMap<String, Vec<u8>>,
) -> (Option<Rendered>, Vec<Diagnostic>) {
    let _under_way = UnderWay::begin();
    let (laid_out, mut diagnostics) = lay_out_checked(project, issue, templates, fonts, pictures);
    let Some((source, layout)) = laid_out else { return (None, diagnostics) };
    let ((pdf, found), (pages, figures)) = rayon::join(
        || export(project, issue, &layout.document, &layout.world),
        || (pages::page_fingerprints(&layout.document), layout.printed_figures()),
    );
    diagnostics.extend(found);
    (pdf.map(|pdf| Rendered { source, pdf, pages, figures }), diagnostics)
}

/// Where the figures would stand in an issue's PDF, and what making it would find; no places where there are errors.
pub fn check_layout(
    project: &Project,
    issue: &Issue,
    templates: &Templates,
    fonts: &Fonts,
    pictures: BTreeMap<String, Vec<u8>>,
) -> (Option<Vec<PrintedFigure>>, Vec<Diagnostic>) {
    let _under_way = UnderWay::begin();
    let (laid_out, mut diagnostics) = lay_out_checked(project, issue, templates, fonts, pictures);
    let Some((_, layout)) = laid_out else { return (None, diagnostics) };
    // Some things are refused by the PDF alone, and a month that passes must build.
    let (pdf, found) = export(project, issue, &layout.document, &layout.world);
    diagnostics.extend(found);
    (pdf.map(|_| layout.printed_figures()), diagnostics)
}

/// Generates the source, lays it out and looks through the pages; none where there are errors.
fn lay_out_checked<'a>(
    project: &Project,
    issue: &Issue,
    templates: &'a Templates,
    fonts: &'a Fonts,
    pictures: BTreeMap<String, Vec<u8>>,
) -> (Option<(String, Layout<'a>)>, Vec<Diagnostic>) {
    let (source, mut diagnostics) = generate(project, issue, templates);
    let damaged = pictures::damaged_pictures(issue, &pictures);
    let is_whole = damaged.is_empty();
    diagnostics.extend(damaged);
    let Some(source) = source.filter(|_| is_whole) else { return (None, diagnostics) };
    let layout = match lay_out(issue, templates, fonts, pictures, &source) {
        Ok(layout) => layout,
        Err(found) => {
            diagnostics.extend(found);
            return (None, diagnostics);
        }
    };
    diagnostics.extend(layout.warnings.iter().cloned());
    diagnostics.extend(attachments::left_behind(project, issue, &layout.document));
    let faults = frames::faults(&layout.document);
    diagnostics.extend(glyphs::findings(project, issue, fonts, &faults.missing));
    diagnostics.extend(outside::findings(project, issue, &faults.outside));
    if faults.outside.is_empty() {
        diagnostics.extend(cramped::cramped_parts(project, &layout.document));
    }
    diagnostics.extend(narrow::narrow_columns(project, issue, &layout.document));
    diagnostics.extend(high::high_rows(project, issue, &layout.document));
    let laid_out = Some((source, layout)).filter(|_| !has_errors(&diagnostics));
    (laid_out, diagnostics)
}

/// A laid-out issue.
pub struct Layout<'a> {
    /// The pages.
    pub document: PagedDocument,
    /// The world in which they were laid out; places are looked up there.
    world: IssueWorld<'a>,
    /// Typst's warnings.
    pub warnings: Vec<Diagnostic>,
}

impl Layout<'_> {
    /// Where the figures stand.
    pub fn printed_figures(&self) -> Vec<PrintedFigure> {
        positions::printed_figures(&self.document)
    }
}

/// Lays an issue's generated source out on pages, or gives Typst's errors and warnings.
pub fn lay_out<'a>(
    issue: &Issue,
    templates: &'a Templates,
    fonts: &'a Fonts,
    pictures: BTreeMap<String, Vec<u8>>,
    source: &str,
) -> Result<Layout<'a>, Vec<Diagnostic>> {
    let main = format!("output/{}.typ", issue.month);
    let Some(world) = IssueWorld::new(&main, source, issue, templates, pictures, fonts) else {
        return Err(vec![report::plain(&main)]);
    };
    let compiled = typst::compile::<PagedDocument>(&world);
    let mut warnings = report::diagnostics(&world, &compiled.warnings);
    match compiled.output {
        Ok(document) => Ok(Layout { document, world, warnings }),
        Err(errors) => {
            warnings.extend(report::diagnostics(&world, &errors));
            Err(warnings)
        }
    }
}

/// Writes a document as PDF/A-3a and PDF/UA-1; date and identifier come from the issue alone.
fn export(
    project: &Project,
    issue: &Issue,
    document: &PagedDocument,
    world: &IssueWorld<'_>,
) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
    let standards = match PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]) {
        Ok(standards) => standards,
        Err(error) => return (None, vec![report::plain(error.message())]),
    };
    let date = &issue.declared.date;
    let options = PdfOptions {
        ident: Smart::Custom(format!("yuebao/{}/{}", project.settings.title, issue.month)),
        creator: Smart::Custom(Some(format!("yuebao {}", env!("CARGO_PKG_VERSION")))),
        timestamp: midnight(date).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    match typst_pdf::pdf(document, &options) {
        Ok(pdf) => (Some(pdf), Vec::new()),
        Err(errors) => (None, report::diagnostics(world, &errors)),
    }
}

fn midnight(date: &chrono::NaiveDate) -> Option<Datetime> {
    use chrono::Datelike;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Datetime::from_ymd_hms(date.year(), month, day, 0, 0, 0)
}
