//! Who may write what, one program at a time. Who gets the right removes what a killed program left there.

use std::fs;
use std::sync::atomic::AtomicBool;

use super::leftovers::{PREFIX, leftover_prefix, remove_leftovers};
use super::lock::{LockFile, MonthLock};
use super::{OUTPUT_FOLDERS, UNTOUCHED, failed, forms_folder, returns_folder};
use crate::diagnostic::Diagnostic;
use crate::project::{AnswersRecord, Folder, Month};

/// Waits for the right to write a month's outputs, and makes the folders that they go to; none where
/// `stop` came first. What has to wait for long says so by `waits`.
pub fn lock_month(
    folder: &Folder,
    month: Month,
    stop: &AtomicBool,
    waits: &dyn Fn(),
) -> Result<Option<MonthLock>, Diagnostic> {
    take(folder, &outputs_lock(folder, month), &OUTPUT_FOLDERS, &leftover_prefix(month), stop, waits)
}

/// Waits for the right to change a month's answers, from the reading of their record to its writing; none where `stop`
/// came first. It keeps nobody from the outputs: what collects may take longer than who writes these would wait.
pub fn lock_answers(
    folder: &Folder,
    month: Month,
    stop: &AtomicBool,
    waits: &dyn Fn(),
) -> Result<Option<MonthLock>, Diagnostic> {
    let busy = format!("收 {month} 的答复，等了很久还没有收完");
    let file = lock_file(folder, format!("output/.state/{month}.answers.lock"), busy);
    take(folder, &file, &[AnswersRecord::folder(month), returns_folder(month)], PREFIX, stop, waits)
}

/// Waits for the right to write a month's forms; none where `stop` came first.
pub fn lock_forms(
    folder: &Folder,
    month: Month,
    stop: &AtomicBool,
    waits: &dyn Fn(),
) -> Result<Option<MonthLock>, Diagnostic> {
    let busy = format!("生成 {month} 的空白表，等了很久还没有写完");
    let file = lock_file(folder, format!("output/.state/{month}.forms.lock"), busy);
    take(folder, &file, &[forms_folder(month)], PREFIX, stop, waits)
}

/// Waits for the right to make the folder of a new month; none where `stop` came first.
pub fn lock_new(
    folder: &Folder,
    stop: &AtomicBool,
    waits: &dyn Fn(),
) -> Result<Option<MonthLock>, Diagnostic> {
    let busy = "新建一期，等了很久还没有建好".to_owned();
    let file = lock_file(folder, "output/.state/new.lock".to_owned(), busy);
    take(folder, &file, &["data"], PREFIX, stop, waits)
}

/// Waits for a lock and removes what is unfinished in the folders that it guards.
fn take(
    folder: &Folder,
    file: &LockFile,
    guarded: &[impl AsRef<str>],
    prefix: &str,
    stop: &AtomicBool,
    waits: &dyn Fn(),
) -> Result<Option<MonthLock>, Diagnostic> {
    make_folders(folder)?;
    let lock = MonthLock::take(file, stop, waits)?;
    sweep_under(lock.as_ref(), folder, guarded, prefix);
    Ok(lock)
}

/// Removes what a killed program left unfinished of a month's outputs, unless another one is at work there.
pub fn sweep(folder: &Folder, month: Month) {
    let lock = MonthLock::take_now(&outputs_lock(folder, month));
    sweep_under(lock.as_ref(), folder, &OUTPUT_FOLDERS, &leftover_prefix(month));
}

/// Removes what is unfinished in some folders, where the lock says that nobody else is at work.
fn sweep_under(lock: Option<&MonthLock>, folder: &Folder, parents: &[impl AsRef<str>], prefix: &str) {
    if lock.is_some_and(MonthLock::is_held) {
        parents.iter().for_each(|parent| remove_leftovers(folder, parent.as_ref(), prefix));
    }
}

fn make_folders(folder: &Folder) -> Result<(), Diagnostic> {
    for name in OUTPUT_FOLDERS {
        fs::create_dir_all(folder.path(name)).map_err(|error| failed(name, &error).hint(UNTOUCHED))?;
    }
    Ok(())
}

fn outputs_lock(folder: &Folder, month: Month) -> LockFile {
    let busy = format!("写入 {month} 的文件，等了很久还没有写完");
    lock_file(folder, format!("output/.state/{month}.lock"), busy)
}

fn lock_file(folder: &Folder, name: String, busy: String) -> LockFile {
    LockFile { path: folder.path(&name), name, busy }
}
