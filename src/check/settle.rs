//! Warnings that the editor has acknowledged: they count as settled and are kept with their reason.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{CellRef, Diagnostic, Location, rules, shown};
use crate::project::{Acknowledgement, IssueFile, Project};
use crate::similar::nearest;

/// A warning that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The warning.
    pub diagnostic: Diagnostic,
    /// Why the editor accepts it.
    pub reason: String,
    /// Where it is acknowledged.
    pub at: Location,
}

/// Parts the acknowledged warnings from the findings. An acknowledgement that names what is not there is an
/// error; one that matches no finding is a warning, where everything was checked to the end (`is_complete`).
pub fn settle(
    project: &Project,
    issue: &IssueFile,
    diagnostics: Vec<Diagnostic>,
    is_complete: bool,
) -> (Vec<Settled>, Vec<Diagnostic>) {
    let mut settled = Vec::new();
    let mut left = Vec::new();
    let mut matched = vec![false; issue.acknowledgements.len()];
    for diagnostic in diagnostics {
        let found = issue.acknowledgements.iter().position(|it| settles(project, it, &diagnostic));
        let Some(index) = found.filter(|_| !diagnostic.is_error()) else {
            left.push(diagnostic);
            continue;
        };
        if let (Some(matched), Some(it)) = (matched.get_mut(index), issue.acknowledgements.get(index)) {
            *matched = true;
            settled.push(Settled { diagnostic, reason: it.reason.clone(), at: it.at.clone() });
        }
    }
    for (acknowledgement, matched) in issue.acknowledgements.iter().zip(matched) {
        let faults = invalid(project, acknowledgement);
        let is_valid = faults.is_empty();
        left.extend(faults);
        if is_valid && !matched && is_complete {
            left.push(unmatched(acknowledgement));
        }
    }
    (settled, left)
}

fn settles(project: &Project, acknowledgement: &Acknowledgement, diagnostic: &Diagnostic) -> bool {
    let Acknowledgement { code, check, department, file, cell, .. } = acknowledgement;
    let is_about = |name: &str| diagnostic.about.iter().any(|about| about == name);
    let location = diagnostic.location.as_ref();
    let official = |name: &str| project.register.official_name(name).map(str::to_owned);
    diagnostic.rule.code == code
        && check.as_ref().is_none_or(|check| is_about(&check.value))
        && department
            .as_ref()
            .is_none_or(|named| official(&named.value).is_some_and(|official| is_about(&official)))
        && file.as_ref().is_none_or(|file| location.is_some_and(|at| is_end_of_path(at.path(), file)))
        && cell.as_ref().is_none_or(|cell| location.is_some_and(|at| is_at(at, cell)))
}

/// `operations.xlsx` or `2025-07/operations.xlsx` for data/2025-07/operations.xlsx.
fn is_end_of_path(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// `D17`, `运行情况!D17`, or the line of a text file.
fn is_at(location: &Location, cell: &str) -> bool {
    match location {
        Location::Cell { sheet, cell: at, .. } => {
            let name = CellRef::to_string(at);
            cell.eq_ignore_ascii_case(&name)
                || sheet.as_ref().is_some_and(|sheet| *cell == format!("{sheet}!{name}"))
        }
        Location::Text { line, .. } => cell == line.to_string(),
        Location::File { .. } | Location::Sheet { .. } => false,
    }
}

fn invalid(project: &Project, acknowledgement: &Acknowledgement) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(check) = &acknowledgement.check {
        let names = || project.settings.checks.iter().map(|check| check.name.as_str());
        if !names().any(|name| name == check.value) {
            let message = format!("yuebao.toml 中没有 {} 这条检查", shown(&check.value));
            let diagnostic = Diagnostic::new(&rules::ACKNOWLEDGEMENT_INVALID, message).at(check.at.clone());
            found.push(match nearest(&check.value, names()).first() {
                Some(near) => diagnostic.hint(format!("是不是 {near}？")),
                None => diagnostic.hint("检查的名称见提示中的“检查 …”"),
            });
        }
    }
    if let Some(department) = &acknowledgement.department
        && project.register.find(&department.value).is_none()
    {
        let message = format!("名册里没有“{}”这个部门", shown(&department.value));
        let diagnostic = Diagnostic::new(&rules::ACKNOWLEDGEMENT_INVALID, message).at(department.at.clone());
        found.push(match project.register.suggest(&department.value).first() {
            Some(near) => diagnostic.hint(format!("是不是“{near}”？")),
            None => diagnostic.hint("部门名称见 data/departments.toml"),
        });
    }
    found
}

fn unmatched(acknowledgement: &Acknowledgement) -> Diagnostic {
    let what = match &acknowledgement.check {
        Some(check) => format!("检查 {} 的提醒", check.value),
        None => format!("{} 的提醒", acknowledgement.code),
    };
    Diagnostic::new(&rules::ACKNOWLEDGEMENT_UNMATCHED, format!("这一段所确认的{}没有出现", shown(&what)))
        .at(acknowledgement.at.clone())
        .hint("请删去这一段；提醒换了部门或单元格的，请照新的改写")
}
