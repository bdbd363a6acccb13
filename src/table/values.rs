//! What a number cell says: a number, *not applicable* or *missing*.
//!
//! What is clearly meant (text "20,337", full-width digits, a unit behind the
//! number) is read with a warning; what is not clear is an error. Spellings of
//! nothing follow one rule: a blank cell is *missing*, the declared marks are
//! *not applicable*, and every other text is an error.

use rust_decimal::Decimal;

use super::written_number::{has_doubtful_digits, parse_written};
use crate::diagnostic::{Rule, rules, shown};
use crate::figure::Amount;
use crate::project::{CellRules, NumberColumn, normal};
use crate::source::Content;

/// What a cell says, and what is to be said about the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The amount; *missing* where the cell holds an error.
    pub amount: Amount,
    /// The finding about the cell.
    pub finding: Option<Finding>,
}

/// A finding about a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// What a list of several such cells says of this one: how it was read.
    pub brief: Option<String>,
}

/// What to do about a number that is stored as text, digit for digit.
const PLAIN_TEXT_HINT: &str = "最好改成数值格式（选中后用“转换为数字”）";

/// The marks that often stand for nothing though they are not declared.
const OTHER_MARKS: [&str; 10] = ["暂无", "没有", "--", "——", "\\", "N/A", "n/a", "NA", "null", "空"];

/// Reads a cell of a number column.
pub fn read_amount(content: Option<&Content>, column: &NumberColumn, rules: &CellRules) -> Reading {
    let Some(content) = content else { return Reading { amount: Amount::Missing, finding: None } };
    // What is derived is computed here; a declared value is only held against that.
    let is_entered = column.formula.is_none();
    match content {
        Content::FormulaWithoutValue(_) if !is_entered => Reading { amount: Amount::Missing, finding: None },
        // Not every format tells a percentage: in a column of them 0.98 may be 98% or what it says.
        Content::Number(share) if may_be_a_share(*share, column) => doubtful_share(*share),
        Content::Number(number) => doubting_hundreds(checked(*number, column, rules, None), column),
        Content::Divided(number, word) if is_divided_doubtfully(*number, word.as_deref(), column) => {
            doubtful_division(*number, word.as_deref(), column)
        }
        Content::Divided(number, _) if may_be_a_share(*number, column) => doubtful_share(*number),
        Content::Divided(number, _) => checked(*number, column, rules, None),
        Content::Percentage(share) => read_percentage(*share, content, column, rules),
        // 12.3万 in a column of 万元 is what it says.
        Content::Multiple(number, word) if column.is_in(word) || number.is_zero() => {
            checked(*number, column, rules, None)
        }
        Content::Multiple(number, word) => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("存的是 {number}，显示的是 {}，看不准是哪个数", shown(&content.to_string())),
            &format!("请把单元格格式改成“数值”，不带“{word}”，填写完整的数"),
        ),
        Content::Text(text) => read_text(text, column, rules),
        Content::HugeNumber(written) => error(
            &rules::CELL_ABSURD,
            format!("数字大得离谱：{}", shown(written)),
            "请核对这个数，是否多输了位数",
        ),
        Content::Boolean(value) => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("这里应为数字，却是逻辑值 {}", if *value { "TRUE" } else { "FALSE" }),
            "请改填数字",
        ),
        Content::Date(date) => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("这里应为数字，却是日期或时间 {}", shown(date)),
            "多半是单元格格式成了“日期”：请改成“数值”格式，再重新填写",
        ),
        Content::Error(code) => error(
            &rules::CELL_ERROR_VALUE,
            format!("这里是 Excel 的错误值 {}", shown(code)),
            "请检查这个单元格的公式，或直接填写数字",
        ),
        Content::FormulaWithoutValue(formula) => error(
            &rules::CELL_FORMULA_WITHOUT_VALUE,
            match formula.trim() {
                "" => "这里的公式没有保存计算结果".to_owned(),
                formula => format!("公式 {} 没有保存计算结果", shown(formula)),
            },
            "请用 Excel 或 WPS 打开，重新计算并保存一次",
        ),
    }
}

