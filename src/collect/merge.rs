//! Writing what was decided: answers beside those that are there, then the record in one step.

use std::collections::BTreeSet;

use super::changes::changes;
use super::{Collected, Examined, Examiner, Outcome, Staged};
use crate::diagnostic::{Diagnostic, Location, Severity, rules, shown};
use crate::form::department_file_name;
use crate::output::{StagedFile, explain_unwritable, remove_output, replace_file, stage_file};
use crate::project::{AnswersRecord, FileContent, Folder, RecordedAnswer, ReturnedAnswer, safe_file_name};

/// The extensions that a marked copy can have.
const COPY_EXTENSIONS: [&str; 2] = ["xlsx", "xlsm"];

/// Where a month's answers and marked copies are written.
pub(super) struct Store<'a> {
    folder: &'a Folder,
    answers: String,
    returns: String,
    record: String,
}

impl<'a> Store<'a> {
    pub(super) fn new(examiner: &Examiner<'a>) -> Self {
        let month = examiner.month;
        Self {
            folder: &examiner.project.folder,
            answers: AnswersRecord::folder(month),
            returns: format!("output/returns/{month}"),
            record: AnswersRecord::file(month),
        }
    }

    pub(super) fn stage_answer(&self, bytes: &[u8]) -> Result<StagedFile, Diagnostic> {
        stage_file(&self.folder.path(&self.answers), bytes).map_err(|error| failed(&self.answers, &error))
    }

    pub(super) fn stage_copy(&self, bytes: &[u8]) -> Result<StagedFile, Diagnostic> {
        stage_file(&self.folder.path(&self.returns), bytes).map_err(|error| failed(&self.returns, &error))
    }

    /// Gives everything its name; the month's data change when the record does, and not before.
    pub(super) fn commit(
        &self,
        examiner: &Examiner<'_>,
        before: AnswersRecord,
        staged: Vec<Staged>,
        outcomes: &[Outcome],
    ) -> Result<(Vec<Collected>, AnswersRecord), Diagnostic> {
        let mut record = before.clone();
        let mut taken = BTreeSet::new();
        let mut files = Vec::new();
        let mut copies = Vec::new();
        for (file, &outcome) in staged.into_iter().zip(outcomes) {
            let Staged { examined, answer, copy } = file;
            let mut collected =
                Collected { examined, outcome, stored: None, copy: None, changes: Vec::new() };
            if matches!(outcome, Outcome::Merged | Outcome::Replaced)
                && let Some(answer) = answer
            {
                self.keep(examiner, &mut record, &mut collected, answer)?;
            }
            if let Some((copy, extension)) = copy.filter(|_| outcome != Outcome::Superseded) {
                let name = self.copy_name(examiner, &collected.examined, extension, &mut taken);
                copies.push((copy, name.clone()));
                collected.copy = Some(name);
            }
            self.note_return(examiner, &mut record, &collected);
            files.push(collected);
        }
        let departments = |answer: &RecordedAnswer| {
            (examiner.project.register.find(&answer.department), answer.file.clone())
        };
        record.answers.sort_by_key(departments);
        if record != before {
            replace_file(&self.folder.path(&self.record), record.to_toml().as_bytes())
                .map_err(|error| failed(&self.record, &error).hint("当月的数据没有改动"))?;
        }
        for (copy, name) in copies {
            copy.replace(&self.folder.path(&name)).map_err(|error| failed(&name, &error))?;
        }
        self.remove_stale_copies(examiner, &files, &taken)?;
        Ok((files, record))
    }

