//! The files that travel with the PDF (PDF/A-3 associated files): which, and whether the template attached them.

use std::collections::BTreeSet;

use typst::foundations::NativeElement;
use typst::introspection::Introspector;
use typst::pdf::AttachElem;
use typst_layout::PagedDocument;

use super::world::file_id;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::issue::{Issue, SourceFile};
use crate::project::Project;

/// The most files that a finding names.
const MOST_NAMES: usize = 5;

/// The files that the template is to attach: the issue's sources, where yuebao.toml does not forbid it.
pub fn attachments<'a>(project: &Project, issue: &'a Issue) -> impl Iterator<Item = &'a SourceFile> {
    let wanted = project.settings.attach_sources;
    issue.sources.iter().filter(move |file| wanted && file_id(&file.name).is_some())
}

/// A finding if a source that ought to travel with the PDF does not: the template is not the one
/// that was shipped, or Typst cannot name the file.
pub fn left_behind(project: &Project, issue: &Issue, document: &PagedDocument) -> Option<Diagnostic> {
    let elements = document.introspector().query(&AttachElem::ELEM.select());
    let attached: BTreeSet<&str> = elements
        .iter()
        .filter_map(|element| element.to_packed::<AttachElem>())
        .map(|element| element.path.derived.as_str())
        .collect();
    let wanted = issue.sources.iter().filter(|_| project.settings.attach_sources);
    let left: Vec<&str> =
        wanted.map(|file| file.name.as_str()).filter(|name| !attached.contains(name)).collect();
    let first = left.first()?;
    let names: Vec<String> = left.iter().take(MOST_NAMES).map(|name| shown(name)).collect();
    let more = if left.len() > MOST_NAMES { format!(" 等 {} 个文件", left.len()) } else { String::new() };
    let mut diagnostic =
        Diagnostic::new(&rules::SOURCE_NOT_ATTACHED, format!("{}{more} 没有附在 PDF 里", names.join("、")))
            .at(Location::file(*first));
    if left.iter().any(|name| file_id(name).is_none()) {
        diagnostic = diagnostic.hint("文件名里不能有反斜杠“\\”，请改名");
    }
    if left.iter().any(|name| file_id(name).is_some()) {
        diagnostic = diagnostic
            .hint("排版模板没有附上它们：请维护模板的同事参照新建的月报（yuebao init）里的 lib.typ");
    }
    Some(diagnostic.hint("不需要附带时，请在 yuebao.toml 的 [pdf] 中写 attach_sources = false"))
}
