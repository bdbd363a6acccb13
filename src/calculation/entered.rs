//! What was entered for one month: its tables' cells, their sums, and the figures entered by hand.
//!
//! Nothing here depends on other months or on formulas; so a month is entered
//! once in a run, however many months look back at it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location, has_errors, rules};
use crate::figure::{Amount, Figure, FigureId, Ledger, Operation, Origin, sum};
use crate::project::{EnteredValue, FileContent, Month, MonthInputs, Project, TableSchema};
use crate::source::{self, Isolation};
use crate::table::{ReadTable, Record, read_table};

/// What was entered for one month.
#[derive(Debug)]
pub struct EnteredMonth {
    /// The files.
    pub inputs: MonthInputs,
    /// For each declared table, what its file holds; none where it cannot be read.
    pub tables: Vec<Option<EnteredTable>>,
    /// The cells, the sums of columns, and the figures entered by hand.
    pub ledger: Arc<Ledger>,
    /// What was found while reading.
    pub diagnostics: Vec<Diagnostic>,
}

/// A table as entered.
#[derive(Debug)]
pub struct EnteredTable {
    /// The records as read.
    pub read: ReadTable,
    /// The rows, in official order.
    pub rows: Vec<EnteredRow>,
    /// For each declared column that is entered, its sum.
    pub totals: Vec<Option<FigureId>>,
    /// Whether it was read without an error.
    pub is_sound: bool,
    /// For each department of the register, its row.
    row_of: Vec<Option<usize>>,
}

/// A department's row as entered.
#[derive(Debug)]
pub struct EnteredRow {
    /// The index of its record.
    pub record: usize,
    /// The department's place in the register.
    pub department: usize,
    /// For each declared column that is entered, its figure.
    pub cells: Vec<Option<FigureId>>,
}

impl EnteredMonth {
    /// Reads what was entered for a month; `diagnostics` are those of its files.
    pub fn read(
        project: &Project,
        inputs: MonthInputs,
        mut diagnostics: Vec<Diagnostic>,
        isolation: &Isolation,
    ) -> Self {
        let mut ledger = Ledger::default();
        let mut tables = Vec::new();
        for (schema, content) in project.settings.tables.iter().zip(&inputs.tables) {
            let period = inputs.period(&schema.name);
            let read = content.as_ref().and_then(|content| {
                let (table, found) = read_file(project, schema, content, period, isolation);
                let is_sound = !has_errors(&found);
                diagnostics.extend(found);
                table.map(|table| (table, is_sound))
            });
            tables.push(read.map(|(table, is_sound)| {
                let mut entering = Entering { project, schema, table: &table, ledger: &mut ledger };
                let rows = entering.rows();
                let totals = entering.totals(&rows, &mut diagnostics);
                let mut row_of = vec![None; project.register.iter().count()];
                for (index, row) in rows.iter().enumerate() {
                    if let Some(place) = row_of.get_mut(row.department) {
                        *place = Some(index);
                    }
                }
                EnteredTable { read: table, rows, totals, is_sound, row_of }
            }));
        }
        for value in inputs.issue.iter().flat_map(|issue| &issue.values) {
            ledger.add(entered_by_hand(value));
        }
        Self { inputs, tables, ledger: Arc::new(ledger), diagnostics }
    }

    /// The month.
    pub fn month(&self) -> Month {
        self.inputs.month
    }

    /// A table that was read, by its place among the declared ones.
    pub fn table(&self, index: usize) -> Option<&EnteredTable> {
        self.tables.get(index)?.as_ref()
    }
}

impl EnteredTable {
    /// A department's row, by the department's place in the register.
    pub fn row(&self, department: usize) -> Option<usize> {
        self.row_of.get(department).copied().flatten()
    }

    /// A department's figure in an entered column.
    pub fn cell(&self, department: usize, column: usize) -> Option<FigureId> {
        self.rows.get(self.row(department)?)?.cells.get(column).copied().flatten()
    }

    /// The record from which a row was entered.
    pub fn record(&self, row: &EnteredRow) -> Option<&Record> {
        self.read.records.rows.get(row.record)
    }
}