    /// Keeps an answer under a name of its own, and makes it the one that counts.
    fn keep(
        &self,
        examiner: &Examiner<'_>,
        record: &mut AnswersRecord,
        collected: &mut Collected,
        answer: StagedFile,
    ) -> Result<(), Diagnostic> {
        let file = &collected.examined;
        let Some(department) = file.department else { return Ok(()) };
        let name = self.free_name(&department_file_name(examiner.project, department, file.extension));
        let stored = format!("{}/{name}", self.answers);
        answer.keep(&self.folder.path(&stored)).map_err(|error| failed(&stored, &error))?;
        let table_name =
            |index: &usize| examiner.project.settings.tables.get(*index).map(|it| it.name.clone());
        let tables: Vec<String> = file.tables.iter().filter_map(table_name).collect();
        let official = examiner.project.register.name(department);
        // The earlier answer goes on counting for tables that this one does not have.
        let mut kept = Vec::new();
        for mut former in std::mem::take(&mut record.answers) {
            let is_replaced =
                former.department == official && former.tables.iter().any(|table| tables.contains(table));
            if is_replaced {
                let name = format!("{}/{}", self.answers, former.file);
                if let Ok(content) = self.folder.read(&name) {
                    let content = FileContent { name, ..content };
                    let found = changes(examiner, content, department, &file.values, &file.tables);
                    collected.changes.extend(found);
                }
                record.earlier.push(former.clone());
                former.tables.retain(|table| !tables.contains(table));
            }
            if !former.tables.is_empty() {
                kept.push(former);
            }
        }
        record.answers = kept;
        record.answers.push(RecordedAnswer {
            department: official.to_owned(),
            tables,
            file: name,
            received: file.received.clone(),
            blake3: file.blake3.clone(),
            saved: file.saved,
            written: file.written,
            warnings: count(&file.diagnostics, Severity::Warning),
            at: Location::file(self.record.as_str()),
        });
        collected.stored = Some(stored);
        Ok(())
    }

    /// Notes what the department has to correct, or that nothing is left to be corrected.
    fn note_return(&self, examiner: &Examiner<'_>, record: &mut AnswersRecord, collected: &Collected) {
        let Some(department) = collected.examined.department else { return };
        let official = examiner.project.register.name(department);
        let is_answered = record.answers.iter().any(|answer| answer.department == official);
        match collected.outcome {
            Outcome::Merged | Outcome::Replaced => {
                record.returned.retain(|returned| returned.department != official);
            }
            // Last month's file from a department that has answered this month's is only a slip.
            Outcome::Rejected if !(collected.examined.is_misplaced && is_answered) => {
                record.returned.retain(|returned| returned.department != official);
                record.returned.push(ReturnedAnswer {
                    department: official.to_owned(),
                    received: collected.examined.received.clone(),
                    blake3: collected.examined.blake3.clone(),
                    errors: count(&collected.examined.diagnostics, Severity::Error),
                    copy: collected.copy.clone(),
                });
            }
            _ => {}
        }
    }

    /// The first of `name.xlsx`, `name-2.xlsx`, … that nothing has: what is there is never replaced.
    fn free_name(&self, name: &str) -> String {
        let is_free = |name: &String| !self.folder.path(&format!("{}/{name}", self.answers)).exists();
        numbered(name).find(is_free).unwrap_or_else(|| name.to_owned())
    }

    fn copy_name(
        &self,
        examiner: &Examiner<'_>,
        file: &Examined,
        extension: &str,
        taken: &mut BTreeSet<String>,
    ) -> String {
        let name = match file.department {
            Some(department) => department_file_name(examiner.project, department, extension),
            None => {
                let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                format!("未认出-{}.{extension}", safe_file_name(stem))
            }
        };
        let free = numbered(&name).find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        format!("{}/{name}", self.returns)
    }

    /// Removes the copies of departments that have nothing to correct any more, lest they are sent again.
    fn remove_stale_copies(
        &self,
        examiner: &Examiner<'_>,
        files: &[Collected],
        taken: &BTreeSet<String>,
    ) -> Result<(), Diagnostic> {
        let settled = files.iter().filter(|file| matches!(file.outcome, Outcome::Merged | Outcome::Replaced));
        for department in settled.filter_map(|file| file.examined.department) {
            for extension in COPY_EXTENSIONS {
                let name = department_file_name(examiner.project, department, extension);
                for name in numbered(&name).take(3).filter(|name| !taken.contains(name)) {
                    let name = format!("{}/{name}", self.returns);
                    remove_output(&self.folder.path(&name)).map_err(|error| failed(&name, &error))?;
                }
            }
        }
        Ok(())
    }
}

/// A name and those that follow it: `a.xlsx`, `a-2.xlsx`, `a-3.xlsx`, …
fn numbered(name: &str) -> impl Iterator<Item = String> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let (stem, extension) = (stem.to_owned(), extension.to_owned());
    (1..10_000).map(move |number| match number {
        1 => format!("{stem}.{extension}"),
        number => format!("{stem}-{number}.{extension}"),
    })
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> i64 {
    let count = diagnostics.iter().filter(|found| found.severity == severity).count();
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn failed(name: &str, error: &std::io::Error) -> Diagnostic {
    let (why, hint) = explain_unwritable(error);
    Diagnostic::new(&rules::OUTPUT_UNWRITABLE, format!("无法写入 {}：{why}", shown(name)))
        .at(Location::file(name))
        .hint(hint)
}
