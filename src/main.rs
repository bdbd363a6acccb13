//! The `yuebao` program; everything it does is in the library's `cli`.

use std::process::ExitCode;
use std::thread;

use mimalloc::MiMalloc;

/// Counts allocations, so that the child process that reads doubtful workbooks can be held to a limit.
#[global_allocator]
static ALLOCATOR: cap::Cap<MiMalloc> = cap::Cap::new(MiMalloc, usize::MAX);

/// The stack in bytes: formulas go deep, and some systems give the first thread no more than a megabyte.
const STACK: usize = 16 << 20;

fn main() -> ExitCode {
    // A system without threads still has this one.
    let Ok(thread) = thread::Builder::new().stack_size(STACK).spawn(run) else { return run() };
    // A panic has told its reason.
    thread.join().unwrap_or(ExitCode::from(2))
}

fn run() -> ExitCode {
    yuebao::cli::run(std::env::args_os(), |limit| {
        // A limit below what is in use already is refused: the child then simply has none to spare.
        let _ = ALLOCATOR.set_limit(limit);
    })
}
