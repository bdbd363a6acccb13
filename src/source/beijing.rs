//! Times as people in offices read them. Files note them in Coordinated Universal Time, or as the clock on
//! the wall showed it without saying where; all of China keeps Beijing time, eight hours ahead, all year.

use chrono::{NaiveDateTime, TimeDelta};

const AHEAD: TimeDelta = TimeDelta::hours(8);

/// A moment as the clock on the wall shows it.
pub fn on_the_wall(moment: NaiveDateTime) -> NaiveDateTime {
    moment.checked_add_signed(AHEAD).unwrap_or(moment)
}

/// The moment at which the clock on the wall shows this.
pub(super) fn from_the_wall(shown: NaiveDateTime) -> NaiveDateTime {
    shown.checked_sub_signed(AHEAD).unwrap_or(shown)
}
