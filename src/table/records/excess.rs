//! What stands in a row to the right of the last column that has a header.

use std::collections::BTreeSet;

use super::Reader;
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, ExcerptCell, rules, shown};
use crate::project::normal;
use crate::source::{Cell, Content, Row};
use crate::table::repeated::CellFinding;
use crate::table::written_number::parse_written;

/// How many columns without a header are named.
const MOST_NAMED: usize = 5;

/// Numbers in columns without a header.
pub(super) struct Strays {
    /// The first of them.
    first: CellRef,
    content: Content,
    excerpt: Excerpt,
    count: usize,
    columns: BTreeSet<u32>,
}

impl Reader<'_> {
    /// Whether a row of a text file has more cells than the header, as 12,345 without quotation marks makes it: then
    /// nobody knows in which columns its numbers belong. That is reported.
    pub(super) fn is_shifted(&mut self, row: &Row) -> bool {
        // What stands beside the table, under an empty field of the header's line, shifts nothing.
        let header = self.found.first_row..=self.found.last_row;
        let Some(fields) = self.sheet.field_counts.range(header).map(|(_, count)| *count).max() else {
            return false;
        };
        let is_blank = |cell: &Cell| normal(&cell.content.to_string()).is_empty();
        let excess: Vec<&Cell> =
            row.cells.iter().filter(|cell| cell.column >= fields && !is_blank(cell)).collect();
        let Some(first) = excess.first() else { return false };
        let content = shown(&first.content.to_string());
        let message = match excess.len() {
            1 => format!("这一行比表头多出一格“{content}”"),
            count => format!("这一行比表头多出 {count} 格，第一格是“{content}”"),
        };
        let at = CellRef::new(row.index, first.column);
        let diagnostic = Diagnostic::new(&rules::MALFORMED_CSV, message)
            .at(self.place.location(at))
            .excerpt(self.excerpt_behind_header(row, first))
            .hint("核对这一行是不是错了列：数字里不要有逗号；这一列确有用处的，请补上表头");
        self.records.incomplete = true;
        self.findings.push(CellFinding { diagnostic, brief: None });
        true
    }

    /// Takes notice of a department's numbers that have no header.
    pub(super) fn note_strays(&mut self, row: &Row) {
        let last = self.found.last_column();
        let is_stray = |cell: &&Cell| cell.column > last && states_number(&cell.content);
        for cell in row.cells.iter().filter(is_stray) {
            if let Some(strays) = &mut self.strays {
                strays.count += 1;
                strays.columns.insert(cell.column);
                continue;
            }
            self.strays = Some(Strays {
                first: CellRef::new(row.index, cell.column),
                content: cell.content.clone(),
                excerpt: self.excerpt_behind_header(row, cell),
                count: 1,
                columns: BTreeSet::from([cell.column]),
            });
        }
    }

    /// Reports the numbers that have no header, all together.
    pub(super) fn report_strays(&mut self) {
        let Some(strays) = self.strays.take() else { return };
        let letters: Vec<String> =
            strays.columns.iter().take(MOST_NAMED).map(|column| CellRef::column_letters(*column)).collect();
        let more = if strays.columns.len() > MOST_NAMED {
            format!("等 {} 列", strays.columns.len())
        } else {
            " 列".to_owned()
        };
        let content = shown(&strays.content.to_string());
        let numbers = match strays.count {
            1 => format!("一个数“{content}”"),
            count => format!(" {count} 个数，第一个是“{content}”"),
        };
        let message = format!("{}{more}没有表头，却有{numbers}，没有使用", letters.join("、"));
        let diagnostic = Diagnostic::new(&rules::NUMBERS_WITHOUT_HEADER, message)
            .at(self.place.location(strays.first))
            .excerpt(strays.excerpt)
            .hint("请核对这些行是不是错了列；有用的列请补上表头，没有用的可以不管");
        self.findings.push(CellFinding { diagnostic, brief: None });
    }

    fn excerpt_behind_header(&self, row: &Row, cell: &Cell) -> Excerpt {
        let mut excerpt = self.excerpt(row, CellRef::new(row.index, cell.column));
        if let Excerpt::Row(cells) = &mut excerpt {
            cells.push(ExcerptCell {
                column: CellRef::column_letters(cell.column),
                header: "（没有表头）".to_owned(),
                content: shown(&cell.content.to_string()),
                marked: true,
            });
        }
        excerpt
    }
}

/// Whether a cell states a number and nothing else: a remark such as 12月补报 does not.
fn states_number(content: &Content) -> bool {
    match content {
        Content::Number(_) | Content::Percentage(_) | Content::Multiple(..) | Content::Divided(..) => true,
        Content::Text(text) => parse_written(&normal(text)).is_some(),
        _ => false,
    }
}
