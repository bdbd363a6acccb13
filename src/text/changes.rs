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

/// 增长12.3%, 下降0.5%, 持平. From zero there is no rate: the increase is named instead.
pub(super) fn change(now: Decimal, base: Amount, decimals: u32, unit: &str, of_year: bool) -> Wording {
    let said = |text: String| Wording { text, lacks_base: false };
    let Amount::Number(base) = base else {
        return Wording { text: NOTHING_TO_COMPARE.to_owned(), lacks_base: true };
    };
    let difference = now - base;
    if difference.is_zero() {
        return said("持平".to_owned());
    }
    let grows = difference > Decimal::ZERO;
    if base <= Decimal::ZERO {
        let verb = if grows { "增加" } else { "减少" };
        let when = if of_year { "上年同期" } else { "上月" };
        let (size, base) = (Amount::Number(difference.abs()).plain(), Amount::Number(base).plain());
        return said(format!("{verb}{size}{unit}（{when}为{base}）"));
    }
    let rate = difference.checked_div(base).and_then(|rate| Amount::Number(rate.abs()).percent(decimals));
    match rate {
        Some(rate) if rate != "0" => said(format!("{}{rate}%", if grows { "增长" } else { "下降" })),
        _ => said("基本持平".to_owned()),
    }
}

/// 提高1.2个百分点, 下降0.3个百分点, 持平; amounts are percentages as printed.
pub(super) fn points(now: Decimal, base: Amount, decimals: u32) -> Wording {
    let Amount::Number(base) = base else {
        return Wording { text: NOTHING_TO_COMPARE.to_owned(), lacks_base: true };
    };
    let difference = now - base;
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
            ("-2", "-5", "增加3件（上月为-5）"),
        ] {
            assert_eq!(change(number(now), Amount::Number(number(base)), 1, "件", false).text, words);
        }
        let against_nothing = change(number("3"), Amount::Missing, 1, "件", true);
        assert_eq!((against_nothing.text.as_str(), against_nothing.lacks_base), ("无可比数据", true));
        assert_eq!(
            change(number("3"), Amount::Number(number("0")), 1, "件", true).text,
            "增加3件（上年同期为0）"
        );
    }

    #[test]
    fn percentages_differ_by_points() {
        for (now, base, words) in [
            ("98.25", "97", "提高1.3个百分点"),
            ("97", "97.3", "下降0.3个百分点"),
            ("97", "97", "持平"),
            ("97.01", "97", "基本持平"),
        ] {
            assert_eq!(points(number(now), Amount::Number(number(base)), 1).text, words);
        }
        assert_eq!(points(number("3"), Amount::NotApplicable, 1).text, "无可比数据");
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
