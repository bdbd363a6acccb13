//! The files of a template's folder, as Typst reads them: parsed once, and shared by all months of a run.

use std::collections::HashMap;

use typst::foundations::Bytes;
use typst::syntax::{FileId, Source};

use super::world::file_id;

/// The template that generates the main Typst file.
const MAIN_TEMPLATE: &str = "main.typ.j2";

/// A file of a template's folder.
#[derive(Debug, Clone)]
pub struct TemplateFile {
    /// Its name within the project.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of a template's folder.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    /// The folder's name within the project.
    pub folder: String,
    /// The template that generates the main Typst file; none where it is absent or not UTF-8.
    pub(super) main: Option<String>,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

impl Templates {
    /// The template in this folder, among all files that it may use.
    pub fn new(folder: String, files: Vec<TemplateFile>) -> Self {
        let mut templates = Self { folder, ..Self::default() };
        let main = templates.main_name();
        for file in files {
            let Some(id) = file_id(&file.name) else { continue };
            match String::from_utf8(file.bytes) {
                Ok(text) if file.name == main => templates.main = Some(text),
                Ok(text) if file.name.ends_with(".typ") => {
                    templates.sources.insert(id, Source::new(id, text));
                }
                Ok(text) => drop(templates.files.insert(id, Bytes::new(text.into_bytes()))),
                Err(error) => drop(templates.files.insert(id, Bytes::new(error.into_bytes()))),
            }
        }
        templates
    }

    /// The name within the project of the template that generates the main Typst file.
    pub(super) fn main_name(&self) -> String {
        format!("{}/{MAIN_TEMPLATE}", self.folder)
    }

    pub(super) fn source(&self, id: FileId) -> Option<&Source> {
        self.sources.get(&id)
    }

    pub(super) fn file(&self, id: FileId) -> Option<&Bytes> {
        self.files.get(&id)
    }
}
