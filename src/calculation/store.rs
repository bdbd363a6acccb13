//! The months of a run, each entered once, however many months look back at it and from which thread.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::entered::EnteredMonth;
use crate::project::{Folder, Month, MonthInputs, Project};
use crate::source::Isolation;

/// The most months that are kept: a year up to a month of the year before, and some to spare.
/// Months are worked on in their order, so that those left out are not asked for again.
const MOST_KEPT: usize = 48;

/// The months entered so far.
#[derive(Debug, Default)]
pub struct MonthStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    months: BTreeMap<Month, Entry>,
    /// Counts the questions, so that the month longest not asked for can be let go.
    asked: u64,
}

#[derive(Debug, Clone)]
struct Entry {
    entered: Arc<OnceLock<Option<Arc<EnteredMonth>>>>,
    last_asked: u64,
}

impl MonthStore {
    /// What was entered for a month; none where it has no folder.
    pub fn month(&self, project: &Project, isolation: &Isolation, month: Month) -> Option<Arc<EnteredMonth>> {
        let entered = self.entry(month);
        entered
            .get_or_init(|| {
                let is_there = project.folder.path(&Folder::month_folder(month)).is_dir();
                is_there.then(|| {
                    let (inputs, found) = MonthInputs::load(project, month);
                    Arc::new(EnteredMonth::read(project, inputs, found, isolation))
                })
            })
            .clone()
    }

    fn entry(&self, month: Month) -> Arc<OnceLock<Option<Arc<EnteredMonth>>>> {
        // A thread that panicked while it held the lock has left whole entries behind.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked += 1;
        let asked = kept.asked;
        let entry =
            kept.months.entry(month).or_insert_with(|| Entry { entered: Arc::default(), last_asked: asked });
        entry.last_asked = asked;
        let entered = Arc::clone(&entry.entered);
        if kept.months.len() > MOST_KEPT {
            let oldest =
                kept.months.iter().min_by_key(|(_, entry)| entry.last_asked).map(|(month, _)| *month);
            if let Some(oldest) = oldest {
                kept.months.remove(&oldest);
            }
        }
        entered
    }
}
