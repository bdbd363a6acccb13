//! The time that a figure is computed for: a month, or a year up to a month.

use std::fmt;

use crate::project::Month;

/// The time that a figure is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// The month.
    pub month: Month,
    /// Whether the figures of all months since January are added up.
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

    /// The months whose figures are added up, ascending.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let first = if self.cumulative { 1 } else { self.month.month };
        (first..=self.month.month).map(move |month| Month { year: self.month.year, month })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cumulative {
            false => write!(f, "{}", self.month),
            true => write!(f, "{:04}-01..{}", self.month.year, self.month),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_to_date_begins_in_january() {
        let time = Time::month(Month::parse("2025-03").unwrap());
        assert_eq!(time.back(3).unwrap().to_string(), "2024-12");
        let year = time.year_to_date();
        assert_eq!(year.to_string(), "2025-01..2025-03");
        assert_eq!(
            year.months().map(|month| month.to_string()).collect::<Vec<_>>().join(" "),
            "2025-01 2025-02 2025-03"
        );
        assert_eq!(time.months().count(), 1);
    }
}
