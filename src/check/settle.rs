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
/// error; one that matches no finding, or fewer than it says, is a warning, where everything was checked to the end
/// (`is_complete`). One that matches more accepts none of them: nobody has looked at all.
pub fn settle(
    project: &Project,
    issue: &IssueFile,
    diagnostics: Vec<Diagnostic>,
    is_complete: bool,
) -> (Vec<Settled>, Vec<Diagnostic>) {
    let acknowledgements = &issue.acknowledgements;
    let settling: Vec<Option<usize>> = diagnostics
        .iter()
        .map(|found| {
            let settling = acknowledgements.iter().enumerate().filter(|(_, it)| settles(project, it, found));
            // The one that says most of it; of equal ones the first.
            let closest = settling.max_by_key(|(index, it)| (narrowness(it), std::cmp::Reverse(*index)));
            closest.filter(|_| !found.is_error()).map(|(index, _)| index)
        })
        .collect();
    let mut matched = vec![0; acknowledgements.len()];
    for (found, index) in diagnostics.iter().zip(&settling) {
        if let Some(matched) = index.and_then(|index| matched.get_mut(index)) {
            *matched += found.places;
        }
    }
    let mut settled = Vec::new();
    let mut left = Vec::new();
    for (diagnostic, index) in diagnostics.into_iter().zip(settling) {
        let accepting = index.and_then(|index| acknowledgements.get(index).zip(matched.get(index)));
        match accepting {
            Some((it, matched)) if *matched <= it.count => {
                settled.push(Settled { diagnostic, reason: it.reason.clone(), at: it.at.clone() });
            }
            _ => left.push(diagnostic),
        }
    }
    for (acknowledgement, matched) in acknowledgements.iter().zip(matched) {
        let faults = invalid(project, acknowledgement);
        match matched {
            _ if !faults.is_empty() => left.extend(faults),
            0 if is_complete => left.push(unmatched(acknowledgement)),
            more if more > acknowledgement.count => left.push(other_count(acknowledgement, more)),
            fewer if fewer > 0 && fewer < acknowledgement.count && is_complete => {
                left.push(other_count(acknowledgement, fewer));
            }
            _ => {}
        }
    }
    (settled, left)
}

/// By how many things beside the code an acknowledgement says what it is about.
fn narrowness(acknowledgement: &Acknowledgement) -> usize {
    let Acknowledgement { check, department, file, cell, .. } = acknowledgement;
    [check.is_some(), department.is_some(), file.is_some(), cell.is_some()].into_iter().map(usize::from).sum()
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

/// `D17`, `运行情况!D17`; of a text file the line, or line and column as they are shown, `41:5`.
fn is_at(location: &Location, cell: &str) -> bool {
    match location {
        Location::Cell { sheet, cell: at, .. } => {
            let name = CellRef::to_string(at);
            cell.eq_ignore_ascii_case(&name)
                || sheet.as_ref().is_some_and(|sheet| *cell == format!("{sheet}!{name}"))
        }
        Location::Text { line, column, .. } => cell == line.to_string() || cell == format!("{line}:{column}"),
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

/// How a place is named.
const CELL_HINT: &str = "cell 写单元格，如 D17；文字中的一处写行号，或行和列，如 41:5";

/// What is accepted, as words that stand behind Chinese ones.
fn confirmed(acknowledgement: &Acknowledgement) -> String {
    match &acknowledgement.check {
        Some(check) => shown(&format!("检查 {} 的提醒", check.value)),
        None => format!(" {} 的提醒", acknowledgement.code),
    }
}

fn other_count(acknowledgement: &Acknowledgement, count: usize) -> Diagnostic {
    let message =
        format!("这一段确认 {} 处{}，现有 {count} 处", acknowledgement.count, confirmed(acknowledgement));
    let hint = match count > acknowledgement.count {
        true => "一处也没有算作已确认，请逐处核实",
        false => "请核对少了的是不是已经改正",
    };
    Diagnostic::new(&rules::ACKNOWLEDGEMENT_COUNT, message)
        .at(acknowledgement.at.clone())
        .hint(format!("{hint}；都属实的，写上 count = {count}，或用 department、file、cell 分开确认"))
        .hint(CELL_HINT)
}

fn unmatched(acknowledgement: &Acknowledgement) -> Diagnostic {
    let what = confirmed(acknowledgement);
    Diagnostic::new(&rules::ACKNOWLEDGEMENT_UNMATCHED, format!("这一段所确认的{what}没有出现"))
        .at(acknowledgement.at.clone())
        .hint("请删去这一段；提醒换了部门或地方的，请照新的改写")
        .hint(CELL_HINT)
}
