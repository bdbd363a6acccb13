//! Where each figure stands on the pages, by the marks that the layout leaves at them.

use typst::foundations::{Dict, Label, Selector, Value};
use typst::introspection::{Introspector, Location, MetadataElem};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// The label of the marks.
const MARK: &str = "figure";

/// A figure at a place of the PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedFigure {
    /// The figure's name.
    pub id: String,
    /// The form in which it is printed here.
    pub shown: String,
    /// The page of the PDF, from 1.
    pub page: usize,
    /// From the page's left edge to the beginning of the printed form, in millimetres with two decimals.
    pub x: String,
    /// From the page's top edge to the baseline of the printed form, in millimetres with two decimals.
    pub y: String,
}

/// All printed figures, in the order of the text.
pub fn printed_figures(document: &PagedDocument) -> Vec<PrintedFigure> {
    let printed = marks(document, MARK).filter_map(|(location, value)| {
        let position = document.introspector().position(location?)?;
        Some(PrintedFigure {
            id: text_of(&value, "id")?,
            shown: text_of(&value, "text")?,
            page: position.page.get(),
            x: millimetres(position.point.x),
            y: millimetres(position.point.y),
        })
    });
    printed.collect()
}

/// What the marks of a label say, in the order of the text, and where the document has them.
pub(super) fn marks(document: &PagedDocument, label: &str) -> impl Iterator<Item = (Option<Location>, Dict)> {
    let label = Label::new(PicoStr::intern(label));
    let marked = label.map(|label| document.introspector().query(&Selector::Label(label)));
    marked.unwrap_or_default().into_iter().filter_map(|mark| match &mark.to_packed::<MetadataElem>()?.value {
        Value::Dict(value) => Some((mark.location(), value.clone())),
        _ => None,
    })
}

pub(super) fn text_of(value: &Dict, key: &str) -> Option<String> {
    match value.get(key) {
        Ok(Value::Str(text)) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

pub(super) fn index_of(value: &Dict, key: &str) -> Option<usize> {
    match value.get(key) {
        Ok(Value::Int(index)) => usize::try_from(*index).ok(),
        _ => None,
    }
}

/// Rust rounds the exact binary value and writes it in one way only, on every machine and in every locale.
fn millimetres(length: Abs) -> String {
    format!("{:.2}", length.to_mm())
}
