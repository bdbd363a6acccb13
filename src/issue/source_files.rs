//! The files that an issue was made from: what an archived issue keeps as its evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::project::{FileContent, MonthInputs, Project};
use crate::source;

/// A file that an issue's figures and texts come from.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its name within the project.
    pub name: String,
    /// Its content, unchanged.
    pub bytes: Arc<[u8]>,
    /// Whether it holds a table's data; otherwise it holds what an editor wrote.
    pub is_data: bool,
    /// The media type.
    pub media_type: &'static str,
    /// What it is, for the reader.
    pub description: String,
}

/// The files that an issue was made from, each once: all of its month, and those of `others` in `cited`.
///
/// Pictures are left out: they are on the pages, and no figure comes from them. So are yuebao.toml and
/// the register: they go on changing, and a past issue must come out the same when they do.
pub fn source_files<'a>(
    project: &Project,
    inputs: &MonthInputs,
    others: impl Iterator<Item = &'a MonthInputs>,
    cited: &BTreeSet<&str>,
) -> Vec<SourceFile> {
    let mut files = month_files(project, inputs, |_| true);
    for inputs in others {
        files.extend(month_files(project, inputs, |name| cited.contains(name)));
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.name.clone()));
    files
}

fn month_files(project: &Project, inputs: &MonthInputs, is_wanted: impl Fn(&str) -> bool) -> Vec<SourceFile> {
    let month = inputs.month;
    let issue = inputs.issue_file.iter().filter(|file| is_wanted(&file.name)).map(|file| {
        let description = format!("{}年{}月这一期的期号、日期、文字和手工录入的数", month.year, month.month);
        SourceFile::new(file, false, source::TOML, description)
    });
    let tables = inputs.table_files(project).filter(|(_, file)| is_wanted(&file.name));
    let tables = tables.map(|(period, file)| {
        let description = format!("附表的数据（{}年{}月）", period.year, period.month);
        SourceFile::new(file, true, source::media_type(&file.bytes), description)
    });
    issue.chain(tables).collect()
}

impl SourceFile {
    fn new(
        file: &FileContent,
        is_data: bool,
        media_type: &'static str,
        description: impl Into<String>,
    ) -> Self {
        Self {
            name: file.name.clone(),
            bytes: Arc::from(file.bytes.as_slice()),
            is_data,
            media_type,
            description: description.into(),
        }
    }
}
