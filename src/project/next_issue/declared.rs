//! What issue.toml declares beside its texts: numbers of the wording, accepted warnings.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::Editing;
use crate::project::typed_text::TypedText;

impl Editing<'_> {
    /// A number declared for a text that is taken out goes with it.
    pub(super) fn literals(&mut self, key: Range<usize>, value: &Spanned<DeValue<'_>>) {
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
        // What is remarked above the only entries is about nothing any more.
        self.take_out(news, kept.is_empty());
    }

    /// What was looked into last month has to be looked into again.
    pub(super) fn acknowledged<'v>(
        &mut self,
        key: Range<usize>,
        value: Range<usize>,
        entries: impl Iterator<Item = &'v Spanned<DeValue<'v>>>,
    ) {
        if !self.text[value.clone()].starts_with("[[") {
            self.edits.push((self.line(key.start).start..self.line(value.end).end, String::new()));
            return;
        }
        self.take_out(entries, true);
    }

    /// Takes entries `[[…]]` out, with what is remarked right above them if that is wanted.
    fn take_out<'v>(&mut self, entries: impl IntoIterator<Item = &'v Spanned<DeValue<'v>>>, remarks: bool) {
        for entry in entries {
            let mut lines = self.lines_of_entry(entry);
            if remarks {
                lines.start = self.remark_above(lines.start);
            }
            self.edits.push((lines, String::new()));
        }
    }

    /// Where the remarks begin that stand right above a line.
    fn remark_above(&self, line: usize) -> usize {
        let above = self.text[..line].split_inclusive('\n').rev();
        line - above.take_while(|line| line.starts_with('#')).map(str::len).sum::<usize>()
    }
}
