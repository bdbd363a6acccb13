//! Threads: how large their stack is, and pools of as many of them as the system gives.
//!
//! A pool of rayon that takes in the present thread cannot be given up again once it is half made: the
//! program ends without a word. So all other threads of a pool are started before it is made.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::thread;

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};

/// The stack in bytes of a thread that computes or typesets: nested lists and formulas go deep, and some
/// systems give no more than a megabyte.
pub const STACK: usize = 16 << 20;

/// A pool of this thread and others, `threads` in all or as many as the system gives; none where this thread
/// belongs to another pool.
pub fn pool(threads: usize) -> Option<ThreadPool> {
    let others = start(threads.saturating_sub(1));
    let pool = ThreadPoolBuilder::new().num_threads(others.len() + 1).use_current_thread();
    pool.spawn_handler(hand_over(others)).build().ok()
}

/// Makes this thread one of those that share work: otherwise it would sleep meanwhile, and the others would be
/// woken on the same core. Where there is one core, another thread must go on while this one waits.
///
/// To be called once; whether the system gives a thread at all.
pub fn share_work_with_this_thread() -> bool {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let others = start((cores - 1).max(1));
    if others.is_empty() {
        return false;
    }
    let pool = match cores {
        1 => ThreadPoolBuilder::new().num_threads(others.len()),
        _ => ThreadPoolBuilder::new().num_threads(others.len() + 1).use_current_thread(),
    };
    pool.spawn_handler(hand_over(others)).build_global().is_ok()
}

/// Threads that wait for what they are to do, up to a number of them.
fn start(most: usize) -> Vec<Sender<ThreadBuilder>> {
    let start_one = |_| {
        let (sender, receiver) = mpsc::channel::<ThreadBuilder>();
        let work = move || receiver.into_iter().for_each(ThreadBuilder::run);
        thread::Builder::new().stack_size(STACK).spawn(work).ok().map(|_| sender)
    };
    (0..most).map_while(start_one).collect()
}

/// Gives each of the threads what it is to do.
fn hand_over(mut threads: Vec<Sender<ThreadBuilder>>) -> impl FnMut(ThreadBuilder) -> io::Result<()> {
    move |work| {
        let thread = threads.pop();
        thread.and_then(|thread| thread.send(work).ok()).ok_or_else(|| io::ErrorKind::Other.into())
    }
}
