//! Computing: what was entered, formulas, and the figures of other months, to one ledger.
//!
//! `entered` is what the files say; `formulas` what yuebao.toml declares, with
//! `names` bound; [`Calculation`] computes what is asked for, at any time, once.
//! `tables` holds the declared derived values against the computed ones and
//! puts the rows in printed order. `times` and `columns` bring in other months,
//! and `shifts` is what the functions of time in formulas make of them.
//!
//! A time shift does not look a figure up in an issue of long ago: it computes
//! it anew from what was entered then, by today's formulas. `ytd` adds up what
//! was entered and then computes, so that a rate is one of sums.

mod columns;
mod compared;
mod derived;
mod entered;
mod evaluate;
mod figure_names;
mod formulas;
mod names;
mod ratio;
mod sequence;
mod shifts;
mod store;
mod table_input;
mod tables;
mod times;
mod totals;

pub use compared::Comparison;
pub use entered::{EnteredMonth, EnteredRow, EnteredTable, cell_name, total_name};
pub use evaluate::Row;
pub use formulas::{Formula, Formulas, formula_diagnostic, read_formula};
pub use names::{Bound, Kind, Names, Target};
pub use shifts::lacks_counterparts;
pub use store::MonthStore;
pub use table_input::{filled_workbook, without_consequences};
pub use tables::{ComputedRow, ComputedTable, compute_tables, row_excerpt};
pub use times::Unusable;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, rules, shown};
use crate::figure::{FigureId, FormulaFault, Function, Ledger, Time};
use crate::project::{ColumnSchema, Month, Project, TableSchema};
use columns::Column;

/// The most steps of evaluating that a month's formulas may take, beside those for each of its cells.
const MOST_STEPS: usize = 20_000_000;
/// The steps that each cell of the month's tables adds.
const STEPS_PER_CELL: usize = 400;

/// Why a figure could not be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A fault of the formula at hand.
    Fault(FormulaFault),
    /// Something else is at fault, and has been reported there.
    Told,
}

impl From<FormulaFault> for Stop {
    fn from(fault: FormulaFault) -> Self {
        Self::Fault(fault)
    }
}

/// Other months that were looked at, each as it was entered then; none where it has no folder.
pub type ReachedMonths = BTreeMap<Month, Option<Arc<EnteredMonth>>>;

/// What is known of a department's number in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// Nothing yet: it is not entered, and was not asked for.
    Unasked,
    /// It was entered, or computed.
    Figure(FigureId),
    /// It cannot be computed; why has been reported.
    Failed,
}

/// The cells of a table of this month in one piece: checks look at all of them over and over.
struct Cells {
    /// How many columns are declared.
    width: usize,
    /// All columns of one row after the other.
    cells: Vec<Cell>,
}

impl Cells {
    fn new(schema: &TableSchema, table: Option<&EnteredTable>) -> Self {
        let rows = table.map_or(&[][..], |table| &table.rows);
        let entered = rows.iter().flat_map(|row| &row.cells);
        let cells = entered.map(|place| place.map_or(Cell::Unasked, Cell::Figure)).collect();
        Self { width: schema.columns.len(), cells }
    }
}

/// The figures of one month, computed as they are asked for.
pub struct Calculation<'a> {
    project: &'a Project,
    /// Gives what was entered for any month.
    months: &'a dyn Fn(Month) -> Option<Arc<EnteredMonth>>,
    /// What was entered for this month.
    entered: Arc<EnteredMonth>,
    now: Time,
    formulas: Arc<Formulas>,
    ledger: Ledger,
    /// For each table, its cells.
    cells: Vec<Cells>,
    /// What was computed beside the cells of this month.
    computed: BTreeMap<(Target, Time), Result<FigureId, Stop>>,
    /// The figures of whole columns and their order.
    columns: BTreeMap<(usize, usize, Time), Result<Arc<Column>, Stop>>,
    /// Aggregates of whole columns.
    aggregates: BTreeMap<(Function, Target, Time), FigureId>,
    /// The other months that were asked for.
    reached: ReachedMonths,
    /// Whether the month's files have errors, so that a figure that is not there is no fault of a formula.
    is_faulty: bool,
    diagnostics: Vec<Diagnostic>,
    steps_left: usize,
    depth: usize,
}

