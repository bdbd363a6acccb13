//! Texts from files, made fit to be shown in a message.

/// The longest text from a file that a message shows, in characters.
const LONGEST: usize = 40;

/// A text from a file as a message shows it: [`visible`], on one line, shortened.
pub fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut characters: Vec<char> = visible(&words.join(" ")).chars().collect();
    if characters.len() > LONGEST {
        characters.truncate(LONGEST);
        characters.push('…');
    }
    characters.into_iter().collect()
}

/// A text without terminal control sequences and bidirectional overrides: each such
/// character is replaced by one that shows that something is there.
pub fn visible(text: &str) -> String {
    let replaced = |character: char| match is_invisible(character) {
        true => '\u{FFFD}',
        false => character,
    };
    text.chars().map(replaced).collect()
}

/// Controls, bidirectional ones too, zero-width characters, interlinear and tag characters, line separators: they
/// come with text copied from elsewhere, and change how it is broken, ordered or found.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
        '\u{00AD}' | '\u{061C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn control_sequences_and_overrides_do_not_reach_the_terminal() {
        assert_eq!(shown("\u{1b}[31m红\u{202e}字"), "\u{fffd}[31m红\u{fffd}字");
        assert_eq!(shown(" 受理\r\n量 "), "受理 量");
    }

    #[test]
    fn long_texts_are_shortened() {
        let long = "长".repeat(100);
        assert_eq!(shown(&long).chars().count(), 41);
        assert!(shown(&long).ends_with('…'));
    }
}