/// Whether a number without a sign of percentage may be meant as one: in a column of them 0.98 may be 98%.
fn may_be_a_share(number: Decimal, column: &NumberColumn) -> bool {
    column.formula.is_none() && column.is_percentage() && !number.is_zero() && number.abs() <= Decimal::ONE
}

fn doubtful_share(number: Decimal) -> Reading {
    error(
        &rules::CELL_NOT_A_NUMBER,
        format!("看不准 {number} 是百分之多少"),
        "请把单元格格式改成“百分比”再填，如 98% 或 0.5%；改不了格式的，写成带百分号的文本",
    )
}

/// Whether it is not known which number is meant by one that is shown divided: in a column of 万元, the 50.5万 that is
/// shown would be entered as 505000; and without a word that fits, the sheet does not say which number it shows.
fn is_divided_doubtfully(number: Decimal, word: Option<&str>, column: &NumberColumn) -> bool {
    !number.is_zero() && word.is_none_or(|word| column.is_in(word))
}

fn doubtful_division(number: Decimal, word: Option<&str>, column: &NumberColumn) -> Reading {
    let message = match word {
        Some(word) => format!(
            "存的是 {number}，显示时换算成了“{word}”，这一列的单位又是“{}”，看不准是哪个数",
            column.unit_text()
        ),
        None => format!("存的是 {number}，单元格格式却把它缩小了若干倍来显示，看不准是哪个数"),
    };
    let without = word.map(|word| format!("，不带“{word}”")).unwrap_or_default();
    error(
        &rules::CELL_NOT_A_NUMBER,
        message,
        &format!("请把单元格格式改成“数值”{without}，按这一列的单位填写"),
    )
}

/// In a column of percentages 98% is 98, as the editor sees it; elsewhere nobody can tell 98 from 0.98.
fn read_percentage(share: Decimal, content: &Content, column: &NumberColumn, rules: &CellRules) -> Reading {
    match share.checked_mul(Decimal::ONE_HUNDRED) {
        Some(percent) if column.is_percentage() => {
            doubting_hundreds(checked(percent, column, rules, None), column)
        }
        _ => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("这里是百分数 {}，这一列不是百分数", shown(&content.to_string())),
            "请改成数值格式再填写；确是百分数的列，在 yuebao.toml 中写 unit = \"%\"",
        ),
    }
}

/// A percentage from 1000% on may well have been entered a hundred times too large.
fn doubting_hundreds(reading: Reading, column: &NumberColumn) -> Reading {
    let Amount::Number(percent) = reading.amount else { return reading };
    // What is derived is held against what is computed.
    let is_entered = column.is_percentage() && column.formula.is_none();
    if !is_entered || reading.finding.is_some() || percent.abs() < Decimal::ONE_THOUSAND {
        return reading;
    }
    let share = percent.checked_div(Decimal::ONE_HUNDRED).unwrap_or(percent);
    let finding = Finding {
        rule: &rules::PERCENTAGE_DOUBTFUL,
        message: format!("{}%，是不是 {}%？", percent.normalize(), share.normalize()),
        hint: "填错了的，请改成正确的百分数；确实是这么多的，在 issue.toml 中确认".to_owned(),
        brief: None,
    };
    Reading { finding: Some(finding), ..reading }
}

fn error(rule: &'static Rule, message: String, hint: &str) -> Reading {
    let finding = Finding { rule, message, hint: hint.to_owned(), brief: None };
    Reading { amount: Amount::Missing, finding: Some(finding) }
}

