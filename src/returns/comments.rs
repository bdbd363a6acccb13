//! Comments at marked cells: the part with their texts, and the drawing with their boxes.
//!
//! A sheet may have comments already, as every form has at its headers; they stay.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::package::{Package, inserted_in_root};
use super::tags::{each_tag, edited, escaped, tag_with};
use crate::diagnostic::CellRef;
use crate::source::cell_address;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const AUTHOR: &str = "月报";

/// The elements of a worksheet that stand behind the reference to the drawing of its comments.
const BEHIND_DRAWING: [&str; 8] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// Adds comments to a sheet; gives the sheet's part, which may have to refer to a new drawing.
pub(super) fn add(
    package: &mut Package<'_>,
    sheet: &str,
    sheet_text: String,
    number: usize,
    comments: &BTreeMap<CellRef, String>,
) -> Option<String> {
    let related = package.relationships(sheet)?;
    let existing = |kind: &str| related.iter().find(|it| it.kind == kind).map(|it| it.target.clone());
    let new_boxes = match existing("comments") {
        Some(part) => {
            let text = package.text(&part)?;
            let (text, added) = with_comments(&text, comments)?;
            package.set(&part, text);
            added
        }
        None => {
            let part = format!("xl/commentsYuebao{number}.xml");
            let empty = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                 <comments xmlns=\"{MAIN}\"><authors></authors><commentList></commentList></comments>"
            );
            let (text, added) = with_comments(&empty, comments)?;
            package.set(&part, text);
            package.declare(&part, COMMENTS_TYPE)?;
            package.relate(sheet, "comments", &part)?;
            added
        }
    };
    let drawing = drawing_of(&sheet_text)?;
    if let Some(id) = drawing {
        let part = related.iter().find(|it| it.id == id)?.target.clone();
        let text = package.text(&part)?;
        let first = largest_shape(&text).max(1024 * (900 + number)) + 1;
        let shapes = boxes(&new_boxes, first, &undeclared(&text)?);
        package.set(&part, inserted_in_root(&text, "xml", |_| shapes.clone())?);
        return Some(sheet_text);
    }
    let part = format!("xl/drawings/vmlDrawingYuebao{number}.vml");
    let layout = 900 + number;
    let text = format!(
        "<xml{}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{layout}\"/></o:shapelayout>{}</xml>",
        undeclared("<xml/>")?,
        boxes(&new_boxes, 1024 * layout + 1, "")
    );
    package.set(&part, text);
    package.declare_extension("vml", DRAWING_TYPE)?;
    let id = package.relate(sheet, "vmlDrawing", &part)?;
    with_drawing(&sheet_text, &id)
}

/// The part with further comments, and the cells that had none before.
fn with_comments(text: &str, comments: &BTreeMap<CellRef, String>) -> Option<(String, BTreeSet<CellRef>)> {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut authors = 0;
    let mut left: BTreeMap<CellRef, &String> = comments.iter().map(|(cell, text)| (*cell, text)).collect();
    let mut within: Option<CellRef> = None;
    let (mut authors_end, mut list_end) = (None, None);
    each_tag(text, |tag| match (tag.depth, tag.local()) {
        (2, "author") if tag.begins() => authors += 1,
        (1, "authors") if tag.ends() => authors_end = Some(place(&tag)),
        (1, "commentList") if tag.ends() => list_end = Some(place(&tag)),
        (2, "comment") if tag.begins() => {
            within = tag.attribute("ref").and_then(|at| cell_address(&at)).filter(|_| !tag.ends());
        }
        (2, "comment") => within = None,
        // Whatever stands at the cell already is the department's own, or a form's.
        (3, "text") if !tag.begins() => {
            if let Some(new) = within.and_then(|at| left.remove(&at)) {
                let run = run(&tag.prefix(), &format!("\n{new}"));
                edits.push((tag.range.start..tag.range.start, run));
            }
        }
        _ => {}
    })?;
    let (authors_end, list_end) = (authors_end?, list_end?);
    let prefix = &list_end.2;
    let new: String = left
        .iter()
        .map(|(cell, text)| {
            format!(
                "<{prefix}comment ref=\"{cell}\" authorId=\"{authors}\"><{prefix}text>{}</{prefix}text></{prefix}comment>",
                run(prefix, text)
            )
        })
        .collect();
    let author = format!("<{prefix}author>{AUTHOR}</{prefix}author>");
    for ((range, open, _), inner) in [(authors_end.clone(), author), (list_end.clone(), new)] {
        edits.push((
            range,
            match open {
                // An empty element is opened and closed around its first content.
                Some((open, close)) => format!("{open}{inner}{close}"),
                None => inner,
            },
        ));
    }
    Some((edited(text, edits)?, left.into_keys().collect()))
}

type Place = (Range<usize>, Option<(String, String)>, String);

/// Where the content of an element ends.
fn place(tag: &super::tags::Tag<'_>) -> Place {
    let around = tag.begins().then(|| {
        let open = tag_with(tag, &[]).replacen("/>", ">", 1);
        (open, format!("</{}>", tag.name()))
    });
    let range = if tag.begins() { tag.range.clone() } else { tag.range.start..tag.range.start };
    (range, around, tag.prefix())
}

