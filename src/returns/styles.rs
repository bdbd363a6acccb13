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

/// A list of the part: where it can be added to, and what it has.
#[derive(Default)]
struct StyleList {
    open: Option<Range<usize>>,
    end: usize,
    prefix: String,
    items: Vec<Range<usize>>,
}

/// The lists of a style sheet that marks are added to.
fn style_lists(text: &str) -> Option<BTreeMap<&'static str, StyleList>> {
    let mut lists: BTreeMap<&str, StyleList> = BTreeMap::new();
    let mut within: Option<&str> = None;
    each_tag(text, |tag| {
        let known =
            ["fonts", "fills", "cellXfs"].into_iter().find(|name| tag.depth == 1 && tag.local() == *name);
        if let Some(name) = known {
            let list = lists.entry(name).or_default();
            match (tag.begins(), tag.ends()) {
                (true, false) => {
                    list.open = Some(tag.range.clone());
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
            let items = &mut lists.entry(name).or_default().items;
            if tag.begins() {
                items.push(tag.range.clone());
            } else if let Some(last) = items.last_mut() {
                last.end = tag.range.end;
            }
        }
    })?;
    lists.retain(|_, list| list.open.is_some());
    Some(lists)
}

/// What the cells with a mark's fill had before they were marked, by their style: the style that is the same but for
/// its fill; where there is none any longer, a new one without a fill.
pub(super) fn unmarked(text: &str) -> Option<(String, BTreeMap<usize, usize>)> {
    let lists = style_lists(text)?;
    let (fills, formats) = (&lists.get("fills")?.items, &lists.get("cellXfs")?.items);
    let is_mark = |fill: &Range<usize>| {
        text.get(fill.clone()).is_some_and(|fill| fill.contains(ERROR_FILL) || fill.contains(WARNING_FILL))
    };
    let marks: Vec<bool> = fills.iter().map(is_mark).collect();
    let formats: Vec<(Option<usize>, String)> =
        formats.iter().map(|format| without_fill(text.get(format.clone())?)).collect::<Option<_>>()?;
    let is_marked = |fill: &Option<usize>| fill.and_then(|fill| marks.get(fill).copied()).unwrap_or(false);
    let mut new: Vec<String> = Vec::new();
    let mut former = BTreeMap::new();
    let mut styles: BTreeMap<&str, usize> = BTreeMap::new();
    for (style, (fill, rest)) in formats.iter().enumerate() {
        if !is_marked(fill) {
            styles.entry(rest).or_insert(style);
        }
    }
    for (style, (_, rest)) in formats.iter().enumerate().filter(|(_, (fill, _))| is_marked(fill)) {
        let same = *styles.entry(rest).or_insert_with(|| {
            new.push(rest.clone());
            formats.len() + new.len() - 1
        });
        former.insert(style, same);
    }
    Some((added(text, &lists, &BTreeMap::from([("cellXfs", new)]))?, former))
}

/// A cell format's fill, and the format without one.
fn without_fill(format: &str) -> Option<(Option<usize>, String)> {
    let (mut fill, mut edits) = (None, Vec::new());
    each_tag(format, |tag| {
        if tag.depth == 0 && tag.begins() {
            fill = tag.attribute("fillId").and_then(|fill| fill.parse().ok());
            edits.push((tag.range.clone(), tag_with(&tag, &[("fillId", "0"), ("applyFill", "0")])));
        }
    })?;
    Some((fill, edited(format, edits)?))
}

/// Adds the styles that marked cells need, by the styles that they have.
pub(super) fn add_marks(text: &str, wanted: &[(usize, Severity)]) -> Option<MarkedStyles> {
    let lists = style_lists(text)?;
    let count = |name: &str| lists.get(name).map(|list| list.items.len());
    let (fonts, fills, styles) = (count("fonts")?, count("fills")?, count("cellXfs")?);
    let formats = &lists.get("cellXfs")?.items;
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
            if list.open.as_ref() == Some(&tag.range) {
                let count = (list.items.len() + new.len()).to_string();
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

    #[test]
    fn a_mark_is_taken_off_by_the_style_that_is_the_same_but_for_its_fill() {
        let sheet = |formats: &str| {
            format!(
                "<styleSheet><fonts/><fills count=\"2\"><fill/><fill><patternFill/></fill></fills>\
                 <cellXfs count=\"2\">{formats}</cellXfs></styleSheet>"
            )
        };
        let text = sheet(
            "<xf numFmtId=\"0\" fillId=\"0\"/><xf numFmtId=\"9\" fillId=\"1\"><protection locked=\"0\"/></xf>",
        );
        let text = text.replace("<fonts/>", "<fonts><font/></fonts>");
        let marked = add_marks(&text, &[(1, Severity::Error), (1, Severity::Warning)]).unwrap();
        let (again, former) = unmarked(&marked.text).unwrap();
        assert_eq!((former[&2], former[&3]), (1, 1));
        assert_eq!(again, marked.text, "no style is needed that is not there");
        // The former style is gone, as after another program wrote the file: the mark's own, without the fill.
        let alone = marked
            .text
            .replace("<xf numFmtId=\"9\" fillId=\"1\">", "<xf numFmtId=\"9\" fillId=\"1\" fontId=\"7\">");
        let (again, former) = unmarked(&alone).unwrap();
        assert_eq!(former[&2], former[&3]);
        let formats = style_lists(&again).unwrap().remove("cellXfs").unwrap().items;
        assert_eq!(
            &again[formats[former[&2]].clone()],
            "<xf numFmtId=\"9\" fillId=\"0\" applyFill=\"0\"><protection locked=\"0\"/></xf>"
        );
    }
}
