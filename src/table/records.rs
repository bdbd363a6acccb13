//! Reading a found table into records: which rows are departments, which are totals or notes.

mod cells;
mod excess;
mod faults;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Expected;
use super::header::HeaderMatch;
use super::place::TablePlace;
use super::regions::RegionIndex;
use super::repeated::{CellFinding, gather_repeated};
use super::row_kind::{
    self, are_column_numbers, is_name_of_column_numbers, is_number, is_rough_number, is_subtotal, is_total,
    is_zero,
};
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, Location, rules, shown};
use crate::figure::Amount;
use crate::project::{CellRules, ColumnRole, Month, Register, TableSchema, normal};
use crate::source::{Content, Region, Row, Sheet};
use excess::Strays;

/// A table's records, in the file's order.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// A row for each department.
    pub rows: Vec<Record>,
    /// The declared totals, in the file's order.
    pub totals: Vec<DeclaredTotal>,
    /// Whether rows or columns are missing or unreadable, so that sums and ranks say nothing.
    pub incomplete: bool,
}

/// A department's row.
#[derive(Debug, Clone)]
pub struct Record {
    /// The index of the department in the register.
    pub department: usize,
    /// Which of the table's sources it stands in.
    pub source: usize,
    /// The zero-based row in the sheet.
    pub row: u32,
    /// The declared 序号, with its cell.
    pub sequence: Option<(Content, CellRef)>,
    /// For each declared column, what its cell says.
    pub cells: Vec<Option<RecordCell>>,
}

/// What a number cell says.
#[derive(Debug, Clone)]
pub struct RecordCell {
    /// The amount.
    pub amount: Amount,
    /// The cell.
    pub cell: CellRef,
    /// The content as it stands in the file.
    pub raw: String,
    /// Whether the cell has an error.
    pub faulty: bool,
    /// Whether the number is stored as text: a spreadsheet's own formulas pass over it.
    pub as_text: bool,
}

/// A row 合计 or 小计.
#[derive(Debug, Clone)]
pub struct DeclaredTotal {
    /// Which of the table's sources it stands in.
    pub source: usize,
    /// How many records stand above it.
    pub position: usize,
    /// Whether it is a 小计, the sum of a part.
    pub is_subtotal: bool,
    /// The row's name as written.
    pub label: String,
    /// For each declared column, what its cell says.
    pub cells: Vec<Option<RecordCell>>,
}

/// The context in which a table is read.
pub struct ReadingContext<'a> {
    /// The declared table.
    pub schema: &'a TableSchema,
    /// The departments.
    pub register: &'a Register,
    /// How cells are read.
    pub rules: &'a CellRules,
    /// The month that the table reports on.
    pub period: Month,
    /// Whose rows are to be there.
    pub expected: Expected,
}

/// Reads the rows below the header.
pub fn read_records(
    context: &ReadingContext<'_>,
    sheet: &Sheet,
    found: &HeaderMatch,
    place: &TablePlace<'_>,
) -> (Records, Vec<Diagnostic>) {
    let columns: Vec<Option<u32>> = found.columns.iter().map(|columns| columns.first().copied()).collect();
    let column_of = |is_it: fn(&ColumnRole) -> bool| {
        let declared = context.schema.columns.iter().zip(&columns);
        declared.filter(|(column, _)| is_it(&column.role)).find_map(|(_, at)| *at)
    };
    let mut reader = Reader {
        name_column: column_of(|role| matches!(role, ColumnRole::Department)),
        sequence_column: column_of(|role| matches!(role, ColumnRole::Sequence)),
        context,
        sheet,
        found,
        reported_regions: BTreeSet::new(),
        unattributed_rows: 0,
        unknown_names: 0,
        strays: None,
        place,
        regions: RegionIndex::new(sheet),
        columns,
        records: Records::default(),
        first_rows: BTreeMap::new(),
        suggested: Vec::new(),
        findings: Vec::new(),
    };
    for row in sheet.rows.iter().filter(|row| row.index > found.last_row) {
        reader.read_row(row);
    }
    reader.report_strays();
    reader.report_missing_departments();
    (reader.records, gather_repeated(reader.findings))
}

