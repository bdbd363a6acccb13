//! A table of this month beside the same table of past months.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::calculation::{Calculation, EnteredMonth, EnteredRow, EnteredTable, Unusable, row_excerpt};
use crate::diagnostic::{CellRef, Diagnostic, Rule, shown};
use crate::figure::{Amount, FigureId};
use crate::project::{ColumnSchema, Month, TableSchema};
use crate::table::RecordCell;

/// A table of this month, with what was entered for it in past months.
pub(super) struct TableHistory<'c, 'p> {
    calculation: &'c Calculation<'p>,
    entered: Arc<EnteredMonth>,
    index: usize,
    /// The table's declaration.
    pub schema: &'p TableSchema,
    /// What was entered one month before, two months before, and so on; none where it cannot be looked at.
    past: Vec<(Month, Option<Arc<EnteredMonth>>)>,
}

/// What was entered at one place in past months, the last month first; none for a month that cannot be looked at.
pub(super) type Past = Vec<Option<Amount>>;

/// A number of this month at its place.
pub(super) struct Number<'a> {
    /// The declared column.
    pub column: &'a ColumnSchema,
    /// The column's place among the declared ones.
    pub index: usize,
    /// The number.
    pub value: Decimal,
    /// Its cell.
    pub cell: &'a RecordCell,
}

impl<'c, 'p> TableHistory<'c, 'p> {
    /// The table at this place among the declared ones; it must have been read.
    pub(super) fn read(calculation: &'c mut Calculation<'p>, index: usize) -> Self {
        let now = calculation.now().month;
        let past: Vec<_> = now
            .months_before(calculation.project().settings.check_settings.months)
            // A month that cannot be looked at is left out: only formulas ask for one by name. A fault in its issue.toml
            // is no reason: what is checked here is only remarked.
            .map(|month| match calculation.look_back(month, index) {
                Err(Unusable::Period) => (month, calculation.other_month(month)),
                looked => (month, looked.ok()),
            })
            .collect();
        let project = calculation.project();
        Self {
            entered: Arc::clone(calculation.entered()),
            calculation,
            index,
            schema: &project.settings.tables[index],
            past,
        }
    }

    /// Whether no past month can be looked at.
    fn is_without_past(&self) -> bool {
        self.past.iter().all(|(_, entered)| entered.is_none())
    }

    fn table(&self) -> Option<&EnteredTable> {
        self.entered.table(self.index)
    }

    /// This month's rows without a faulty cell, in official order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &EnteredRow> {
        self.table().into_iter().flat_map(|table| table.rows.iter().filter(|row| row.is_sound))
    }

    /// The numbers of a row in entered columns.
    pub(super) fn numbers<'a>(&'a self, row: &'a EnteredRow) -> impl Iterator<Item = Number<'a>> {
        let columns = self.schema.columns.iter().enumerate().filter(|(_, column)| !column.is_derived());
        columns.filter_map(move |(index, column)| {
            column.number()?;
            let cell = self.table()?.record(row)?.cells.get(index)?.as_ref()?;
            Some(Number { column, index, value: cell.amount.number()?, cell })
        })
    }

    /// The cells of a row in entered columns, whatever they say.
    pub(super) fn row_cells(&self, row: &EnteredRow) -> Vec<CellRef> {
        let record = self.table().and_then(|table| table.record(row));
        record.into_iter().flat_map(|record| record.cells.iter().flatten()).map(|cell| cell.cell).collect()
    }

    /// How many numbers there are.
    pub(super) fn count_numbers(&self) -> usize {
        self.rows().map(|row| self.numbers(row).count()).sum()
    }

    /// The numbers, each with its row and what was entered there in past months, the last month first;
    /// none where no past month can be looked at.
    pub(super) fn numbers_with_past(&self) -> impl Iterator<Item = (&EnteredRow, Number<'_>, Past)> {
        let rows = (!self.is_without_past()).then(|| self.rows());
        rows.into_iter().flatten().flat_map(move |row| {
            self.numbers(row).map(move |number| {
                let past = self.past(row.department, number.index).collect();
                (row, number, past)
            })
        })
    }

    /// The amount of an entered column this month.
    pub(super) fn amount(&self, row: &EnteredRow, column: usize) -> Amount {
        let place = row.cells.get(column).copied().flatten();
        place.map_or(Amount::Missing, |place| self.entered_amount(place))
    }

    /// The amount of a cell of this month.
    pub(super) fn entered_amount(&self, place: FigureId) -> Amount {
        self.entered.ledger.amount(place)
    }

    /// The total of a column this month.
    pub(super) fn total(&self, column: usize) -> Decimal {
        let place = self.table().and_then(|table| table.totals.get(column).copied().flatten());
        place.and_then(|place| self.entered.ledger.amount(place).number()).unwrap_or_default()
    }

    /// The amounts of a department in past months, the last month first; none for a month that cannot be looked at.
    fn past(&self, department: usize, column: usize) -> impl Iterator<Item = Option<Amount>> {
        self.past.iter().map(move |(_, entered)| {
            let entered = entered.as_ref()?;
            let place = entered.table(self.index)?.cell(department, column)?;
            Some(entered.ledger.amount(place))
        })
    }

    /// What was entered in the last month, if it can be looked at.
    pub(super) fn last_month(&self) -> Option<(Month, &EnteredTable, &EnteredMonth)> {
        let (month, entered) = self.past.first()?;
        let entered = entered.as_ref()?;
        Some((*month, entered.table(self.index)?, entered))
    }

    /// The months of the last `count` ones that can be looked at.
    pub(super) fn last_months(&self, count: usize) -> impl Iterator<Item = (&EnteredTable, &EnteredMonth)> {
        self.past.iter().take(count).filter_map(|(_, entered)| {
            let entered = entered.as_ref()?;
            Some((entered.table(self.index)?, &**entered))
        })
    }

    /// The official name of a row's department.
    pub(super) fn department(&self, row: &EnteredRow) -> &'p str {
        self.calculation.project().register.name(row.department)
    }

    /// A finding at a cell of a row, with the row shown.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        row: &EnteredRow,
        cell: CellRef,
        message: String,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::new(rule, message).about(self.department(row));
        let Some((table, record)) = self.table().and_then(|table| Some((table, table.record(row)?))) else {
            return diagnostic;
        };
        diagnostic.at(table.read.location(record.source, cell)).excerpt(row_excerpt(
            self.calculation,
            self.schema,
            table,
            record,
            cell,
        ))
    }

    /// A finding about the table's file as a whole.
    pub(super) fn file_finding(&self, rule: &'static Rule, message: String) -> Diagnostic {
        let diagnostic = Diagnostic::new(rule, message).about(self.schema.name.clone());
        match self.table() {
            Some(table) => diagnostic.at(table.read.file_location()),
            None => diagnostic,
        }
    }

    /// “公安厅”的“现场邮寄量（件）”, for messages.
    pub(super) fn named(&self, row: &EnteredRow, column: &ColumnSchema) -> String {
        format!("“{}”的“{}”", shown(self.department(row)), shown(&column.header_text()))
    }
}
