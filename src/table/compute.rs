//! From records to figures: derived columns, totals, ranks, and their comparison with what the file declares.
//!
//! One bad cell gives one message: a sum over an unreadable cell, or a rank
//! among scores that do not add up, is not compared at all.

use rust_decimal::RoundingStrategy;

use super::ReadTable;
use super::place::TablePlace;
use super::records::{Record, RecordCell};
use super::sequence::number_rows;
use super::totals::compare_totals;
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, line_of, rules, shown};
use crate::figure::{
    Amount, DIVISION_BY_ZERO, Evaluation, Expression, Figure, FigureId, FormulaFault, Ledger, Operation,
    Origin, Reference, ReferencePart, evaluate, parse, sum,
};
use crate::project::{ColumnRole, ColumnSchema, NumberColumn, Prose, Register, TableSchema};
use crate::similar::nearest;

/// A table of figures, in printed order.
#[derive(Debug, Clone)]
pub struct ComputedTable {
    /// The declared table's name.
    pub name: String,
    /// The rows in printed order.
    pub rows: Vec<ComputedRow>,
    /// For each declared column, the sum.
    pub totals: Vec<Option<FigureId>>,
    /// Whether the sums are printed as a row 合计.
    pub prints_totals: bool,
}

/// A department's row of figures.
#[derive(Debug, Clone)]
pub struct ComputedRow {
    /// The index of the department in the register.
    pub department: usize,
    /// 序号: the rank in a ranked table, else the place in the official order; none where there is no score.
    pub sequence: Option<usize>,
    /// The rank's figure, in a ranked table.
    pub rank: Option<FigureId>,
    /// For each declared column, its figure.
    pub cells: Vec<Option<FigureId>>,
}

/// Adds a table's figures to the ledger and compares them with what its file declares.
pub fn compute(
    schema: &TableSchema,
    table: &ReadTable,
    register: &Register,
    ledger: &mut Ledger,
) -> (ComputedTable, Vec<Diagnostic>) {
    let mut computation =
        Computation { schema, table, register, ledger, diagnostics: Vec::new(), scores_differ: false };
    let formulas = computation.parse_formulas();
    // Official order, so that equal scores stand in it whatever the order of the file.
    let mut records: Vec<(usize, &Record)> = table.records.rows.iter().enumerate().collect();
    records.sort_by_key(|(_, record)| record.department);
    let mut rows: Vec<(usize, ComputedRow)> = Vec::new();
    for (index, record) in records {
        let cells = computation.add_row(record, &formulas);
        let row = ComputedRow { department: record.department, sequence: None, rank: None, cells };
        rows.push((index, row));
    }
    computation.gather_derived_mismatches();
    let totals = computation.add_totals(&rows, &formulas);
    let found = compare_totals(schema, table, computation.ledger, &rows);
    computation.diagnostics.extend(found);
    let compares = !computation.scores_differ;
    let mut diagnostics = computation.diagnostics;
    let (rows, found) = number_rows(schema, table, register, ledger, rows, compares);
    diagnostics.extend(found);
    (ComputedTable { name: schema.name.clone(), rows, totals, prints_totals: schema.total }, diagnostics)
}

/// The most rows whose derived value differs that are reported one by one.
const MOST_MISMATCHES: usize = 5;

struct Computation<'a> {
    schema: &'a TableSchema,
    table: &'a ReadTable,
    register: &'a Register,
    ledger: &'a mut Ledger,
    diagnostics: Vec<Diagnostic>,
    /// Whether a declared value of a derived column differs from the computed one.
    scores_differ: bool,
}

/// A finding about a formula, at its place in the file that declares it.
pub fn formula_diagnostic(formula: &Prose, fault: &FormulaFault) -> Diagnostic {
    Diagnostic::new(&rules::FORMULA_FAULT, format!("算式有误：{}", fault.message))
        .at(formula.location(fault.span.start))
        .excerpt(line_of(&formula.template, &fault.span))
}

