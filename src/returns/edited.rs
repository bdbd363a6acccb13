//! An .xlsx edited in place: marked cells, comments and the first sheet are added, nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::cells;
use super::comments;
use super::former;
use super::list;
use super::marks::{LIST_SHEET, Mark};
use super::package::Package;
use super::styles::add_marks;
use super::tags::{Tag, each_tag, edited, escaped, tag_with};
use crate::diagnostic::{CellRef, Severity};

const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
/// The namespace of the usual form of the format; the strict one would need other parts.
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LIST_PART: &str = "xl/worksheets/sheetYuebao.xml";

/// The marked copy and its extension; none where the package is not as office programs write it.
pub(super) fn edit(bytes: &[u8], heading: &str, marks: &[Mark]) -> Option<(Vec<u8>, &'static str)> {
    let mut package = Package::open(bytes)?;
    let main = package.relationships("")?.into_iter().find(|it| it.kind == "officeDocument")?.target;
    let workbook = package.text(&main)?;
    let related = package.relationships(&main)?;
    let sheets = sheets(&workbook)?;
    let part = |id: &str| related.iter().find(|it| it.id == id && it.kind == "worksheet");
    let styles_part = related.iter().find(|it| it.kind == "styles")?.target.clone();
    let former = sheets.iter().position(|(name, _)| name == LIST_SHEET);
    let former = former.and_then(|index| Some((index, part(&sheets.get(index)?.1)?)));
    if let Some((_, list)) = former {
        let parts = sheets.iter().filter_map(|(name, id)| Some((name.as_str(), part(id)?.target.as_str())));
        former::take_off_marks(&mut package, &styles_part, &list.target, parts)?;
    }

    // Of each sheet, the cells that are marked, with the gravest of their marks.
    let mut marked: BTreeMap<&str, BTreeMap<CellRef, Severity>> = BTreeMap::new();
    for mark in marks {
        if let (Some(sheet), Some(cell)) = (mark.sheet.as_deref(), mark.cell) {
            let severity = marked.entry(sheet).or_default().entry(cell).or_insert(mark.severity);
            *severity = mark.severity.max(*severity);
        }
    }
    let mut texts: BTreeMap<&str, (String, String)> = BTreeMap::new();
    let mut wanted = Vec::new();
    let mut found = BTreeMap::new();
    for (name, id) in &sheets {
        let Some(part) = part(id) else { continue };
        let text = package.text(&part.target)?;
        if let Some(cells) = marked.get(name.as_str()) {
            let at: BTreeSet<CellRef> = cells.keys().copied().collect();
            let styles = cells::styles_of(&text, &at)?.styles;
            wanted.extend(styles.iter().filter_map(|(cell, style)| Some((*style, *cells.get(cell)?))));
            found.insert(name.as_str(), styles);
        }
        texts.insert(name, (part.target.clone(), text));
    }
    let styles = add_marks(&package.text(&styles_part)?, &wanted)?;
    package.set(&styles_part, styles.text.clone());

    for (number, (name, (part, text))) in texts.iter().enumerate() {
        let mut text = cells::unselected(text)?;
        if let (Some(cells), Some(former)) = (marked.get(name), found.get(name)) {
            let new = cells.iter().filter_map(|(cell, severity)| {
                Some((*cell, *styles.marked.get(&(*former.get(cell)?, *severity))?))
            });
            text = cells::restyled(&text, &new.collect())?;
            text = comments::add(&mut package, part, text, number + 1, &comments_of(marks, name))?;
        }
        package.set(part, text);
    }
    let list = list::part(heading, marks, styles.list);
    match former {
        // A copy that came back and has to go out once more; whoever sent it was at another sheet.
        Some((index, former)) => {
            package.set(&former.target, list);
            package.set(&main, with_active_sheet(&workbook, index)?);
        }
        None => {
            package.set(LIST_PART, list);
            package.declare(LIST_PART, SHEET_TYPE)?;
            let id = package.relate(&main, "worksheet", LIST_PART)?;
            package.set(&main, with_first_sheet(&workbook, &id)?);
        }
    }
    let extension = if package.contains("xl/vbaProject.bin") { "xlsm" } else { "xlsx" };
    Some((package.finish()?, extension))
}

/// The comments of one sheet's marked cells; several marks of a cell share one.
fn comments_of(marks: &[Mark], sheet: &str) -> BTreeMap<CellRef, String> {
    let mut comments: BTreeMap<CellRef, String> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.sheet.as_deref() == Some(sheet)) {
        let Some(cell) = mark.cell else { continue };
        let comment = comments.entry(cell).or_default();
        if !comment.is_empty() {
            comment.push('\n');
        }
        comment.push_str(&mark.comment());
    }
    comments
}

/// The sheets with the identifiers of their references, in the order of their tabs.
fn sheets(workbook: &str) -> Option<Vec<(String, String)>> {
    let mut sheets = Vec::new();
    let mut is_usual = false;
    each_tag(workbook, |tag| match tag.depth {
        0 if tag.begins() => is_usual = tag.attributes().iter().any(|(_, value)| value == MAIN),
        2 if tag.begins() && tag.local() == "sheet" => {
            let id = tag.attributes().into_iter().find(|(key, _)| key.ends_with(":id"));
            if let (Some(name), Some((_, id))) = (tag.attribute("name"), id) {
                sheets.push((name, id));
            }
        }
        _ => {}
    })?;
    (is_usual && !sheets.is_empty()).then_some(sheets)
}

/// The workbook with a sheet as the one that is shown. Two sheets that say so of themselves would be open as a group.
fn with_active_sheet(workbook: &str, index: usize) -> Option<String> {
    let mut edits = Vec::new();
    each_tag(workbook, |tag| edits.extend(shown_sheet(&tag, index)))?;
    edited(workbook, edits)
}

/// The edit that makes a sheet the one that is shown, where the tag says which one is.
fn shown_sheet(tag: &Tag<'_>, index: usize) -> Option<(Range<usize>, String)> {
    let says_it = (tag.depth, tag.local()) == (2, "workbookView") && tag.begins();
    let attributes = [("activeTab", index.to_string()), ("firstSheet", "0".to_owned())];
    let attributes = attributes.each_ref().map(|(key, value)| (*key, value.as_str()));
    says_it.then(|| (tag.range.clone(), tag_with(tag, &attributes)))
}

/// The workbook with another sheet before all others, which is the one that is shown.
fn with_first_sheet(workbook: &str, id: &str) -> Option<String> {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut at = None;
    let mut largest = 0;
    each_tag(workbook, |tag| match (tag.depth, tag.local()) {
        (1, "sheets") if tag.begins() && !tag.ends() => at = Some((tag.range.end, tag.prefix())),
        (2, "sheet") if tag.begins() => {
            let number = tag.attribute("sheetId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
            largest = largest.max(number);
        }
        (2, "workbookView") => edits.extend(shown_sheet(&tag, 0)),
        // Names of one sheet count the sheets before it.
        (2, "definedName") if tag.begins() => {
            let local = tag.attribute("localSheetId").and_then(|index| index.parse::<u32>().ok());
            if let Some(local) = local {
                let local = local.saturating_add(1).to_string();
                edits.push((tag.range.clone(), tag_with(&tag, &[("localSheetId", &local)])));
            }
        }
        _ => {}
    })?;
    let (at, prefix) = at?;
    let sheet = format!(
        "<{prefix}sheet xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         name=\"{}\" sheetId=\"{}\" r:id=\"{id}\"/>",
        escaped(LIST_SHEET),
        largest.checked_add(1)?
    );
    edits.push((at..at, sheet));
    edited(workbook, edits)
}
