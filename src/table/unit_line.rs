//! The units that a sheet names above its table, 单位：万元. One that differs from a column's by a power of ten makes the
//! numbers of the column many times too large or too small.

use std::collections::BTreeMap;

use super::header::HeaderMatch;
use super::place::TablePlace;
use super::row_kind::is_number;
use crate::diagnostic::{CellRef, Diagnostic, rules, shown};
use crate::project::{Month, TableSchema, normal};
use crate::source::{Row, multiplier};

/// How many columns of one unit are named.
const MOST_NAMED: usize = 3;

/// What stands between several units, 件、万元, and what stands around them.
const BETWEEN: [char; 7] = ['、', ',', ';', '/', '和', '及', '或'];
const AROUND: [char; 10] = [' ', '(', ')', '[', ']', '【', '】', '〔', '〕', '。'];

/// What is wrong with the units above a table, one finding for each unit of columns. Where a column's own header names
/// its unit, that counts.
pub(super) fn check_units(
    schema: &TableSchema,
    found: &HeaderMatch,
    place: &TablePlace<'_>,
    period: Month,
) -> Vec<Diagnostic> {
    let lines = unit_lines(found, place);
    let mut columns: BTreeMap<(CellRef, String, &str), Vec<String>> = BTreeMap::new();
    for (index, column) in schema.columns_in(period) {
        let at = found.columns.get(index).and_then(|at| at.first());
        let entered = column.number().filter(|number| number.formula.is_none());
        let unit = entered.and_then(|number| number.unit.as_deref());
        let (Some(unit), Some(at)) = (unit, at) else { continue };
        if names_unit(found.path(*at), &normal(unit)) {
            continue;
        }
        if let Some((cell, other)) = differing(&lines, &normal(unit)) {
            columns.entry((cell, other, unit)).or_default().push(column.header_text());
        }
    }
    let finding = |((cell, other, unit), headers): ((CellRef, String, &str), Vec<String>)| {
        let names: Vec<String> =
            headers.iter().take(MOST_NAMED).map(|header| format!("“{}”", shown(header))).collect();
        let more =
            if headers.len() > MOST_NAMED { format!("等 {} 列", headers.len()) } else { String::new() };
        let other = shown(&other);
        let message = format!("表上写的单位是“{other}”，{}{more}的单位却是“{unit}”", names.join("、"));
        Diagnostic::new(&rules::UNIT_MISMATCH, message)
            .at(place.location(cell))
            .hint(format!(
                "请核对这些数是按哪个单位填的：按“{other}”填的，请换算成“{unit}”；单位写错的，请改正"
            ))
            .hint(format!("表一直按“{other}”报的，请在 yuebao.toml 中把这些列的 unit 改成“{other}”"))
    };
    columns.into_iter().map(finding).collect()
}

/// A row above the table that names units: its cells and their units.
type UnitLine = Vec<(CellRef, String)>;

