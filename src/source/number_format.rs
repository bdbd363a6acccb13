//! What number formats make of a number: a date, a percentage, a multiple of 万.

use std::collections::BTreeMap;

use super::multiplier::multiplier;
use super::workbook::{Content, Sheet};
use crate::diagnostic::CellRef;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// A number, an amount.
    Plain,
    /// A share, shown a hundredfold with %.
    Percentage,
    /// A number with a word behind it that multiplies it.
    Multiple(&'static str),
    /// A number shown divided by what such a word stands for, and so the whole number; or without such a word, by
    /// whatever it is.
    Divided(Option<&'static str>),
    /// A date, a time, or both.
    Moment,
    /// A number of hours, such as `[h]:mm`.
    Duration,
}

impl NumberKind {
    /// A number as its format shows it.
    pub(super) fn shown(self, content: Content) -> Content {
        match (content, self) {
            (Content::Number(share), Self::Percentage) => Content::Percentage(share),
            (Content::Number(number), Self::Multiple(word)) => Content::Multiple(number, word.to_owned()),
            (Content::Number(number), Self::Divided(word)) => {
                Content::Divided(number, word.map(str::to_owned))
            }
            (content, _) => content,
        }
    }
}

/// What each style of a workbook's cells makes of a number.
#[derive(Debug, Default)]
pub(super) struct NumberStyles {
    /// The formats of the workbook's own.
    codes: BTreeMap<u32, NumberKind>,
    /// The format of each style.
    formats: Vec<Option<u32>>,
}

impl NumberStyles {
    /// Adds a format of the workbook's own, before or after the styles that use it.
    pub(super) fn declare(&mut self, format: u32, code: &str) {
        self.codes.insert(format, code_kind(code));
    }

    /// Adds the next style, by its format.
    pub(super) fn add(&mut self, format: Option<u32>) {
        self.formats.push(format);
    }

    /// What a style makes of a number.
    pub(super) fn kind(&self, style: usize) -> NumberKind {
        let format = self.formats.get(style).copied().flatten();
        format
            .map_or(NumberKind::Plain, |id| self.codes.get(&id).copied().unwrap_or_else(|| built_in_kind(id)))
    }
}

/// Shows the numbers of a sheet as their formats do; `kinds` has the cells whose format is not a plain one.
pub(super) fn show_numbers(sheet: &mut Sheet, kinds: &BTreeMap<CellRef, NumberKind>) {
    for row in &mut sheet.rows {
        for cell in &mut row.cells {
            if let Some(kind) = kinds.get(&CellRef::new(row.index, cell.column)) {
                let content = std::mem::replace(&mut cell.content, Content::Boolean(false));
                cell.content = kind.shown(content);
            }
        }
    }
}

/// What one of Excel's built-in number formats makes of a number. 27–36 and 50–58
/// are the dates and times of East Asian editions (`2025年7月`), common in China.
fn built_in_kind(format: u32) -> NumberKind {
    match format {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberKind::Moment,
        9 | 10 => NumberKind::Percentage,
        46 => NumberKind::Duration,
        _ => NumberKind::Plain,
    }
}

/// What a number format's code makes of a number, by the first of its sections.
fn code_kind(code: &str) -> NumberKind {
    let mut rest = code;
    let mut shape = Shape::default();
    while let Some(character) = rest.chars().next() {
        if let Some(behind) = GENERAL.iter().find_map(|general| rest.strip_prefix(general)) {
            rest = behind;
            shape.digit();
            continue;
        }
        rest = &rest[character.len_utf8()..];
        let next = rest.chars().next();
        match character {
            ';' => break,
            // The next character is a literal.
            '\\' | '!' => {
                shape.literal(next);
                rest = &rest[next.map_or(0, char::len_utf8)..];
            }
            // The next character is a width or a filler.
            '_' | '*' => rest = &rest[next.map_or(0, char::len_utf8)..],
            '"' => {
                let (quoted, behind) = rest.split_once('"').unwrap_or((rest, ""));
                shape.literal(quoted.chars());
                rest = behind;
            }
            '[' => {
                let (inside, behind) = rest.split_once(']').unwrap_or((rest, ""));
                rest = behind;
                if !inside.is_empty() && inside.bytes().all(|byte| b"hmsHMS".contains(&byte)) {
                    return NumberKind::Duration;
                }
                match inside.strip_prefix('$') {
                    // A currency, before the number of its language: [$元-804].
                    Some(currency) => shape.literal(currency.split('-').next().unwrap_or_default().chars()),
                    None => shape.is_conditional |= inside.starts_with(['<', '>', '=']),
                }
            }
            '0' | '#' | '?' => shape.digit(),
            ',' => shape.commas += u32::from(shape.has_digits),
            '.' => shape.point(),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return NumberKind::Moment,
            '%' => return NumberKind::Percentage,
            // Weekdays: aaa, aaaa.
            'a' | 'A' if rest.starts_with(['a', 'A']) => return NumberKind::Moment,
            other => shape.literal([other]),
        }
    }
    shape.kind()
}

/// The format without any rule of its own, in English and in Chinese.
const GENERAL: [&str; 2] = ["General", "G/通用格式"];

/// What was seen of a format of numbers.
#[derive(Default)]
struct Shape {
    has_digits: bool,
    /// How many commas stand behind the last digit: each divides by a thousand, unless another digit follows.
    commas: u32,
    /// The power of ten that the number is shown divided by: then a word such as 万 only says what was done.
    exponent: u32,
    /// A point that is only text came before: it moves the digits behind it, 0!.0000"万" shows ten thousandths.
    is_behind_false_point: bool,
    /// Only some numbers are shown so.
    is_conditional: bool,
    /// The text behind the last digit.
    behind: String,
}

impl Shape {
    fn digit(&mut self) {
        self.is_behind_false_point |= self.has_digits && self.behind == ".";
        self.exponent += u32::from(self.is_behind_false_point);
        self.has_digits = true;
        self.commas = 0;
        self.behind.clear();
    }

    /// The decimals begin, which are shown as they are.
    fn point(&mut self) {
        self.divide();
        self.is_behind_false_point = false;
    }

    fn literal(&mut self, characters: impl IntoIterator<Item = char>) {
        self.behind.extend(characters);
        self.divide();
    }

    fn divide(&mut self) {
        self.exponent += 3 * std::mem::take(&mut self.commas);
    }

    fn kind(mut self) -> NumberKind {
        self.divide();
        let word = multiplier(self.behind.trim_start());
        match word.filter(|_| self.has_digits) {
            // A word that says another power than the number is divided by says nothing.
            word if self.exponent > 0 => match word.filter(|(_, exponent)| *exponent == self.exponent) {
                Some((word, _)) => NumberKind::Divided(Some(word)),
                // [>=1000]#,##0,"K";0 shows most numbers as they are.
                None if self.is_conditional => NumberKind::Plain,
                None => NumberKind::Divided(None),
            },
            Some((word, _)) if !self.is_conditional => NumberKind::Multiple(word),
            _ => NumberKind::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_dates_from_numbers() {
        for code in ["yyyy\"年\"m\"月\"", "[$-804]aaaa", "h:mm;@", "[$-F800]dddd", "上午/下午h\"时\""]
        {
            assert_eq!(code_kind(code), NumberKind::Moment, "{code}");
        }
        for code in [
            "General",
            "G/通用格式",
            "#,##0.00_ ",
            "0.00\"days\"",
            "[Red]0;[Blue]-0",
            "0_d",
            "0.00E+00",
            "@",
            "\\d0",
            "0;yyyy",
            "[$¥-804]#,##0",
            "[DBNum1]0",
        ] {
            assert_eq!(code_kind(code), NumberKind::Plain, "{code}");
        }
        assert_eq!(code_kind("[h]:mm:ss"), NumberKind::Duration);
        assert_eq!(built_in_kind(31), NumberKind::Moment);
        assert_eq!(built_in_kind(9), NumberKind::Percentage);
        assert_eq!(code_kind("0.00%"), NumberKind::Percentage);
        assert_eq!(code_kind("0\"%\""), NumberKind::Plain);
    }

    #[test]
    fn a_word_that_multiplies_counts_where_the_number_is_shown_undivided() {
        for (code, kind) in [
            ("0\"千件\"", NumberKind::Multiple("千")),
            ("#,##0.00\\万", NumberKind::Multiple("万")),
            ("0.0百万元", NumberKind::Multiple("百万")),
            ("0\"件\"", NumberKind::Plain),
            ("0.0,\"千\"", NumberKind::Divided(Some("千"))),
            ("0!.0,\"万\"", NumberKind::Divided(Some("万"))),
            ("General\"万件\"", NumberKind::Multiple("万")),
            ("G/通用格式\"万件\"", NumberKind::Multiple("万")),
            ("[$万件-804]0", NumberKind::Plain),
            ("0[$万件-804]", NumberKind::Multiple("万")),
            ("#,##0\" 万\"", NumberKind::Multiple("万")),
            ("0!.0000\"万\"", NumberKind::Divided(Some("万"))),
            ("0\\.0000\"万\"", NumberKind::Divided(Some("万"))),
            ("[>=10000]0!.0000\"万\";0", NumberKind::Divided(Some("万"))),
            ("0,.0\"千\"", NumberKind::Divided(Some("千"))),
            ("#,##0.00,", NumberKind::Divided(None)),
            ("#,##0,_ ;-#,##0,", NumberKind::Divided(None)),
            ("0\\.0,", NumberKind::Divided(None)),
            ("0!.0000", NumberKind::Divided(None)),
            ("0,\"元\"", NumberKind::Divided(None)),
            ("#,##0.0,\"万\"", NumberKind::Divided(None)),
            ("0,,\"百万元\"", NumberKind::Divided(Some("百万"))),
            ("0.00,,\"亿\"", NumberKind::Divided(None)),
            ("0!.00,,\"亿\"", NumberKind::Divided(Some("亿"))),
            ("0!.0000.00\"万\"", NumberKind::Divided(Some("万"))),
            ("0!.000\"万\"", NumberKind::Divided(None)),
            ("#,##0.00_);(#,##0.00)", NumberKind::Plain),
            ("[>=1000]#,##0,\"K\";0", NumberKind::Plain),
            ("0\"百分点\"", NumberKind::Plain),
            ("0.0\"千瓦时\"", NumberKind::Plain),
            ("0\"件/万人\"", NumberKind::Plain),
            ("[>=0]0.00\"万元\";-0.00\"万元\"", NumberKind::Plain),
            ("0.0\"个百分点\"", NumberKind::Plain),
        ] {
            assert_eq!(code_kind(code), kind, "{code}");
        }
    }
}
