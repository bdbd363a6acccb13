//! What one month is made from, as bytes: issue.toml, pictures, and for each table one workbook or departments' answers.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::Project;
use super::answers::{AnswerFile, AnswersRecord, read_answers};
use super::files::{FileContent, Folder, ISSUE_FILE, TABLE_EXTENSIONS};
use super::issue_file::IssueFile;
use super::month::Month;
use super::record::ReadFiles;
use super::schema::TableSchema;
use super::unused_files::unused_files;
use crate::diagnostic::{Diagnostic, Location, has_errors, rules, shown, visible};
use crate::similar::nearest;

/// The files of one month.
#[derive(Debug, Clone)]
pub struct MonthInputs {
    /// The month.
    pub month: Month,
    /// issue.toml; none where it cannot be read.
    pub issue: Option<IssueFile>,
    /// Whether issue.toml was read without an error: else nobody knows which months the tables report on.
    pub is_issue_sound: bool,
    /// issue.toml as it was read.
    pub issue_file: Option<FileContent>,
    /// For each declared table, what it is read from; none where there is nothing, or too much.
    pub tables: Vec<Option<TableInput>>,
    /// Every file that was read for it.
    pub files: ReadFiles,
    /// What was found wrong with the files; everything that is missing is a finding.
    pub diagnostics: Vec<Diagnostic>,
}

/// The pictures of one month.
#[derive(Debug, Clone, Default)]
pub struct MonthPictures {
    /// The content, by the file's name within the project.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Every file that was read.
    pub files: ReadFiles,
    /// What was found wrong with them.
    pub diagnostics: Vec<Diagnostic>,
}

/// What one table of a month is read from.
#[derive(Debug, Clone)]
pub struct TableInput {
    /// One workbook with all departments.
    pub combined: Option<FileContent>,
    /// The departments' own workbooks, in the record's order.
    pub answers: Vec<AnswerFile>,
    /// Whether all answers that count for it are among them.
    pub is_whole: bool,
}

impl TableInput {
    /// The files that the table is read from: beside answers there may only be a blank workbook.
    pub fn files(&self) -> impl Iterator<Item = &FileContent> {
        let combined = self.combined.iter().filter(|_| self.answers.is_empty());
        combined.chain(self.answers.iter().map(|answer| &answer.content))
    }
}

