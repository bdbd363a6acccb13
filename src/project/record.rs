//! Which files were read, and what they held: by content, never by time stamps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::files::Seen;

/// The fingerprint of a file's content: its BLAKE3 hash in hexadecimal.
pub type Fingerprint = String;

/// The files that something was made from: their names within the project and their fingerprints.
/// A file that was looked for and is not there has no entry: when it comes, that is a difference.
/// A name that ends in `/` is a folder, and its fingerprint that of the names found in it.
pub type FileRecord = BTreeMap<String, Fingerprint>;

/// The fingerprint of a content.
pub fn fingerprint(content: &[u8]) -> Fingerprint {
    blake3::hash(content).to_hex().to_string()
}

/// Files that were read, for later programs and for the end of this run.
#[derive(Debug, Clone, Default)]
pub struct ReadFiles {
    /// What they held.
    pub record: FileRecord,
    /// What is there but cannot be read, by its name within the project, each with why in words.
    pub unreadable: BTreeMap<String, &'static str>,
    /// Everything that was looked at, by which it can be told whether it is still the same.
    pub seen: Seen,
}

impl ReadFiles {
    /// Adds files that were read elsewhere.
    pub fn extend(&mut self, other: &Self) {
        self.extend_record(other);
        self.seen.extend(&other.seen);
    }

    /// Adds what files that were read elsewhere held, and which cannot be read.
    pub fn extend_record(&mut self, other: &Self) {
        self.record.extend(other.record.clone());
        self.unreadable.extend(other.unreadable.clone());
    }

    /// What cannot be read of a name: itself, or a folder that it is in; with why.
    pub fn unreadable_at(&self, name: &str) -> Option<(&str, &'static str)> {
        let mut name = name.trim_end_matches('/');
        loop {
            if let Some((name, why)) = self.unreadable.get_key_value(name) {
                return Some((name, why));
            }
            name = name.rsplit_once('/')?.0;
        }
    }
}

/// Notes the files that are read through one [`Folder`](super::Folder).
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<ReadFiles>>);

impl Recorder {
    pub(super) fn note(&self, note: impl FnOnce(&mut ReadFiles)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn record(&self) -> ReadFiles {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
