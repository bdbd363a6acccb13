//! Chinese numerals: 三万五千 as 35000.

use rust_decimal::Decimal;

use crate::project::is_chinese_numeral;

/// A number written in Chinese numerals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChineseNumber {
    /// Its value.
    pub value: Decimal,
    /// The value of its last place where it reads as rounded to 千, 万 or 亿, else 1.
    pub step: Decimal,
    /// How many numerals stand behind 点.
    pub decimals: u32,
}

/// How many characters from the beginning are numerals, with 点 between two of them.
pub fn numerals_length(chars: &[char]) -> usize {
    let is_numeral = |at: usize| chars.get(at).copied().is_some_and(is_chinese_numeral);
    let is_point =
        |at: usize| chars.get(at) == Some(&'点') && at > 0 && is_numeral(at - 1) && is_numeral(at + 1);
    (0..chars.len()).take_while(|&at| is_numeral(at) || is_point(at)).count()
}

/// The number that numerals write; none for a year (二〇二五), a guess (七八), an idiom (千万) or any other disorder.
pub fn read_chinese(numerals: &[char]) -> Option<ChineseNumber> {
    match numerals.iter().position(|&numeral| numeral == '点') {
        Some(point) => read_decimal(&numerals[..point], &numerals[point + 1..]),
        None => read_whole(numerals),
    }
}

fn read_decimal(whole: &[char], rest: &[char]) -> Option<ChineseNumber> {
    let decimals = rest
        .iter()
        .take_while(|&&numeral| digit(numeral).is_some() || numeral == '零' || numeral == '〇')
        .count();
    let mut number = if let [single] = whole { small(*single)? } else { read_whole(whole)?.value };
    let mut place = Decimal::ONE;
    for numeral in rest.get(..decimals).filter(|decimals| !decimals.is_empty())? {
        place = place.checked_div(Decimal::TEN)?;
        number = number.checked_add(small(*numeral)?.checked_mul(place)?)?;
    }
    let mut scale = Decimal::ONE;
    for numeral in &rest[decimals..] {
        scale = scale.checked_mul(Decimal::from(match numeral {
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => return None,
        }))?;
    }
    Some(ChineseNumber {
        value: number.checked_mul(scale)?,
        step: place.checked_mul(scale)?,
        decimals: u32::try_from(decimals).ok()?,
    })
}

fn read_whole(numerals: &[char]) -> Option<ChineseNumber> {
    let mut reading = Reading::default();
    for &numeral in numerals {
        reading.take(numeral)?;
    }
    reading.finish()
}

/// A number being read from its highest place to its lowest.
#[derive(Default)]
struct Reading {
    total: u64,
    /// What stands since the last 万 or 亿.
    section: u64,
    /// A digit whose place is not yet known.
    digit: Option<u64>,
    /// The last place read: 10, 100, 1000, 10⁴, 10⁸; 0 at the beginning.
    unit: u64,
    /// The last 万 or 亿 read; 0 at the beginning.
    closed: u64,
    after_zero: bool,
}

impl Reading {
    fn take(&mut self, numeral: char) -> Option<()> {
        match numeral {
            '零' | '〇' => {
                // 一百零五: a zero stands between places, once.
                if self.unit == 0 || self.digit.is_some() || self.after_zero {
                    return None;
                }
                self.after_zero = true;
            }
            '十' => self.place(10)?,
            '百' => self.place(100)?,
            '千' => self.place(1000)?,
            '万' => self.close_section(10_000)?,
            '亿' => self.close_section(100_000_000)?,
            _ => {
                if self.digit.is_some() {
                    return None;
                }
                self.digit = Some(digit(numeral)?);
            }
        }
        Some(())
    }

    fn place(&mut self, unit: u64) -> Option<()> {
        let is_lower = self.unit == 0 || self.unit >= 10_000 || unit < self.unit;
        // 十五 and 一百十五 need no 一; 百 and 千 do.
        let digit = self.digit.take().or((unit == 10 && !self.after_zero).then_some(1))?;
        if !is_lower {
            return None;
        }
        self.section += digit * unit;
        (self.unit, self.after_zero) = (unit, false);
        Some(())
    }

