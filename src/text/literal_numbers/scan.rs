//! Finding the numbers that are typed in a text: one, or several joined to a range, with their unit.

use std::ops::Range;

use rust_decimal::Decimal;

use super::chinese::{numerals_length, read_chinese};
use super::measures::{Measures, after_space, latin_unit_end};
use crate::project::{TypedText, is_chinese_numeral};

/// A number as typed: a single one or a range such as 3至5个.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedNumber {
    /// Its parts; at least one.
    pub parts: Vec<Part>,
    /// The character between each two parts.
    pub joints: Vec<char>,
}

/// One number of a range, or the only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The characters from the sign to 万 or %.
    pub chars: Range<usize>,
    /// The first digit.
    pub digits: usize,
    /// Where its unit ends; the end of `chars` where there is none.
    pub end: usize,
    /// What it says; none where it is no quantity, such as 3.1.2 or 007.
    pub quantity: Option<Quantity>,
    /// Whether a measure or unit stands behind it.
    pub has_measure: bool,
}

/// The quantity that a number states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The value: of 5.71万 57100, of 12.3% 12.3.
    pub value: Decimal,
    /// The value of the last typed place: of 5.71万 100, of 12.3% 0.1.
    pub step: Decimal,
    /// The form that it is typed in.
    pub form: TypedForm,
    /// The decimals typed.
    pub decimals: u32,
    /// Whether it says “and some more”, as 2万余件 does.
    pub is_exceeded: bool,
}

/// The form that a number is typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedForm {
    /// Digits, or Chinese numerals below 万.
    Plain,
    /// In 万.
    Wan,
    /// In 亿.
    Yi,
    /// %, 百分之.
    Percent,
    /// 个百分点.
    PercentagePoint,
    /// ‰, a fraction: no figure is printed so.
    Other,
}

/// The characters that join two numbers to a range, a ratio, a date or a name.
const JOINTS: &str = "-–—―~～〜∼至到/:：∶·•+×*对";

impl TypedNumber {
    /// The characters from the first sign to the last 万 or %.
    pub fn chars(&self) -> Range<usize> {
        let last = self.parts.last().map_or(0, |part| part.chars.end);
        self.start()..last
    }

    /// The first character.
    pub fn start(&self) -> usize {
        self.parts.first().map_or(0, |part| part.chars.start)
    }

    /// Where the unit of the last part ends.
    pub fn end(&self) -> usize {
        self.parts.last().map_or(0, |part| part.end)
    }

    /// Whether a measure or unit stands behind it.
    pub fn has_measure(&self) -> bool {
        self.parts.last().is_some_and(|part| part.has_measure)
    }
}

/// All numbers typed in a text, in order, dates and names among them.
pub fn scan(text: &TypedText, measures: &Measures) -> Vec<TypedNumber> {
    let mut found: Vec<TypedNumber> = Vec::new();
    let mut place = 0;
    while let Some(character) = text.at(place) {
        let part = if character.is_ascii_digit() {
            arabic(text, measures, place)
        } else if is_chinese_numeral(character) {
            match chinese(text, measures, place) {
                Ok(part) => part,
                Err(end) => {
                    place = end;
                    continue;
                }
            }
        } else {
            place += 1;
            continue;
        };
        place = part.chars.end.max(place + 1);
        match found.last_mut().and_then(|last| Some((joint(text, last, part.digits)?, last))) {
            Some((joint, last)) => {
                let chars = part.digits..part.chars.end;
                last.joints.push(joint);
                last.parts.push(Part { chars, ..part });
            }
            None => found.push(TypedNumber { parts: vec![signed(text, part)], joints: Vec::new() }),
        }
    }
    found
}

/// The character that joins a number to the one before it.
fn joint(text: &TypedText, before: &TypedNumber, start: usize) -> Option<char> {
    let last = before.parts.last()?;
    let is_adjacent = |end: usize| start == end + 1;
    text.before(start)
        .filter(|it| JOINTS.contains(*it) && (is_adjacent(last.chars.end) || is_adjacent(last.end)))
}

