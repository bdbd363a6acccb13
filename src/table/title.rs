//! The months that a sheet names above its table: another one may mean that the file is last month's.

use super::header::HeaderMatch;
use super::named_months::{NamedMonths, is_label_of_work, months_named};
use super::place::TablePlace;
use crate::diagnostic::{CellRef, Diagnostic, rules};
use crate::project::{Month, TableSchema, normal};
use crate::source::Content;

/// What is wrong with the months above a table: none of them is the one that the table is to report on.
pub(super) fn check_title(
    schema: &TableSchema,
    found: &HeaderMatch,
    place: &TablePlace<'_>,
    period: Month,
) -> Option<Diagnostic> {
    let above = place.sheet.rows.iter().take_while(|row| row.index < found.first_row);
    let named: Vec<(CellRef, NamedMonths)> = above
        .flat_map(|row| {
            let before = std::iter::once(None).chain(row.cells.iter().map(Some));
            row.cells.iter().zip(before).map(|(cell, before)| (row.index, cell, before))
        })
        .flat_map(|(row, cell, before)| {
            let named = match month_of_date(&cell.content, before.map(|cell| &cell.content)) {
                Some(month) => vec![month],
                None => months_named(&cell.content.to_string()),
            };
            named.into_iter().map(move |named| (CellRef::new(row, cell.column), named))
        })
        .filter(|(_, named)| !named.are_the_year_of(period))
        .collect();
    // A bulletin may print what has accumulated since January, and says so in its own title.
    let accumulates = prints_several_months(schema, period);
    let fits = |named: &NamedMonths| match named.are_several() {
        true => accumulates && named.end_with(period),
        false => named.end_with(period),
    };
    if named.iter().any(|(_, named)| fits(named)) {
        return None;
    }
    let (cell, named) = named.first()?;
    let Month { year, month } = period;
    let message = format!("标题写的是 {named}，这里要的是 {year}年{month}月的表");
    let hint = match named.are_several() && named.end_with(period) {
        true => "请核对是不是几个月的累计数；标题没有改的，请改正",
        false => "请核对是不是放错了文件；标题没有改的，请改正",
    };
    Some(Diagnostic::new(&rules::PERIOD_MISMATCH, message).at(place.location(*cell)).hint(hint))
}

/// The month that a cell with a date names: Excel makes the first day of a month of 2025年6月. The date on which a
/// sheet was filled in has its words before it.
fn month_of_date(content: &Content, before: Option<&Content>) -> Option<NamedMonths> {
    let Content::Date(date) = content else { return None };
    let month = date.strip_suffix("-01").and_then(Month::parse)?;
    let names = !before.is_some_and(|before| is_label_of_work(&normal(&before.to_string())));
    names.then_some(NamedMonths {
        year: Some(month.year),
        first: month.month,
        last: month.month,
        is_year: false,
    })
}

/// Whether the declared title of a table names several months, or says that they are added up.
fn prints_several_months(schema: &TableSchema, period: Month) -> bool {
    let mut title = normal(&schema.title.template);
    for whole in ["period", "month"] {
        title = title.replace(&format!("{{{{{whole}.year}}}}"), &period.year.to_string());
        title = title.replace(&format!("{{{{{whole}.month}}}}"), &period.month.to_string());
    }
    title.contains("累计") || months_named(&title).iter().any(|named| named.are_several() && !named.is_year)
}
