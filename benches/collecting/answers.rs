//! A bulletin whose departments have all answered: the forms of its second month, filled in.

use std::fs;
use std::path::{Path, PathBuf};

use yuebao::form::{
    Form, FormIdentity, FormRow, FormSet, FormSheet, form_version, former_values, table_title, workbook,
};
use yuebao::project::{Folder, Month, Periods, Project, TableSchema};
use yuebao::source::Isolation;

use crate::Failure;
use crate::load::{self, Load};

/// A bulletin, and the answers that came in.
pub struct Asked {
    /// The bulletin's folder.
    pub folder: PathBuf,
    /// The folder with the answers, one for each department.
    pub inbox: PathBuf,
}

impl Asked {
    /// Where they are below a folder.
    pub fn below(folder: &Path) -> Self {
        Self { folder: folder.join("bulletin"), inbox: folder.join("in") }
    }

    /// Opens the bulletin.
    pub fn project(&self) -> Result<Project, Failure> {
        let folder = Folder::find(&self.folder).ok_or("no bulletin")?;
        let (project, found) = Project::open(folder);
        project.ok_or_else(|| format!("{found:?}").into())
    }
}

/// The month that departments are asked for; the one before it has its figures.
pub fn asked_month() -> Result<Month, Failure> {
    Ok(load::months(2).last().and_then(|name| Month::parse(name)).ok_or("no month")?)
}

/// Makes the bulletin and an answer of each department.
pub fn make(folder: &Path, departments: u32) -> Result<Asked, Failure> {
    let asked = Asked::below(folder);
    load::make(&asked.folder, Load { months: 2, departments, pages: 1 })
        .map_err(|error| error.to_string())?;
    fs::create_dir_all(&asked.inbox)?;
    let project = asked.project()?;
    let month = asked_month()?;
    let former_month = month.back(1).ok_or("no month before")?;
    let (periods, _) = Periods::of_month(&project.folder, month);
    for (_, schema) in FormSet::tables(&project, &periods) {
        let sheet = filled_in(&project, schema, former_month, 0..departments as usize, 1);
        let form = Form::of_office(&project.register, &project.settings.cells, sheet, former_month);
        let name = format!("{}/{}.xlsx", Folder::month_folder(former_month), schema.file);
        fs::write(asked.folder.join(name), workbook(&form)?)?;
    }
    let former = former_values(&project, month, |table| periods.of(table), &Isolation::InProcess)
        .map_err(|found| found.message)?;
    for department in FormSet::departments(&project, &periods) {
        let sheets = FormSet::tables(&project, &periods).map(|(index, schema)| FormSheet {
            former: former.get(index).and_then(Option::as_ref),
            ..filled_in(&project, schema, month, department..department + 1, 2)
        });
        let name = project.register.name(department).to_owned();
        let identity = FormIdentity {
            bulletin: project.settings.title.clone(),
            month,
            department: Some(name.clone()),
            version: form_version(FormSet::tables(&project, &periods).map(|(_, schema)| (schema, month))),
        };
        let form = Form {
            register: &project.register,
            cells: &project.settings.cells,
            sheets: sheets.collect(),
            identity: Some(identity),
            note: None,
            month,
        };
        fs::write(asked.inbox.join(format!("{name}.xlsx")), workbook(&form)?)?;
    }
    load::settle(folder).map_err(|error| error.to_string())?;
    Ok(asked)
}

/// A sheet with the figures of some departments, which raise no question.
fn filled_in<'a>(
    project: &'a Project,
    schema: &'a TableSchema,
    period: Month,
    departments: std::ops::Range<usize>,
    added: usize,
) -> FormSheet<'a> {
    let entered = schema.columns.iter().filter(|column| column.number().is_some() && !column.is_derived());
    let columns = entered.count();
    let entries = |department: usize| (0..columns).map(move |at| 10_000 + department * 7 + added - at);
    let rows = departments.map(|department| FormRow {
        department,
        entries: entries(department).map(|entry| entry.to_string()).collect(),
    });
    FormSheet {
        schema,
        name: "填报表".to_owned(),
        title: table_title(project, schema, period, period),
        period,
        rows: rows.collect(),
        former: None,
    }
}
