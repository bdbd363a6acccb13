//! The parts of an .xlsx: a few are read and changed, all others are copied as they are packed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::tags::{Tag, each_tag, edited, escaped};
use crate::source::resolve_target;

/// The largest part that is read, unpacked, in bytes; the reader of workbooks has the same bound.
const LARGEST_PART: u64 = 96 << 20;

/// The family of relationships' types in the usual form of the format.
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package that is being edited.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    changed: BTreeMap<String, String>,
}

/// A reference from one part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last segment of its type, such as `worksheet`.
    pub(super) kind: String,
    /// The part, from the package's root.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens a package that the reader of workbooks has read already.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        Some(Self { zip: ZipArchive::new(Cursor::new(bytes)).ok()?, changed: BTreeMap::new() })
    }

    /// Whether there is a part of this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.changed.contains_key(name) || self.zip.index_for_name(name).is_some()
    }

    /// The text of a part, as changed so far.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        if let Some(text) = self.changed.get(name) {
            return Some(text.clone());
        }
        let part = self.zip.by_name(name).ok()?;
        let mut bytes = Vec::new();
        part.take(LARGEST_PART + 1).read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > LARGEST_PART {
            return None;
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(text.trim_start_matches('\u{FEFF}').to_owned())
    }

    /// Changes a part, or adds it.
    pub(super) fn set(&mut self, name: &str, text: String) {
        self.changed.insert(name.to_owned(), text);
    }

    /// The references of a part; of the package itself for the empty name.
    pub(super) fn relationships(&mut self, part: &str) -> Option<Vec<Relationship>> {
        let name = relationships_name(part);
        if !self.contains(&name) {
            return Some(Vec::new());
        }
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let text = self.text(&name)?;
        let mut found = Vec::new();
        each_tag(&text, |tag| {
            if tag.begins() && tag.local() == "Relationship" {
                let value = |key: &str| tag.attribute(key).unwrap_or_default();
                found.push(Relationship {
                    id: value("Id"),
                    kind: value("Type").rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolve_target(folder, &value("Target")),
                });
            }
        })?;
        Some(found)
    }

    /// Adds a reference from a part to another; gives its identifier.
    pub(super) fn relate(&mut self, part: &str, kind: &str, target: &str) -> Option<String> {
        let taken = self.relationships(part)?;
        let id = (1..)
            .map(|number| format!("rIdYuebao{number}"))
            .find(|id| taken.iter().all(|it| it.id != *id))?;
        let name = relationships_name(part);
        let new = |prefix: &str| {
            format!(
                "<{prefix}Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"/{}\"/>",
                escaped(target)
            )
        };
        let text = match self.contains(&name) {
            true => {
                let text = self.text(&name)?;
                inserted_in_root(&text, "Relationships", new)?
            }
            false => format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
                 xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
                new("")
            ),
        };
        self.set(&name, text);
        Some(id)
    }

    /// Declares the type of a new part, or that of all parts with an extension.
    pub(super) fn declare(&mut self, part: &str, content_type: &str) -> Option<()> {
        self.declare_type("Override", "PartName", &format!("/{part}"), content_type)
    }

    /// Declares the type of all parts with an extension.
    pub(super) fn declare_extension(&mut self, extension: &str, content_type: &str) -> Option<()> {
        self.declare_type("Default", "Extension", extension, content_type)
    }

    fn declare_type(&mut self, element: &str, key: &str, value: &str, content_type: &str) -> Option<()> {
        const TYPES: &str = "[Content_Types].xml";
        let text = self.text(TYPES)?;
        let mut is_declared = false;
        each_tag(&text, |tag| {
            is_declared |= tag.begins()
                && tag.local() == element
                && tag.attribute(key).is_some_and(|it| it.eq_ignore_ascii_case(value));
        })?;
        if !is_declared {
            let new = |prefix: &str| {
                format!("<{prefix}{element} {key}=\"{}\" ContentType=\"{content_type}\"/>", escaped(value))
            };
            let text = inserted_in_root(&text, "Types", new)?;
            self.set(TYPES, text);
        }
        Some(())
    }

    /// The package with its changes.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        // The same bytes at any time.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        for index in 0..self.zip.len() {
            let part = self.zip.by_index_raw(index).ok()?;
            let name = String::from_utf8_lossy(part.name_raw()).into_owned();
            match self.changed.remove(&name) {
                Some(text) => {
                    drop(part);
                    writer.start_file(name, options).ok()?;
                    writer.write_all(text.as_bytes()).ok()?;
                }
                None => writer.raw_copy_file(part).ok()?,
            }
        }
        for (name, text) in self.changed {
            writer.start_file(name, options).ok()?;
            writer.write_all(text.as_bytes()).ok()?;
        }
        Some(writer.finish().ok()?.into_inner())
    }
}

/// A text with something inserted at the end of its root element.
pub(super) fn inserted_in_root(text: &str, root: &str, new: impl Fn(&str) -> String) -> Option<String> {
    let mut edits = Vec::new();
    each_tag(text, |tag: Tag<'_>| {
        if tag.depth == 0 && tag.local() == root && tag.ends() {
            edits.push(match tag.begins() {
                true => {
                    let open = super::tags::tag_with(&tag, &[]).replacen("/>", ">", 1);
                    (tag.range.clone(), format!("{open}{}</{}>", new(&tag.prefix()), tag.name()))
                }
                false => (tag.range.start..tag.range.start, new(&tag.prefix())),
            });
        }
    })?;
    if edits.len() != 1 {
        return None;
    }
    edited(text, edits)
}

fn relationships_name(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}
