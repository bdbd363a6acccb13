//! The styles of marked cells: those that they have, with another fill; and those of the list of marks.

use std::collections::BTreeMap;
use std::ops::Range;

use super::tags::{Tag, each_tag, edited, tag_with};
use crate::diagnostic::Severity;

/// The fills of marks, as in Excel's own “bad” and “neutral”.
const ERROR_FILL: &str = "FFFFC7CE";
const WARNING_FILL: &str = "FFFFEB9C";
const HEAD_FILL: &str = "FFE7EEF7";

/// The styles of the list of marks, by their index in the workbook.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListStyles {
    pub(super) title: usize,
    pub(super) text: usize,
    pub(super) head: usize,
    pub(super) link: usize,
    pub(super) error: usize,
    pub(super) warning: usize,
}

/// A style sheet with the styles of marks added.
pub(super) struct MarkedStyles {
    /// The part.
    pub(super) text: String,
    /// The style of a marked cell, by the style that it had.
    pub(super) marked: BTreeMap<(usize, Severity), usize>,
    /// The styles of the list.
    pub(super) list: ListStyles,
}

/// A list of the part: where it can be added to, and how many it has.
#[derive(Default)]
struct StyleList {
    open: Option<(Range<usize>, String)>,
    end: usize,
    prefix: String,
    count: usize,
}

/// Adds the styles that marked cells need, by the styles that they have.
pub(super) fn add_marks(text: &str, wanted: &[(usize, Severity)]) -> Option<MarkedStyles> {
    let mut lists: BTreeMap<&str, StyleList> = BTreeMap::new();
    let mut formats: Vec<Range<usize>> = Vec::new();
    let mut within: Option<&str> = None;
    each_tag(text, |tag| {
        let known =
            ["fonts", "fills", "cellXfs"].into_iter().find(|name| tag.depth == 1 && tag.local() == *name);
        if let Some(name) = known {
            let list = lists.entry(name).or_default();
            match (tag.begins(), tag.ends()) {
                (true, false) => {
                    list.open = Some((tag.range.clone(), String::new()));
                    list.prefix = tag.prefix();
                    within = Some(name);
                }
                (false, _) => {
                    list.end = tag.range.start;
                    within = None;
                }
                _ => {}
            }
        } else if let Some(name) = within.filter(|_| tag.depth == 2) {
            if tag.begins() {
                lists.entry(name).or_default().count += 1;
                if name == "cellXfs" {
                    formats.push(tag.range.clone());
                }
            } else if let Some(last) = formats.last_mut().filter(|_| name == "cellXfs") {
                last.end = tag.range.end;
            }
        }
    })?;
    let count = |name: &str| lists.get(name).filter(|list| list.open.is_some()).map(|list| list.count);
    let (fonts, fills, styles) = (count("fonts")?, count("fills")?, count("cellXfs")?);
    let prefix = lists.get("cellXfs").map(|list| list.prefix.clone())?;
    let mut additions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let font = |inner: &str, size: u32| {
        format!("<{0}font>{inner}<{0}sz val=\"{size}\"/><{0}name val=\"宋体\"/></{0}font>", prefix)
    };
    let coloured = format!(
        "<{prefix}u/><{prefix}sz val=\"11\"/><{prefix}color rgb=\"FF0563C1\"/><{prefix}name val=\"宋体\"/>"
    );
    additions.insert(
        "fonts",
        vec![
            font("", 11),
            font(&format!("<{prefix}b/>"), 11),
            font(&format!("<{prefix}b/>"), 16),
            format!("<{prefix}font>{coloured}</{prefix}font>"),
        ],
    );
    let fill = |colour: &str| {
        format!(
            "<{0}fill><{0}patternFill patternType=\"solid\"><{0}fgColor rgb=\"{colour}\"/>\
             <{0}bgColor indexed=\"64\"/></{0}patternFill></{0}fill>",
            prefix
        )
    };
    additions.insert("fills", [ERROR_FILL, WARNING_FILL, HEAD_FILL].map(fill).to_vec());
    let fill_of = |severity: Severity| match severity {
        Severity::Error => fills,
        Severity::Warning => fills + 1,
    };
    let mut new = Vec::new();
    let mut marked = BTreeMap::new();
    for &(style, severity) in wanted {
        if marked.contains_key(&(style, severity)) {
            continue;
        }
        // A style that the workbook does not have is none; programs then take the first.
        let former = formats.get(style).or(formats.first())?;
        marked.insert((style, severity), styles + new.len());
        new.push(with_fill(text.get(former.clone())?, fill_of(severity))?);
    }
    let list_style = |font: usize, fill: usize| {
        format!(
            "<{0}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" \
             applyFill=\"1\" applyAlignment=\"1\"><{0}alignment vertical=\"top\" wrapText=\"1\"/></{0}xf>",
            prefix
        )
    };
    let first = styles + new.len();
    new.extend([
        list_style(fonts + 2, 0).replace(" wrapText=\"1\"", ""),
        list_style(fonts, 0),
        list_style(fonts + 1, fills + 2),
        list_style(fonts + 3, 0),
        list_style(fonts, fills),
        list_style(fonts, fills + 1),
    ]);
    additions.insert("cellXfs", new);
    let list = ListStyles {
        title: first,
        text: first + 1,
        head: first + 2,
        link: first + 3,
        error: first + 4,
        warning: first + 5,
    };
    Some(MarkedStyles { text: added(text, &lists, &additions)?, marked, list })
}

