//! `[[literal]]`: a number that belongs to the wording, declared with where it comes from.

use super::document::Written;
use super::entries::Entries;
use super::typed_text::{TypedText, is_chinese_numeral};
use crate::diagnostic::{Diagnostic, rules, shown};

/// A piece of wording with a number that the editor answers for.
#[derive(Debug, Clone)]
pub struct Literal {
    /// The wording, such as 3个工作日.
    pub text: Written<String>,
    /// Where the editor has the number from.
    pub source: String,
}

/// Reads all entries `[[literal]]`; those with a fault are left out.
pub fn read_literals(top: &Entries<'_>) -> Vec<Literal> {
    top.tables("literal").iter().filter_map(read_literal).collect()
}

fn read_literal(entries: &Entries<'_>) -> Option<Literal> {
    let text = entries.required_text("text", "正文里带数字的词句");
    let source = entries.required_text("source", "数字的来源");
    let text = text?;
    let is_number = |character: &char| character.is_ascii_digit() || is_chinese_numeral(*character);
    if !TypedText::new(&text.value).chars.iter().any(is_number) {
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, format!("text 里没有数字：“{}”", shown(&text.value)))
                .at(text.at)
                .hint("[[literal]] 只用来说明正文里直接写的数字，如 text = \"3个工作日\"；没有数字的词句不用写在这里"),
        );
        return None;
    }
    Some(Literal { text, source: source?.value })
}