impl MonthInputs {
    /// Reads a month's files; everything that is missing is a finding.
    pub fn load(project: &Project, month: Month) -> Self {
        let folder = Folder::month_folder(month);
        // All that is read goes through here, so that nothing a month depends on can be left out.
        let files = project.folder.recording();
        let candidates = match files.table_files(month) {
            Ok(candidates) => candidates,
            // What else cannot be read in it follows from that.
            Err(unlisted) => return Self::without_files(project, month, &files, unlisted),
        };
        let mut diagnostics = Vec::new();
        let issue_name = format!("{folder}/{ISSUE_FILE}");
        let read = files.read(&issue_name).and_then(|file| file.text().map(|text| (file, text)));
        let (issue_file, issue) = match read {
            Ok((file, text)) => {
                let (issue, found) = IssueFile::parse(&issue_name, &text);
                diagnostics.extend(found);
                (Some(file), issue)
            }
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                (None, None)
            }
        };
        let is_issue_sound = issue
            .as_ref()
            .is_some_and(|issue| !has_errors(&diagnostics) && !has_errors(&check_periods(project, issue)));
        let (record, found) = AnswersRecord::load(&files, month);
        diagnostics.extend(found);
        // Of a record with a fault nothing is known; what it would say is not missed as well.
        let is_known = record.is_some();
        let record = record.unwrap_or_default();
        diagnostics.extend(record.waiting_corrections(month, &project.register));
        let (answers, found) = read_answers(&files, month, &record);
        diagnostics.extend(found);
        let tables = project.settings.tables.iter().map(|table| {
            if !table.term.covers(period_of(issue.as_ref(), &table.name, month)) {
                diagnostics.extend(not_in_force(&candidates, month, table, issue.as_ref()));
                return None;
            }
            let answers: Vec<AnswerFile> =
                answers.iter().filter(|answer| answer.tables.contains(&table.name)).cloned().collect();
            let counting = record.answers.iter().filter(|answer| answer.tables.contains(&table.name));
            let is_whole = is_known && counting.count() == answers.len();
            match read_table_file(&files, month, &candidates, &table.file) {
                Ok(combined) => Some(TableInput { combined: Some(combined), answers, is_whole }),
                Err(missing) if missing.rule == &rules::TABLE_FILE_MISSING && !answers.is_empty() => {
                    Some(TableInput { combined: None, answers, is_whole })
                }
                Err(missing) if missing.rule == &rules::TABLE_FILE_MISSING && !is_known => None,
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    None
                }
            }
        });
        let tables: Vec<Option<TableInput>> = tables.collect();
        diagnostics.extend(unused_files(&files, month, &project.settings.tables, &tables));
        if let Some(issue) = &issue {
            diagnostics.extend(check_periods(project, issue));
            diagnostics.extend(check_date(month, issue));
        }
        Self { month, issue, is_issue_sound, issue_file, tables, files: files.record(), diagnostics }
    }

    /// A month whose folder does not tell its files.
    fn without_files(project: &Project, month: Month, files: &Folder, unlisted: Diagnostic) -> Self {
        Self {
            month,
            issue: None,
            is_issue_sound: false,
            issue_file: None,
            tables: project.settings.tables.iter().map(|_| None).collect(),
            files: files.record(),
            diagnostics: vec![unlisted],
        }
    }

    /// Reads the month's pictures.
    pub fn load_pictures(&self, project: &Project) -> MonthPictures {
        let mut pictures = MonthPictures::default();
        let files = project.folder.recording();
        let folder = Folder::month_folder(self.month);
        for picture in self.issue.iter().flat_map(|issue| issue.pictures()) {
            let name = format!("{folder}/{}", picture.file.value);
            match files.read(&name).and_then(check_picture) {
                Ok(content) => {
                    pictures.contents.insert(name, content.bytes);
                }
                Err(diagnostic) => pictures.diagnostics.push(diagnostic.at(picture.file.at.clone())),
            }
        }
        pictures.files = files.record();
        pictures
    }

    /// The files that the month's tables were read from, each with the month that its table reports on.
    pub fn table_files<'a>(&'a self, project: &'a Project) -> impl Iterator<Item = (Month, &'a FileContent)> {
        let tables = project.settings.tables.iter().zip(&self.tables);
        tables.flat_map(|(table, input)| {
            let period = self.period(&table.name);
            input.iter().flat_map(TableInput::files).map(move |file| (period, file))
        })
    }

    /// The month that a table is known to report on; none where issue.toml is not there or has errors: it may name
    /// another than the issue's.
    pub fn known_period(&self, table: &str) -> Option<Month> {
        self.is_issue_sound.then(|| self.period(table))
    }

    /// The month that a table reports on: its own where issue.toml names one, else the issue's.
    pub fn period(&self, table: &str) -> Month {
        period_of(self.issue.as_ref(), table, self.month)
    }
}

fn period_of(issue: Option<&IssueFile>, table: &str, month: Month) -> Month {
    issue.and_then(|issue| issue.periods.get(table)).map_or(month, |period| period.value)
}

/// A finding if an issue was published before its month began, or more than a year later: a date of another issue.
fn check_date(month: Month, issue: &IssueFile) -> Option<Diagnostic> {
    let date = &issue.date;
    let published = Month { year: u16::try_from(date.year()).ok()?, month: u8::try_from(date.month()).ok()? };
    let message = match published.months_since(month) {
        ..=-1 => format!("出版日期 {date} 早于这一期的月份 {month}"),
        0..=12 => return None,
        _ => format!("出版日期 {date} 比这一期的月份 {month} 晚了一年多"),
    };
    Some(
        Diagnostic::new(&rules::DATE_UNLIKELY, message)
            .at(issue.date_at.clone())
            .hint("请核对 date；确实是这一天的，在 issue.toml 中确认"),
    )
}

