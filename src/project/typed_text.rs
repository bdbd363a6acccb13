//! What an editor typed in a text, as the reader will see it: without expressions
//! and comments, its lines joined, digits and letters of one width.
//!
//! Every character remembers where it stands in the template, so that a finding
//! about the printed words can be placed in the file.

use std::ops::Range;

use super::normal::is_zero_width;

/// Stands for an expression: something is printed here that nobody typed.
pub const EXPRESSION: char = '\u{FFFC}';

/// Stands between two paragraphs.
pub const PARAGRAPH_END: char = '\n';

/// The brackets of a template and whether something is printed in their place.
const BRACKETS: [(&str, &str, bool); 3] = [("{{", "}}", true), ("{#", "#}", false), ("{%", "%}", true)];

/// The typed characters of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedText {
    /// The characters.
    pub chars: Vec<char>,
    /// For each character the bytes of the template that it stands for.
    places: Vec<Range<usize>>,
}

impl TypedText {
    /// The typed characters of a template. What follows a bracket that is never closed is not looked at:
    /// the bracket is a fault of its own.
    pub fn new(template: &str) -> Self {
        let mut text = Self { chars: Vec::new(), places: Vec::new() };
        let mut at = 0;
        while let Some(character) = template[at..].chars().next() {
            let rest = &template[at..];
            let bracket = BRACKETS.iter().find(|(open, ..)| rest.starts_with(open));
            if let Some((_, close, prints)) = bracket {
                let end = rest.find(close).map_or(template.len(), |found| at + found + close.len());
                if *prints {
                    text.push(EXPRESSION, at..end);
                }
                at = end;
            } else if character.is_whitespace() {
                let length = rest.len() - rest.trim_start().len();
                text.push_white_space(&rest[..length], rest[length..].chars().next(), at..at + length);
                at += length;
            } else {
                let end = at + character.len_utf8();
                if !is_zero_width(character) {
                    text.push(half_width(character), at..end);
                }
                at = end;
            }
        }
        text
    }

    /// The bytes of the template that a range of characters stands for.
    pub fn span(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.places.get(range.start).map_or(0, |place| place.start);
        let last = range.end.saturating_sub(1).max(range.start);
        start..self.places.get(last).map_or(start, |place| place.end)
    }

    /// A range of the characters.
    pub fn slice(&self, range: Range<usize>) -> &[char] {
        self.chars.get(range).unwrap_or_default()
    }

    /// The character at a place.
    pub fn at(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    /// The character before a place.
    pub fn before(&self, place: usize) -> Option<char> {
        place.checked_sub(1).and_then(|before| self.at(before))
    }

    /// Whether these words begin at a place.
    pub fn has_at(&self, place: usize, words: &str) -> bool {
        words.chars().enumerate().all(|(index, word)| self.at(place + index) == Some(word))
    }

    /// Whether these words end before a place.
    pub fn has_before(&self, place: usize, words: &str) -> bool {
        place.checked_sub(words.chars().count()).is_some_and(|start| self.has_at(start, words))
    }

    /// All places where another text stands as a whole: a number at its edge is no part of a longer one, so
    /// that 3个工作日 does not stand in 13个工作日, nor 3 in 3万.
    pub fn occurrences(&self, wanted: &Self) -> Vec<Range<usize>> {
        let (Some(&first), Some(&last)) = (wanted.chars.first(), wanted.chars.last()) else {
            return Vec::new();
        };
        let windows = self.chars.windows(wanted.chars.len()).enumerate();
        let found = windows.filter(|(_, window)| window.first() == Some(&first) && *window == wanted.chars);
        let ranges = found.map(|(start, window)| start..start + window.len());
        ranges
            .filter(|range| !self.continues_before(range.start, first))
            .filter(|range| !self.continues_after(range.end, last))
            .collect()
    }

    fn continues_before(&self, start: usize, first: char) -> bool {
        let is_digit = |character: Option<char>| character.is_some_and(|it| it.is_ascii_digit());
        match self.before(start) {
            Some(before) if first.is_ascii_digit() => {
                before.is_ascii_digit() || (matches!(before, '.' | ',') && is_digit(self.before(start - 1)))
            }
            Some(before) => is_chinese_numeral(first) && is_chinese_numeral(before),
            None => false,
        }
    }

    fn continues_after(&self, end: usize, last: char) -> bool {
        let is_number = last.is_ascii_digit() || is_chinese_numeral(last);
        let is_digit = |character: Option<char>| character.is_some_and(|it| it.is_ascii_digit());
        match self.at(end).filter(|_| is_number) {
            Some('.' | ',') => last.is_ascii_digit() && is_digit(self.at(end + 1)),
            Some(after) => after.is_ascii_digit() || matches!(after, '%' | '‰') || is_chinese_numeral(after),
            None => false,
        }
    }

    fn push(&mut self, character: char, place: Range<usize>) {
        self.chars.push(character);
        self.places.push(place);
    }

    /// A blank line ends the paragraph; another line break leaves a space between Latin letters or digits only.
    fn push_white_space(&mut self, white_space: &str, next: Option<char>, place: Range<usize>) {
        let is_latin = |it: Option<char>| it.is_some_and(|it| half_width(it).is_ascii_alphanumeric());
        match white_space.matches('\n').count() {
            0 => self.push(' ', place),
            1 if is_latin(self.chars.last().copied()) && is_latin(next) => self.push(' ', place),
            1 => {}
            _ => self.push(PARAGRAPH_END, place),
        }
    }
}

/// Whether a character is a Chinese numeral.
pub fn is_chinese_numeral(character: char) -> bool {
    "零〇一二三四五六七八九十百千万亿两".contains(character)
}

/// Full-width digits, letters and signs of numbers as ASCII; the Chinese comma stays what it is.
fn half_width(character: char) -> char {
    match character {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '％' | '－' | '＋' | '／' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        '−' => '-',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(template: &str) -> String {
        TypedText::new(template).chars.iter().collect()
    }

    fn stands(wanted: &str, template: &str) -> usize {
        TypedText::new(template).occurrences(&TypedText::new(wanted)).len()
    }

    #[test]
    fn the_text_is_as_the_reader_sees_it() {
        assert_eq!(typed("受理{{ a.b | wan }}，{# 3件 #}办结５．７\u{200B}１％"), "受理\u{FFFC}，办结5.71%");
        assert_eq!(typed("甲\n  乙\n\n丙 PDF\nA3"), "甲乙\n丙 PDF A3");
        assert_eq!(typed("共{{ a"), "共\u{FFFC}");
    }

    #[test]
    fn a_number_is_found_as_a_whole_only() {
        for (wanted, template, count) in [
            ("3个工作日", "3个工作日、３个工作日", 2),
            ("3个工作日", "在3个\n工作日内", 1),
            ("3个工作日", "13个工作日、1.3个工作日、1,3个工作日", 0),
            ("三个部门", "三个部门、十三个部门", 1),
            ("增加3", "增加3，增加35，增加3.5，增加3万，增加3%", 1),
            ("增加3", "增加3.", 1),
            ("3个", "{{ 3个 }}{# 3个 #}", 0),
            ("", "3个", 0),
        ] {
            assert_eq!(stands(wanted, template), count, "{wanted} in {template}");
        }
    }

    proptest! {
        #[test]
        fn every_character_stands_somewhere_in_the_template(template in "[{}%#a 3３\\n\u{200B}件]{0,24}") {
            let text = TypedText::new(&template);
            for place in 0..text.chars.len() {
                let span = text.span(&(place..place + 1));
                prop_assert!(template.get(span).is_some_and(|written| !written.is_empty()));
            }
        }
    }
}
