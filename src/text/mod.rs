//! Prose with figures: a minijinja template renders to runs of text and figures, never to markup.

mod runs;
mod scope;
mod shown_figure;

pub use runs::{Paragraph, Run};
pub use scope::TextScope;

use std::ops::Range;
use std::sync::{Arc, Mutex};

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use crate::diagnostic::{Diagnostic, Rule, line_of, rules, shown};
use crate::project::Prose;
use crate::similar::nearest;
use runs::{CLOSE, OPEN, collect_paragraphs, is_reserved};
use shown_figure::{FigureValue, add_filters};

/// How much work one text may do: far more than any text of a bulletin, far less than an endless loop.
const FUEL: u64 = 1_000_000;

/// The most faults of one text that are reported at once.
const MOST_FAULTS: usize = 50;

/// Renders the texts of one issue.
pub struct Texts {
    environment: Environment<'static>,
    scope: TextScope,
    /// The figures printed by the text being rendered; the text holds their indexes.
    printed: Arc<Mutex<Vec<Run>>>,
}

impl Texts {
    /// A renderer of texts that can name everything in `scope`.
    pub fn new(scope: TextScope) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        add_filters(&mut environment);
        let printed: Arc<Mutex<Vec<Run>>> = Arc::default();
        let sink = Arc::clone(&printed);
        environment.set_formatter(move |output, _, value| {
            if value.is_undefined() || value.is_none() {
                return Err(ErrorKind::UndefinedError.into());
            }
            let run = match FigureValue::shown_in(value) {
                Some(run) => run?,
                None => {
                    output.write_str(&value.to_string()).map_err(minijinja::Error::from)?;
                    return Ok(());
                }
            };
            let Ok(mut printed) = sink.lock() else { return Err(ErrorKind::WriteFailure.into()) };
            output
                .write_fmt(format_args!("{OPEN}{}{CLOSE}", printed.len()))
                .map_err(minijinja::Error::from)?;
            printed.push(run);
            Ok(())
        });
        Self { environment, scope, printed }
    }

    /// Renders a text to paragraphs; all faults that can be found, each at its place.
    pub fn render(&self, prose: &Prose) -> (Vec<Paragraph>, Vec<Diagnostic>) {
        if let Some((offset, _)) =
            prose.template.char_indices().find(|(_, character)| is_reserved(*character))
        {
            let diagnostic = Diagnostic::new(&rules::TEXT_CONTROL_CHARACTER, "文字中有看不见的控制字符")
                .at(prose.location(offset))
                .hint("请删去这里的字符，重新输入这几个字");
            return (Vec::new(), vec![diagnostic]);
        }
        let mut template = prose.template.clone();
        let mut diagnostics = Vec::new();
        loop {
            match self.render_once(&template) {
                Ok(paragraphs) if diagnostics.is_empty() => return (paragraphs, diagnostics),
                Ok(_) => return (Vec::new(), diagnostics),
                Err(error) => {
                    diagnostics.push(self.explain(prose, &template, &error));
                    // What is behind the faulty expression is looked at without it.
                    match without_expression(&template, &error) {
                        Some(rest) if diagnostics.len() < MOST_FAULTS => template = rest,
                        _ => return (Vec::new(), diagnostics),
                    }
                }
            }
        }
    }

    /// Renders a text that stands on one line, such as a heading.
    pub fn render_line(&self, prose: &Prose) -> (Paragraph, Vec<Diagnostic>) {
        let (paragraphs, mut diagnostics) = self.render(prose);
        if diagnostics.is_empty() && paragraphs.len() != 1 {
            diagnostics.push(
                Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, "这里应为一行文字，不能空白或分段").at(prose.at()),
            );
        }
        (paragraphs.into_iter().next().unwrap_or_default(), diagnostics)
    }

    fn render_once(&self, template: &str) -> Result<Vec<Paragraph>, minijinja::Error> {
        if let Ok(mut printed) = self.printed.lock() {
            printed.clear();
        }
        let output = self.environment.render_str(template, self.scope.context())?;
        let printed = self.printed.lock().map(|printed| printed.clone()).unwrap_or_default();
        Ok(collect_paragraphs(&output, &printed))
    }

    fn explain(&self, prose: &Prose, template: &str, error: &minijinja::Error) -> Diagnostic {
        let range = error_range(template, error);
        let written = template.get(range.clone()).unwrap_or_default();
        let (rule, message, hint) = self.describe(error, written);
        let excerpt = line_of(&prose.template, &range);
        let diagnostic = Diagnostic::new(rule, message).at(prose.location(range.start)).excerpt(excerpt);
        match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }

    /// The rule that a fault breaks, what is wrong, and what to do.
    fn describe(&self, error: &minijinja::Error, written: &str) -> (&'static Rule, String, Option<String>) {
        let detail = error.detail().unwrap_or_default();
        let name = figure_name(written);
        match error.kind() {
            ErrorKind::UndefinedError => {
                let near = nearest(&name, self.scope.names());
                let hint = match near.first() {
                    Some(near) => format!("是不是 {near}？"),
                    None => "yuebao figures 月份 可列出全部名称".to_owned(),
                };
                (&rules::TEXT_UNKNOWN_NAME, format!("没有 {} 这个数或名称", shown(&name)), Some(hint))
            }
            ErrorKind::UnknownFilter => {
                let hint =
                    "可用的有：wan（万）、yi（亿）、percent（百分数）、round(位数)、number（不带单位）";
                (
                    &rules::TEXT_UNKNOWN_NAME,
                    format!("没有 {} 这种写法", shown(written)),
                    Some(hint.to_owned()),
                )
            }
            ErrorKind::SyntaxError | ErrorKind::BadEscape => (
                &rules::TEXT_SYNTAX,
                "{{ }} 或 {% %} 里的写法有误".to_owned(),
                Some("数字写成 {{ figures.名称 | wan }}；括号、引号都要用英文并且成对".to_owned()),
            ),
            ErrorKind::OutOfFuel => {
                (&rules::TEXT_FAULT, "这段文字的计算量太大，已停止".to_owned(), Some("请减少循环".to_owned()))
            }
            // The filters' own faults are written for the editor.
            ErrorKind::InvalidOperation if !detail.is_ascii() => {
                (&rules::TEXT_FAULT, detail.to_owned(), None)
            }
            _ => (
                &rules::TEXT_FAULT,
                format!("{} 算不出来", shown(written)),
                Some("正文里不能直接运算；请在 yuebao.toml 中用 [[figure]] 写算式，再引用它".to_owned()),
            ),
        }
    }
}