fn read_file(
    project: &Project,
    schema: &TableSchema,
    content: &FileContent,
    period: Month,
    isolation: &Isolation,
) -> (Option<ReadTable>, Vec<Diagnostic>) {
    let (workbook, mut diagnostics) = source::read(&content.bytes, &content.name, isolation);
    let Some(workbook) = workbook else { return (None, diagnostics) };
    let (table, found) =
        read_table(schema, &content.name, &workbook, &project.register, &project.settings.cells, period);
    let is_sound = !has_errors(&diagnostics);
    // Where cells could not be read, a blank one says nothing about the department's answer.
    let follows =
        |found: &Diagnostic| found.rule == &rules::CELL_MISSING || found.rule == &rules::TABLE_NOT_FOUND;
    diagnostics.extend(found.into_iter().filter(|found| is_sound || !follows(found)));
    (table, diagnostics)
}

struct Entering<'a> {
    project: &'a Project,
    schema: &'a TableSchema,
    table: &'a ReadTable,
    ledger: &'a mut Ledger,
}

impl Entering<'_> {
    /// Adds the cells, in official order whatever the order of the file.
    fn rows(&mut self) -> Vec<EnteredRow> {
        let mut records: Vec<(usize, &Record)> = self.table.records.rows.iter().enumerate().collect();
        records.sort_by_key(|(_, record)| record.department);
        records
            .into_iter()
            .map(|(index, record)| EnteredRow {
                record: index,
                department: record.department,
                cells: self.cells(record),
            })
            .collect()
    }

    fn cells(&mut self, record: &Record) -> Vec<Option<FigureId>> {
        let department = self.project.register.name(record.department);
        let columns = self.schema.columns.iter().zip(&record.cells);
        columns
            .map(|(column, cell)| {
                let number = column.number().filter(|number| number.formula.is_none())?;
                let cell = cell.as_ref()?;
                Some(self.ledger.add(Figure {
                    id: cell_name(&self.schema.name, department, &column.name),
                    amount: cell.amount,
                    unit: number.unit.clone(),
                    origin: Origin::Cell { at: self.table.location(cell.cell), raw: cell.raw.clone() },
                }))
            })
            .collect()
    }

    fn totals(&mut self, rows: &[EnteredRow], diagnostics: &mut Vec<Diagnostic>) -> Vec<Option<FigureId>> {
        let mut totals = Vec::with_capacity(self.schema.columns.len());
        for (index, column) in self.schema.columns.iter().enumerate() {
            let Some(number) = column.number().filter(|number| number.formula.is_none()) else {
                totals.push(None);
                continue;
            };
            let operands: Vec<FigureId> =
                rows.iter().filter_map(|row| row.cells.get(index).copied().flatten()).collect();
            let amount = sum(operands.iter().map(|place| self.ledger.amount(*place)));
            if amount.is_none() {
                diagnostics.push(
                    Diagnostic::new(
                        &rules::CELL_ABSURD,
                        format!("“{}”的合计太大，算不出来", column.header_text()),
                    )
                    .at(Location::file(&self.table.file)),
                );
            }
            totals.push(amount.map(|amount| {
                self.ledger.add(Figure {
                    id: total_name(&self.schema.name, &column.name),
                    amount,
                    unit: number.unit.clone(),
                    origin: Origin::Operation { operation: Operation::Sum, operands },
                })
            }));
        }
        totals
    }
}

/// The name of a department's figure.
pub fn cell_name(table: &str, department: &str, column: &str) -> String {
    format!("{table}[\"{department}\"].{column}")
}

/// The name of a column's total.
pub fn total_name(table: &str, column: &str) -> String {
    format!("{table}.total.{column}")
}

fn entered_by_hand(value: &EnteredValue) -> Figure {
    Figure {
        id: format!("values.{}", value.name),
        amount: Amount::Number(value.value),
        unit: value.unit.clone(),
        origin: Origin::Entry { at: value.at.clone(), source: value.source.clone() },
    }
}
