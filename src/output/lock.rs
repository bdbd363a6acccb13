//! One writer of a month's outputs at a time, also among programs.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, rules};
use crate::project::Month;

/// How long another program is waited for: it holds the lock only while it writes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it is waited for without a word.
const SILENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write the outputs of a month; ends when it is dropped, and with the program.
#[derive(Debug)]
pub struct MonthLock {
    /// None where the file system knows no locks.
    file: Option<File>,
}

impl MonthLock {
    /// Waits until no other program writes the month's outputs; none where `stop` came first. What has to wait for
    /// long says so once by `waits`.
    pub(super) fn take(
        path: &Path,
        month: Month,
        stop: &AtomicBool,
        waits: &dyn Fn(),
    ) -> Result<Option<Self>, Diagnostic> {
        Self::take_within(path, month, PATIENCE, stop, waits)
    }

    /// The right to write at once; none where another program has it, or it cannot be had.
    pub(super) fn take_now(path: &Path, month: Month) -> Option<Self> {
        Self::take_within(path, month, Duration::ZERO, &AtomicBool::new(true), &|| ()).ok().flatten()
    }

    /// Whether others are kept out; network drives may know no locks.
    pub(super) fn is_held(&self) -> bool {
        self.file.is_some()
    }

    fn take_within(
        path: &Path,
        month: Month,
        patience: Duration,
        stop: &AtomicBool,
        waits: &dyn Fn(),
    ) -> Result<Option<Self>, Diagnostic> {
        let name = super::lock_name(month);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|error| super::failed(&name, &error).hint(super::UNTOUCHED))?;
        let start = Instant::now();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { file: Some(file) })),
                Err(TryLockError::WouldBlock) if stop.load(Ordering::SeqCst) => return Ok(None),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    let message = format!("另一个 yuebao 正在写入 {month} 的文件，等了很久还没有写完");
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
    use super::*;

    fn taken(path: &Path, patience: Duration) -> Result<MonthLock, Diagnostic> {
        let month = Month::parse("2025-07").unwrap();
        MonthLock::take_within(path, month, patience, &AtomicBool::new(false), &|| ()).map(Option::unwrap)
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
        let month = Month::parse("2025-07").unwrap();
        assert!(MonthLock::take(&path, month, &AtomicBool::new(true), &|| ()).unwrap().is_none());
    }
}