impl Computation<'_> {
    fn parse_formulas(&mut self) -> Vec<Option<(Expression, Prose)>> {
        let mut formulas = Vec::new();
        for column in &self.schema.columns {
            let formula = column.number().and_then(|number| number.formula.as_ref());
            formulas.push(formula.and_then(|formula| match parse(&formula.template) {
                Ok(expression) => Some((expression, formula.clone())),
                Err(fault) => {
                    self.diagnostics.push(formula_diagnostic(formula, &fault));
                    None
                }
            }));
        }
        formulas
    }

    fn add_row(
        &mut self,
        record: &Record,
        formulas: &[Option<(Expression, Prose)>],
    ) -> Vec<Option<FigureId>> {
        let schema = self.schema;
        let prefix = format!("{}[\"{}\"]", schema.name, self.register.name(record.department));
        let mut places: Vec<Option<FigureId>> = vec![None; schema.columns.len()];
        for (index, column) in schema.columns.iter().enumerate() {
            let Some(number) = column.number() else { continue };
            let id = format!("{prefix}.{}", column.name);
            let cell = record.cells.get(index).and_then(Option::as_ref);
            let formula = formulas.get(index).and_then(Option::as_ref);
            let figure = match (formula, number.formula.is_some()) {
                (Some(formula), _) => self.derive(record, &places, index, number, formula, id),
                // A formula that does not parse has been reported; its column has no figures.
                (None, true) => None,
                (None, false) => cell.map(|cell| self.cell_figure(record.source, cell, number, id)),
            };
            places[index] = figure.map(|figure| self.ledger.add(figure));
        }
        places
    }

    fn cell_figure(&self, source: usize, cell: &RecordCell, number: &NumberColumn, id: String) -> Figure {
        let origin = Origin::Cell { at: self.table.location(source, cell.cell), raw: cell.raw.clone() };
        Figure { id, amount: cell.amount, unit: number.unit.clone(), origin }
    }

    fn derive(
        &mut self,
        record: &Record,
        places: &[Option<FigureId>],
        index: usize,
        number: &NumberColumn,
        (expression, formula): &(Expression, Prose),
        id: String,
    ) -> Option<Figure> {
        let schema = self.schema;
        let find = |reference: &Reference| find_in_row(schema, places, reference);
        let Evaluation { amount, operands, .. } = match evaluate_row(expression, self.ledger, &find) {
            Ok(evaluation) => evaluation,
            Err(fault) => {
                let diagnostic = formula_diagnostic(formula, &fault);
                // The same formula fails in the same way in every row: once is enough.
                if !self.diagnostics.contains(&diagnostic) {
                    self.diagnostics.push(diagnostic);
                }
                return None;
            }
        };
        let amount = rounded(amount, number);
        let declared = record.cells.get(index).and_then(Option::as_ref);
        let parts_are_good = record.cells.iter().flatten().all(|cell| !cell.faulty);
        let is_ranked_by = schema.ranking == Some(index) && amount.number().is_some();
        let is_unanswered = |place: &&FigureId| self.ledger.amount(**place) == Amount::Missing;
        let blank = operands.iter().find(is_unanswered).filter(|_| is_ranked_by && parts_are_good);
        match (blank, declared) {
            (Some(blank), _) => self.report_unranked(record, *blank),
            (None, Some(declared)) if parts_are_good => {
                self.compare_derived(record, index, declared, amount, &operands);
            }
            _ => {}
        }
        let operation = Operation::Formula(formula.template.clone());
        Some(Figure {
            id,
            amount,
            unit: number.unit.clone(),
            origin: Origin::Operation { operation, operands },
        })
    }

    /// A score without one of its parts would be ranked as if the part were zero.
    fn report_unranked(&mut self, record: &Record, blank: FigureId) {
        self.scores_differ = true;
        let Some(Origin::Cell { at, .. }) = self.ledger.get(blank).map(|figure| &figure.origin) else {
            return;
        };
        let name = self.register.name(record.department);
        self.diagnostics.push(
            Diagnostic::new(
                &rules::RANKING_INCOMPLETE,
                format!("“{}”的得分缺了这一项，不能排名", shown(name)),
            )
            .at(at.clone())
            .hint("请补填；确实没有的填 0 或“/”"),
        );
    }

    fn compare_derived(
        &mut self,
        record: &Record,
        index: usize,
        declared: &RecordCell,
        computed: Amount,
        operands: &[FigureId],
    ) {
        if declared.amount == Amount::Missing || declared.amount == computed {
            return;
        }
        self.scores_differ = true;
        let header = self.schema.columns.get(index).map(ColumnSchema::header_text).unwrap_or_default();
        let parts: Vec<String> = operands.iter().map(|part| self.ledger.amount(*part).plain()).collect();
        self.diagnostics.push(
            Diagnostic::new(
                &rules::DERIVED_MISMATCH,
                format!(
                    "“{}”的“{}”填的是 {}，按各项计算应为 {}",
                    shown(self.register.name(record.department)),
                    shown(&header),
                    declared.amount.plain(),
                    computed.plain()
                ),
            )
            .at(self.table.location(record.source, declared.cell))
            .excerpt(self.row_excerpt(record, declared.cell))
            .hint(format!("参加计算的各项是：{}；请核对哪一个填错了", parts.join("、"))),
        );
    }

    /// A formula that does not suit the table differs in every row: one finding says so.
    fn gather_derived_mismatches(&mut self) {
        let is_mismatch = |diagnostic: &&mut Diagnostic| diagnostic.rule == &rules::DERIVED_MISMATCH;
        let count = self.diagnostics.iter_mut().filter(is_mismatch).count();
        if count <= MOST_MISMATCHES {
            return;
        }
        if let Some(first) = self.diagnostics.iter_mut().find(is_mismatch) {
            first.message = format!("有 {count} 行的结果与算式不符，第一处：{}", first.message);
            first.hints.push("各行都不符时，多半是 yuebao.toml 中这一列的 formula 写错了".to_owned());
        }
        let mut seen = 0;
        self.diagnostics.retain(|diagnostic| {
            seen += usize::from(diagnostic.rule == &rules::DERIVED_MISMATCH);
            diagnostic.rule != &rules::DERIVED_MISMATCH || seen == 1
        });
    }

    fn row_excerpt(&self, record: &Record, marked: CellRef) -> Excerpt {
        let content = |index: usize, _| match self.schema.columns.get(index).map(|column| &column.role) {
            Some(ColumnRole::Department) => self.register.name(record.department).to_owned(),
            Some(ColumnRole::Sequence) => {
                record.sequence.as_ref().map(|(content, _)| content.to_string()).unwrap_or_default()
            }
            _ => record
                .cells
                .get(index)
                .and_then(Option::as_ref)
                .map_or_else(String::new, |cell| cell.raw.clone()),
        };
        TablePlace::row_excerpt(self.schema, self.table.columns(record.source), marked, content)
    }

    /// Adds the sum of each column; for a derived one the formula over the other sums, for the sum of rates is none.
    fn add_totals(
        &mut self,
        rows: &[(usize, ComputedRow)],
        formulas: &[Option<(Expression, Prose)>],
    ) -> Vec<Option<FigureId>> {
        let schema = self.schema;
        let mut totals: Vec<Option<FigureId>> = vec![None; schema.columns.len()];
        for (index, column) in schema.columns.iter().enumerate() {
            let Some(number) = column.number() else { continue };
            let id = format!("{}.total.{}", schema.name, column.name);
            let figure = match (formulas.get(index).and_then(Option::as_ref), number.formula.is_some()) {
                (Some(formula), _) => self.derive_total(&totals, number, formula, id),
                (None, true) => None,
                (None, false) => self.sum_column(rows, index, column, number, id),
            };
            totals[index] = figure.map(|figure| self.ledger.add(figure));
        }
        totals
    }

    fn sum_column(
        &mut self,
        rows: &[(usize, ComputedRow)],
        index: usize,
        column: &ColumnSchema,
        number: &NumberColumn,
        id: String,
    ) -> Option<Figure> {
        let operands: Vec<FigureId> =
            rows.iter().filter_map(|(_, row)| row.cells.get(index).copied().flatten()).collect();
        let amount = sum(operands.iter().map(|place| self.ledger.amount(*place)));
        if amount.is_none() {
            self.diagnostics.push(
                Diagnostic::new(
                    &rules::CELL_ABSURD,
                    format!("“{}”的合计太大，算不出来", column.header_text()),
                )
                .at(self.table.file_location()),
            );
        }
        let origin = Origin::Operation { operation: Operation::Sum, operands };
        Some(Figure { id, amount: amount?, unit: number.unit.clone(), origin })
    }

    fn derive_total(
        &self,
        totals: &[Option<FigureId>],
        number: &NumberColumn,
        (expression, formula): &(Expression, Prose),
        id: String,
    ) -> Option<Figure> {
        let find = |reference: &Reference| find_in_row(self.schema, totals, reference);
        let Evaluation { amount, operands, .. } = evaluate_row(expression, self.ledger, &find).ok()?;
        let operation = Operation::Formula(formula.template.clone());
        let origin = Origin::Operation { operation, operands };
        Some(Figure { id, amount: rounded(amount, number), unit: number.unit.clone(), origin })
    }
}

