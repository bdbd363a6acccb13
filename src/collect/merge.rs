//! Writing what was decided: answers beside those that are there, then the record in one step.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::changes;
use super::decide::Decision;
use super::record_in_work::RecordInWork;
use super::{Collected, Examined, Examiner, Outcome, Staged, count, table_names};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::form::department_file_name;
use crate::output::{StagedFile, failed, remove_output, replace_file, returns_folder, stage_file};
use crate::project::{AnswersRecord, FileContent, Folder, RecordedAnswer, safe_file_name};

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
            returns: returns_folder(month),
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
        decisions: Vec<Decision>,
    ) -> Result<(Vec<Collected>, AnswersRecord), Diagnostic> {
        let mut answers = RecordInWork::new(examiner, before.clone());
        let mut taken = BTreeSet::new();
        let mut files = Vec::new();
        let mut copies = Vec::new();
        for (file, Decision { outcome, tables: counts_for }) in staged.into_iter().zip(decisions) {
            let Staged { examined, answer, copy, .. } = file;
            let (stored, changes) = (None, Vec::new());
            let mut collected = Collected { examined, outcome, counts_for, stored, copy: None, changes };
            if matches!(outcome, Outcome::Merged | Outcome::Replaced)
                && let Some(answer) = answer
            {
                self.keep(examiner, &mut answers, &mut collected, answer)?;
            }
            answers.settle(&collected);
            if let Some((copy, extension)) = copy.filter(|_| outcome != Outcome::Superseded) {
                let name = self.copy_name(examiner, &collected.examined, extension, &answers, &mut taken);
                copies.push((copy, name.clone()));
                collected.copy = Some(name);
            }
            answers.note_return(&collected);
            files.push(collected);
        }
        let record = answers.finish();
        if record != before {
            replace_file(&self.folder.path(&self.record), record.to_toml().as_bytes())
                .map_err(|error| failed(&self.record, &error).hint("当月的数据没有改动"))?;
        }
        for (copy, name) in copies {
            copy.replace(&self.folder.path(&name)).map_err(|error| failed(&name, &error))?;
        }
        self.remove_stale_copies(examiner, &files, &taken, &before, &record)?;
        Ok((files, record))
    }

    /// Keeps an answer under a name of its own, and makes it the one that counts.
    fn keep(
        &self,
        examiner: &Examiner<'_>,
        answers: &mut RecordInWork<'_>,
        collected: &mut Collected,
        answer: StagedFile,
    ) -> Result<(), Diagnostic> {
        let file = &collected.examined;
        let Some(department) = file.department else { return Ok(()) };
        let name = self.free_name(&department_file_name(examiner.project, department, file.extension));
        let stored = format!("{}/{name}", self.answers);
        answer.keep(&self.folder.path(&stored)).map_err(|error| failed(&stored, &error))?;
        let replaced = answers.replace(RecordedAnswer {
            department: examiner.project.register.name(department).to_owned(),
            tables: table_names(examiner.project, &collected.counts_for),
            file: name,
            received: file.received.clone(),
            blake3: file.blake3.clone(),
            saved: file.saved,
            written: file.written,
            warnings: count(&file.diagnostics, Severity::Warning),
            at: Location::file(self.record.as_str()),
        });
        for former in replaced {
            let name = format!("{}/{}", self.answers, former.file);
            if let Ok(content) = self.folder.read(&name) {
                let content = FileContent { name, ..content };
                let answered = |table: &usize| {
                    table_names(examiner.project, &[*table]).iter().all(|name| former.tables.contains(name))
                };
                let tables: Vec<usize> = collected.counts_for.iter().copied().filter(answered).collect();
                let found = changes(examiner, content, department, &file.values, &tables);
                collected.changes.extend(found);
            }
        }
        collected.stored = Some(stored);
        Ok(())
    }

    /// The first of `name.xlsx`, `name-2.xlsx`, … that nothing has: what is there is never replaced.
    fn free_name(&self, name: &str) -> String {
        let is_free = |name: &String| !self.folder.path(&format!("{}/{name}", self.answers)).exists();
        numbered(name).find(is_free).unwrap_or_else(|| name.to_owned())
    }

    /// A name for a marked copy that neither this run nor the record has for another.
    fn copy_name(
        &self,
        examiner: &Examiner<'_>,
        file: &Examined,
        extension: &str,
        answers: &RecordInWork<'_>,
        taken: &mut BTreeSet<String>,
    ) -> String {
        let name = match file.department {
            Some(department) => department_file_name(examiner.project, department, extension),
            None => unknown_file_name(file, extension),
        };
        let path = |name: &str| format!("{}/{name}", self.returns);
        let is_free =
            |name: &String| !taken.contains(name) && !answers.needs_copy(file.department, &path(name));
        let free = numbered(&name).find(is_free);
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        path(&name)
    }

    /// Removes the copies that nobody should send any more: of departments that have nothing to correct, of files of
    /// which it is known now whose they are, and what the record called a copy before; not what it still does.
    fn remove_stale_copies(
        &self,
        examiner: &Examiner<'_>,
        files: &[Collected],
        taken: &BTreeSet<String>,
        before: &AnswersRecord,
        now: &AnswersRecord,
    ) -> Result<(), Diagnostic> {
        let folder = format!("{}/", self.returns);
        let copies = |record: &AnswersRecord| -> BTreeSet<String> {
            let copies = record.returned.iter().filter_map(|returned| returned.copy.as_deref());
            copies.filter_map(|copy| copy.strip_prefix(&folder)).map(str::to_owned).collect()
        };
        let mut stale = copies(before);
        let settled = files.iter().filter(|file| matches!(file.outcome, Outcome::Merged | Outcome::Replaced));
        for department in settled.filter_map(|file| file.examined.department) {
            for extension in COPY_EXTENSIONS {
                stale
                    .extend(numbered(&department_file_name(examiner.project, department, extension)).take(3));
            }
        }
        // As many as there are files of that name in several folders.
        let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
        for file in files {
            for extension in COPY_EXTENSIONS {
                *unknown.entry(unknown_file_name(&file.examined, extension)).or_default() += 1;
            }
        }
        stale.extend(unknown.iter().flat_map(|(name, count)| numbered(name).take(*count)));
        let needed = copies(now);
        // What is not in this very folder is nothing that this program wrote as a copy.
        let present = self.folder.entries(&self.returns);
        let is_stale =
            |name: &&String| stale.contains(*name) && !taken.contains(*name) && !needed.contains(*name);
        for name in present.iter().filter(is_stale) {
            let name = format!("{folder}{name}");
            remove_output(&self.folder.path(&name)).map_err(|error| failed(&name, &error))?;
        }
        Ok(())
    }
}

/// The name of the copy of a file of which nobody knows whose it is.
fn unknown_file_name(file: &Examined, extension: &str) -> String {
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("未认出-{}.{extension}", safe_file_name(stem))
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