fn read_text(text: &str, column: &NumberColumn, rules: &CellRules) -> Reading {
    let plain = normal(text);
    if plain.is_empty() {
        return Reading { amount: Amount::Missing, finding: None };
    }
    if rules.not_applicable.contains(&plain) {
        return Reading { amount: Amount::NotApplicable, finding: None };
    }
    if has_doubtful_digits(text) {
        return error(
            &rules::CELL_NOT_A_NUMBER,
            format!("看不准“{}”是哪个数：数字之间有空格或换行，或带着注码", shown(text)),
            "请只填数字，注码写到备注里",
        );
    }
    let unit = column.unit.as_deref().map(normal);
    let without_unit = unit.as_deref().and_then(|unit| plain.strip_suffix(unit));
    match parse_written(without_unit.unwrap_or(&plain)) {
        Some(number) if without_unit.is_none() && may_be_a_share(number, column) => doubtful_share(number),
        // What a percentage is cannot be said more clearly.
        Some(percent) if without_unit.is_some() && column.is_percentage() => {
            doubting_hundreds(checked(percent, column, rules, None), column)
        }
        Some(number) => checked(number, column, rules, Some(text)),
        None if OTHER_MARKS.iter().any(|mark| normal(mark) == plain) => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("看不懂“{}”：是没有此项业务，还是漏填？", shown(text)),
            &match rules.not_applicable.first() {
                Some(mark) => format!("没有此项业务请填“{mark}”；数量为零请填 0"),
                None => "数量为零请填 0".to_owned(),
            },
        ),
        None => error(
            &rules::CELL_NOT_A_NUMBER,
            format!("这里应为数字，却是“{}”", shown(text)),
            &match rules.not_applicable.first() {
                Some(mark) if !plain.contains(|character: char| character.is_ascii_digit()) => {
                    format!("请只填数字，不加其他文字；没有此项业务请填“{mark}”")
                }
                _ => "请只填数字，不加其他文字".to_owned(),
            },
        ),
    }
}

