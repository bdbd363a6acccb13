//! From what was entered to tables in printed order: derived columns, ranks, and what a file declares of them.
//!
//! One bad cell gives one message: a sum over an unreadable cell, or a rank
//! among scores that do not add up, is not compared at all.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Calculation;
use super::derived::rounded;
use super::entered::{EnteredMonth, EnteredRow, EnteredTable};
use super::names::Target;
use super::sequence::number_rows;
use super::totals::{RowFigures, compare_totals};
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, Severity, rules, shown};
use crate::figure::{Amount, FigureId, Origin};
use crate::project::{ColumnRole, ColumnSchema, NumberColumn, TableSchema};
use crate::table::{Record, RecordCell, TablePlace};

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

/// Computes all tables that could be read, each with its place among the declared ones, and compares
/// them with what their files declare.
pub fn compute_tables(calculation: &mut Calculation<'_>) -> Vec<(usize, ComputedTable)> {
    let entered = Arc::clone(calculation.entered());
    let schemas = &calculation.project().settings.tables;
    let mut tables = Vec::new();
    for (index, schema) in schemas.iter().enumerate() {
        let Some(table) = entered.table(index) else { continue };
        let mut computation = Computation {
            index,
            schema,
            table,
            entered: &entered,
            calculation,
            found: Vec::new(),
            scores_differ: false,
        };
        let computed = computation.compute();
        tables.push((index, computed));
    }
    tables
}

/// Whether a declared value is the computed one: with as many decimals, and also as the share that a sheet without
/// a format of percentages holds instead of a percentage.
fn is_result(declared: Amount, computed: Amount, column: &NumberColumn) -> bool {
    let hundredfold = || match declared.number().and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED)) {
        Some(percentage) => rounded(Amount::Number(percentage), column.decimals) == computed,
        None => false,
    };
    rounded(declared, column.decimals) == computed || (column.is_percentage() && hundredfold())
}

/// The most rows whose derived value differs that are reported one by one.
const MOST_MISMATCHES: usize = 5;

struct Computation<'c, 'p> {
    /// The table's place among the declared ones.
    index: usize,
    schema: &'p TableSchema,
    table: &'c EnteredTable,
    entered: &'c EnteredMonth,
    calculation: &'c mut Calculation<'p>,
    found: Vec<Diagnostic>,
    /// Whether a declared value of a derived column differs from the computed one.
    scores_differ: bool,
}

impl Computation<'_, '_> {
    fn compute(&mut self) -> ComputedTable {
        let mut rows: Vec<(usize, ComputedRow)> = Vec::with_capacity(self.table.rows.len());
        for row in &self.table.rows {
            let cells = self.cells(row);
            let row_of_figures =
                ComputedRow { department: row.department, sequence: None, rank: None, cells };
            rows.push((row.record, row_of_figures));
        }
        self.gather_derived_mismatches();
        let totals = self.totals();
        let read = &self.table.read;
        let figures: Vec<RowFigures<'_>> = rows.iter().map(|(at, row)| (*at, row.cells.as_slice())).collect();
        self.found.extend(compare_totals(self.schema, read, self.calculation.ledger(), &figures));
        let rows = number_rows(self.index, self.schema, read, rows, !self.scores_differ, self.calculation);
        for diagnostic in self.found.drain(..) {
            self.calculation.report(diagnostic);
        }
        ComputedTable { name: self.schema.name.clone(), rows, totals, prints_totals: self.schema.total }
    }

    /// Whether the table has a column in the month that it reports on.
    fn is_there(&self, column: &ColumnSchema) -> bool {
        column.term.covers(self.entered.inputs.period(&self.schema.name))
    }

    /// The row's figures; a derived one is held against what the file says.
    fn cells(&mut self, row: &EnteredRow) -> Vec<Option<FigureId>> {
        let mut cells = row.cells.clone();
        for (index, column) in self.schema.columns.iter().enumerate() {
            if !column.is_derived() || !self.is_there(column) {
                continue;
            }
            let target = Target::Cell { table: self.index, department: row.department, column: index };
            // What stops it has been reported.
            let place = self.calculation.figure(target, self.calculation.now()).ok();
            if let (Some(place), Some(cell), Some(record)) =
                (place, cells.get_mut(index), self.table.record(row))
            {
                *cell = Some(place);
                self.compare(record, row, index, place);
            }
        }
        cells
    }

    /// Holds a derived figure against what the file says, where no cell of the row has an error.
    fn compare(&mut self, record: &Record, row: &EnteredRow, index: usize, place: FigureId) {
        let parts_are_good = row.is_sound;
        let ledger = self.calculation.ledger();
        let Some(figure) = ledger.get(place) else { return };
        let amount = figure.amount;
        // What another month does not tell is held against nothing.
        if amount == Amount::Unknown {
            return;
        }
        let operands = match &figure.origin {
            Origin::Operation { operands, .. } => operands.as_slice(),
            _ => &[],
        };
        let is_ranked_by = self.schema.ranking == Some(index) && amount.number().is_some();
        let is_unanswered = |place: &&FigureId| ledger.amount(**place) == Amount::Missing;
        let blank = operands.iter().find(is_unanswered).filter(|_| is_ranked_by && parts_are_good);
        let declared = record.cells.get(index).and_then(Option::as_ref);
        match (blank.copied(), declared) {
            (Some(blank), _) => self.report_unranked(record, blank),
            (None, Some(declared)) if parts_are_good => {
                let column = self.schema.columns.get(index).and_then(ColumnSchema::number);
                let is_same = declared.amount == Amount::Missing
                    || column.is_some_and(|column| is_result(declared.amount, amount, column));
                if !is_same && !declared.as_text && self.has_text_among_parts(record, row, place) {
                    // The file's own formula passed over the text, and so did what it ranked.
                    self.scores_differ = true;
                } else if !is_same {
                    let operands = operands.to_vec();
                    self.report_mismatch(record, index, declared, amount, &operands);
                }
            }
            _ => {}
        }
    }

