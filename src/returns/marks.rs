//! What is marked: the findings about an answer, as its department is to read them.

use crate::diagnostic::{CellRef, Diagnostic, Location, Severity};

/// The name of the first sheet of a marked copy.
pub const LIST_SHEET: &str = "更正说明";

/// How the first sheet and the comments speak of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How grave it is.
    pub severity: Severity,
    /// The sheet; none in a file that has no named ones.
    pub sheet: Option<String>,
    /// The cell; none for what concerns the file as a whole.
    pub cell: Option<CellRef>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl Mark {
    /// The word for how grave it is.
    pub fn word(&self) -> &'static str {
        word(self.severity)
    }

    /// The text of the comment at the cell.
    pub fn comment(&self) -> String {
        format!("{}：{}\n{}", self.word(), self.message, self.remedy)
    }

    /// Where it is, for people: `填报表!C5`, or the line of a text.
    pub fn place(&self) -> String {
        match (&self.sheet, self.cell) {
            (Some(sheet), Some(cell)) => format!("{sheet}!{cell}"),
            (None, Some(cell)) => cell.to_string(),
            (Some(sheet), None) => sheet.clone(),
            (None, None) => "整个文件".to_owned(),
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "须更正",
        Severity::Warning => "请核对",
    }
}

/// Whether a text begins as the comments at marked cells do.
pub(super) fn is_comment_of_mark(text: &str) -> bool {
    [Severity::Error, Severity::Warning]
        .into_iter()
        .any(|severity| text.strip_prefix(word(severity)).is_some_and(|rest| rest.starts_with('：')))
}

/// Words in advice that only the editor can follow: files, commands and formulas of the bulletin, asking departments.
const OF_THE_OFFICE: [&str; 7] =
    ["yuebao", "data/", "answers", "issue.toml", "检查 ", "部门核实", "再收一次"];

/// The marks of some findings, errors first; advice for the editor's own files is left out.
pub(super) fn marks(diagnostics: &[Diagnostic]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = diagnostics.iter().map(mark).collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    marks
}

fn mark(diagnostic: &Diagnostic) -> Mark {
    let (sheet, cell) = match &diagnostic.location {
        Some(Location::Cell { sheet, cell, .. }) => (sheet.clone(), Some(*cell)),
        Some(Location::Sheet { sheet, .. }) => (Some(sheet.clone()), None),
        _ => (None, None),
    };
    let is_for_departments = |hint: &&String| !OF_THE_OFFICE.iter().any(|word| hint.contains(word));
    let hints: Vec<&str> = diagnostic.hints.iter().filter(is_for_departments).map(String::as_str).collect();
    let remedy = match (hints.as_slice(), diagnostic.severity) {
        ([], Severity::Error) => "请核对并改正".to_owned(),
        ([], Severity::Warning) => "请核对：填错的请改正，属实的请在报送时说明原因".to_owned(),
        (hints, _) => hints.join("；").replace("请部门", "请"),
    };
    let message = match &diagnostic.location {
        Some(Location::Text { line, .. }) => format!("第 {line} 行：{}", diagnostic.message),
        _ => diagnostic.message.clone(),
    };
    Mark { severity: diagnostic.severity, sheet, cell, message, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules;

    #[test]
    fn departments_are_not_told_what_only_the_editor_can_do() {
        let found = Diagnostic::new(&rules::CHECK_FAILED, "办结55件，超过受理11件的三倍")
            .hint("检查 completed_within_reason：应有 online_completed <= 3 * online_accepted")
            .hint("请核对；属实的，在 issue.toml 中用 [[acknowledge]] 写明原因");
        let marks = marks(&[found, Diagnostic::new(&rules::CELL_MISSING, "漏填").hint("请补填")]);
        assert_eq!(marks[0].remedy, "请核对：填错的请改正，属实的请在报送时说明原因");
        assert_eq!(marks[1].remedy, "请补填");
    }
}