/// Holds a number against what its column declares; `text` is the text it was read from.
fn checked(number: Decimal, column: &NumberColumn, rules: &CellRules, text: Option<&str>) -> Reading {
    let number = number.normalize();
    if number.abs() > rules.largest {
        return error(
            &rules::CELL_ABSURD,
            format!("数字大得离谱：{number}（上限 {}）", rules.largest),
            "请核对这个数；确实有这么大时，可在 yuebao.toml 的 [cells] 中调高 largest",
        );
    }
    if number.is_sign_negative() && !number.is_zero() && !column.negative {
        return error(&rules::CELL_NEGATIVE, format!("这一列不应有负数：{number}"), "请核对这个数");
    }
    // What is derived is rounded before it is held against what is computed.
    if number.scale() > column.decimals && column.formula.is_none() {
        return match column.decimals {
            0 => error(&rules::CELL_NOT_WHOLE, format!("这一列应为整数：{number}"), "请填整数"),
            decimals => error(
                &rules::CELL_DECIMALS,
                format!("这一列最多 {decimals} 位小数：{number}"),
                "请核对这个数，按规定的位数填写",
            ),
        };
    }
    let finding = text.map(|text| {
        let is_plain = text.trim() == number.to_string();
        Finding {
            rule: &rules::CELL_NUMBER_AS_TEXT,
            message: format!("“{}”是文本，按数字 {number} 读取", shown(text)),
            hint: match is_plain {
                true => PLAIN_TEXT_HINT.to_owned(),
                false => "请核对读得对不对；最好只填数字".to_owned(),
            },
            brief: (!is_plain).then(|| format!("“{}”→{number}", shown(text))),
        }
    });
    Reading { amount: Amount::Number(number), finding }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(content: Content, decimals: u32) -> (String, Option<&'static str>) {
        let column = NumberColumn {
            unit: Some("件".into()),
            decimals,
            negative: false,
            formula: None,
            total: true,
            intake: None,
        };
        let rules = CellRules {
            not_applicable: ["/", "—", "-", "无"].map(normal).to_vec(),
            largest: Decimal::from(1_000_000_000),
        };
        let reading = read_amount(Some(&content), &column, &rules);
        let amount = match reading.amount {
            Amount::Missing => "missing".to_owned(),
            amount => amount.plain(),
        };
        (amount, reading.finding.map(|finding| finding.rule.code))
    }

    fn text(written: &str) -> (String, Option<&'static str>) {
        read(Content::Text(written.to_owned()), 2)
    }

    #[test]
    fn what_is_clearly_meant_is_read_with_a_warning() {
        let warning = Some(rules::CELL_NUMBER_AS_TEXT.code);
        for (written, number) in [
            ("20,337", "20337"),
            ("２０３３７", "20337"),
            (" 20337 ", "20337"),
            ("20337件", "20337"),
            ("1，234，567", "1234567"),
            ("58.90", "58.9"),
            ("0", "0"),
        ] {
            assert_eq!(text(written), (number.to_owned(), warning), "{written}");
        }
    }

    #[test]
    fn what_is_not_clear_is_an_error() {
        for written in [
            "11①", "5²", "12\n30", "1 2", "㉑", "2,03,37", "1,2345", "约20", "1.2.3", "1e5", "20337人",
            "暂无", "--", "N/A", ".5", "5.", "+5",
        ] {
            assert_eq!(
                text(written),
                ("missing".to_owned(), Some(rules::CELL_NOT_A_NUMBER.code)),
                "{written}"
            );
        }
    }

    #[test]
    fn nothing_is_not_zero_and_blank_is_not_nothing() {
        for mark in ["/", "／", " - ", "—", "无", "－"] {
            assert_eq!(text(mark), ("/".to_owned(), None), "{mark}");
        }
        assert_eq!(text(" \u{3000}\n"), ("missing".to_owned(), None));
    }

    #[test]
    fn numbers_are_held_against_their_column() {
        let number = |text: &str| Content::Number(Decimal::from_str_exact(text).unwrap());
        for (content, decimals, rule) in [
            (number("-1"), 0, &rules::CELL_NEGATIVE),
            (number("1.5"), 0, &rules::CELL_NOT_WHOLE),
            (number("1.555"), 2, &rules::CELL_DECIMALS),
            (number("1000000001"), 0, &rules::CELL_ABSURD),
            (Content::HugeNumber("1e300".to_owned()), 0, &rules::CELL_ABSURD),
            (Content::Percentage(Decimal::new(98, 2)), 0, &rules::CELL_NOT_A_NUMBER),
            (Content::Boolean(true), 0, &rules::CELL_NOT_A_NUMBER),
            (Content::Date("2025-07-01".to_owned()), 0, &rules::CELL_NOT_A_NUMBER),
            (Content::Error("#N/A".to_owned()), 0, &rules::CELL_ERROR_VALUE),
            (Content::FormulaWithoutValue(String::new()), 0, &rules::CELL_FORMULA_WITHOUT_VALUE),
        ] {
            assert_eq!(read(content, decimals), ("missing".to_owned(), Some(rule.code)));
        }
        assert_eq!(read(number("1.50"), 1), ("1.5".to_owned(), None));
    }

    proptest! {
        #[test]
        fn a_number_written_as_text_is_the_same_number(whole in 0u32..1_000_000_000, grouped: bool) {
            let digits = whole.to_string();
            let written = if grouped {
                let reversed: Vec<char> = digits.chars().rev().collect();
                let groups: Vec<String> = reversed.chunks(3).map(|group| group.iter().rev().collect()).collect();
                groups.iter().rev().cloned().collect::<Vec<_>>().join(",")
            } else {
                digits.clone()
            };
            prop_assert_eq!(text(&written).0, digits);
        }

        #[test]
        fn no_text_makes_the_reading_panic(written in "\\PC{0,20}") {
            let _ = text(&written);
        }
    }
}
