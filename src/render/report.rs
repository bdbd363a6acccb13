//! Typst's errors and warnings as diagnostics: place, all hints, the trace of calls.

use typst::diag::{Severity as TypstSeverity, SourceDiagnostic};
use typst::syntax::DiagSpan;
use typst::{World, WorldExt};

use super::translation::{english_mark, translated, translated_hint, translated_step};
use super::world::IssueWorld;
use crate::diagnostic::{Diagnostic, Excerpt, Location, Severity, line_of, rules};

/// The most of Typst's findings that are told at once.
const MOST_FINDINGS: usize = 20;

/// The most faults of one file's syntax that are told at once: the parser stumbles on after the first.
const MOST_SYNTAX_FAULTS: usize = 2;

/// Typst's findings, each at its place in the generated source or the template.
pub fn diagnostics(world: &IssueWorld<'_>, found: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> =
        foremost(world, found).into_iter().map(|finding| diagnostic(world, finding)).collect();
    let left_out = found.len() - diagnostics.len();
    if let (Some(last), 1..) = (diagnostics.last_mut(), left_out) {
        last.hints.push(format!("另有 {left_out} 处没有列出，多半由前面的引起"));
    }
    diagnostics
}

/// The findings that are told. Of a file that is no Typst, Typst tells nothing but faults of syntax; a full-width
/// mark among them is what the others come from.
fn foremost<'f>(world: &IssueWorld<'_>, found: &'f [SourceDiagnostic]) -> Vec<&'f SourceDiagnostic> {
    let file = found.first().filter(|first| first.severity == TypstSeverity::Error);
    let source = file.and_then(|first| world.source(first.span.id()?).ok());
    if !source.is_some_and(|source| source.root().diagnosis().errors) {
        return found.iter().take(MOST_FINDINGS).collect();
    }
    match found.iter().find(|finding| english_mark(&finding.message).is_some()) {
        Some(mark) => vec![mark],
        None => found.iter().take(MOST_SYNTAX_FAULTS).collect(),
    }
}

/// A finding that has no place.
pub fn plain(message: &str) -> Diagnostic {
    Diagnostic::new(&rules::TYPESETTING_FAULT, format!("排版出错：{}", translated(message)))
}

fn diagnostic(world: &IssueWorld<'_>, finding: &SourceDiagnostic) -> Diagnostic {
    let (rule, severity, what) = match finding.severity {
        TypstSeverity::Error => (&rules::TYPESETTING_FAULT, Severity::Error, "排版出错"),
        TypstSeverity::Warning => (&rules::TYPESETTING_WARNING, Severity::Warning, "排版提醒"),
    };
    let mut diagnostic = Diagnostic::new(rule, format!("{what}：{}", translated(&finding.message)));
    diagnostic.severity = severity;
    let place = place(world, finding.span);
    if let Some((location, excerpt)) = place {
        diagnostic = diagnostic.at(location).excerpt(excerpt);
    }
    if finding.span.id() == Some(world.main()) {
        let (source, template) = (IssueWorld::name(world.main()), world.main_template());
        diagnostic = diagnostic.hint(format!("{source} 由 {template} 生成，请改后者中对应的地方"));
    }
    if let Some(mark) = english_mark(&finding.message) {
        diagnostic = diagnostic.hint(format!("请改用英文符号“{mark}”"));
    }
    for hint in &finding.hints {
        let Some(text) = translated_hint(&hint.v) else { continue };
        diagnostic = match self::place(world, hint.span) {
            Some((location, _)) => diagnostic.hint(format!("{text}（{location}）")),
            None => diagnostic.hint(text),
        };
    }
    for point in &finding.trace {
        if let (Some(step), Some((location, _))) = (translated_step(&point.v), self::place(world, point.span))
        {
            diagnostic = diagnostic.hint(format!("经由 {location}（{step}）"));
        }
    }
    diagnostic
}

fn place(world: &IssueWorld<'_>, span: impl Into<DiagSpan>) -> Option<(Location, Excerpt)> {
    let span = span.into();
    let id = span.id()?;
    let source = world.source(id).ok()?;
    let range = world.range(span)?;
    let location = Location::in_text(IssueWorld::name(id), source.text(), range.start);
    Some((location, line_of(source.text(), &range)))
}
