//! The months that a text names, as titles of sheets do: 2025年7月, 7月份, 七月, 2025-07, 1—7月, 7月1日至31日.
//!
//! A single day, such as the one on which a sheet was filled in, names no month.

use std::fmt;

use super::named_spans::spans_named;
use crate::project::{Month, normal};

/// What stands between the first and the last of several months or days, normalised.
pub(super) const TO: [char; 6] = ['-', '—', '–', '~', '至', '到'];

/// Words before which a number counts something else: 附件2月报表 is no February.
const COUNTED: [&str; 4] = ["附件", "附表", "表", "第"];

/// Words after which a date says when something was done with the sheet.
const DONE: [&str; 2] = ["时间", "日期"];

/// Words before these that make them the time of the numbers.
const REPORTED: [&str; 4] = ["统计", "数据", "所属", "报告"];

/// Months of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedMonths {
    /// The year, where it is said.
    pub year: Option<u16>,
    /// The first month.
    pub first: u8,
    /// The last month.
    pub last: u8,
    /// Whether the year as such is named, 2025年度: above a table of one month it tells nothing of the month.
    pub is_year: bool,
}

impl NamedMonths {
    pub(super) fn are_several(&self) -> bool {
        self.first < self.last
    }

    /// Whether they are named as a month's year.
    pub(super) fn are_the_year_of(&self, month: Month) -> bool {
        self.is_year && self.year.is_none_or(|year| year == month.year)
    }

    /// Whether this is their last month.
    pub(super) fn end_with(&self, month: Month) -> bool {
        self.last == month.month && self.year.is_none_or(|year| year == month.year)
    }
}

impl fmt::Display for NamedMonths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(f, "{year}年")?;
        }
        match self.are_several() {
            true => write!(f, "{}—{}月", self.first, self.last),
            false => write!(f, "{}月", self.last),
        }
    }
}

/// The months that a text names, in its order.
pub(super) fn months_named(text: &str) -> Vec<NamedMonths> {
    let text = without_dates_of_work(&normal(text));
    let mut found: Vec<NamedMonths> = spans_named(&text);
    found.extend(numeric(&text));
    // A day behind which 至 stands, with where it ends.
    let mut since: Option<(NamedMonths, usize)> = None;
    for (at, _) in text.match_indices('月') {
        let after = at + '月'.len_utf8();
        let Some(month) = month_before(&text, at) else { continue };
        match day_behind(&text[after..]) {
            Some(day) => {
                let begins = since.take().filter(|(_, end)| *end == month.start);
                let end = after + day.length;
                let to = text[end..].chars().next().filter(|next| TO.contains(next));
                match begins {
                    // 1月1日至7月31日
                    Some((first, _)) => found.push(NamedMonths {
                        year: month.year.or(first.year),
                        first: first.first.min(month.last),
                        last: month.last,
                        is_year: false,
                    }),
                    None => match to.map(|to| end + to.len_utf8()) {
                        Some(next) if begins_with_month(&text[next..]) => since = Some((month.named(), next)),
                        Some(_) => found.push(month.named()),
                        None if day.are_several => found.push(month.named()),
                        None => {}
                    },
                }
            }
            None => {
                // The first month of 1月至3月 is told with the last.
                let has_several = month.first < month.last;
                if let Some(former) = found.pop_if(|former| has_several && former.last == month.first) {
                    found.push(NamedMonths { year: month.year.or(former.year), ..month.named() });
                } else {
                    found.push(month.named());
                }
            }
        }
    }
    found
}

/// A month that stands before 月, perhaps with an earlier one and a year.
struct Before {
    year: Option<u16>,
    first: u8,
    last: u8,
    /// Where it begins, with its year.
    start: usize,
}

impl Before {
    fn named(&self) -> NamedMonths {
        NamedMonths { year: self.year, first: self.first, last: self.last, is_year: false }
    }
}

fn month_before(text: &str, at: usize) -> Option<Before> {
    let (before, last) = month_at_end(&text[..at])?;
    let earlier = before.strip_suffix(TO).and_then(|before| {
        let (before, first) = month_at_end(before.strip_suffix('月').unwrap_or(before))?;
        (first < last).then_some((before, first))
    });
    let (before, first) = earlier.unwrap_or((before, last));
    if COUNTED.iter().any(|word| before.ends_with(word)) {
        return None;
    }
    let (before, year) = match before.strip_suffix('年').and_then(year_at_end) {
        Some((before, year)) => (before, Some(year)),
        None => (before, None),
    };
    Some(Before { year, first, last, start: before.len() })
}

/// The month that a text ends with, in digits or in words, and what stands before it.
fn month_at_end(text: &str) -> Option<(&str, u8)> {
    let before = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = &text[before.len()..];
    if !digits.is_empty() {
        let month: u8 = digits.parse().ok().filter(|_| digits.len() <= 2)?;
        return (1..=12).contains(&month).then_some((before, month));
    }
    const WORDS: [&str; 12] = ["十二", "十一", "十", "九", "八", "七", "六", "五", "四", "三", "二", "一"];
    let (index, word) = WORDS.iter().enumerate().find(|(_, word)| text.ends_with(**word))?;
    let before = text.strip_suffix(word)?;
    // 统一月报 is no January: a month in words stands at a beginning, behind a year, or behind 至.
    let is_alone = before
        .chars()
        .next_back()
        .is_none_or(|last| last == '年' || TO.contains(&last) || !('\u{4E00}'..='\u{9FFF}').contains(&last));
    is_alone.then_some((before, 12 - u8::try_from(index).ok()?))
}