/// The value of a row's formula; a division by zero has none, and that is no fault of the formula.
fn evaluate_row(
    expression: &Expression,
    ledger: &Ledger,
    find: &impl Fn(&Reference) -> Result<FigureId, FormulaFault>,
) -> Result<Evaluation, FormulaFault> {
    match evaluate(expression, ledger, find) {
        Err(fault) if fault.message == DIVISION_BY_ZERO => {
            let places: Result<Vec<FigureId>, FormulaFault> =
                expression.references().into_iter().map(find).collect();
            Ok(Evaluation { amount: Amount::NotApplicable, unit: None, operands: places? })
        }
        evaluated => evaluated,
    }
}

/// A derived amount with no more decimals than its column has.
fn rounded(amount: Amount, number: &NumberColumn) -> Amount {
    match amount {
        Amount::Number(value) => Amount::Number(
            value.round_dp_with_strategy(number.decimals, RoundingStrategy::MidpointAwayFromZero).normalize(),
        ),
        other => other,
    }
}

/// A reference in a derived column's formula: another column of the same row.
fn find_in_row(
    schema: &TableSchema,
    places: &[Option<FigureId>],
    reference: &Reference,
) -> Result<FigureId, FormulaFault> {
    let fault = |message: String| FormulaFault { message, span: reference.span.clone() };
    let [ReferencePart::Name(name)] = reference.parts.as_slice() else {
        return Err(fault(format!("这里只能用本表的列名，不能用 {reference}")));
    };
    let index = schema.number_column(name);
    match index.and_then(|index| places.get(index).copied().flatten()) {
        Some(place) => Ok(place),
        None if index.is_some() => Err(fault(format!("列 {name} 没有数，或排在这一列之后"))),
        None => {
            let names = schema.columns.iter().filter(|column| column.number().is_some());
            let near = nearest(name, names.map(|column| column.name.as_str()));
            let suggestion = near.first().map(|near| format!("，是不是 {near}？")).unwrap_or_default();
            Err(fault(format!("本表没有列 {name}{suggestion}")))
        }
    }
}
