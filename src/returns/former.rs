//! What an earlier marked copy left in a workbook that came back: it is taken off before the workbook is marked
//! anew, so that only what is still wrong is coloured and commented.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::escape::unescape;

use super::cells;
use super::marks::{LIST_SHEET, is_comment_of_mark};
use super::package::Package;
use super::styles::unmarked;
use super::tags::{each_tag, edited, escaped};
use crate::diagnostic::CellRef;
use crate::source::cell_address;

/// Takes off the fills and comments at all cells that were marked: those that the former list names, and those
/// that have a comment of ours.
pub(super) fn take_off_marks<'a>(
    package: &mut Package<'_>,
    styles_part: &str,
    list_part: &str,
    sheets: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<()> {
    let mut listed = listed_cells(&package.text(list_part)?)?;
    let (styles, former) = unmarked(&package.text(styles_part)?)?;
    package.set(styles_part, styles);
    for (name, part) in sheets.filter(|(name, _)| *name != LIST_SHEET) {
        let mut marked = listed.remove(name).unwrap_or_default();
        marked.extend(take_off_comments(package, part)?);
        let text = package.text(part)?;
        let styles = cells::styles_of(&text, &marked)?.styles;
        let styles = styles.into_iter().filter_map(|(cell, style)| Some((cell, *former.get(&style)?)));
        package.set(part, cells::restyled(&text, &styles.collect())?);
    }
    Some(())
}

/// The cells that the links of a list lead to, by their sheet.
fn listed_cells(list: &str) -> Option<BTreeMap<String, BTreeSet<CellRef>>> {
    let mut cells: BTreeMap<String, BTreeSet<CellRef>> = BTreeMap::new();
    each_tag(list, |tag| {
        let link = tag.attribute("location").filter(|_| tag.local() == "hyperlink");
        let Some((sheet, cell)) = link.as_deref().and_then(|link| link.rsplit_once('!')) else { return };
        let quoted = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\''));
        let sheet = quoted.map_or_else(|| sheet.to_owned(), |sheet| sheet.replace("''", "'"));
        cells.entry(sheet).or_default().extend(cell_address(cell));
    })?;
    Some(cells)
}

/// Takes our words out of a sheet's comments, and whole comments where nothing is left of them; gives their cells.
fn take_off_comments(package: &mut Package<'_>, sheet: &str) -> Option<BTreeSet<CellRef>> {
    let related = package.relationships(sheet)?;
    let Some(part) = related.iter().find(|it| it.kind == "comments") else { return Some(BTreeSet::new()) };
    let text = package.text(&part.target)?;
    let (mut cells, mut emptied) = (BTreeSet::new(), BTreeSet::new());
    let mut edits = Vec::new();
    for comment in comments(&text)? {
        let whole: String = comment.pieces.iter().map(|(_, piece)| piece.as_ref()).collect();
        let left = left_of(&whole);
        if left == whole {
            continue;
        }
        cells.insert(comment.cell);
        if left.trim().is_empty() {
            edits.push((comment.range, String::new()));
            emptied.insert(comment.cell);
            continue;
        }
        let mut left = left;
        for (range, piece) in comment.pieces {
            let (here, rest) = left.split_at(piece.len().min(left.len()));
            left = rest;
            if here != piece {
                edits.push((range, escaped(here)));
            }
        }
    }
    package.set(&part.target, edited(&text, edits)?);
    for drawing in related.iter().filter(|it| it.kind == "vmlDrawing") {
        let text = package.text(&drawing.target)?;
        package.set(&drawing.target, without_boxes(&text, &emptied)?);
    }
    Some(cells)
}

/// A comment: the part of the text that it takes, its cell, and the pieces of what it says. Some programs begin a
/// new piece wherever the script changes.
struct Comment<'a> {
    range: Range<usize>,
    cell: CellRef,
    pieces: Vec<(Range<usize>, Cow<'a, str>)>,
}

