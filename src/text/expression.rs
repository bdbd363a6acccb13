//! The expressions that may stand in prose: the name of a figure and the forms given to it.
//!
//! `{{ operations["公安厅"].mailed | wan }}`. Prose names figures, it does not
//! compute: comparisons, arithmetic and `{% … %}` could print a figure that has
//! no origin, and are refused with their place.

use std::ops::Range;

use crate::figure::{Expression as Formula, Reference, parse};

/// An expression of prose; places are bytes of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression {
    /// The name; its span is within the template.
    pub reference: Reference,
    /// The forms, in order.
    pub forms: Vec<Form>,
}

/// A form given to a figure, such as `wan` or `percent(2)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// The name.
    pub name: String,
    /// The number in parentheses, as written.
    pub argument: Option<String>,
    /// Its bytes in the template.
    pub span: Range<usize>,
}

/// Why a text holds something else than expressions of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExpressionFault {
    /// What is wrong, for the editor.
    pub message: &'static str,
    /// What to do.
    pub hint: &'static str,
    /// Its bytes in the template.
    pub span: Range<usize>,
}

/// The most faults of one text that are reported at once.
const MOST_FAULTS: usize = 50;

const WRITE_LIKE_THIS: &str = "写成 {{ figures.名称 | wan }}，括号和引号用英文并且成对";
const COMPUTE_ELSEWHERE: &str = "要计算时，请在 yuebao.toml 中用 [[figure]] 写算式，再在这里写它的名称";

/// All expressions of a template, and all that is none.
pub(super) fn expressions(template: &str) -> (Vec<Expression>, Vec<ExpressionFault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(open) =
        template[at..].find('{').map(|open| at + open).filter(|_| faults.len() < MOST_FAULTS)
    {
        let rest = &template[open..];
        let (close, is_expression) = match rest.as_bytes().get(1) {
            Some(b'{') => ("}}", true),
            Some(b'#') => ("#}", false),
            Some(b'%') => ("%}", false),
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(end) = rest.find(close).map(|end| open + end) else {
            let message = "括号没有成对";
            faults.push(ExpressionFault { message, hint: WRITE_LIKE_THIS, span: open..open + 2 });
            return (found, faults);
        };
        let unclosed = if is_expression { template[open + 2..end].find("{{") } else { None };
        if let Some(next) = unclosed {
            let message = "这里的 {{ 没有配对的 }}";
            faults.push(ExpressionFault { message, hint: WRITE_LIKE_THIS, span: open..open + 2 });
            at = open + 2 + next;
            continue;
        }
        at = end + 2;
        if is_expression {
            match expression(template, open + 2..end) {
                Ok(expression) => found.push(expression),
                Err(fault) => faults.push(fault),
            }
        } else if close == "%}" {
            let message = "正文里不能用 {% %}";
            faults.push(ExpressionFault { message, hint: COMPUTE_ELSEWHERE, span: open..at });
        }
    }
    (found, faults)
}

fn expression(template: &str, inner: Range<usize>) -> Result<Expression, ExpressionFault> {
    let foreign_space = |(_, character): &(usize, char)| character.is_whitespace() && !character.is_ascii();
    if let Some((offset, character)) = template[inner.clone()].char_indices().find(foreign_space) {
        let at = inner.start + offset;
        let message = "{{ }} 里的空格要用英文的";
        return Err(ExpressionFault {
            message,
            hint: "请删去这里的全角空格",
            span: at..at + character.len_utf8(),
        });
    }
    let mut pieces = split_at_bars(template, inner.clone()).into_iter().map(|piece| trimmed(template, piece));
    let name = pieces.next().unwrap_or(inner);
    let text = &template[name.clone()];
    if text.contains(['“', '”', '‘', '’', '［', '］']) {
        let message = "引号和方括号要用英文的";
        return Err(ExpressionFault { message, hint: "写成 operations[\"公安厅\"].mailed", span: name });
    }
    let reference = match parse(text) {
        Ok(Formula::Name(reference)) => {
            let span = name.start + reference.span.start..name.start + reference.span.end;
            Reference { span, ..reference }
        }
        Ok(_) => {
            let message = "正文里不能运算，也不能直接写数";
            return Err(ExpressionFault { message, hint: COMPUTE_ELSEWHERE, span: name });
        }
        Err(fault) => {
            let span = name.start + fault.span.start..name.start + fault.span.end;
            let is_name_with_department = text.split('.').any(|part| !part.is_ascii() && !part.contains('"'));
            let hint = if is_name_with_department {
                "部门名称要放在方括号和英文引号内：operations[\"公安厅\"].mailed"
            } else {
                COMPUTE_ELSEWHERE
            };
            let message = "这里应为一个数的名称";
            return Err(ExpressionFault { message, hint, span });
        }
    };
    let forms: Vec<Form> = pieces.map(|piece| form(template, piece)).collect::<Result<_, _>>()?;
    if let [_, second, ..] = forms.as_slice()
        && (forms.len() > 2 || second.name != "number")
    {
        let message = "只能用一种写法，后面可以再加 number";
        return Err(ExpressionFault { message, hint: WRITE_LIKE_THIS, span: second.span.clone() });
    }
    Ok(Expression { reference, forms })
}

fn form(template: &str, span: Range<usize>) -> Result<Form, ExpressionFault> {
    let text = &template[span.clone()];
    let (name, argument) = match text.split_once('(') {
        Some((name, rest)) => {
            (name.trim(), rest.strip_suffix(')').map(|argument| argument.trim().to_owned()))
        }
        None => (text, Some(String::new())),
    };
    let is_name =
        !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_');
    match argument {
        Some(argument) if is_name => {
            let argument = Some(argument).filter(|argument| !argument.is_empty());
            Ok(Form { name: name.to_owned(), argument, span })
        }
        _ => Err(ExpressionFault { message: "“|”后面应为一种写法", hint: WRITE_LIKE_THIS, span }),
    }
}

/// The pieces between bars that are not within quotation marks.
fn split_at_bars(template: &str, inner: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted) = (inner.start, None);
    for (offset, character) in template[inner.clone()].char_indices() {
        let at = inner.start + offset;
        match (quoted, character) {
            (None, '|') => {
                pieces.push(start..at);
                start = at + 1;
            }
            (None, '"' | '\'') => quoted = Some(character),
            (Some(quote), _) if quote == character => quoted = None,
            _ => {}
        }
    }
    pieces.push(start..inner.end);
    pieces
}

