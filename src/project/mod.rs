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
mod month;
mod next_issue;
mod normal;
mod periods;
mod prose;
mod record;
mod register;
mod schema;
mod settings;
mod typed_text;

pub use answers::{ANSWERS_RECORD, AnswerFile, AnswersRecord, RecordedAnswer, ReturnedAnswer, read_answers};
pub use checks::{Acknowledgement, CheckDefinition, CheckSettings};
pub use document::Written;
pub use files::{FileContent, Folder, ISSUE_FILE, REGISTER_FILE, SETTINGS_FILE, read_file};
pub use fonts::{FontChain, FontFamily, FontSettings, ROLES};
pub use inputs::{MonthInputs, MonthPictures, PictureFormat, TableInput, unknown_picture};
pub use issue_file::{EnteredValue, IssueFile, Item, Opening, Picture, Section};
pub use literal::Literal;
pub use month::{Month, MonthRange};
pub use next_issue::next_issue;
pub use normal::{normal, safe_file_name};
pub use periods::Periods;
pub use prose::Prose;
pub use record::{FileRecord, Fingerprint, fingerprint};
pub use register::{Department, Register};
pub use schema::{ColumnRole, ColumnSchema, NumberColumn, TableSchema, is_identifier};
pub use settings::{CellRules, FigureDefinition, Imprint, Settings};
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
    /// Both files as they were read, for those who keep a bulletin's evidence.
    pub files: [FileContent; 2],
}

impl Project {
    /// Reads a bulletin's declarations; none where they hold an error.
    pub fn open(folder: Folder) -> (Option<Self>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut read = |name: &str| {
            let read = folder.read(name).and_then(|file| file.text().map(|text| (file, text)));
            read.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
        };
        let (settings_file, register_file) = (read(SETTINGS_FILE), read(REGISTER_FILE));
        let settings = settings_file.and_then(|(file, text)| {
            let (settings, found) = Settings::parse(SETTINGS_FILE, &text);
            diagnostics.extend(found);
            settings.map(|settings| (file, settings))
        });
        let register = register_file.and_then(|(file, text)| {
            let (register, found) = Register::parse(REGISTER_FILE, &text);
            diagnostics.extend(found);
            register.map(|register| (file, register))
        });
        let project = match (settings, register) {
            (Some((settings_file, settings)), Some((register_file, register)))
                if !has_errors(&diagnostics) =>
            {
                Some(Self { folder, settings, register, files: [settings_file, register_file] })
            }
            _ => None,
        };
        (project, diagnostics)
    }
}
