//! The `yuebao` program; everything it does is in the library's `cli`.

use std::process::ExitCode;

/// Counts allocations, so that the child process that reads doubtful workbooks can be held to a limit.
#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn main() -> ExitCode {
    yuebao::cli::run(std::env::args_os(), |limit| {
        // A limit below what is in use already is refused: the child then simply has none to spare.
        let _ = ALLOCATOR.set_limit(limit);
    })
}
