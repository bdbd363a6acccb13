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

/// The files that the template is to attach: the issue's sources, where yuebao.toml does not forbid it.
pub fn attachments<'a>(project: &Project, issue: &'a Issue) -> impl Iterator<Item = &'a SourceFile> {
    let wanted = project.settings.attach_sources;
    issue.sources.iter().filter(move |file| wanted && file_id(&file.name).is_some())
}

/// A finding for each source that ought to travel with the PDF and does not: the template is
/// not the one that was shipped, or Typst cannot name the file.
pub fn left_behind(project: &Project, issue: &Issue, document: &PagedDocument) -> Vec<Diagnostic> {
    let elements = document.introspector().query(&AttachElem::ELEM.select());
    let attached: BTreeSet<&str> = elements
        .iter()
        .filter_map(|element| element.to_packed::<AttachElem>())
        .map(|element| element.path.derived.as_str())
        .collect();
    let wanted = issue.sources.iter().filter(|_| project.settings.attach_sources);
    wanted
        .filter(|file| !attached.contains(file.name.as_str()))
        .map(|file| {
            Diagnostic::new(&rules::SOURCE_NOT_ATTACHED, format!("{} 没有附在 PDF 里", shown(&file.name)))
                .at(Location::file(&file.name))
                .hint(match file_id(&file.name) {
                    Some(_) => {
                        "排版模板没有附上它：请维护模板的同事参照新建的月报（yuebao init）里的 lib.typ"
                    }
                    None => "文件名里有反斜杠“\\”，请改名",
                })
                .hint("不需要附带时，请在 yuebao.toml 的 [pdf] 中写 attach_sources = false")
        })
        .collect()
}
