//! Typst's errors and warnings as diagnostics: place, all hints, the trace of calls.

use typst::diag::{Severity as TypstSeverity, SourceDiagnostic};
use typst::syntax::DiagSpan;
use typst::{World, WorldExt};

use super::translation::translated;
use super::world::IssueWorld;
use crate::diagnostic::{Diagnostic, Excerpt, Location, Severity, line_of, rules};

/// The most of Typst's findings that are told at once.
const MOST_FINDINGS: usize = 20;

/// Typst's findings, each at its place in the generated source or the template.
pub fn diagnostics(world: &IssueWorld<'_>, found: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> =
        found.iter().take(MOST_FINDINGS).map(|finding| diagnostic(world, finding)).collect();
    // A fault in the template's syntax has hundreds of others in its train.
    if let (Some(last), true) = (diagnostics.last_mut(), found.len() > MOST_FINDINGS) {
        last.hints.push(format!("另有 {} 处没有列出，多半由前面的引起", found.len() - MOST_FINDINGS));
    }
    diagnostics
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
    for hint in &finding.hints {
        diagnostic = match self::place(world, hint.span) {
            Some((location, _)) => diagnostic.hint(format!("{}（{location}）", hint.v)),
            None => diagnostic.hint(hint.v.to_string()),
        };
    }
    for point in &finding.trace {
        if let Some((location, _)) = self::place(world, point.span) {
            diagnostic = diagnostic.hint(format!("经由 {location}（{}）", point.v));
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
