//! The longer times that a text names: 上半年, 第二季度, 2024年度, 2025.6.1-2025.6.30.

use super::named_months::{NamedMonths, TO, year_at_end};

/// Names of parts of a year, with their first and last months; those that hold others come first.
const PARTS: [(&str, u8, u8); 5] =
    [("上半年", 1, 6), ("下半年", 7, 12), ("前三季度", 1, 9), ("年度", 1, 12), ("全年", 1, 12)];

/// How the number of a quarter is written.
const QUARTERS: [[&str; 2]; 4] = [["一", "1"], ["二", "2"], ["三", "3"], ["四", "4"]];

/// The halves, quarters, years and ranges of dates that a normalised text names.
pub(super) fn spans_named(text: &str) -> Vec<NamedMonths> {
    let mut found = Vec::new();
    for (name, first, last) in PARTS {
        for (at, _) in text.match_indices(name) {
            // 2024年度 holds the year's own sign.
            let before = &text[..at];
            let year = year_at_end(before.strip_suffix('年').unwrap_or(before)).map(|(_, year)| year);
            // A year that is not said is any: 年度考核 names no time.
            if year.is_some() || last - first < 11 {
                found.push(NamedMonths { year, first, last, is_year: last - first == 11 });
            }
        }
    }
    for (at, _) in text.match_indices("季度") {
        let before = &text[..at];
        let number = QUARTERS.iter().zip(0..).find_map(|(spellings, index)| {
            let before = spellings.iter().find_map(|number| before.strip_suffix(number))?;
            Some((before.strip_suffix('第').unwrap_or(before), index))
        });
        let Some((before, index)) = number.filter(|(before, _)| !before.ends_with('前')) else { continue };
        let year = before.strip_suffix('年').and_then(year_at_end).map(|(_, year)| year);
        found.push(NamedMonths { year, first: index * 3 + 1, last: index * 3 + 3, is_year: false });
    }
    found.extend(ranges_of_dates(text));
    found
}

/// Ranges such as 2025-06-01至2025-06-30; a single date says only when something was done.
fn ranges_of_dates(text: &str) -> Vec<NamedMonths> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|first: char| first.is_ascii_digit()) {
        rest = &rest[at..];
        let range = date(rest).and_then(|(from, behind)| {
            let (to, behind) = date(behind.strip_prefix(TO)?)?;
            Some((from, to, behind))
        });
        rest = match range {
            Some(((from_year, from), (year, last), behind)) => {
                let first = if from_year == year { from.min(last) } else { 1 };
                found.push(NamedMonths { year: Some(year), first, last, is_year: false });
                behind
            }
            None => rest.trim_start_matches(|first: char| first.is_ascii_digit()),
        };
    }
    found
}

/// The year and month of a date at the beginning of a text, and what stands behind it.
fn date(text: &str) -> Option<((u16, u8), &str)> {
    let separator = text.chars().nth(4).filter(|separator| "-./".contains(*separator))?;
    let mut parts = text.splitn(3, separator);
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let behind = rest.trim_start_matches(|first: char| first.is_ascii_digit());
    let day: u8 = rest[..rest.len() - behind.len()].parse().ok()?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(((year, month), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_times_are_found_however_they_are_written() {
        for (text, named) in [
            ("2025年上半年统计表", "2025年1—6月"),
            ("下半年", "7—12月"),
            ("2025年第二季度统计表", "2025年4—6月"),
            ("三季度、4季度", "7—9月 10—12月"),
            ("2025年前三季度", "2025年1—9月"),
            ("2024年度统计表", "2024年1—12月"),
            ("二〇二四年全年", "2024年1—12月"),
            ("(统计期:2025.6.1-2025.6.30)", "2025年6月"),
            ("2025-01-01至2025-06-30", "2025年1—6月"),
            ("2025/6/1~2025/6/30", "2025年6月"),
            ("2024-12-01至2025-01-31", "2025年1月"),
        ] {
            assert_eq!(told(text), named, "{text}");
        }
    }

    #[test]
    fn what_names_no_longer_time_is_left_out() {
        for text in [
            "年度考核、季度、半年",
            "2025-06-01",
            "2025.6.1、2025.6.30",
            "2025-13-01至2025-14-01",
            "12345-6-1至7",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }

    fn told(text: &str) -> String {
        spans_named(text).iter().map(NamedMonths::to_string).collect::<Vec<_>>().join(" ")
    }
}
