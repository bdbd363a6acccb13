//! A worksheet part with other styles for some of its cells; values and formulas are not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::tags::{Tag, each_tag, edited, tag_with};
use crate::diagnostic::CellRef;
use crate::source::cell_address;

/// What a worksheet has at the cells that are to be marked.
pub(super) struct FoundCells {
    /// The style of each cell; the first style where the cell is not in the part.
    pub(super) styles: BTreeMap<CellRef, usize>,
}

/// Looks up the styles of some cells; none where the part is not as office programs write it.
pub(super) fn styles_of(text: &str, cells: &BTreeSet<CellRef>) -> Option<FoundCells> {
    let mut styles: BTreeMap<CellRef, usize> = cells.iter().map(|cell| (*cell, 0)).collect();
    let mut is_usual = true;
    each_tag(text, |tag| {
        if !tag.begins() || tag.depth != 3 || tag.local() != "c" {
            return;
        }
        match address(&tag) {
            Some(at) => {
                if let Some(style) = styles.get_mut(&at) {
                    *style = tag.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0);
                }
            }
            None => is_usual = false,
        }
    })?;
    is_usual.then_some(FoundCells { styles })
}

/// The part with these styles at these cells; cells that it does not have are added.
pub(super) fn restyled(text: &str, styles: &BTreeMap<CellRef, usize>) -> Option<String> {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // What is still to be added, in order; and the row that is open.
    let mut missing: BTreeMap<CellRef, usize> = styles.clone();
    let mut row: Option<u32> = None;
    let mut is_usual = true;
    each_tag(text, |tag| match (tag.depth, tag.local()) {
        // An empty sheet has no cells that could be wrong.
        (1, "sheetData") if tag.begins() && tag.ends() => is_usual = missing.is_empty(),
        (1, "sheetData") if !tag.begins() => {
            let new = new_rows(&mut missing, u32::MAX, &tag.prefix());
            edits.push((tag.range.start..tag.range.start, new));
        }
        (2, "row") if tag.begins() => {
            let index = tag.attribute("r").and_then(|row| row.parse::<u32>().ok()?.checked_sub(1));
            let Some(index) = index else {
                is_usual = false;
                return;
            };
            let before = new_rows(&mut missing, index, &tag.prefix());
            edits.push((tag.range.start..tag.range.start, before));
            if !tag.ends() {
                row = Some(index);
                return;
            }
            let cells = new_cells(&mut missing, CellRef::new(index, u32::MAX), &tag.prefix());
            if !cells.is_empty() {
                let open = tag_with(&tag, &[]).replacen("/>", ">", 1);
                edits.push((tag.range.clone(), format!("{open}{cells}</{}>", tag.name())));
            }
        }
        (2, "row") => {
            if let Some(index) = row.take() {
                let cells = new_cells(&mut missing, CellRef::new(index, u32::MAX), &tag.prefix());
                edits.push((tag.range.start..tag.range.start, cells));
            }
        }
        (3, "c") if tag.begins() => {
            let Some(at) = address(&tag) else {
                is_usual = false;
                return;
            };
            let before = new_cells(&mut missing, at, &tag.prefix());
            edits.push((tag.range.start..tag.range.start, before));
            if let Some(style) = missing.remove(&at) {
                edits.push((tag.range.clone(), tag_with(&tag, &[("s", &style.to_string())])));
            }
        }
        _ => {}
    })?;
    edits.retain(|(range, new)| !new.is_empty() || !range.is_empty());
    if !is_usual || !missing.is_empty() {
        return None;
    }
    edited(text, edits)
}

/// The part no longer shown first: a workbook with two selected sheets edits both at once.
pub(super) fn unselected(text: &str) -> Option<String> {
    let mut edits = Vec::new();
    each_tag(text, |tag| {
        if tag.local() == "sheetView" && tag.attribute("tabSelected").is_some() {
            edits.push((tag.range.clone(), tag_with(&tag, &[("tabSelected", "0")])));
        }
    })?;
    edited(text, edits)
}

fn address(tag: &Tag<'_>) -> Option<CellRef> {
    cell_address(&tag.attribute("r")?)
}

/// Cells that stand before a place in its own row.
fn new_cells(missing: &mut BTreeMap<CellRef, usize>, before: CellRef, prefix: &str) -> String {
    let start = CellRef::new(before.row, 0);
    let cells: Vec<CellRef> = missing.range(start..before).map(|(cell, _)| *cell).collect();
    let new = cells.into_iter().filter_map(|cell| Some((cell, missing.remove(&cell)?)));
    new.map(|(cell, style)| format!("<{prefix}c r=\"{cell}\" s=\"{style}\"/>")).collect()
}

/// Rows that stand before a row, with their cells.
fn new_rows(missing: &mut BTreeMap<CellRef, usize>, before: u32, prefix: &str) -> String {
    let rows: BTreeSet<u32> = missing.keys().map(|cell| cell.row).filter(|row| *row < before).collect();
    let mut new = String::new();
    for row in rows {
        let cells = new_cells(missing, CellRef::new(row, u32::MAX), prefix);
        new.push_str(&format!("<{prefix}row r=\"{}\">{cells}</{prefix}row>", row + 1));
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_restyled_and_added_in_order() {
        let text = "<worksheet><sheetData><row r=\"2\"><c r=\"B2\" s=\"3\"><f>A1+1</f><v>5</v></c>\
                    <c r=\"D2\"/></row><row r=\"4\"/></sheetData></worksheet>";
        let cell = |name: &str| cell_address(name).unwrap();
        let cells = ["B2", "C2", "E2", "A1", "A4", "C9"].map(cell);
        let found = styles_of(text, &cells.into_iter().collect()).unwrap();
        assert_eq!((found.styles[&cells[0]], found.styles[&cells[1]]), (3, 0));
        let styles = cells.into_iter().map(|cell| (cell, 8)).collect();
        assert_eq!(
            restyled(text, &styles).unwrap(),
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"8\"/></row>\
             <row r=\"2\"><c r=\"B2\" s=\"8\"><f>A1+1</f><v>5</v></c><c r=\"C2\" s=\"8\"/><c r=\"D2\"/>\
             <c r=\"E2\" s=\"8\"/></row><row r=\"4\"><c r=\"A4\" s=\"8\"/></row>\
             <row r=\"9\"><c r=\"C9\" s=\"8\"/></row></sheetData></worksheet>"
        );
    }
}
