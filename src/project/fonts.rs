//! The fonts of yuebao.toml: a chain of families for each role in the layout.

use super::entries::Entries;
use crate::diagnostic::{Diagnostic, Location, rules, shown};

/// The roles that a layout has text in, in the order in which they are listed.
pub const ROLES: [(&str, &str); 5] = [
    ("title", "标题（小标宋）"),
    ("heading", "一级标题、表头（黑体）"),
    ("subheading", "二级标题（楷体）"),
    ("body", "正文（仿宋）"),
    ("table", "表格、页码（宋体）"),
];

/// The declared fonts.
#[derive(Debug, Clone, Default)]
pub struct FontSettings {
    /// Whether the fonts installed on this machine may serve.
    pub system: bool,
    /// The chains, in the order of [`ROLES`].
    pub chains: Vec<FontChain>,
}

/// The families that serve one role, the first that has a character prints it.
#[derive(Debug, Clone)]
pub struct FontChain {
    /// The role's name, one of [`ROLES`].
    pub role: &'static str,
    /// Families used before the others where system fonts are allowed and these are installed.
    pub preferred: Vec<String>,
    /// Families that must be there.
    pub families: Vec<FontFamily>,
    /// The weight, 100 to 900.
    pub weight: i64,
    /// Where it is declared.
    pub at: Location,
}

/// A family of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFamily {
    /// The family's name.
    pub name: String,
    /// The characters that it may print: `latin-in-cjk` or a regular expression; all where absent.
    pub covers: Option<String>,
    /// Where it is declared.
    pub at: Location,
}

pub(super) fn read_fonts(top: &Entries<'_>) -> Option<FontSettings> {
    let Some(fonts) = top.table("fonts") else {
        if !top.has("fonts") {
            top.missing("[fonts]", "各种用途的字体");
        }
        return None;
    };
    let system = fonts.flag("system");
    let mut chains = Vec::new();
    for (role, what) in ROLES {
        match fonts.table(role) {
            Some(chain) => chains.push(read_chain(&chain, role)),
            None if !fonts.has(role) => fonts.missing(&format!("[fonts.{role}]"), what),
            None => {}
        }
    }
    (chains.len() == ROLES.len()).then_some(FontSettings { system, chains })
}

fn read_chain(entries: &Entries<'_>, role: &'static str) -> FontChain {
    let mut families = Vec::new();
    for item in entries.texts_or_tables("families") {
        match item {
            Ok(name) => families.push(FontFamily { name: name.value, covers: None, at: name.at }),
            Err(family) => {
                let covers = family.text("covers").map(|covers| covers.value);
                if let Some(name) = family.required_text("name", "字体名称") {
                    families.push(FontFamily { name: name.value, covers, at: name.at });
                }
            }
        }
    }
    if families.is_empty() {
        entries.missing("families", "依次使用的字体");
    }
    let weight = entries.integer("weight", 100..=900).map_or(400, |weight| weight.value);
    if let Some(wrong) = families.iter().find(|family| family.covers.as_deref().is_some_and(str::is_empty)) {
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, format!("字体“{}”的 covers 是空的", shown(&wrong.name)))
                .at(wrong.at.clone()),
        );
    }
    FontChain {
        role,
        preferred: entries.texts("preferred").into_iter().map(|name| name.value).collect(),
        families,
        weight,
        at: entries.at(),
    }
}
