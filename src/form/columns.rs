//! Which columns a form has, from left to right, and how its header is laid out over them.

use super::FormSheet;
use super::spreadsheet_formula::spreadsheet_formula;
use crate::project::{ColumnRole, ColumnSchema, Month, TableSchema, normal};
use crate::render::{HeaderCell, header_rows_of};
use crate::table::FORMER_LABEL;

/// A column of a form; the index is that of the declared column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormColumn {
    /// The declared column itself.
    Declared(usize),
    /// The value of the month before, beside it.
    Former(usize),
}

/// The columns of a sheet. A department's own form needs no 序号, and what is sent out no column that nobody fills in.
pub(super) fn columns(sheet: &FormSheet<'_>, has_sequence: bool, is_sent: bool) -> Vec<FormColumn> {
    let declared = &sheet.schema.columns;
    let has_content = filled_columns(sheet.schema, sheet.period);
    let mut columns = Vec::new();
    let mut index = 0;
    while let Some(column) = declared.get(index) {
        // Columns under one and the same header stay together.
        let belongs = |other: &&ColumnSchema| other.header == column.header && other.term == column.term;
        let sharing = declared[index..].iter().take_while(belongs).count();
        let group = index..index + sharing;
        index += sharing;
        if !column.term.covers(sheet.period) {
            continue;
        }
        if !has_sequence && matches!(column.role, ColumnRole::Sequence) {
            continue;
        }
        // Columns that share a header are told apart by their order: none of them may be missing.
        let shares = |other: &&ColumnSchema| {
            other.term.covers(sheet.period) && other.normal_header == column.normal_header
        };
        let is_alone = declared.iter().filter(shares).count() == 1;
        if is_sent && is_alone && !has_content.get(group.start).is_some_and(|has| *has) {
            continue;
        }
        columns.extend(group.clone().map(FormColumn::Declared));
        if sheet.former.is_some() {
            columns.extend(group.filter(|at| is_entry(sheet.schema, *at)).map(FormColumn::Former));
        }
    }
    columns
}

/// For each declared column whether its cells are filled in, by a department or by the sheet: where a formula looks
/// back at other months, or at other departments, the sheet cannot.
pub(super) fn filled_columns(schema: &TableSchema, period: Month) -> Vec<bool> {
    let is_there = |column: &ColumnSchema| column.term.covers(period);
    let mut filled: Vec<bool> =
        schema.columns.iter().map(|column| is_there(column) && !column.is_derived()).collect();
    loop {
        let cell_of = |name: &str| {
            let has_cell = |index: &usize| filled.get(*index).is_some_and(|has| *has);
            schema.number_column(name).filter(has_cell).map(|_| name.to_owned())
        };
        let is_computed = |(index, column): (usize, &ColumnSchema)| {
            let number =
                column.number().filter(|_| is_there(column) && !filled.get(index).is_some_and(|has| *has));
            number.is_some_and(|number| spreadsheet_formula(number, cell_of).is_some())
        };
        let computed: Vec<bool> = schema.columns.iter().enumerate().map(is_computed).collect();
        if !computed.contains(&true) {
            return filled;
        }
        filled = filled.iter().zip(&computed).map(|(one, other)| *one || *other).collect();
    }
}

/// Whether departments fill in a declared column.
pub(super) fn is_entry(schema: &TableSchema, index: usize) -> bool {
    let number = schema.columns.get(index).and_then(|column| column.number());
    number.is_some_and(|number| number.formula.is_none())
}

/// The header's rows over some columns.
pub(super) fn header(schema: &TableSchema, columns: &[FormColumn]) -> Vec<Vec<HeaderCell>> {
    let path = |column: &FormColumn| match *column {
        FormColumn::Declared(index) => {
            schema.columns.get(index).map(|column| column.header.clone()).unwrap_or_default()
        }
        FormColumn::Former(index) => {
            let mut path = schema.columns.get(index).map(|column| column.header.clone()).unwrap_or_default();
            if let Some(last) = path.last_mut() {
                FORMER_LABEL.clone_into(last);
            }
            path
        }
    };
    let paths: Vec<Vec<String>> = columns.iter().map(path).collect();
    let paths: Vec<&[String]> = paths.iter().map(Vec::as_slice).collect();
    header_rows_of(&paths)
}

/// The units of the columns whose header does not tell them, if there are any.
pub(super) fn units(schema: &TableSchema, columns: &[FormColumn]) -> Option<Vec<String>> {
    let unit = |column: &FormColumn| {
        let FormColumn::Declared(index) = *column else { return String::new() };
        let column = schema.columns.get(index);
        let unit = column.and_then(|column| column.number()?.unit.clone());
        let told = column.map(|column| column.normal_header.clone()).unwrap_or_default();
        unit.filter(|unit| !told.contains(&normal(unit)))
            .map(|unit| format!("单位：{unit}"))
            .unwrap_or_default()
    };
    let units: Vec<String> = columns.iter().map(unit).collect();
    units.iter().any(|unit| !unit.is_empty()).then_some(units)
}
