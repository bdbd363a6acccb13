//! A figure of the trail in words: for people, in lists and on the checking sheet.

use std::collections::BTreeSet;

use super::{TrailFigure, TrailOrigin, TrailPosition};

impl TrailFigure {
    /// The printed forms, each with the pages of the PDF on which it stands.
    pub fn printed_text(&self) -> String {
        let with_pages = |form: &String| match self.pages(|position| position.shown == *form) {
            pages if pages.is_empty() => form.clone(),
            pages => format!("{form}（第 {pages} 页）"),
        };
        self.shown.iter().map(with_pages).collect::<Vec<_>>().join("、")
    }

    /// The pages of the PDF on which it stands at the wanted places, each once.
    pub fn pages(&self, is_wanted: impl Fn(&TrailPosition) -> bool) -> String {
        let here = self.positions.iter().flatten().filter(|position| is_wanted(position));
        let pages: BTreeSet<usize> = here.map(|position| position.page).collect();
        pages.iter().map(usize::to_string).collect::<Vec<_>>().join("、")
    }

    /// The exact value with its unit, or “/”.
    pub fn value_text(&self) -> String {
        match &self.value {
            Some(value) => format!("{value}{}", self.unit.as_deref().unwrap_or_default()),
            None => "/".to_owned(),
        }
    }

    /// Where a figure comes from, in a few words.
    pub fn origin_text(&self) -> String {
        match &self.origin {
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
            TrailOrigin::Operation { operation, formula, operands, numbers } => {
                operation_text(operation, formula.as_deref(), operands, *numbers)
            }
        }
    }
}

/// What was done, in words; `numbers` of the operands are numbers, and only these count.
fn operation_text(operation: &str, formula: Option<&str>, operands: &[String], numbers: usize) -> String {
    let without = match operands.len() - numbers.min(operands.len()) {
        0 => String::new(),
        without => format!("（另 {without} 个没有数）"),
    };
    match operation {
        "sum" => format!("{numbers} 个数相加{without}"),
        "ytd" => format!("1 月以来 {numbers} 个月相加{without}"),
        "count" => format!("数 {} 个部门{without}", operands.len()),
        "min" => format!("{numbers} 个数中最小的{without}"),
        "max" => format!("{numbers} 个数中最大的{without}"),
        "avg" => format!("{numbers} 个数的平均数{without}"),
        "change" => format!("变化率，{}", operands.join(" 比 ")),
        "difference" => format!("差，{}", operands.join(" 减 ")),
        "rank" => format!("名次，按 {}", operands.join("、")),
        _ => formula.unwrap_or_default().to_owned(),
    }
}
