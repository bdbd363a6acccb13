//! The months that a sheet names above its table: another one may mean that the file is last month's.

use super::header::HeaderMatch;
use super::place::TablePlace;
use crate::diagnostic::{CellRef, Diagnostic, rules};
use crate::project::{Month, TableSchema, normal};

/// How months are written in words; those of two characters come first.
const MONTHS_IN_WORDS: [(&str, u8); 12] = [
    ("十一", 11),
    ("十二", 12),
    ("一", 1),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("七", 7),
    ("八", 8),
    ("九", 9),
    ("十", 10),
];

/// What stands between the first and the last month of several, normalised.
const TO: [&str; 7] = ["-", "—", "–", "~", "～", "至", "到"];

/// Months of a year as a title names them: 2025年7月, 7月份, 2025年1—7月.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    /// The year, where it is said.
    year: Option<u16>,
    first: u8,
    last: u8,
}

impl Named {
    fn is(&self, month: Month) -> bool {
        self.first == self.last && self.ends_with(month)
    }

    fn ends_with(&self, month: Month) -> bool {
        self.last == month.month && self.year.is_none_or(|year| year == month.year)
    }

    fn in_words(&self) -> String {
        let year = self.year.map(|year| format!("{year}年")).unwrap_or_default();
        match self.first == self.last {
            true => format!("{year}{}月", self.last),
            false => format!("{year}{}—{}月", self.first, self.last),
        }
    }
}

/// What is wrong with the months above a table: none of them is the one that the table is to report on.
pub(super) fn check_title(
    schema: &TableSchema,
    found: &HeaderMatch,
    place: &TablePlace<'_>,
    period: Month,
) -> Option<Diagnostic> {
    let above = place.sheet.rows.iter().take_while(|row| row.index < found.first_row);
    let cells = above
        .flat_map(|row| row.cells.iter().map(|cell| (CellRef::new(row.index, cell.column), &cell.content)));
    let named: Vec<(CellRef, Named)> = cells
        .flat_map(|(cell, content)| months_named(&content.to_string()).into_iter().map(move |it| (cell, it)))
        .collect();
    if named.iter().any(|(_, named)| named.is(period)) {
        return None;
    }
    let (cell, named) = named.first()?;
    let is_cumulative = named.first < named.last && named.ends_with(period);
    // A bulletin may print what has accumulated since January, and says so in its own title.
    let title = normal(&schema.title.template);
    if is_cumulative && (title.contains("累计") || TO.iter().any(|to| title.contains(&format!("1{to}")))) {
        return None;
    }
    let Month { year, month } = period;
    let message = format!("标题写的是 {}，这里要的是 {year}年{month}月的表", named.in_words());
    let hint = match is_cumulative {
        true => "请核对是不是几个月的累计数；标题没有改的，请改正",
        false => "请核对是不是放错了文件；标题没有改的，请改正",
    };
    Some(Diagnostic::new(&rules::PERIOD_MISMATCH, message).at(place.location(*cell)).hint(hint))
}

/// The months that a text names. A single day, such as that on which a sheet was filled in, names none.
fn months_named(text: &str) -> Vec<Named> {
    let text = normal(text);
    let days =
        text.match_indices('日').filter(|(at, _)| text[..*at].ends_with(|last: char| last.is_ascii_digit()));
    let is_from_day_to_day = days.count() > 1;
    let mut months: Vec<Named> = Vec::new();
    for (at, _) in text.match_indices('月') {
        let after = &text[at + '月'.len_utf8()..];
        if after.starts_with(|next: char| next.is_ascii_digit()) && !is_from_day_to_day {
            continue;
        }
        let Some((before, last)) = month_at_end(&text[..at]) else { continue };
        let earlier = TO
            .iter()
            .find_map(|to| before.strip_suffix(to))
            .and_then(|before| month_at_end(before.strip_suffix('月').unwrap_or(before)));
        let (before, first) = match earlier.filter(|(_, first)| *first < last) {
            Some(earlier) => earlier,
            None => (before, last),
        };
        let year = before.strip_suffix('年').and_then(year_at_end);
        // The first month of 1月至3月 has been told with the last.
        if first < last {
            months.retain(|named| named.last != first);
        }
        months.push(Named { year, first, last });
    }
    months
}

/// The month that a text ends with, in digits or in words, and what stands before it.
fn month_at_end(text: &str) -> Option<(&str, u8)> {
    let before = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = &text[before.len()..];
    let (before, month) = match digits {
        "" => MONTHS_IN_WORDS.iter().find_map(|(word, month)| Some((text.strip_suffix(word)?, *month)))?,
        digits if digits.len() <= 2 => (before, digits.parse().ok()?),
        _ => return None,
    };
    (1..=12).contains(&month).then_some((before, month))
}

fn year_at_end(text: &str) -> Option<u16> {
    let before = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = &text[before.len()..];
    (digits.len() == 4).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_found_in_titles() {
        let months = |text| months_named(text).iter().map(Named::in_words).collect::<Vec<_>>().join(" ");
        for (text, named) in [
            ("部门窗口2025年7月运行情况（２０２５ 年 12 月报）", "2025年7月 2025年12月"),
            ("7月份办件情况", "7月"),
            ("十一月份办件情况", "11月"),
            ("2025年1-6月累计", "2025年1—6月"),
            ("2025年1月至6月", "2025年1—6月"),
            ("一至三月", "1—3月"),
            ("2025年6月1日—6月30日", "2025年6月 6月"),
            ("填报日期：2025年8月5日", ""),
            ("近12个月、本月、上月、2025年13月、2025年度、年、月", ""),
        ] {
            assert_eq!(months(text), named, "{text}");
        }
    }
}
