//! Reading a found table into records: which rows are departments, which are totals or notes.

mod faults;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Expected;
use super::header::{HeaderMatch, RegionIndex};
use super::place::TablePlace;
use super::repeated::gather_repeated;
use super::row_kind::{self, is_number, is_subtotal, is_total, is_zero};
use super::values::read_amount;
use crate::diagnostic::{CellRef, Diagnostic, Location, Severity, rules, shown};
use crate::figure::Amount;
use crate::project::{CellRules, ColumnRole, ColumnSchema, Month, Register, TableSchema, normal};
use crate::source::{Content, Region, Row, Sheet};

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
        reported_regions: Vec::new(),
        rows_without_own_name: 0,
        place,
        regions: RegionIndex::new(sheet),
        columns,
        records: Records::default(),
        first_rows: BTreeMap::new(),
        suggested: Vec::new(),
        diagnostics: Vec::new(),
    };
    for row in sheet.rows.iter().filter(|row| row.index > found.last_row) {
        reader.read_row(row);
    }
    reader.report_missing_departments();
    (reader.records, gather_repeated(reader.diagnostics))
}

struct Reader<'a> {
    context: &'a ReadingContext<'a>,
    sheet: &'a Sheet,
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
    /// Merged cells that have been reported.
    reported_regions: Vec<Region>,
    /// How many rows have no name but that of the row above, with which it is merged.
    rows_without_own_name: usize,
    diagnostics: Vec<Diagnostic>,
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
        let Some(name) = name else {
            // Rows with formulas filled down beyond the last department hold zeros.
            let is_prefilled = self.number_columns().all(|column| {
                row.content(column).is_none_or(|content| !is_number(content) || is_zero(content))
            });
            if has_numbers && !is_prefilled {
                self.report_nameless_row(row);
            }
            return;
        };
        let is_note = !has_numbers
            && (row_kind::is_note(&name)
                || self.name_column.is_some_and(|column| {
                    self.regions
                        .region(CellRef::new(row.index, column))
                        .is_some_and(|region| region.last.column > region.first.column)
                }));
        if is_note {
            return;
        }
        match (self.context.register.find(&name), self.context.expected) {
            (found, Expected::Only(expected)) if found != Some(expected) => {
                self.report_other_department(row, &name, expected);
            }
            (Some(department), _) => self.read_department(row, department),
            (None, _) => self.report_unknown_department(row, &name),
        }
    }

    fn read_department(&mut self, row: &Row, department: usize) {
        let Some(entry) = self.context.register.get(department) else { return };
        let name_cell = self.name_cell(row);
        if let Some(region) = self.regions.region(name_cell).filter(|region| region.first.row < row.index) {
            self.report_merged_names(row, region, &entry.name);
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

    /// Reads the number cells of a row; `expected` is whether a blank one is a missing answer.
    fn read_cells(&mut self, row: &Row, expected: bool) -> Vec<Option<RecordCell>> {
        self.read_cells_by(row, expected, self.context.rules)
    }

    fn read_cells_by(&mut self, row: &Row, expected: bool, believed: &CellRules) -> Vec<Option<RecordCell>> {
        let schema = self.context.schema;
        let mut cells = Vec::with_capacity(schema.columns.len());
        for (index, column) in schema.columns.iter().enumerate() {
            let at = self.columns.get(index).copied().flatten();
            let (Some(number), Some(at)) = (column.number(), at) else {
                cells.push(None);
                continue;
            };
            let cell = CellRef::new(row.index, at);
            if let Some(region) = self.regions.region(cell) {
                let expected = expected && number.formula.is_none();
                cells.push(Some(self.read_merged(row, region, expected, column)));
                continue;
            }
            let content = row.content(at);
            let reading = read_amount(content, number, believed);
            let faulty =
                reading.finding.as_ref().is_some_and(|finding| finding.rule.severity == Severity::Error);
            let as_text =
                reading.finding.as_ref().is_some_and(|finding| finding.rule == &rules::CELL_NUMBER_AS_TEXT);
            if let Some(finding) = reading.finding {
                let diagnostic = Diagnostic::new(finding.rule, finding.message).hint(finding.hint);
                self.report(diagnostic, row, cell);
            } else if expected && reading.amount == Amount::Missing && number.formula.is_none() {
                self.report(self.unanswered(column), row, cell);
            }
            let raw = content.map(Content::written).unwrap_or_default();
            cells.push(Some(RecordCell { amount: reading.amount, cell, raw, faulty, as_text }));
        }
        cells
    }

    /// The finding that a number is not there.
    fn unanswered(&self, column: &ColumnSchema) -> Diagnostic {
        let message = format!("“{}”漏填，将印作“/”", shown(&column.header_text()));
        Diagnostic::new(&rules::CELL_MISSING, message).hint(match self.context.rules.not_applicable.first() {
            Some(mark) => format!("请补填；没有此项业务填“{mark}”，数量为零填 0"),
            None => "请补填；数量为零填 0".to_owned(),
        })
    }

    /// Reads a number cell that is merged with others: nobody can tell whose number stands there.
    /// Only “/” over several cells, and the label of a total over the first ones, are clear.
    fn read_merged(
        &mut self,
        row: &Row,
        region: Region,
        expected: bool,
        column: &ColumnSchema,
    ) -> RecordCell {
        let content = self.sheet.content(region.first);
        let text = content.map(|content| normal(&content.to_string())).unwrap_or_default();
        let amount = match () {
            () if self.context.rules.not_applicable.contains(&text) => Some(Amount::NotApplicable),
            () if text.is_empty() || (!expected && is_total(&text)) => Some(Amount::Missing),
            () => None,
        };
        if amount.is_none() && !self.reported_regions.contains(&region) {
            self.reported_regions.push(region);
            let message =
                format!("{}:{} 是合并的，看不出“{}”是哪一项的数", region.first, region.last, shown(&text));
            let diagnostic =
                Diagnostic::new(&rules::CELL_MERGED, message).hint("请取消合并，把每一项的数分别填写");
            self.report(diagnostic, row, region.first);
        }
        if expected && text.is_empty() && !self.reported_regions.contains(&region) {
            self.reported_regions.push(region);
            self.report(self.unanswered(column), row, region.first);
        }
        let faulty = amount.is_none();
        let amount = amount.unwrap_or(Amount::Missing);
        RecordCell { amount, cell: region.first, raw: text, faulty, as_text: false }
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
        let location: Location = self.place.location(cell);
        let content = |_, at| row.content(at).map(Content::to_string).unwrap_or_default();
        let excerpt = TablePlace::row_excerpt(self.context.schema, &self.columns, cell, content);
        self.diagnostics.push(diagnostic.at(location).excerpt(excerpt));
    }
}
