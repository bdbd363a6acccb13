//! Serial numbers of spreadsheet programs as ISO 8601 dates, times and durations.

use super::number_format::NumberKind;

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
        NumberKind::Plain | NumberKind::Percentage | NumberKind::Multiple(_) | NumberKind::Divided(_) => {
            serial.to_string()
        }
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
}
