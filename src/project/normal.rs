//! The one rule by which headers, names and marks are compared; and names as names of files.

use unicode_normalization::UnicodeNormalization;

/// A text as it is compared: Unicode NFKC, without white space and invisible characters.
///
/// Full-width brackets and digits, line breaks and stray spaces make no difference.
pub fn normal(text: &str) -> String {
    let mut compared = String::with_capacity(text.len());
    for character in text.chars() {
        // What most names and headers consist of is not looked up, for it stays as it is or has a fixed place.
        match character {
            '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '〈'..='】' | '“' | '”' => {
                compared.push(character);
            }
            '！'..='～' => compared.extend(char::from_u32(u32::from(character) - 0xFEE0)),
            ' ' | '\n' | '\u{3000}' => {}
            _ => return normal_by_standard(text),
        }
    }
    compared
}

fn normal_by_standard(text: &str) -> String {
    text.nfkc().filter(|character| is_compared(*character)).collect()
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
    use super::{normal, normal_by_standard, safe_file_name};

    #[test]
    fn width_and_white_space_make_no_difference() {
        assert_eq!(normal("全程网办件（件）\n/ 受理量"), normal("全程网办件(件)/受理量\u{3000}"));
        assert_eq!(normal("　公安\u{200b}厅 "), "公安厅");
        assert_ne!(normal("公安厅"), normal("司法厅"));
    }

    #[test]
    fn what_is_not_looked_up_is_as_the_standard_has_it() {
        for character in '\0'..='\u{FFFF}' {
            let text = format!("a{character}公");
            assert_eq!(normal(&text), normal_by_standard(&text), "{character:?}");
        }
        // A mark that belongs to the letter before it is composed with it.
        assert_eq!(normal("（e\u{301}"), "(é");
    }

    #[test]
    fn a_name_makes_a_file_name_anywhere() {
        assert_eq!(safe_file_name("省新闻出版局（省版权局）"), "省新闻出版局（省版权局）");
        assert_eq!(safe_file_name("../a:b?\n. "), ".._a_b__");
        assert_eq!(safe_file_name(" . "), "_");
    }
}
