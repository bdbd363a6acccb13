//! Prose with figures: a minijinja template renders to runs of text and figures, never to markup.

mod changes;
mod declared;
mod expression;
mod forms;
mod literal_numbers;
mod message;
mod preparation;
mod runs;
mod scope;
mod shown_column;
mod shown_figure;
mod stray_braces;

pub use declared::DeclaredNames;
pub use literal_numbers::check_literal_numbers;
pub use message::{Message, MessageFault, Shown};
pub use preparation::prepare_figures;
pub use runs::{Paragraph, Run};
pub use scope::TextScope;

use std::ops::Range;
use std::sync::{Arc, Mutex};

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use crate::diagnostic::{Diagnostic, Rule, has_errors, line_of, rules, shown};
use crate::figure::{Reference, ReferencePart};
use crate::project::Prose;
use crate::similar::nearest;
use expression::{Expression, Read, read};
use forms::{Argument, FORMS, known};
use runs::{CLOSE, OPEN, collect_paragraphs};
use scope::Named;
use shown_column::{ColumnValue, add_column_filters};
use shown_figure::{FigureValue, add_filters};
use stray_braces::stray_braces;

/// Renders the texts of one issue.
pub struct Texts {
    environment: Environment<'static>,
    scope: TextScope,
    /// The names of figures that may be absent where their source has errors of its own.
    declared: DeclaredNames,
    /// Whether there are such errors, so that a figure that is absent or without a number is no fault of the text.
    lenient: bool,
    /// The figures printed by the text being rendered; the text holds their indexes.
    printed: Arc<Mutex<Vec<Run>>>,
}

/// What is wrong at a place of a template.
struct Fault {
    rule: &'static Rule,
    message: String,
    hint: Option<String>,
    span: Range<usize>,
}

