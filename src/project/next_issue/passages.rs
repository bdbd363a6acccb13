//! Sections and their items: texts with figures stay as drafts, news is taken out with its pictures.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Editing;
use crate::project::typed_text::{TypedText, is_chinese_numeral};

/// What marks a text that was carried over.
const DRAFT: &str = "draft = true";

impl Editing<'_> {
    pub(super) fn section(&mut self, section: &Spanned<DeValue<'_>>) {
        let Some(entries) = section.get_ref().as_table() else { return };
        let is_draft = self.passage(section);
        let items = entries.get("item").and_then(|items| items.get_ref().as_array());
        items.into_iter().flatten().for_each(|item| {
            self.passage(item);
        });
        let Some(title) = entries.get("title") else { return };
        self.keep(title);
        // A title that was typed with its month, 7月总体情况, must not go on with it unseen.
        if !is_draft && title.get_ref().as_str().is_some_and(names_month) {
            self.mark_draft(section, title);
        }
    }

    /// The texts of a section or of an item. With figures they are computed anew, but may hold words that were
    /// true of last month only: they stay, marked as a draft that does not build. Without they are news. Gives
    /// whether they are a draft.
    fn passage(&mut self, passage: &Spanned<DeValue<'_>>) -> bool {
        let Some(entries) = passage.get_ref().as_table() else { return false };
        let is_draft = entries.get("draft").is_some_and(|draft| draft.get_ref().as_bool() == Some(true));
        let texts: Vec<_> = ["heading", "lead", "text"].iter().filter_map(|key| entries.get(*key)).collect();
        let has_figures =
            texts.iter().any(|text| text.get_ref().as_str().is_some_and(|text| text.contains("{{")));
        let is_news = !is_draft && !has_figures && !texts.is_empty();
        for text in &texts {
            match is_news {
                true => self.blank(text),
                false => self.keep(text),
            }
        }
        if let Some((key, picture)) = entries.iter().find(|(key, _)| key.get_ref() == "picture") {
            match is_news {
                true => self.take_out_picture(key, picture),
                false => {
                    let caption = picture.get_ref().as_table().and_then(|picture| picture.get("caption"));
                    caption.into_iter().for_each(|caption| self.keep(caption));
                }
            }
        }
        if let Some(last) = texts.last().filter(|_| has_figures && !is_draft) {
            self.mark_draft(passage, last);
        }
        is_draft || has_figures
    }

    /// Marks a section or an item as a draft, behind one of its values.
    fn mark_draft(&mut self, passage: &Spanned<DeValue<'_>>, value: &Spanned<DeValue<'_>>) {
        let draft = passage.get_ref().as_table().and_then(|entries| entries.get("draft"));
        let end = value.span().end;
        self.edits.push(match draft {
            Some(draft) => (draft.span(), "true".to_owned()),
            None if self.text[passage.span()].starts_with('{') => (end..end, format!(", {DRAFT}")),
            None => (end..end, format!("\n{DRAFT}            # 照上期带来：改好后请删去这一行")),
        });
    }

    /// Takes a picture out: its file lies in last month's folder.
    fn take_out_picture(&mut self, key: &Spanned<Cow<'_, str>>, picture: &Spanned<DeValue<'_>>) {
        let (start, end) = (key.span().start, picture.span().end);
        let parts = picture.get_ref().as_table().into_iter().flat_map(DeTable::iter);
        if self.text[picture.span()].starts_with('[') {
            self.edits.push((self.lines_of_entry(picture), String::new()));
        } else if picture.span() == key.span() {
            // Dotted keys, each in a line of its own.
            for (key, value) in parts {
                let lines = self.line(key.span().start).start..self.line(value.span().end).end;
                if self.text[lines.clone()].trim_start().starts_with("picture") {
                    self.edits.push((lines, String::new()));
                }
            }
        } else if self.begins_line(start) && is_blank(&self.text[end..self.line(end).end]) {
            self.edits.push((self.line(start).start..self.line(end).end, String::new()));
        } else {
            // In an inline table: with the comma before it or else behind it.
            let before = self.text[..start].trim_end();
            let behind = self.text[end..].trim_start();
            let range = match (before.strip_suffix(','), behind.strip_prefix(',')) {
                (Some(before), _) => before.len()..end,
                (None, Some(behind)) => start..self.text.len() - behind.trim_start().len(),
                (None, None) => start..end,
            };
            self.edits.push((range, String::new()));
        }
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
}

/// Whether nothing but a remark or a comma stands in the rest of a line.
fn is_blank(rest: &str) -> bool {
    let rest = rest.trim_start().trim_start_matches(',').trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// Whether a month is typed in a text, in digits or in words, outside of its names.
fn names_month(text: &str) -> bool {
    let typed: String = text.split("{{").map(|part| part.rsplit("}}").next().unwrap_or_default()).collect();
    typed.match_indices('月').any(|(at, _)| {
        typed[..at].trim_end().ends_with(|last: char| last.is_ascii_digit() || is_chinese_numeral(last))
    })
}
