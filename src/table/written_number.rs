//! Numbers in texts, as people write them.

use rust_decimal::Decimal;

use crate::project::normal;

/// Whether white space stands between digits, or a mark such as ① or ² would become one.
pub fn has_doubtful_digits(text: &str) -> bool {
    let is_digit = |character: char| character.is_ascii_digit() || ('０'..='９').contains(&character);
    let becomes_digit = |character: char| {
        !is_digit(character) && normal(&character.to_string()).contains(|other: char| other.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split_whitespace().collect();
    let splits_digits =
        parts.windows(2).any(|pair| pair[0].ends_with(is_digit) && pair[1].starts_with(is_digit));
    splits_digits || text.contains(becomes_digit)
}

/// Whether a text in a number column says a number, however it is written.
pub fn says_number(text: &str) -> bool {
    let plain = normal(text);
    plain.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && plain.contains(|character: char| character.is_ascii_digit())
}

/// A number as people write it: digits, perhaps grouped by threes, perhaps with a fraction.
pub fn parse_written(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['-', '\u{2212}']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    if !grouped || !groups.iter().all(|group| digits(group)) || !digits(fraction) {
        return None;
    }
    let number = Decimal::from_str_exact(&format!("{}.{fraction}", groups.concat())).ok()?;
    Some(if unsigned.len() == text.len() { number } else { -number })
}
