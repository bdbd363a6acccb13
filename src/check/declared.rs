//! The checks that yuebao.toml declares as formulas, over the rows of a table or over the whole.

use std::sync::Arc;

use super::CheckOutcome;
use crate::calculation::{
    Calculation, EnteredRow, EnteredTable, Formula, Kind, Names, Row, Stop, Target, formula_diagnostic,
    read_formula, row_excerpt,
};
use crate::diagnostic::{Diagnostic, Location, line_of, rules, shown};
use crate::figure::{FigureId, Origin, Reference, ReferencePart};
use crate::project::{CheckDefinition, Project};
use crate::similar::nearest;
use crate::text::{Message, Shown};

/// The checks that yuebao.toml declares, each read once.
pub struct DeclaredChecks<'p> {
    checks: Vec<Check<'p>>,
    /// What was found wrong with those that cannot be run.
    diagnostics: Vec<Diagnostic>,
}

impl<'p> DeclaredChecks<'p> {
    /// Reads all declared checks; their faults are findings of running them.
    pub fn read(names: &Names<'p>) -> Self {
        let mut diagnostics = Vec::new();
        let checks = names.project.settings.checks.iter().filter_map(|definition| {
            let (check, found) = Check::read(names, definition);
            diagnostics.extend(found);
            check
        });
        let checks = checks.collect();
        Self { checks, diagnostics }
    }
}

/// Runs all declared checks. Where the month's files are `faulty`, only what is over single sound rows.
pub(super) fn run(
    calculation: &mut Calculation<'_>,
    declared: &DeclaredChecks<'_>,
    is_faulty: bool,
) -> Vec<CheckOutcome> {
    for diagnostic in &declared.diagnostics {
        calculation.report(diagnostic.clone());
    }
    let mut outcomes = Vec::new();
    for check in &declared.checks {
        let mut running =
            Running { check, calculation, outcome: check.outcome(), found: Vec::new(), operands: Vec::new() };
        match check.table {
            Some(table) => running.over_rows(table),
            None if !is_faulty => running.over_whole(),
            None => {}
        }
        let Running { outcome, found, .. } = running;
        outcomes.push(outcome);
        calculation.report_all(found);
    }
    outcomes
}

/// A declared check without faults.
struct Check<'p> {
    definition: &'p CheckDefinition,
    table: Option<usize>,
    formula: Formula,
    message: Message,
}

impl<'p> Check<'p> {
    /// Reads a declaration; all its faults are findings.
    fn read(names: &Names<'p>, definition: &'p CheckDefinition) -> (Option<Self>, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let project = names.project;
        let table = match &definition.table {
            None => None,
            Some(named) => match project.settings.tables.iter().position(|table| table.name == named.value) {
                Some(table) => Some(table),
                None => {
                    found.push(unknown_table(project, &named.value, named.at.clone()));
                    return (None, found);
                }
            },
        };
        let formula = read_formula(names, &definition.formula, table, Kind::Truth, &mut found);
        let tables = &names.project.settings.tables;
        let columns = table.and_then(|table| tables.get(table)).map_or(&[][..], |table| &table.columns);
        let is_name = |name: &str| {
            ["department", "figures", "values"].contains(&name)
                || tables.iter().any(|table| table.name == name)
                || columns.iter().any(|column| column.name == name)
        };
        let message = match Message::read(&definition.message.template, is_name) {
            Ok(message) => Some(message),
            Err(faults) => {
                found.extend(faults.into_iter().map(|fault| {
                    Diagnostic::new(fault.rule, fault.message)
                        .at(definition.message.location(fault.span.start))
                        .excerpt(line_of(&definition.message.template, &fault.span))
                        .hint(fault.hint)
                }));
                None
            }
        };
        for reference in message.iter().flat_map(Message::references) {
            if word(reference, "", "", table.is_some()).is_some() {
                continue;
            }
            let fault = match names.target(reference, table) {
                Ok(Target::Column { .. } | Target::Rows { .. }) => "这是一整列，不是一个数".to_owned(),
                Ok(_) => continue,
                Err(fault) => fault.message,
            };
            found.push(
                Diagnostic::new(&rules::TEXT_UNKNOWN_NAME, fault)
                    .at(definition.message.location(reference.span.start))
                    .excerpt(line_of(&definition.message.template, &reference.span))
                    .hint("逐行检查的提示里可写 {{ department }} 和本表的列名，其他数写全名"),
            );
        }
        match (formula, message, found.is_empty()) {
            (Some(formula), Some(message), true) => {
                (Some(Self { definition, table, formula, message }), found)
            }
            _ => (None, found),
        }
    }

