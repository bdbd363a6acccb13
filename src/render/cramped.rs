//! What has no room in the masthead at a good size: the layout sets it as small as it can, and leaves a mark.

use typst::foundations::{Dict, Value};
use typst_layout::PagedDocument;

use super::positions::{marks, text_of};
use crate::diagnostic::{Diagnostic, rules};
use crate::project::Project;

/// The label of the marks.
const MARK: &str = "cramped";

/// A finding for the title and for the publisher, where they are too long.
pub fn cramped_masthead(project: &Project, document: &PagedDocument) -> Vec<Diagnostic> {
    marks(document, MARK).filter_map(|(_, value)| finding(project, &value)).collect()
}

fn finding(project: &Project, mark: &Dict) -> Option<Diagnostic> {
    let Ok(Value::Float(points)) = mark.get("points") else { return None };
    // A size on the page, no figure of the bulletin.
    let points = points.floor() as i64;
    let settings = &project.settings;
    let (text, message, hint) = match text_of(mark, "part")?.as_str() {
        "title" => (
            &settings.title,
            format!("月报名称太长：排在一行要缩到 {points} 磅，太小"),
            "请在 yuebao.toml 的 [bulletin] 中缩短 title",
        ),
        _ => (
            &settings.publisher,
            format!("主办单位太长：缩到 {points} 磅仍放不下，会压住期号和月报名称"),
            "请在 yuebao.toml 的 [bulletin] 中缩短 publisher",
        ),
    };
    let finding = Diagnostic::new(&rules::MASTHEAD_CRAMPED, message).hint(hint);
    match settings.printed.iter().find(|(_, it)| it.template == *text) {
        Some((_, written)) => Some(finding.at(written.at())),
        None => Some(finding),
    }
}
