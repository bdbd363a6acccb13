//! The expressions that may stand in prose: the name of a figure and the forms given to it.
//!
//! `{{ operations["公安厅"].mailed | wan }}`. Prose names figures, it does not
//! compute: comparisons, arithmetic and `{% … %}` could print a figure that has
//! no origin, and are refused with their place.

use std::ops::Range;

use crate::diagnostic::{Rule, rules};
use crate::figure::{Expression as Formula, Reference, parse};

/// What a template was read into.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The expressions, in order.
    pub expressions: Vec<Expression>,
    /// What is no expression though it stands in brackets of a template.
    pub faults: Vec<ExpressionFault>,
    /// The bytes outside the brackets, as far as they were looked for.
    pub words: Vec<Range<usize>>,
}

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
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What is wrong, for the editor.
    pub message: &'static str,
    /// What to do.
    pub hint: &'static str,
    /// Its bytes in the template.
    pub span: Range<usize>,
}

/// The most faults of one text that are reported at once.
pub(super) const MOST_FAULTS: usize = 50;

const WRITE_LIKE_THIS: &str = "写成 {{ figures.名称 | wan }}，括号和引号用英文并且成对";
const COMPUTE_ELSEWHERE: &str = "要计算时，请在 yuebao.toml 中用 [[figure]] 写算式，再在这里写它的名称";
const COMMENT_ELSEWHERE: &str = "不印出的说明请写在这段文字之外，另起一行，以 # 开头";

/// The marks that no name has, most of them typed full-width by mistake, and what to say of them.
const MISTYPED: [(&[char], &str); 7] = [
    (&['“', '”', '‘', '’', '［', '］', '【', '】'], "引号和方括号要用英文的"),
    (&['｜'], "“｜”要用英文的“|”"),
    (&['．', '。'], "名称里的点要用英文的“.”"),
    (&['（', '）'], "括号要用英文的“( )”"),
    (&['｛', '｝'], "括号要用英文的“{{ }}”"),
    (&['{', '}'], "两边各写两个括号，里面不再写"),
    (&['，', '、'], "写法前面要用英文的“|”"),
];

impl ExpressionFault {
    fn new(message: &'static str, hint: &'static str, span: Range<usize>) -> Self {
        Self { rule: &rules::TEXT_SYNTAX, message, hint, span }
    }
}

/// Reads a template: its expressions, all that is none, and the words between them.
pub(super) fn read(template: &str) -> Read {
    let mut found = Read::default();
    let (mut at, mut words) = (0, 0);
    while let Some(open) =
        template[at..].find('{').map(|open| at + open).filter(|_| found.faults.len() < MOST_FAULTS)
    {
        let rest = &template[open..];
        let (close, refusal) = match rest.as_bytes().get(1) {
            Some(b'{') => ("}}", None),
            Some(b'#') => ("#}", Some(("正文里不能用 {# #}", COMMENT_ELSEWHERE))),
            Some(b'%') => ("%}", Some(("正文里不能用 {% %}", COMPUTE_ELSEWHERE))),
            _ => {
                at = open + 1;
                continue;
            }
        };
        found.words.push(words..open);
        let Some(end) = rest.find(close).map(|end| open + end) else {
            found.faults.push(ExpressionFault::new("括号没有成对", WRITE_LIKE_THIS, open..open + 2));
            return found;
        };
        let unclosed = if refusal.is_none() { template[open + 2..end].find("{{") } else { None };
        if let Some(next) = unclosed {
            let message = "这里的 {{ 没有配对的 }}";
            found.faults.push(ExpressionFault::new(message, WRITE_LIKE_THIS, open..open + 2));
            at = open + 2 + next;
            words = at;
            continue;
        }
        at = end + 2;
        words = at;
        match refusal {
            Some((message, hint)) => found.faults.push(ExpressionFault::new(message, hint, open..at)),
            None => match expression(template, open + 2..end) {
                Ok(expression) => found.expressions.push(expression),
                Err(fault) => found.faults.push(fault),
            },
        }
    }
    // Beyond the most faults nobody has looked for brackets.
    if found.faults.len() < MOST_FAULTS {
        found.words.push(words..template.len());
    }
    found
}

