//! The change of a figure against another month, in words.

use rust_decimal::Decimal;

use crate::figure::Amount;

/// What there is to compare with when the base is zero or absent, by the other month's name.
const NOTHING_TO_COMPARE: &str = "无可比数据";

/// A change as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wording {
    /// The words.
    pub text: String,
    /// Whether they say that there is nothing to compare with.
    pub lacks_base: bool,
}

/// A figure and its base at another time, as far as both are numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared {
    /// What was there at the other time.
    pub base: Decimal,
    /// By how much the figure is larger.
    pub difference: Decimal,
}

impl Compared {
    /// Puts both together; none where their difference is too large.
    pub(super) fn new(now: Decimal, base: Decimal) -> Option<Self> {
        Some(Self { base, difference: now.checked_sub(base)?.normalize() })
    }

    /// Whether there is a rate of change: from zero or less there is none.
    pub(super) fn has_rate(&self) -> bool {
        self.base > Decimal::ZERO
    }
}

/// There is nothing to compare with.
pub(super) fn nothing_to_compare() -> Wording {
    Wording { text: NOTHING_TO_COMPARE.to_owned(), lacks_base: true }
}

/// 增长12.3%, 下降0.5%, 持平. Where there is no rate, the increase is named instead, and the base; then as many
/// decimals as there are, unless a number is given.
pub(super) fn change(compared: Compared, decimals: Option<u32>, unit: &str, of_year: bool) -> Wording {
    let Compared { base, difference } = compared;
    let said = |text: String| Wording { text, lacks_base: false };
    if difference.is_zero() {
        return said("持平".to_owned());
    }
    let grows = difference > Decimal::ZERO;
    if !compared.has_rate() {
        let plain = |number: Decimal| match decimals {
            Some(decimals) => Amount::Number(number).rounded(decimals).unwrap_or_default(),
            None => Amount::Number(number).plain(),
        };
        let size = plain(difference.abs());
        if size == "0" {
            return said("基本持平".to_owned());
        }
        let when = if of_year { "上年同期" } else { "上月" };
        let base = plain(base);
        return said(match (unit, grows) {
            ("%", _) => {
                format!("{}{size}个百分点（{when}为{base}%）", if grows { "提高" } else { "下降" })
            }
            (_, true) => format!("增加{size}{unit}（{when}为{base}）"),
            (_, false) => format!("减少{size}{unit}（{when}为{base}）"),
        });
    }
    let rate = difference.checked_div(base).map(|rate| Amount::Number(rate.abs()));
    match rate.and_then(|rate| rate.percent(decimals.unwrap_or(1))) {
        Some(rate) if rate != "0" => said(format!("{}{rate}%", if grows { "增长" } else { "下降" })),
        _ => said("基本持平".to_owned()),
    }
}

/// 提高1.2个百分点, 下降0.3个百分点, 持平; of percentages as printed.
pub(super) fn points(compared: Compared, decimals: u32) -> Wording {
    let difference = compared.difference;
    let text = match Amount::Number(difference.abs()).rounded(decimals) {
        _ if difference.is_zero() => "持平".to_owned(),
        Some(size) if size != "0" => {
            format!("{}{size}个百分点", if difference > Decimal::ZERO { "提高" } else { "下降" })
        }
        _ => "基本持平".to_owned(),
    };
    Wording { text, lacks_base: false }
}

/// 第三: an ordinal in Chinese numerals, as texts write ranks.
pub(super) fn ordinal(rank: Decimal) -> Option<String> {
    let rank: u32 = rank.normalize().to_string().parse().ok().filter(|rank| (1..=999).contains(rank))?;
    Some(format!("第{}", numeral(rank)))
}

fn numeral(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |place: u32| DIGITS[usize::try_from(number / place % 10).unwrap_or(0)];
    let mut text = String::new();
    if number >= 100 {
        text.push_str(&format!("{}百", digit(100)));
        if !number.is_multiple_of(100) && digit(10).is_empty() {
            text.push('零');
        }
    }
    match (number, digit(10)) {
        (_, "") => {}
        // 十二, but 一百一十二.
        (10..=19, _) => text.push('十'),
        (_, tens) => text.push_str(&format!("{tens}十")),
    }
    text + digit(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn compared(now: &str, base: &str) -> Compared {
        Compared::new(number(now), number(base)).unwrap()
    }

    #[test]
    fn changes_are_worded_as_reports_word_them() {
        for (now, base, words) in [
            ("1123", "1000", "增长12.3%"),
            ("995", "1000", "下降0.5%"),
            ("1000", "1000", "持平"),
            ("100001", "100000", "基本持平"),
            ("2000", "1000", "增长100%"),
            ("0", "1000", "下降100%"),
            ("35", "0", "增加35件（上月为0）"),
            ("1.25", "0", "增加1.25件（上月为0）"),
            ("-2", "-5", "增加3件（上月为-5）"),
        ] {
            assert_eq!(change(compared(now, base), None, "件", false).text, words);
        }
        assert!(nothing_to_compare().lacks_base);
        assert_eq!(change(compared("3", "0"), Some(1), "件", true).text, "增加3件（上年同期为0）");
        assert_eq!(change(compared("0.01", "0"), Some(1), "件", false).text, "基本持平");
        let thirds = compared("0.333333", "-0.666666");
        assert_eq!(change(thirds, Some(2), "", false).text, "增加1（上月为-0.67）");
        assert_eq!(change(compared("5", "0"), None, "%", false).text, "提高5个百分点（上月为0%）");
        assert!(Compared::new(Decimal::MAX, Decimal::MIN).is_none());
    }

    #[test]
    fn percentages_differ_by_points() {
        for (now, base, words) in [
            ("98.25", "97", "提高1.3个百分点"),
            ("97", "97.3", "下降0.3个百分点"),
            ("97", "97", "持平"),
            ("97.01", "97", "基本持平"),
        ] {
            assert_eq!(points(compared(now, base), 1).text, words);
        }
    }

    #[test]
    fn ordinals_are_chinese_numerals() {
        for (rank, words) in [
            (1, "第一"),
            (10, "第十"),
            (12, "第十二"),
            (20, "第二十"),
            (29, "第二十九"),
            (101, "第一百零一"),
            (112, "第一百一十二"),
        ] {
            assert_eq!(ordinal(Decimal::from(rank)).as_deref(), Some(words));
        }
        assert_eq!(ordinal(number("1.5")), None);
    }
}
