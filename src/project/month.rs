//! A calendar month, `2025-07`, and ranges of months.

use std::fmt;

/// A month of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// Reads `2025-07`; nothing else is a month.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        (year > 0 && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month that follows.
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// How many months lie between this one and an `earlier` one; negative if it is later.
    pub fn months_since(self, earlier: Self) -> i32 {
        let count = |month: Self| i32::from(month.year) * 12 + i32::from(month.month);
        count(self) - count(earlier)
    }

    /// The month that lies `months` before this one; none before the year 1.
    pub fn back(self, months: i32) -> Option<Self> {
        let count = i32::from(self.year) * 12 + i32::from(self.month) - 1 - months;
        let year = u16::try_from(count.div_euclid(12)).ok().filter(|year| *year > 0)?;
        let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
        Some(Self { year, month })
    }

    /// The `count` months before this one, the last first.
    pub fn months_before(self, count: i32) -> impl Iterator<Item = Self> {
        (1..=count).filter_map(move |back| self.back(back))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Which months a command is to work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRange {
    /// The first month.
    pub first: Month,
    /// The last month, included; not before the first.
    pub last: Month,
}

impl MonthRange {
    /// Reads `2025-07` or `2025-01..2025-07`.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (Month::parse(first)?, Month::parse(last)?),
            None => {
                let month = Month::parse(text)?;
                (month, month)
            }
        };
        (first <= last).then_some(Self { first, last })
    }

    /// Whether it names one month, not a range.
    pub fn is_single(self) -> bool {
        self.first == self.last
    }

    /// Whether a month lies in it.
    pub fn contains(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_full_form_is_a_month() {
        assert_eq!(Month::parse("2025-07").map(|month| month.to_string()).as_deref(), Some("2025-07"));
        for text in ["2025-7", "2025-13", "2025-00", "25-07", "2025/07", "2025-07-01", "+025-07", "", "七月"]
        {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_counted_across_years() {
        let month = |text| Month::parse(text).unwrap();
        assert_eq!(month("2025-12").next(), month("2026-01"));
        assert_eq!(month("2025-01").back(2), Some(month("2024-11")));
        assert_eq!(month("2025-07").months_since(month("2024-12")), 7);
        assert_eq!(month("0001-01").back(1), None);
    }

    #[test]
    fn a_range_runs_forwards() {
        let range = MonthRange::parse("2025-01..2025-07").unwrap();
        assert!(range.contains(Month::parse("2025-07").unwrap()) && !range.is_single());
        assert_eq!(MonthRange::parse("2025-07..2025-01"), None);
    }
}
