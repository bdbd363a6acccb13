//! Writing outputs: whole or not at all, never in place of a good file before the new one is complete.
#![allow(clippy::disallowed_methods, reason = "this is the one writer of outputs")]

mod files;
mod leftovers;
mod lock;
mod rights;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::thread;

pub use self::files::{
    StagedFile, StagedFolder, remove_output, replace_file, stage_file, stage_folder, write_new,
};
use self::leftovers::leftover_prefix;
pub use self::leftovers::{remove_unused, unfinished_months};
pub use self::lock::MonthLock;
pub use self::rights::{lock_answers, lock_forms, lock_month, lock_new, sweep};
use crate::build::Built;
use crate::checking_sheet::checking_sheet;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::project::{FileRecord, Folder, Month, Project, fingerprint, too_many_open};
use crate::state::{State, state_name};
use crate::trail::trail;

/// The folders that a month's files are written to.
const OUTPUT_FOLDERS: [&str; 2] = ["output", "output/.state"];
const UNTOUCHED: &str = "原有的文件没有改动";

/// A file that a build writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name within the project.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// The name within the project of a month's PDF.
pub fn pdf_name(month: Month) -> String {
    output_name(month, "pdf")
}

/// The name within the project of the folder with the marked copies of a month's answers.
pub fn returns_folder(month: Month) -> String {
    format!("output/returns/{month}")
}

/// The name within the project of the folder with a month's forms.
pub fn forms_folder(month: Month) -> String {
    format!("output/forms/{month}")
}

fn output_name(month: Month, extension: &str) -> String {
    format!("output/{month}.{extension}")
}

/// The files of an issue: the PDF, its source, the trail of its figures, the checking sheet with the
/// `remarks` that were not acknowledged.
///
/// The PDF is replaced first: it is the one that a reader holds open, and while it cannot be
/// replaced the others stay as they were.
pub fn output_files(
    project: &Project,
    built: Built,
    remarks: &[Diagnostic],
) -> Result<Vec<OutputFile>, Diagnostic> {
    let Built { issue, rendered } = built;
    let [figures_name, sheet_name] =
        ["figures.json", "checks.html"].map(|extension| output_name(issue.month, extension));
    let trail = trail(&issue).with_positions(&rendered.figures);
    let figures = serde_json::to_vec_pretty(&trail).map_err(|error| failed(&figures_name, &error.into()))?;
    let sheet = checking_sheet(project, &issue, &trail, remarks)
        .map_err(|error| failed(&sheet_name, &io::Error::other(error)))?;
    Ok(vec![
        OutputFile { name: pdf_name(issue.month), content: rendered.pdf },
        OutputFile { name: output_name(issue.month, "typ"), content: rendered.source.into_bytes() },
        OutputFile { name: figures_name, content: figures },
        OutputFile { name: sheet_name, content: sheet.into_bytes() },
    ])
}

/// The fingerprints of output files.
pub fn output_record(files: &[OutputFile]) -> FileRecord {
    files.iter().map(|file| (file.name.clone(), fingerprint(&file.content))).collect()
}

/// Why not all of an issue was written.
#[derive(Debug)]
pub enum NotWritten {
    /// All files are the former ones.
    Untouched(Diagnostic),
    /// The PDF is new, but another file or the record is not.
    Unrecorded(Diagnostic),
}

