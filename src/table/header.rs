//! Finding a table by its headers, wherever it stands in a workbook.
//!
//! The headers of several rows join to a path (全程网办件（件）/受理量), compared
//! by [`normal`]. Titles above, shifted or reordered columns do no harm.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::regions::RegionIndex;
use crate::diagnostic::CellRef;
use crate::project::{ColumnSchema, DEEPEST_HEADER, Month, TableSchema, normal};
use crate::source::{Content, Row, Sheet, Workbook};

/// The lowest word of the header of a column with the value of the month before.
pub const FORMER_LABEL: &str = "上月";

/// The most cells of headers that are looked at in one sheet, each as often as it is: a hundred times what any sheet of
/// an office needs. One that needs more is hostile, and has no table.
const MOST_LOOKED_AT: usize = 2_000_000;

/// Where a declared table stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMatch {
    /// The index of the sheet.
    pub sheet: usize,
    /// The first header row, zero-based.
    pub first_row: u32,
    /// The last header row, zero-based.
    pub last_row: u32,
    /// For each declared column, the columns in the sheet whose header means it.
    pub columns: Vec<Vec<u32>>,
    /// Further headed columns, with their headers as written.
    pub unknown: Vec<(u32, String)>,
    /// For each headed column, the cell in which the lowest word of its header stands, and its path as it is compared.
    labels: BTreeMap<u32, (CellRef, String)>,
}

/// How many of the declared columns were found.
fn count_found(columns: &[Vec<u32>]) -> usize {
    columns.iter().filter(|columns| !columns.is_empty()).count()
}

impl HeaderMatch {
    /// The headers of the required columns that are not here.
    pub fn lacking(&self, schema: &TableSchema, period: Month) -> Vec<String> {
        let columns = schema.columns.iter().zip(&self.columns);
        let lacking = columns.filter(|(column, at)| column.is_required(period) && at.is_empty());
        lacking.map(|(column, _)| column.header_text()).collect()
    }

    /// The cell in which a message about a column's header is placed.
    pub fn label_cell(&self, column: u32) -> CellRef {
        self.labels.get(&column).map_or(CellRef::new(self.last_row, column), |(cell, _)| *cell)
    }

    /// For each declared column, the cells in which its header was found.
    fn found_labels(&self) -> Vec<Vec<CellRef>> {
        let cells = |columns: &Vec<u32>| {
            columns.iter().filter_map(|column| self.labels.get(column)).map(|(cell, _)| *cell).collect()
        };
        self.columns.iter().map(cells).collect()
    }

    /// The header of a column as it is compared; empty where it has none.
    pub fn path(&self, column: u32) -> &str {
        self.labels.get(&column).map_or("", |(_, path)| path)
    }

    /// The last column that has a header, or belongs to one.
    pub fn last_column(&self) -> u32 {
        let headed = self.labels.keys().next_back();
        headed.into_iter().chain(self.columns.iter().flatten()).max().copied().unwrap_or_default()
    }

    /// The cell in which a message about the header as a whole is placed.
    pub fn corner(&self) -> CellRef {
        let first = self.columns.iter().flatten().min().copied().unwrap_or_default();
        CellRef::new(self.first_row, first)
    }
}

/// All places in a workbook that look like the table: at least half of the required columns are there.
/// A weaker match counts as well, for the better one may be last month's sheet.
pub fn find_headers(schema: &TableSchema, workbook: &Workbook, period: Month) -> Vec<HeaderMatch> {
    let sheets = workbook.sheets.iter().enumerate();
    sheets.flat_map(|(index, sheet)| find_in_sheet(schema, index, sheet, period)).collect()
}

