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
    /// Whether it holds data; otherwise it holds what an editor wrote or declared.
    pub is_data: bool,
    /// The media type.
    pub media_type: &'static str,
    /// What it is, for the reader.
    pub description: String,
}

/// The files that the given months were made from, and the bulletin's declarations; each once.
/// Pictures are left out: they are on the pages and no figure comes from them.
pub fn sources(project: &Project, months: &[&MonthInputs]) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for inputs in months {
        let month = inputs.month;
        let (year, number) = (month.year, month.month);
        files.extend(inputs.issue_file.iter().map(|file| {
            let description = format!("{year}年{number}月这一期的期号、日期、文字和手工录入的数");
            SourceFile::new(file, false, source::TOML, description)
        }));
        files.extend(inputs.table_files(project).map(|(period, file)| {
            let description = format!("附表的数据（{}年{}月）", period.year, period.month);
            SourceFile::new(file, true, source::media_type(&file.bytes), description)
        }));
    }
    let [settings, register] = &project.files;
    files.push(SourceFile::new(register, true, source::TOML, "部门名册"));
    files.push(SourceFile::new(settings, false, source::TOML, "月报的设置（附表、算式、字体和版记）"));
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.name.clone()));
    files
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
