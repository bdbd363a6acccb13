//! What is known of a number that is typed in a text.

use std::ops::Range;

use rust_decimal::Decimal;

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
