//! Tables: found in a workbook by their headers, read into records, held against what they declare.

mod ambiguous;
mod header;
mod named_months;
mod named_spans;
mod place;
mod records;
mod regions;
mod repeated;
mod row_kind;
mod title;
mod unit_line;
mod values;
mod written_number;

pub use header::FORMER_LABEL;
pub use place::TablePlace;
pub use records::{DeclaredTotal, Record, RecordCell, Records};

use crate::diagnostic::{CellRef, Diagnostic, Location, rules, shown};
use crate::project::{CellRules, Month, Register, TableSchema};
use crate::similar::nearest;
use crate::source::{Content, Sheet, Workbook};
use ambiguous::ambiguous;
use header::{HeaderMatch, find_headers};
use records::{ReadingContext, read_records};
use title::check_title;
use unit_line::check_units;

/// A table as read from its file, or from the answers of several departments.
#[derive(Debug, Clone)]
pub struct ReadTable {
    /// Where its records stand.
    sources: Vec<TableSource>,
    /// The records.
    pub records: Records,
    /// Whether departments answered one by one: their 序号 say nothing then.
    is_of_answers: bool,
}

/// A place in which records of a table stand.
#[derive(Debug, Clone)]
struct TableSource {
    /// The file's name within the project.
    file: String,
    /// The sheet, without its cells' contents.
    sheet: Sheet,
    /// For each declared column, its column in the sheet.
    columns: Vec<Option<u32>>,
}

/// Whose rows a file is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Every department that is active in the period.
    Every,
    /// This department alone, by its index in the register.
    Only(usize),
    /// Whoever it may be.
    Whoever,
}

/// Finds and reads a declared table; none where no sheet has it or several do.
pub fn read_table(
    schema: &TableSchema,
    file: &str,
    workbook: &Workbook,
    register: &Register,
    rules: &CellRules,
    period: Month,
    expected: Expected,
) -> (Option<ReadTable>, Vec<Diagnostic>) {
    let context = ReadingContext { schema, register, rules, period, expected };
    let matches = find_headers(schema, workbook, period);
    let found = match matches.as_slice() {
        [] => return (None, vec![not_found(schema, file, period)]),
        [found] => found,
        several => return (None, vec![ambiguous(&context, file, workbook, several)]),
    };
    let Some(sheet) = workbook.sheets.get(found.sheet) else {
        return (None, vec![not_found(schema, file, period)]);
    };
    let place = TablePlace { file, sheet };
    let mut diagnostics = check_columns(schema, found, &place, period);
    let (mut records, found_in_rows) = read_records(&context, sheet, found, &place);
    records.incomplete |= crate::diagnostic::has_errors(&diagnostics);
    diagnostics.extend(hidden_parts(schema, found, &records, &place));
    diagnostics.extend(check_title(schema, found, &place, period));
    diagnostics.extend(check_units(schema, found, &place, period));
    diagnostics.extend(found_in_rows);
    let columns = found.columns.iter().map(|columns| columns.first().copied()).collect();
    let sheet =
        Sheet { name: sheet.name.clone(), text_positions: sheet.text_positions.clone(), ..Sheet::default() };
    let source = TableSource { file: file.to_owned(), sheet, columns };
    let is_of_answers = expected != Expected::Every;
    (Some(ReadTable { sources: vec![source], records, is_of_answers }), diagnostics)
}

/// Whether a workbook has the table of a month anywhere.
pub fn has_table(schema: &TableSchema, workbook: &Workbook, period: Month) -> bool {
    !find_headers(schema, workbook, period).is_empty()
}

impl ReadTable {
    /// One table from the answers of several departments.
    pub fn join(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = Self { sources: Vec::new(), records: Records::default(), is_of_answers: true };
        for answer in answers {
            let (before, rows) = (joined.sources.len(), joined.records.rows.len());
            joined.sources.extend(answer.sources);
            joined.records.incomplete |= answer.records.incomplete;
            joined.records.rows.extend(answer.records.rows.into_iter().map(|mut row| {
                row.source += before;
                row
            }));
            joined.records.totals.extend(answer.records.totals.into_iter().map(|mut total| {
                total.source += before;
                total.position += rows;
                total
            }));
        }
        joined
    }

    /// The place of a cell in one of the table's sources.
    pub fn location(&self, source: usize, cell: CellRef) -> Location {
        match self.sources.get(source) {
            Some(TableSource { file, sheet, .. }) => TablePlace { file, sheet }.location(cell),
            None => self.file_location(),
        }
    }

    /// The file; of several the folder that they are in.
    pub fn file_location(&self) -> Location {
        match self.sources.as_slice() {
            [first, _, ..] => Location::file(first.file.rsplit_once('/').map_or("", |(folder, _)| folder)),
            [only] => Location::file(only.file.as_str()),
            [] => Location::file(""),
        }
    }

    /// Whether departments answered one by one: their 序号 say nothing then.
    pub fn is_of_answers(&self) -> bool {
        self.is_of_answers
    }

    /// For each declared column, its column in the sheet of one of the table's sources.
    pub fn columns(&self, source: usize) -> &[Option<u32>] {
        self.sources.get(source).map(|source| source.columns.as_slice()).unwrap_or_default()
    }

    /// The columns that stand in another order than declared: the first column that is out of place, by its index.
    pub fn moved_column(&self) -> Option<usize> {
        let columns = self.columns(0).iter().enumerate().filter_map(|(index, at)| Some((index, (*at)?)));
        let columns: Vec<(usize, u32)> = columns.collect();
        columns.windows(2).find(|pair| pair[0].1 > pair[1].1).map(|pair| pair[1].0)
    }