impl<'a> Calculation<'a> {
    /// A calculation on what was entered for a month, by formulas whose names were bound to it;
    /// their faults are told by [`finish`](Self::finish).
    pub fn new(
        project: &'a Project,
        entered: Arc<EnteredMonth>,
        formulas: Arc<Formulas>,
        months: &'a dyn Fn(Month) -> Option<Arc<EnteredMonth>>,
        is_faulty: bool,
    ) -> Self {
        let ledger = Ledger::after(Arc::clone(&entered.ledger));
        let schemas = project.settings.tables.iter().enumerate();
        let cells = schemas.map(|(index, schema)| Cells::new(schema, entered.table(index))).collect();
        Self {
            project,
            months,
            now: Time::month(entered.month()),
            diagnostics: formulas.diagnostics().to_vec(),
            formulas,
            cells,
            computed: BTreeMap::new(),
            columns: BTreeMap::new(),
            aggregates: BTreeMap::new(),
            reached: ReachedMonths::new(),
            is_faulty,
            steps_left: MOST_STEPS + STEPS_PER_CELL * ledger.len(),
            ledger,
            entered,
            depth: 0,
        }
    }

    /// The bulletin's declarations.
    pub fn project(&self) -> &'a Project {
        self.project
    }

    /// What was entered for the month.
    pub fn entered(&self) -> &Arc<EnteredMonth> {
        &self.entered
    }

    /// What was entered for another month; none where it has no folder.
    pub fn other_month(&mut self, month: Month) -> Option<Arc<EnteredMonth>> {
        if month == self.now.month {
            return Some(Arc::clone(&self.entered));
        }
        if let Some(known) = self.reached.get(&month) {
            return known.clone();
        }
        let entered = (self.months)(month);
        // What the month holds is not known: that must not pass for a month without data.
        for failure in entered.iter().flat_map(|entered| entered.reading_failures()) {
            let wanted = format!("{} 一期要与它比较，读不出来就不能生成", self.now.month);
            self.report(failure.clone().hint(wanted));
        }
        self.reached.insert(month, entered.clone());
        entered
    }

    /// The names that formulas of this month can use.
    pub fn names(&self) -> Names<'_> {
        self.entered.names(self.project)
    }

    /// The time that figures are computed for where a formula says nothing else.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The figures so far.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Reports a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        // The same formula fails in the same way in every row: once is enough.
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports findings that are all about different places.
    pub fn report_all(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// Computes all named figures that the issue has; those that cannot be computed are findings.
    pub fn compute_figures(&mut self) {
        for (index, figure) in self.project.settings.figures.iter().enumerate() {
            if figure.term.covers(self.now.month) {
                // What stops it has been reported.
                let _ = self.figure(Target::Figure(index), self.now);
            }
        }
    }

    /// All figures, the findings, and the other months that were looked at.
    pub fn finish(self) -> (Ledger, Vec<Diagnostic>, ReachedMonths) {
        (self.ledger, self.diagnostics, self.reached)
    }

    /// The figure that a target stands for at a time; `Own` and whole columns stand for none.
    pub fn figure(&mut self, target: Target, time: Time) -> Result<FigureId, Stop> {
        if let (Target::Cell { table, department, column }, true) = (target, time == self.now)
            && let Some(row) = self.entered.table(table).and_then(|entered| entered.row(department))
        {
            return self.cell_now(table, department, column, row);
        }
        if let Some(known) = self.computed.get(&(target, time)) {
            return known.clone();
        }
        let result = self.compute(target, time);
        self.computed.insert((target, time), result.clone());
        result
    }

    /// A department's figure of this month: kept in the table's own shape, for there are many.
    fn cell_now(
        &mut self,
        table: usize,
        department: usize,
        column: usize,
        row: usize,
    ) -> Result<FigureId, Stop> {
        let cells = self.cells.get(table).ok_or(Stop::Told)?;
        let at = row * cells.width + column;
        match cells.cells.get(at) {
            Some(Cell::Figure(place)) => return Ok(*place),
            Some(Cell::Failed) | None => return Err(Stop::Told),
            Some(Cell::Unasked) => {}
        }
        let result = self.compute(Target::Cell { table, department, column }, self.now);
        if let Some(cell) = self.cells.get_mut(table).and_then(|cells| cells.cells.get_mut(at)) {
            *cell = result.as_ref().map_or(Cell::Failed, |place| Cell::Figure(*place));
        }
        result
    }

    fn compute(&mut self, target: Target, time: Time) -> Result<FigureId, Stop> {
        if let Some(absent) = self.outside_its_term(target, time) {
            return Ok(absent);
        }
        let settings = &self.project.settings;
        let is_derived = |table: usize, column: usize| {
            let schema = settings.tables.get(table);
            schema.and_then(|schema| schema.columns.get(column)).is_some_and(|column| column.is_derived())
        };
        match target {
            Target::Total { table, column } if !self.has_total(table, column) => {
                Err(self.no_total(table, column, &(0..0)))
            }
            Target::Cell { table, column, department } if is_derived(table, column) => {
                match self.without_row(target, time) {
                    Some(absent) => Ok(absent),
                    None => self.derive(target, Row::Department { table, department }, time),
                }
            }
            Target::Total { table, column } if is_derived(table, column) => {
                self.derive(target, Row::Totals { table }, time)
            }
            Target::Figure(index) => self.named_figure(index, time),
            Target::Rank { table, department } => {
                let ranking = settings.tables.get(table).and_then(|table| table.ranking).ok_or(Stop::Told)?;
                self.rank(table, department, ranking, time, true)
            }
            Target::Cell { .. } | Target::Total { .. } | Target::Value(_) => {
                self.entered_figure(target, time)
            }
            Target::Own { .. } | Target::Column { .. } | Target::Rows { .. } => Err(Stop::Told),
        }
    }

    /// Whether a column has a total.
    pub fn has_total(&self, table: usize, column: usize) -> bool {
        self.formulas.has_total(table, column)
    }

    /// The fault that a formula asks for a total that there is not.
    fn no_total(&self, table: usize, column: usize, span: &Range<usize>) -> Stop {
        let schema = self.project.settings.tables.get(table);
        let column = schema.and_then(|schema| schema.columns.get(column));
        let header = column.map(ColumnSchema::header_text).unwrap_or_default();
        let fault = format!("“{}”没有合计：各部门相加没有意义", shown(&header));
        FormulaFault::new(fault, span).into()
    }

    /// The fault that a formula names a figure that this month does not have.
    pub fn not_there(&self, bound: &Bound, target: Target) -> Stop {
        match self.is_faulty {
            true => Stop::Told,
            false => {
                let name = self.name(target, self.now);
                Stop::Fault(FormulaFault::new(format!("没有 {} 这个数", shown(&name)), &bound.span))
            }
        }
    }

    /// Warns that a month that was looked back at cannot serve; once for each month and table.
    fn warn_of_past(&mut self, month: Month, table: &str, why: &str) {
        let entered = self.reached.get(&month).and_then(Option::as_ref);
        if entered.is_some_and(|entered| entered.reading_failures().next().is_some()) {
            return;
        }
        let message = format!("{month} 一期的表 {table} {why}，与它比较的数都作为没有");
        self.report(
            Diagnostic::new(&rules::PAST_MONTH_UNUSABLE, message)
                .at(crate::diagnostic::Location::file(crate::project::Folder::month_folder(month)))
                .hint(format!("可用 yuebao check {month} 查看，改正后再生成本期")),
        );
    }
}
