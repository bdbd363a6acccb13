//! Web and mail addresses.

use std::ops::Range;

use crate::project::TypedText;

/// Where the addresses of a text stand, in order: words of such characters, however long, with what only they have.
pub fn addresses(text: &TypedText) -> Vec<Range<usize>> {
    let is_part = |it: &char| it.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+;=%".contains(*it);
    let mut found = Vec::new();
    let mut end = 0;
    for word in text.chars.split(|it| !is_part(it)) {
        let start = end;
        // Behind a word stands what is no part of it.
        end += word.len() + 1;
        if is_address(word) {
            found.push(start..start + word.len());
        }
    }
    found
}

fn is_address(word: &[char]) -> bool {
    let has_mark = || {
        let word: String = word.iter().collect();
        ["://", "@", "www.", ".cn"].iter().any(|mark| word.contains(mark))
    };
    word.iter().any(char::is_ascii_alphabetic) && has_mark()
}
