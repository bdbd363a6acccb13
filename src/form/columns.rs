//! Which columns a form has, from left to right, and how its header is laid out over them.

use super::FormSheet;
use crate::project::{ColumnRole, ColumnSchema, TableSchema, normal};
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

/// The columns of a sheet. A department's own form needs no 序号.
pub(super) fn columns(sheet: &FormSheet<'_>, has_sequence: bool) -> Vec<FormColumn> {
    let declared = &sheet.schema.columns;
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
        columns.extend(group.clone().map(FormColumn::Declared));
        if sheet.former.is_some() {
            columns.extend(group.filter(|at| is_entry(sheet.schema, *at)).map(FormColumn::Former));
        }
    }
    columns
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