fn expression(template: &str, inner: Range<usize>) -> Result<Expression, ExpressionFault> {
    let foreign_space = |(_, character): &(usize, char)| character.is_whitespace() && !character.is_ascii();
    if let Some((offset, character)) = template[inner.clone()].char_indices().find(foreign_space) {
        let at = inner.start + offset;
        let message = "{{ }} 里的空格要用英文的";
        return Err(ExpressionFault::new(message, "请删去这里的全角空格", at..at + character.len_utf8()));
    }
    if let Some(fault) = mistyped_mark(template, inner.clone()) {
        return Err(fault);
    }
    let mut pieces = split_at_bars(template, inner.clone()).into_iter().map(|piece| trimmed(template, piece));
    let name = pieces.next().unwrap_or(inner);
    let text = &template[name.clone()];
    let reference = match parse(text) {
        Ok(Formula::Name(reference)) => {
            let span = name.start + reference.span.start..name.start + reference.span.end;
            Reference { span, ..reference }
        }
        Ok(_) => {
            let message = "正文里不能运算，也不能直接写数";
            return Err(ExpressionFault::new(message, COMPUTE_ELSEWHERE, name));
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
            return Err(ExpressionFault::new(message, hint, span));
        }
    };
    let forms: Vec<Form> = pieces.map(|piece| form(template, piece)).collect::<Result<_, _>>()?;
    if let [_, second, ..] = forms.as_slice()
        && (forms.len() > 2 || second.name != "number")
    {
        let message = "只能用一种写法，后面可以再加 number";
        return Err(ExpressionFault::new(message, WRITE_LIKE_THIS, second.span.clone()));
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
        _ => Err(ExpressionFault::new("“|”后面应为一种写法", WRITE_LIKE_THIS, span)),
    }
}

/// The first mark outside quotation marks that no name has.
fn mistyped_mark(template: &str, inner: Range<usize>) -> Option<ExpressionFault> {
    unquoted(template, inner).find_map(|(at, character)| {
        let (_, message) = MISTYPED.iter().find(|(marks, _)| marks.contains(&character))?;
        let hint = "写成 operations[\"公安厅\"].mailed 或 figures.名称 | wan";
        Some(ExpressionFault::new(message, hint, at..at + character.len_utf8()))
    })
}

/// The pieces between bars that are not within quotation marks.
fn split_at_bars(template: &str, inner: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = inner.start;
    for (at, _) in unquoted(template, inner.clone()).filter(|(_, character)| *character == '|') {
        pieces.push(start..at);
        start = at + 1;
    }
    pieces.push(start..inner.end);
    pieces
}

/// The characters that are not within quotation marks, with their bytes in the template.
fn unquoted(template: &str, inner: Range<usize>) -> impl Iterator<Item = (usize, char)> {
    let mut quoted = None;
    let characters = template[inner.clone()].char_indices();
    characters.map(move |(offset, character)| (inner.start + offset, character)).filter(
        move |(_, character)| match quoted {
            None if matches!(character, '"' | '\'') => {
                quoted = Some(*character);
                false
            }
            None => true,
            Some(quote) => {
                quoted = Some(quote).filter(|quote| quote != character);
                false
            }
        },
    )
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
        let Read { expressions, faults, .. } = read(template);
        let found = expressions.iter().map(|expression| {
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
        assert_eq!(written("{ {"), Vec::<String>::new());
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
            "{# 说明 #}",
            "{{ 公安厅.a }}",
            "{{ a[“公安厅”].b }}",
        ] {
            assert!(!read(template).faults.is_empty(), "{template}");
        }
    }

    #[test]
    fn mistyped_marks_are_told_unless_they_are_quoted() {
        assert_eq!(written("{{ a.b ｜ wan }}"), ["“｜”要用英文的“|” 7..10"]);
        assert_eq!(written("{{{ a.b }}")[0], "两边各写两个括号，里面不再写 2..3");
        assert_eq!(written("{{ a．b }}"), ["名称里的点要用英文的“.” 4..7"]);
        assert_eq!(written("{{ a.b | percent（1） }}"), ["括号要用英文的“( )” 16..19"]);
        assert_eq!(written("{{ a[“公安厅”].b }}"), ["引号和方括号要用英文的 5..8"]);
        assert_eq!(written("{{ t[\"甲（本部）“乙”\"].c }}").len(), 1);
        assert!(written("{{ t[\"甲（本部）“乙”\"].c }}")[0].starts_with("t["));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(template in "[{}%#|a.\\[\\]\"“件 ()1]{0,24}") {
            let _ = read(&template);
        }
    }
}
