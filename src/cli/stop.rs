//! Ctrl-C, the signal with which schedulers end a program, and the closing of the terminal: what is being written is
//! finished or left out, nothing is cut in two.
#![allow(clippy::disallowed_methods, reason = "only the system tells which signals are ignored")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::diagnostic::{Diagnostic, has_errors};

/// The exit code of a program that was stopped, as shells have it (128 and the number of SIGINT).
pub const STOPPED: u8 = 130;

/// What becomes true when the program is asked to stop. The second request ends it at once, which
/// harms no output either: a file gets its name when it is complete.
pub fn stop_requested() -> &'static AtomicBool {
    static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    STOP.get_or_init(|| {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM].into_iter().chain(hangup()) {
            // Without the watch a signal ends the program as it always did. The order matters: the
            // first request must not find the flag that it has raised itself.
            let _ = flag::register_conditional_shutdown(signal, STOPPED.into(), Arc::clone(&stop))
                .and_then(|_| flag::register(signal, Arc::clone(&stop)));
        }
        stop
    })
}

/// The signal that tells that the terminal is gone, where it would end the program. What `nohup` started goes on
/// without one; only Linux says whether it is so, and elsewhere the signal does what it always did.
#[cfg(unix)]
fn hangup() -> Option<i32> {
    use signal_hook::consts::SIGHUP;

    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let ignored = u64::from_str_radix(ignored.trim(), 16).ok()?;
    (ignored >> (SIGHUP - 1) & 1 == 0).then_some(SIGHUP)
}

#[cfg(not(unix))]
fn hangup() -> Option<i32> {
    None
}

/// From now on a file that would become larger than `ulimit` allows cannot be written, as on a full disk; a signal
/// would end the program without a word.
#[cfg(unix)]
pub fn outlive_file_limits() {
    // Without that it is as it always was.
    let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub fn outlive_file_limits() {}

/// Whether errors of a month may be the stop's own: what stops this program may have ended the one that reads for it,
/// which is no fault of a file.
pub fn may_have_caused(diagnostics: &[Diagnostic], stop: &AtomicBool) -> bool {
    has_errors(diagnostics) && stop.load(Ordering::SeqCst)
}
