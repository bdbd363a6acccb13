//! The number cells of a row.

use super::{Reader, RecordCell};
use crate::diagnostic::{CellRef, Diagnostic, Severity, rules, shown};
use crate::figure::Amount;
use crate::project::{CellRules, ColumnSchema, normal};
use crate::source::{Content, Region, Row};
use crate::table::row_kind::is_total;
use crate::table::values::read_amount;

impl Reader<'_> {
    /// Reads the number cells of a row; `expected` is whether a blank one is a missing answer.
    pub(super) fn read_cells(&mut self, row: &Row, expected: bool) -> Vec<Option<RecordCell>> {
        self.read_cells_by(row, expected, self.context.rules)
    }

    pub(super) fn read_cells_by(
        &mut self,
        row: &Row,
        expected: bool,
        believed: &CellRules,
    ) -> Vec<Option<RecordCell>> {
        let schema = self.context.schema;
        let mut cells = Vec::with_capacity(schema.columns.len());
        for (index, column) in schema.columns.iter().enumerate() {
            let at = self.columns.get(index).copied().flatten();
            let (Some(number), Some(at)) = (column.number(), at) else {
                cells.push(None);
                continue;
            };
            let cell = CellRef::new(row.index, at);
            let expected = expected && !self.stands_elsewhere(index, row);
            if let Some(region) = self.regions.region(cell) {
                let expected = expected && number.formula.is_none();
                cells.push(Some(self.read_merged(row, region, expected, column)));
                continue;
            }
            let content = row.content(at);
            let reading = read_amount(content, number, believed);
            let faulty =
                reading.finding.as_ref().is_some_and(|finding| finding.rule.severity == Severity::Error);
            let as_text = matches!((content, reading.amount), (Some(Content::Text(_)), Amount::Number(_)));
            if let Some(finding) = reading.finding {
                let diagnostic = Diagnostic::new(finding.rule, finding.message).hint(finding.hint);
                self.report_with(diagnostic, row, cell, finding.brief);
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
        if amount.is_none() && self.reported_regions.insert(region) {
            let message =
                format!("{}:{} 是合并的，看不出“{}”是哪一项的数", region.first, region.last, shown(&text));
            let diagnostic =
                Diagnostic::new(&rules::CELL_MERGED, message).hint("请取消合并，把每一项的数分别填写");
            self.report(diagnostic, row, region.first);
        }
        if expected && text.is_empty() && self.reported_regions.insert(region) {
            self.report(self.unanswered(column), row, region.first);
        }
        let faulty = amount.is_none();
        let amount = amount.unwrap_or(Amount::Missing);
        RecordCell { amount, cell: region.first, raw: text, faulty, as_text: false }
    }

    /// Whether a declared column stands in the sheet twice, and the row has its number in another one of them.
    fn stands_elsewhere(&self, index: usize, row: &Row) -> bool {
        let columns = self.found.columns.get(index).map(Vec::as_slice).unwrap_or_default();
        columns.iter().skip(1).any(|at| row.content(*at).is_some())
    }
}