struct Reader<'a> {
    context: &'a ReadingContext<'a>,
    sheet: &'a Sheet,
    found: &'a HeaderMatch,
    place: &'a TablePlace<'a>,
    regions: RegionIndex,
    /// For each declared column, its column in the sheet.
    columns: Vec<Option<u32>>,
    name_column: Option<u32>,
    sequence_column: Option<u32>,
    records: Records,
    /// The row in which each department first stands.
    first_rows: BTreeMap<usize, u32>,
    /// Departments that an unknown name probably means.
    suggested: Vec<usize>,
    /// How many names were not in the register.
    unknown_names: usize,
    /// Merged cells that have been reported.
    reported_regions: BTreeSet<Region>,
    /// How many rows may be those of departments that seem to be missing: rows merged with the name above them, and
    /// rows of unknown names for which no likely department was looked up.
    unattributed_rows: usize,
    /// Numbers without a header, by their column.
    strays: Option<Strays>,
    findings: Vec<CellFinding>,
}

impl Reader<'_> {
    fn read_row(&mut self, row: &Row) {
        let name = self.name_column.and_then(|column| self.text_at(row.index, column));
        let sequence = self.sequence_column.and_then(|column| self.text_at(row.index, column));
        let total = [name.as_deref(), sequence.as_deref()]
            .into_iter()
            .flatten()
            .find(|text| is_total(text) && self.context.register.find(text).is_none());
        if let Some(label) = total {
            self.read_total(row, label.to_owned());
            return;
        }
        let signs =
            |label: &&str| row_kind::is_signature(label) && self.context.register.find(label).is_none();
        if [name.as_deref(), sequence.as_deref()].into_iter().flatten().any(|label| signs(&label)) {
            return;
        }
        let has_numbers = self.number_columns().any(|column| {
            let cell = CellRef::new(row.index, column);
            self.regions.anchor(cell) == cell && row.content(column).is_some_and(is_number)
        });
        if self.numbers_columns(row, name.as_deref()) {
            return;
        }
        let Some(name) = name else {
            // Rows with formulas filled down beyond the last department hold zeros.
            let is_prefilled = self.number_columns().all(|column| {
                row.content(column).is_none_or(|content| !is_number(content) || is_zero(content))
            });
            if (has_numbers && !is_prefilled) || self.has_rough_numbers(row) {
                self.report_nameless_row(row);
            }
            return;
        };
        let department = self.context.register.find(&name);
        let is_note = department.is_none() && row_kind::is_note(&name);
        if !has_numbers && (is_note || self.is_line_of_text(row, department.is_some())) {
            return;
        }
        match (department, self.context.expected) {
            (found, Expected::Only(expected)) if found != Some(expected) => {
                self.report_other_department(row, &name, expected);
            }
            (Some(department), _) => self.read_department(row, department),
            (None, _) => self.report_unknown_department(row, &name),
        }
    }

    /// Whether a row's name goes on over other columns: a note's does, a department's not over its numbers.
    fn is_line_of_text(&self, row: &Row, is_registered: bool) -> bool {
        let Some(column) = self.name_column else { return false };
        let Some(region) = self.regions.region(CellRef::new(row.index, column)) else { return false };
        let covers = |column: u32| region.contains(CellRef::new(row.index, column));
        match is_registered {
            true => self.number_columns().any(covers),
            false => region.last.column > region.first.column,
        }
    }

    /// Whether a row below the header only numbers the columns.
    fn numbers_columns(&self, row: &Row, name: Option<&str>) -> bool {
        self.records.rows.is_empty()
            && is_name_of_column_numbers(name)
            && name.is_none_or(|name| self.context.register.find(name).is_none())
            && are_column_numbers(self.number_columns().filter_map(|column| row.content(column)))
    }

    /// Whether a number cell of a row says about how many: 约12.
    fn has_rough_numbers(&self, row: &Row) -> bool {
        let marks = &self.context.rules.not_applicable;
        let is_rough = |text: &str| is_rough_number(text) && !marks.contains(&normal(text));
        self.number_columns().any(|column| match row.content(column) {
            Some(Content::Text(text)) => {
                !self.regions.is_merged(CellRef::new(row.index, column)) && is_rough(text)
            }
            _ => false,
        })
    }

    fn read_department(&mut self, row: &Row, department: usize) {
        let Some(entry) = self.context.register.get(department) else { return };
        let name_cell = self.name_cell(row);
        if let Some(region) = self.regions.region(name_cell).filter(|region| region.first.row < row.index) {
            self.report_merged_names(row, region, &entry.name);
            return;
        }
        if self.is_shifted(row) {
            self.first_rows.entry(department).or_insert(row.index);
            return;
        }
        if let Some(first) = self.first_rows.get(&department) {
            self.records.incomplete = true;
            let diagnostic = Diagnostic::new(
                &rules::DEPARTMENT_TWICE,
                format!("“{}”出现了两次，第一次在第 {} 行", shown(&entry.name), first + 1),
            )
            .hint("请删去多余的一行；如是两个部门，请写各自的全称");
            self.report(diagnostic, row, name_cell);
            // Its numbers are checked all the same.
            self.read_cells(row, false);
            return;
        }
        self.first_rows.insert(department, row.index);
        if !entry.is_active(self.context.period) {
            let diagnostic = Diagnostic::new(
                &rules::DEPARTMENT_INACTIVE,
                format!("按名册，“{}”在 {} 不参加统计", shown(&entry.name), self.context.period),
            )
            .hint("请核对这一行，或修改 data/departments.toml 中的 since、until");
            self.report(diagnostic, row, name_cell);
        }
        let is_blank = self.is_blank_row(row);
        if is_blank {
            let message = format!("“{}”整行漏填，将都印作“/”", shown(&entry.name));
            let diagnostic = Diagnostic::new(&rules::CELL_MISSING, message).hint("请向部门核实后补填");
            self.report(diagnostic, row, name_cell);
        }
        let cells = self.read_cells(row, !is_blank);
        let sequence = self.sequence_column.and_then(|column| {
            let anchor = self.regions.anchor(CellRef::new(row.index, column));
            self.sheet.content(anchor).map(|content| (content.clone(), anchor))
        });
        self.note_strays(row);
        self.records.rows.push(Record { department, source: 0, row: row.index, sequence, cells });
    }

    /// Whether no cell that the department has to fill in has any content.
    fn is_blank_row(&self, row: &Row) -> bool {
        let mut asked = self
            .context
            .schema
            .columns
            .iter()
            .zip(&self.columns)
            .filter(|(column, _)| column.number().is_some_and(|number| number.formula.is_none()))
            .filter_map(|(_, at)| *at)
            .peekable();
        let is_blank = |at: u32| {
            let is_merged = self.regions.is_merged(CellRef::new(row.index, at));
            !is_merged && row.content(at).is_none_or(|content| normal(&content.to_string()).is_empty())
        };
        asked.peek().is_some() && asked.all(is_blank)
    }

    fn read_total(&mut self, row: &Row, label: String) {
        if self.is_shifted(row) {
            return;
        }
        // A sum may be larger than any one number is believed to be.
        let believed = CellRules { largest: Decimal::MAX, ..self.context.rules.clone() };
        let cells = self.read_cells_by(row, false, &believed);
        let position = self.records.rows.len();
        self.records.totals.push(DeclaredTotal {
            source: 0,
            position,
            is_subtotal: is_subtotal(&label),
            label,
            cells,
        });
    }

    /// The sheet's columns of the declared number columns.
    fn number_columns(&self) -> impl Iterator<Item = u32> + '_ {
        let declared = self.context.schema.columns.iter().zip(&self.columns);
        declared.filter_map(|(column, at)| column.number().and(*at))
    }

    fn name_cell(&self, row: &Row) -> CellRef {
        CellRef::new(row.index, self.name_column.unwrap_or_default())
    }

    fn text_at(&self, row: u32, column: u32) -> Option<String> {
        let text = self.sheet.content(self.regions.anchor(CellRef::new(row, column)))?.to_string();
        Some(text).filter(|text| !normal(text).is_empty())
    }

    fn report(&mut self, diagnostic: Diagnostic, row: &Row, cell: CellRef) {
        self.report_with(diagnostic, row, cell, None);
    }

    /// Reports a finding about a cell; `brief` is what a list of several such cells says of this one.
    fn report_with(&mut self, diagnostic: Diagnostic, row: &Row, cell: CellRef, brief: Option<String>) {
        let location: Location = self.place.location(cell);
        let diagnostic = diagnostic.at(location).excerpt(self.excerpt(row, cell));
        self.findings.push(CellFinding { diagnostic, brief });
    }

    /// The row of a cell: a merged one may begin in a row above the one that is being read.
    fn excerpt(&self, row: &Row, cell: CellRef) -> Excerpt {
        let row = self.sheet.row(cell.row).unwrap_or(row);
        let content = |_, at| row.content(at).map(Content::to_string).unwrap_or_default();
        TablePlace::row_excerpt(self.context.schema, &self.columns, cell, content)
    }
}
