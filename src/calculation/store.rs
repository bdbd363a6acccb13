//! The months of a run, each entered once, however many months look back at it and from which thread.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::entered::EnteredMonth;
use crate::project::{Month, MonthInputs, Project};
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

#[derive(Debug)]
struct Entry {
    month: Arc<StoredMonth>,
    last_asked: u64,
}

/// A month as far as it was asked for; none where it has no folder.
#[derive(Debug, Default)]
struct StoredMonth {
    inputs: OnceLock<Option<Arc<MonthInputs>>>,
    entered: OnceLock<Option<Arc<EnteredMonth>>>,
}

impl MonthStore {
    /// A month's files, read once; none where it has no folder.
    pub fn inputs(&self, project: &Project, month: Month) -> Option<Arc<MonthInputs>> {
        let read = || project.folder.has_month(month).then(|| Arc::new(MonthInputs::load(project, month)));
        self.stored(month).inputs.get_or_init(read).clone()
    }

    /// What was entered for a month; none where it has no folder.
    pub fn month(&self, project: &Project, isolation: &Isolation, month: Month) -> Option<Arc<EnteredMonth>> {
        let enter = || {
            let inputs = self.inputs(project, month)?;
            Some(Arc::new(EnteredMonth::read(project, inputs, isolation)))
        };
        self.stored(month).entered.get_or_init(enter).clone()
    }

    /// Enters the past months that the checks of a month look at, side by side: one after another, as they
    /// come to be asked for, they take longer than the month itself.
    pub fn enter_past(&self, project: &Project, isolation: &Isolation, month: Month) {
        let months: Vec<Month> = month.months_before(project.settings.check_settings.months).collect();
        months.into_par_iter().for_each(|month| {
            self.month(project, isolation, month);
        });
    }

    fn stored(&self, month: Month) -> Arc<StoredMonth> {
        // A thread that panicked while it held the lock has left whole entries behind.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked += 1;
        let asked = kept.asked;
        let entry =
            kept.months.entry(month).or_insert_with(|| Entry { month: Arc::default(), last_asked: asked });
        entry.last_asked = asked;
        let stored = Arc::clone(&entry.month);
        if kept.months.len() > MOST_KEPT {
            let oldest =
                kept.months.iter().min_by_key(|(_, entry)| entry.last_asked).map(|(month, _)| *month);
            if let Some(oldest) = oldest {
                kept.months.remove(&oldest);
            }
        }
        stored
    }
}
