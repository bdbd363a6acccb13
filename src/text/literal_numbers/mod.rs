//! Numbers typed in the prose: each is reported, unless custom or the editor accounts for it.
//!
//! `scan` finds them, `customary` leaves out dates, ordinals, names and the
//! like, `[[literal]]` in issue.toml accounts for what belongs to the wording;
//! `known_figures` names the figures that a number may have been copied from.

mod candidate;
mod chinese;
mod coverage;
mod customary;
mod digits;
mod known_figures;
mod likeness;
mod measures;
mod scan;
mod typed_number;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location, line_of, rules, shown};
use crate::figure::Ledger;
use crate::project::{
    ISSUE_FILE, IssueFile, Literal, PARAGRAPH_END, Project, Prose, Register, TypedText, is_chinese_numeral,
};
use candidate::Candidate;
use coverage::Coverage;
use customary::Customary;
use known_figures::{KnownFigures, TypedPart};
use measures::{Measures, is_han, noun_end};
use scan::scan;
use typed_number::TypedNumber;

/// The most numbers that are reported one by one.
const MOST_REPORTED: usize = 20;

/// How far before and behind a number its sentence is looked through for departments, in characters.
const LONGEST_SENTENCE: usize = 300;

/// The most lines that the finding about all further numbers lists.
const MOST_LINES: usize = 30;

/// Every typed number of an issue's texts and its tables' titles that nothing accounts for, by place; then all
/// declared wording that stands nowhere. `found` is what was found when the month's files were read.
pub fn check_literal_numbers(
    project: &Project,
    issue: &IssueFile,
    ledger: &Arc<Ledger>,
    found: &[Diagnostic],
) -> Vec<Diagnostic> {
    let titles = project.settings.tables.iter().map(|table| &table.title);
    let texts: Vec<&Prose> = issue.proses().chain(titles).collect();
    let numbers = LiteralNumbers { ledger, register: &project.register, literals: &issue.literals };
    let mut diagnostics = numbers.report(&texts);
    let is_of_issue =
        |found: &Diagnostic| found.location.as_ref().is_some_and(|at| at.path().ends_with(ISSUE_FILE));
    // Where a text could not be read, nobody knows what stands in it.
    if !found.iter().any(|found| found.is_error() && is_of_issue(found)) {
        diagnostics.extend(numbers.report_unmatched(&texts));
    }
    diagnostics
}

/// What accounts for the numbers of an issue's texts.
struct LiteralNumbers<'a> {
    /// The issue's figures.
    ledger: &'a Arc<Ledger>,
    /// The register of departments, whose names may hold numbers.
    register: &'a Register,
    /// What issue.toml declares as wording.
    literals: &'a [Literal],
}

/// A number that nothing accounts for.
struct Unexplained {
    /// The index of its text.
    text: usize,
    number: TypedNumber,
}

