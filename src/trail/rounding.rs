//! The step from a figure's exact value to the number that is printed: another scale, fewer decimals.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::figure::{Amount, Figure};

/// How a value became a printed form that shows another number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailRounding {
    /// The printed form.
    pub shown: String,
    /// The value in the scale of the printed form, before it is rounded; without its sign where the
    /// form says it in words (下降8.6%).
    pub exact: String,
    /// Whether decimals were dropped, half a unit of the last one away from zero.
    pub is_rounded: bool,
    /// The power of ten by which the value was divided: 4 for 万, 8 for 亿, −2 for percentages.
    pub power: i32,
    /// The value that was divided.
    #[serde(skip)]
    value: String,
}

impl TrailRounding {
    /// The step to a printed form; none where it shows the value itself, or no number in digits.
    pub(super) fn of(figure: &Figure, unrounded: Amount, shown: &str) -> Option<Self> {
        let unit = figure.unit.as_deref().unwrap_or_default();
        let (number, ending) = number_with_ending(shown)?;
        let power = power(ending, unit);
        let is_itself = power == 0 && figure.amount.number().is_some_and(|value| value.abs() == number.abs());
        let value = if is_itself { figure.amount.number()? } else { unrounded.number()? };
        let scaled = match power {
            0 => value,
            -2 => value.checked_mul(Decimal::ONE_HUNDRED)?,
            power => value.checked_div(Decimal::from(10_u64.checked_pow(power.unsigned_abs())?))?,
        };
        // 下降 says in words what the sign says.
        let exact = if number.is_sign_negative() { scaled } else { scaled.abs() };
        (power != 0 || exact != number).then(|| Self {
            shown: shown.to_owned(),
            exact: Amount::Number(exact).plain(),
            is_rounded: exact != number,
            power,
            value: Amount::Number(value).plain(),
        })
    }

    /// The step in words: 5.71万件：57105 ÷ 10000 = 5.7105，四舍五入.
    pub fn told(&self) -> String {
        let Self { shown, exact, is_rounded, power, value } = self;
        let step = match power {
            0 => exact.clone(),
            -2 => format!("{value} × 100 = {}", Self::signed(exact, value)),
            power => format!("{value} ÷ 1{} = {exact}", "0".repeat(power.unsigned_abs() as usize)),
        };
        let rounded = if *is_rounded { "，四舍五入" } else { "" };
        format!("{shown}：{step}{rounded}")
    }

    fn signed(exact: &str, value: &str) -> String {
        match value.starts_with('-') && !exact.starts_with('-') {
            true => format!("-{exact}"),
            false => exact.to_owned(),
        }
    }
}

/// The first number in digits, with its sign, and what stands behind it.
fn number_with_ending(shown: &str) -> Option<(Decimal, &str)> {
    let begin = shown.find(|character: char| character.is_ascii_digit())?;
    let (before, rest) = shown.split_at(begin);
    let length =
        rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
    let (digits, ending) = rest.split_at(length);
    let number = Decimal::from_str_exact(digits).ok()?;
    Some((if before.ends_with(['-', '−']) { -number } else { number }, ending))
}

/// The power of ten that a printed form is in, by what stands behind its number. A unit of its own may
/// begin with 万, or be a percent sign.
fn power(ending: &str, unit: &str) -> i32 {
    let own = ending.strip_suffix(unit).unwrap_or(ending);
    match own {
        _ if !unit.is_empty() && ending == unit => 0,
        "万" => 4,
        "亿" => 8,
        "%" | "个百分点" if unit.is_empty() => -2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;
    use crate::figure::Origin;

    fn step(value: &str, unit: &str, shown: &str) -> Option<String> {
        let figure = Figure {
            id: "figures.it".to_owned(),
            amount: Amount::Number(Decimal::from_str_exact(value).unwrap()),
            unit: Some(unit).filter(|unit| !unit.is_empty()).map(Into::into),
            origin: Origin::Entry { at: Location::file("issue.toml"), source: String::new() },
        };
        TrailRounding::of(&figure, figure.amount, shown).map(|rounding| rounding.told())
    }

    #[test]
    fn each_form_tells_its_step() {
        for (value, unit, shown, told) in [
            ("57105", "件", "5.71万件", "5.71万件：57105 ÷ 10000 = 5.7105，四舍五入"),
            ("55000", "件", "5.5万件", "5.5万件：55000 ÷ 10000 = 5.5"),
            ("57105", "件", "5.71万", "5.71万：57105 ÷ 10000 = 5.7105，四舍五入"),
            ("1234567890", "元", "12.35亿元", "12.35亿元：1234567890 ÷ 100000000 = 12.3456789，四舍五入"),
            ("0.12345", "", "12.3%", "12.3%：0.12345 × 100 = 12.345，四舍五入"),
            ("-0.0856", "", "下降8.6%", "下降8.6%：-0.0856 × 100 = -8.56，四舍五入"),
            ("1.26", "%", "提高1.3个百分点", "提高1.3个百分点：1.26，四舍五入"),
            ("12.346", "分", "12.35分", "12.35分：12.346，四舍五入"),
        ] {
            assert_eq!(step(value, unit, shown).as_deref(), Some(told));
        }
    }

    #[test]
    fn a_form_that_shows_the_value_has_no_step() {
        for (value, unit, shown) in
            [("57105", "件", "57105件"), ("12.3", "万元", "12.3万元"), ("98", "%", "98%"), ("3", "", "第三")]
        {
            assert_eq!(step(value, unit, shown), None, "{shown}");
        }
    }
}