fn find_in_sheet(schema: &TableSchema, index: usize, sheet: &Sheet, period: Month) -> Vec<HeaderMatch> {
    // One word alone, such as 部门, stands in many places that are no header.
    let required = schema.columns.iter().filter(|column| column.is_required(period)).count();
    let enough = required.div_ceil(2).max(required.min(2));
    let mut matches: Vec<HeaderMatch> = Vec::new();
    let rows: Vec<&Row> = sheet.rows.iter().filter(|row| has_label(row, &schema.last_labels)).collect();
    if rows.is_empty() {
        return matches;
    }
    let mut labels = Labels::new(sheet);
    for row in rows {
        // The header may end below the row in which this label stands: a cell
        // merged over two header rows has its text in the upper one.
        let candidates = (1..=row.index + 1)
            .take(DEEPEST_HEADER)
            .map(|depth| Candidate::new(schema, &mut labels, row.index, depth, period));
        let best = candidates.fold(None, |best: Option<Candidate>, candidate| match best {
            Some(best) if best.found() > candidate.found() => Some(best),
            // One that begins in the midst of merged cells lacks the upper words of other headers.
            Some(best) if best.found() == candidate.found() && !best.is_cut() => Some(best),
            _ => Some(candidate),
        });
        if labels.looked_at > MOST_LOOKED_AT {
            return Vec::new();
        }
        let Some(best) = best.filter(|best| best.found_required(schema, period) >= enough) else { continue };
        let best = best.matched(index);
        match matches.last_mut() {
            // Two readings of the same header rows: the better one counts, of equal ones the deeper.
            Some(last) if best.first_row <= last.last_row || best.found_labels() == last.found_labels() => {
                let is_same = best.found_labels() == last.found_labels();
                if is_same || count_found(&best.columns) > count_found(&last.columns) {
                    *last = best;
                }
            }
            _ => matches.push(best),
        }
    }
    matches
}

fn has_label(row: &Row, labels: &BTreeSet<String>) -> bool {
    row.cells.iter().any(|cell| match &cell.content {
        Content::Text(text) => labels.contains(&normal(text)),
        _ => false,
    })
}

/// Some rows, read as the header of a table.
struct Candidate {
    first_row: u32,
    last_row: u32,
    /// The labels over each headed column, outermost first.
    headers: Vec<(u32, Vec<Label>)>,
    /// As in [`HeaderMatch`].
    columns: Vec<Vec<u32>>,
}

impl Candidate {
    fn new(schema: &TableSchema, labels: &mut Labels<'_>, last_row: u32, depth: u32, period: Month) -> Self {
        let first_row = last_row + 1 - depth;
        let headers = labels.headers(first_row, last_row);
        let paths: BTreeMap<u32, String> =
            headers.iter().map(|(at, header)| (*at, joined(header, |label| &label.compared))).collect();
        let headed = |column: &ColumnSchema| {
            let is_headed = |path: &str| column.term.covers(period) && column.is_headed(path);
            paths.iter().filter(|(_, path)| is_headed(path)).map(|(at, _)| *at).collect()
        };
        let mut columns: Vec<Vec<u32>> = schema.columns.iter().map(headed).collect();
        settle_aliases(schema, &paths, &mut columns, period);
        share_equal_headers(schema, labels, &paths, last_row, &mut columns, period);
        Self { first_row, last_row, headers, columns }
    }

    fn found(&self) -> usize {
        count_found(&self.columns)
    }

    /// Whether a declared column's header was found in a cell that is merged with others above the first row.
    fn is_cut(&self) -> bool {
        let is_above = |header: &[Label]| header.iter().any(|label| label.cell.row < self.first_row);
        let is_found = |at: &u32| self.columns.iter().any(|columns| columns.contains(at));
        self.headers.iter().any(|(at, header)| is_above(header) && is_found(at))
    }

    /// How many of the columns that a file cannot do without were found.
    fn found_required(&self, schema: &TableSchema, period: Month) -> usize {
        let columns = schema.columns.iter().zip(&self.columns);
        columns.filter(|(column, at)| column.is_required(period) && !at.is_empty()).count()
    }

