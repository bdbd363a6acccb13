//! The files that an editor names on the command line: single ones, whole folders, archives.
#![allow(clippy::disallowed_methods, reason = "what comes in lies outside of the project's folder")]

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use chrono::{DateTime, NaiveDateTime};

use crate::collect::Incoming;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::project::{ANSWERS_RECORD, is_left_behind, read_file};
use crate::source::{is_archive, unpack};

/// How deep folders are looked into.
const DEEPEST: usize = 16;

/// The files below some paths, one after another, each read when it is its turn.
pub struct IncomingFiles {
    /// What is still to be looked at.
    waiting: VecDeque<Waiting>,
    /// What an archive held.
    unpacked: VecDeque<Incoming>,
}

/// A path that is still to be looked at.
struct Waiting {
    path: PathBuf,
    /// The folder above the path that the editor named; what is kept of the name begins below it.
    above: PathBuf,
    /// How deep it lies below that path.
    depth: usize,
}

impl IncomingFiles {
    /// The files below these paths, in their order; those of a folder by their names.
    pub fn below(paths: &[PathBuf]) -> Self {
        let waiting = paths.iter().map(|path| {
            let above = path.parent().unwrap_or(Path::new("")).to_path_buf();
            Waiting { path: path.clone(), above, depth: 0 }
        });
        Self { waiting: waiting.collect(), unpacked: VecDeque::new() }
    }

    fn read(&mut self, waiting: &Waiting) -> Option<Result<Incoming, Diagnostic>> {
        let path = waiting.path.as_path();
        let name = named(path);
        let received = named(path.strip_prefix(&waiting.above).unwrap_or(path));
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "没有这个文件或文件夹",
                    _ => "没有权限打开，或磁盘有问题",
                };
                return Some(Err(unreadable(&name, why)));
            }
        };
        if metadata.is_dir() {
            return self.open_folder(waiting, &name).err().map(Err);
        }
        let bytes = match read_file(path, &name) {
            Ok(content) => content.bytes,
            Err(diagnostic) => return Some(Err(diagnostic)),
        };
        if is_archive(&bytes) {
            return self.open_archive(&name, &received, &bytes).err().map(Err);
        }
        Some(Ok(Incoming { name, received, bytes, written: written(&metadata) }))
    }

    fn open_folder(&mut self, waiting: &Waiting, name: &str) -> Result<(), Diagnostic> {
        if waiting.depth >= DEEPEST {
            return Err(unreadable(name, "文件夹的层次太深"));
        }
        let entries = fs::read_dir(&waiting.path).map_err(|_| unreadable(name, "没有权限打开这个文件夹"))?;
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort_unstable();
        // A link to a folder may lead back to where it stands.
        let leads_astray =
            |path: &PathBuf| path.is_dir() && fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink());
        let wanted = entries.into_iter().filter(|path| is_wanted(&named(path)) && !leads_astray(path));
        for path in wanted.rev() {
            let above = waiting.above.clone();
            self.waiting.push_front(Waiting { path, above, depth: waiting.depth + 1 });
        }
        Ok(())
    }

    fn open_archive(&mut self, name: &str, received: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let refused = |why: String| {
            Diagnostic::new(&rules::ANSWERS_ARCHIVE_REFUSED, format!("压缩包不能用：{why}"))
                .at(Location::file(name))
                .hint("里面的文件一个也没有收；请用解压软件解开，检查后再收解开的文件夹")
        };
        let files = unpack(bytes, is_wanted).map_err(refused)?;
        if files.is_empty() {
            return Err(refused("里面没有文件".to_owned()));
        }
        self.unpacked.extend(files.into_iter().map(|file| Incoming {
            name: format!("{name}/{}", file.name),
            received: format!("{received}/{}", file.name),
            bytes: file.bytes,
            written: file.written,
        }));
        Ok(())
    }
}

impl Iterator for IncomingFiles {
    type Item = Result<Incoming, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(file) = self.unpacked.pop_front() {
                return Some(Ok(file));
            }
            let waiting = self.waiting.pop_front()?;
            if let Some(found) = self.read(&waiting) {
                return Some(found);
            }
        }
    }
}

/// Whether a file is one that somebody put there: not what systems and office programs leave behind.
fn is_wanted(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let is_other = |part: &str| {
        part.starts_with('.')
            || is_left_behind(part)
            || ["__MACOSX", ANSWERS_RECORD].iter().any(|it| part.eq_ignore_ascii_case(it))
    };
    parts.last().is_some_and(|last| !is_other(last)) && !parts.contains(&"__MACOSX")
}

fn named(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&rules::ANSWER_UNREADABLE, format!("打不开 {}：{why}", shown(name)))
        .at(Location::file(name))
        .hint("请检查文件名和位置")
}

/// When a file was last written, in Coordinated Universal Time, to the second.
fn written(metadata: &fs::Metadata) -> Option<NaiveDateTime> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let moment = DateTime::from_timestamp(i64::try_from(since.as_secs()).ok()?, 0)?;
    Some(moment.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_leave_behind_is_no_answer() {
        for name in
            ["a/~$b.xlsx", ".~lock.b.ods#", "__MACOSX/b.xlsx", "a/Thumbs.db", "answers.toml", ".DS_Store"]
        {
            assert!(!is_wanted(name), "{name}");
        }
        assert!(is_wanted("./答复/公安厅 (1).xlsx"));
    }
}
