//! Braces among the words of a text that look like an expression but are none: the name between them would be
//! printed as it is written.
//!
//! Full-width braces print as braces, so that they are no fault as long as they hold no figure's name.

use std::ops::Range;

use super::expression::{ExpressionFault, MOST_FAULTS};
use crate::diagnostic::rules;

/// The braces that open and those that close, English and full-width.
const OPENING: [char; 2] = ['{', '｛'];
const CLOSING: [char; 2] = ['}', '｝'];

/// What follows the first part of a name in an expression.
const AFTER_NAME: [char; 8] = ['.', '．', '[', '［', '|', '｜', '}', '｝'];

/// The faults in the `words` of a template, which are the bytes outside its expressions; `is_name` says whether the
/// names of figures may begin so.
pub(super) fn stray_braces(
    template: &str,
    words: &[Range<usize>],
    is_name: &impl Fn(&str) -> bool,
) -> Vec<ExpressionFault> {
    words.iter().flat_map(|span| among_words(template, span, is_name)).take(MOST_FAULTS).collect()
}

fn among_words(
    template: &str,
    words: &Range<usize>,
    is_name: &impl Fn(&str) -> bool,
) -> Vec<ExpressionFault> {
    let mut faults = Vec::new();
    let mut at = words.start;
    while let Some(run) = next_run(template, at..words.end) {
        let braces = &template[run.clone()];
        let opens = braces.starts_with(OPENING);
        at = run.end;
        let message = if is_mixed(braces) {
            Some("括号一半是英文的，一半是全角的")
        } else if opens {
            let inner = template[at..words.end].trim_start_matches(is_opening_or_space);
            at = words.end - inner.len();
            holds_name(inner, is_name).then_some("这里的括号不是英文的 {{ }}，名称会原样印出")
        } else {
            // One more right behind an expression is a slip too.
            let is_behind = run.start == words.start && words.start > 0 && braces.starts_with('}');
            (is_behind || braces.starts_with("}}")).then_some("这里的右括号没有配对的 {{")
        };
        if let Some(message) = message {
            // The pair is one fault.
            let close = if opens { next_run(template, at..words.end) } else { None };
            let close = close.filter(|close| template[close.clone()].starts_with(CLOSING));
            at = close.map_or(at, |close| close.end);
            let hint = "数写成 {{ figures.名称 }}，两边各两个英文括号；要印出括号本身，请用全角的“｛｛ ｝｝”";
            faults.push(ExpressionFault {
                rule: &rules::TEXT_STRAY_BRACES,
                message,
                hint,
                span: run.start..at,
            });
        }
    }
    faults
}

/// The next run of braces that all open or all close.
fn next_run(template: &str, within: Range<usize>) -> Option<Range<usize>> {
    let text = &template[within.clone()];
    let start = text.find(|it| OPENING.contains(&it) || CLOSING.contains(&it))?;
    let kind = if text[start..].starts_with(OPENING) { OPENING } else { CLOSING };
    let length = text[start..].len() - text[start..].trim_start_matches(kind).len();
    Some(within.start + start..within.start + start + length)
}

fn is_mixed(braces: &str) -> bool {
    !braces.is_ascii() && braces.contains(['{', '}'])
}

fn is_opening_or_space(character: char) -> bool {
    OPENING.contains(&character) || character.is_whitespace()
}

fn holds_name(inner: &str, is_name: &impl Fn(&str) -> bool) -> bool {
    let end = inner.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(inner.len());
    is_name(&inner[..end]) && inner[end..].trim_start().starts_with(AFTER_NAME)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::expression::read;
    use super::*;

    fn found(template: &str) -> Vec<String> {
        let is_name = |name: &str| ["figures", "operations", "number"].contains(&name);
        let faults = stray_braces(template, &read(template).words, &is_name);
        faults.into_iter().map(|fault| template[fault.span].to_owned()).collect()
    }

    #[test]
    fn braces_that_look_like_an_expression_are_found_once() {
        for (template, fault) in [
            ("共{ figures.handled }。", "{ figures.handled }"),
            ("共{ figures.handled }}。", "{ figures.handled }}"),
            ("共{｛figures.handled | wan｝}。", "{｛figures.handled | wan｝}"),
            ("共{｛ figures.handled }}", "{｛ figures.handled }}"),
            ("共｛{ figures.handled ｝}", "｛{ figures.handled ｝}"),
            ("共｛｛ figures．handled ｝｝", "｛｛ figures．handled ｝｝"),
            ("共｛operations[\"甲\"].a｝", "｛operations[\"甲\"].a｝"),
            ("第{number}期", "{number}"),
            ("{ {figures.a} }", "{ {figures.a}"),
            ("共 figures.handled }}。", "}}"),
            ("共{{ figures.a }}}}。", "}}"),
            ("共{{ figures.a }}}。", "}"),
            ("共｝}", "｝}"),
            ("共{ figures.a | wan，{{ figures.a }}", "{ "),
        ] {
            assert_eq!(found(template), [fault], "{template}");
        }
    }

    #[test]
    fn braces_that_hold_no_name_are_words() {
        for template in [
            "｛｛任意文字｝｝",
            "｛甲｝{乙}",
            "{figure}",
            "{numbers}",
            "｛{{ figures.a }}｝",
            "{{ figures.a }}",
        ] {
            assert_eq!(found(template), [""; 0], "{template}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(template in "[{}｛｝a.件 ]{0,24}") {
            let _ = found(&template.replace('a', "figures"));
        }
    }
}