    /// The header, of the sheet of this index.
    fn matched(self, sheet: usize) -> HeaderMatch {
        let Self { first_row, last_row, headers, columns } = self;
        let used: BTreeSet<u32> = columns.iter().flatten().copied().collect();
        // Last month's values stand in a form as a help; nothing is to be read from them.
        let is_former = |header: &[Label]| {
            header.last().is_some_and(|label| label.compared.rsplit('/').next() == Some(FORMER_LABEL))
        };
        let unknown = headers.iter().filter(|(at, header)| !used.contains(at) && !is_former(header));
        let unknown = unknown.map(|(at, header)| (*at, joined(header, |label| &label.written))).collect();
        let label = |header: &[Label]| Some((header.last()?.cell, joined(header, |label| &label.compared)));
        let labels = headers.iter().filter_map(|(at, header)| Some((*at, label(header)?))).collect();
        HeaderMatch { sheet, first_row, last_row, columns, unknown, labels }
    }
}

/// A header that is the alias of one declared column alone belongs to it, whatever it shares otherwise. A column
/// whose header is its own has both what stands under it and what stands under its alias: one of them too many.
fn settle_aliases(
    schema: &TableSchema,
    paths: &BTreeMap<u32, String>,
    columns: &mut [Vec<u32>],
    period: Month,
) {
    let declared = || schema.columns.iter().enumerate().filter(|(_, column)| column.term.covers(period));
    for (at, path) in paths {
        let mut owners =
            declared().filter(|(_, column)| column.aliases.contains(path)).map(|(index, _)| index);
        if let (Some(owner), None) = (owners.next(), owners.next()) {
            for (index, matched) in columns.iter_mut().enumerate() {
                if index == owner {
                    let column = &schema.columns[owner];
                    let shares_its_header = |(other, it): (usize, &ColumnSchema)| {
                        other != owner && it.normal_header == column.normal_header
                    };
                    if declared().any(shares_its_header) {
                        matched.retain(|at| paths.get(at).is_some_and(|path| column.aliases.contains(path)));
                    }
                } else {
                    matched.retain(|other| other != at);
                }
            }
        }
    }
}

/// One header may stand over several declared columns: they take the sheet's columns in turn, and a
/// column without a header of its own directly behind belongs to the header before it.
fn share_equal_headers(
    schema: &TableSchema,
    labels: &Labels<'_>,
    paths: &BTreeMap<u32, String>,
    last_row: u32,
    columns: &mut [Vec<u32>],
    period: Month,
) {
    let header = |column: &'_ ColumnSchema| column.term.covers(period).then(|| column.normal_header.clone());
    let headers: Vec<Option<String>> = schema.columns.iter().map(header).collect();
    let is_first_of_several = |&first: &usize| {
        headers[first].is_some()
            && !headers[..first].contains(&headers[first])
            && headers[first + 1..].contains(&headers[first])
    };
    for first in (0..headers.len()).filter(is_first_of_several) {
        let own: Vec<u32> = columns[first].clone();
        let is_shared =
            |other: usize| columns[other].iter().any(|at| own.contains(at)) || columns[other].is_empty();
        let sharing: Vec<usize> = (first..headers.len())
            .filter(|&other| headers[other] == headers[first] && (other == first || is_shared(other)))
            .collect();
        if sharing.len() < 2 {
            continue;
        }
        let mut available: BTreeSet<u32> =
            sharing.iter().flat_map(|&at| columns[at].iter().copied()).collect();
        while available.len() < sharing.len() {
            let Some(next) = available.last().map(|last| last + 1) else { break };
            if paths.contains_key(&next) || !labels.has_content_below(last_row, next) {
                break;
            }
            available.insert(next);
        }
        let available: Vec<u32> = available.into_iter().collect();
        for (turn, &at) in sharing.iter().enumerate() {
            columns[at] = match available.get(turn) {
                // Whatever is left over belongs to the last one, and is reported as a duplicate.
                Some(_) if turn + 1 == sharing.len() => available[turn..].to_vec(),
                Some(&column) => vec![column],
                None => Vec::new(),
            };
        }
    }
}

/// A label in a header.
#[derive(Debug, Clone)]
struct Label {
    /// Where it stands.
    cell: CellRef,
    /// As written, without white space.
    written: Rc<str>,
    /// As it is compared.
    compared: Rc<str>,
}

