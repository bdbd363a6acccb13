//! Ctrl-C, and the signal with which schedulers end a program: what is being written is finished
//! or left out, nothing is cut in two.

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
        for signal in [SIGINT, SIGTERM] {
            // Without the watch a signal ends the program as it always did. The order matters: the
            // first request must not find the flag that it has raised itself.
            let _ = flag::register_conditional_shutdown(signal, STOPPED.into(), Arc::clone(&stop))
                .and_then(|_| flag::register(signal, Arc::clone(&stop)));
        }
        stop
    })
}

/// Whether errors of a month may be the stop's own: what stops this program may have ended the one that reads for it,
/// which is no fault of a file.
pub fn may_have_caused(diagnostics: &[Diagnostic], stop: &AtomicBool) -> bool {
    has_errors(diagnostics) && stop.load(Ordering::SeqCst)
}
