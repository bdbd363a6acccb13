//! A figure of the trail in words: for people, in lists and on the checking sheet.

use std::collections::BTreeSet;

use super::{TrailFigure, TrailOrigin};

impl TrailFigure {
    /// The printed forms, each with the pages of the PDF on which it stands.
    pub fn printed_text(&self) -> String {
        let with_pages = |form: &String| {
            let here = self.positions.iter().flatten().filter(|position| position.shown == *form);
            let pages: BTreeSet<usize> = here.map(|position| position.page).collect();
            let pages: Vec<String> = pages.iter().map(usize::to_string).collect();
            match pages.is_empty() {
                true => form.clone(),
                false => format!("{form}（第 {} 页）", pages.join("、")),
            }
        };
        self.shown.iter().map(with_pages).collect::<Vec<_>>().join("、")
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
            TrailOrigin::Operation { operation: "sum", operands, .. } => {
                format!("{} 个数相加", operands.len())
            }
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
}
