//! What the layout puts outside the page, where nobody would see it.

use std::collections::BTreeSet;

use super::written::printed_texts;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::issue::Issue;
use crate::project::{Picture, Project};

/// The fewest characters by which a text is looked for in the editor's files: fewer stand in many places.
const FEWEST_CHARACTERS: usize = 4;

/// The most texts of a page that are looked for.
const MOST_LOOKED_FOR: usize = 20;

/// The most pages that a finding names.
const MOST_PAGES: usize = 3;

/// Something that stands outside its page.
#[derive(Debug)]
pub struct Outside {
    /// The page of the PDF, from 1.
    pub page: usize,
    /// What it is.
    pub what: What,
}

/// What can stand outside a page.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// A text, or a line of one.
    Text(String),
    /// A picture.
    Picture {
        /// What it shows.
        description: Option<String>,
        /// Whether it is outside the page; otherwise it has no size at all, and is nowhere.
        has_size: bool,
    },
}

/// What is told in one finding: all that was written at one place.
struct Group<'a> {
    at: Option<Location>,
    pages: BTreeSet<usize>,
    first: &'a What,
    count: usize,
}

/// A finding for each place in the editor's files whose text or picture stands outside the page; and one for
/// pages on which no such place is known, as where it is a table's rows that do.
pub fn findings(project: &Project, issue: &Issue, outside: &[Outside]) -> Vec<Diagnostic> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for page in outside.chunk_by(|one, next| one.page == next.page) {
        let looked_for = &page[..page.len().min(MOST_LOOKED_FOR)];
        let mut placed: Vec<(Option<Location>, &Outside)> =
            looked_for.iter().map(|it| (place(project, issue, &it.what), it)).collect();
        // What else is there has the same cause.
        if placed.iter().any(|(at, _)| at.is_some()) {
            placed.retain(|(at, _)| at.is_some());
        }
        for (at, it) in placed {
            match groups.iter_mut().find(|group| group.at == at) {
                Some(group) => {
                    group.pages.insert(it.page);
                    group.count += 1;
                }
                None => {
                    groups.push(Group { at, pages: BTreeSet::from([it.page]), first: &it.what, count: 1 });
                }
            }
        }
    }
    groups.into_iter().map(finding).collect()
}

/// Where a text or picture was written.
fn place(project: &Project, issue: &Issue, what: &What) -> Option<Location> {
    match what {
        What::Text(text) => {
            // The layout ends sentences that have no end.
            let text = text.trim().trim_end_matches('。');
            let is_long = text.chars().nth(FEWEST_CHARACTERS - 1).is_some();
            let mut texts = printed_texts(project, issue).filter(|_| is_long);
            texts.find(|(_, it)| it.template.contains(text)).map(|(_, it)| it.at())
        }
        What::Picture { description, .. } => {
            let is_it = |picture: &&Picture| Some(&picture.description) == description.as_ref();
            issue.declared.pictures().find(is_it).map(|picture| picture.file.at.clone())
        }
    }
}

fn finding(group: Group<'_>) -> Diagnostic {
    let named: Vec<String> = group.pages.iter().take(MOST_PAGES).map(usize::to_string).collect();
    let pages = match group.pages.len() {
        count if count > MOST_PAGES => format!("第 {} 等 {count} 页", named.join("、")),
        _ => format!("第 {} 页", named.join("、")),
    };
    let (what, happens) = match group.first {
        What::Text(text) => (format!("“{}”", shown(text)), "印到了纸外"),
        What::Picture { has_size: true, .. } => ("图片".to_owned(), "印到了纸外"),
        What::Picture { has_size: false, .. } => ("图片".to_owned(), "没有地方，印不出来"),
    };
    let others = if group.count > 1 { "等" } else { "" };
    let diagnostic = Diagnostic::new(&rules::OUTSIDE_PAGE, format!("{pages}的{what}{others}{happens}"));
    let hint = match (group.first, &group.at) {
        (What::Picture { .. }, Some(_)) => "请缩短图片的说明；改过排版模板的，请检查模板里的尺寸",
        (What::Picture { .. }, None) => "请检查模板里图片的尺寸和位置",
        (_, Some(_)) => "请缩短这段文字，或断开很长的网址、英文词；改过排版模板的，请检查模板里的尺寸",
        (_, None) => "请检查附表的列宽（width）、表头和版记的长短；改过排版模板的，请检查模板里的尺寸",
    };
    match group.at {
        Some(at) => diagnostic.hint(hint).at(at),
        None => diagnostic.hint(hint),
    }
}
