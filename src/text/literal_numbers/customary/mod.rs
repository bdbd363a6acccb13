//! The numbers that are typed by custom: dates, ordinals, document numbers, telephone numbers, names.
//!
//! Each rule looks at what stands around a number. A rule that errs must err
//! towards reporting: a needless warning costs a line in issue.toml, a wrong
//! figure in print costs more.

mod addresses;
mod codes;
mod dates;
mod ordinals;

use std::ops::Range;

use self::addresses::addresses;
use super::measures::{after_space, before_space};
use super::typed_number::{Part, TypedNumber};
use crate::project::{EXPRESSION, PARAGRAPH_END, TypedText};

/// How far around a number quotation marks and other surroundings are looked for, in characters.
const SURROUNDINGS: usize = 60;

/// The most members of a list that are looked through for the unit behind it.
const LONGEST_LIST: usize = 8;

/// A text whose numbers may be there by custom.
pub struct Customary<'a> {
    text: &'a TypedText,
    addresses: Vec<Range<usize>>,
}

impl<'a> Customary<'a> {
    /// The text, looked through once.
    pub fn new(text: &'a TypedText) -> Self {
        Self { text, addresses: addresses(text) }
    }

    /// Whether a number needs no origin.
    pub fn holds(&self, number: &TypedNumber) -> bool {
        let around = Around { text: self.text, number, chars: number.chars() };
        around.is_date()
            || around.is_time()
            || around.is_ordinal()
            || around.is_list_mark()
            || around.is_latin_name()
            || around.is_code()
            || around.is_reference()
            || around.is_telephone()
            || around.is_quoted()
            || around.is_service_hours()
            || around.is_idiom()
            || self.is_in_address(&number.chars())
    }

    fn is_in_address(&self, chars: &Range<usize>) -> bool {
        let next = self.addresses.partition_point(|address| address.end < chars.end);
        self.addresses.get(next).is_some_and(|address| address.start <= chars.start)
    }
}

struct Around<'a> {
    text: &'a TypedText,
    number: &'a TypedNumber,
    chars: Range<usize>,
}

impl Around<'_> {
    /// Where a list such as 5、6 or 1至{{ }} ends that this number begins.
    fn list_end(&self) -> usize {
        let mut place = after_space(self.text, self.chars.end);
        for _ in 0..LONGEST_LIST {
            let is_joint = self.text.at(place).is_some_and(|it| "、—–-~～至到和及或".contains(it));
            let next = place + 1;
            let is_digit = |&at: &usize| self.text.at(at).is_some_and(|it| it.is_ascii_digit());
            let digits = (next..).take_while(is_digit).count();
            match self.text.at(next) {
                Some(EXPRESSION) if is_joint => place = next + 1,
                Some(_) if is_joint && (1..=8).contains(&digits) => place = next + digits,
                _ => break,
            }
        }
        place
    }

    /// The place before the number and before a colon or bracket that introduces it.
    fn start_before_mark(&self) -> usize {
        let start = before_space(self.text, self.chars.start);
        match self.text.before(start).is_some_and(|it| "：:（(“\"".contains(it)) {
            true => before_space(self.text, start - 1),
            false => start,
        }
    }

    /// Whether one of these words, parted by spaces, ends before a place.
    fn has_before_any(&self, place: usize, words: &str) -> bool {
        words.split_whitespace().any(|word| self.text.has_before(place, word))
    }

    fn begins_paragraph(&self, place: usize) -> bool {
        let mut place = place;
        while self.text.before(place) == Some(' ') {
            place -= 1;
        }
        self.text.before(place).is_none_or(|it| it == PARAGRAPH_END)
    }

    fn digits(&self, part: &Part) -> usize {
        (part.digits..part.chars.end)
            .take_while(|&at| self.text.at(at).is_some_and(|it| it.is_ascii_digit()))
            .count()
    }
}

/// A part's value as a small whole number.
fn whole(part: &Part) -> Option<u32> {
    let value = part.quantity?.value;
    if value.scale() == 0 { u32::try_from(value).ok() } else { None }
}

/// The digits of a part as a number, with zeros before them: the 00 of 9:00.
fn whole_digits(text: &TypedText, part: &Part) -> Option<u32> {
    text.slice(part.digits..part.chars.end).iter().collect::<String>().parse().ok()
}
