//! All formulas of a bulletin with their names bound: derived columns and named figures, and their circles.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::names::{Bound, Kind, Names, Target};
use super::ratio::gives_ratio;
use crate::diagnostic::{Diagnostic, line_of, rules};
use crate::figure::{Expression, FormulaFault, parse};
use crate::project::{ColumnSchema, Month, Project, Prose, TableSchema};

/// A formula whose names are bound.
#[derive(Debug, Clone)]
pub struct Formula {
    /// The formula.
    pub expression: Arc<Expression<Bound>>,
    /// The formula as written.
    pub text: Arc<str>,
    /// Where it is written.
    pub prose: Prose,
}

/// The formulas of yuebao.toml, each read once; none where one has a fault.
#[derive(Debug, Default)]
pub struct Formulas {
    /// For each declared table and column, the formula of a derived one.
    columns: Vec<Vec<Option<Formula>>>,
    /// For each declared table and column, whether it has a total.
    totals: Vec<Vec<bool>>,
    /// For each named figure.
    figures: Vec<Option<Formula>>,
    /// The faults, and the formulas that form circles.
    diagnostics: Vec<Diagnostic>,
}

/// A finding about a formula, at its place in the file that declares it.
pub fn formula_diagnostic(formula: &Prose, fault: &FormulaFault) -> Diagnostic {
    Diagnostic::new(&rules::FORMULA_FAULT, format!("算式有误：{}", fault.message))
        .at(formula.location(fault.span.start))
        .excerpt(line_of(&formula.template, &fault.span))
}

/// Reads a formula and binds its names; all its faults are reported.
pub fn read_formula(
    names: &Names<'_>,
    prose: &Prose,
    own: Option<usize>,
    kind: Kind,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Formula> {
    let bound = parse(&prose.template)
        .map_err(|fault| vec![fault])
        .and_then(|expression| names.bind(&expression, own, kind));
    match bound {
        Ok(expression) => Some(Formula {
            expression: Arc::new(expression),
            text: Arc::from(prose.template.trim()),
            prose: prose.clone(),
        }),
        Err(faults) => {
            diagnostics.extend(faults.iter().map(|fault| formula_diagnostic(prose, fault)));
            None
        }
    }
}

/// A value that is not entered may be one that is entered in other months.
fn with_hint_on_values(found: Diagnostic) -> Diagnostic {
    match found.message.contains("没有 values.") {
        true => found.hint(
            "手工录入的数要写在这一期的 issue.toml 中；从某一期起才录入的，请在这一节 [[figure]] 中写 since，如 since = \"2025-08\"",
        ),
        false => found,
    }
}

/// What a formula can be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Column(usize, usize),
    Figure(usize),
}

impl Formulas {
    /// Reads all formulas for the issue of a month; those with faults, and those that form circles, are findings. A
    /// figure that the issue does not have may name what is not entered there.
    pub fn read(names: &Names<'_>, month: Month) -> Self {
        let mut diagnostics = Vec::new();
        let settings = &names.project.settings;
        let mut columns = Vec::new();
        for (table, schema) in settings.tables.iter().enumerate() {
            let formulas = schema.columns.iter().map(|column| {
                let number = column.number()?;
                let prose = number.formula.as_ref()?;
                let formula = read_formula(names, prose, Some(table), Kind::Number, &mut diagnostics)?;
                if number.is_percentage() && gives_ratio(&formula.expression, schema) {
                    let text = prose.template.trim();
                    let fault = format!("单位是 %，算出来的却是比值：请乘以 100，如 100 * ({text})");
                    diagnostics.push(formula_diagnostic(
                        prose,
                        &FormulaFault::new(fault, &(0..prose.template.len())),
                    ));
                    return None;
                }
                Some(formula)
            });
            columns.push(formulas.collect());
        }
        let mut figures = Vec::with_capacity(settings.figures.len());
        for definition in &settings.figures {
            let mut found = Vec::new();
            figures.push(read_formula(names, &definition.formula, None, Kind::Number, &mut found));
            if definition.term.covers(month) {
                diagnostics.extend(found.into_iter().map(with_hint_on_values));
            }
        }
        let mut formulas = Self { columns, totals: Vec::new(), figures, diagnostics };
        let circles = formulas.take_out_circles(names.project);
        formulas.diagnostics.extend(circles);
        formulas.totals = settings
            .tables
            .iter()
            .enumerate()
            .map(|(table, schema)| formulas.with_totals(table, schema))
            .collect();
        formulas
    }

    /// What was found wrong with them.
    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The formula of a derived column; none where it has a fault.
    pub fn column(&self, table: usize, column: usize) -> Option<&Formula> {
        self.columns.get(table)?.get(column)?.as_ref()
    }

    /// The formula of a named figure; none where it has a fault.
    pub fn figure(&self, index: usize) -> Option<&Formula> {
        self.figures.get(index)?.as_ref()
    }

    /// Whether a column has a total: as declared, and for a derived one whether those have one that it is made of.
    pub fn has_total(&self, table: usize, column: usize) -> bool {
        self.totals.get(table).and_then(|columns| columns.get(column)).copied().unwrap_or_default()
    }

