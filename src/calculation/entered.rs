//! What was entered for one month: its tables' cells, their sums, and the figures entered by hand.
//!
//! Nothing here depends on other months or on formulas; so a month is entered
//! once in a run, however many months look back at it.

use std::sync::Arc;

use super::names::Names;
use super::table_input::read_input;
use super::totals::{RowFigures, compare_totals};
use crate::diagnostic::{Diagnostic, Location, has_errors, rules};
use crate::figure::{Amount, Figure, FigureId, Ledger, Operation, Origin, sum};
use crate::project::{EnteredValue, Month, MonthInputs, Project, ReadFiles, TableSchema};
use crate::source::{Isolation, is_reader_failure};
use crate::table::{ReadTable, Record};

/// What was entered for one month.
#[derive(Debug)]
pub struct EnteredMonth {
    /// The files.
    pub inputs: Arc<MonthInputs>,
    /// For each declared table, what its file holds; none where it cannot be read.
    pub tables: Vec<Option<EnteredTable>>,
    /// The cells, the sums of columns, and the figures entered by hand.
    pub ledger: Arc<Ledger>,
    /// What was found while reading the files and their cells.
    pub diagnostics: Vec<Diagnostic>,
}

/// A table as entered.
#[derive(Debug)]
pub struct EnteredTable {
    /// The records as read.
    pub read: ReadTable,
    /// The rows, in official order.
    pub rows: Vec<EnteredRow>,
    /// For each declared column that is entered and has a total, its sum.
    pub totals: Vec<Option<FigureId>>,
    /// Whether it was read without an error, and its own totals fit: other months may look back at it.
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
    /// Whether none of its cells has an error.
    pub is_sound: bool,
}

impl EnteredMonth {
    /// Reads what was entered for a month.
    pub fn read(project: &Project, inputs: Arc<MonthInputs>, isolation: &Isolation) -> Self {
        let mut diagnostics = inputs.diagnostics.clone();
        let tables = project.settings.tables.iter().zip(&inputs.tables).map(|(schema, input)| {
            let period = inputs.period(&schema.name);
            let input = input.as_ref()?;
            let (table, mut found) = read_input(project, schema, input, period, isolation);
            if inputs.issue.is_none() {
                // Which month the table should report on stands in the issue file, which has errors.
                found.retain(|found| found.rule != &rules::PERIOD_MISMATCH);
            }
            let is_sound = input.is_whole && !has_errors(&found);
            diagnostics.extend(found);
            table.map(|table| (table, is_sound))
        });
        let tables = tables.collect();
        Self::of_tables(project, inputs, tables, diagnostics)
    }

    /// What tables that were read by themselves say: a department's answer before it is merged.
    pub fn of_answer(project: &Project, month: Month, tables: Vec<Option<ReadTable>>) -> Self {
        let inputs = MonthInputs {
            month,
            issue: None,
            is_issue_sound: false,
            issue_file: None,
            tables: tables.iter().map(|_| None).collect(),
            files: ReadFiles::default(),
            diagnostics: Vec::new(),
        };
        let tables = tables.into_iter().map(|table| Some((table?, true))).collect();
        Self::of_tables(project, Arc::new(inputs), tables, Vec::new())
    }

    fn of_tables(
        project: &Project,
        inputs: Arc<MonthInputs>,
        read: Vec<Option<(ReadTable, bool)>>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let mut ledger = Ledger::default();
        let mut tables = Vec::new();
        for (schema, read) in project.settings.tables.iter().zip(read) {
            tables.push(read.map(|(table, is_sound)| {
                let period = inputs.period(&schema.name);
                let mut entering = Entering { project, schema, period, table: &table, ledger: &mut ledger };
                let rows = entering.rows();
                let totals = entering.totals(&rows, &mut diagnostics);
                let mut row_of = vec![None; project.register.iter().count()];
                for (index, row) in rows.iter().enumerate() {
                    if let Some(place) = row_of.get_mut(row.department) {
                        *place = Some(index);
                    }
                }
                let figures: Vec<RowFigures<'_>> =
                    rows.iter().map(|row| (row.record, row.cells.as_slice())).collect();
                let is_sound = is_sound && compare_totals(schema, &table, &ledger, &figures).is_empty();
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

    /// That files that are there could not be read, for reasons that may lie outside them: it says nothing about what
    /// they hold.
    pub fn reading_failures(&self) -> impl Iterator<Item = &Diagnostic> {
        let cannot_be_read = |found: &Diagnostic| {
            let at = found.location.as_ref().map(Location::path);
            found.rule == &rules::FILE_UNREADABLE
                && at.is_some_and(|at| self.inputs.files.unreadable.contains_key(at))
        };
        self.diagnostics.iter().filter(move |found| is_reader_failure(found) || cannot_be_read(found))
    }

    /// The names that the month's formulas can use.
    pub fn names<'a>(&'a self, project: &'a Project) -> Names<'a> {
        let values = self.inputs.issue.as_ref().map_or(&[][..], |issue| &issue.value_names);
        Names { project, values }
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

struct Entering<'a> {
    project: &'a Project,
    schema: &'a TableSchema,
    /// The month that the table reports on.
    period: Month,
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
                is_sound: record.cells.iter().flatten().all(|cell| !cell.faulty),
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
                    origin: Origin::Cell {
                        at: self.table.location(record.source, cell.cell),
                        raw: cell.raw.clone(),
                    },
                }))
            })
            .collect()
    }

    fn totals(&mut self, rows: &[EnteredRow], diagnostics: &mut Vec<Diagnostic>) -> Vec<Option<FigureId>> {
        let mut totals = Vec::with_capacity(self.schema.columns.len());
        for (index, column) in self.schema.columns.iter().enumerate() {
            let is_there = column.term.covers(self.period);
            let Some(number) = column.number().filter(|number| is_there && number.is_summed()) else {
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
                    .at(self.table.file_location()),
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
    // There is one for each cell: put together in one piece, which `format!` does not do.
    [table, "[\"", department, "\"].", column].concat()
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
