//! Whether what was read is still what stands in the files: told by content, which is read again only where the
//! file system does not rule out that it is another.
#![allow(clippy::disallowed_methods, reason = "part of the door to the project's files")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{Folder, is_absent, is_there, read_bounded, unreadable};
use crate::diagnostic::Diagnostic;
use crate::project::record::{Fingerprint, fingerprint};

/// How long a file must have been left alone before what the file system says of it is believed: the clocks of
/// file systems are as coarse as two seconds.
const SETTLED: Duration = Duration::from_secs(3);

/// What was looked at, by its name within the project, and what it was.
#[derive(Debug, Clone, Default)]
pub struct Seen(BTreeMap<String, Sighting>);

#[derive(Debug, Clone)]
struct Sighting {
    /// None where it says nothing.
    stamp: Option<Stamp>,
    held: Held,
}

/// What was found under a name.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// Nothing.
    Nothing,
    /// A file of this content; none where it could not be read.
    Content(Option<Fingerprint>),
    /// A folder with these names, among those that matter.
    Names(Vec<String>, fn(&str) -> bool),
}

/// What the file system says of a file or a folder: another one as soon as somebody writes to it, or puts another
/// in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: SystemTime,
    /// The device, the number of the file there, and the last change of any kind, which nobody can set.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl Seen {
    /// Notes that nothing stood under a name.
    pub fn note_absent(&mut self, name: String) {
        self.note(name, None, Held::Nothing);
    }

    pub(super) fn note(&mut self, name: String, stamp: Option<Stamp>, held: Held) {
        self.0.insert(name, Sighting { stamp, held });
    }

    /// Adds what was seen elsewhere.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(name, sighting)| (name.clone(), sighting.clone())));
    }

    /// The first name under which there is something else now, if any. What had to be read again need not be the
    /// next time. Something of which that cannot be told, because it cannot be read, is an error.
    pub fn changed(&mut self, folder: &Folder) -> Result<Option<&str>, Diagnostic> {
        for (name, sighting) in &mut self.0 {
            match sighting.is_changed(folder, name) {
                Ok(false) => {}
                Ok(true) => return Ok(Some(name)),
                Err(error) => return Err(unreadable(&folder.path(name), name, &error)),
            }
        }
        Ok(None)
    }
}

impl Sighting {
    fn is_changed(&mut self, folder: &Folder, name: &str) -> io::Result<bool> {
        let path = folder.path(name);
        // Taken before the content, so that it belongs to that or to an earlier one.
        let stamp = Stamp::of(&path);
        if stamp.is_some() && stamp == self.stamp {
            return Ok(false);
        }
        let is_same = match &self.held {
            Held::Nothing => !is_there(&path)?,
            Held::Content(then) => {
                let now = unless_absent(&path, read_bounded(&path))?;
                *then == now.map(|bytes| fingerprint(&bytes))
            }
            Held::Names(then, matters) => {
                let mut now = unless_absent(&path, folder.listing(name))?.unwrap_or_default();
                now.retain(|name| matters(name));
                *then == now
            }
        };
        self.stamp = stamp;
        Ok(!is_same)
    }
}

/// What was read at a path; none where nothing is there.
fn unless_absent<T>(path: &Path, read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if is_absent(path, &error) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Stamp {
    /// The stamp of what stands at a path; none where that was changed so lately that it may be changed once more
    /// under the same stamp.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = metadata(path).ok()?;
        let modified = metadata.modified().ok()?;
        let mut latest = modified;
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
            latest = latest.max(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).ok()?));
            (metadata.dev(), metadata.ino(), seconds, nanoseconds)
        };
        let age = SystemTime::now().duration_since(latest).ok()?;
        (age >= SETTLED).then_some(Self {
            length: metadata.len(),
            modified,
            #[cfg(unix)]
            identity,
        })
    }
}

/// What the file system says of a path. On network drives only opening a file makes sure that it is not what the
/// file system said a while ago.
fn metadata(path: &Path) -> io::Result<fs::Metadata> {
    let metadata = fs::metadata(path)?;
    match metadata.is_file() && cfg!(unix) {
        true => fs::File::open(path)?.metadata(),
        false => Ok(metadata),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{File, FileTimes};

    use super::*;
    use crate::project::SETTINGS_FILE;

    /// A folder whose settings were read.
    fn read(root: &Path) -> (Folder, Seen) {
        let folder = Folder::find(root).unwrap().recording();
        folder.read(SETTINGS_FILE).unwrap();
        let seen = folder.record().seen;
        (folder, seen)
    }

    #[test]
    fn another_content_is_seen_under_the_same_time_and_length_and_the_same_content_under_another() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(SETTINGS_FILE);
        fs::write(&path, "a = 1").unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let (folder, mut seen) = read(root.path());
        assert_eq!(seen.changed(&folder), Ok(None));
        let later = FileTimes::new().set_modified(time + Duration::from_secs(60));
        File::options().write(true).open(&path).unwrap().set_times(later).unwrap();
        assert_eq!(seen.changed(&folder), Ok(None));
        fs::write(&path, "a = 2").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(seen.changed(&folder), Ok(Some(SETTINGS_FILE)));
    }

    #[test]
    fn what_was_left_alone_for_long_has_a_stamp_and_what_was_written_now_has_none() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a");
        fs::write(&path, "1").unwrap();
        assert_eq!(Stamp::of(&path), None);
        assert!(Stamp::of(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml").as_path()).is_some());
    }

    #[test]
    fn what_comes_and_what_goes_is_seen() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(SETTINGS_FILE), "").unwrap();
        let (folder, mut seen) = read(root.path());
        assert!(folder.read("b").is_err() && !folder.exists("c"));
        folder.files_below("d", &mut Vec::new());
        for (name, content) in [("b", "2"), ("c", "3"), ("d/x", "4")] {
            let mut now = folder.record().seen;
            assert_eq!(now.changed(&folder), Ok(None));
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            assert_eq!(now.changed(&folder), Ok(name.split('/').next()));
            match name {
                "d/x" => fs::remove_dir_all(path.parent().unwrap()).unwrap(),
                _ => fs::remove_file(&path).unwrap(),
            }
        }
        fs::remove_file(root.path().join(SETTINGS_FILE)).unwrap();
        assert_eq!(seen.changed(&folder), Ok(Some(SETTINGS_FILE)));
    }
    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_any_more_is_not_called_changed() {
        let root = tempfile::tempdir().unwrap();
        for name in [SETTINGS_FILE, "d/x"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let folder = Folder::find(root.path()).unwrap();
        for name in [SETTINGS_FILE, "d", "e"] {
            let folder = folder.recording();
            match name {
                "d" => drop(folder.files_below(name, &mut Vec::new())),
                "e" => assert!(!folder.exists(name)),
                _ => drop(folder.read(name).unwrap()),
            }
            let path = root.path().join(name);
            let _ = fs::rename(&path, root.path().join("away"));
            // A link that leads to itself: nobody can follow it.
            std::os::unix::fs::symlink(&path, &path).unwrap();
            let mut seen = folder.record().seen;
            let found = seen.changed(&folder).unwrap_err();
            assert_eq!(found.message, format!("无法读取 {name}：读取中断"));
            fs::remove_file(&path).unwrap();
            let _ = fs::rename(root.path().join("away"), &path);
            assert_eq!(seen.changed(&folder), Ok(None));
        }
    }
}