    /// The place of a declared column in the first row of the first source.
    pub fn column_location(&self, index: usize) -> Location {
        let at = self.columns(0).get(index).copied().flatten();
        match (at, self.records.rows.first()) {
            (Some(column), Some(row)) => self.location(0, CellRef::new(row.row, column)),
            _ => self.file_location(),
        }
    }
}

fn not_found(schema: &TableSchema, file: &str, period: Month) -> Diagnostic {
    let columns = schema.columns.iter().filter(|column| column.term.covers(period));
    let headers: Vec<String> = columns.map(|column| column.header_text()).collect();
    Diagnostic::new(&rules::TABLE_NOT_FOUND, format!("文件里找不到表 {}", schema.name))
        .at(Location::file(file))
        .hint(format!("表头应有：{}", headers.join("、")))
        .hint("请检查是否放错了文件，表头文字是否改过")
}

fn check_columns(
    schema: &TableSchema,
    found: &HeaderMatch,
    place: &TablePlace<'_>,
    period: Month,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (column, at) in schema.columns.iter().zip(&found.columns) {
        let header = shown(&column.header_text());
        match at.as_slice() {
            // A printed 序号 is computed; a file without one lacks nothing.
            [] if matches!(column.role, crate::project::ColumnRole::Sequence) => {}
            [] if !column.term.covers(period) => {}
            [] if column.number().is_some_and(|number| number.formula.is_some()) => {}
            [] => {
                let unknown = found.unknown.iter().map(|(_, header)| header.as_str());
                let mut diagnostic = Diagnostic::new(&rules::COLUMN_MISSING, format!("缺少一列“{header}”"))
                    .at(place.location(found.corner()));
                if let Some(near) = nearest(&column.header_text(), unknown).first() {
                    diagnostic = diagnostic.hint(format!("是不是“{}”这一列？", shown(near)));
                }
                diagnostics.push(
                    diagnostic.hint(
                        "请补上这一列；表头改过名称时，可在 yuebao.toml 中把新名称写进这一列的 aliases",
                    ),
                );
            }
            [_] => {}
            [first, second, ..] => diagnostics.push(twice(&header, [*first, *second], found, place)),
        }
    }
    for (column, header) in &found.unknown {
        diagnostics.push(
            Diagnostic::new(&rules::COLUMN_UNKNOWN, format!("多出一列“{}”，没有使用", shown(header)))
                .at(place.location(found.label_cell(*column)))
                .hint("需要印出这一列时，请在 yuebao.toml 中声明它"),
        );
    }
    diagnostics
}

/// What is wrong with two columns that mean the same one.
fn twice(header: &str, [first, second]: [u32; 2], found: &HeaderMatch, place: &TablePlace<'_>) -> Diagnostic {
    let label = |column| found.label_cell(column);
    let diagnostic = match place.sheet.text_positions.is_empty() {
        true => {
            let [first, second] = [first, second].map(CellRef::column_letters);
            let message = format!("“{header}”一列出现了两次：{first} 列和 {second} 列");
            Diagnostic::new(&rules::COLUMN_TWICE, message).hint("请删去多余的一列")
        }
        // Rows under names have no columns with letters, and some rows may have one name, some the other.
        false => {
            let name =
                |column| place.sheet.content(label(column)).map(Content::to_string).unwrap_or_default();
            let [first, second] = [first, second].map(|column| shown(&name(column)));
            let message = format!("“{header}”一列用了两种名称：“{first}”和“{second}”");
            Diagnostic::new(&rules::COLUMN_TWICE, message).hint("同一列请始终用一种名称")
        }
    };
    diagnostic.at(place.location(label(second)))
}

/// Hidden rows and columns are read like others; the editor is told, for nobody sees them on the screen.
fn hidden_parts(
    schema: &TableSchema,
    found: &HeaderMatch,
    records: &Records,
    place: &TablePlace<'_>,
) -> Vec<Diagnostic> {
    let mut parts = Vec::new();
    let mut first = found.corner();
    if place.sheet.hidden {
        parts.push("整张工作表".to_owned());
    }
    let rows: Vec<u32> = records
        .rows
        .iter()
        .map(|record| record.row)
        .filter(|row| place.sheet.hidden_rows.contains(row))
        .collect();
    if let Some(row) = rows.first() {
        first = CellRef::new(*row, first.column);
        let names: Vec<String> = rows.iter().take(10).map(|row| (row + 1).to_string()).collect();
        let more = if rows.len() > 10 { format!(" 等 {} 行", rows.len()) } else { String::new() };
        parts.push(format!("第 {} 行{more}", names.join("、")));
    }
    let columns: Vec<u32> = found
        .columns
        .iter()
        .zip(&schema.columns)
        .filter_map(|(at, _)| at.first().copied())
        .filter(|column| place.sheet.hidden_columns.contains(column))
        .collect();
    if let Some(column) = columns.first() {
        first = CellRef::new(found.last_row, *column);
        let names: Vec<String> = columns.iter().map(|column| CellRef::column_letters(*column)).collect();
        parts.push(format!("{} 列", names.join("、")));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    vec![
        Diagnostic::new(&rules::HIDDEN_PARTS, format!("{}是隐藏的，仍照常读取", parts.join("、")))
            .at(place.location(first))
            .hint("请取消隐藏，看看这些数据该不该统计"),
    ]
}
