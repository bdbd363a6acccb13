//! `collect MONTH PATH…`: departments' answers, recognised, checked and merged.

use std::cell::RefCell;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::answers::AskedMonth;
use super::args::Common;
use super::incoming::IncomingFiles;
use super::printer::{Printer, diagnostic_json};
use super::{Status, isolation, refuse_found, stop};
use crate::calculation::MonthStore;
use crate::collect::{Change, Collected, Collection, Examiner, Outcome, collect, table_names};
use crate::diagnostic::{Diagnostic, Location, Severity, has_errors, rules, visible};
use crate::output::lock_answers;
use crate::project::{AnswersRecord, Month, Project};
use crate::status::{Answering, MonthStatus};

/// The most changed values of one answer that are told one by one.
const MOST_CHANGES: usize = 12;

/// Runs the verb.
pub fn run(common: &Common, month: &str, paths: &[PathBuf], printer: &mut Printer) -> Status {
    let stop = stop::stop_requested();
    let AskedMonth { project, month, periods, mut diagnostics } =
        match AskedMonth::open(common, month, printer) {
            Ok(opened) => opened,
            Err(status) => return status,
        };
    // Whoever collects at the same time would take this record for its own, and lose what is added here.
    let waiting = RefCell::new(&mut *printer);
    let waits = || waiting.borrow_mut().remark(&format!("正在等另一个 yuebao 收完 {month}……"));
    let stopped = format!("{month} 的答复没有收，原有的没有改动；请再收一次");
    let lock = match lock_answers(&project.folder, month, stop, &waits) {
        Ok(Some(lock)) => lock,
        Ok(None) => return printer.stopped(&stopped),
        Err(diagnostic) => return unwritable(&[diagnostic], printer),
    };
    let (record, found) = AnswersRecord::load(&project.folder, month);
    diagnostics.extend(found);
    let Some(record) = record.filter(|_| !has_errors(&diagnostics)) else {
        return refuse_found(NOTHING_COLLECTED, &diagnostics, printer);
    };
    printer.project(&diagnostics);
    let isolation = isolation();
    let store = MonthStore::default();
    let examiner = Examiner::new(&project, month, &periods, &isolation, &store);
    let collected = collect(&examiner, record, IncomingFiles::below(paths), stop);
    drop(lock);
    match collected {
        Ok(None) => printer.stopped(&stopped),
        Ok(Some(collection)) => {
            let status = MonthStatus::new(&project, month, &periods, &collection.record, &isolation);
            tell(&project, &status, &collection, printer)
        }
        Err(diagnostic) => unwritable(&[diagnostic], printer),
    }
}

const NOTHING_COLLECTED: &str = "答复没有收";

/// Tells that nothing could be collected since something cannot be written.
fn unwritable(diagnostics: &[Diagnostic], printer: &mut Printer) -> Status {
    refuse_found(NOTHING_COLLECTED, diagnostics, printer);
    Status::Unusable
}

fn tell(project: &Project, status: &MonthStatus, collection: &Collection, printer: &mut Printer) -> Status {
    let month = status.month;
    let mut diagnostics = collection.diagnostics.clone();
    // What is superseded is told with the file that counts.
    let files = &collection.files;
    diagnostics.extend(files.iter().flat_map(|file| match file.outcome {
        Outcome::Superseded => told_of_superseded(file),
        _ => file.examined.diagnostics.clone(),
    }));
    diagnostics.extend(missing(project, month, status));
    printer.project(&diagnostics);
    for file in files {
        tell_file(project, file, printer);
    }
    tell_sum(month, collection, status, printer);
    let answers: Vec<Value> = files.iter().map(|file| file_json(project, file)).collect();
    printer.data(
        "",
        json!({
            "month": month.to_string(),
            "answers": answers,
            "missing": status.names(Answering::Missing),
            "to_correct": status.names(Answering::ToCorrect),
        }),
    );
    if has_errors(&diagnostics) { Status::Faulty } else { Status::Done }
}

/// Of a file that does not count only what says so.
fn told_of_superseded(file: &Collected) -> Vec<Diagnostic> {
    let says_so = |found: &&Diagnostic| found.rule == &rules::ANSWER_OLDER;
    file.examined.diagnostics.iter().filter(says_so).cloned().collect()
}

