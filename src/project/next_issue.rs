//! The issue.toml of a new month, made from an earlier one.
//!
//! What goes on from month to month stays: sections, and their texts with
//! figures, as drafts. What must not be printed twice is taken out, so that
//! nothing is built before the editor has written this month's: entered
//! figures are commented out, news is blank, and so are the numbers that were
//! declared for the news only.

mod declared;
mod passages;

use std::ops::Range;

use chrono::{Months, NaiveDate};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::month::Month;
use super::typed_text::TypedText;

/// The text of a new month's issue.toml; none where the earlier text is no TOML.
pub fn next_issue(text: &str, from: Month, to: Month) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    let mut editing = Editing { text, from, to, edits: Vec::new(), kept: Vec::new(), blanked: Vec::new() };
    editing.top(table.get_ref());
    Some(editing.apply())
}

struct Editing<'a> {
    text: &'a str,
    from: Month,
    to: Month,
    edits: Vec<(Range<usize>, String)>,
    /// The texts that stay.
    kept: Vec<TypedText>,
    /// The texts that are taken out.
    blanked: Vec<TypedText>,
}

impl Editing<'_> {
    fn top(&mut self, top: &DeTable<'_>) {
        for (key, value) in top {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("number", DeValue::Integer(number)) => {
                    let digits = number.as_str().replace('_', "");
                    let number = i64::from_str_radix(&digits, number.radix()).unwrap_or(0);
                    self.edits.push((value.span(), self.number(number).to_string()));
                }
                ("date", _) => self.date(value),
                // A copy of a sample is no sample.
                ("sample", DeValue::Boolean(true)) => {
                    self.edits.push((self.line(key.span().start), String::new()))
                }
                ("periods", DeValue::Table(periods)) => {
                    periods.values().for_each(|period| self.period(period));
                }
                ("values", DeValue::Table(values)) => values.values().for_each(|value| self.entered(value)),
                ("section", DeValue::Array(sections)) => {
                    sections.iter().for_each(|section| self.section(section))
                }
                ("acknowledge", DeValue::Array(entries)) => {
                    self.acknowledged(key.span(), value.span(), entries.iter());
                }
                _ => {}
            }
        }
        // Only now is it known which texts stay.
        if let Some((key, value)) = top.iter().find(|(key, _)| key.get_ref() == "literal") {
            self.literals(key.span(), value);
        }
    }

    /// Bulletins count their issues by the year or for ever.
    fn number(&self, number: i64) -> i64 {
        let next = if number == i64::from(self.from.month) {
            i64::from(self.to.month)
        } else {
            number.saturating_add(i64::from(self.to.months_since(self.from)))
        };
        // A month before the first issue has no number that can be counted back to.
        next.max(1)
    }

    /// A date that cannot be moved is blanked: last month's must not be printed.
    fn date(&mut self, value: &Spanned<DeValue<'_>>) {
        let (written, quote) = match value.get_ref() {
            DeValue::String(text) => (text.to_string(), "\""),
            DeValue::Datetime(date) => (date.to_string(), ""),
            _ => return,
        };
        let months = self.to.months_since(self.from);
        let moved =
            NaiveDate::parse_from_str(&written, "%Y-%m-%d").ok().and_then(|date| {
                match u32::try_from(months) {
                    Ok(months) => date.checked_add_months(Months::new(months)),
                    Err(_) => date.checked_sub_months(Months::new(months.unsigned_abs())),
                }
            });
        let date = moved
            .map_or_else(|| "\"\"".to_owned(), |moved| format!("{quote}{}{quote}", moved.format("%Y-%m-%d")));
        self.edits.push((value.span(), date));
    }

    fn period(&mut self, value: &Spanned<DeValue<'_>>) {
        let Some(period) = value.get_ref().as_str().and_then(Month::parse) else { return };
        if let Some(moved) = period.back(-self.to.months_since(self.from)) {
            self.edits.push((value.span(), format!("\"{moved}\"")));
        }
    }

    /// Last month's figure must not be printed as this month's: without value and source the month does not build.
    fn entered(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Table(entries) = value.get_ref() else { return };
        for (name, remark, blank) in
            [("value", "# 请填本月的数：", "\"请填本月的数\""), ("source", "# 请写本月的来源：", "\"\"")]
        {
            let Some((key, value)) = entries.iter().find(|(key, _)| key.get_ref() == name) else { continue };
            let start = key.span().start;
            if self.begins_line(start) && !self.text[value.span()].contains('\n') {
                self.edits.push((start..start, remark.to_owned()));
            } else {
                // An inline table, a dotted key or several lines: what stands in the value's place is no number.
                self.edits.push((value.span(), blank.to_owned()));
            }
        }
    }

    /// The lines of an entry `[[…]]`, with one blank line after them.
    fn lines_of_entry(&self, entry: &Spanned<DeValue<'_>>) -> Range<usize> {
        let values = entry.get_ref().as_table().into_iter().flat_map(DeTable::values);
        let last = values.map(|value| value.span().end).max().unwrap_or(0).max(entry.span().end);
        let end = self.line(last).end;
        let next = self.line(end);
        let is_blank = self.text.get(next.clone()).is_some_and(|line| line.trim().is_empty());
        self.line(entry.span().start).start..if is_blank { next.end } else { end }
    }

    /// The whole line in which a byte stands, with its line break.
    fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |before| before + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1);
        start..end
    }

    /// Whether nothing but white space stands before a byte in its line.
    fn begins_line(&self, at: usize) -> bool {
        self.text[self.line(at).start..at].trim().is_empty()
    }

    fn apply(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| range.start);
        let mut text = self.text.to_owned();
        for (range, replacement) in self.edits.into_iter().rev() {
            text.replace_range(range, &replacement);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_printed_twice_is_taken_out() {
        let text = "number = 12\ndate = 2025-01-31\nsample = true\n[periods]\nassessment = \"2024-11\"\n\
                    [values.calls]\nvalue = 7\nsource = \"s\"\n\
                    # 核实过的提醒\n[[acknowledge]]\ncode = \"Y0421\"\nreason = \"x\"\n\n\
                    [[acknowledge]]\ncode = \"Y0422\"\nreason = \"y\"\n\
                    [[section]]\ntitle = \"总体\"\ntext = \"共{{ figures.a }}\"\n\
                    [[section]]\ntitle = \"动态\"\n[[section.item]]\nheading = \"旧闻\"\ntext = \"\"\"\n旧闻\n\"\"\"\n";
        let month = |text| Month::parse(text).unwrap();
        let next = next_issue(text, month("2024-12"), month("2025-01")).unwrap();
        insta::assert_snapshot!(next, @r##"
        number = 1
        date = 2025-02-28
        [periods]
        assessment = "2024-12"
        [values.calls]
        # 请填本月的数：value = 7
        # 请写本月的来源：source = "s"
        [[section]]
        title = "总体"
        text = "共{{ figures.a }}"
        draft = true            # 照上期带来：改好后请删去这一行
        [[section]]
        title = "动态"
        [[section.item]]
        heading = ""
        text = """
        """
        "##);
    }

    #[test]
    fn a_date_is_moved_however_it_is_written() {
        let month = |text| Month::parse(text).unwrap();
        let moved = |date: &str| {
            let text = format!("number = 1_0\ndate = {date}\nsample = false\n");
            let next = next_issue(&text, month("2025-01"), month("2025-02")).unwrap();
            let (number, date) = next.split_once('\n').unwrap();
            assert_eq!(number, "number = 11");
            date.strip_prefix("date = ").unwrap().strip_suffix("\nsample = false\n").unwrap().to_owned()
        };
        assert_eq!(moved("2025-01-31"), "2025-02-28");
        for date in ["\"2025-01-31\"", "'2025-01-31'", "\"\"\"\n2025-01-31\"\"\""] {
            assert_eq!(moved(date), "\"2025-02-28\"", "{date}");
        }
        for date in ["\"一月\"", "2025-01-31T08:00:00"] {
            assert_eq!(moved(date), "\"\"", "{date}");
        }
    }

    #[test]
    fn items_with_figures_are_drafts_and_pictures_go_with_the_news() {
        let month = |text| Month::parse(text).unwrap();
        let text = "[values.calls]\nvalue = 7\nsource = \"\"\"\n甲\n乙\"\"\"\n[[section]]\ntitle = \"动态\"\n\
            [[section.item]]\nlead = \"受理\"\ntext = \"共{{ figures.a }}\"\npicture = { file = \"图.png\" }\n\
            [[section.item]]\ntext = \"{{ figures.b }}\"\ndraft = false\n\
            [[section.item]]\nheading = \"旧闻\"\npicture = { file = \"1.jpg\" } # 现场\ntext = \"旧\"\n\
            [[section.item]]\ntext = \"旧\"\n[section.item.picture]\nfile = \"2.jpg\"\ncaption = \"图\"\n\n\
            [[section.item]]\ntext = \"旧\"\npicture.file = \"3.jpg\"\npicture.caption = \"图\"\n\
            [[section.item]]\npicture = { file = \"图表.png\" }\n\
            [[section]]\ntitle = \"其他\"\nitem = [{ picture = { file = \"4\" }, text = \"旧\" }, \
            { text = \"旧\", picture = { file = \"5\" } }, { text = \"{{ figures.a }}\" }]\n";
        let next = next_issue(text, month("2025-01"), month("2025-02")).unwrap();
        assert!(toml::from_str::<toml::Table>(&next).is_ok(), "{next}");
        insta::assert_snapshot!(next, @r##"
        [values.calls]
        # 请填本月的数：value = 7
        source = ""
        [[section]]
        title = "动态"
        [[section.item]]
        lead = "受理"
        text = "共{{ figures.a }}"
        draft = true            # 照上期带来：改好后请删去这一行
        picture = { file = "图.png" }
        [[section.item]]
        text = "{{ figures.b }}"
        draft = true
        [[section.item]]
        heading = ""
        text = ""
        [[section.item]]
        text = ""
        [[section.item]]
        text = ""
        [[section.item]]
        picture = { file = "图表.png" }
        [[section]]
        title = "其他"
        item = [{ text = "" }, { text = "" }, { text = "{{ figures.a }}", draft = true }]
        "##);
    }

    #[test]
    fn a_title_typed_with_its_month_is_a_draft() {
        let month = |text| Month::parse(text).unwrap();
        let is_draft = |title: &str, text: &str| {
            let text = format!("number = 1\n[[section]]\ntitle = \"{title}\"\n{text}");
            let next = next_issue(&text, month("2025-02"), month("2025-03")).unwrap();
            assert!(toml::from_str::<toml::Table>(&next).is_ok(), "{next}");
            next.contains("draft = true")
        };
        for title in ["2025年2月情况", "二月份情况", "1—2月累计", "{{ month.month }}月与1月"]
        {
            assert!(is_draft(title, ""), "{title}");
            assert!(is_draft(title, "text = \"共{{ figures.a }}\"\n"), "{title}");
        }
        for title in ["总体情况", "{{ month.year }}年{{ month.month }}月情况"] {
            assert!(!is_draft(title, ""), "{title}");
        }
    }

    #[test]
    fn numbers_declared_for_the_news_go_with_it() {
        let month = |text| Month::parse(text).unwrap();
        let next = |text: &str| next_issue(text, month("2025-07"), month("2025-08")).unwrap();
        let sections = "[[section]]\ntitle = \"前10件大事\"\ntext = \"共{{ figures.a }}，3个工作日内办结\"\n\
                        [[section]]\ntitle = \"动态\"\n[[section.item]]\ntext = \"减少2个环节，3个工作日、13个工作日内办结\"\n";
        let literal = |text: &str| format!("[[literal]]\ntext = \"{text}\"\nsource = \"s\"\n\n");
        let text = ["3个工作日", "2个环节", "10件大事", "13个工作日", "5个县"].map(literal).concat();
        insta::assert_snapshot!(next(&(text + sections)), @r##"
        [[literal]]
        text = "3个工作日"
        source = "s"

        [[literal]]
        text = "10件大事"
        source = "s"

        [[literal]]
        text = "5个县"
        source = "s"

        [[section]]
        title = "前10件大事"
        text = "共{{ figures.a }}，3个工作日内办结"
        draft = true            # 照上期带来：改好后请删去这一行
        [[section]]
        title = "动态"
        [[section.item]]
        text = ""
        "##);
        let remarked = format!("# 期号\nnumber = 7\n\n# 写明来源\n{}", literal("2个环节"));
        assert!(next(&(remarked + sections)).starts_with("# 期号\nnumber = 8\n\n[[section]]"));
        let inline = "literal = [\n  { text = \"2个环节\", source = \"s\" },\n  { text = \"3个工作日\", source = \"s\" },\n]\n";
        assert!(
            next(&(inline.to_owned() + sections))
                .starts_with("literal = [{ text = \"3个工作日\", source = \"s\" }]\n")
        );
        let inline = "literal = [{ text = \"2个环节\", source = \"s\" }]\n";
        assert!(next(&(inline.to_owned() + sections)).starts_with("[[section]]"));
    }
}