/// With the sign before it, which is no hyphen of a name such as A-3.
fn signed(text: &TypedText, mut part: Part) -> Part {
    let start = part.chars.start;
    let is_sign = match text.before(start) {
        Some('-') => !text.before(start - 1).is_some_and(|it| it.is_ascii_alphanumeric() || it == '-'),
        Some('负') => true,
        _ => false,
    };
    if is_sign {
        part.chars.start -= 1;
        if let Some(quantity) = &mut part.quantity {
            quantity.value = -quantity.value;
        }
    }
    part
}

/// A number in digits, with 万, %, “余” and its unit.
fn arabic(text: &TypedText, measures: &Measures, start: usize) -> Part {
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
fn skip_more(text: &TypedText, place: usize, is_exceeded: &mut bool) -> usize {
    let is_more = text.at(place).is_some_and(|next| "余多几".contains(next));
    *is_exceeded |= is_more;
    place + usize::from(is_more)
}

/// Where digits with their separators and points end, and how many points there are.
fn digits_end(text: &TypedText, start: usize) -> (usize, usize) {
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

/// A number in Chinese numerals: a fraction such as 百分之五, or a count before a measure; else where they end.
fn chinese(text: &TypedText, measures: &Measures, start: usize) -> Result<Part, usize> {
    let end = start + numerals_length(text.slice(start..text.chars.len().min(start + LONGEST_NUMERALS)));
    if text.has_at(end, "分之") {
        return fraction(text, start, end);
    }
    let number = read_chinese(text.slice(start..end)).filter(|_| end - start > 1).ok_or(end)?;
    let mut is_exceeded = false;
    let behind = skip_more(text, end, &mut is_exceeded);
    if !measures.follows_chinese(text, behind) {
        return Err(end);
    }
    let form = match text.before(end) {
        Some('万') => TypedForm::Wan,
        Some('亿') => TypedForm::Yi,
        _ => TypedForm::Plain,
    };
    let quantity = Quantity { value: number.value, step: number.step, form, decimals: 0, is_exceeded };
    Ok(Part {
        chars: start..end,
        digits: start,
        end: measures.end(text, behind),
        quantity: Some(quantity),
        has_measure: true,
    })
}

/// More numerals than any number has; what goes on beyond them is none.
const LONGEST_NUMERALS: usize = 40;

/// 百分之五十, 三分之二, 百分之5: `end` is where 分之 stands.
fn fraction(text: &TypedText, start: usize, end: usize) -> Result<Part, usize> {
    let from = end + 2;
    let is_percent = end - start == 1 && text.at(start) == Some('百');
    let (last, value) = if text.at(from).is_some_and(|it| it.is_ascii_digit()) {
        let (last, _) = digits_end(text, from);
        let written: String = text.slice(from..last).iter().collect();
        (last, Decimal::from_str_exact(&written).ok())
    } else {
        let numerals = numerals_length(text.slice(from..text.chars.len().min(from + LONGEST_NUMERALS)));
        let last = from + numerals;
        let value = match text.slice(from..last) {
            ['百'] => Some(Decimal::ONE_HUNDRED),
            numerals => read_chinese(numerals).map(|number| number.value),
        };
        (last, value)
    };
    if last == from {
        return Err(end);
    }
    let form = if is_percent { TypedForm::Percent } else { TypedForm::Other };
    let quantity = value.map(|value| Quantity {
        value,
        step: Decimal::new(1, value.scale()),
        form,
        decimals: value.scale(),
        is_exceeded: false,
    });
    Ok(Part { chars: start..last, digits: start, end: last, quantity, has_measure: true })
}

/// Whether letters stand right behind a place that are no unit: 5G, 3D.
pub fn is_part_of_latin_word(text: &TypedText, end: usize) -> bool {
    text.at(end).is_some_and(|it| it.is_ascii_alphabetic()) && latin_unit_end(text, end).is_none()
}
