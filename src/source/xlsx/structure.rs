//! How a package hangs together: its main part, its sheets, its shared parts.

use std::collections::BTreeMap;

use super::strings::unescape;
use crate::source::archive::Archive;
use crate::source::fault::{Fault, Kind};
use crate::source::limits;
use crate::source::xml::{Node, Xml, attribute, each_attribute, is_true, local, part_text};

/// The parts of a workbook.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) epoch_1904: bool,
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
}

/// A worksheet, in the order of its tab.
#[derive(Debug)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) hidden: bool,
}

/// A reference from one part to another.
pub(in crate::source) struct Relationship {
    pub(in crate::source) id: String,
    /// The last segment of its type, such as `worksheet`.
    pub(in crate::source) kind: String,
    /// The part, from the package's root.
    pub(in crate::source) target: String,
}

/// The part that the package declares to be its document, such as `xl/workbook.xml`.
pub(in crate::source) fn main_part(archive: &mut Archive<'_>) -> Result<Option<String>, Fault> {
    Ok(relationships(archive, "")?
        .into_iter()
        .find(|relationship| relationship.kind == "officeDocument")
        .map(|relationship| relationship.target))
}

/// Reads the main part and what it refers to.
pub(super) fn read(archive: &mut Archive<'_>, main: &str) -> Result<Structure, Fault> {
    let text = super::required(archive, main)?;
    let relationships = relationships(archive, main)?;
    let target = |kind: &str| {
        relationships
            .iter()
            .find(|relationship| relationship.kind == kind)
            .map(|relationship| relationship.target.clone())
    };
    let by_id: BTreeMap<&str, &Relationship> =
        relationships.iter().map(|relationship| (relationship.id.as_str(), relationship)).collect();
    // Shared texts are often declared although the workbook has none.
    let strings = target("sharedStrings").filter(|part| archive.contains(part));
    let mut structure = Structure {
        strings,
        styles: target("styles").filter(|part| archive.contains(part)),
        ..Structure::default()
    };
    let mut xml = Xml::new(&text);
    loop {
        match xml.next()? {
            Node::Start(start) => match local(start.name().0) {
                "workbookPr" => {
                    structure.epoch_1904 =
                        attribute(&start, "date1904")?.is_some_and(|value| is_true(&value));
                }
                "sheet" => {
                    let (mut name, mut id, mut hidden) = (String::new(), String::new(), false);
                    each_attribute(&start, |key, value| match local(key) {
                        "name" => name = unescape(&value).into_owned(),
                        "id" => id = value.into_owned(),
                        "state" => hidden = value != "visible",
                        _ => {}
                    })?;
                    let Some(relationship) = by_id.get(id.as_str()) else {
                        return Err(Fault::damaged("找不到工作表的内容").in_sheet(&name));
                    };
                    // Sheets of charts, dialogs and macros have no cells.
                    if relationship.kind == "worksheet" {
                        let part = relationship.target.clone();
                        structure.sheets.push(SheetEntry { name, part, hidden });
                    }
                    if structure.sheets.len() > limits::SHEETS {
                        let detail = format!("工作表超过 {} 个", limits::SHEETS);
                        return Err(Fault::new(Kind::TooManyCells, detail));
                    }
                }
                _ => {}
            },
            Node::Done => break,
            Node::End | Node::Text(_) => {}
        }
    }
    if structure.sheets.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    Ok(structure)
}

/// The references of a part; of the package itself for the empty name.
pub(in crate::source) fn relationships(
    archive: &mut Archive<'_>,
    part: &str,
) -> Result<Vec<Relationship>, Fault> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let separator = if folder.is_empty() { "" } else { "/" };
    let path = format!("{folder}{separator}_rels/{name}.rels");
    let Some(bytes) = archive.read(&path)? else {
        return Ok(Vec::new());
    };
    let text = part_text(bytes, &path)?;
    let mut xml = Xml::new(&text);
    let mut relationships = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(start) if local(start.name().0) == "Relationship" => {
                let value = |name| Ok(attribute(&start, name)?.unwrap_or_default());
                let kind = value("Type")?;
                relationships.push(Relationship {
                    id: value("Id")?.into_owned(),
                    // The strict and the usual namespace differ before the last segment.
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolve_target(folder, &value("Target")?),
                });
                if relationships.len() > limits::ENTRIES {
                    return Err(Fault::new(Kind::TooLarge, "部件之间的引用过多"));
                }
            }
            Node::Done => return Ok(relationships),
            _ => {}
        }
    }
}

/// A relationship's target as a path from the package's root.
pub fn resolve_target(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut segments = Vec::new();
    for segment in joined.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_their_part() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "..\\docs\\.\\a.xml", "docs/a.xml"),
            ("", "../../xl/workbook.xml", "xl/workbook.xml"),
        ] {
            assert_eq!(resolve_target(folder, target), expected);
        }
    }
}
