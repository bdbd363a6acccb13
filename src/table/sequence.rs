//! 序号: ranks or places in the official order, the printed order of the rows, and the file's own 序号.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::ReadTable;
use super::compute::ComputedRow;
use crate::diagnostic::{CellRef, Diagnostic, rules, shown};
use crate::figure::{Amount, Figure, FigureId, Ledger, Operation, Origin, competition_ranks};
use crate::project::{Register, TableSchema, normal};
use crate::source::Content;

/// Puts computed rows, each with the index of its record, in printed order and numbers them. The file's
/// own 序号 are held against that where it `compares`: not among scores that do not add up.
pub fn number_rows(
    schema: &TableSchema,
    table: &ReadTable,
    register: &Register,
    ledger: &mut Ledger,
    rows: Vec<(usize, ComputedRow)>,
    compares: bool,
) -> (Vec<ComputedRow>, Vec<Diagnostic>) {
    let mut numbering = Numbering { schema, table, register, ledger, diagnostics: Vec::new() };
    let rows = numbering.number_rows(rows, compares);
    (rows, numbering.diagnostics)
}

struct Numbering<'a> {
    schema: &'a TableSchema,
    table: &'a ReadTable,
    register: &'a Register,
    ledger: &'a mut Ledger,
    diagnostics: Vec<Diagnostic>,
}

impl Numbering<'_> {
    /// Puts the rows in printed order and gives each its 序号.
    fn number_rows(&mut self, rows: Vec<(usize, ComputedRow)>, compares: bool) -> Vec<ComputedRow> {
        let numbered = match self.schema.ranking {
            Some(ranking) => self.rank_rows(rows, ranking),
            None => rows
                .into_iter()
                .enumerate()
                .map(|(index, (at, row))| (at, ComputedRow { sequence: Some(index + 1), ..row }))
                .collect(),
        };
        if compares {
            self.compare_sequence(&numbered);
        }
        numbered.into_iter().map(|(_, row)| row).collect()
    }

    fn rank_rows(&mut self, rows: Vec<(usize, ComputedRow)>, ranking: usize) -> Vec<(usize, ComputedRow)> {
        let score = |ledger: &Ledger, row: &ComputedRow| {
            let place = row.cells.get(ranking).copied().flatten()?;
            Some((place, ledger.amount(place).number()?))
        };
        let (scored, unscored): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, row)| score(self.ledger, row).is_some());
        let scores: Vec<(FigureId, Decimal)> =
            scored.iter().filter_map(|(_, row)| score(self.ledger, row)).collect();
        let among: Arc<[FigureId]> = scores.iter().map(|(place, _)| *place).collect();
        let numbers: Vec<Decimal> = scores.iter().map(|(_, number)| *number).collect();
        let mut ranked = Vec::with_capacity(scored.len() + unscored.len());
        for (index, rank) in competition_ranks(&numbers) {
            let (Some((at, row)), Some((own, _))) = (scored.get(index), scores.get(index)) else { continue };
            let figure = Figure {
                id: format!("{}[\"{}\"].rank", self.schema.name, self.register.name(row.department)),
                amount: Amount::Number(Decimal::from(rank)),
                unit: None,
                origin: Origin::Operation {
                    operation: Operation::Rank { among: Arc::clone(&among) },
                    operands: vec![*own],
                },
            };
            let place = self.ledger.add(figure);
            ranked.push((*at, ComputedRow { sequence: Some(rank), rank: Some(place), ..row.clone() }));
        }
        ranked.extend(unscored);
        ranked
    }

    /// Compares the declared 序号 with the computed ones; all differences in one message.
    fn compare_sequence(&mut self, rows: &[(usize, ComputedRow)]) {
        let records = &self.table.records;
        let has_faults =
            records.rows.iter().any(|record| record.cells.iter().flatten().any(|cell| cell.faulty));
        if records.incomplete || has_faults || self.table.is_of_answers {
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
                Content::Number(number) => *number == Decimal::from(computed),
                other => normal(&other.to_string()) == computed.to_string(),
            };
            if !same {
                let name = self.register.name(row.department);
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
        self.diagnostics.push(
            Diagnostic::new(rule, format!("序号不对：{}", texts.join("；")))
                .at(self.table.location(0, *first))
                .hint(hint),
        );
    }
}