    /// Whether one of the numbers that a figure is computed from is stored as text in the row.
    fn has_text_among_parts(&self, record: &Record, row: &EnteredRow, place: FigureId) -> bool {
        let cells = record.cells.iter().zip(&row.cells);
        let texts: Vec<FigureId> = cells
            .filter(|(cell, _)| cell.as_ref().is_some_and(|cell| cell.as_text))
            .filter_map(|(_, place)| *place)
            .collect();
        !texts.is_empty() && self.calculation.ledger().made_of(place).any(|(part, _)| texts.contains(&part))
    }

    /// A score without one of its parts would be ranked as if the part were zero.
    fn report_unranked(&mut self, record: &Record, blank: FigureId) {
        self.scores_differ = true;
        let Some(Origin::Cell { at, .. }) = self.calculation.ledger().get(blank).map(|figure| &figure.origin)
        else {
            return;
        };
        let name = self.calculation.project().register.name(record.department);
        self.found.push(
            Diagnostic::new(
                &rules::RANKING_INCOMPLETE,
                format!("“{}”的得分缺了这一项，不能排名", shown(name)),
            )
            .at(at.clone())
            .hint("请补填；确实没有的填 0 或“/”"),
        );
    }

    fn report_mismatch(
        &mut self,
        record: &Record,
        index: usize,
        declared: &RecordCell,
        computed: Amount,
        operands: &[FigureId],
    ) {
        self.scores_differ = true;
        let header = self.schema.columns.get(index).map(ColumnSchema::header_text).unwrap_or_default();
        let ledger = self.calculation.ledger();
        let parts: Vec<String> = operands.iter().map(|part| ledger.amount(*part).plain()).collect();
        let mut found = Diagnostic::new(
            &rules::DERIVED_MISMATCH,
            format!(
                "“{}”的“{}”填的是 {}，按各项计算应为 {}",
                shown(self.calculation.project().register.name(record.department)),
                shown(&header),
                declared.amount.plain(),
                computed.plain()
            ),
        )
        .at(self.table.read.location(record.source, declared.cell))
        .excerpt(self.row_excerpt(record, declared.cell))
        .hint(format!("参加计算的各项是：{}；请核对哪一个填错了", parts.join("、")));
        // In a form it is a locked formula, which a department cannot correct.
        if self.table.read.is_of_answers() {
            found.severity = Severity::Warning;
        }
        self.found.push(found);
    }

    /// A formula that does not suit the table differs in every row: one finding says so.
    fn gather_derived_mismatches(&mut self) {
        let is_mismatch = |diagnostic: &&mut Diagnostic| diagnostic.rule == &rules::DERIVED_MISMATCH;
        let count = self.found.iter_mut().filter(is_mismatch).count();
        if count <= MOST_MISMATCHES {
            return;
        }
        if let Some(first) = self.found.iter_mut().find(is_mismatch) {
            first.message = format!("有 {count} 行的结果与算式不符，第一处：{}", first.message);
            first.places = count;
            first.hints.push("各行都不符时，多半是 yuebao.toml 中这一列的 formula 写错了".to_owned());
        }
        let mut seen = 0;
        self.found.retain(|diagnostic| {
            seen += usize::from(diagnostic.rule == &rules::DERIVED_MISMATCH);
            diagnostic.rule != &rules::DERIVED_MISMATCH || seen == 1
        });
    }

    fn row_excerpt(&self, record: &Record, marked: CellRef) -> Excerpt {
        row_excerpt(self.calculation, self.schema, self.table, record, marked)
    }

    /// The sum of each column; of a derived one its formula over the other sums, for the sum of rates is none.
    fn totals(&mut self) -> Vec<Option<FigureId>> {
        let mut totals = self.table.totals.clone();
        for (index, column) in self.schema.columns.iter().enumerate() {
            let has_total = self.calculation.has_total(self.index, index);
            if column.is_derived() && self.is_there(column) && has_total {
                let target = Target::Total { table: self.index, column: index };
                // A formula that has no value for the totals has been reported for the rows.
                let place = self.calculation.figure(target, self.calculation.now()).ok();
                if let Some(total) = totals.get_mut(index) {
                    *total = place;
                }
            }
        }
        totals
    }
}

/// A record's row as it stands in its file, with one cell marked.
pub fn row_excerpt(
    calculation: &Calculation<'_>,
    schema: &TableSchema,
    table: &EnteredTable,
    record: &Record,
    marked: CellRef,
) -> Excerpt {
    let content = |index: usize, _| match schema.columns.get(index).map(|column| &column.role) {
        Some(ColumnRole::Department) => calculation.project().register.name(record.department).to_owned(),
        Some(ColumnRole::Sequence) => {
            record.sequence.as_ref().map(|(content, _)| content.to_string()).unwrap_or_default()
        }
        _ => {
            record.cells.get(index).and_then(Option::as_ref).map_or_else(String::new, |cell| cell.raw.clone())
        }
    };
    TablePlace::row_excerpt(schema, table.read.columns(record.source), marked, content)
}
