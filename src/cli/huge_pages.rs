//! Whether memory comes in pages of two megabytes, where the system gives such pages to who asks for them.
//!
//! The allocator asks for them. A long run is a twentieth faster with them, for fewer pages have to be looked up; one
//! month alone would take half as much memory again, and a short run is as often slower as faster.

/// How many months are worth it.
const MANY_MONTHS: usize = 48;

/// Small pages, until there is more to do.
pub fn use_small_pages() {
    disable(true);
}

/// Large pages for what is allocated from now on, where there are so many months.
pub fn use_large_pages_for(months: usize) {
    if months >= MANY_MONTHS {
        disable(false);
    }
}

#[cfg(target_os = "linux")]
fn disable(disabled: bool) {
    // A system that knows no such pages needs no telling.
    let _ = rustix::thread::disable_transparent_huge_pages(disabled);
}

#[cfg(not(target_os = "linux"))]
fn disable(_: bool) {}