impl Label {
    fn read(cell: CellRef, content: &Content) -> Option<Self> {
        let written: Rc<str> = match content {
            Content::Text(text) if !text.contains(char::is_whitespace) => text.as_str().into(),
            Content::Text(text) => text.split_whitespace().collect::<String>().into(),
            Content::Number(number) => number.to_string().into(),
            _ => return None,
        };
        let compared = normal(&written).into();
        (!written.is_empty()).then_some(Self { cell, written, compared })
    }
}

/// The labels of a header, outermost first, joined by `/`.
fn joined(header: &[Label], text: impl Fn(&Label) -> &str) -> String {
    header.iter().map(text).collect::<Vec<_>>().join("/")
}

/// The labels that stand in the rows of headers: one and the same row is looked at for several headers.
struct Labels<'a> {
    sheet: &'a Sheet,
    regions: RegionIndex,
    known: BTreeMap<CellRef, Option<Label>>,
    /// For each column, the lowest row in which it has content.
    lowest: OnceCell<BTreeMap<u32, u32>>,
    /// How many cells have been looked at.
    looked_at: usize,
}

impl<'a> Labels<'a> {
    fn new(sheet: &'a Sheet) -> Self {
        let regions = RegionIndex::new(sheet);
        Self { sheet, regions, known: BTreeMap::new(), lowest: OnceCell::new(), looked_at: 0 }
    }

    fn has_content_below(&self, row: u32, column: u32) -> bool {
        let cells =
            || self.sheet.rows.iter().flat_map(|row| row.cells.iter().map(|cell| (cell.column, row.index)));
        let lowest = self.lowest.get_or_init(|| cells().collect());
        lowest.get(&column).is_some_and(|lowest| *lowest > row)
    }

    /// The label in a cell.
    fn at(&mut self, cell: CellRef) -> Option<Label> {
        let read = || Label::read(cell, self.sheet.content(cell)?);
        self.known.entry(cell).or_insert_with(read).clone()
    }

    /// The labels over each headed column in some rows, outermost first.
    fn headers(&mut self, first_row: u32, last_row: u32) -> Vec<(u32, Vec<Label>)> {
        let start = self.sheet.rows.partition_point(|row| row.index < first_row);
        let rows = self.sheet.rows.iter().skip(start).take_while(|row| row.index <= last_row);
        let mut columns: BTreeSet<u32> =
            rows.flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
        columns.extend(self.regions.columns(first_row, last_row));
        self.looked_at += columns.len() * (last_row - first_row + 1) as usize;
        let mut headers = Vec::with_capacity(columns.len());
        for column in columns {
            let mut header: Vec<Label> = Vec::new();
            for row in first_row..=last_row {
                let Some(label) = self.over(column, row, last_row) else { continue };
                if header.last().is_none_or(|last| last.cell != label.cell && last.written != label.written) {
                    header.push(label);
                }
            }
            if !header.is_empty() {
                headers.push((column, header));
            }
        }
        headers
    }

    /// The label that stands over a column in one of the header's rows.
    fn over(&mut self, column: u32, row: u32, last_row: u32) -> Option<Label> {
        if let Some(label) = self.at(self.regions.anchor(CellRef::new(row, column))) {
            return Some(label);
        }
        // Without merged cells an upper header stands only over the first of its columns.
        let has_label_below = (row + 1..=last_row).any(|below| {
            let cell = CellRef::new(below, column);
            self.regions.anchor(cell) == cell && self.at(cell).is_some()
        });
        if has_label_below { self.left_of(row, column) } else { None }
    }

    fn left_of(&mut self, row: u32, column: u32) -> Option<Label> {
        let cells = &self.sheet.row(row)?.cells;
        let left = cells.get(cells.partition_point(|cell| cell.column < column).checked_sub(1)?)?;
        let at = CellRef::new(row, left.column);
        // A merged cell ends where it ends.
        if self.regions.is_merged(at) { None } else { self.at(at) }
    }
}
