//! What Typst remembers from issue to issue, and when it is freed.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The issues that are laid out at this moment, on whatever threads.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// An issue that is laid out. When it ends, however it ends, what no issue has used lately is freed.
pub(super) struct UnderWay(());

impl UnderWay {
    pub(super) fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let others = UNDER_WAY.fetch_sub(1, Ordering::SeqCst) - 1;
        // Every end makes all that is remembered one older. While an issue is laid out, the others end about once
        // each: had its own first round of layout been freed by then, the second would do all of it again.
        comemo::evict(others + 2);
    }
}