fn missing(project: &Project, month: Month, status: &MonthStatus) -> Option<Diagnostic> {
    let names = status.names(Answering::Missing);
    if names.is_empty() {
        return None;
    }
    let message = format!("还有 {} 个部门没有报：{}", names.len(), names.join("、"));
    let folder = AnswersRecord::folder(month);
    let place = match project.folder.path(&folder).exists() {
        true => folder,
        false => crate::project::Folder::month_folder(month),
    };
    Some(
        Diagnostic::new(&rules::ANSWERS_MISSING, message)
            .at(Location::file(place))
            .hint(format!("催报的文字可用 yuebao status {month} --message 列出")),
    )
}

/// One file in one line, and below it what a correction changed.
fn tell_file(project: &Project, file: &Collected, printer: &mut Printer) {
    let name = visible(&file.examined.name);
    let department = match file.examined.department {
        Some(department) => project.register.name(department),
        None => "不知哪个部门",
    };
    let what = match file.outcome {
        Outcome::Merged => "已收".to_owned(),
        Outcome::Replaced => format!("已更换原来的一份，改动 {} 处", file.changes.len()),
        Outcome::Unchanged => "与已收的相同".to_owned(),
        Outcome::Superseded => "没有采用，另有一份为准".to_owned(),
        Outcome::Rejected => {
            let errors = file.examined.diagnostics.iter().filter(|found| found.is_error()).count();
            format!("没有收：有 {errors} 处错误")
        }
    };
    let part =
        part_that_counts(project, file).map(|tables| format!("，只采用其中的表 {}", tables.join("、")));
    let part = part.unwrap_or_default();
    let copy = file.copy.as_ref().map(|copy| format!("；退回件 {copy}")).unwrap_or_default();
    printer.remark(&format!("{department}：{what}{part}（{name}）{copy}"));
    for change in file.changes.iter().take(MOST_CHANGES) {
        printer.remark(&format!(
            "  {}：{} → {}",
            change.header,
            shown_value(&change.before),
            shown_value(&change.after)
        ));
    }
    if file.changes.len() > MOST_CHANGES {
        printer.remark(&format!("  等 {} 处", file.changes.len()));
    }
}

/// The tables for which a file counts, where it answers others besides.
fn part_that_counts(project: &Project, file: &Collected) -> Option<Vec<String>> {
    let is_part = file.outcome.counts() && file.counts_for.len() < file.examined.tables.len();
    is_part.then(|| table_names(project, &file.counts_for))
}

fn shown_value(value: &Option<String>) -> String {
    value.as_deref().map_or_else(|| "没有".to_owned(), visible)
}

fn tell_sum(month: Month, collection: &Collection, status: &MonthStatus, printer: &mut Printer) {
    let count = |outcome| collection.files.iter().filter(|file| file.outcome == outcome).count();
    let answered = status.names(Answering::Answered).len();
    if collection.files.is_empty() {
        printer.notice("所给的位置里没有答复的文件，请检查写的是不是答复所在的文件夹");
    }
    printer.remark(&format!(
        "{month} 共看了 {} 个文件：新收 {}，更换 {}，没有变化 {}，没有采用 {}，有错误 {}",
        collection.files.len(),
        count(Outcome::Merged),
        count(Outcome::Replaced),
        count(Outcome::Unchanged),
        count(Outcome::Superseded),
        count(Outcome::Rejected),
    ));
    printer.remark(&format!(
        "{} 个部门中已报 {answered} 个，须更正 {} 个，没有报 {} 个",
        status.departments.len(),
        status.names(Answering::ToCorrect).len(),
        status.names(Answering::Missing).len(),
    ));
    if collection.files.iter().any(|file| file.copy.is_some()) {
        printer.remark(&format!("标出问题的退回件在 output/returns/{month}，可直接发回部门"));
    }
}

fn file_json(project: &Project, file: &Collected) -> Value {
    let examined = &file.examined;
    let tables = table_names(project, &examined.tables);
    let counts_for = match file.outcome.counts() {
        true => table_names(project, &file.counts_for),
        false => Vec::new(),
    };
    let count = |severity| examined.diagnostics.iter().filter(|found| found.severity == severity).count();
    json!({
        "file": examined.name,
        "department": examined.department.map(|department| project.register.name(department)),
        "outcome": file.outcome.name(),
        "tables": tables,
        "counts_for": counts_for,
        "saved": examined.saved.map(|saved| saved.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        "blake3": examined.blake3,
        "stored": file.stored,
        "returned": file.copy,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "changes": file.changes.iter().map(change_json).collect::<Vec<_>>(),
        "diagnostics": examined.diagnostics.iter().map(diagnostic_json).collect::<Vec<_>>(),
    })
}

fn change_json(change: &Change) -> Value {
    let Change { figure, header, before, after } = change;
    json!({ "figure": figure, "header": header, "before": before, "after": after })
}
