//! What has no room in the masthead at a good size, where the layout sets it as small as it can, and an imprint that is
//! higher than a page: both leave a mark.

use typst::foundations::{Dict, Value};
use typst_layout::PagedDocument;

use super::positions::{marks, text_of};
use crate::diagnostic::{Diagnostic, rules};
use crate::project::Project;

/// The label of the marks.
const MARK: &str = "cramped";

/// A finding for the title, the publisher and the imprint, where they are too long.
pub fn cramped_parts(project: &Project, document: &PagedDocument) -> Vec<Diagnostic> {
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
        "imprint" => {
            let message = "版记太长，一页放不下，会压住页码".to_owned();
            let hint = "请在 yuebao.toml 的 [imprint] 中缩短 report_to 和 send_to";
            let longest = settings.imprint.iter().flat_map(|it| [&it.report_to, &it.send_to]).flatten();
            (longest.max_by_key(|text| text.len())?, message, hint)
        }
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