    fn outcome(&self) -> CheckOutcome {
        CheckOutcome {
            code: rules::CHECK_FAILED.code,
            name: Some(self.definition.name.clone()),
            title: self.formula.text.to_string(),
            examined: 0,
            undecided: 0,
            found: 0,
        }
    }
}

fn unknown_table(project: &Project, name: &str, at: Location) -> Diagnostic {
    let names = || project.settings.tables.iter().map(|table| table.name.as_str());
    let diagnostic = Diagnostic::new(&rules::SETTING_INVALID, format!("没有 {} 这张表", shown(name))).at(at);
    match nearest(name, names()).first() {
        Some(near) => diagnostic.hint(format!("是不是 {near}？")),
        None => diagnostic.hint(format!("表名有：{}", names().collect::<Vec<_>>().join("、"))),
    }
}

/// The words that a message can show: the department of a row, the month.
fn word(reference: &Reference, department: &str, month: &str, has_rows: bool) -> Option<String> {
    match reference.parts.as_slice() {
        [ReferencePart::Name(name)] if name == "department" && has_rows => Some(department.to_owned()),
        [ReferencePart::Name(name)] if name == "month" => Some(month.to_owned()),
        _ => None,
    }
}

struct Running<'r, 'c, 'p> {
    check: &'r Check<'r>,
    calculation: &'c mut Calculation<'p>,
    outcome: CheckOutcome,
    found: Vec<Diagnostic>,
    /// The figures that the formula looked at last.
    operands: Vec<FigureId>,
}

/// What became of a formula in one row, or over the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// What it says is so, or cannot be said.
    Passed,
    /// What it says is not so.
    Failed,
    /// The formula has a fault, which is the same in every row.
    Stopped,
}