/// A finding if a table that the month does not have is there all the same, or is named in [periods].
fn not_in_force(
    candidates: &[String],
    month: Month,
    table: &TableSchema,
    issue: Option<&IssueFile>,
) -> Option<Diagnostic> {
    let named = issue.and_then(|issue| issue.periods.get(&table.name));
    let file = candidates.iter().find(|name| is_named(name, &table.file));
    let at = file.map(|name| Location::file(name.as_str())).or_else(|| Some(named?.at.clone()))?;
    let period = named.map_or(month, |named| named.value);
    let term = match (table.term.since, table.term.until) {
        (Some(since), _) if period < since => format!("从 {since} 起才有"),
        (_, Some(until)) => format!("到 {until} 为止"),
        _ => return None,
    };
    let message = match named {
        Some(_) => format!("表 {} {term}，这一期的 [periods] 写的是 {period}：没有读取，也不印", table.name),
        None => format!("表 {} {term}，{period} 没有这张表：文件没有读取，也不印", table.name),
    };
    Some(
        Diagnostic::new(&rules::TABLE_NOT_IN_FORCE, message)
            .at(at)
            .hint("要印这张表，请改 yuebao.toml 中它的 since、until，或 issue.toml 的 [periods]")
            .hint("不要的，请移走文件，删去 [periods] 中的一行"),
    )
}

/// Whether a file, by its name within the project, is a table's.
pub(super) fn is_named(file: &str, stem: &str) -> bool {
    let file = file.rsplit('/').next().and_then(|file| file.rsplit_once('.'));
    file.is_some_and(|(file, _)| file.to_lowercase() == stem.to_lowercase())
}

/// The table's file among the `candidates` of a month's folder.
fn read_table_file(
    folder: &Folder,
    month: Month,
    candidates: &[String],
    stem: &str,
) -> Result<FileContent, Diagnostic> {
    let names: Vec<&String> = candidates.iter().filter(|name| is_named(name, stem)).collect();
    match names.as_slice() {
        [name] => folder.read(name),
        [] => {
            let [usual, further @ ..] = &TABLE_EXTENSIONS;
            let missing = Diagnostic::new(
                &rules::TABLE_FILE_MISSING,
                format!("{} 里没有 {stem} 的表格文件", Folder::month_folder(month)),
            )
            .at(Location::file(Folder::month_folder(month)))
            .hint(format!("请放入 {stem}.{usual}（也可以是 {}）", further.join("、")));
            let others = candidates.iter().map(|name| visible(name)).collect::<Vec<_>>().join("、");
            Err(if others.is_empty() {
                missing
            } else {
                missing.hint(format!("文件夹里有：{others}；是不是文件名不对？"))
            })
        }
        [_, second, ..] => {
            let all: Vec<String> = names.iter().map(|name| visible(name)).collect();
            Err(Diagnostic::new(
                &rules::TABLE_FILE_TWICE,
                format!("{stem} 有 {} 个文件，不知该用哪一个：{}", names.len(), all.join("、")),
            )
            .at(Location::file(second.as_str()))
            .hint("请只留一个，其余的移走或改名"))
        }
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

/// The kinds of pictures that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF, its first frame.
    Gif,
    /// WebP.
    Webp,
    /// Scalable Vector Graphics.
    Svg,
}

impl PictureFormat {
    /// The kind of a picture by its first bytes, whatever its name says.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        let head =
            String::from_utf8_lossy(bytes.get(..512.min(bytes.len())).unwrap_or_default()).into_owned();
        match bytes {
            _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            _ if bytes.starts_with(b"\xFF\xD8\xFF") => Some(Self::Jpeg),
            _ if bytes.starts_with(b"GIF8") => Some(Self::Gif),
            _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some(Self::Webp),
            _ if head.contains("<svg") => Some(Self::Svg),
            _ => None,
        }
    }

    /// The name by which Typst knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Svg => "svg",
        }
    }
}

/// Whether a file is a picture that can be printed.
fn check_picture(content: FileContent) -> Result<FileContent, Diagnostic> {
    if PictureFormat::detect(&content.bytes).is_some() {
        return Ok(content);
    }
    Err(unknown_picture(&content.name))
}

/// The finding that a file is no picture that can be printed.
pub fn unknown_picture(name: &str) -> Diagnostic {
    Diagnostic::new(&rules::PICTURE_UNKNOWN, format!("{} 不是能印的图片，或已损坏", shown(name)))
        .hint("请用画图等程序打开，另存为 PNG 或 JPEG")
}
