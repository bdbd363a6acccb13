//! Ctrl-C, and the signals with which schedulers end a program: what is being written is finished
//! or left out, nothing is cut in two.

use std::io::{self, Write};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a program that was stopped, as shells have it (128 and the number of the signal).
pub const STOPPED: u8 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static WATCHING: OnceLock<()> = OnceLock::new();

/// What becomes true when the program is asked to stop. The second request ends it at once, which
/// harms no output either: a file gets its name when it is complete.
pub fn stop_requested() -> &'static AtomicBool {
    WATCHING.get_or_init(|| {
        let watch = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::SeqCst) {
                process::exit(STOPPED.into());
            }
            let _ = writeln!(io::stderr(), "正在停止，请稍候（再按一次 Ctrl-C 立即结束）");
        });
        // Without the watch a signal ends the program as it always did.
        let _ = watch;
    });
    &STOP
}
