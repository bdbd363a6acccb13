//! The fonts: those of the project, those of the machine where allowed, and which serve which role.

use std::sync::Once;
use std::thread;

use rayon::prelude::*;
use typst::foundations::{Bytes, IntoValue, Regex, Value};
use typst::text::{Covers, Font, FontBook, FontVariant, FontWeight};
use typst::utils::{LazyHash, hash128};
use typst_kit::fonts::FontStore;

use super::font_families::{FolderFamily, FontFamilies};
use super::font_file::is_whole;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::project::{FontChain, FontSettings, ROLES};

/// The fonts that Typst may use.
pub struct Fonts {
    store: FontStore,
    /// The files of the project.
    contents: Vec<Bytes>,
    /// Done when their hashes are being taken.
    hashing: Once,
    /// Whether the machine's fonts are among them.
    system: bool,
    /// The families of the project's files.
    families: FontFamilies,
    /// The files that held no font.
    unreadable: Vec<String>,
}

/// A role and what serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontRole {
    /// The role's name.
    pub role: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// The weight.
    pub weight: i64,
    /// The families in the order in which they serve.
    pub families: Vec<ServingFamily>,
}

/// A family in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServingFamily {
    /// The name.
    pub name: String,
    /// Whether it is there.
    pub found: bool,
    /// Whether it is one that is only preferred.
    pub preferred: bool,
}

/// What a role is for.
pub(super) fn purpose(role: &str) -> &'static str {
    ROLES.iter().find(|(name, _)| *name == role).map_or("", |(_, purpose)| *purpose)
}

/// The characters that a text describes, if Typst takes it as such a description.
fn coverage(covers: &str) -> Option<Covers> {
    let value = match covers {
        "latin-in-cjk" => Value::Str(covers.into()),
        _ => Regex::new(covers).ok()?.into_value(),
    };
    value.cast().ok()
}

impl Fonts {
    /// The fonts in the given files, in the given order; then the machine's, where `system` allows them.
    pub fn new(files: Vec<(String, Vec<u8>)>, system: bool) -> Self {
        let mut store = FontStore::new();
        let mut families = FontFamilies::default();
        let mut unreadable = Vec::new();
        // A font's coverage is read from its tables, which takes a while.
        let files: Vec<_> = files.into_iter().map(|(name, bytes)| (name, Bytes::new(bytes))).collect();
        let contents = files.iter().map(|(_, bytes)| bytes.clone()).collect();
        let read: Vec<(String, Vec<Font>)> = files
            .into_par_iter()
            .map(|(name, bytes)| match is_whole(&bytes) {
                true => (name, Font::iter(bytes).collect()),
                false => (name, Vec::new()),
            })
            .collect();
        for (name, fonts) in read {
            match fonts.is_empty() {
                true => unreadable.push(name),
                false => families.add(&name, &fonts),
            }
            store.extend(fonts.into_iter().map(|font| {
                let info = font.info().clone();
                (font, info)
            }));
        }
        if system {
            let mut found: Vec<_> = typst_kit::fonts::system().collect();
            // The order of a directory is nobody's choice.
            found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
            store.extend(found);
        }
        Self { store, contents, hashing: Once::new(), system, families, unreadable }
    }

    /// Begins to take the hashes of the project's fonts, on a thread of its own. Typst keeps a font's hash
    /// but takes it in the midst of the layout, where everything waits for it.
    pub fn hash_ahead(&self) {
        self.hashing.call_once(|| {
            let contents = self.contents.clone();
            let hash_all = move || {
                for content in &contents {
                    hash128(content);
                }
            };
            // Where a system gives no thread, the layout takes them.
            let _ = thread::Builder::new().spawn(hash_all);
        });
    }

