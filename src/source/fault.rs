//! What can be wrong with a file as a whole, and how that is said to an editor.
//!
//! The rooms that read a format return a [`Fault`]; it also crosses from the
//! child process, which is why it is plain data and not a diagnostic yet.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Location, Rule, rules, shown};

/// A file, or a part of it, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fault {
    kind: Kind,
    /// What exactly, in Chinese, without a full stop.
    detail: String,
    /// The sheet that it is about.
    sheet: Option<String>,
}

/// The kinds of fault; each has its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Empty,
    Truncated,
    Password,
    NotAWorkbook,
    WebPage,
    Unsupported,
    Damaged,
    TooLarge,
    TooManyCells,
    TimedOut,
    ReaderFailed,
    DamagedCell,
}

impl Kind {
    fn rule(self) -> &'static Rule {
        match self {
            Self::Empty => &rules::EMPTY_FILE,
            Self::Truncated => &rules::TRUNCATED_FILE,
            Self::Password => &rules::PASSWORD_PROTECTED,
            Self::NotAWorkbook => &rules::NOT_A_WORKBOOK,
            Self::WebPage => &rules::WEB_PAGE_AS_WORKBOOK,
            Self::Unsupported => &rules::UNSUPPORTED_WORKBOOK,
            Self::Damaged => &rules::DAMAGED_WORKBOOK,
            Self::TooLarge => &rules::FILE_TOO_LARGE,
            Self::TooManyCells => &rules::TOO_MANY_CELLS,
            Self::TimedOut => &rules::READER_TIMED_OUT,
            Self::ReaderFailed => &rules::READER_FAILED,
            Self::DamagedCell => &rules::DAMAGED_CELL,
        }
    }
}

impl Fault {
    /// A fault of the whole file.
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), sheet: None }
    }

    /// A file whose inside contradicts itself.
    pub(super) fn damaged(detail: impl Into<String>) -> Self {
        Self::new(Kind::Damaged, detail)
    }

    /// Says which sheet the fault is in, unless that is known more closely.
    pub(super) fn in_sheet(mut self, sheet: &str) -> Self {
        self.sheet.get_or_insert_with(|| sheet.to_owned());
        self
    }

    #[cfg(test)]
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The finding about the file that the editor knows by this name.
    pub(super) fn diagnostic(self, file: &str) -> Diagnostic {
        let rule = self.kind.rule();
        let message = if self.detail.is_empty() {
            rule.title.to_owned()
        } else {
            format!("{}：{}", rule.title, self.detail)
        };
        let location = match self.sheet {
            Some(sheet) => Location::Sheet { file: file.to_owned(), sheet: shown(&sheet) },
            None => Location::file(file),
        };
        Diagnostic::new(rule, message).at(location).hint(rule.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_file_and_sheet() {
        let fault = Fault::damaged("缺少工作表").in_sheet("运行情况").in_sheet("别的");
        let diagnostic = fault.diagnostic("data/2025-07/operations.xlsx");
        assert_eq!(diagnostic.message, "文件已损坏：缺少工作表");
        assert_eq!(diagnostic.location.unwrap().to_string(), "data/2025-07/operations.xlsx 运行情况");
        assert!(!diagnostic.hints.is_empty());
    }
}
