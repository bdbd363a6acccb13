//! 序号: ranks or places in the official order, the printed order of the rows, and the file's own 序号.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Calculation;
use super::names::Target;
use super::tables::ComputedRow;
use crate::diagnostic::{CellRef, Diagnostic, Severity, rules, shown};
use crate::project::{ColumnRole, ColumnSchema, TableSchema, normal};
use crate::source::Content;
use crate::table::ReadTable;

/// Puts computed rows, each with the index of its record, in printed order and numbers them. The file's
/// own 序号 are held against that where it `compares`: not among scores that do not add up.
pub fn number_rows(
    index: usize,
    schema: &TableSchema,
    table: &ReadTable,
    rows: Vec<(usize, ComputedRow)>,
    compares: bool,
    calculation: &mut Calculation<'_>,
) -> Vec<ComputedRow> {
    let mut numbering = Numbering { index, schema, table, calculation };
    let numbered = match schema.ranking {
        Some(ranking) => numbering.rank_rows(rows, ranking),
        None => rows
            .into_iter()
            .enumerate()
            .map(|(index, (at, row))| (at, ComputedRow { sequence: Some(index + 1), ..row }))
            .collect(),
    };
    if compares {
        numbering.compare_sequence(&numbered);
    }
    numbered.into_iter().map(|(_, row)| row).collect()
}

struct Numbering<'c, 'p> {
    /// The table's place among the declared ones.
    index: usize,
    schema: &'c TableSchema,
    table: &'c ReadTable,
    calculation: &'c mut Calculation<'p>,
}

impl Numbering<'_, '_> {
    /// Sorts by rank; equal scores stay in the official order, and those without a score come last.
    fn rank_rows(&mut self, rows: Vec<(usize, ComputedRow)>, ranking: usize) -> Vec<(usize, ComputedRow)> {
        let mut ranked: Vec<(usize, ComputedRow)> = Vec::with_capacity(rows.len());
        for (at, row) in rows {
            let score = row.cells.get(ranking).copied().flatten();
            let has_score =
                score.is_some_and(|place| self.calculation.ledger().amount(place).number().is_some());
            let target = Target::Rank { table: self.index, department: row.department };
            let rank = match has_score {
                true => self.calculation.figure(target, self.calculation.now()).ok(),
                false => None,
            };
            let number = rank.and_then(|place| self.calculation.ledger().amount(place).number()?.to_usize());
            // A rank that is unknown is none, and no tie.
            let rank = rank.filter(|_| number.is_some());
            ranked.push((at, ComputedRow { sequence: number, rank, ..row }));
        }
        ranked.sort_by_key(|(_, row)| row.sequence.unwrap_or(usize::MAX));
        self.report_unknown(&ranked, ranking);
        ranked
    }

    /// Warns that nobody is ranked because scores hang on a month that is not there.
    fn report_unknown(&mut self, rows: &[(usize, ComputedRow)], ranking: usize) {
        let ledger = self.calculation.ledger();
        let scores = rows.iter().filter_map(|(_, row)| row.cells.get(ranking).copied().flatten());
        let Some(reason) = scores.filter_map(|score| ledger.unknown_months(score).next()).next() else {
            return;
        };
        let header = self.schema.columns.get(ranking).map(ColumnSchema::header_text).unwrap_or_default();
        let message = format!("按“{}”排不出名次：{reason}", shown(&header));
        let mut found = Diagnostic::new(&rules::RANKING_INCOMPLETE, message)
            .at(self.table.file_location())
            .hint("请补上或改正那一期的数据；这样印出来，各部门都没有名次");
        found.severity = Severity::Warning;
        self.calculation.report(found);
    }

    /// Compares the declared 序号 with the computed ones; all differences in one message.
    fn compare_sequence(&mut self, rows: &[(usize, ComputedRow)]) {
        let records = &self.table.records;
        let has_faults =
            records.rows.iter().any(|record| record.cells.iter().flatten().any(|cell| cell.faulty));
        if records.incomplete || has_faults || self.table.is_of_answers() {
            return;
        }
        let mut differing: Vec<(CellRef, String)> = Vec::new();
        for (at, row) in rows {
            let Some((declared, cell)) = records.rows.get(*at).and_then(|record| record.sequence.as_ref())
            else {
                continue;
            };
            let Some(computed) = row.sequence else { continue };
            let same = match declared {
                Content::Number(number) => number == &Decimal::from(computed),
                other => normal(&other.to_string()) == computed.to_string(),
            };
            if !same {
                let name = self.calculation.project().register.name(row.department);
                differing.push((
                    *cell,
                    format!("“{}”填的是 {}，应为 {computed}", shown(name), shown(&declared.to_string())),
                ));
            }
        }
        differing.sort_by_key(|(cell, _)| *cell);
        let Some((first, _)) = differing.first() else { return };
        let mut texts: Vec<&str> = differing.iter().take(3).map(|(_, text)| text.as_str()).collect();
        let more = format!("等 {} 处", differing.len());
        if differing.len() > 3 {
            texts.push(&more);
        }
        let (rule, hint) = match self.schema.ranking {
            Some(_) => (&rules::RANK_MISMATCH, "请核对得分和名次；同分的部门名次相同，下一名顺延"),
            None => (&rules::SEQUENCE_MISMATCH, "印出时按名册的顺序编号；请核对名册 data/departments.toml"),
        };
        let is_sequence = |column: &&ColumnSchema| matches!(column.role, ColumnRole::Sequence);
        let header = self.schema.columns.iter().find(is_sequence).map(ColumnSchema::header_text);
        let header = header.unwrap_or_else(|| "序号".to_owned());
        let mut found = Diagnostic::new(rule, format!("{}不对：{}", shown(&header), texts.join("；")))
            .at(self.table.location(0, *first))
            .hint(hint);
        found.places = differing.len();
        self.calculation.report(found);
    }
}
