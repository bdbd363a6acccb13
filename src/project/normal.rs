//! The one rule by which headers, names and marks are compared; and names as names of files.

use unicode_normalization::UnicodeNormalization;

/// A text as it is compared: Unicode NFKC, without white space and invisible characters.
///
/// Full-width brackets and digits, line breaks and stray spaces make no difference.
pub fn normal(text: &str) -> String {
    let mut compared = String::with_capacity(text.len());
    for character in text.chars() {
        match normal_by_itself(character) {
            Some(character) => compared.push(character),
            None => return text.nfkc().filter(|character| is_compared(*character)).collect(),
        }
    }
    compared
}

/// What NFKC makes of the characters that most names and headers consist of, whatever stands beside them;
/// none for all others.
fn normal_by_itself(character: char) -> Option<char> {
    match character {
        '!'..='~' | '\u{4E00}'..='\u{9FFF}' => Some(character),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        _ => None,
    }
}

fn is_compared(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !is_zero_width(character)
}

/// A text as a part of a file's name that every system takes: what one of them forbids becomes `_`.
pub fn safe_file_name(text: &str) -> String {
    let is_forbidden = |character: char| {
        character.is_control() || is_zero_width(character) || "/\\:*?\"<>|".contains(character)
    };
    let name: String =
        text.trim().chars().map(|it| if is_forbidden(it) { '_' } else { it }).take(60).collect();
    match name.trim_end_matches(['.', ' ']) {
        "" => "_".to_owned(),
        name => name.to_owned(),
    }
}

/// Whether a character takes no room and cannot be seen.
pub fn is_zero_width(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::{is_compared, normal, normal_by_itself, safe_file_name};
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn width_and_white_space_make_no_difference() {
        assert_eq!(normal("全程网办件（件）\n/ 受理量"), normal("全程网办件(件)/受理量\u{3000}"));
        assert_eq!(normal("　公安\u{200b}厅 "), "公安厅");
        assert_ne!(normal("公安厅"), normal("司法厅"));
    }

    #[test]
    fn what_is_normal_by_itself_is_so_by_the_standard() {
        for character in '\0'..='\u{FFFF}' {
            if let Some(compared) = normal_by_itself(character) {
                assert!(is_compared(compared));
                assert_eq!(character.nfkc().collect::<String>(), compared.to_string());
            }
        }
        // A mark that belongs to the letter before it is composed with it.
        assert_eq!(normal("公e\u{301}"), "公é");
    }

    #[test]
    fn a_name_makes_a_file_name_anywhere() {
        assert_eq!(safe_file_name("省新闻出版局（省版权局）"), "省新闻出版局（省版权局）");
        assert_eq!(safe_file_name("../a:b?\n. "), ".._a_b__");
        assert_eq!(safe_file_name(" . "), "_");
    }
}
