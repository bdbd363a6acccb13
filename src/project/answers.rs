//! The record of a month's collected answers, data/MONTH/answers/answers.toml, and the answers themselves.
//!
//! Every answer is kept as its department sent it. The record says which of the
//! files count, and is the only thing that is ever replaced.

use chrono::NaiveDateTime;

use super::document::{Document, Written};
use super::entries::Entries;
use super::files::{FileContent, Folder};
use super::month::Month;
use super::register::Register;
use crate::diagnostic::{Diagnostic, Location, rules, shown};

/// The record's name within the folder of answers.
pub const ANSWERS_RECORD: &str = "answers.toml";

/// How times are written in the record.
const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S";

/// The head of the record, for whoever opens it.
const RECORD_HEAD: &str =
    "# 由 yuebao collect 写成：哪个部门的哪份答复正在使用，来自哪个文件。请勿手工修改。\n";

/// What was collected in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswersRecord {
    /// The answers that count.
    pub answers: Vec<RecordedAnswer>,
    /// Answers that later ones have replaced; their files are kept.
    pub earlier: Vec<RecordedAnswer>,
    /// Answers that could not be used and were given back to be corrected.
    pub returned: Vec<ReturnedAnswer>,
}

/// An answer that was merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The department's official name at the time: whoever looks for an answer asks the register.
    pub department: String,
    /// The names of the tables that it answers.
    pub tables: Vec<String>,
    /// The file's name within the folder of answers.
    pub file: String,
    /// The name under which it came.
    pub received: String,
    /// The BLAKE3 hash of its content, in hexadecimal.
    pub blake3: String,
    /// When it was last saved, as the file itself says, in Coordinated Universal Time.
    pub saved: Option<NaiveDateTime>,
    /// When the file was last written, as the file system or the archive says, in Coordinated Universal Time.
    pub written: Option<NaiveDateTime>,
    /// How many warnings it had.
    pub warnings: i64,
    /// Where it stands in the record.
    pub at: Location,
}

/// An answer that was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedAnswer {
    /// The department's official name at the time.
    pub department: String,
    /// The name under which it came.
    pub received: String,
    /// The BLAKE3 hash of its content, in hexadecimal.
    pub blake3: String,
    /// How many errors it had.
    pub errors: i64,
    /// The marked copy, by its name within the project.
    pub copy: Option<String>,
    /// The names of the tables that it answers; none where that could not be read.
    pub tables: Vec<String>,
    /// When it was last saved, as the file itself says, in Coordinated Universal Time; none in older records.
    pub saved: Option<NaiveDateTime>,
    /// When the file was last written, as the file system or the archive says; none in older records.
    pub written: Option<NaiveDateTime>,
}

impl AnswersRecord {
    /// The name within the project of the folder that holds a month's answers.
    pub fn folder(month: Month) -> String {
        format!("{}/answers", Folder::month_folder(month))
    }

    /// The name within the project of a month's record.
    pub fn file(month: Month) -> String {
        format!("{}/{ANSWERS_RECORD}", Self::folder(month))
    }

    /// Reads a month's record; an empty one where nothing was collected yet, none where it has an error.
    pub fn load(folder: &Folder, month: Month) -> (Option<Self>, Vec<Diagnostic>) {
        let name = Self::file(month);
        if !folder.exists(&name) {
            return (Some(Self::default()), Vec::new());
        }
        match folder.read_text(&name) {
            Ok(text) => Self::parse(&name, &text),
            Err(diagnostic) => (None, vec![diagnostic]),
        }
    }

    fn parse(file: &str, text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (record, diagnostics) = Document::by_program(file, text).read(|top| Self {
            answers: top.tables("answer").iter().filter_map(RecordedAnswer::read).collect(),
            earlier: top.tables("earlier").iter().filter_map(RecordedAnswer::read).collect(),
            returned: top.tables("returned").iter().filter_map(ReturnedAnswer::read).collect(),
        });
        (record.filter(|_| diagnostics.is_empty()), diagnostics)
    }

