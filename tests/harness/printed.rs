//! What ends up on the pages: texts from the laid-out document, data from the generated source.

use std::path::Path;

use serde_json::{Map, Value, json};
use typst::layout::{Frame, FrameItem};
use typst::syntax::ast::{self, ArrayItem, AstNode, DictItem, Expr};
use typst_layout::PagedDocument;
use yuebao::build::Workshop;
use yuebao::project::{Folder, Month, MonthInputs};
use yuebao::render::{generate, lay_out};
use yuebao::source::Isolation;

/// A month's pages, laid out.
pub fn document(root: &Path, month: &str) -> PagedDocument {
    let month = Month::parse(month).unwrap();
    let (workshop, found) = Workshop::open(Folder::find(root).unwrap(), Isolation::InProcess);
    let workshop = workshop.unwrap_or_else(|| panic!("{found:?}"));
    let (issue, found) = workshop.compute(month);
    let issue = issue.unwrap_or_else(|| panic!("{found:?}"));
    let pictures = MonthInputs::load(&workshop.project, month).load_pictures(&workshop.project).contents;
    let (source, _) = generate(&workshop.project, &issue, &workshop.templates);
    let layout = lay_out(&issue, &workshop.templates, &workshop.fonts, pictures, &source.unwrap());
    let layout = layout.unwrap_or_else(|found| panic!("{found:?}"));
    assert!(layout.warnings.is_empty(), "{:?}", layout.warnings);
    layout.document
}

/// All text of a month's pages, without white space, in the order in which it is set.
pub fn page_text(root: &Path, month: &str) -> String {
    let mut text = String::new();
    document(root, month).pages().iter().for_each(|page| collect(&page.frame, &mut text));
    text.retain(|character| !character.is_whitespace());
    text
}

fn collect(frame: &Frame, text: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect(&group.frame, text),
            FrameItem::Text(run) => text.push_str(&run.text),
            _ => {}
        }
    }
}

/// The data of a generated source, as JSON: the one literal that `#bulletin(…)` is called with.
pub fn data(source: &str) -> Value {
    let root = typst::syntax::parse(source);
    assert!(root.errors_and_warnings().0.is_empty(), "the generated source is sound");
    let markup: ast::Markup = root.cast().unwrap();
    let mut calls = markup.exprs().filter_map(|expression| match expression {
        Expr::FuncCall(call) => call.args().items().next(),
        _ => None,
    });
    let (Some(ast::Arg::Pos(literal)), None) = (calls.next(), calls.next()) else {
        panic!("one call with data: {source}")
    };
    value(literal)
}

/// The text of a table's cell in the data: a string, the first of an array with figures, or in a
/// dictionary with the rows and columns that the cell spans.
pub fn cell_text(cell: &Value) -> &str {
    match cell {
        Value::String(text) => text,
        Value::Array(text_and_figures) => text_and_figures[0].as_str().unwrap(),
        spanning => cell_text(&spanning["text"]),
    }
}

fn value(literal: Expr<'_>) -> Value {
    match literal {
        Expr::None(_) => Value::Null,
        Expr::Bool(truth) => json!(truth.get()),
        Expr::Int(number) => json!(number.get()),
        Expr::Str(text) => json!(text.get().as_str()),
        Expr::Array(array) => array
            .items()
            .map(|item| match item {
                ArrayItem::Pos(item) => value(item),
                ArrayItem::Spread(_) => panic!("no literal"),
            })
            .collect(),
        Expr::Dict(dictionary) => {
            let mut map = Map::new();
            for item in dictionary.items() {
                let DictItem::Keyed(pair) = item else { panic!("no literal") };
                let Value::String(key) = value(pair.key()) else { panic!("no name") };
                map.insert(key, value(pair.expr()));
            }
            Value::Object(map)
        }
        other => panic!("no literal: {}", other.to_untyped().full_text()),
    }
}
