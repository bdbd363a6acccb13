//! `explain CODE`: what a rule means and what to do.

use serde_json::json;

use super::Status;
use super::printer::Printer;
use crate::diagnostic::{Severity, rules, shown};
use crate::project::Month;
use crate::similar::nearest;

/// Runs the verb.
pub fn run(code: &str, printer: &mut Printer) -> Status {
    if Month::parse(code).is_some() {
        let hint = format!("写成 yuebao explain {code} 数字的名称；全部名称可用 yuebao figures {code} 列出");
        printer.failure("没有写明要查哪一个数", &[&hint]);
        return Status::Unusable;
    }
    let wanted = code.to_uppercase();
    let Some(rule) = rules::all().find(|rule| rule.code == wanted) else {
        let near = nearest(&wanted, rules::all().map(|rule| rule.code));
        let hint =
            near.first().map_or_else(|| "代码写成 Y0203 这样".to_owned(), |near| format!("是不是 {near}？"));
        printer.failure(&format!("没有 {} 这个代码", shown(code)), &[&hint]);
        return Status::Unusable;
    };
    let kind = match rule.severity {
        Severity::Error => "错误：不改正就不能生成",
        Severity::Warning => "提醒：仍会生成",
    };
    printer.data(
        &format!("{} {}（{kind}）\n\n{}\n\n怎么办：{}\n", rule.code, rule.title, rule.meaning, rule.remedy),
        json!({
            "version": 1,
            "code": rule.code,
            "severity": rule.severity.name(),
            "title": rule.title,
            "meaning": rule.meaning,
            "remedy": rule.remedy,
        }),
    );
    Status::Done
}
