//! What one month is made from, as bytes: issue.toml, a workbook per table, pictures.

use std::collections::BTreeMap;

use super::Project;
use super::files::{FileContent, Folder, ISSUE_FILE};
use super::issue_file::IssueFile;
use super::month::Month;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::similar::nearest;

/// The files of one month.
#[derive(Debug, Clone)]
pub struct MonthInputs {
    /// The month.
    pub month: Month,
    /// issue.toml; none where it cannot be read.
    pub issue: Option<IssueFile>,
    /// For each declared table, its file; none where there is none or more than one.
    pub tables: Vec<Option<FileContent>>,
    /// The pictures, by their name within the project.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

impl MonthInputs {
    /// Reads a month's files; everything that is missing is a finding.
    pub fn load(project: &Project, month: Month) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let folder = Folder::month_folder(month);
        let issue_name = format!("{folder}/{ISSUE_FILE}");
        let issue = match project.folder.read_text(&issue_name) {
            Ok(text) => {
                let (issue, found) = IssueFile::parse(&issue_name, &text);
                diagnostics.extend(found);
                issue
            }
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        };
        let tables = project.settings.tables.iter().map(|table| {
            read_table_file(&project.folder, month, &table.file).unwrap_or_else(|diagnostic| {
                diagnostics.push(diagnostic);
                None
            })
        });
        let tables = tables.collect();
        if let Some(issue) = &issue {
            diagnostics.extend(check_periods(project, issue));
        }
        let mut pictures = BTreeMap::new();
        for picture in issue.iter().flat_map(|issue| issue.pictures()) {
            let name = format!("{folder}/{}", picture.file.value);
            match project.folder.read(&name).and_then(|content| check_picture(content, &picture.file.at)) {
                Ok(content) => {
                    pictures.insert(name, content.bytes);
                }
                Err(diagnostic) => diagnostics.push(diagnostic.at(picture.file.at.clone())),
            }
        }
        (Self { month, issue, tables, pictures }, diagnostics)
    }
}

fn read_table_file(folder: &Folder, month: Month, stem: &str) -> Result<Option<FileContent>, Diagnostic> {
    let names = folder.table_files(month, stem);
    match names.as_slice() {
        [name] => folder.read(name).map(Some),
        [] => Err(Diagnostic::new(
            &rules::TABLE_FILE_MISSING,
            format!("{} 里没有 {stem} 的表格文件", Folder::month_folder(month)),
        )
        .at(Location::file(Folder::month_folder(month)))
        .hint(format!("请放入 {stem}.xlsx（也可以是 xls、et、ods、csv、toml）"))),
        [first, rest @ ..] => Err(Diagnostic::new(
            &rules::TABLE_FILE_TWICE,
            format!("{stem} 有 {} 个文件，不知该用哪一个：{}", names.len(), shown(&names.join("、"))),
        )
        .at(Location::file(rest.first().unwrap_or(first)))
        .hint("请只留一个，其余的移走或改名")),
    }
}

fn check_periods(project: &Project, issue: &IssueFile) -> Vec<Diagnostic> {
    let names = || project.settings.tables.iter().map(|table| table.name.as_str());
    issue
        .periods
        .iter()
        .filter(|(name, _)| !names().any(|table| table == name.as_str()))
        .map(|(name, written)| {
            let diagnostic =
                Diagnostic::new(&rules::SETTING_UNKNOWN, format!("[periods] 中的“{}”不是表名", shown(name)))
                    .at(written.at.clone());
            match nearest(name, names()).first() {
                Some(near) => diagnostic.hint(format!("是不是“{near}”？")),
                None => diagnostic.hint(format!("表名有：{}", names().collect::<Vec<_>>().join("、"))),
            }
        })
        .collect()
}

/// Whether a file is a picture that can be printed, by its first bytes.
fn check_picture(content: FileContent, at: &Location) -> Result<FileContent, Diagnostic> {
    let bytes = content.bytes.as_slice();
    let head = String::from_utf8_lossy(bytes.get(..512.min(bytes.len())).unwrap_or_default()).into_owned();
    let known = bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"\xFF\xD8\xFF")
        || bytes.starts_with(b"GIF8")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
        || head.contains("<svg");
    if known {
        return Ok(content);
    }
    Err(Diagnostic::new(&rules::PICTURE_UNKNOWN, format!("{} 不是能印的图片", shown(&content.name)))
        .at(at.clone())
        .hint("请换成 PNG、JPEG、GIF、WebP 或 SVG 图片"))
}