impl Running<'_, '_, '_> {
    fn over_rows(&mut self, index: usize) {
        let entered = Arc::clone(self.calculation.entered());
        let Some(table) = entered.table(index) else { return };
        for row in table.rows.iter().filter(|row| row.is_sound) {
            let of_row = Row::Department { table: index, department: row.department };
            match self.decide(of_row) {
                Decided::Failed => self.fail_row(index, table, row),
                Decided::Stopped => return,
                Decided::Passed => {}
            }
        }
    }

    fn over_whole(&mut self) {
        if self.decide(Row::None) != Decided::Failed {
            return;
        }
        let message = self.message(Row::None, "");
        let ledger = self.calculation.ledger();
        let values: Vec<String> = self
            .operands
            .iter()
            .filter_map(|place| ledger.get(*place))
            .map(|figure| {
                format!(
                    "{} = {}{}",
                    figure.id,
                    figure.amount.plain(),
                    figure.unit.as_deref().unwrap_or_default()
                )
            })
            .collect();
        let prose = &self.check.formula.prose;
        let diagnostic = self
            .finding(message)
            .at(prose.location(0))
            .excerpt(line_of(&prose.template, &(0..prose.template.len())))
            .hint(format!("各数是：{}", values.join("；")));
        self.found.push(self.with_remedy(diagnostic));
    }

    /// Evaluates the formula; the figures looked at are left in `operands`.
    fn decide(&mut self, row: Row) -> Decided {
        self.outcome.examined += 1;
        self.operands.clear();
        let (formula, now) = (&self.check.formula, self.calculation.now());
        match self.calculation.evaluate_truth(&formula.expression, row, now, &mut self.operands) {
            Ok(Some(true)) | Err(Stop::Told) => Decided::Passed,
            Ok(Some(false)) => {
                self.outcome.found += 1;
                Decided::Failed
            }
            Ok(None) => {
                self.outcome.undecided += 1;
                Decided::Passed
            }
            Err(Stop::Fault(fault)) => {
                self.found.push(formula_diagnostic(&formula.prose, &fault));
                Decided::Stopped
            }
        }
    }

    fn fail_row(&mut self, index: usize, table: &EnteredTable, row: &EnteredRow) {
        let department = self.calculation.project().register.name(row.department);
        let message = self.message(Row::Department { table: index, department: row.department }, department);
        let mut diagnostic = self.finding(message).about(department);
        let own: Vec<FigureId> = row.cells.iter().flatten().copied().collect();
        let column = self.operands.iter().find_map(|operand| {
            let place = self.first_of(*operand, &own, 0)?;
            row.cells.iter().position(|cell| *cell == Some(place))
        });
        if let (Some(record), Some(schema)) =
            (table.record(row), self.calculation.project().settings.tables.get(index))
        {
            let cell = column.and_then(|column| record.cells.get(column)?.as_ref());
            let cell = cell.or_else(|| record.cells.iter().flatten().next());
            if let Some(cell) = cell {
                diagnostic = diagnostic
                    .at(table.read.location(record.source, cell.cell))
                    .excerpt(row_excerpt(self.calculation, schema, table, record, cell.cell));
            }
        }
        self.found.push(self.with_remedy(diagnostic));
    }

    /// The first of the row's own cells that a figure comes from.
    fn first_of(&self, place: FigureId, own: &[FigureId], depth: usize) -> Option<FigureId> {
        if own.contains(&place) {
            return Some(place);
        }
        match &self.calculation.ledger().get(place)?.origin {
            Origin::Operation { operands, .. } if depth < 4 => {
                operands.iter().find_map(|operand| self.first_of(*operand, own, depth + 1))
            }
            _ => None,
        }
    }

    fn message(&mut self, row: Row, department: &str) -> String {
        let month = self.calculation.now().month.to_string();
        let (own, of_row) = match row {
            Row::Department { table, department } => (Some(table), Some((table, department))),
            _ => (None, None),
        };
        let references: Vec<Reference> = self.check.message.references().cloned().collect();
        let mut values = Vec::new();
        for reference in &references {
            if let Some(word) = word(reference, department, &month, own.is_some()) {
                values.push(Shown::Word(word));
                continue;
            }
            let target =
                self.calculation.names().find(reference, own).ok().map(|target| match (target, of_row) {
                    (Target::Own { column }, Some((table, department))) => {
                        Target::Cell { table, department, column }
                    }
                    (target, _) => target,
                });
            let now = self.calculation.now();
            let place = target.and_then(|target| self.calculation.figure(target, now).ok());
            values.push(place.map_or(Shown::Nothing, Shown::Figure));
        }
        self.check.message.render(self.calculation.ledger(), &values)
    }

    fn finding(&self, message: String) -> Diagnostic {
        let definition = self.check.definition;
        let mut diagnostic = Diagnostic::new(&rules::CHECK_FAILED, message).about(&definition.name);
        diagnostic.severity = definition.severity;
        diagnostic
    }

    fn with_remedy(&self, diagnostic: Diagnostic) -> Diagnostic {
        let definition = self.check.definition;
        let diagnostic =
            diagnostic.hint(format!("检查 {}：应有 {}", definition.name, self.check.formula.text));
        match diagnostic.is_error() {
            true => diagnostic.hint("请核对并改正所列的数"),
            false => diagnostic.hint(format!(
                "请核对；属实的，在 issue.toml 中用 [[acknowledge]] 写 check = \"{}\" 和理由",
                definition.name
            )),
        }
    }
}
