//! What a form lets into its entry cells, and what it says about them.

use rust_xlsxwriter::{DataValidation, Formula, Note, XlsxError};

use crate::project::{CellRules, ColumnSchema, NumberColumn};

/// The most characters that Excel takes in the title and in the text of a message.
const LONGEST_TITLE: usize = 32;
const LONGEST_MESSAGE: usize = 255;
/// The longest formula of a validation.
const LONGEST_RULE: usize = 255;

/// The validation of an entry cell, named as Excel names it.
pub(super) fn validation(
    column: &ColumnSchema,
    number: &NumberColumn,
    cells: &CellRules,
    cell: &str,
) -> Result<DataValidation, XlsxError> {
    let title = column.header.last().map(String::as_str).unwrap_or_default();
    let error = format!("这里只能填{}{}。", kind(number), mark_allowed(cells));
    DataValidation::new()
        .allow_custom(Formula::new(rule(number, cells, cell)))
        .set_input_title(shortened(title, LONGEST_TITLE))?
        .set_input_message(shortened(&instruction(column, number, cells), LONGEST_MESSAGE))?
        .set_error_title("填写有误")?
        .set_error_message(error)
}

/// The comment at a column's header.
pub(super) fn note(column: &ColumnSchema, number: &NumberColumn, cells: &CellRules) -> Note {
    let text = instruction(column, number, cells);
    let lines = text.chars().count() / 16 + 2;
    let height = u32::try_from(lines).unwrap_or(4).clamp(3, 20) * 20;
    Note::new(text).add_author_prefix(false).set_width(230).set_height(height)
}

fn instruction(column: &ColumnSchema, number: &NumberColumn, cells: &CellRules) -> String {
    let mut text = format!("填{}", kind(number));
    if let Some(unit) = &number.unit {
        text.push_str(&format!("，单位：{unit}"));
    }
    text.push('。');
    if let Some(mark) = cells.not_applicable.first() {
        text.push_str(&format!("没有此项业务填“{mark}”，数量为零填 0。"));
    }
    if let Some(note) = &column.note {
        text.push_str(note);
    }
    text
}

fn kind(number: &NumberColumn) -> String {
    let sign = if number.negative { "" } else { "不小于 0 的" };
    if number.is_percentage() {
        return match number.decimals {
            0 => format!("{sign}百分数，如 98%"),
            decimals => format!("{sign}百分数，如 98%，最多 {decimals} 位小数"),
        };
    }
    match number.decimals {
        0 => format!("{sign}整数"),
        decimals => format!("{sign}数，最多 {decimals} 位小数"),
    }
}

fn mark_allowed(cells: &CellRules) -> String {
    cells.not_applicable.first().map(|mark| format!("，或“{mark}”")).unwrap_or_default()
}

/// The rule as a formula of the cell: a number as the column declares it, or one of the marks.
fn rule(number: &NumberColumn, cells: &CellRules, cell: &str) -> String {
    let mut conditions = Vec::new();
    if !number.negative {
        conditions.push(format!("{cell}>=0"));
    }
    let whole = match number.decimals {
        0 => format!("{cell}=INT({cell})"),
        decimals => format!("{cell}=ROUND({cell},{decimals})"),
    };
    conditions.push(match number.is_percentage() {
        // 98% is stored as 0.98, which has two decimals more than are seen, and no exact double.
        true => format!("OR({whole},ABS({cell}*100-ROUND({cell}*100,{}))<1E-6)", number.decimals),
        false => whole,
    });
    conditions.push(format!("ABS({cell})<={}", cells.largest));
    // Whoever types with a Chinese keyboard writes the stroke twice as wide.
    let mut marks: Vec<String> = Vec::new();
    for mark in &cells.not_applicable {
        marks.push(mark.clone());
        if mark == "/" {
            marks.push("／".to_owned());
        }
    }
    let conditions = conditions.join(",");
    loop {
        let texts: Vec<String> =
            marks.iter().map(|mark| format!("{cell}=\"{}\"", mark.replace('"', "\"\""))).collect();
        let otherwise = match texts.as_slice() {
            [] => "FALSE".to_owned(),
            texts => format!("OR({})", texts.join(",")),
        };
        let rule = format!("=IF(ISNUMBER({cell}),AND({conditions}),{otherwise})");
        // Beyond what Excel takes, the rarer marks have to be typed by force.
        if rule.chars().count() <= LONGEST_RULE || marks.pop().is_none() {
            return rule;
        }
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn a_rule_lets_numbers_and_marks_pass_and_is_never_too_long() {
        let number = NumberColumn {
            unit: None,
            decimals: 2,
            negative: false,
            formula: None,
            total: true,
            intake: None,
        };
        let mut cells = CellRules { not_applicable: vec!["/".to_owned()], largest: Decimal::from(1000) };
        assert_eq!(
            rule(&number, &cells, "C5"),
            "=IF(ISNUMBER(C5),AND(C5>=0,C5=ROUND(C5,2),ABS(C5)<=1000),OR(C5=\"/\",C5=\"／\"))"
        );
        let rate = NumberColumn { unit: Some("%".into()), decimals: 1, ..number.clone() };
        assert_eq!(
            rule(&rate, &cells, "C5"),
            "=IF(ISNUMBER(C5),AND(C5>=0,OR(C5=ROUND(C5,1),ABS(C5*100-ROUND(C5*100,1))<1E-6),ABS(C5)<=1000),\
             OR(C5=\"/\",C5=\"／\"))"
        );
        assert_eq!(kind(&rate), "不小于 0 的百分数，如 98%，最多 1 位小数");
        cells.not_applicable = (0..100).map(|index| format!("没有{index}")).collect();
        assert!(rule(&number, &cells, "C5").chars().count() <= LONGEST_RULE);
        assert_eq!(shortened("一二三四", 3), "一二…");
    }
}