impl Texts {
    /// A renderer of texts that can name everything in `scope`. A `lenient` one says nothing of
    /// `declared` figures that are absent or without a number: their source has errors that have been
    /// reported, and one message is enough.
    pub fn new(scope: TextScope, declared: DeclaredNames, lenient: bool) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        add_filters(&mut environment);
        add_column_filters(&mut environment);
        let printed: Arc<Mutex<Vec<Run>>> = Arc::default();
        let sink = Arc::clone(&printed);
        environment.set_formatter(move |output, _, value| {
            let runs = match (FigureValue::shown_in(value), ColumnValue::shown_in(value)) {
                (Some(run), _) => vec![run?],
                (None, Some(runs)) => runs.to_vec(),
                // Words: the parts of a month, the number.
                (None, None) => {
                    let words = value.as_str().ok_or(ErrorKind::UndefinedError)?;
                    return output.write_str(words).map_err(minijinja::Error::from);
                }
            };
            let Ok(mut printed) = sink.lock() else { return Err(ErrorKind::WriteFailure.into()) };
            for run in runs {
                output
                    .write_fmt(format_args!("{OPEN}{}{CLOSE}", printed.len()))
                    .map_err(minijinja::Error::from)?;
                printed.push(run);
            }
            Ok(())
        });
        Self { environment, scope, declared, lenient, printed }
    }

    /// Renders a text to paragraphs; all its faults, each at its place.
    pub fn render(&self, prose: &Prose) -> (Vec<Paragraph>, Vec<Diagnostic>) {
        let template = &prose.template;
        if let Some(diagnostic) = prose.hidden_character() {
            return (Vec::new(), vec![diagnostic]);
        }
        let Read { expressions: found, faults, words } = read(template);
        let stray = stray_braces(template, &words, &|name| self.scope.begins_name(name));
        let mut faults: Vec<Fault> = faults
            .into_iter()
            .chain(stray)
            .map(|fault| Fault {
                rule: fault.rule,
                message: fault.message.to_owned(),
                hint: Some(fault.hint.to_owned()),
                span: fault.span,
            })
            .collect();
        faults.extend(found.iter().flat_map(|expression| self.check(expression, template)));
        faults.sort_by_key(|fault| fault.span.start);
        let absent = found.iter().any(|expression| self.is_absent(expression));
        let diagnostics: Vec<Diagnostic> = faults.into_iter().map(|fault| explain(prose, fault)).collect();
        if has_errors(&diagnostics) || absent {
            return (Vec::new(), diagnostics);
        }
        match self.render_once(template) {
            Ok(paragraphs) => (paragraphs, diagnostics),
            Err(error) => {
                // Whatever the checks above let through.
                let line: usize =
                    template.split_inclusive('\n').take(error.line().unwrap_or(1) - 1).map(str::len).sum();
                let fault = Fault {
                    rule: &rules::TEXT_FAULT,
                    message: "这段文字无法生成".to_owned(),
                    hint: None,
                    span: line..line,
                };
                (Vec::new(), vec![explain(prose, fault)])
            }
        }
    }

    /// Renders a text that stands on one line, such as a heading.
    pub fn render_line(&self, prose: &Prose) -> (Paragraph, Vec<Diagnostic>) {
        let (paragraphs, mut diagnostics) = self.render(prose);
        if !has_errors(&diagnostics) && paragraphs.len() != 1 && !self.may_lack_figures(prose) {
            let message = match paragraphs.len() {
                0 => "这里还没有写文字",
                _ => "这里应为一行文字，不能分段",
            };
            diagnostics.push(
                Diagnostic::new(&rules::TEXT_NOT_ONE_LINE, message)
                    .at(prose.at())
                    .hint("请写成一行，或删去这一项"),
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

    /// Whether an expression names a figure whose source has errors.
    fn is_absent(&self, expression: &Expression) -> bool {
        let knows = |name: &str| self.scope.knows_department(name);
        let has_no_number = match self.scope.lookup(&expression.reference) {
            Named::Figure(figure) => figure.amount.number().is_none(),
            Named::Nothing => self.declared.holds(&expression.reference, knows),
            Named::Column(column) => !column.has(count_asked(expression)),
            Named::Several | Named::Word => false,
        };
        self.lenient && has_no_number
    }

    /// Whether a text may render to nothing because a figure's source has errors.
    pub fn may_lack_figures(&self, prose: &Prose) -> bool {
        self.lenient && prose.template.contains("{{")
    }

    fn check(&self, expression: &Expression, template: &str) -> Vec<Fault> {
        let span = expression.reference.span.clone();
        let mut faults = check_forms(expression);
        if self.is_absent(expression) {
            return faults;
        }
        let fault = |message: String, hint: String| Fault {
            rule: &rules::TEXT_FAULT,
            message,
            hint: Some(hint),
            span: span.clone(),
        };
        let written = shown(template.get(span.clone()).unwrap_or_default());
        match self.scope.lookup(&expression.reference) {
            Named::Nothing => faults.push(self.unknown(&expression.reference, &written)),
            Named::Several => faults.push(fault(
                format!("{written} 不是一个数，要一直写到列名"),
                format!("如 {written}.列名；数的名称可用 yuebao figures 列出"),
            )),
            Named::Word if expression.forms.is_empty() => {}
            Named::Word => {
                faults.push(fault(format!("{written} 不用再加写法"), format!("直接写成 {{{{ {written} }}}}")))
            }
            Named::Column(column) if faults.is_empty() => {
                faults.extend(check_column(&column, expression, &written));
            }
            Named::Figure(figure) if expression.forms.iter().any(|form| is_of_column(&form.name)) => {
                faults.push(match figure.absence() {
                    Some(refusal) => fault(refusal.message, refusal.hint.to_owned()),
                    None => fault(
                        format!("{written} 是一个数，列不出部门"),
                        "这种写法用于一整列，如 operations.mailed | top(3)".to_owned(),
                    ),
                });
            }
            Named::Figure(figure) if faults.is_empty() => {
                let forms: Vec<(&str, Option<u32>)> = expression
                    .forms
                    .iter()
                    .map(|form| {
                        (
                            form.name.as_str(),
                            form.argument.as_ref().and_then(|argument| argument.parse().ok()),
                        )
                    })
                    .collect();
                match figure.with_forms(&forms) {
                    Err(refusal) => faults.push(fault(refusal.message, refusal.hint.to_owned())),
                    Ok(_) => {
                        faults.extend(year_incomplete(&figure, &written, &span));
                        if !self.lenient {
                            faults.extend(operand_missing(&figure, &written, &span));
                        }
                        faults.extend(forms.iter().filter(|(form, _)| figure.lacks_base(form)).map(|_| {
                            Fault {
                                rule: &rules::TEXT_NOTHING_TO_COMPARE,
                                message: format!("{written} 没有可以比较的往期数，印作“无可比数据”"),
                                hint: Some(
                                    "往期没有这个月、那时没有这个数，或为“/”；请改写这句话".to_owned(),
                                ),
                                span: span.clone(),
                            }
                        }))
                    }
                }
            }
            Named::Figure(_) | Named::Column(_) => {}
        }
        faults
    }

    fn unknown(&self, reference: &Reference, written: &str) -> Fault {
        let rule = &rules::TEXT_UNKNOWN_NAME;
        let fault = |message, hint| Fault { rule, message, hint: Some(hint), span: reference.span.clone() };
        if let Some(column) = column_of_total(reference).filter(|column| self.scope.knows_column(column)) {
            let hint = format!(
                "各部门相加没有意义；要平均数，请在 yuebao.toml 的 [[figure]] 中写算式，如 avg({column})"
            );
            return fault(format!("{written} 没有合计"), hint);
        }
        let is_rank = matches!(reference.parts.last(), Some(ReferencePart::Name(last)) if last == "rank");
        if is_rank && self.declared.holds(reference, |name| self.scope.knows_department(name)) {
            let hint = "得分是“/”或空白的部门没有名次；请改写这句话，或核对表中的数".to_owned();
            return fault(format!("{written} 没有名次"), hint);
        }
        let department = reference.parts.iter().find_map(|part| match part {
            ReferencePart::Key(key) if !self.scope.knows_department(key) => Some(key),
            _ => None,
        });
        let (message, near) = match department {
            Some(name) => {
                (format!("名册里没有“{}”这个部门", shown(name)), self.scope.suggest_department(name))
            }
            None => {
                let near = nearest(written, self.scope.names()).first().map(|near| (*near).to_owned());
                (format!("没有 {written} 这个数"), near)
            }
        };
        let names = "数的名称可用 yuebao figures 列出，另有 number、month.year 和 month.month";
        let hint = near.map_or_else(|| names.to_owned(), |near| format!("是不是 {near}？"));
        fault(message, hint)
    }
}

/// The column of a name such as `operations.total.mailed`: `operations.mailed`.
fn column_of_total(reference: &Reference) -> Option<String> {
    match reference.parts.as_slice() {
        [ReferencePart::Name(table), ReferencePart::Name(total), ReferencePart::Name(column)]
            if total == "total" =>
        {
            Some(format!("{table}.{column}"))
        }
        _ => None,
    }
}

fn check_forms(expression: &Expression) -> Vec<Fault> {
    let mut faults = Vec::new();
    for form in &expression.forms {
        let (rule, message, hint) = match (known(&form.name), &form.argument) {
            (None, _) => {
                let near = nearest(&form.name, FORMS.iter().map(|known| known.name));
                let all: Vec<String> =
                    FORMS.iter().map(|known| format!("{}（{}）", known.name, known.meaning)).collect();
                let hint = match near.first() {
                    Some(near) => format!("是不是 {near}？"),
                    None => format!("可用的有：{}", all.join("、")),
                };
                (&rules::TEXT_UNKNOWN_NAME, format!("没有 {} 这种写法", shown(&form.name)), hint)
            }
            (Some(known), argument) if known.argument == Argument::Count => {
                let count = argument.as_ref().and_then(|argument| argument.parse::<u32>().ok());
                if count.is_some_and(|count| (1..=100).contains(&count)) {
                    continue;
                }
                let hint = format!("如 {}(3)", known.name);
                (&rules::TEXT_SYNTAX, format!("{} 的括号里应为部门的个数", known.name), hint)
            }
            (Some(known), Some(_)) if known.argument == Argument::None => {
                let hint = format!("直接写 {}", known.name);
                (&rules::TEXT_SYNTAX, format!("{} 后面不用括号", known.name), hint)
            }
            (Some(known), Some(argument)) if !argument.parse().is_ok_and(|decimals: u32| decimals <= 10) => {
                let hint = format!("如 {}(2)", known.name);
                (&rules::TEXT_SYNTAX, format!("{} 的括号里应为 0 到 10 的位数", known.name), hint)
            }
            _ => continue,
        };
        faults.push(Fault { rule, message, hint: Some(hint), span: form.span.clone() });
    }
    faults
}

fn is_of_column(form: &str) -> bool {
    known(form).is_some_and(|form| form.of_column)
}

/// How many departments of a column are asked for.
fn count_asked(expression: &Expression) -> usize {
    let argument = expression.forms.first().and_then(|form| form.argument.as_ref());
    argument.and_then(|argument| argument.parse().ok()).unwrap_or(1)
}

/// What a year to date leaves out, if anything.
fn year_incomplete(figure: &FigureValue, written: &str, span: &Range<usize>) -> Option<Fault> {
    let months = figure.months_left_out();
    (!months.is_empty()).then(|| Fault {
        rule: &rules::TEXT_YEAR_INCOMPLETE,
        message: format!("{written} 的累计没有计入 {}：当时不在统计期内", months.join("、")),
        hint: Some(
            "部门改了名、列或表换了新的，请把新旧两者的累计加起来；情况属实的，在 issue.toml 中确认"
                .to_owned(),
        ),
        span: span.clone(),
    })
}

/// What a formula counts for nothing because nobody filled it in.
fn operand_missing(figure: &FigureValue, written: &str, span: &Range<usize>) -> Option<Fault> {
    let missing = figure.missing_operands();
    let first = missing.first()?;
    let more = if missing.len() > 1 { format!(" 等 {} 个数", missing.len()) } else { String::new() };
    Some(Fault {
        rule: &rules::TEXT_OPERAND_MISSING,
        message: format!("{written} 的算式用到漏填的 {first}{more}，漏填的没有计入"),
        hint: Some("请补填，没有此项业务填“/”；或改写这句话".to_owned()),
        span: span.clone(),
    })
}

/// A column is printed in one of its own forms only; a tie that lists more than were asked for is told.
fn check_column(column: &ColumnValue, expression: &Expression, written: &str) -> Option<Fault> {
    let span = expression.reference.span.clone();
    let fault =
        |rule, message: String, hint: &str| Fault { rule, message, hint: Some(hint.to_owned()), span };
    let [form] = expression.forms.as_slice() else {
        let message = format!("{written} 是一整列，不是一个数");
        return Some(fault(&rules::TEXT_FAULT, message, "合计写 表名.total.列名；列出部门写 | top(3)"));
    };
    if !is_of_column(&form.name) {
        let message = format!("{written} 是一整列，不能用 {} 这种写法", shown(&form.name));
        return Some(fault(&rules::TEXT_FAULT, message, "合计写 表名.total.列名；列出部门写 | top(3)"));
    }
    let count = count_asked(expression);
    match column.listed(&form.name, count) {
        Err(refusal) => Some(fault(&rules::TEXT_FAULT, refusal.message, refusal.hint)),
        Ok(listed) if listed.count > count => {
            let message = format!("{written} 有并列，列出了 {} 个部门，不是 {count} 个", listed.count);
            Some(fault(&rules::TEXT_TIE, message, "请核对这句话的说法，或改括号里的个数"))
        }
        Ok(_) => None,
    }
}

fn explain(prose: &Prose, fault: Fault) -> Diagnostic {
    let diagnostic = Diagnostic::new(fault.rule, fault.message)
        .at(prose.location(fault.span.start))
        .excerpt(line_of(&prose.template, &fault.span));
    match fault.hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests;
