//! Blank workbooks for the declared tables: one for a department, or one with a row for each.
//!
//! What is filled in is unlocked, told apart by its colour and guarded by
//! validation; everything else is protected without a password.

mod columns;
mod former;
mod guidance;
mod identity;
mod set;
mod sheet;
mod spreadsheet_formula;
mod style;
mod title;

pub use former::{FormerValues, former_values};
pub use identity::{FormIdentity, form_version};
pub use set::{FormFile, FormSet, department_file_name};
pub use title::table_title;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::project::{CellRules, Month, Register, TableSchema};

/// A blank workbook in the making.
pub struct Form<'a> {
    /// The departments.
    pub register: &'a Register,
    /// How cells are read: which marks and numbers the validation lets pass.
    pub cells: &'a CellRules,
    /// The sheets, one for each table.
    pub sheets: Vec<FormSheet<'a>>,
    /// For workbooks that go out to departments: whose form it is, and for what.
    pub identity: Option<FormIdentity>,
    /// What stands below the tables.
    pub note: Option<&'a str>,
    /// The month; a form has no date but this.
    pub month: Month,
}

/// A sheet with one declared table.
pub struct FormSheet<'a> {
    /// The declared table.
    pub schema: &'a TableSchema,
    /// The sheet's name.
    pub name: String,
    /// The title above the table.
    pub title: String,
    /// The month that the table reports on.
    pub period: Month,
    /// The rows, in official order.
    pub rows: Vec<FormRow>,
    /// The values of the month before, shown in grey beside the entry cells.
    pub former: Option<&'a FormerValues>,
}

/// A department's row.
pub struct FormRow {
    /// The index of the department in the register.
    pub department: usize,
    /// What stands in the entry cells already, in the order of the columns; blank where there is none.
    pub entries: Vec<String>,
}

impl<'a> Form<'a> {
    /// A workbook that stays in the office: nothing in it is protected.
    pub fn of_office(
        register: &'a Register,
        cells: &'a CellRules,
        sheet: FormSheet<'a>,
        month: Month,
    ) -> Self {
        Self { register, cells, sheets: vec![sheet], identity: None, note: None, month }
    }
}

impl<'a> FormSheet<'a> {
    /// A sheet with a blank row for each department that is active in the period.
    pub fn blank(schema: &'a TableSchema, register: &Register, title: String, period: Month) -> Self {
        let departments = register.iter().enumerate();
        let rows = departments
            .filter(|(_, department)| department.is_active(period))
            .map(|(department, _)| FormRow { department, entries: Vec::new() })
            .collect();
        Self { schema, name: "Sheet1".to_owned(), title, period, rows, former: None }
    }
}

/// Makes a workbook as xlsx: the same bytes at any time.
pub fn workbook(form: &Form<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(form.month.year, form.month.month, 1)?;
    let title = form.sheets.first().map(|sheet| sheet.title.as_str()).unwrap_or_default();
    let mut properties = DocProperties::new().set_title(title).set_creation_datetime(&created);
    if let Some(identity) = &form.identity {
        properties = identity.properties(properties);
    }
    workbook.set_properties(&properties);
    for sheet in &form.sheets {
        sheet::write(form, sheet, workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}