    /// Which columns of a table have a total: of those that are declared to, one after the other falls away that is
    /// made of one without.
    fn with_totals(&self, table: usize, schema: &TableSchema) -> Vec<bool> {
        let mut totals: Vec<bool> = schema.columns.iter().map(ColumnSchema::declares_total).collect();
        loop {
            let is_made_of_others = |column: usize| {
                let mut any = false;
                if let Some(formula) = self.column(table, column) {
                    formula.expression.visit_names(&mut |name: &Bound| {
                        let own = match name.target {
                            Target::Own { column } => totals.get(column),
                            _ => None,
                        };
                        any |= own == Some(&false);
                    });
                }
                any
            };
            let falling = (0..totals.len()).find(|column| totals[*column] && is_made_of_others(*column));
            let Some(falling) = falling else { return totals };
            totals[falling] = false;
        }
    }

    /// Removes the formulas that lead back to themselves; each circle is one finding.
    fn take_out_circles(&mut self, project: &Project) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut in_circles: BTreeSet<Node> = BTreeSet::new();
        for circle in self.circles(project) {
            let is_told = circle.iter().any(|node| in_circles.contains(node));
            in_circles.extend(circle.iter().copied());
            let Some(formula) = circle.first().and_then(|node| self.formula(*node)).filter(|_| !is_told)
            else {
                continue;
            };
            let names: Vec<String> = circle.iter().map(|node| node.name(project)).collect();
            let message = format!("算式互相引用，成了一个圈：{}", names.join(" → "));
            let template = &formula.prose.template;
            diagnostics.push(
                Diagnostic::new(&rules::FORMULA_FAULT, message)
                    .at(formula.prose.location(0))
                    .excerpt(line_of(template, &(0..template.len()))),
            );
        }
        for node in in_circles {
            let formula = match node {
                Node::Column(table, column) => {
                    self.columns.get_mut(table).and_then(|columns| columns.get_mut(column))
                }
                Node::Figure(index) => self.figures.get_mut(index),
            };
            if let Some(formula) = formula {
                *formula = None;
            }
        }
        diagnostics
    }

    fn nodes(&self) -> Vec<Node> {
        let columns =
            self.columns.iter().enumerate().flat_map(|(table, columns)| {
                (0..columns.len()).map(move |column| Node::Column(table, column))
            });
        let nodes = columns.chain((0..self.figures.len()).map(Node::Figure));
        nodes.filter(|node| self.formula(*node).is_some()).collect()
    }

    fn formula(&self, node: Node) -> Option<&Formula> {
        match node {
            Node::Column(table, column) => self.column(table, column),
            Node::Figure(index) => self.figure(index),
        }
    }

    /// The formulas that a formula's names stand for.
    fn named_by(&self, node: Node, project: &Project) -> Vec<Node> {
        let own = match node {
            Node::Column(table, _) => table,
            Node::Figure(_) => usize::MAX,
        };
        let mut named = Vec::new();
        if let Some(formula) = self.formula(node) {
            formula.expression.visit_names(&mut |name: &Bound| {
                named.extend(match name.target {
                    Target::Own { column } => Some(Node::Column(own, column)),
                    Target::Cell { table, column, .. }
                    | Target::Total { table, column }
                    | Target::Column { table, column } => Some(Node::Column(table, column)),
                    Target::Rank { table, .. } => {
                        let ranking = project.settings.tables.get(table).and_then(|table| table.ranking);
                        ranking.map(|column| Node::Column(table, column))
                    }
                    Target::Figure(index) => Some(Node::Figure(index)),
                    Target::Rows { .. } | Target::Value(_) => None,
                });
            });
        }
        named.retain(|node| self.formula(*node).is_some());
        named
    }

    /// The ways that lead from a formula back to it, found by one walk through all formulas.
    fn circles(&self, project: &Project) -> Vec<Vec<Node>> {
        let mut circles = Vec::new();
        let mut done: BTreeSet<Node> = BTreeSet::new();
        for start in self.nodes() {
            // The way walked so far, with what is still to be walked from each formula.
            let mut way: Vec<(Node, Vec<Node>)> = Vec::new();
            let mut on_way: BTreeSet<Node> = BTreeSet::new();
            let mut next = Some(start).filter(|start| !done.contains(start));
            loop {
                if let Some(node) = next.take() {
                    way.push((node, self.named_by(node, project)));
                    on_way.insert(node);
                }
                let Some((node, ahead)) = way.last_mut() else { break };
                match ahead.pop() {
                    Some(named) if on_way.contains(&named) => {
                        let circle = way.iter().map(|(node, _)| *node).skip_while(|node| *node != named);
                        circles.push(circle.chain([named]).collect());
                    }
                    Some(named) => next = Some(named).filter(|named| !done.contains(named)),
                    None => {
                        done.insert(*node);
                        on_way.remove(node);
                        way.pop();
                    }
                }
            }
        }
        circles
    }
}

impl Node {
    fn name(self, project: &Project) -> String {
        let settings = &project.settings;
        match self {
            Self::Figure(index) => settings.figures.get(index).map(|it| it.name.clone()).unwrap_or_default(),
            Self::Column(table, column) => {
                let schema = settings.tables.get(table);
                let column = schema.and_then(|schema| schema.columns.get(column));
                column.map(|column| column.name.clone()).unwrap_or_default()
            }
        }
    }
}
