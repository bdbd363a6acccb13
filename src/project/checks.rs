//! `[[check]]` and `[checks]` of yuebao.toml, and `[[acknowledge]]` of issue.toml.

use super::document::Written;
use super::entries::Entries;
use super::prose::Prose;
use super::schema::{duplicate, read_name};
use crate::diagnostic::{Diagnostic, Location, Severity, rules, shown};
use crate::similar::nearest;

/// A check that yuebao.toml declares.
#[derive(Debug, Clone)]
pub struct CheckDefinition {
    /// The name, by which findings are acknowledged.
    pub name: String,
    /// The table whose rows are checked one by one; none for a check over the whole.
    pub table: Option<Written<String>>,
    /// What must be so.
    pub formula: Prose,
    /// Whether a failure stops the month.
    pub severity: Severity,
    /// What is said where it is not so; may show values.
    pub message: Prose,
    /// Where it is declared.
    pub at: Location,
}

/// The built-in checks' settings.
#[derive(Debug, Clone)]
pub struct CheckSettings {
    /// The codes of the checks that are switched off.
    pub off: Vec<String>,
    /// How many past months a department's number is held against.
    pub months: i32,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { off: Vec::new(), months: USUAL_MONTHS }
    }
}

/// A warning that the editor has looked at and accepts.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// The code of the finding.
    pub code: String,
    /// The declared check that found it.
    pub check: Option<Written<String>>,
    /// The department that it is about.
    pub department: Option<Written<String>>,
    /// The end of the file's name.
    pub file: Option<String>,
    /// The cell, as Excel names it, or the line of a text file.
    pub cell: Option<String>,
    /// How many findings were looked at; later ones are not accepted with them.
    pub count: usize,
    /// Why it is accepted.
    pub reason: String,
    /// Where it is written.
    pub at: Location,
}

const USUAL_MONTHS: i32 = 12;
/// The most findings that are accepted together.
const MOST_ACKNOWLEDGED: i64 = 100_000;

/// Reads `[[check]]`.
pub(super) fn read_checks(top: &Entries<'_>) -> Vec<CheckDefinition> {
    let mut checks: Vec<CheckDefinition> = Vec::new();
    for entries in top.tables("check") {
        let table = entries.text("table");
        let severity = read_severity(&entries);
        let prose = |key: &'static str, what: &str| {
            let found = entries.prose(key);
            let is_blank = found.as_ref().is_some_and(|prose| prose.template.trim().is_empty());
            if !entries.has(key) || is_blank {
                entries.missing(key, what);
            }
            found.filter(|_| !is_blank)
        };
        let formula = prose("formula", "应当成立的比较");
        let message = prose("message", "不成立时的提示");
        let Some((name, at)) = read_name(&entries, "检查的英文名") else { continue };
        if checks.iter().any(|check| check.name == name) {
            duplicate(&entries, &name, at);
        } else if let (Some(formula), Some(message)) = (formula, message) {
            checks.push(CheckDefinition { name, table, formula, severity, message, at });
        }
    }
    checks
}

fn read_severity(entries: &Entries<'_>) -> Severity {
    let Some(severity) = entries.text("severity") else { return Severity::Warning };
    match severity.value.as_str() {
        "warning" => Severity::Warning,
        "error" => Severity::Error,
        other => {
            let message = format!("severity 应为 warning（提醒）或 error（错误），这里是“{}”", shown(other));
            entries.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(severity.at));
            Severity::Warning
        }
    }
}

/// Reads `[checks]`.
pub(super) fn read_check_settings(top: &Entries<'_>) -> CheckSettings {
    let mut settings = CheckSettings::default();
    let Some(entries) = top.table("checks") else { return settings };
    for code in entries.texts("off") {
        let known: Vec<&str> = rules::built_in_checks().iter().map(|rule| rule.code).collect();
        if known.contains(&code.value.as_str()) {
            settings.off.push(code.value);
            continue;
        }
        let message = format!("off 中的“{}”不是可以关闭的检查", shown(&code.value));
        let diagnostic = Diagnostic::new(&rules::SETTING_INVALID, message).at(code.at);
        entries.report(diagnostic.hint(format!("可以关闭的有：{}", known.join("、"))));
    }
    if let Some(months) = entries.integer("months", 1..=24) {
        settings.months = i32::try_from(months.value).unwrap_or(USUAL_MONTHS);
    }
    settings
}

/// Reads `[[acknowledge]]`.
pub(super) fn read_acknowledgements(top: &Entries<'_>) -> Vec<Acknowledgement> {
    let mut acknowledgements = Vec::new();
    for entries in top.tables("acknowledge") {
        let code = entries.text("code");
        let check = entries.text("check");
        let department = entries.text("department");
        let file = entries.text("file").map(|file| file.value);
        let cell = entries.text("cell").map(|cell| cell.value);
        let count = entries.integer("count", 1..=MOST_ACKNOWLEDGED).map_or(1, |count| count.value);
        let reason = entries.required_text("reason", "为什么可以接受");
        let code = match (code, &check) {
            (Some(code), _) => acceptable_code(&entries, code),
            (None, Some(_)) => Some(rules::CHECK_FAILED.code.to_owned()),
            (None, None) => {
                if !entries.has("code") {
                    entries.missing("code", "所确认的提醒的代码");
                }
                None
            }
        };
        if let (Some(code), Some(reason)) = (code, reason) {
            acknowledgements.push(Acknowledgement {
                code,
                check,
                department,
                file,
                cell,
                count: usize::try_from(count).unwrap_or(1),
                reason: reason.value,
                at: entries.at(),
            });
        }
    }
    acknowledgements
}

/// The code of a warning; another one is reported.
fn acceptable_code(entries: &Entries<'_>, code: Written<String>) -> Option<String> {
    let fault =
        |message: String| Diagnostic::new(&rules::ACKNOWLEDGEMENT_INVALID, message).at(code.at.clone());
    match rules::all().find(|rule| rule.code == code.value) {
        None => {
            let near = nearest(&code.value, rules::all().map(|rule| rule.code)).first().copied();
            let diagnostic = fault(format!("没有 {} 这个代码", shown(&code.value)));
            entries.report(match near {
                Some(near) => diagnostic.hint(format!("是不是 {near}？")),
                None => diagnostic.hint("代码写成 Y0210 这样，见各条提醒的开头"),
            });
            None
        }
        // Some are warnings at times: checks as declared, derived values in departments' answers.
        Some(rule)
            if rule.severity == Severity::Error
                && ![&rules::CHECK_FAILED, &rules::DERIVED_MISMATCH].contains(&rule) =>
        {
            let diagnostic = fault(format!("{} 是错误，不能确认，只能改正", rule.code));
            entries.report(diagnostic.hint("请改正它所指的地方，删去这一段"));
            None
        }
        Some(rule) if [&rules::ACKNOWLEDGEMENT_UNMATCHED, &rules::ACKNOWLEDGEMENT_COUNT].contains(&rule) => {
            entries.report(fault(format!("{} 不能确认，请删去多余的一段", rule.code)));
            None
        }
        Some(_) => Some(code.value),
    }
}
