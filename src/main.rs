//! The `yuebao` program; everything it does is in the library's `cli`.

use std::process::ExitCode;
use std::thread;

use mimalloc::MiMalloc;
use yuebao::threads::STACK;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// mimalloc's `mi_option_purge_delay`: after how many milliseconds free memory goes back to the system, never
/// where negative. Its C header numbers the options so; the crate leaves their names out.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    keep_freed_memory();
    // A system without threads still has this one.
    let Ok(thread) = thread::Builder::new().stack_size(STACK).spawn(run) else { return run() };
    // A panic has told its reason.
    thread.join().unwrap_or(ExitCode::from(2))
}

fn run() -> ExitCode {
    yuebao::cli::run(std::env::args_os(), take_no_more_memory)
}

/// What one month frees, the next needs a moment later: handing it to the system and taking it back, cleared
/// page by page, cost a fifth of a run over many months. Who sets MIMALLOC_PURGE_DELAY has it their way.
fn keep_freed_memory() {
    set_default(PURGE_DELAY, -1);
}

/// Holds the child process that reads doubtful workbooks to the memory that was set aside when it started.
fn take_no_more_memory() {
    set_default(libmimalloc_sys::mi_option_limit_os_alloc, 1);
}

/// Sets one of mimalloc's options, unless the environment does.
#[allow(unsafe_code, reason = "mimalloc has no other way; the program's only one")]
fn set_default(option: libmimalloc_sys::mi_option_t, value: std::ffi::c_long) {
    // SAFETY: a number that the allocator reads is replaced, while no other thread runs but the waiting first one.
    unsafe { libmimalloc_sys::mi_option_set_default(option, value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(unsafe_code, reason = "mimalloc has no other way")]
    fn the_option_has_the_number_of_the_purge_delay() {
        if std::env::var_os("MIMALLOC_PURGE_DELAY").is_some() {
            return;
        }
        // SAFETY: reads a number.
        let usual = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        // No other option of mimalloc is a thousand unless told otherwise.
        assert_eq!(usual, 1000);
    }
}
