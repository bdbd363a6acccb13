//! Single files, and a folder of new ones: staged beside their place, then given their name at once.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{NamedTempFile, TempDir, TempPath};

use super::leftovers::PREFIX;
use super::{fill, unfinished, write_beside};

/// A file that is complete but has no name yet; it is removed unless it gets one.
#[derive(Debug)]
pub struct StagedFile(TempPath);

/// Writes a file into a folder, which is made if need be, under no name yet. It is not forced onto the
/// disk one by one: whatever names the file afterwards is, and tells by its hash whether it is whole.
pub fn stage_file(folder: &Path, content: &[u8]) -> io::Result<StagedFile> {
    let builder = unfinished(PREFIX, 0o644);
    let mut file = match builder.tempfile_in(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            builder.tempfile_in(folder)?
        }
        file => file?,
    };
    file.write_all(content)?;
    Ok(StagedFile(file.into_temp_path()))
}

impl StagedFile {
    /// Gives the file its name, which nothing has yet.
    pub fn keep(self, path: &Path) -> io::Result<()> {
        self.0.persist_noclobber(path).map_err(|error| error.error)
    }

    /// Gives the file its name, in place of whatever has it.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        self.0.persist(path).map_err(|error| error.error)
    }
}

/// Writes a new file, and the folders above it; an existing one is not touched.
pub fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file: NamedTempFile = unfinished(PREFIX, 0o644).tempfile_in(folder)?;
    // So it is known that it is in use; where there are no locks nobody asks.
    let _ = file.as_file().try_lock();
    fill(&mut file, content)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// A folder that is complete but has no name yet; it is removed unless it gets one.
#[derive(Debug)]
pub struct StagedFolder(TempDir);

/// Writes a folder with its files, by their names within it, into another one, under no name yet.
pub fn stage_folder(parent: &Path, files: &[(String, Vec<u8>)]) -> io::Result<StagedFolder> {
    fs::create_dir_all(parent)?;
    let staged = unfinished(PREFIX, 0o755).tempdir_in(parent)?;
    for (name, content) in files {
        write_new(&staged.path().join(name), content)?;
    }
    Ok(StagedFolder(staged))
}

impl StagedFolder {
    /// Gives the folder its name, which nothing has yet.
    pub fn keep(self, path: &Path) -> io::Result<()> {
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(self.0.path(), path)?;
        // It has its name now: there is nothing left to clean up.
        let _ = self.0.keep();
        Ok(())
    }
}

/// Writes a file in place of whatever has its name: whole, or not at all.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    write_beside(folder, PREFIX, content)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes an output that no longer holds; one that is gone already is as well.
pub fn remove_output(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
