//! All forms of a month: one for each department, and on request one with a row for each.

use rust_xlsxwriter::XlsxError;

use super::{Form, FormIdentity, FormRow, FormSheet, FormerValues, form_version, table_title, workbook};
use crate::project::{Month, Periods, Project, TableSchema, safe_file_name};

/// The name of the form with a row for each department, without its number.
const COMBINED: &str = "全部部门";

/// A form as it is sent out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFile {
    /// The file's name.
    pub name: String,
    /// Whose form it is; none where it has a row for each department.
    pub department: Option<usize>,
    /// The workbook.
    pub bytes: Vec<u8>,
}

/// What a month's forms are made from.
pub struct FormSet<'a> {
    /// The bulletin.
    pub project: &'a Project,
    /// The month.
    pub month: Month,
    /// What its tables report on.
    pub periods: &'a Periods,
    /// For each declared table, the values of the month before.
    pub former: &'a [Option<FormerValues>],
}

impl<'a> FormSet<'a> {
    /// The tables that departments are asked for in a month, with their index.
    pub fn tables<'p>(
        project: &'p Project,
        periods: &'p Periods,
    ) -> impl Iterator<Item = (usize, &'p TableSchema)> {
        let is_asked = |table: &TableSchema| table.asked && table.term.covers(periods.of(&table.name));
        project.settings.tables.iter().enumerate().filter(move |(_, table)| is_asked(table))
    }

    /// The departments that are asked: those that take part in the period of any table.
    pub fn departments(project: &Project, periods: &Periods) -> Vec<usize> {
        let departments = project.register.iter().enumerate();
        let is_asked = |department: &crate::project::Department| {
            Self::tables(project, periods).any(|(_, table)| department.is_active(periods.of(&table.name)))
        };
        departments.filter(|(_, department)| is_asked(department)).map(|(index, _)| index).collect()
    }

    /// The forms, in official order; the one with a row for each department last.
    pub fn files(&self, combined: bool) -> Result<Vec<FormFile>, XlsxError> {
        let departments = Self::departments(self.project, self.periods);
        let mut files = Vec::new();
        for &department in &departments {
            let name = department_file_name(self.project, department, "xlsx");
            let bytes = self.form(Some(department), &departments)?;
            files.push(FormFile { name, department: Some(department), bytes });
        }
        if combined {
            let bytes = self.form(None, &departments)?;
            files.push(FormFile { name: format!("00-{COMBINED}.xlsx"), department: None, bytes });
        }
        Ok(files)
    }

    fn form(&self, only: Option<usize>, departments: &[usize]) -> Result<Vec<u8>, XlsxError> {
        let project = self.project;
        let count = Self::tables(project, self.periods).count();
        let sheets =
            Self::tables(project, self.periods).enumerate().filter_map(|(number, (index, schema))| {
                let period = self.periods.of(&schema.name);
                let takes_part = |department: usize| {
                    project.register.get(department).is_some_and(|department| department.is_active(period))
                };
                let asked = departments.iter().copied().filter(|at| only.is_none_or(|only| only == *at));
                let rows: Vec<FormRow> = asked
                    .filter(|department| takes_part(*department))
                    .map(|department| FormRow { department, entries: Vec::new() })
                    .collect();
                let title = table_title(project, schema, self.month, period);
                let name =
                    if count > 1 { format!("填报表{}", number + 1) } else { "填报表".to_owned() };
                let former = self.former.get(index).and_then(Option::as_ref);
                (!rows.is_empty()).then_some(FormSheet { schema, name, title, period, rows, former })
            });
        let identity = FormIdentity {
            bulletin: project.settings.title.clone(),
            month: self.month,
            department: only.map(|only| project.register.name(only).to_owned()),
            version: form_version(
                Self::tables(project, self.periods)
                    .map(|(_, schema)| (schema, self.periods.of(&schema.name))),
            ),
        };
        workbook(&Form {
            register: &project.register,
            cells: &project.settings.cells,
            sheets: sheets.collect(),
            identity: Some(identity),
            note: project.settings.forms_note.as_deref(),
            month: self.month,
        })
    }
}

/// The file name of a department's form or answer: its number in the official order and its name.
pub fn department_file_name(project: &Project, department: usize, extension: &str) -> String {
    let digits = project.register.iter().count().to_string().len().max(2);
    let name = safe_file_name(project.register.name(department));
    format!("{:0digits$}-{name}.{extension}", department + 1)
}
