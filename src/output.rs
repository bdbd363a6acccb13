//! Writing outputs: whole or not at all, never in place of a good file before the new one is complete.
#![allow(clippy::disallowed_methods, reason = "this is the one writer of outputs")]

mod files;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

pub use files::{StagedFile, remove_output, replace_file, stage_file};

use crate::build::Built;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::project::{Folder, Month};
use crate::trail::trail;

/// The names within the project of a month's outputs. The PDF is replaced first: it is the one that
/// a reader holds open, and while it cannot be replaced the others stay as they were.
pub fn output_names(month: Month) -> [String; 3] {
    ["pdf", "typ", "figures.json"].map(|extension| format!("output/{month}.{extension}"))
}

const UNTOUCHED: &str = "原有的文件没有改动";

/// Writes an issue's source, trail and PDF; gives the PDF's name within the project.
///
/// All three are complete on the disk before the first takes its name. A file
/// that another program holds open leaves the former outputs as they were.
pub fn write_issue(folder: &Folder, built: &Built) -> Result<String, Diagnostic> {
    let names = output_names(built.issue.month);
    let figures =
        serde_json::to_vec_pretty(&trail(&built.issue)).map_err(|error| failed(&names[2], &error.into()))?;
    let contents = [built.rendered.pdf.as_slice(), built.rendered.source.as_bytes(), figures.as_slice()];
    let output = folder.path("output");
    fs::create_dir_all(&output).map_err(|error| failed("output", &error).hint(UNTOUCHED))?;
    let mut written = Vec::new();
    for (name, content) in names.iter().zip(contents) {
        written.push((
            name,
            write_beside(&output, content).map_err(|error| failed(name, &error).hint(UNTOUCHED))?,
        ));
    }
    // What can be foreseen is found before the first file is replaced.
    for name in &names {
        if folder.path(name).is_dir() {
            return Err(failed(name, &io::ErrorKind::IsADirectory.into()).hint(UNTOUCHED));
        }
    }
    for (index, (name, file)) in written.into_iter().enumerate() {
        file.persist(folder.path(name)).map_err(|error| match index {
            0 => failed(name, &error.error).hint(UNTOUCHED),
            _ => failed(name, &error.error).hint("PDF 已是新的，其余文件还是旧的；请再生成一次"),
        })?;
    }
    let [pdf, ..] = names;
    Ok(pdf)
}

/// Writes a new file of the project, and the folders above it; an existing one is not touched.
pub fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    write_beside(folder, content)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a new folder with its files, by their names within it: all of them, or nothing.
pub fn write_new_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    if folder.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let unfinished = unfinished(0o755).tempdir_in(parent)?;
    for (name, content) in files {
        write_new(&unfinished.path().join(name), content)?;
    }
    fs::rename(unfinished.path(), folder)?;
    // It has its name now: there is nothing left to clean up.
    let _ = unfinished.keep();
    Ok(())
}

/// What is not finished yet, under a name of its own. Temporary files are private; outputs are as
/// readable as any other file, by their `mode` on Unix.
#[cfg_attr(not(unix), expect(unused_variables, reason = "other systems have no modes"))]
fn unfinished(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".yuebao-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder
}

fn write_beside(folder: &Path, content: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = unfinished(0o644).tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Why something could not be written, and what to do, for the editor.
pub fn explain_unwritable(error: &io::Error) -> (&'static str, &'static str) {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ("没有写入权限，或文件正被别的程序打开", "请关闭正在打开它的程序，或检查文件夹的权限")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("磁盘已满", "请清理磁盘后再试"),
        io::ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "请换到可以写入的磁盘"),
        io::ErrorKind::IsADirectory | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            ("那里已有同名的文件夹或文件", "请移走它再试")
        }
        io::ErrorKind::InvalidFilename => ("文件名太长或有不允许的字符", "请改短文件名"),
        _ => ("写入失败", "请检查磁盘和文件夹后再试"),
    }
}

fn failed(name: &str, error: &io::Error) -> Diagnostic {
    let (why, hint) = explain_unwritable(error);
    Diagnostic::new(&rules::OUTPUT_UNWRITABLE, format!("无法写入 {}：{why}", shown(name)))
        .at(Location::file(name))
        .hint(hint)
}
