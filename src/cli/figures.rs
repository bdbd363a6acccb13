//! `figures MONTH`: every value read and everything computed from them.

use unicode_width::UnicodeWidthStr;

use super::args::Common;
use super::printer::{Action, MonthOutcome, Printer};
use super::{Status, months, open_workshop};
use crate::diagnostic::visible;
use crate::trail::{Trail, TrailFigure, trail};

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
            printer.notice(&format!("版面排不出来，查不到页码；原因请看 yuebao check {month}"));
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
    let columns = [figure.id.clone(), figure.value_text(), figure.printed_text(), figure.origin_text()];
    columns.map(|text| visible(&text))
}
