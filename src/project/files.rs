//! The project's files: where they are, which there are, reading them whole.
//!
//! Together with the command line and the writer of outputs, the only place
//! that touches the file system.
#![allow(clippy::disallowed_methods, reason = "this is the door to the project's files")]

mod seen;
mod unreadable;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::month::Month;
use super::record::{Fingerprint, ReadFiles, Recorder, fingerprint};
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use seen::{Held, Stamp};
use unreadable::{explain_unreadable, is_absent, unreadable};

pub use seen::Seen;
pub use unreadable::too_many_open;

/// The file that makes a folder a bulletin's.
pub const SETTINGS_FILE: &str = "yuebao.toml";
/// The register of departments.
pub const REGISTER_FILE: &str = "data/departments.toml";
/// The file of one month's declarations, within its folder.
pub const ISSUE_FILE: &str = "issue.toml";

/// The largest file that is read, in bytes: far above any workbook of a department.
const LARGEST_FILE: u64 = 64 << 20;

/// The extensions under which a table's file is looked for; its kind comes from its content.
pub(super) const TABLE_EXTENSIONS: [&str; 9] =
    ["xlsx", "xlsm", "xlsb", "xls", "et", "ods", "csv", "txt", "toml"];

/// The bulletin's folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    recorder: Option<Recorder>,
}

/// A file that was read: its name within the project and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// The path within the project, with `/`.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl FileContent {
    /// The content as text; a file that is not UTF-8 is a finding at its first bad line.
    pub fn text(&self) -> Result<String, Diagnostic> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                let message = format!("{} 不是 UTF-8 编码", shown(&self.name));
                Err(Diagnostic::new(&rules::FILE_UNREADABLE, message)
                    .at(Location::Text { file: self.name.clone(), line, column: 1 })
                    .hint("请用记事本打开，另存为，编码选 UTF-8"))
            }
        }
    }
}

impl Folder {
    /// The nearest folder, from `start` upwards, that holds yuebao.toml.
    pub fn find(start: &Path) -> Option<Self> {
        let start = fs::canonicalize(start).ok()?;
        start
            .ancestors()
            .find(|folder| folder.join(SETTINGS_FILE).is_file())
            .map(|root| Self { root: root.to_path_buf(), recorder: None })
    }

    /// The same folder, which notes the files that are read through it from now on.
    pub fn recording(&self) -> Self {
        Self { recorder: Some(Recorder::default()), ..self.clone() }
    }

    /// The files that were read since [`recording`](Self::recording) began.
    pub fn record(&self) -> ReadFiles {
        self.recorder.as_ref().map(Recorder::record).unwrap_or_default()
    }

