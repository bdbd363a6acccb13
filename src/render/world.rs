//! The world in which Typst compiles an issue: in memory, without network, clock or foreign files.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::Fonts;
use super::templates::Templates;
use crate::issue::Issue;

/// Typst's own definitions, the same for every issue.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The files, fonts and date of one issue.
pub struct IssueWorld<'a> {
    fonts: &'a Fonts,
    templates: &'a Templates,
    main: Source,
    files: HashMap<FileId, Bytes>,
    date: NaiveDate,
}

impl<'a> IssueWorld<'a> {
    /// A world whose main file is the generated source, named `main` within the project;
    /// none where that is no name of a file.
    pub fn new(
        main: &str,
        source: &str,
        issue: &Issue,
        templates: &'a Templates,
        pictures: BTreeMap<String, Vec<u8>>,
        fonts: &'a Fonts,
    ) -> Option<Self> {
        let main = Source::new(file_id(main)?, source.to_owned());
        let mut files = HashMap::new();
        for (name, bytes) in pictures {
            if let Some(id) = file_id(&name) {
                files.insert(id, Bytes::new(bytes));
            }
        }
        for file in &issue.source_files {
            if let Some(id) = file_id(&file.name) {
                files.insert(id, Bytes::new(Arc::clone(&file.bytes)));
            }
        }
        let date = issue.declared.date;
        Some(Self { fonts, templates, main, files, date })
    }

    /// The name within the project of the template that the main file was filled from.
    pub fn main_template(&self) -> String {
        self.templates.main_name()
    }

    /// The name within the project of a file.
    pub fn name(id: FileId) -> String {
        id.get().vpath().get_without_slash().to_owned()
    }
}

/// The id of a file by its name within the project; none where Typst cannot name it.
pub(super) fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for IssueWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let source = if id == self.main.id() { Some(&self.main) } else { self.templates.source(id) };
        source.cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let Some(bytes) = self.files.get(&id).or_else(|| self.templates.file(id)) {
            return Ok(bytes.clone());
        }
        self.source(id).map(Bytes::from_string)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let (month, day) = (u8::try_from(self.date.month()).ok()?, u8::try_from(self.date.day()).ok()?);
        Datetime::from_ymd(self.date.year(), month, day)
    }
}

fn not_found(id: FileId) -> FileError {
    // Packages would come from the network.
    if let VirtualRoot::Package(package) = id.get().root() {
        return FileError::Package(PackageError::NotFound(package.clone()));
    }
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