/// The year that a text ends with, 2025 or 二〇二五, and what stands before it.
pub(super) fn year_at_end(text: &str) -> Option<(&str, u16)> {
    let digit = |character: char| match character {
        '〇' | '零' | '○' => Some(0),
        '0'..='9' => character.to_digit(10),
        _ => "一二三四五六七八九".chars().position(|word| word == character).map(|at| at as u32 + 1),
    };
    let before = text.trim_end_matches(|last: char| digit(last).is_some());
    let digits: Vec<u32> = text[before.len()..].chars().filter_map(digit).collect();
    let year = digits.iter().fold(0, |year, digit| year * 10 + digit);
    (digits.len() == 4).then(|| u16::try_from(year).ok()).flatten().map(|year| (before, year))
}

/// A day, or several of one month, that stand behind 月.
struct Day {
    /// In bytes.
    length: usize,
    are_several: bool,
}

fn day_behind(text: &str) -> Option<Day> {
    let number = |text: &str| {
        let rest = text.trim_start_matches(|first: char| first.is_ascii_digit());
        (1..=2).contains(&(text.len() - rest.len())).then_some(text.len() - rest.len())
    };
    let first = number(text)?;
    if let Some(rest) = text[first..].strip_prefix(['日', '号']) {
        return Some(Day { length: text.len() - rest.len(), are_several: false });
    }
    let last = text[first..].strip_prefix(TO)?;
    let rest = last[number(last)?..].strip_prefix(['日', '号'])?;
    Some(Day { length: text.len() - rest.len(), are_several: true })
}

/// Whether another month stands behind 至, and not a day of the same month.
fn begins_with_month(text: &str) -> bool {
    let rest = text.trim_start_matches(|first: char| first.is_ascii_digit() || first == '年');
    rest.starts_with('月')
}

/// Months such as 2025-07, 2025.7 and 2025/7; with a day behind they are none.
fn numeric(text: &str) -> Vec<NamedMonths> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(['-', '.', '/']) {
        let Some((before, year)) = year_at_end(&text[..at]).filter(|(_, year)| (1900..2200).contains(year))
        else {
            continue;
        };
        let rest = &text[at + 1..];
        let after = rest.trim_start_matches(|first: char| first.is_ascii_digit());
        let month =
            rest[..rest.len() - after.len()].parse::<u8>().ok().filter(|month| (1..=12).contains(month));
        let goes_on = after.starts_with(['-', '.', '/', '年', '月']);
        let is_longer_number = before.ends_with(|last: char| last.is_ascii_digit());
        if let Some(month) = month.filter(|_| !goes_on && !is_longer_number && rest.len() - after.len() <= 2)
        {
            found.push(NamedMonths { year: Some(year), first: month, last: month, is_year: false });
        }
    }
    found
}

/// Whether a text ends with 填报时间, 制表日期 and the like; 统计时间 is the time that the table reports on.
pub(super) fn is_label_of_work(text: &str) -> bool {
    let text = text.trim_end_matches(':');
    let before = DONE.iter().find_map(|word| text.strip_suffix(word));
    before.is_some_and(|before| !REPORTED.iter().any(|word| before.ends_with(word)))
}

/// The text without the dates that stand behind 填报时间, 制表日期 and the like.
fn without_dates_of_work(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(end) = DONE.iter().filter_map(|word| Some(rest.find(word)? + word.len())).min() {
        kept.push_str(&rest[..end]);
        rest = &rest[end..];
        if is_label_of_work(&kept) {
            let is_of_date =
                |character: char| character.is_ascii_digit() || "年月日号.-/:".contains(character);
            rest = rest.trim_start_matches(is_of_date);
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_found_however_they_are_written() {
        for (text, named) in [
            ("部门窗口2025年7月运行情况（２０２５ 年 12 月报）", "2025年7月 2025年12月"),
            ("7月份办件情况", "7月"),
            ("十一月份办件情况", "11月"),
            ("二〇二四年七月", "2024年7月"),
            ("2025-06 统计表、2025.6、2025/6", "2025年6月 2025年6月 2025年6月"),
            ("2025年1-6月累计", "2025年1—6月"),
            ("2025年1月至6月", "2025年1—6月"),
            ("一至三月", "1—3月"),
            ("2025年6月12345热线办理情况", "2025年6月"),
            ("2025年6月1-30日", "2025年6月"),
            ("2025年6月1日至30日", "2025年6月"),
            ("2025年6月1日—6月30日", "2025年6月"),
            ("2025年1月1日-7月31日", "2025年1—7月"),
            ("截至7月底", "7月"),
        ] {
            assert_eq!(told(text), named, "{text}");
        }
    }

    #[test]
    fn what_is_no_month_of_a_title_is_left_out() {
        for text in [
            "（2025年8月5日）",
            "填报日期：2025年8月5日",
            "制表时间：2025年7月　审核日期：2025-07-05",
            "2025-07-05、2025.7.5",
            "近12个月、本月、上月、2025年13月、年度、年、月",
            "政务服务统一月报表、窗口十一月份、附件2月报表、第7期、2021—2025年",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
        assert_eq!(told("2025年6月运行情况（制表时间：2025年7月）"), "2025年6月");
    }

    fn told(text: &str) -> String {
        months_named(text).iter().map(NamedMonths::to_string).collect::<Vec<_>>().join(" ")
    }
}