fn trimmed(template: &str, span: Range<usize>) -> Range<usize> {
    let text = &template[span.clone()];
    let start = span.start + (text.len() - text.trim_start().len());
    start..(start + text.trim().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(template: &str) -> Vec<String> {
        let (found, faults) = expressions(template);
        let found = found.iter().map(|expression| {
            let forms: Vec<&str> = expression.forms.iter().map(|form| form.name.as_str()).collect();
            format!("{} {forms:?} {:?}", expression.reference, expression.reference.span)
        });
        let faults = faults.iter().map(|fault| format!("{} {:?}", fault.message, fault.span));
        found.chain(faults).collect()
    }

    #[test]
    fn names_and_forms_are_read_with_their_places() {
        assert_eq!(
            written("共{{ a.b | wan | number }}，{{t[\"x|y\"].c|percent(2)}}"),
            ["a.b [\"wan\", \"number\"] 6..9", "t[\"x|y\"].c [\"percent\"] 32..42"]
        );
        assert_eq!(written("{# 说明 {{ 1 }} #}{ {"), Vec::<String>::new());
    }

    #[test]
    fn what_could_print_a_figure_without_origin_is_refused() {
        for template in [
            "{{ 3 * 4 }}",
            "{{ a ~ \"x\" }}",
            "{{ a if b else c }}",
            "{{ a > 3 }}",
            "{% if a %}x{% endif %}",
            "{{ \"x\" | upper }}",
            "{{ a | \"x\" }}",
            "{{ }}",
            "{{ a",
            "{%}",
            "{{ 公安厅.a }}",
            "{{ a[“公安厅”].b }}",
        ] {
            assert!(!expressions(template).1.is_empty(), "{template}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(template in "[{}%#|a.\\[\\]\"“件 ()1]{0,24}") {
            let _ = expressions(&template);
        }
    }
}
