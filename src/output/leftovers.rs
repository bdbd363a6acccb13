//! What a killed program leaves unfinished: how it is known, and its removal.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::OUTPUT_FOLDERS;
use crate::project::{Folder, Month};

/// How the names of what is not finished yet begin.
pub(super) const PREFIX: &str = ".yuebao-";
/// The characters of a month: 2025-07.
const MONTH_LENGTH: usize = 7;

/// How the names of a month's unfinished outputs begin.
pub(super) fn leftover_prefix(month: Month) -> String {
    format!("{PREFIX}{month}-")
}

/// The months of which outputs are unfinished: a program is at work there, or was killed.
pub fn unfinished_months(folder: &Folder) -> BTreeSet<Month> {
    let names = OUTPUT_FOLDERS.into_iter().flat_map(|parent| folder.entries(parent));
    names.filter_map(|name| Month::parse(name.strip_prefix(PREFIX)?.get(..MONTH_LENGTH)?)).collect()
}

/// Removes the files and folders of one folder whose names begin so; a lock says that no other program is at work.
pub(super) fn remove_leftovers(folder: &Folder, parent: &str, prefix: &str) {
    for name in folder.entries(parent).into_iter().filter(|name| name.starts_with(prefix)) {
        let path = folder.path(&format!("{parent}/{name}"));
        // It disturbs nobody if it stays.
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
}

/// Removes from a folder the new files that were never finished; whoever is writing one has it locked.
pub fn remove_unused(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let file = fs::File::options().write(true).open(entry.path());
        // Where there are no locks nobody knows, and it stays.
        if file.is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_written_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in [".yuebao-left", ".yuebao-used", "a.otf"] {
            fs::write(path(name), "").unwrap();
        }
        let used = fs::File::options().write(true).open(path(".yuebao-used")).unwrap();
        used.lock().unwrap();
        remove_unused(folder.path());
        assert!(!path(".yuebao-left").exists());
        assert!(path(".yuebao-used").exists() && path("a.otf").exists());
    }
}
