//! A declared table as read from its file, or from the answers of the departments.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Location, has_errors, rules, shown};
use crate::figure::Amount;
use crate::project::{AnswerFile, FileContent, Month, Project, TableInput, TableSchema};
use crate::source::{self, Isolation, is_reader_failure};
use crate::table::{Expected, ReadTable, read_table};

/// The most departments that one message names.
const MOST_NAMED: usize = 10;

/// Reads a declared table; none where it cannot be read.
pub(super) fn read_input(
    project: &Project,
    schema: &TableSchema,
    input: &TableInput,
    period: Month,
    isolation: &Isolation,
) -> (Option<ReadTable>, Vec<Diagnostic>) {
    Reading { project, schema, period, isolation }.input(input)
}

/// The workbook with all departments that a table is read from while no department has answered it; none where there
/// is none, or only a blank one, or one that no table can be read from.
pub fn filled_workbook<'a>(
    project: &Project,
    schema: &TableSchema,
    input: &'a TableInput,
    period: Month,
    isolation: &Isolation,
) -> Option<&'a FileContent> {
    let combined = input.combined.as_ref()?;
    let (table, _) = Reading { project, schema, period, isolation }.file(combined, Expected::Every);
    table.is_some_and(|table| !is_blank(&table)).then_some(combined)
}

struct Reading<'a> {
    project: &'a Project,
    schema: &'a TableSchema,
    period: Month,
    isolation: &'a Isolation,
}

impl Reading<'_> {
    fn input(&self, input: &TableInput) -> (Option<ReadTable>, Vec<Diagnostic>) {
        match (&input.combined, input.answers.as_slice()) {
            (None, []) => (None, Vec::new()),
            (Some(combined), []) => self.file(combined, Expected::Every),
            (None, answers) => self.answers(answers),
            (Some(combined), answers) => {
                // A new month has blank workbooks, which say nothing against the answers.
                let (table, diagnostics) = self.file(combined, Expected::Every);
                if diagnostics.iter().any(is_reader_failure) {
                    return (None, diagnostics);
                }
                // They know nothing of departments and columns that were declared later.
                let is_outdated = |found: &Diagnostic| {
                    [&rules::DEPARTMENT_MISSING, &rules::DEPARTMENT_UNKNOWN, &rules::COLUMN_MISSING]
                        .contains(&found.rule)
                };
                let is_sound = diagnostics.iter().all(|found| !found.is_error() || is_outdated(found));
                match table.filter(is_blank) {
                    Some(_) if is_sound => self.answers(answers),
                    _ => (None, vec![self.both_given(combined, answers)]),
                }
            }
        }
    }

    fn file(&self, content: &FileContent, expected: Expected) -> (Option<ReadTable>, Vec<Diagnostic>) {
        let (workbook, mut diagnostics) = source::read(&content.bytes, &content.name, self.isolation);
        let Some(workbook) = workbook else { return (None, diagnostics) };
        let (register, cells) = (&self.project.register, &self.project.settings.cells);
        let (table, found) =
            read_table(self.schema, &content.name, &workbook, register, cells, self.period, expected);
        diagnostics = without_consequences(diagnostics, found);
        (table, diagnostics)
    }

    fn answers(&self, answers: &[AnswerFile]) -> (Option<ReadTable>, Vec<Diagnostic>) {
        let register = &self.project.register;
        let mut diagnostics = Vec::new();
        let mut tables = Vec::new();
        let mut answered: BTreeMap<usize, &AnswerFile> = BTreeMap::new();
        for answer in answers {
            let Some(department) = register.find(&answer.department) else {
                let message = format!("名册里没有“{}”这个部门", shown(&answer.department));
                diagnostics.push(
                    Diagnostic::new(&rules::DEPARTMENT_UNKNOWN, message)
                        .at(answer.at.clone())
                        .hint("改过名的部门，请在 data/departments.toml 中把原来的名称写进 aliases"),
                );
                continue;
            };
            if let Some(first) = answered.get(&department) {
                diagnostics.push(answered_twice(register.name(department), first, answer));
                continue;
            }
            answered.insert(department, answer);
            let (table, found) = self.file(&answer.content, Expected::Only(department));
            diagnostics.extend(found);
            tables.extend(table);
        }
        let mut joined = ReadTable::join(tables);
        joined.records.incomplete |= has_errors(&diagnostics);
        if let Some(missing) = self.missing(&answered, answers) {
            joined.records.incomplete = true;
            diagnostics.push(missing);
        }
        (Some(joined), diagnostics)
    }

    /// The active departments that have not answered, in one message.
    fn missing(&self, answered: &BTreeMap<usize, &AnswerFile>, answers: &[AnswerFile]) -> Option<Diagnostic> {
        let departments = self.project.register.iter().enumerate();
        let missing: Vec<&str> = departments
            .filter(|(index, department)| department.is_active(self.period) && !answered.contains_key(index))
            .map(|(_, department)| department.name.as_str())
            .collect();
        let (first, _) = answers.first()?.content.name.rsplit_once('/')?;
        let named = match missing.len() {
            0 => return None,
            1..=MOST_NAMED => missing.join("、"),
            count => format!("{}等 {count} 个部门", missing[..MOST_NAMED].join("、")),
        };
        let message = format!("表 {} 还缺 {} 个部门的答复：{named}", self.schema.name, missing.len());
        Some(
            Diagnostic::new(&rules::DEPARTMENT_MISSING, message)
                .at(Location::file(first))
                .hint("收到后用 yuebao collect 收进来；yuebao status 可列出催报的文字")
                .hint("不再参加统计的，请在 data/departments.toml 中写 until"),
        )
    }

    fn both_given(&self, combined: &FileContent, answers: &[AnswerFile]) -> Diagnostic {
        let message = format!(
            "表 {} 既有汇总表，又有 {} 个部门的答复，不知该用哪一种",
            self.schema.name,
            answers.len()
        );
        Diagnostic::new(&rules::TABLE_FROM_BOTH, message)
            .at(Location::file(combined.name.as_str()))
            .hint("用各部门的答复时，请把这个文件移走；空白的汇总表可以留着")
            .hint("用汇总表时，请把当月的 answers 文件夹移走")
    }
}

/// The finding that two answers of a department count for the same table, which only another hand writes into the
/// record.
fn answered_twice(department: &str, first: &AnswerFile, second: &AnswerFile) -> Diagnostic {
    let file = |answer: &AnswerFile| shown(answer.content.name.rsplit('/').next().unwrap_or_default());
    let message = format!("“{}”有两份答复同时在用：{} 和 {}", shown(department), file(first), file(second));
    Diagnostic::new(&rules::DEPARTMENT_TWICE, message)
        .at(second.at.clone())
        .hint("请再收一次要用的那一份，另一份就不再使用：yuebao collect 月份 文件")
}

/// The findings of a file and of its table, without those that only follow from others: where cells
/// could not be read, a blank one says nothing about the department's answer.
pub fn without_consequences(mut of_file: Vec<Diagnostic>, of_table: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_sound = !has_errors(&of_file);
    let follows =
        |found: &Diagnostic| found.rule == &rules::CELL_MISSING || found.rule == &rules::TABLE_NOT_FOUND;
    of_file.extend(of_table.into_iter().filter(|found| is_sound || !follows(found)));
    of_file
}

/// Whether no cell of a table has been filled in.
fn is_blank(table: &ReadTable) -> bool {
    let mut cells = table.records.rows.iter().flat_map(|row| row.cells.iter().flatten());
    cells.all(|cell| cell.amount == Amount::Missing && !cell.faulty)
}
