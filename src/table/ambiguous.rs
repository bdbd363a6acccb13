//! Why a table that several headers look like is not read: another table beside it, or its own header once more.

use std::ops::Range;

use super::header::HeaderMatch;
use super::place::TablePlace;
use super::records::{ReadingContext, read_records};
use crate::diagnostic::{Diagnostic, rules};
use crate::source::Workbook;

/// The finding about the headers that look like a table, of which there are at least two.
pub fn ambiguous(
    context: &ReadingContext<'_>,
    file: &str,
    workbook: &Workbook,
    matches: &[HeaderMatch],
) -> Diagnostic {
    let name = &context.schema.name;
    let located = |found: &HeaderMatch| {
        workbook.sheets.get(found.sheet).map(|sheet| TablePlace { file, sheet }.location(found.corner()))
    };
    let sheet = matches.first().and_then(|first| workbook.sheets.get(first.sheet));
    let is_repeated = sheet.is_some_and(|sheet| is_repeated(context, TablePlace { file, sheet }, matches));
    let again = matches.get(1..).unwrap_or_default();
    let mut diagnostic = match is_repeated {
        true => {
            let rows = again.iter().flat_map(|found| found.first_row + 1..=found.last_row + 1);
            let rows: Vec<String> = rows.map(|row| row.to_string()).collect();
            let message = format!("表 {name} 的表头重复了{}次", times(again.len()));
            Diagnostic::new(&rules::TABLE_AMBIGUOUS, message)
                .hint(format!("请删去第 {} 行的表头，各部门的行都留着", rows.join("、")))
        }
        false => Diagnostic::new(
            &rules::TABLE_AMBIGUOUS,
            format!("有 {} 处表头都像表 {name}，不知该读哪一处", matches.len()),
        )
        .hint("每个文件请只留一张这样的表，其余的删去或移到别的文件"),
    };
    if let Some(location) = again.first().and_then(located) {
        diagnostic = diagnostic.at(location);
    }
    if is_repeated {
        return diagnostic;
    }
    for found in matches {
        let lacking = found.lacking(context.schema, context.period);
        if let (Some(location), false) = (located(found), lacking.is_empty()) {
            diagnostic = diagnostic.hint(format!("{location} 处没有这些列：{}", lacking.join("、")));
        }
    }
    match matches.first().and_then(located) {
        Some(other) => diagnostic.hint(format!("另一处在 {other}")),
        None => diagnostic,
    }
}

/// Whether the later headers are the first one once more, in the midst of one table: they stand in the same columns,
/// departments stand below each, and none stands there twice.
fn is_repeated(context: &ReadingContext<'_>, place: TablePlace<'_>, matches: &[HeaderMatch]) -> bool {
    let Some(first) = matches.first() else { return false };
    if !matches.iter().all(|found| found.sheet == first.sheet && found.columns == first.columns) {
        return false;
    }
    let (records, findings) = read_records(context, place.sheet, first, &place);
    let ends = matches.iter().skip(1).map(|next| next.first_row).chain([u32::MAX]);
    let mut parts = matches.iter().zip(ends).map(|(found, end)| found.last_row + 1..end);
    let has_departments = |part: Range<u32>| records.rows.iter().any(|record| part.contains(&record.row));
    parts.all(has_departments) && !findings.iter().any(|found| found.rule == &rules::DEPARTMENT_TWICE)
}

fn times(count: usize) -> String {
    if count == 1 { "一".to_owned() } else { format!(" {count} ") }
}
