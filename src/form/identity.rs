//! What a form says about itself in its document properties, so that it is known under any file name.

use rust_xlsxwriter::DocProperties;

use crate::project::{ColumnRole, ColumnSchema, Month, TableSchema};

/// The names of the document properties.
const BULLETIN: &str = "yuebao.bulletin";
const MONTH: &str = "yuebao.month";
const DEPARTMENT: &str = "yuebao.department";
const VERSION: &str = "yuebao.form";

/// The value of the department's property in a form with a row for each.
const EVERY_DEPARTMENT: &str = "*";

/// Raised whenever the layout of forms changes in a way that matters to whoever reads them.
const LAYOUT: u32 = 1;

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
}

/// The version of a form of these tables in the months that they report on: a form made before a column was
/// declared anew has another.
pub fn form_version<'a>(tables: impl IntoIterator<Item = (&'a TableSchema, Month)>) -> String {
    let mut declared = blake3::Hasher::new();
    for (table, period) in tables {
        declared.update(table.name.as_bytes()).update(b"\n");
        let is_there = |column: &&ColumnSchema| {
            !matches!(column.role, ColumnRole::Sequence) && column.term.covers(period)
        };
        for column in table.columns.iter().filter(is_there) {
            let unit = column.number().and_then(|number| number.unit.as_deref()).unwrap_or_default();
            declared.update(format!("{}\t{}\t{unit}\n", column.name, column.header_text()).as_bytes());
        }
    }
    let hash = declared.finalize().to_hex();
    format!("{LAYOUT}.{}", &hash[..12])
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