/// The part with additions at the end of its lists, and their counts put right.
fn added(
    text: &str,
    lists: &BTreeMap<&str, StyleList>,
    additions: &BTreeMap<&str, Vec<String>>,
) -> Option<String> {
    let mut edits = Vec::new();
    each_tag(text, |tag: Tag<'_>| {
        for (name, new) in additions {
            let Some(list) = lists.get(name) else { continue };
            let is_open = list.open.as_ref().is_some_and(|(range, _)| *range == tag.range);
            if is_open {
                let count = (list.count + new.len()).to_string();
                edits.push((tag.range.clone(), tag_with(&tag, &[("count", &count)])));
            }
        }
    })?;
    for (name, new) in additions {
        let list = lists.get(name)?;
        edits.push((list.end..list.end, new.concat()));
    }
    edited(text, edits)
}

/// A cell format with another fill; everything else about it stays.
fn with_fill(format: &str, fill: usize) -> Option<String> {
    let fill = fill.to_string();
    let mut edits = Vec::new();
    each_tag(format, |tag| {
        if tag.depth == 0 && tag.begins() {
            edits.push((tag.range.clone(), tag_with(&tag, &[("fillId", &fill), ("applyFill", "1")])));
        }
    })?;
    edited(format, edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_style_is_the_former_one_with_another_fill() {
        let text = "<x:styleSheet xmlns:x=\"m\"><x:fonts count=\"1\"><x:font/></x:fonts>\
                    <x:fills count=\"2\"><x:fill/><x:fill/></x:fills><x:cellStyleXfs><x:xf/></x:cellStyleXfs>\
                    <x:cellXfs count=\"2\"><x:xf fontId=\"0\"/><x:xf numFmtId=\"9\" fillId=\"1\">\
                    <x:protection locked=\"0\"/></x:xf></x:cellXfs></x:styleSheet>";
        let styles =
            add_marks(text, &[(1, Severity::Error), (1, Severity::Error), (7, Severity::Warning)]).unwrap();
        assert_eq!(styles.marked[&(1, Severity::Error)], 2);
        assert_eq!(styles.marked[&(7, Severity::Warning)], 3);
        let marked = "<x:xf numFmtId=\"9\" fillId=\"2\" applyFill=\"1\"><x:protection locked=\"0\"/></x:xf>\
                      <x:xf fontId=\"0\" fillId=\"3\" applyFill=\"1\"/>";
        assert!(styles.text.contains(marked), "{}", styles.text);
        assert!(
            styles.text.contains("<x:cellXfs count=\"10\">") && styles.text.contains("<x:fills count=\"5\">")
        );
        assert!(add_marks("<styleSheet/>", &[]).is_none());
    }
}