/// Writes an issue's files and then the record of them.
///
/// All are complete on the disk before the first takes its name. A file that another program holds
/// open leaves the former outputs as they were. The record comes last: as long as it is not there,
/// the outputs do not agree with it, and the next run builds the month again.
pub fn write_outputs(
    folder: &Folder,
    _lock: &MonthLock,
    month: Month,
    files: &[OutputFile],
    state: &State,
) -> Result<(), NotWritten> {
    let untouched =
        |name: &str, error: &io::Error| NotWritten::Untouched(failed(name, error).hint(UNTOUCHED));
    let name = state_name(month);
    let content = state.to_json().map_err(|error| untouched(&name, &error.into()))?;
    let record = OutputFile { name, content };
    let mut staged = stage(folder, month, files.iter().chain([&record]));
    let recorded = staged.pop();
    let mut complete = Vec::new();
    for (file, unfinished) in files.iter().zip(staged) {
        complete.push((&file.name, unfinished.map_err(|error| untouched(&file.name, &error))?));
    }
    // What can be foreseen is found before the first file is replaced.
    for name in files.iter().map(|file| &file.name).chain([&record.name]) {
        if folder.path(name).is_dir() {
            return Err(untouched(name, &io::ErrorKind::IsADirectory.into()));
        }
    }
    for (index, (name, file)) in complete.into_iter().enumerate() {
        file.persist(folder.path(name)).map_err(|error| match index {
            0 => untouched(name, &error.error),
            _ => {
                let hint = "PDF 已是新的，其余文件还是旧的；请再生成一次";
                NotWritten::Unrecorded(failed(name, &error.error).hint(hint))
            }
        })?;
    }
    sync_folder(&folder.path("output"));
    let recorded = recorded.unwrap_or_else(|| Err(io::ErrorKind::Other.into()));
    let recorded = recorded
        .and_then(|unfinished| unfinished.persist(folder.path(&record.name)).map_err(|error| error.error));
    let without_record = "月报已经生成，只是没有记下来，下次会再生成一次";
    recorded
        .map(|_| ())
        .map_err(|error| NotWritten::Unrecorded(failed(&record.name, &error).hint(without_record)))
}

/// Writes files under names of their own, each beside where it is to be, until all are on the disk.
/// They wait for it together: one after the other they would take longer than the layout of an issue.
fn stage<'a>(
    folder: &Folder,
    month: Month,
    files: impl Iterator<Item = &'a OutputFile>,
) -> Vec<io::Result<tempfile::NamedTempFile>> {
    let prefix = leftover_prefix(month);
    let write = &|file: &OutputFile| {
        let path = folder.path(&file.name);
        write_beside(path.parent().unwrap_or(Path::new(".")), &prefix, &file.content)
    };
    thread::scope(|scope| {
        let start = |file| (file, thread::Builder::new().spawn_scoped(scope, move || write(file)));
        let writers: Vec<_> = files.map(start).collect();
        let lost = |_| Err(io::ErrorKind::Other.into());
        let finish = |(file, writer): (_, io::Result<thread::ScopedJoinHandle<'_, _>>)| match writer {
            Ok(writer) => writer.join().unwrap_or_else(lost),
            // A system that gives no thread has this one.
            Err(_) => write(file),
        };
        writers.into_iter().map(finish).collect()
    })
}

/// The names themselves reach the disk with their folder. Where a system cannot do that, it is not needed.
fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// What is not finished yet, under a name of its own. Temporary files are private; outputs are as
/// readable as any other file, by their `mode` on Unix.
#[cfg_attr(not(unix), expect(unused_variables, reason = "other systems have no modes"))]
fn unfinished(prefix: &str, mode: u32) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder
}

fn write_beside(folder: &Path, prefix: &str, content: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = unfinished(prefix, 0o644).tempfile_in(folder)?;
    fill(&mut file, content)?;
    Ok(file)
}

/// Writes all that a file holds, and waits until the disk has it.
fn fill(file: &mut tempfile::NamedTempFile, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.as_file().sync_all()
}

/// Why something could not be written, and what to do, for the editor.
pub fn explain_unwritable(error: &io::Error) -> (&'static str, &'static str) {
    if let Some(explained) = too_many_open(error) {
        return explained;
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ("没有写入权限，或文件正被别的程序打开", "请关闭正在打开它的程序，或检查文件夹的权限")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            ("磁盘已满，或不许写这么大的文件", "请清理磁盘后再试")
        }
        io::ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "请换到可以写入的磁盘"),
        io::ErrorKind::IsADirectory | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            ("那里已有同名的文件夹或文件", "请移走它再试")
        }
        io::ErrorKind::InvalidFilename => ("文件名太长或有不允许的字符", "请改短文件名"),
        _ => ("写入失败", "请检查磁盘和文件夹后再试"),
    }
}

/// The finding that an output could not be written; `name` is its name within the project.
pub fn failed(name: &str, error: &io::Error) -> Diagnostic {
    let (why, hint) = explain_unwritable(error);
    Diagnostic::new(&rules::OUTPUT_UNWRITABLE, format!("无法写入 {}：{why}", shown(name)))
        .at(Location::file(name))
        .hint(hint)
}
