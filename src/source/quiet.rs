//! Catching the panics of the libraries that read old binary formats.
//!
//! A panic's message would otherwise reach the terminal through the default hook.
//! The binary installs a hook that keeps silent while [`is_quiet`] says so.

use std::cell::Cell;
use std::panic::{UnwindSafe, catch_unwind};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread is expected and must not be reported.
pub fn is_quiet() -> bool {
    QUIET.get()
}

/// Runs a function; a panic becomes `Err`, without a word on the terminal where
/// the binary's hook asks [`is_quiet`].
#[allow(clippy::result_unit_err)] // A panic has nothing to say that an editor could use.
pub fn quietly<T>(function: impl FnOnce() -> T + UnwindSafe) -> Result<T, ()> {
    let before = QUIET.replace(true);
    let outcome = catch_unwind(function);
    QUIET.set(before);
    outcome.map_err(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_the_flag_is_put_back() {
        assert_eq!(quietly(|| 1), Ok(1));
        assert!(!is_quiet());
        assert_eq!(
            quietly(|| {
                assert!(is_quiet());
                // Without running the hook, which would print here.
                std::panic::resume_unwind(Box::new(()));
            }),
            Err(())
        );
        assert!(!is_quiet());
    }
}
