//! The time that a figure is computed for: a month, or a year up to a month.

use crate::project::Month;

/// The time that a figure is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// The issue's month.
    pub month: Month,
    /// Whether the figures of all months of the year so far are added up.
    pub cumulative: bool,
}

impl Time {
    /// One month.
    pub fn month(month: Month) -> Self {
        Self { month, cumulative: false }
    }

    /// The same, some months earlier; none before the year 1.
    pub fn back(self, months: i32) -> Option<Self> {
        Some(Self { month: self.month.back(months)?, ..self })
    }

    /// The year up to this month.
    pub fn year_to_date(self) -> Self {
        Self { cumulative: true, ..self }
    }

    /// The months of the issues whose figures are added up, ascending, of a table that reports on `lag` months before
    /// its issue: what the May table of July's issue says of the year so far stands in the issues from March on.
    pub fn months(self, lag: i32) -> impl DoubleEndedIterator<Item = Month> {
        let reported = self.month.back(lag).filter(|_| self.cumulative);
        let earlier = reported.map_or(0, |reported| i32::from(reported.month) - 1);
        (0..=earlier).rev().filter_map(move |back| self.month.back(back))
    }

    /// The time as figures' names hold it.
    pub fn label(self, lag: i32) -> String {
        match self.months(lag).next() {
            Some(first) if self.cumulative => format!("{first}..{}", self.month),
            _ => self.month.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_to_date_begins_in_january() {
        let time = Time::month(Month::parse("2025-03").unwrap());
        assert_eq!(time.back(3).unwrap().label(0), "2024-12");
        let year = time.year_to_date();
        assert_eq!(year.label(0), "2025-01..2025-03");
        assert_eq!(months(year, 0), "2025-01 2025-02 2025-03");
        assert_eq!(months(time, 0), "2025-03");
    }

    #[test]
    fn a_year_to_date_of_a_table_that_lags_begins_with_the_issue_that_holds_january() {
        let year = Time::month(Month::parse("2025-03").unwrap()).year_to_date();
        assert_eq!(months(year, 2), "2025-03");
        assert_eq!(year.label(1), "2025-02..2025-03");
        // January's issue reports on December: all of last year.
        let january = Time::month(Month::parse("2025-01").unwrap()).year_to_date();
        assert_eq!(january.label(1), "2024-02..2025-01");
        assert_eq!(january.months(1).count(), 12);
    }

    fn months(time: Time, lag: i32) -> String {
        time.months(lag).map(|month| month.to_string()).collect::<Vec<_>>().join(" ")
    }
}
