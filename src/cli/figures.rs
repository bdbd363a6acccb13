//! `figures MONTH`: every value read and everything computed from them.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::args::Common;
use super::printer::{Action, MonthOutcome, Printer};
use super::{Status, months, open_workshop};
use crate::diagnostic::visible;
use crate::trail::{Trail, TrailFigure, TrailOrigin, trail};

/// Runs the verb.
pub fn run(common: &Common, month: &str, printer: &mut Printer) -> Status {
    let trail = match month_trail(common, month, printer) {
        Ok(trail) => trail,
        Err(status) => return status,
    };
    match serde_json::to_value(&trail) {
        Ok(json) => printer.data(&table(&trail), json),
        Err(_) => return Status::Unusable,
    }
    Status::Done
}

/// The trail of a month's figures; where there is none, what is wrong has been told.
pub fn month_trail(common: &Common, month: &str, printer: &mut Printer) -> Result<Trail, Status> {
    let (workshop, diagnostics) = open_workshop(common, printer)?;
    let month =
        months::choose_one(&workshop.project.folder, month).map_err(|failure| printer.refuse(&failure))?;
    printer.project(&diagnostics);
    let (located, diagnostics) = workshop.locate(month);
    let located = located.ok_or_else(|| {
        let mut outcome = MonthOutcome::new(month, Action::Check);
        outcome.diagnostics = diagnostics;
        printer.month(&outcome);
        printer.summary();
        Status::Faulty
    })?;
    let trail = trail(&located.issue);
    Ok(match located.figures {
        Some(printed) => trail.with_positions(&printed),
        None => {
            printer.remark(&format!("版面排不出来，查不到页码；原因请看 yuebao check {month}"));
            trail
        }
    })
}

/// The figures as aligned columns: name, value with unit, printed forms with their pages, origin.
fn table(trail: &Trail) -> String {
    let rows: Vec<[String; 4]> = trail.figures.iter().map(row).collect();
    let heads = ["名称", "数值", "印作", "来源"].map(str::to_owned);
    let widths: Vec<usize> = (0..3)
        .map(|column| std::iter::once(&heads).chain(&rows).map(|row| row[column].width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in std::iter::once(&heads).chain(&rows) {
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(&row[3]);
        text.push('\n');
    }
    text
}

fn row(figure: &TrailFigure) -> [String; 4] {
    let value = value_text(figure);
    let origin = origin_text(figure);
    [figure.id.clone(), value, printed_text(figure), origin].map(|text| visible(&text))
}

/// The printed forms, each with the pages of the PDF on which it stands.
pub fn printed_text(figure: &TrailFigure) -> String {
    let with_pages = |form: &String| {
        let here = figure.positions.iter().flatten().filter(|position| position.shown == *form);
        let pages: BTreeSet<usize> = here.map(|position| position.page).collect();
        let pages: Vec<String> = pages.iter().map(usize::to_string).collect();
        match pages.is_empty() {
            true => form.clone(),
            false => format!("{form}（第 {} 页）", pages.join("、")),
        }
    };
    figure.shown.iter().map(with_pages).collect::<Vec<_>>().join("、")
}

/// The exact value with its unit, or “/”.
pub fn value_text(figure: &TrailFigure) -> String {
    match &figure.value {
        Some(value) => format!("{value}{}", figure.unit.as_deref().unwrap_or_default()),
        None => "/".to_owned(),
    }
}

/// Where a figure comes from, in a few words.
pub fn origin_text(figure: &TrailFigure) -> String {
    match &figure.origin {
        TrailOrigin::Cell { place, .. } => match (&place.sheet, &place.cell, place.line) {
            (Some(sheet), Some(cell), _) => format!("{} {sheet}!{cell}", place.file),
            (None, Some(cell), _) => format!("{} {cell}", place.file),
            (_, _, Some(line)) => format!("{} 第 {line} 行", place.file),
            _ => place.file.clone(),
        },
        TrailOrigin::Entry { place, source } => {
            format!("{} 第 {} 行，手工录入：{source}", place.file, place.line.unwrap_or_default())
        }
        TrailOrigin::Absent { reason } => reason.clone(),
        TrailOrigin::Operation { operation: "sum", operands, .. } => format!("{} 个数相加", operands.len()),
        TrailOrigin::Operation { operation: "ytd", operands, .. } => {
            format!("1 月以来 {} 个月相加", operands.len())
        }
        TrailOrigin::Operation { operation: "count", operands, .. } => {
            format!("数 {} 个部门", operands.len())
        }
        TrailOrigin::Operation { operation: "min", operands, .. } => {
            format!("{} 个数中最小的", operands.len())
        }
        TrailOrigin::Operation { operation: "max", operands, .. } => {
            format!("{} 个数中最大的", operands.len())
        }
        TrailOrigin::Operation { operation: "avg", operands, .. } => {
            format!("{} 个数的平均数", operands.len())
        }
        TrailOrigin::Operation { operation: "change", operands, .. } => {
            format!("变化率，{}", operands.join(" 比 "))
        }
        TrailOrigin::Operation { operation: "difference", operands, .. } => {
            format!("差，{}", operands.join(" 减 "))
        }
        TrailOrigin::Operation { operation: "rank", operands, .. } => {
            format!("名次，按 {}", operands.join("、"))
        }
        TrailOrigin::Operation { formula, .. } => formula.clone().unwrap_or_default(),
    }
}