    /// A fingerprint of the machine's fonts, where they may serve: which there are, and what
    /// those of the declared families hold.
    pub fn system_fingerprint(&self, settings: &FontSettings) -> Option<String> {
        if !self.system {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&typst::utils::hash128(self.book()).to_le_bytes());
        for chain in &settings.chains {
            let families = chain.families.iter().map(|family| &family.name);
            for family in chain.preferred.iter().chain(families) {
                for index in self.book().select_family(&family.to_lowercase()) {
                    if let Some(font) = self.font(index) {
                        hasher.update(font.data());
                    }
                }
            }
        }
        Some(hasher.finalize().to_hex().to_string())
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    fn has(&self, family: &str) -> bool {
        self.store.book().contains_family(&family.to_lowercase())
    }

    /// The roles of whose families none has a character.
    pub(super) fn roles_without(&self, settings: &FontSettings, character: char) -> Vec<&'static str> {
        let text = character.to_string();
        let may_print = |covers: &str| coverage(covers).is_some_and(|it| it.as_regex().is_match(&text));
        let serves = |chain: &FontChain| {
            let weight = u16::try_from(chain.weight).map_or(FontWeight::REGULAR, FontWeight::from_number);
            let variant = FontVariant { weight, ..FontVariant::default() };
            let preferred = chain.preferred.iter().filter(|_| settings.system);
            let declared = chain.families.iter().filter(|it| it.covers.as_deref().is_none_or(may_print));
            preferred.chain(declared.map(|family| &family.name)).any(|family| {
                let font = self.book().select(&family.to_lowercase(), variant);
                let info = font.and_then(|index| self.book().info(index));
                info.is_some_and(|info| info.coverage.contains(u32::from(character)))
            })
        };
        settings.chains.iter().filter(|chain| !serves(chain)).map(|chain| chain.role).collect()
    }

    /// Which families serve which role.
    pub fn roles(&self, settings: &FontSettings) -> Vec<FontRole> {
        settings
            .chains
            .iter()
            .map(|chain| {
                let serving = |name: &str, preferred: bool| ServingFamily {
                    name: name.to_owned(),
                    found: self.has(name) && (settings.system || !preferred),
                    preferred,
                };
                let preferred = chain.preferred.iter().map(|name| serving(name, true));
                let families = chain.families.iter().map(|family| serving(&family.name, false));
                FontRole {
                    role: chain.role,
                    purpose: purpose(chain.role),
                    weight: chain.weight,
                    families: preferred.chain(families).collect(),
                }
            })
            .collect()
    }

    /// The families of the project's files that no role names.
    pub fn unused(&self, settings: &FontSettings) -> Vec<FolderFamily> {
        self.families.unused(settings)
    }

    /// Files that hold no font, and families that are not there.
    pub fn check(&self, settings: &FontSettings) -> Vec<Diagnostic> {
        let unreadable = self.unreadable.iter().map(|name| {
            Diagnostic::new(&rules::FONT_UNREADABLE, format!("{} 不是能用的字体文件，或不完整", shown(name)))
                .at(Location::file(name))
                .hint("请换成完整的字体文件，或移走它")
        });
        let families = settings.chains.iter().flat_map(|chain| &chain.families);
        let mut missing: Vec<Diagnostic> = Vec::new();
        for family in families.filter(|family| !self.has(&family.name)) {
            missing.push(
                Diagnostic::new(&rules::FONT_MISSING, format!("没有“{}”这种字体", shown(&family.name)))
                    .at(family.at.clone())
                    .hint(self.families.hint(&family.name)),
            );
        }
        let families = settings.chains.iter().flat_map(|chain| &chain.families);
        let wrong = families
            .filter(|family| family.covers.as_deref().is_some_and(|covers| coverage(covers).is_none()))
            .map(|family| {
                Diagnostic::new(&rules::SETTING_INVALID, "covers 应为 latin-in-cjk，或方括号括起的一组字")
                    .at(family.at.clone())
                    .hint("如 covers = \"[￥～①-⑳]\"")
            });
        unreadable.chain(missing).chain(wrong).collect()
    }

    /// A chain with the preferred families that are there, and without those that are not.
    pub fn without_absent(&self, settings: &FontSettings) -> FontSettings {
        let mut settings = settings.clone();
        for chain in &mut settings.chains {
            chain.preferred.retain(|name| self.has(name));
        }
        settings
    }
}
