//! The issue.toml of a new month, made from an earlier one.
//!
//! What goes on from month to month stays: sections, and their texts with
//! figures, as drafts. What must not be printed twice is taken out, so that
//! nothing is built before the editor has written this month's: entered
//! figures are commented out, news is blank, and so are the numbers that were
//! declared for the news only.

use std::ops::Range;

use chrono::{Months, NaiveDate};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::month::Month;
use super::typed_text::{TypedText, is_chinese_numeral};

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
                    let number = number.as_str().parse().unwrap_or(0);
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
            number + i64::from(self.to.months_since(self.from))
        };
        // A month before the first issue has no number that can be counted back to.
        next.max(1)
    }

    fn date(&mut self, value: &Spanned<DeValue<'_>>) {
        let Some(written) = self.text.get(value.span()) else { return };
        let quote = if written.starts_with('"') { "\"" } else { "" };
        let Ok(date) = NaiveDate::parse_from_str(written.trim_matches('"'), "%Y-%m-%d") else { return };
        let months = self.to.months_since(self.from);
        let moved = match u32::try_from(months) {
            Ok(months) => date.checked_add_months(Months::new(months)),
            Err(_) => date.checked_sub_months(Months::new(months.unsigned_abs())),
        };
        if let Some(moved) = moved {
            self.edits.push((value.span(), format!("{quote}{}{quote}", moved.format("%Y-%m-%d"))));
        }
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
            let line_start = self.line(start).start;
            if self.text[line_start..start].trim().is_empty() {
                self.edits.push((start..start, remark.to_owned()));
            } else {
                // An inline table or a dotted key: what stands in the value's place is no number.
                self.edits.push((value.span(), blank.to_owned()));
            }
        }
    }

    /// A number declared for a text that is taken out goes with it.
    fn literals(&mut self, key: Range<usize>, value: &Spanned<DeValue<'_>>) {
        let Some(literals) = value.get_ref().as_array() else { return };
        let is_news = |literal: &Spanned<DeValue<'_>>| {
            let text = literal.get_ref().as_table().and_then(|table| table.get("text"));
            let Some(text) = text.and_then(|text| text.get_ref().as_str()) else { return false };
            let wanted = TypedText::new(text);
            let stands_in =
                |texts: &[TypedText]| texts.iter().any(|text| !text.occurrences(&wanted).is_empty());
            stands_in(&self.blanked) && !stands_in(&self.kept)
        };
        let (news, kept): (Vec<_>, Vec<_>) = literals.iter().partition(|literal| is_news(literal));
        let is_inline = !self.text[value.span()].starts_with("[[");
        if is_inline && !news.is_empty() {
            let kept: Vec<&str> = kept.iter().filter_map(|literal| self.text.get(literal.span())).collect();
            let edit = match kept.is_empty() {
                true => (self.line(key.start).start..self.line(value.span().end).end, String::new()),
                false => (value.span(), format!("[{}]", kept.join(", "))),
            };
            self.edits.push(edit);
            return;
        }
        for literal in news {
            let mut lines = self.lines_of_entry(literal);
            if kept.is_empty() {
                // What is remarked above the only entries is about nothing any more.
                lines.start = self.remark_above(lines.start);
            }
            self.edits.push((lines, String::new()));
        }
    }

    /// What was looked into last month has to be looked into again.
    fn acknowledged<'v>(
        &mut self,
        key: Range<usize>,
        value: Range<usize>,
        entries: impl Iterator<Item = &'v Spanned<DeValue<'v>>>,
    ) {
        if !self.text[value.clone()].starts_with("[[") {
            self.edits.push((self.line(key.start).start..self.line(value.end).end, String::new()));
            return;
        }
        for entry in entries {
            let mut lines = self.lines_of_entry(entry);
            lines.start = self.remark_above(lines.start);
            self.edits.push((lines, String::new()));
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

    /// Where the remarks begin that stand right above a line.
    fn remark_above(&self, line: usize) -> usize {
        let above = self.text[..line].split_inclusive('\n').rev();
        line - above.take_while(|line| line.starts_with('#')).map(str::len).sum::<usize>()
    }

    /// The whole line in which a byte stands, with its line break.
    fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |before| before + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1);
        start..end
    }

    fn section(&mut self, section: &Spanned<DeValue<'_>>) {
        let DeValue::Table(section) = section.get_ref() else { return };
        let is_draft = section.iter().any(|(key, _)| key.get_ref() == "draft");
        let mut is_marked = is_draft;
        for (key, value) in section {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("item", DeValue::Array(items)) => {
                    items
                        .iter()
                        .filter_map(|item| item.get_ref().as_table())
                        .for_each(|item| self.news(item));
                }
                ("text", _) if !is_draft => is_marked |= self.carry_over(value),
                ("title" | "text", _) => self.keep(value),
                _ => {}
            }
        }
        // A title that was typed with its month, 7月总体情况, must not go on with it unseen.
        if let Some(title) = section.get("title").filter(|_| !is_marked)
            && title.get_ref().as_str().is_some_and(names_month)
        {
            self.mark_draft(title);
        }
    }

    fn news(&mut self, item: &DeTable<'_>) {
        for (key, value) in item {
            if matches!(key.get_ref().as_ref(), "heading" | "lead" | "text") {
                self.blank(value);
            }
        }
        let caption = item.get("picture").and_then(|picture| picture.get_ref().as_table()?.get("caption"));
        if let Some(caption) = caption {
            self.keep(caption);
        }
    }

    /// A text with figures is computed anew, but it may hold words that were true of last month only:
    /// it stays, marked as a draft that does not build. Gives whether it stays.
    fn carry_over(&mut self, value: &Spanned<DeValue<'_>>) -> bool {
        let has_figures = value.get_ref().as_str().is_some_and(|text| text.contains("{{"));
        match has_figures {
            true => {
                self.mark_draft(value);
                self.keep(value);
            }
            false => self.blank(value),
        }
        has_figures
    }

    /// Marks a section as a draft, in the line behind one of its values.
    fn mark_draft(&mut self, value: &Spanned<DeValue<'_>>) {
        let end = value.span().end;
        let mark = "\ndraft = true            # 照上期带来：改好后请删去这一行";
        self.edits.push((end..end, mark.to_owned()));
    }

    fn blank(&mut self, value: &Spanned<DeValue<'_>>) {
        if let Some(text) = value.get_ref().as_str() {
            self.blanked.push(TypedText::new(text));
            let blank = if text.contains('\n') { "\"\"\"\n\"\"\"" } else { "\"\"" };
            self.edits.push((value.span(), blank.to_owned()));
        }
    }

    fn keep(&mut self, value: &Spanned<DeValue<'_>>) {
        self.kept.extend(value.get_ref().as_str().map(TypedText::new));
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

/// Whether a month is typed in a text, in digits or in words, outside of its names.
fn names_month(text: &str) -> bool {
    let typed: String = text.split("{{").map(|part| part.rsplit("}}").next().unwrap_or_default()).collect();
    typed.match_indices('月').any(|(at, _)| {
        typed[..at].trim_end().ends_with(|last: char| last.is_ascii_digit() || is_chinese_numeral(last))
    })
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
