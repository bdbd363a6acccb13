//! The editor's folder: where it is, and what its TOML files declare.

mod answers;
mod checks;
mod document;
mod entries;
mod files;
mod fonts;
mod inputs;
mod issue_file;
mod literal;
mod misnamed;
mod month;
mod next_issue;
mod normal;
mod number_column;
mod periods;
mod prose;
mod record;
mod register;
mod schema;
mod settings;
mod term;
mod typed_text;
mod unused_files;

pub use answers::{ANSWERS_RECORD, AnswerFile, AnswersRecord, RecordedAnswer, ReturnedAnswer, read_answers};
pub use checks::{Acknowledgement, CheckDefinition, CheckSettings};
pub use document::Written;
pub use files::{
    FileContent, Folder, ISSUE_FILE, REGISTER_FILE, SETTINGS_FILE, Seen, is_left_behind, read_file,
    too_many_open,
};
pub use fonts::{FontChain, FontFamily, FontSettings, ROLES};
pub use inputs::{MonthInputs, MonthPictures, PictureFormat, TableInput, unknown_picture};
pub use issue_file::{EnteredValue, IssueFile, Item, Opening, Picture, Section};
pub use literal::Literal;
pub use misnamed::MisnamedMonth;
pub use month::{Month, MonthRange};
pub use next_issue::next_issue;
pub use normal::{normal, safe_file_name};
pub use number_column::{NumberColumn, is_rate};
pub use periods::Periods;
pub use prose::Prose;
pub use record::{FileRecord, Fingerprint, ReadFiles, fingerprint};
pub use register::{Department, Register};
pub use schema::{ColumnRole, ColumnSchema, DEEPEST_HEADER, TableSchema, is_identifier};
pub use settings::{CellRules, FigureDefinition, Imprint, Settings};
pub use term::Term;
pub use typed_text::{EXPRESSION, PARAGRAPH_END, TypedText, is_chinese_numeral};

use crate::diagnostic::{Diagnostic, has_errors};

/// A bulletin's declarations.
#[derive(Debug, Clone)]
pub struct Project {
    /// Where its files are.
    pub folder: Folder,
    /// yuebao.toml.
    pub settings: Settings,
    /// data/departments.toml.
    pub register: Register,
}

impl Project {
    /// Reads a bulletin's declarations; none where they hold an error.
    pub fn open(folder: Folder) -> (Option<Self>, Vec<Diagnostic>) {
        let mut diagnostics: Vec<Diagnostic> = folder.unlisted("data").into_iter().collect();
        let is_listed = diagnostics.is_empty();
        let mut parse = |name: &str| match folder.read_text(name) {
            Ok(text) => Some(text),
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        };
        let settings_text = parse(SETTINGS_FILE);
        // What else cannot be read in data follows from that.
        let register_text = if is_listed { parse(REGISTER_FILE) } else { None };
        let settings = settings_text.and_then(|text| {
            let (settings, found) = Settings::parse(SETTINGS_FILE, &text);
            diagnostics.extend(found);
            settings
        });
        let register = register_text.and_then(|text| {
            let (register, found) = Register::parse(REGISTER_FILE, &text);
            diagnostics.extend(found);
            register
        });
        let project = match (settings, register) {
            (Some(settings), Some(register)) if !has_errors(&diagnostics) => {
                Some(Self { folder, settings, register })
            }
            _ => None,
        };
        (project, diagnostics)
    }
}
