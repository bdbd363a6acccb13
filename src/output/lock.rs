//! One writer of the same files at a time, also among programs.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, rules};

/// How long another program is waited for: it holds the lock only while it writes, or collects.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it is waited for without a word.
const SILENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// The file of a lock.
pub(super) struct LockFile {
    /// Its name within the project.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What whoever has it is doing, and that it takes very long.
    pub busy: String,
}

/// The right to write the outputs, the forms or the answers of a month, or to make a new one; ends when it is dropped, and with the program.
#[derive(Debug)]
pub struct MonthLock {
    /// None where the file system knows no locks.
    file: Option<File>,
}

impl MonthLock {
    /// Waits until no other program has the lock; none where `stop` came first. What has to wait for long says so once
    /// by `waits`.
    pub(super) fn take(
        file: &LockFile,
        stop: &AtomicBool,
        waits: &dyn Fn(),
    ) -> Result<Option<Self>, Diagnostic> {
        Self::take_within(file, PATIENCE, stop, waits)
    }

    /// The lock at once; none where another program has it, or it cannot be had.
    pub(super) fn take_now(file: &LockFile) -> Option<Self> {
        Self::take_within(file, Duration::ZERO, &AtomicBool::new(true), &|| ()).ok().flatten()
    }

    /// Whether others are kept out; network drives may know no locks.
    pub(super) fn is_held(&self) -> bool {
        self.file.is_some()
    }

    fn take_within(
        LockFile { name, path, busy }: &LockFile,
        patience: Duration,
        stop: &AtomicBool,
        waits: &dyn Fn(),
    ) -> Result<Option<Self>, Diagnostic> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|error| super::failed(name, &error).hint(super::UNTOUCHED))?;
        let start = Instant::now();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { file: Some(file) })),
                Err(TryLockError::WouldBlock) if stop.load(Ordering::SeqCst) => return Ok(None),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    let message = format!("另一个 yuebao 正在{busy}");
                    return Err(Diagnostic::new(&rules::OUTPUT_LOCKED, message)
                        .hint("请等它结束，或结束那个程序，再运行一次"));
                }
                Err(TryLockError::WouldBlock) => {
                    if !is_told && start.elapsed() >= SILENCE {
                        is_told = true;
                        waits();
                    }
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::Error(_)) => return Ok(Some(Self { file: None })),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn taken(path: &Path, patience: Duration) -> Result<MonthLock, Diagnostic> {
        let file = LockFile { name: "a.lock".to_owned(), path: path.to_owned(), busy: "写入".to_owned() };
        MonthLock::take_within(&file, patience, &AtomicBool::new(false), &|| ()).map(Option::unwrap)
    }

    #[test]
    fn a_lock_keeps_others_out_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2025-07.lock");
        let held = taken(&path, PATIENCE).unwrap();
        assert!(held.is_held());
        let refused = taken(&path, Duration::from_millis(50)).unwrap_err();
        assert_eq!(refused.rule.code, "Y0704");
        drop(held);
        assert!(taken(&path, Duration::ZERO).is_ok());
    }

    #[test]
    fn who_waits_goes_on_when_the_other_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2025-07.lock");
        let held = taken(&path, PATIENCE).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| taken(&path, PATIENCE).is_ok());
            thread::sleep(Duration::from_millis(60));
            assert!(!waiting.is_finished());
            drop(held);
            assert!(waiting.join().unwrap());
        });
    }

    #[test]
    fn who_waits_can_be_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2025-07.lock");
        let _held = taken(&path, PATIENCE).unwrap();
        let file = LockFile { name: "a.lock".to_owned(), path, busy: "写入".to_owned() };
        assert!(MonthLock::take(&file, &AtomicBool::new(true), &|| ()).unwrap().is_none());
    }
}