fn comments(text: &str) -> Option<Vec<Comment<'_>>> {
    let mut comments: Vec<Comment<'_>> = Vec::new();
    let mut piece = None;
    each_tag(text, |tag| match tag.local() {
        "comment" if tag.begins() && tag.depth == 2 => {
            if let Some(cell) = tag.attribute("ref").and_then(|at| cell_address(&at)) {
                comments.push(Comment { range: tag.range.clone(), cell, pieces: Vec::new() });
            }
        }
        "comment" if tag.depth == 2 => {
            if let Some(comment) = comments.last_mut() {
                comment.range.end = tag.range.end;
            }
        }
        "t" if !tag.ends() => piece = Some(tag.range.end),
        "t" => {
            if let (Some(start), Some(comment)) = (piece.take(), comments.last_mut()) {
                let range = start..tag.range.start;
                let piece = text.get(range.clone()).and_then(|piece| unescape(piece).ok());
                comment.pieces.extend(piece.map(|piece| (range, piece)));
            }
        }
        _ => {}
    })?;
    Some(comments)
}

/// What of a comment is not ours: ours begins on a line of its own and goes on to the end.
fn left_of(comment: &str) -> &str {
    let starts = std::iter::once(0).chain(comment.match_indices('\n').map(|(at, _)| at + 1));
    let ours = starts.into_iter().find(|at| comment.get(*at..).is_some_and(is_comment_of_mark));
    match ours.and_then(|at| comment.get(..at)) {
        Some(left) => left.trim_end_matches(['\r', '\n']),
        None => comment,
    }
}

/// A drawing without the boxes of the comments at some cells.
fn without_boxes(drawing: &str, cells: &BTreeSet<CellRef>) -> Option<String> {
    let mut edits = Vec::new();
    let (mut shape, mut number) = (None, None);
    let (mut row, mut column) = (None, None);
    each_tag(drawing, |tag| match tag.local() {
        "shape" if tag.depth == 1 && !tag.ends() => {
            (shape, row, column) = (Some(tag.range.start), None, None);
        }
        "shape" if tag.depth == 1 && !tag.begins() => {
            if let (Some(start), Some(row), Some(column)) = (shape.take(), row, column)
                && cells.contains(&CellRef::new(row, column))
            {
                edits.push((start..tag.range.end, String::new()));
            }
        }
        "Row" | "Column" if tag.begins() => number = Some(tag.range.end),
        "Row" | "Column" => {
            let value =
                number.take().and_then(|start| drawing.get(start..tag.range.start)?.trim().parse().ok());
            if tag.local() == "Row" { row = value } else { column = value }
        }
        _ => {}
    })?;
    edited(drawing, edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_words_are_taken_out_of_a_comment() {
        assert_eq!(left_of("须更正：漏填\n请补填"), "");
        assert_eq!(left_of("\n请核对：太大\n请核对"), "");
        assert_eq!(left_of("科室自己的批注\n须更正：漏填"), "科室自己的批注");
        assert_eq!(left_of("这些都须更正：见下"), "这些都须更正：见下");
    }

    #[test]
    fn boxes_go_with_their_comments() {
        let shape = |row: u32| {
            format!(
                "<v:shape id=\"s{row}\"><x:ClientData><x:Row>{row}</x:Row><x:Column> 2 </x:Column></x:ClientData></v:shape>"
            )
        };
        let drawing = format!("<xml><v:shapetype/>{}{}</xml>", shape(1), shape(4));
        let left =
            without_boxes(&drawing, &BTreeSet::from([CellRef::new(4, 2), CellRef::new(2, 2)])).unwrap();
        assert_eq!(left, format!("<xml><v:shapetype/>{}</xml>", shape(1)));
    }

    #[test]
    fn the_list_names_the_cells_that_were_marked() {
        let list = "<worksheet><hyperlinks><hyperlink ref=\"C4\" location=\"&apos;我们&apos;&apos;的!表&apos;!B3\"/>\
                    <hyperlink ref=\"C5\" location=\"填报表!D5\"/></hyperlinks></worksheet>";
        let cells = listed_cells(list).unwrap();
        assert_eq!(cells["我们'的!表"], BTreeSet::from([CellRef::new(2, 1)]));
        assert_eq!(cells["填报表"], BTreeSet::from([CellRef::new(4, 3)]));
    }
}
