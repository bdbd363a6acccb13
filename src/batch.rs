//! Many months on several cores, told in the order of the months whatever finishes first.
//!
//! Plain threads take months from a queue. Mapping the months with rayon would nest them inside
//! Typst's own rayon tasks: dozens of documents would be in flight at once, and what Typst
//! remembers of each could not be freed in time.
//!
//! Each of them has another one at its side that finishes a month, which is mostly waiting for the
//! disk, while it works on the next. No more than one month waits to be finished.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::threads::{STACK, pool};

/// What is told while the months are worked on.
pub enum Told<'a, I, T> {
    /// To be finished, this one waits for something that may take long; told at once.
    Waits(&'a I),
    /// One more is finished; told at once.
    Finished(&'a T),
    /// The next one in the order of the months.
    InOrder(T),
}

/// What threads send to the one that tells.
enum Event<T> {
    Waits(usize),
    Finished(usize, T),
}

/// Does `work` for each item on `cores` cores, `finish` with what it gave, and tells the outcomes on
/// this thread; `finish` may call what it is given to have told that it waits.
///
/// After `stop` no further item is begun. What panics gives `on_panic`, and the others go on.
pub fn run<I: Sync, W: Send, T: Send>(
    items: &[I],
    cores: usize,
    stop: &AtomicBool,
    work: impl Fn(&I) -> W + Sync,
    finish: impl Fn(&I, W, &dyn Fn()) -> T + Sync,
    on_panic: impl Fn(&I) -> T + Sync,
    mut tell: impl FnMut(Told<'_, I, T>),
) {
    let workers = cores.min(items.len()).max(1);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let (next, work, finish, on_panic) = (&next, &work, &finish, &on_panic);
    thread::scope(|scope| {
        for worker in 0..workers {
            let sender = sender.clone();
            // Cores that no month needs help with the layout of the others.
            let share = cores / workers + usize::from(worker < cores % workers);
            let work_through = move || {
                // Typst's own parallel work stays within this share, of which this thread is one. A thread
                // that shares work anyway goes on doing so.
                let pool = pool(share.max(1));
                let tell_finished = sender.clone();
                let finish_one = at_the_side(scope, move |(index, worked): (usize, W)| {
                    let Some(item) = items.get(index) else { return false };
                    let waits = || drop(tell_finished.send(Event::Waits(index)));
                    let outcome = catch_unwind(AssertUnwindSafe(|| finish(item, worked, &waits)));
                    let outcome = outcome.unwrap_or_else(|_| on_panic(item));
                    tell_finished.send(Event::Finished(index, outcome)).is_ok()
                });
                while !stop.load(Ordering::SeqCst) {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(item) = items.get(index) else { break };
                    let worked = catch_unwind(AssertUnwindSafe(|| match &pool {
                        Some(pool) => pool.install(|| work(item)),
                        None => work(item),
                    }));
                    let goes_on = match worked {
                        Ok(worked) => finish_one((index, worked)),
                        Err(_) => sender.send(Event::Finished(index, on_panic(item))).is_ok(),
                    };
                    if !goes_on {
                        break;
                    }
                }
            };
            let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work_through.clone());
            match (started, worker) {
                (Ok(_), _) => {}
                // A system that gives no thread at all has this one.
                (Err(_), 0) => work_through(),
                (Err(_), _) => break,
            }
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut told = 0;
        for event in receiver {
            match event {
                Event::Waits(index) => items.get(index).into_iter().for_each(|item| tell(Told::Waits(item))),
                Event::Finished(index, outcome) => {
                    tell(Told::Finished(&outcome));
                    waiting.insert(index, outcome);
                }
            }
            while let Some(outcome) = waiting.remove(&told) {
                tell(Told::InOrder(outcome));
                told += 1;
            }
        }
    });
}

/// Does `work` on a thread of its own: what is given back hands something over to it, and waits only while
/// it is busy. Both say whether there is to be more.
fn at_the_side<'scope, H: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    work: impl Fn(H) -> bool + Clone + Send + 'scope,
) -> impl Fn(H) -> bool {
    let (hand_over, handed_over) = mpsc::sync_channel(0);
    let work_here = work.clone();
    let work_there = move || handed_over.into_iter().all(work);
    let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work_there).is_ok();
    move |handed| match started {
        true => hand_over.send(handed).is_ok(),
        // A system that gives no thread has this one.
        false => work_here(handed),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run_all(
        items: &[u64],
        cores: usize,
        stop: &AtomicBool,
        work: impl Fn(&u64) -> u64 + Sync,
    ) -> Vec<u64> {
        run_and_finish(items, cores, stop, work, |_, worked| worked)
    }

    fn run_and_finish(
        items: &[u64],
        cores: usize,
        stop: &AtomicBool,
        work: impl Fn(&u64) -> u64 + Sync,
        finish: impl Fn(&u64, u64) -> u64 + Sync,
    ) -> Vec<u64> {
        let mut told = Vec::new();
        let mut finished = 0;
        run(
            items,
            cores,
            stop,
            work,
            |item, worked, _| finish(item, worked),
            |item| item + 1000,
            |event| match event {
                Told::Waits(_) => panic!("nothing waits"),
                Told::Finished(_) => finished += 1,
                Told::InOrder(outcome) => told.push(outcome),
            },
        );
        assert_eq!(finished, told.len());
        told
    }

    #[test]
    fn outcomes_come_in_order_though_the_first_is_the_slowest() {
        let items: Vec<u64> = (0..20).collect();
        let slow_first = |item: &u64| {
            thread::sleep(Duration::from_millis(20 - item));
            *item
        };
        for cores in [1, 3, 64] {
            assert_eq!(run_all(&items, cores, &AtomicBool::new(false), slow_first), items, "{cores}");
        }
        assert!(run_all(&[], 2, &AtomicBool::new(false), slow_first).is_empty());
    }

    #[test]
    fn a_panic_takes_nothing_but_its_own_outcome() {
        let told = run_all(&[1, 2, 3], 2, &AtomicBool::new(false), |item| {
            if *item == 2 {
                // Without running the hook, which would print here.
                std::panic::resume_unwind(Box::new(()));
            }
            *item
        });
        assert_eq!(told, [1, 1002, 3]);
    }

    #[test]
    fn an_item_is_finished_while_the_next_is_worked_on() {
        let begun = AtomicUsize::new(0);
        let work = |item: &u64| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        // How many were begun when the item was finished, which waits for the next one unless it is the last.
        let finish = |item: &u64, _| {
            let start = std::time::Instant::now();
            while begun.load(Ordering::SeqCst) as u64 <= *item && start.elapsed().as_secs() < 10 {
                thread::sleep(Duration::from_millis(1));
            }
            begun.load(Ordering::SeqCst) as u64
        };
        assert_eq!(run_and_finish(&[1, 2, 2], 1, &AtomicBool::new(false), work, finish), [2, 3, 3]);
    }

    #[test]
    fn a_panic_in_finishing_takes_nothing_but_its_own_outcome() {
        let finish = |item: &u64, worked| {
            if *item == 2 {
                std::panic::resume_unwind(Box::new(()));
            }
            worked
        };
        let told = run_and_finish(&[1, 2, 3], 2, &AtomicBool::new(false), |item| *item, finish);
        assert_eq!(told, [1, 1002, 3]);
    }

    #[test]
    fn what_waits_is_told_before_it_is_finished() {
        let mut told = Vec::new();
        run(
            &[1, 2],
            1,
            &AtomicBool::new(false),
            |_| (),
            |item, (), waits| {
                if *item == 2 {
                    waits();
                }
            },
            |_| (),
            |event| match event {
                Told::Waits(item) => told.push(format!("{item} waits")),
                Told::Finished(()) => told.push("finished".to_owned()),
                Told::InOrder(()) => {}
            },
        );
        assert_eq!(told, ["finished", "2 waits", "finished"]);
    }

    #[test]
    fn after_a_stop_nothing_is_begun_and_what_is_finished_is_told() {
        let stop = AtomicBool::new(false);
        let told = run_all(&[0, 1, 2, 3, 4, 5], 1, &stop, |item| {
            stop.store(*item == 2, Ordering::SeqCst);
            *item
        });
        assert_eq!(told, [0, 1, 2]);
    }

    #[test]
    fn typst_works_within_the_cores_that_were_asked_for() {
        let threads = |items: &[u64], cores| {
            run_all(items, cores, &AtomicBool::new(false), |_| rayon::current_num_threads() as u64)
        };
        assert_eq!(threads(&[0], 4), [4]);
        assert_eq!(threads(&[0, 0, 0, 0], 2), [1, 1, 1, 1]);
    }
}