impl LiteralNumbers<'_> {
    /// Every typed number of these texts that nothing accounts for, by place.
    fn report(&self, texts: &[&Prose]) -> Vec<Diagnostic> {
        let mut texts: Vec<&Prose> = texts.to_vec();
        texts.sort_by_key(|prose| prose.at());
        let typed: Vec<TypedText> = texts.iter().map(|prose| TypedText::new(&prose.template)).collect();
        let measures = Measures::new(self.ledger.units());
        let names = self.names_with_numbers();
        let literals: Vec<TypedText> =
            self.literals.iter().map(|literal| TypedText::new(&literal.text.value)).collect();
        let mut unexplained: Vec<Unexplained> = Vec::new();
        for (index, text) in typed.iter().enumerate() {
            let names = Coverage::new(text, &names);
            let declared = Coverage::new(text, &literals);
            let customary = Customary::new(text);
            let is_accounted_for = |number: &TypedNumber| {
                let chars = number.chars();
                declared.holds(&chars) || names.holds(&chars) || customary.holds(number)
            };
            let numbers = scan(text, &measures).into_iter().filter(|number| !is_accounted_for(number));
            unexplained.extend(numbers.map(|number| Unexplained { text: index, number }));
        }
        if unexplained.is_empty() {
            return Vec::new();
        }
        let figures = KnownFigures::new(self.ledger);
        let explain = |found: &Unexplained| {
            let (prose, text) = texts.get(found.text).zip(typed.get(found.text))?;
            Some(self.explain(prose, text, &found.number, &measures, &figures))
        };
        let mut diagnostics: Vec<Diagnostic> =
            unexplained.iter().take(MOST_REPORTED).filter_map(explain).collect();
        let place = |found: &Unexplained| {
            let (prose, text) = texts.get(found.text).zip(typed.get(found.text))?;
            Some(prose.location(text.span(&found.number.chars()).start))
        };
        let further = unexplained.get(MOST_REPORTED..).unwrap_or_default();
        diagnostics.extend(gather_further(further, place));
        diagnostics
    }

    /// Every declared wording that stands in none of these texts.
    fn report_unmatched(&self, texts: &[&Prose]) -> Vec<Diagnostic> {
        let typed: Vec<TypedText> = texts.iter().map(|prose| TypedText::new(&prose.template)).collect();
        let unmatched = self.literals.iter().filter(|literal| {
            let wanted = TypedText::new(&literal.text.value);
            typed.iter().all(|text| text.occurrences(&wanted).is_empty())
        });
        unmatched
            .map(|literal| {
                let message = format!("声明的“{}”在本期的正文里没有", shown(&literal.text.value));
                Diagnostic::new(&rules::LITERAL_UNMATCHED, message)
                    .at(literal.text.at.clone())
                    .hint("正文已经改写的，请删去这一节 [[literal]]；还要用的，text 请和正文里的写法一致")
            })
            .collect()
    }

    fn names_with_numbers(&self) -> Vec<TypedText> {
        let has_number = |name: &&String| name.chars().any(|it| it.is_numeric() || is_chinese_numeral(it));
        let names = self
            .register
            .iter()
            .flat_map(|department| std::iter::once(&department.name).chain(&department.aliases));
        names.filter(has_number).map(|name| TypedText::new(name)).collect()
    }

    fn explain(
        &self,
        prose: &Prose,
        text: &TypedText,
        number: &TypedNumber,
        measures: &Measures,
        figures: &KnownFigures<'_>,
    ) -> Diagnostic {
        let range = number.start()..number.end();
        let span = text.span(&range);
        let written: String = text.slice(range).iter().collect();
        let diagnostic =
            Diagnostic::new(&rules::LITERAL_NUMBER, format!("“{}”是直接写在正文里的数字", shown(&written)))
                .at(prose.location(span.start))
                .excerpt(line_of(&prose.template, &span));
        let mentioned = self.mentioned(text, number);
        let parts = number.parts.iter().map(|part| TypedPart { text, part, measures, mentioned: &mentioned });
        let equal: Vec<Candidate> = parts.clone().flat_map(|part| figures.equal(part)).collect();
        let close = match equal.is_empty() {
            true => parts.flat_map(|part| figures.close(part)).collect(),
            false => Vec::new(),
        };
        let is_known = !equal.is_empty() || !close.is_empty();
        let diagnostic = equal.iter().take(3).fold(diagnostic, |diagnostic, figure| {
            diagnostic.hint(format!(
                "它等于 {}，请改写成 {}{}",
                named(figure),
                figure.expression,
                prints(figure)
            ))
        });
        let diagnostic = close.iter().take(3).fold(diagnostic, |diagnostic, figure| {
            let hint = format!(
                "它和 {}相近而不相等，请核对；要印的是这个数，请改写成 {}{}",
                named(figure),
                figure.expression,
                prints(figure)
            );
            diagnostic.hint(hint)
        });
        let declare = format!(
            "请在 issue.toml 中加一节 [[literal]]，写上 text = \"{}\" 和 source（来源）",
            wording(text, number)
        );
        match is_known {
            true => diagnostic.hint(format!("不是这个数，而是属于行文的，{declare}")),
            false => diagnostic
                .hint("手工录入的数，请在 issue.toml 中写成 [values.名称]（value、unit、source），正文写 {{ values.名称 }}")
                .hint(format!("属于行文的数，{declare}")),
        }
    }

    /// The official names of the departments that stand in the number's sentence.
    fn mentioned(&self, text: &TypedText, number: &TypedNumber) -> Vec<&str> {
        let ends = |it: char| matches!(it, '。' | '；' | '！' | '？') || it == PARAGRAPH_END;
        let (first, last) =
            (number.start().saturating_sub(LONGEST_SENTENCE), number.end() + LONGEST_SENTENCE);
        let is_end = |&at: &usize| text.at(at).is_none_or(ends);
        let start = (first..number.start()).rev().find(is_end).map_or(first, |at| at + 1);
        let end = (number.end()..last).find(is_end).unwrap_or(last);
        let sentence: String = text.slice(start..end).iter().collect();
        let is_in = |name: &String| sentence.contains(name.as_str());
        self.register
            .iter()
            .filter(|department| is_in(&department.name) || department.aliases.iter().any(is_in))
            .map(|department| department.name.as_str())
            .collect()
    }
}

fn named(figure: &Candidate) -> String {
    format!("{}（{}）", figure.id, figure.exact)
}

/// What the expression prints, where it is not the figure's exact value that has just been named.
fn prints(figure: &Candidate) -> String {
    if figure.printed == figure.exact { String::new() } else { format!("，印作 {}", figure.printed) }
}

/// The wording to declare: the number with its unit, or with the words beside it where it has none.
fn wording(text: &TypedText, number: &TypedNumber) -> String {
    let (mut start, mut end) = (number.start(), number.end());
    if !number.has_measure() {
        end = noun_end(text, end);
        if end == number.end() {
            let is_word = |&at: &usize| text.at(at).is_some_and(is_han);
            start -= (start.saturating_sub(2)..start).rev().take_while(is_word).count();
        }
    }
    text.slice(start..end).iter().collect()
}

/// One finding for all numbers beyond those that are reported one by one.
fn gather_further(
    further: &[Unexplained],
    place: impl Fn(&Unexplained) -> Option<Location>,
) -> Option<Diagnostic> {
    let first = place(further.first()?)?;
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for location in further.iter().take(MOST_LINES).filter_map(place) {
        let of_file = lines.entry(location.path().to_owned()).or_default();
        let line = location.cell_name().unwrap_or_default();
        if of_file.last() != Some(&line) {
            of_file.push(line);
        }
    }
    let more = if further.len() > MOST_LINES { "等" } else { "" };
    let files: Vec<String> =
        lines.iter().map(|(file, lines)| format!("{file} {}", lines.join("、"))).collect();
    let message = format!("另外还有 {} 处直接写在正文里的数字", further.len());
    let mut found = Diagnostic::new(&rules::LITERAL_NUMBER, message)
        .at(first)
        .hint(format!("它们在 {}{more}；前面的处理好以后会逐处列出", files.join("；")));
    found.places = further.len();
    Some(found)
}

#[cfg(test)]
mod tests;
