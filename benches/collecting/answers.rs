//! A bulletin whose departments have all answered: the forms of its second month, filled in.

use std::fs;
use std::path::{Path, PathBuf};

use yuebao::form::{
    Form, FormIdentity, FormRow, FormSet, FormSheet, form_version, former_values, table_title, workbook,
};
use yuebao::project::{Folder, Month, Periods, Project};
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
pub fn asked_month() -> Option<Month> {
    load::months(2).last().and_then(|name| Month::parse(name))
}

/// Makes the bulletin and an answer of each department.
pub fn make(folder: &Path, departments: u32) -> Result<Asked, Failure> {
    let asked = Asked::below(folder);
    load::make(&asked.folder, Load { months: 2, departments, pages: 1 })
        .map_err(|error| error.to_string())?;
    fs::create_dir_all(&asked.inbox)?;
    let project = asked.project()?;
    let month = asked_month().ok_or("no month")?;
    let (periods, _) = Periods::of_month(&project.folder, month);
    let former = former_values(&project, month, |table| periods.of(table), &Isolation::InProcess);
    for department in FormSet::departments(&project, &periods) {
        let sheets = FormSet::tables(&project).map(|(index, schema)| {
            let period = periods.of(&schema.name);
            // Somewhat more than last month, as it is with most departments.
            let values = former.get(index).and_then(Option::as_ref);
            let entries = (0..schema.columns.len()).filter_map(|column| {
                let number = values?.get(department, column)?.number()?;
                Some((number * rust_decimal::Decimal::new(105, 2)).round().to_string())
            });
            FormSheet {
                schema,
                name: "填报表".to_owned(),
                title: table_title(&project, schema, month, period),
                period,
                rows: vec![FormRow { department, entries: entries.collect() }],
                former: values,
            }
        });
        let name = project.register.name(department).to_owned();
        let identity = FormIdentity {
            bulletin: project.settings.title.clone(),
            month,
            department: Some(name.clone()),
            version: form_version(FormSet::tables(&project).map(|(_, schema)| schema)),
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
    Ok(asked)
}
