//! Runs: the pieces of a text, each either words or a printed figure.

use crate::figure::FigureId;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words, or the figure as printed.
    pub text: String,
    /// The figure that is printed.
    pub figure: Option<FigureId>,
}

/// The runs of a paragraph, in order.
pub type Paragraph = Vec<Run>;

/// Opens a printed figure's index in rendered output. A noncharacter of Unicode,
/// so that it cannot stand in a text: [`Prose::hidden_character`](crate::project::Prose::hidden_character) finds it.
pub(super) const OPEN: char = '\u{FDD0}';
/// Closes a printed figure's index.
pub(super) const CLOSE: char = '\u{FDD1}';

/// Splits rendered output into paragraphs at blank lines and puts the printed figures in their places.
///
/// The lines of a paragraph are joined; a space stays only between Latin letters or digits.
pub(super) fn collect_paragraphs(output: &str, printed: &[Run]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut paragraph = Paragraph::new();
    for line in output.lines() {
        let line = line.trim();
        if line.is_empty() {
            finish(&mut paragraphs, &mut paragraph);
            continue;
        }
        let runs = runs_of(line, printed);
        let joint = |run: Option<&Run>, last: bool| {
            run.and_then(|run| if last { run.text.chars().last() } else { run.text.chars().next() })
                .is_some_and(|character| character.is_ascii_alphanumeric())
        };
        if joint(paragraph.last(), true) && joint(runs.first(), false) {
            push_words(&mut paragraph, " ");
        }
        for run in runs {
            match run.figure {
                Some(_) => paragraph.push(run),
                None => push_words(&mut paragraph, &run.text),
            }
        }
    }
    finish(&mut paragraphs, &mut paragraph);
    paragraphs
}

fn finish(paragraphs: &mut Vec<Paragraph>, paragraph: &mut Paragraph) {
    if !paragraph.is_empty() {
        paragraphs.push(std::mem::take(paragraph));
    }
}

fn push_words(paragraph: &mut Paragraph, words: &str) {
    match paragraph.last_mut() {
        Some(Run { text, figure: None }) => text.push_str(words),
        _ => paragraph.push(Run { text: words.to_owned(), figure: None }),
    }
}

fn runs_of(line: &str, printed: &[Run]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut pieces = line.split(OPEN);
    let words = |text: &str| Run { text: text.to_owned(), figure: None };
    if let Some(first) = pieces.next().filter(|first| !first.is_empty()) {
        runs.push(words(first));
    }
    for piece in pieces {
        let (index, rest) = piece.split_once(CLOSE).unwrap_or((piece, ""));
        runs.extend(index.parse().ok().and_then(|index: usize| printed.get(index)).cloned());
        if !rest.is_empty() {
            runs.push(words(rest));
        }
    }
    runs
}
