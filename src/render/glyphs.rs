//! Characters that no font of their chain has: they would print as empty boxes.

use std::collections::BTreeSet;

use typst::text::TextItem;

use super::written::printed_texts;
use crate::diagnostic::{Diagnostic, Location, rules};
use crate::figure::Origin;
use crate::issue::Issue;
use crate::project::{Project, Prose, SETTINGS_FILE};

/// A finding for each missing character, at the first place in the editor's files where it stands.
pub fn findings(project: &Project, issue: &Issue, missing: &BTreeSet<char>) -> Vec<Diagnostic> {
    let finding = |character: &char| {
        let code = u32::from(*character);
        let diagnostic = Diagnostic::new(
            &rules::GLYPH_MISSING,
            format!("字体里没有“{character}”（U+{code:04X}）这个字，会印成空框"),
        )
        .hint("请换一个字；或把有这个字的字体放进 fonts 文件夹，并写进 yuebao.toml 的 [fonts]");
        match find(project, issue, *character) {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        }
    };
    missing.iter().map(finding).collect()
}

/// Adds the characters of a text on a page that are missing.
pub fn add_missing(text: &TextItem, missing: &mut BTreeSet<char>) {
    for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
        missing.extend(text.text.get(glyph.range()).into_iter().flat_map(str::chars));
    }
}

/// Where a character stands in the editor's files.
fn find(project: &Project, issue: &Issue, character: char) -> Option<Location> {
    let in_text = |prose: &Prose| prose.template.find(character).map(|offset| prose.location(offset));
    let written = printed_texts(project, issue).find_map(in_text);
    let department = || {
        let named = project.register.iter().find(|department| department.name.contains(character));
        named.map(|department| department.at.clone())
    };
    let unit = || {
        issue.ledger.iter().find_map(|(_, figure)| match &figure.origin {
            Origin::Entry { at, .. }
                if figure.unit.as_deref().is_some_and(|unit| unit.contains(character)) =>
            {
                Some(at.clone())
            }
            _ => None,
        })
    };
    // What stands nowhere else was declared: a unit, or the template's own words.
    written.or_else(department).or_else(unit).or_else(|| Some(Location::file(SETTINGS_FILE)))
}
