//! Finding the numbers that are typed in a text: one, or several joined to a range, with their unit.

use rust_decimal::Decimal;

use super::chinese::{numerals_length, read_chinese};
use super::digits::{arabic, digits_end, skip_more};
use super::measures::Measures;
use super::typed_number::{Part, Quantity, TypedForm, TypedNumber};
use crate::project::{TypedText, is_chinese_numeral};

/// The characters that join two numbers to a range, a ratio, a date or a name.
const JOINTS: &str = "-–—―~～〜∼至到/:：∶·•+×*对";

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
    let quantity =
        Quantity { value: number.value, step: number.step, form, decimals: number.decimals, is_exceeded };
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
            numerals => read_chinese(numerals).map(|number| number.value.normalize()),
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