    /// The folder's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a file of the project; `name` is relative, with `/`.
    pub fn path(&self, name: &str) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(name.split('/'));
        path
    }

    /// The months that have a folder in data, ascending.
    pub fn months(&self) -> Vec<Month> {
        let names = self.entries("data");
        let mut months: Vec<Month> = names.iter().filter_map(|name| Month::parse(name)).collect();
        months.retain(|month| self.has_month(*month));
        months.sort_unstable();
        months
    }

    /// Whether a month has a folder in data; one of which that cannot be told counts.
    pub fn has_month(&self, month: Month) -> bool {
        let path = self.path(&Self::month_folder(month));
        match fs::metadata(&path) {
            Ok(metadata) => metadata.is_dir(),
            Err(_) => is_there(&path).is_err(),
        }
    }

    /// The name within the project of a month's folder.
    pub fn month_folder(month: Month) -> String {
        format!("data/{month}")
    }

    /// The names of what lies in a folder, sorted; none where there is no such folder.
    pub fn entries(&self, name: &str) -> Vec<String> {
        self.listing(name).unwrap_or_default()
    }

    /// Those of the entries that matter for what is made; noted, so that it is known when there are others.
    fn noted_entries(&self, name: &str, matters: fn(&str) -> bool) -> io::Result<Vec<String>> {
        // Taken before the names, so that it belongs to them or to earlier ones.
        let stamp = Stamp::of(&self.path(name));
        let listing = self.listing(name).map(|mut names| {
            names.retain(|name| matters(name));
            names
        });
        if let Some(recorder) = &self.recorder {
            let names = listing.as_ref().cloned().unwrap_or_default();
            recorder.note(|files| files.seen.note(name.to_owned(), stamp, Held::Names(names, matters)));
        }
        self.note_unreadable(name, listing.as_ref().err());
        listing
    }

    fn listing(&self, name: &str) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.path(name))?.collect::<io::Result<Vec<_>>>()?;
        let mut names: Vec<String> =
            entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Notes that something is there that cannot be read, where an error of reading says so.
    fn note_unreadable(&self, name: &str, error: Option<&io::Error>) {
        let path = self.path(name);
        if let (Some(recorder), Some(error)) =
            (&self.recorder, error.filter(|error| !is_absent(&path, error)))
        {
            let (why, _) = explain_unreadable(&path, error);
            recorder.note(|files| {
                files.unreadable.insert(name.to_owned(), why);
            });
        }
    }

    /// The names within the project of the files of a month that could be tables, sorted. A folder that does not tell
    /// its files is a finding: it would look like an empty one.
    pub fn table_files(&self, month: Month) -> Result<Vec<String>, Diagnostic> {
        let folder = Self::month_folder(month);
        let names = match self.noted_entries(&folder, could_be_table) {
            Ok(names) => names,
            Err(error) => match self.why_unlisted(&folder, &error) {
                Some(unlisted) => return Err(unlisted),
                None => Vec::new(),
            },
        };
        if let Some(recorder) = &self.recorder {
            // The month depends on more than the files that are read.
            let names = fingerprint(names.join("\n").as_bytes());
            recorder.note(|files| drop(files.record.insert(format!("{folder}/"), names)));
        }
        Ok(names.into_iter().map(|name| format!("{folder}/{name}")).collect())
    }

    /// A folder that is there but does not tell its files is a finding: it would look like an empty one.
    pub fn unlisted(&self, name: &str) -> Option<Diagnostic> {
        self.listing(name).err().and_then(|error| self.why_unlisted(name, &error))
    }

    /// Why a folder does not tell its files; that there is none is no fault.
    fn why_unlisted(&self, name: &str, error: &io::Error) -> Option<Diagnostic> {
        let path = self.path(name);
        (error.kind() != io::ErrorKind::NotFound).then(|| unreadable(&path, name, error))
    }

    /// The names within the project of all files below a folder, sorted; hidden ones, and what other programs leave
    /// there by themselves, are left out.
    /// Folders that do not tell their files are findings, and so are links by which a folder is within itself.
    pub fn files_below(&self, folder: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
        let mut files = Vec::new();
        self.gather_below(folder, &mut Vec::new(), &mut files, diagnostics);
        files
    }

    /// Does so for one of the folders; `above` are the real paths of those that it is in.
    fn gather_below(
        &self,
        folder: &str,
        above: &mut Vec<PathBuf>,
        files: &mut Vec<String>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let real = fs::canonicalize(self.path(folder)).unwrap_or_default();
        if above.iter().any(|above| above.starts_with(&real)) {
            let message = format!("{} 是链接，指回了它所在的文件夹", shown(folder));
            diagnostics.push(
                Diagnostic::new(&rules::FILE_UNREADABLE, message)
                    .at(Location::file(folder))
                    .hint("请移走它，或换成所需的文件夹"),
            );
            return;
        }
        // An editor of texts leaves its former version under the name with a tilde.
        let is_wanted = |name: &str| !name.starts_with('.') && !name.ends_with('~') && !is_left_behind(name);
        let names = self.noted_entries(folder, is_wanted).unwrap_or_else(|error| {
            diagnostics.extend(self.why_unlisted(folder, &error));
            Vec::new()
        });
        above.push(real);
        for name in names {
            let name = format!("{folder}/{name}");
            match self.path(&name).is_dir() {
                true => self.gather_below(&name, above, files, diagnostics),
                false => files.push(name),
            }
        }
        above.pop();
    }

    /// Whether there is a file or folder of this name. One of which that cannot be told counts: reading it tells why.
    pub fn exists(&self, name: &str) -> bool {
        let exists = is_there(&self.path(name)).unwrap_or(true);
        if let (Some(recorder), false) = (&self.recorder, exists) {
            recorder.note(|files| files.seen.note_absent(name.to_owned()));
        }
        exists
    }

    /// Reads a file whole; a file that cannot be read is a finding at it.
    pub fn read(&self, name: &str) -> Result<FileContent, Diagnostic> {
        let path = self.path(name);
        let Some(recorder) = &self.recorder else { return read_file(&path, name) };
        // Taken before the content, so that it belongs to that or to an earlier one.
        let stamp = Stamp::of(&path);
        let content = read_bounded(&path);
        let held = content.as_ref().ok().map(|bytes| fingerprint(bytes));
        recorder.note(|files| {
            files.record.extend(held.clone().map(|held| (name.to_owned(), held)));
            files.seen.note(name.to_owned(), stamp, Held::Content(held));
        });
        self.note_unreadable(name, content.as_ref().err());
        named(content, &path, name)
    }

    /// The fingerprint of a file's content, however large; none where it cannot be read, or is no regular file.
    pub fn fingerprint(&self, name: &str) -> Option<Fingerprint> {
        if !self.path(name).is_file() {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        let file = fs::File::open(self.path(name)).ok()?;
        hasher.update_reader(file).ok()?;
        Some(hasher.finalize().to_hex().to_string())
    }

    /// Reads a text file; a file that is not UTF-8 is a finding at its first bad line.
    pub fn read_text(&self, name: &str) -> Result<String, Diagnostic> {
        self.read(name)?.text()
    }
}

/// Whether a file of a month could be a table, by its name. Lock files (`~$…`, `.~…`), which Excel and WPS leave beside an
/// open workbook, are none.
fn could_be_table(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_lock = is_left_behind(name);
    !is_lock && name != ISSUE_FILE && extension.is_some_and(|it| TABLE_EXTENSIONS.contains(&it.as_str()))
}

/// Reads a file whole, wherever it is; `name` is what messages call it.
pub fn read_file(path: &Path, name: &str) -> Result<FileContent, Diagnostic> {
    named(read_bounded(path), path, name)
}

/// What reading a file gave, under its name.
fn named(bytes: io::Result<Vec<u8>>, path: &Path, name: &str) -> Result<FileContent, Diagnostic> {
    match bytes {
        Ok(bytes) => Ok(FileContent { name: name.to_owned(), bytes }),
        Err(error) => Err(unreadable(path, name, &error)),
    }
}

/// Whether there is something at a path; below a file there is nothing.
fn is_there(path: &Path) -> io::Result<bool> {
    match path.try_exists() {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        // A link that leads nowhere is something that cannot be read.
        Ok(false) => Ok(path.is_symlink()),
        told => told,
    }
}

/// Whether a name is that of a file which Explorer, Finder or Office made beside the editor's own: hidden ones are
/// nobody's tables.
pub fn is_left_behind(name: &str) -> bool {
    name.starts_with("~$")
        || name.starts_with('.')
        || ["Thumbs.db", "desktop.ini"].iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Reads a regular file of bounded size. A named pipe or device is refused before it is opened.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    if metadata.len() > LARGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    // Room for all of it and a little more, in which reading finds the end.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len() + 64).unwrap_or_default());
    fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}
