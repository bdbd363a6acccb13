//! The named figures of yuebao.toml, computed in the order that their formulas ask for.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, rules, shown};
use crate::figure::{
    Evaluation, Expression, Figure, FigureId, FormulaFault, Ledger, Operation, Origin, Reference,
    ReferencePart, evaluate, parse,
};
use crate::project::{FigureDefinition, Project};
use crate::similar::nearest;
use crate::table::formula_diagnostic;
use crate::text::DeclaredNames;

/// Adds all named figures to the ledger; those that cannot be computed are findings, but where the
/// sources are `faulty` not for a `declared` name that is absent.
pub fn define_figures(
    project: &Project,
    ledger: &mut Ledger,
    declared: &DeclaredNames,
    faulty: bool,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut pending: Vec<(&FigureDefinition, Expression)> = Vec::new();
    for definition in &project.settings.figures {
        match parse(&definition.formula.template) {
            Ok(expression) => pending.push((definition, expression)),
            Err(fault) => diagnostics.push(formula_diagnostic(&definition.formula, &fault)),
        }
    }
    let mut faults: BTreeMap<&str, FormulaFault> = BTreeMap::new();
    loop {
        let before = pending.len();
        faults.clear();
        pending.retain(|(definition, expression)| match define(project, definition, expression, ledger) {
            Ok(figure) => {
                ledger.add(figure);
                false
            }
            Err(fault) => {
                faults.insert(&definition.name, fault);
                true
            }
        });
        if pending.len() == before {
            break;
        }
    }
    diagnostics.extend(explain_pending(project, ledger, &pending, &faults, faulty.then_some(declared)));
    diagnostics
}

fn define(
    project: &Project,
    definition: &FigureDefinition,
    expression: &Expression,
    ledger: &Ledger,
) -> Result<Figure, FormulaFault> {
    let find = |reference: &Reference| find_figure(project, ledger, reference);
    let Evaluation { amount, unit, operands } = evaluate(expression, ledger, &find)?;
    let operation = Operation::Formula(definition.formula.template.clone());
    Ok(Figure {
        id: format!("figures.{}", definition.name),
        amount,
        unit,
        origin: Origin::Operation { operation, operands },
    })
}

/// Why the remaining figures cannot be computed: each of its own fault, a circle once, an absent name
/// that is `excused` not at all.
fn explain_pending(
    project: &Project,
    ledger: &Ledger,
    pending: &[(&FigureDefinition, Expression)],
    faults: &BTreeMap<&str, FormulaFault>,
    excused: Option<&DeclaredNames>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut in_known_circles: Vec<&str> = Vec::new();
    let names_pending = |expression: &Expression| -> Vec<String> {
        let references = expression.references();
        let names = references.iter().filter_map(|reference| figure_name(reference));
        names.filter(|name| faults.contains_key(name)).map(str::to_owned).collect()
    };
    for (definition, expression) in pending {
        if let Some(circle) = circle_from(&definition.name, pending, &names_pending) {
            if !in_known_circles.contains(&definition.name.as_str()) {
                in_known_circles.extend(
                    pending
                        .iter()
                        .map(|(other, _)| other.name.as_str())
                        .filter(|name| circle.contains(&(*name).to_owned())),
                );
                let message = format!("算式互相引用，成了一个圈：{}", circle.join(" → "));
                diagnostics.push(Diagnostic::new(&rules::FORMULA_FAULT, message).at(definition.at.clone()));
            }
            continue;
        }
        // A figure that only waits for a faulty one has no fault of its own.
        let waits = !names_pending(expression).is_empty();
        let is_excused = expression.references().iter().any(|reference| {
            let knows = |name: &str| project.register.find(name).is_some();
            let is_declared = excused.is_some_and(|declared| declared.holds(reference, knows));
            is_declared && find_figure(project, ledger, reference).is_err()
        });
        if let (false, false, Some(fault)) = (waits, is_excused, faults.get(definition.name.as_str())) {
            diagnostics.push(formula_diagnostic(&definition.formula, fault));
        }
    }
    diagnostics
}

/// The circle of names that leads from a figure back to it, if there is one.
fn circle_from(
    start: &str,
    pending: &[(&FigureDefinition, Expression)],
    names_pending: &impl Fn(&Expression) -> Vec<String>,
) -> Option<Vec<String>> {
    let mut paths = vec![vec![start.to_owned()]];
    let mut seen: Vec<String> = Vec::new();
    while let Some(path) = paths.pop() {
        let last = path.last()?;
        let Some((_, expression)) = pending.iter().find(|(definition, _)| definition.name == *last) else {
            continue;
        };
        for name in names_pending(expression) {
            let mut longer = path.clone();
            longer.push(name.clone());
            if name == start {
                return Some(longer);
            }
            if !seen.contains(&name) {
                seen.push(name);
                paths.push(longer);
            }
        }
    }
    None
}

/// The name in `figures.name`.
fn figure_name(reference: &Reference) -> Option<&str> {
    match reference.parts.as_slice() {
        [ReferencePart::Name(root), ReferencePart::Name(name)] if root == "figures" => Some(name),
        _ => None,
    }
}

/// The figure that a reference names; a department may be named by any of its names.
fn find_figure(project: &Project, ledger: &Ledger, reference: &Reference) -> Result<FigureId, FormulaFault> {
    let id = reference.with_official_names(|name| project.register.official_name(name)).to_string();
    ledger.find(&id).ok_or_else(|| {
        let near = nearest(&id, ledger.ids());
        let suggestion = near.first().map(|near| format!("，是不是 {near}？")).unwrap_or_default();
        FormulaFault {
            message: format!("没有 {} 这个数{suggestion}", shown(&id)),
            span: reference.span.clone(),
        }
    })
}
