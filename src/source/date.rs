//! Serial numbers of spreadsheet programs as ISO 8601 dates, times and durations,
//! and what number formats make of a number: a date, a percentage, a multiple of 万.

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// A number, an amount.
    Plain,
    /// A share, shown a hundredfold with %.
    Percentage,
    /// A number with a word behind it that multiplies it.
    Multiple(&'static str),
    /// A date, a time, or both.
    Moment,
    /// A number of hours, such as `[h]:mm`.
    Duration,
}

const MILLISECONDS_A_DAY: i64 = 86_400_000;
/// The day after 9999-12-31, where Excel's own dates end.
const END_OF_DATES: f64 = 2_958_466.0;

/// A serial number as ISO 8601; as the number itself where it is no date.
pub(super) fn iso(serial: f64, kind: NumberKind, epoch_1904: bool) -> String {
    if !(0.0..END_OF_DATES).contains(&serial) {
        return serial.to_string();
    }
    // The range is checked above, so that the conversion cannot saturate.
    let milliseconds = (serial * MILLISECONDS_A_DAY as f64).round() as i64;
    let (day, within) =
        (milliseconds.div_euclid(MILLISECONDS_A_DAY), milliseconds.rem_euclid(MILLISECONDS_A_DAY));
    match kind {
        NumberKind::Plain | NumberKind::Percentage | NumberKind::Multiple(_) => serial.to_string(),
        NumberKind::Duration => duration(milliseconds),
        NumberKind::Moment if day == 0 => time(within),
        // Excel's 29 February 1900 never was.
        NumberKind::Moment if day == 60 && !epoch_1904 => serial.to_string(),
        NumberKind::Moment => {
            // Days from 1970-01-01 to the day numbered 0.
            let epoch = match (epoch_1904, day > 60) {
                (true, _) => -24_107,
                (false, true) => -25_569,
                (false, false) => -25_568,
            };
            let date = civil(day + epoch);
            if within == 0 { date } else { format!("{date}T{}", time(within)) }
        }
    }
}

/// What one of Excel's built-in number formats makes of a number. 27–36 and 50–58
/// are the dates and times of East Asian editions (`2025年7月`), common in China.
pub(super) fn built_in_kind(format: u32) -> NumberKind {
    match format {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberKind::Moment,
        9 | 10 => NumberKind::Percentage,
        46 => NumberKind::Duration,
        _ => NumberKind::Plain,
    }
}

/// The words that multiply a number; those that hold others come first.
const MULTIPLIERS: [&str; 8] = ["百万", "千万", "十万", "万亿", "亿", "万", "千", "百"];

/// What a number format's code makes of a number, by the first of its sections.
pub(super) fn code_kind(code: &str) -> NumberKind {
    let mut rest = code;
    let mut shape = Shape::default();
    while let Some(character) = rest.chars().next() {
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
            'G' if GENERAL.iter().any(|general| rest.starts_with(general)) => {
                let general = GENERAL.iter().find(|general| rest.starts_with(**general));
                rest = &rest[general.map_or(0, |general| general.len())..];
                shape.digit();
            }
            '0' | '#' | '?' => shape.digit(),
            ',' => shape.is_behind_comma = shape.has_digits,
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

/// How the format without any rule of its own goes on behind its G, in English and in Chinese.
const GENERAL: [&str; 2] = ["eneral", "/通用格式"];

/// What was seen of a format of numbers.
#[derive(Default)]
struct Shape {
    has_digits: bool,
    /// A comma stands behind the last digit: it divides by a thousand, unless another digit follows.
    is_behind_comma: bool,
    /// The number is shown divided: then a word such as 万 only says what was done.
    is_divided: bool,
    /// Only some numbers are shown so.
    is_conditional: bool,
    /// The text behind the last digit.
    behind: String,
}

impl Shape {
    fn digit(&mut self) {
        // A point that is only text moves the digits behind it: 0!.0000"万" shows ten thousandths.
        self.is_divided |= self.has_digits && self.behind == ".";
        self.has_digits = true;
        self.is_behind_comma = false;
        self.behind.clear();
    }

    fn point(&mut self) {
        self.is_divided |= self.is_behind_comma;
        self.is_behind_comma = false;
    }

    fn literal(&mut self, characters: impl IntoIterator<Item = char>) {
        self.behind.extend(characters);
        self.point();
    }

    fn kind(mut self) -> NumberKind {
        self.point();
        let word = MULTIPLIERS.into_iter().find(|word| self.behind.trim_start().starts_with(word));
        match word.filter(|_| self.has_digits && !self.is_divided && !self.is_conditional) {
            Some(word) => NumberKind::Multiple(word),
            None => NumberKind::Plain,
        }
    }
}

fn time(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match milliseconds % 1000 {
        0 => format!("{hour:02}:{minute:02}:{second:02}"),
        rest => format!("{hour:02}:{minute:02}:{second:02}.{rest:03}"),
    }
}

fn duration(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match milliseconds % 1000 {
        0 => format!("PT{hours}H{minutes}M{second}S"),
        rest => format!("PT{hours}H{minutes}M{second}.{rest:03}S"),
    }
}

/// A day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_become_dates() {
        for (serial, epoch_1904, expected) in [
            (45_839.0, false, "2025-07-01"),
            (45_839.5, false, "2025-07-01T12:00:00"),
            (44_377.0, true, "2025-07-01"),
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (60.0, false, "60"),
            (61.0, false, "1900-03-01"),
            (0.25, false, "06:00:00"),
            (45_839.999_999_999_9, false, "2025-07-02"),
            (2_958_465.0, false, "9999-12-31"),
            (2_958_466.0, false, "2958466"),
            (-1.0, false, "-1"),
        ] {
            assert_eq!(iso(serial, NumberKind::Moment, epoch_1904), expected, "{serial}");
        }
        assert_eq!(iso(1.104_166_666_7, NumberKind::Duration, false), "PT26H30M0S");
        assert_eq!(iso(f64::NAN, NumberKind::Moment, false), "NaN");
    }

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
        for (code, kind) in [
            ("0\"千件\"", NumberKind::Multiple("千")),
            ("#,##0.00\\万", NumberKind::Multiple("万")),
            ("0.0百万元", NumberKind::Multiple("百万")),
            ("0\"件\"", NumberKind::Plain),
            ("0.0,\"千\"", NumberKind::Plain),
            ("0!.0,\"万\"", NumberKind::Plain),
            ("General\"万件\"", NumberKind::Multiple("万")),
            ("G/通用格式\"万件\"", NumberKind::Multiple("万")),
            ("[$万件-804]0", NumberKind::Plain),
            ("0[$万件-804]", NumberKind::Multiple("万")),
            ("#,##0\" 万\"", NumberKind::Multiple("万")),
            ("0!.0000\"万\"", NumberKind::Plain),
            ("0\\.0000\"万\"", NumberKind::Plain),
            ("[>=10000]0!.0000\"万\";0", NumberKind::Plain),
            ("0,.0\"千\"", NumberKind::Plain),
            ("0\"件/万人\"", NumberKind::Plain),
            ("0.0\"个百分点\"", NumberKind::Plain),
        ] {
            assert_eq!(code_kind(code), kind, "{code}");
        }
        assert_eq!(code_kind("0\"%\""), NumberKind::Plain);
    }
}
