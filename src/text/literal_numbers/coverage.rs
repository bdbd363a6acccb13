//! The parts of a text that certain words cover.

use std::ops::Range;

use crate::project::TypedText;

/// Where words stand in a text, each as a whole.
pub struct Coverage {
    /// For each character the farthest end of words that begin at it or before it.
    reach: Vec<usize>,
}

impl Coverage {
    /// Looks for all these words in a text.
    pub fn new(text: &TypedText, words: &[TypedText]) -> Self {
        let mut reach = vec![0; text.chars.len()];
        for range in words.iter().flat_map(|words| text.occurrences(words)) {
            if let Some(end) = reach.get_mut(range.start) {
                *end = range.end.max(*end);
            }
        }
        let mut farthest = 0;
        for end in &mut reach {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Self { reach }
    }

    /// Whether one occurrence of the words holds all of a range.
    pub fn holds(&self, range: &Range<usize>) -> bool {
        self.reach.get(range.start).is_some_and(|end| *end >= range.end)
    }
}