    /// Departments whose later answer was given back while an earlier one still counts: what is printed may be
    /// what they meant to correct.
    pub fn waiting_corrections(&self, month: Month, register: &Register) -> Vec<Diagnostic> {
        let waiting = self.returned.iter().filter_map(|returned| {
            let department = register.official_name(&returned.department).unwrap_or(&returned.department);
            let is_corrected = |answer: &&RecordedAnswer| {
                let theirs = register.official_name(&answer.department).unwrap_or(&answer.department);
                theirs == department && returned.concerns(&answer.tables)
            };
            let counting = self.answers.iter().find(is_corrected)?;
            let message = format!(
                "“{}”后来报的 {} 没有采用，印的还是 {} 中的数",
                shown(department),
                shown(&returned.received),
                shown(&counting.received)
            );
            Some(
                Diagnostic::new(&rules::CORRECTION_WAITING, message)
                    .at(Location::file(Self::file(month)))
                    .about(department)
                    .hint("请让部门改好再报，再收一次；确实用原来那一份的，请在 issue.toml 中确认"),
            )
        });
        waiting.collect()
    }

    /// The record as TOML; the same record gives the same text.
    pub fn to_toml(&self) -> String {
        let mut text = RECORD_HEAD.to_owned();
        for (key, answers) in [("answer", &self.answers), ("earlier", &self.earlier)] {
            for answer in answers {
                text.push_str(&format!("\n[[{key}]]\n"));
                answer.write(&mut text);
            }
        }
        for answer in &self.returned {
            text.push_str("\n[[returned]]\n");
            answer.write(&mut text);
        }
        text
    }
}

impl RecordedAnswer {
    fn read(entries: &Entries<'_>) -> Option<Self> {
        let department = entries.required_text("department", "部门");
        let tables = entries.texts("tables").into_iter().map(|table| table.value).collect();
        let file = entries.required_text("file", "文件名").and_then(|file| file_name(entries, file));
        let received = entries.required_text("received", "来时的文件名");
        let blake3 = entries.required_text("blake3", "内容的哈希值");
        let (saved, written) = (read_time(entries, "saved"), read_time(entries, "written"));
        let warnings = entries.integer("warnings", 0..=i64::MAX).map_or(0, |count| count.value);
        let at = entries.at();
        Some(Self {
            department: department?.value,
            tables,
            file: file?,
            received: received?.value,
            blake3: blake3?.value,
            saved,
            written,
            warnings,
            at,
        })
    }

    fn write(&self, text: &mut String) {
        line(text, "department", &quoted(&self.department));
        line(text, "tables", &names(&self.tables));
        line(text, "file", &quoted(&self.file));
        line(text, "received", &quoted(&self.received));
        line(text, "blake3", &quoted(&self.blake3));
        write_times(text, self.saved, self.written);
        if self.warnings > 0 {
            line(text, "warnings", &self.warnings.to_string());
        }
    }
}

impl ReturnedAnswer {
    /// Whether it answers one of these tables; one that could not be read may answer any.
    pub fn concerns(&self, tables: &[String]) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|table| tables.contains(table))
    }

    fn read(entries: &Entries<'_>) -> Option<Self> {
        let department = entries.required_text("department", "部门");
        let received = entries.required_text("received", "来时的文件名");
        let blake3 = entries.required_text("blake3", "内容的哈希值");
        let errors = entries.integer("errors", 0..=i64::MAX).map_or(0, |count| count.value);
        let copy = entries.text("copy").map(|copy| copy.value);
        let tables = entries.texts("tables").into_iter().map(|table| table.value).collect();
        let (saved, written) = (read_time(entries, "saved"), read_time(entries, "written"));
        let (department, received, blake3) = (department?.value, received?.value, blake3?.value);
        Some(Self { department, received, blake3, errors, copy, tables, saved, written })
    }

    fn write(&self, text: &mut String) {
        line(text, "department", &quoted(&self.department));
        line(text, "received", &quoted(&self.received));
        line(text, "blake3", &quoted(&self.blake3));
        line(text, "errors", &self.errors.to_string());
        if let Some(copy) = &self.copy {
            line(text, "copy", &quoted(copy));
        }
        if !self.tables.is_empty() {
            line(text, "tables", &names(&self.tables));
        }
        write_times(text, self.saved, self.written);
    }
}

fn line(text: &mut String, key: &str, value: &str) {
    text.push_str(&format!("{key} = {value}\n"));
}

fn write_times(text: &mut String, saved: Option<NaiveDateTime>, written: Option<NaiveDateTime>) {
    for (key, time) in [("saved", saved), ("written", written)] {
        if let Some(time) = time {
            line(text, key, &quoted(&time.format(TIME_FORMAT).to_string()));
        }
    }
}

fn names(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", quoted.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A file within the folder of answers, not one that leads out of it.
fn file_name(entries: &Entries<'_>, file: Written<String>) -> Option<String> {
    if !file.value.contains(['/', '\\', ':']) && !file.value.starts_with('.') {
        return Some(file.value);
    }
    let message = format!("file 应为 answers 文件夹里的文件名，这里是“{}”", shown(&file.value));
    entries.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(file.at));
    None
}

