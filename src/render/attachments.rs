//! The files that travel with the PDF (PDF/A-3 associated files): which, and whether the template attached them.

use std::collections::BTreeSet;

use typst::foundations::NativeElement;
use typst::introspection::Introspector;
use typst::pdf::AttachElem;
use typst_layout::PagedDocument;

use super::world::file_id;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::issue::{Issue, SourceFile};
use crate::project::{Folder, Project};

/// The most files that a finding names.
const MOST_NAMES: usize = 5;

/// A file that the template is to attach.
pub struct Attachment<'a> {
    /// Its name in the PDF.
    pub name: String,
    /// The file.
    pub file: &'a SourceFile,
}

/// The issue's sources as they travel with the PDF; none where yuebao.toml forbids it.
///
/// Readers of PDFs save attachments into one folder, so names have no folders: the first file of a
/// name in the issue's own month keeps it, any other bears its folders before it.
pub fn attachments<'a>(project: &Project, issue: &'a Issue) -> Vec<Attachment<'a>> {
    let mut taken = BTreeSet::new();
    let own = Folder::month_folder(issue.month) + "/";
    let wanted = issue.source_files.iter().filter(|_| project.settings.attach_sources);
    wanted.map(|file| Attachment { name: free_name(&file.name, &own, &mut taken), file }).collect()
}

/// A name for a file that no other has, be it in capitals or not: some systems keep only one of them.
/// The plain name is for what lies in the folder `own`: another month's table would look like this one's.
fn free_name(path: &str, own: &str, taken: &mut BTreeSet<String>) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    let plain = path.starts_with(own).then(|| last.to_owned());
    let numbered = (2..).map(|number: u32| format!("{number}-{last}"));
    let mut names = plain.into_iter().chain([path.replace('/', "-")]).chain(numbered);
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

/// Whether Typst can name a file within the project and in the PDF.
pub fn can_be_named(attachment: &Attachment<'_>) -> bool {
    file_id(&attachment.file.name).is_some()
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
    let mut left = attachments(project, issue);
    left.retain(|attachment| !attached.contains(attachment.name.as_str()));
    let first = left.first()?;
    let names: Vec<String> =
        left.iter().take(MOST_NAMES).map(|attachment| shown(&attachment.file.name)).collect();
    let more = if left.len() > MOST_NAMES { format!(" 等 {} 个文件", left.len()) } else { String::new() };
    let mut diagnostic =
        Diagnostic::new(&rules::SOURCE_NOT_ATTACHED, format!("{}{more} 没有附在 PDF 里", names.join("、")))
            .at(Location::file(&first.file.name));
    if !left.iter().all(can_be_named) {
        diagnostic = diagnostic.hint("文件名里不能有反斜杠“\\”，请改名");
    }
    if left.iter().any(can_be_named) {
        diagnostic = diagnostic
            .hint("排版模板没有附上它们：请维护模板的同事参照新建的月报（yuebao init）里的 lib.typ");
    }
    Some(diagnostic.hint("不需要附带时，请在 yuebao.toml 的 [pdf] 中写 attach_sources = false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_a_name_of_its_own_without_folders() {
        let mut taken = BTreeSet::new();
        let mut name = |path| free_name(path, "data/2025-07/", &mut taken);
        assert_eq!(name("data/2025-07/operations.xlsx"), "operations.xlsx");
        assert_eq!(name("data/2025-07/答复/01-公安厅.xlsx"), "01-公安厅.xlsx");
        assert_eq!(name("data/2025-07/答复/Operations.XLSX"), "data-2025-07-答复-Operations.XLSX");
        assert_eq!(name("data/2025-06/operations.xlsx"), "data-2025-06-operations.xlsx");
        assert_eq!(name("data/2025-06/operations.xls"), "data-2025-06-operations.xls");
        assert_eq!(name("data/2025/06/Operations.xls"), "2-Operations.xls");
    }
}