    fn close_section(&mut self, unit: u64) -> Option<()> {
        let section = self.section + self.digit.take().unwrap_or(0);
        match (section, unit) {
            // 三万亿: the 亿 counts all that stands before it.
            (0, 100_000_000) if self.unit == 10_000 => self.total = self.total.checked_mul(unit)?,
            (0, _) => return None,
            _ if self.closed > 0 && unit >= self.closed => return None,
            _ => self.total = self.total.checked_add(section.checked_mul(unit)?)?,
        }
        (self.section, self.unit, self.closed, self.after_zero) = (0, unit, unit, false);
        Some(())
    }

    fn finish(self) -> Option<ChineseNumber> {
        // 三万五 is 35000, 一百二 is 120; 一百零二 is 102.
        let (last, step) = match self.digit {
            Some(digit) if self.unit >= 100 && !self.after_zero => (digit * (self.unit / 10), self.unit / 10),
            Some(digit) => (digit, 1),
            None if self.after_zero => return None,
            None => (0, self.unit),
        };
        let value = self.total.checked_add(self.section)?.checked_add(last)?;
        let is_rounded = step >= 10_000 || (step == 1000 && self.total > 0);
        let step = if is_rounded { step } else { 1 };
        (value > 0).then(|| ChineseNumber { value: value.into(), step: step.into(), decimals: 0 })
    }
}

fn digit(numeral: char) -> Option<u64> {
    "一二三四五六七八九"
        .chars()
        .zip(1..)
        .find(|(known, _)| *known == numeral)
        .map(|(_, digit)| digit)
        .or((numeral == '两').then_some(2))
}

fn small(numeral: char) -> Option<Decimal> {
    match numeral {
        '零' | '〇' => Some(Decimal::ZERO),
        '十' => Some(Decimal::TEN),
        _ => digit(numeral).map(Decimal::from),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(numerals: &str) -> Option<String> {
        let chars: Vec<char> = numerals.chars().collect();
        (numerals_length(&chars) == chars.len())
            .then(|| read_chinese(&chars))?
            .map(|number| number.value.normalize().to_string())
    }

    #[test]
    fn well_formed_numerals_are_read() {
        for (numerals, number) in [
            ("十五", "15"),
            ("二十九", "29"),
            ("一百零五", "105"),
            ("一百二", "120"),
            ("一百二十", "120"),
            ("三万五千", "35000"),
            ("三万五", "35000"),
            ("两万", "20000"),
            ("十万", "100000"),
            ("一万零八十三", "10083"),
            ("一亿二千万", "120000000"),
            ("三万亿", "3000000000000"),
            ("三点五万", "35000"),
            ("十二点零五", "12.05"),
            ("五千七百一十亿零三", "571000000003"),
        ] {
            assert_eq!(value(numerals).as_deref(), Some(number), "{numerals}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for numerals in [
            "二〇二五",
            "七八",
            "十四五",
            "千万",
            "万一",
            "百千",
            "一一",
            "零",
            "三千五千",
            "一万万",
            "十二点三十",
            "一零",
            "〇五",
            "亿万",
            "三万五千万",
        ] {
            assert_eq!(value(numerals), None, "{numerals}");
        }
    }

    proptest! {
        #[test]
        fn every_count_is_read_as_it_is_written(number in 1u64..1_000_000_000) {
            prop_assert_eq!(value(&written(number)), Some(number.to_string()));
        }

        #[test]
        fn no_numerals_make_it_panic(numerals in "[零〇一二三九十百千万亿两点]{0,30}") {
            let _ = value(&numerals);
        }
    }

    /// A count in Chinese numerals, as it is written in full.
    fn written(number: u64) -> String {
        let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
        let mut text = String::new();
        let mut is_gap = false;
        for (power, unit) in [(8, "亿"), (4, "万"), (0, "")] {
            let section = number / 10u64.pow(power) % if power == 8 { u64::MAX } else { 10_000 };
            for (place, name) in [(3, "千"), (2, "百"), (1, "十"), (0, "")] {
                let digit = section / 10u64.pow(place) % 10;
                match digit {
                    0 => is_gap = true,
                    _ => {
                        if is_gap && !text.is_empty() {
                            text.push('零');
                        }
                        is_gap = false;
                        text.push(digits[usize::try_from(digit).unwrap()]);
                        text.push_str(name);
                    }
                }
            }
            if section > 0 {
                text.push_str(unit);
            }
        }
        text
    }
}
