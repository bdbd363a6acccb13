//! What a form says about itself in its document properties, so that it is known under any file name.

use rust_xlsxwriter::DocProperties;

use super::columns::filled_columns;
use crate::project::{ColumnRole, Month, NumberColumn, TableSchema};

/// The names of the document properties.
const BULLETIN: &str = "yuebao.bulletin";
const MONTH: &str = "yuebao.month";
const DEPARTMENT: &str = "yuebao.department";
const VERSION: &str = "yuebao.form";

/// The value of the department's property in a form with a row for each.
const EVERY_DEPARTMENT: &str = "*";

/// Raised whenever the layout of forms changes in a way that matters to whoever reads them, or what their version
/// depends on.
const LAYOUT: u32 = 2;
/// The layout of forms whose version depends on nothing but names, headers and units.
const FIRST_LAYOUT: u32 = 1;

/// Whose form it is, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormIdentity {
    /// The bulletin's title.
    pub bulletin: String,
    /// The month.
    pub month: Month,
    /// The department's official name; none in a form with a row for each.
    pub department: Option<String>,
    /// The layout and the declared columns that the form was made from.
    pub version: String,
}

impl FormIdentity {
    /// Adds the identity to a document's properties.
    pub(super) fn properties(&self, properties: DocProperties) -> DocProperties {
        properties
            .set_custom_property(BULLETIN, self.bulletin.as_str())
            .set_custom_property(MONTH, self.month.to_string())
            .set_custom_property(DEPARTMENT, self.department.as_deref().unwrap_or(EVERY_DEPARTMENT))
            .set_custom_property(VERSION, self.version.as_str())
    }

    /// The identity that a document's properties give; none where it is no form, or has lost them.
    pub fn read<'a>(property: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let department = property(DEPARTMENT)?;
        Some(Self {
            bulletin: property(BULLETIN)?.to_owned(),
            month: Month::parse(property(MONTH)?)?,
            department: Some(department.to_owned()).filter(|name| name != EVERY_DEPARTMENT),
            version: property(VERSION)?.to_owned(),
        })
    }

    /// Whether it is the identity of a form of these tables in the months that they report on, as they are declared
    /// now; of a form that was sent out by a program before this one, as far as it tells.
    pub fn is_of<'a>(&self, tables: impl IntoIterator<Item = (&'a TableSchema, Month)>) -> bool {
        let is_first = self.version.split('.').next() == Some(FIRST_LAYOUT.to_string().as_str());
        self.version == version(tables, if is_first { FIRST_LAYOUT } else { LAYOUT })
    }
}

/// The version of a form of these tables in the months that they report on: a form made before a column that it holds
/// was declared anew has another.
pub fn form_version<'a>(tables: impl IntoIterator<Item = (&'a TableSchema, Month)>) -> String {
    version(tables, LAYOUT)
}

fn version<'a>(tables: impl IntoIterator<Item = (&'a TableSchema, Month)>, layout: u32) -> String {
    let mut declared = blake3::Hasher::new();
    for (table, period) in tables {
        declared.update(table.name.as_bytes()).update(b"\n");
        let filled = filled_columns(table, period);
        for (column, is_filled) in table.columns.iter().zip(filled) {
            if matches!(column.role, ColumnRole::Sequence) || !column.term.covers(period) {
                continue;
            }
            let number = column.number();
            let unit = number.map(NumberColumn::unit_text).unwrap_or_default();
            let mut line = format!("{}\t{}\t{unit}", column.name, column.header_text());
            if layout > FIRST_LAYOUT {
                if !is_filled {
                    continue;
                }
                // What the cells let in, and reckon.
                if let Some(NumberColumn { decimals, negative, formula, .. }) = number {
                    let formula = formula.as_ref().map(|formula| formula.template.as_str());
                    line.push_str(&format!("\t{decimals}\t{negative}\t{}", formula.unwrap_or_default()));
                }
            }
            declared.update(line.as_bytes()).update(b"\n");
        }
    }
    let hash = declared.finalize().to_hex();
    format!("{layout}.{}", &hash[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_needs_all_of_its_properties() {
        let read = |department: &'static str, month: &'static str| {
            FormIdentity::read(|name| match name {
                BULLETIN => Some("月报"),
                MONTH => Some(month),
                DEPARTMENT => Some(department),
                VERSION => Some("1.0"),
                _ => None,
            })
        };
        assert_eq!(read("公安厅", "2025-08").unwrap().department.as_deref(), Some("公安厅"));
        assert_eq!(read(EVERY_DEPARTMENT, "2025-08").unwrap().department, None);
        assert_eq!(read("公安厅", "八月"), None);
        assert_eq!(FormIdentity::read(|_| None), None);
    }
}