/// The bytes of a template that an error is about; the whole line where the engine knows no more.
fn error_range(template: &str, error: &minijinja::Error) -> Range<usize> {
    if let Some(range) = error.range().filter(|range| template.get(range.clone()).is_some()) {
        return from_the_operand(template, error, range);
    }
    let line = error.line().unwrap_or(1);
    let start: usize = template.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = template[start.min(template.len())..].lines().next().map_or(0, str::len);
    start.min(template.len())..(start + length).min(template.len())
}

/// An error that a filter meets is about what stands before it: the place begins there.
fn from_the_operand(template: &str, error: &minijinja::Error, range: Range<usize>) -> Range<usize> {
    let before = template.get(..range.start).unwrap_or_default();
    let is_filter = before.trim_end().ends_with('|');
    let open = before.rfind("{{").map(|open| open + 2);
    match open {
        Some(open) if is_filter && error.kind() != ErrorKind::UnknownFilter => {
            let start = range.start - before[open..].trim_start().len();
            start..range.end
        }
        _ => range,
    }
}

/// The template with the faulty `{{ … }}` blanked out, byte for byte; none where the fault is elsewhere.
fn without_expression(template: &str, error: &minijinja::Error) -> Option<String> {
    let range = error.range()?;
    let open = template.get(..range.start.max(2))?.rfind("{{")?;
    let close = open + template.get(open..)?.find("}}")? + 2;
    if close < range.end || template[open..range.start.max(open)].contains("}}") {
        return None;
    }
    let mut rest = template.to_owned();
    rest.replace_range(open..close, &" ".repeat(close - open));
    Some(rest)
}

/// The name of the figure in an expression: `figures.accepted` of `figures.accepted | wan`.
fn figure_name(expression: &str) -> String {
    let expression = expression.trim();
    let end = expression.find(['|', '(', '+', '*', ' ', '}', '~']).unwrap_or(expression.len());
    expression[..end].trim().to_owned()
}

#[cfg(test)]
mod tests;
