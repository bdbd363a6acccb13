//! What the program has to say to an editor: a finding, its place and its remedy.
//!
//! Every step of the pipeline returns a value and its diagnostics. Nothing here
//! prints; the command line does. Texts are for editors, in Simplified Chinese.

mod document;
mod grouped;
mod location;
mod rule;
pub mod rules;
mod shown;

use serde::{Deserialize, Serialize};

pub use document::rules_document;
pub use grouped::grouped;
pub use location::{CellRef, Location};
pub use rule::{Rule, Severity};
pub use shown::{is_invisible, shown, visible};

/// One finding at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The rule that was broken; carries the stable code.
    #[serde(with = "rule::by_code")]
    pub rule: &'static Rule,
    /// An error stops the month's outputs, a warning does not.
    pub severity: Severity,
    /// What is wrong, in one sentence, with what was expected and what stands there.
    pub message: String,
    /// Where it is wrong; absent only where no file is at fault.
    pub location: Option<Location>,
    /// The surroundings of the place, as the editor sees them.
    pub excerpt: Option<Excerpt>,
    /// What to do about it, the likeliest remedy first.
    pub hints: Vec<String>,
    /// What it is about, by which an editor can acknowledge it: a declared check, departments.
    pub about: Vec<String>,
    /// How many places it stands for: a fault that a whole column shares is one finding.
    pub places: usize,
}

/// The surroundings of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Excerpt {
    /// The row of a table with its headers.
    Row(Vec<ExcerptCell>),
    /// One line of a text file.
    Line {
        /// The line.
        text: String,
        /// The place's column in characters, from 1.
        column: usize,
        /// How many characters the place has.
        width: usize,
    },
}

/// One cell of a row shown around a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptCell {
    /// The column's letters, as Excel names it.
    pub column: String,
    /// The header's path, joined by `/`.
    pub header: String,
    /// The content as it stands in the file.
    pub content: String,
    /// Whether this is the cell that the diagnostic is about.
    pub marked: bool,
}

impl Diagnostic {
    /// A finding with the rule's own severity.
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            location: None,
            excerpt: None,
            hints: Vec::new(),
            about: Vec::new(),
            places: 1,
        }
    }

    /// Sets the place.
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Adds a remedy.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds something that it is about.
    pub fn about(mut self, what: impl Into<String>) -> Self {
        self.about.push(what.into());
        self
    }

    /// Sets the surroundings of the place.
    pub fn excerpt(mut self, excerpt: Excerpt) -> Self {
        self.excerpt = Some(excerpt);
        self
    }

    /// Whether this finding stops the month's outputs.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Whether any of the findings is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// The finding of a character that nobody can see; where it stands is for whoever found it to add.
pub fn hidden_character() -> Diagnostic {
    Diagnostic::new(&rules::TEXT_CONTROL_CHARACTER, "文字中有看不见的控制字符")
        .hint("请删去这里的字符，重新输入这几个字")
}

/// The line of a text in which a byte range begins, with the range marked.
pub fn line_of(text: &str, span: &std::ops::Range<usize>) -> Excerpt {
    let floor = |offset: usize| {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (floor(span.start), floor(span.end));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    Excerpt::Line {
        text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        column: text[line_start..start].chars().count() + 1,
        width: text[start..end.clamp(start, line_end)].chars().count().max(1),
    }
}