fn read_time(entries: &Entries<'_>, key: &'static str) -> Option<NaiveDateTime> {
    let text = entries.text(key)?;
    let time = NaiveDateTime::parse_from_str(&text.value, TIME_FORMAT).ok();
    if time.is_none() {
        let message = format!("{key} 应为时间，这里是“{}”", shown(&text.value));
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, message)
                .at(text.at)
                .hint("写成 \"2025-08-05T10:12:00\""),
        );
    }
    time
}

/// A department's answer with its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFile {
    /// The department's name as the record has it.
    pub department: String,
    /// The names of the tables that it answers.
    pub tables: Vec<String>,
    /// Where the record names it.
    pub at: Location,
    /// The file.
    pub content: FileContent,
}

/// Reads the files of a month's answers; one that cannot be read is a finding.
pub fn read_answers(
    folder: &Folder,
    month: Month,
    record: &AnswersRecord,
) -> (Vec<AnswerFile>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    for answer in &record.answers {
        let name = format!("{}/{}", AnswersRecord::folder(month), answer.file);
        match folder.read(&name) {
            Ok(content) => {
                if blake3::hash(&content.bytes).to_hex().as_str() != answer.blake3 {
                    diagnostics.push(changed(&name, answer));
                }
                files.push(AnswerFile {
                    department: answer.department.clone(),
                    tables: answer.tables.clone(),
                    at: answer.at.clone(),
                    content,
                });
            }
            Err(diagnostic) => diagnostics.push(
                diagnostic.hint(format!("请重新收“{}”的答复：yuebao collect", shown(&answer.department))),
            ),
        }
    }
    (files, diagnostics)
}

fn changed(name: &str, answer: &RecordedAnswer) -> Diagnostic {
    let message = format!("“{}”的答复收上来以后改动过", shown(&answer.department));
    Diagnostic::new(&rules::ANSWER_CHANGED, message)
        .at(Location::file(name))
        .hint("确实要改，请再收一次这个文件，记下改动：yuebao collect 月份 文件")
        .hint("不该改动，请从备份中恢复，或重新收部门的原件")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> AnswersRecord {
        let time = |text| NaiveDateTime::parse_from_str(text, TIME_FORMAT).ok();
        let answer = RecordedAnswer {
            department: "公安厅".to_owned(),
            tables: vec!["operations".to_owned()],
            file: "06-公安厅.xlsx".to_owned(),
            received: "答复.zip/公安厅 \"7月\"\\报表.xlsx".to_owned(),
            blake3: "00ff".to_owned(),
            saved: time("2025-08-05T10:12:00"),
            written: None,
            warnings: 2,
            at: Location::file(""),
        };
        let returned = ReturnedAnswer {
            department: "司法厅".to_owned(),
            received: "司法厅.xls".to_owned(),
            blake3: "11".to_owned(),
            errors: 3,
            copy: Some("output/returns/2025-08/08-司法厅.xlsx".to_owned()),
            tables: vec!["operations".to_owned()],
            saved: time("2025-08-06T10:12:00"),
            written: time("2025-08-06T10:12:01"),
        };
        AnswersRecord { answers: vec![answer], earlier: Vec::new(), returned: vec![returned] }
    }

    #[test]
    fn a_record_reads_as_it_was_written() {
        let text = record().to_toml();
        let (read, diagnostics) = AnswersRecord::parse("answers.toml", &text);
        assert_eq!(diagnostics, []);
        let mut read = read.unwrap();
        assert_eq!(read.answers[0].at.to_string(), "answers.toml:3:1");
        read.answers[0].at = Location::file("");
        assert_eq!(read, record());
    }

    /// Records before the times of what was given back were noted.
    #[test]
    fn what_was_given_back_may_have_no_times() {
        let mut record = record();
        (record.returned[0].saved, record.returned[0].written) = (None, None);
        let (read, diagnostics) = AnswersRecord::parse("answers.toml", &record.to_toml());
        assert_eq!((read.unwrap().returned, diagnostics), (record.returned, Vec::new()));
    }

    #[test]
    fn a_record_never_leads_out_of_its_folder() {
        for name in ["../a.xlsx", "/a.xlsx", "C:a.xlsx", "a\\\\b", ".a"] {
            let text = record().to_toml().replace("06-公安厅.xlsx", name);
            let (read, diagnostics) = AnswersRecord::parse("answers.toml", &text);
            assert_eq!((read, diagnostics.len()), (None, 1), "{name}");
        }
    }
}