/// The rows above a table that name units, the nearest first; no further than to the rows of another table.
fn unit_lines(found: &HeaderMatch, place: &TablePlace<'_>) -> Vec<UnitLine> {
    let above = place.sheet.rows.iter().rev().skip_while(|row| row.index >= found.first_row);
    let has_numbers = |row: &Row| row.cells.iter().filter(|cell| is_number(&cell.content)).count() > 1;
    let lines = above.take_while(|row| !has_numbers(row)).map(|row| {
        let texts: Vec<String> = row.cells.iter().map(|cell| cell.content.to_string()).collect();
        let units = |index: usize| match units_named(&texts[index]) {
            // The word stands in one cell, the unit in the next.
            Named::Next => texts.get(index + 1).map(|next| units_in(&compact(next))).unwrap_or_default(),
            Named::Units(units) => units,
        };
        let of_cell = |index: usize| {
            let cell = CellRef::new(row.index, row.cells[index].column);
            units(index).into_iter().map(move |unit| (cell, unit))
        };
        (0..texts.len()).flat_map(of_cell).collect::<UnitLine>()
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// The first unit that differs from a column's by a power of ten, in the nearest line that names one of the same kind;
/// none where that line has the column's own.
fn differing(lines: &[UnitLine], unit: &str) -> Option<(CellRef, String)> {
    let (power, kind) = split(unit);
    let is_of_kind = |other: &str| split(other).1 == kind && !kind.is_empty();
    let line = lines.iter().find(|line| line.iter().any(|(_, other)| is_of_kind(other)))?;
    let mut of_kind = line.iter().filter(|(_, other)| is_of_kind(other));
    let first = of_kind.clone().next()?;
    (!of_kind.any(|(_, other)| split(other).0 == power)).then(|| first.clone())
}

/// A unit's power of ten, and what it counts: 万元 is four of 元.
fn split(unit: &str) -> (u32, &str) {
    match multiplier(unit) {
        Some((word, power)) => (power, &unit[word.len()..]),
        None => (0, unit),
    }
}

/// Whether a header names a unit of its own accord, 金额(万元) or 金额万元; 办件 does not name 件.
fn names_unit(path: &str, unit: &str) -> bool {
    let divides =
        |it: char| BETWEEN.contains(&it) || AROUND.contains(&it) || [':', '-', '_', '·'].contains(&it);
    let mut parts = path.split(divides);
    parts.any(|part| part == unit) || (multiplier(unit).is_some() && path.ends_with(unit))
}

/// What a text says of units.
enum Named {
    Units(Vec<String>),
    /// It ends with the word 单位.
    Next,
}

fn units_named(text: &str) -> Named {
    let text = compact(text);
    let mut units = Vec::new();
    for (at, word) in text.match_indices("单位") {
        let behind = text[at + word.len()..].trim_start_matches([' ', ':']);
        if behind.is_empty() {
            return Named::Next;
        }
        units.extend(units_in(behind));
    }
    Named::Units(units)
}

/// The units at the beginning of a text: 件、万元; perhaps also other words, which are no column's.
fn units_in(text: &str) -> Vec<String> {
    let text = text.split(AROUND).next().unwrap_or_default();
    let unit = |unit: &str| unit.trim_start_matches("人民币").trim_end_matches("人民币").to_owned();
    text.split(BETWEEN).map(unit).filter(|unit| !unit.is_empty()).collect()
}

/// A text as it is compared, but with white space as one blank; 单 位 is one word.
fn compact(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(normal).collect();
    words.join(" ").replace("单 位", "单位")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<String> {
        match units_named(text) {
            Named::Units(units) => units,
            Named::Next => vec!["→".to_owned()],
        }
    }

    #[test]
    fn units_are_found_however_they_are_written() {
        for (text, named) in [
            ("单位：元", "元"),
            ("单　位： 万元", "万元"),
            ("（金额单位:人民币万元）", "万元"),
            ("2025年7月情况表（单位：件、万元）", "件 万元"),
            ("计量单位 件／万元　2025年7月", "件 万元"),
            ("填报单位：市财政局　单位：元", "市财政局 元"),
            ("单位：", "→"),
            ("单位元", "元"),
            ("办件情况", ""),
        ] {
            assert_eq!(units(text).join(" "), named, "{text}");
        }
    }

    #[test]
    fn only_what_differs_by_a_power_of_ten_counts() {
        let line =
            |units: &[&str]| units.iter().map(|unit| (CellRef::new(0, 0), (*unit).to_owned())).collect();
        let lines: [UnitLine; 2] = [line(&["件", "元"]), line(&["万元"])];
        let other = |unit: &str| differing(&lines, unit).map(|(_, other)| other);
        assert_eq!(other("万元").as_deref(), Some("元"));
        assert_eq!(other("万件").as_deref(), Some("件"));
        for unit in ["元", "件", "人次", "万人", "%"] {
            assert_eq!(other(unit), None, "{unit}");
        }
    }

    #[test]
    fn a_header_names_a_unit_in_brackets_or_with_its_multiple() {
        for (path, unit, names) in [
            ("金额(万元)", "万元", true),
            ("收入(单位:万元)/本月", "万元", true),
            ("金额万元", "万元", true),
            ("金额", "万元", false),
            ("办件", "件", false),
            ("邮寄量【件】", "件", true),
            ("邮寄量;件", "件", true),
            ("邮寄量-件", "件", true),
            ("金额(元)", "万元", false),
        ] {
            assert_eq!(names_unit(path, unit), names, "{path}");
        }
    }
}
