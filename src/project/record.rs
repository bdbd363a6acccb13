//! Which files were read, and what they held: by content, never by time stamps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

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

/// Notes the files that are read through one [`Folder`](super::Folder).
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<FileRecord>>);

impl Recorder {
    pub(super) fn note(&self, name: &str, content: &[u8]) {
        let fingerprint = fingerprint(content);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), fingerprint);
    }

    pub(super) fn record(&self) -> FileRecord {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
