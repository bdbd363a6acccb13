//! What stands in a row to the right of the last column that has a header.

use super::Reader;
use crate::diagnostic::{CellRef, Diagnostic, Excerpt, ExcerptCell, rules, shown};
use crate::project::normal;
use crate::source::{Cell, Content, Row};
use crate::table::repeated::CellFinding;
use crate::table::row_kind::is_number;

/// Numbers in a column without a header.
pub(super) struct Stray {
    /// The first of them.
    first: CellRef,
    content: Content,
    excerpt: Excerpt,
    count: usize,
}

impl Reader<'_> {
    /// Whether a row of a text file has more cells than the header, as 12,345 without quotation marks makes it: then
    /// nobody knows in which columns its numbers belong. That is reported.
    pub(super) fn is_shifted(&mut self, row: &Row) -> bool {
        // Only text files have sheets without a name; in one with places each value stands under its own name.
        let is_delimited = self.sheet.name.is_none() && self.sheet.text_positions.is_empty();
        let excess = self.behind_header(row).filter(|cell| !normal(&cell.content.to_string()).is_empty());
        let excess: Vec<&Cell> = excess.filter(|_| is_delimited).collect();
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
        for cell in self.behind_header(row).filter(|cell| is_number(&cell.content)) {
            if let Some(stray) = self.strays.get_mut(&cell.column) {
                stray.count += 1;
                continue;
            }
            let stray = Stray {
                first: CellRef::new(row.index, cell.column),
                content: cell.content.clone(),
                excerpt: self.excerpt_behind_header(row, cell),
                count: 1,
            };
            self.strays.insert(cell.column, stray);
        }
    }

    /// Reports the numbers that have no header, one finding for each column.
    pub(super) fn report_strays(&mut self) {
        for (column, stray) in std::mem::take(&mut self.strays) {
            let letters = CellRef::column_letters(column);
            let content = shown(&stray.content.to_string());
            let message = match stray.count {
                1 => format!("{letters} 列没有表头，却有一个数“{content}”，没有使用"),
                count => format!("{letters} 列没有表头，却有 {count} 个数，第一个是“{content}”，没有使用"),
            };
            let diagnostic = Diagnostic::new(&rules::NUMBERS_WITHOUT_HEADER, message)
                .at(self.place.location(stray.first))
                .excerpt(stray.excerpt)
                .hint("请核对这些行是不是错了列；这一列有用的请补上表头，没有用的可以不管");
            self.findings.push(CellFinding { diagnostic, brief: None });
        }
    }

    fn behind_header<'row>(&self, row: &'row Row) -> impl Iterator<Item = &'row Cell> + use<'row> {
        let last = self.found.last_column();
        row.cells.iter().filter(move |cell| cell.column > last)
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
