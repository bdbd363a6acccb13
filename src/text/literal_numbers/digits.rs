//! Numbers in digits: separators, decimals, 万 and 亿, %, “余” and the unit behind.

use rust_decimal::Decimal;

use super::measures::{Measures, after_space};
use super::typed_number::{Part, Quantity, TypedForm};
use crate::project::TypedText;

/// A number in digits, with 万, %, “余” and its unit.
pub fn arabic(text: &TypedText, measures: &Measures, start: usize) -> Part {
    let Ok(mut number) = scaled_digits(text, start) else {
        let (end, _) = digits_end(text, start);
        let measure = measures.end(text, end);
        let has_measure = measure > end;
        return Part { chars: start..end, digits: start, end: measure, quantity: None, has_measure };
    };
    // 2亿3000万, 3万5千: each part counts in a lower place than the one before.
    while number.scale > Decimal::ONE
        && let Ok(rest) = scaled_digits(text, number.end)
        && rest.value < number.step
        && let Some(value) = number.value.checked_add(rest.value)
    {
        number = ScaledDigits { value, form: TypedForm::Plain, decimals: 0, ..rest };
    }
    let ScaledDigits { value, step, form, decimals, end, mut is_exceeded, .. } = number;
    let behind = skip_more(text, end, &mut is_exceeded);
    let sign_place = after_space(text, behind);
    let sign = SIGNS.iter().find(|(sign, _)| text.has_at(sign_place, sign));
    let (chars, last, form) = match sign {
        Some((sign, form)) => {
            let last = sign_place + sign.chars().count();
            (start..last, last, *form)
        }
        None => (start..end, measures.end(text, behind), form),
    };
    let has_measure = sign.is_some() || last > behind || number.scale > Decimal::ONE;
    let quantity = Some(Quantity { value, step, form, decimals, is_exceeded });
    Part { chars, digits: start, end: last, quantity, has_measure }
}

/// The signs behind a number that say what it is a part of.
const SIGNS: [(&str, TypedForm); 5] = [
    ("%", TypedForm::Percent),
    ("‰", TypedForm::Other),
    ("个百分点", TypedForm::PercentagePoint),
    ("百分点", TypedForm::PercentagePoint),
    ("个千分点", TypedForm::Other),
];

/// Digits with 万, 亿 and the like behind them.
struct ScaledDigits {
    value: Decimal,
    step: Decimal,
    scale: Decimal,
    form: TypedForm,
    decimals: u32,
    end: usize,
    is_exceeded: bool,
}

/// The number of the digits at a place; a fault where they are none, or no quantity, or too many.
fn scaled_digits(text: &TypedText, start: usize) -> Result<ScaledDigits, ()> {
    let (mut end, dots) = digits_end(text, start);
    let written: String = text.slice(start..end).iter().filter(|digit| **digit != ',').collect();
    if dots > 1 || is_padded(&written) {
        return Err(());
    }
    let number = Decimal::from_str_exact(&written).map_err(|_| ())?;
    let (mut scale, mut form, mut is_exceeded) = (Decimal::ONE, TypedForm::Plain, false);
    let mut is_exceeded_before = false;
    while let Some((factor, after)) = scale_at(text, skip_more(text, end, &mut is_exceeded_before)) {
        form = match u64::try_from(factor) {
            Ok(WAN) if scale == Decimal::ONE => TypedForm::Wan,
            Ok(YI) if scale == Decimal::ONE => TypedForm::Yi,
            _ => TypedForm::Plain,
        };
        scale = scale.checked_mul(factor).ok_or(())?;
        (end, is_exceeded) = (after, is_exceeded_before);
    }
    let step = Decimal::new(1, number.scale()).checked_mul(scale).ok_or(())?;
    let value = number.checked_mul(scale).ok_or(())?;
    Ok(ScaledDigits { value, step, scale, form, decimals: number.scale(), end, is_exceeded })
}

const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

/// The scale that stands at a place, and where it ends.
fn scale_at(text: &TypedText, place: usize) -> Option<(Decimal, usize)> {
    let place = after_space(text, place);
    let scale: u64 = match text.at(place)? {
        '万' => WAN,
        '亿' => YI,
        // 5千克 and 5千米 are units of their own.
        '千' if !text.at(place + 1).is_some_and(|next| "克米瓦伏卡字帕赫分".contains(next)) => 1000,
        '百' if text.at(place + 1) != Some('分') => 100,
        _ => return None,
    };
    Some((scale.into(), place + 1))
}

/// The place after 余, 多 or 几.
pub fn skip_more(text: &TypedText, place: usize, is_exceeded: &mut bool) -> usize {
    let is_more = text.at(place).is_some_and(|next| "余多几".contains(next));
    *is_exceeded |= is_more;
    place + usize::from(is_more)
}

/// Where digits with their separators and points end, and how many points there are.
pub fn digits_end(text: &TypedText, start: usize) -> (usize, usize) {
    let digits =
        |from: usize| (from..).take_while(|&at| text.at(at).is_some_and(|it| it.is_ascii_digit())).count();
    let first = digits(start);
    let mut end = start + first;
    while first <= 3 && text.at(end) == Some(',') && digits(end + 1) == 3 {
        end += 4;
    }
    let mut dots = 0;
    while text.at(end) == Some('.') && digits(end + 1) > 0 {
        dots += 1;
        end += 1 + digits(end + 1);
    }
    (end, dots)
}

/// Whether digits begin with a zero that no quantity has: 007, 028.
fn is_padded(written: &str) -> bool {
    let mut digits = written.chars();
    digits.next() == Some('0') && digits.next().is_some_and(|next| next.is_ascii_digit())
}