fn run(prefix: &str, text: &str) -> String {
    format!(
        "<{prefix}r><{prefix}rPr><{prefix}sz val=\"9\"/><{prefix}rFont val=\"宋体\"/></{prefix}rPr>\
         <{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}r>",
        escaped(text)
    )
}

/// The identifier of the drawing that a sheet refers to for its comments.
fn drawing_of(sheet: &str) -> Option<Option<String>> {
    let mut id = None;
    each_tag(sheet, |tag| {
        if tag.depth == 1 && tag.begins() && tag.local() == "legacyDrawing" {
            id = tag.attributes().into_iter().find(|(key, _)| key.ends_with(":id")).map(|(_, value)| value);
        }
    })?;
    Some(id)
}

/// The sheet with a reference to the drawing of its comments, where the order of elements wants it.
fn with_drawing(sheet: &str, id: &str) -> Option<String> {
    let mut at: Option<(usize, String)> = None;
    each_tag(sheet, |tag| {
        let is_behind = tag.depth == 1 && tag.begins() && BEHIND_DRAWING.contains(&tag.local());
        if (is_behind || (tag.depth == 0 && !tag.begins())) && at.is_none() {
            at = Some((tag.range.start, tag.prefix()));
        }
    })?;
    let (at, prefix) = at?;
    let reference = format!(
        "<{prefix}legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"{id}\"/>"
    );
    edited(sheet, vec![(at..at, reference)])
}

/// The largest number of a shape in a drawing.
fn largest_shape(drawing: &str) -> usize {
    let numbers = drawing.match_indices("_x0000_s").filter_map(|(at, mark)| {
        let digits: String =
            drawing[at + mark.len()..].chars().take(9).take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

/// The prefixes that boxes are written with.
const BOX_PREFIXES: [(&str, &str); 3] = [
    ("xmlns:v", "urn:schemas-microsoft-com:vml"),
    ("xmlns:o", "urn:schemas-microsoft-com:office:office"),
    ("xmlns:x", "urn:schemas-microsoft-com:office:excel"),
];

/// The declarations of those prefixes that a drawing does not have: some programs choose others.
fn undeclared(drawing: &str) -> Option<String> {
    let mut declarations = String::new();
    each_tag(drawing, |tag| {
        if tag.depth == 0 && tag.begins() {
            for (prefix, name) in BOX_PREFIXES {
                if tag.attribute(prefix).as_deref() != Some(name) {
                    declarations.push_str(&format!(" {prefix}=\"{name}\""));
                }
            }
        }
    })?;
    Some(declarations)
}

/// The boxes of comments, hidden until the pointer rests on their cell.
fn boxes(cells: &BTreeSet<CellRef>, first: usize, declarations: &str) -> String {
    const TYPE: &str = "_x0000_t202_yuebao";
    if cells.is_empty() {
        return String::new();
    }
    let mut shapes = format!(
        "<v:shapetype{declarations} id=\"{TYPE}\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
         <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
    );
    for (index, cell) in cells.iter().enumerate() {
        let CellRef { row, column } = *cell;
        shapes.push_str(&format!(
            "<v:shape{declarations} id=\"_x0000_s{}\" type=\"#{TYPE}\" style='position:absolute;margin-left:80pt;\
             margin-top:5pt;width:220pt;height:90pt;z-index:{};visibility:hidden' fillcolor=\"#ffffe1\" \
             o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
             <v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'/>\
             <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
             <x:Anchor>{}, 15, {}, 4, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
             <x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
            first + index,
            index + 1,
            column + 1,
            row,
            column + 4,
            row + 5,
        ));
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_understood_whatever_prefixes_the_drawing_uses() {
        assert_eq!(undeclared(&format!("<xml{}/>", undeclared("<xml/>").unwrap())).unwrap(), "");
        let other = "<xml xmlns:ns1=\"urn:schemas-microsoft-com:vml\" xmlns:x=\"else\"><ns1:shape/></xml>";
        let declarations = undeclared(other).unwrap();
        let boxes = boxes(&BTreeSet::from([CellRef::new(0, 0)]), 1, &declarations);
        assert_eq!(boxes.matches("xmlns:v=\"urn:schemas-microsoft-com:vml\"").count(), 2, "{boxes}");
        assert_eq!(boxes.matches("xmlns:x=\"urn:schemas-microsoft-com:office:excel\"").count(), 2, "{boxes}");
    }

    #[test]
    fn comments_join_those_that_are_there() {
        let text = "<comments><authors><author>甲</author></authors><commentList><comment ref=\"B2\" authorId=\"0\">\
                    <text><t>旧</t></text></comment></commentList></comments>";
        let cell = |name: &str| cell_address(name).unwrap();
        let new = BTreeMap::from([(cell("B2"), "一".to_owned()), (cell("C3"), "二<".to_owned())]);
        let (text, added) = with_comments(text, &new).unwrap();
        assert_eq!(added, BTreeSet::from([cell("C3")]));
        assert_eq!(text.matches("ref=\"B2\"").count(), 1);
        assert!(
            text.contains("<t>旧</t><r>")
                && text.contains("ref=\"C3\" authorId=\"1\"")
                && text.contains("二&lt;")
        );
        let (text, _) = with_comments("<comments><authors/><commentList/></comments>", &new).unwrap();
        assert!(text.starts_with("<comments><authors><author>月报</author></authors><commentList><comment"));
    }
}
