//! Characters that no font of their chain has: they would print as empty boxes.

use std::collections::BTreeSet;

use typst::text::TextItem;

use super::fonts::{Fonts, purpose};
use super::written::printed_texts;
use crate::diagnostic::{Diagnostic, Location, rules};
use crate::figure::Origin;
use crate::issue::Issue;
use crate::project::{Project, Prose, SETTINGS_FILE};

/// A finding for each missing character, at the first place in the editor's files where it stands: rather in a text
/// whose typefaces have it not than in one that prints well.
pub fn findings(
    project: &Project,
    issue: &Issue,
    fonts: &Fonts,
    missing: &BTreeSet<char>,
) -> Vec<Diagnostic> {
    let chains = &project.settings.fonts;
    let finding = |character: &char| {
        let lacking = fonts.roles_without(chains, *character);
        let found = find_in(project, issue, *character, |role| lacking.contains(&role));
        // Where all have it not, it is of no use to name one.
        let role = found.as_ref().map(|(role, _)| *role).filter(|_| lacking.len() < chains.chains.len());
        let code = u32::from(*character);
        let (whose, section) = match role {
            Some(role) => (format!("{}的", purpose(role)), format!("[fonts.{role}]")),
            None => (String::new(), "[fonts]".to_owned()),
        };
        Diagnostic::new(
            &rules::GLYPH_MISSING,
            format!("{whose}字体里没有“{character}”（U+{code:04X}）这个字，会印成空框"),
        )
        .hint(format!("请换一个字；或把有这个字的字体放进 fonts 文件夹，并写进 yuebao.toml 的 {section}"))
        .at(found.map_or_else(|| find(project, issue, *character), |(_, location)| location))
    };
    missing.iter().map(finding).collect()
}

/// Adds the characters of a text on a page that are missing.
pub fn add_missing(text: &TextItem, missing: &mut BTreeSet<char>) {
    for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
        missing.extend(text.text.get(glyph.range()).into_iter().flat_map(str::chars));
    }
}

/// Where a character stands in the editor's files in a text of some roles, and that text's role.
fn find_in(
    project: &Project,
    issue: &Issue,
    character: char,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<(&'static str, Location)> {
    let in_text = |(role, prose): (&'static str, &Prose)| {
        prose.template.find(character).map(|offset| (role, prose.location(offset)))
    };
    let written = printed_texts(project, issue).filter(|(role, _)| is_wanted(role)).find_map(in_text);
    let department = || {
        let mut departments = project.register.iter().filter(|_| is_wanted("table"));
        let named = departments.find(|department| department.name.contains(character));
        named.map(|department| ("table", department.at.clone()))
    };
    written.or_else(department)
}

/// Where a character stands in the editor's files, whatever typefaces print it.
fn find(project: &Project, issue: &Issue, character: char) -> Location {
    let written = find_in(project, issue, character, |_| true).map(|(_, location)| location);
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
    written.or_else(unit).unwrap_or_else(|| Location::file(SETTINGS_FILE))
}
