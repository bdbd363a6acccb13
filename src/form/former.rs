//! The values of the month before, as a help for whoever fills in a form.

use std::collections::BTreeMap;

use crate::calculation::MonthStore;
use crate::diagnostic::Diagnostic;
use crate::figure::Amount;
use crate::project::{Month, Project};
use crate::source::Isolation;

/// The amounts of one table by department and declared column.
#[derive(Debug, Clone, Default)]
pub struct FormerValues {
    amounts: BTreeMap<(usize, usize), Amount>,
}

impl FormerValues {
    /// What a department had in a column; none where it had no answer.
    pub fn get(&self, department: usize, column: usize) -> Option<Amount> {
        self.amounts.get(&(department, column)).copied().filter(|amount| *amount != Amount::Missing)
    }
}

/// For each declared table its values of the month before; none where that month has none that can
/// be read. What is wrong with the former month is no concern of this one's forms; that it could not be looked at for
/// other reasons is an error.
pub fn former_values(
    project: &Project,
    month: Month,
    period: impl Fn(&str) -> Month,
    isolation: &Isolation,
) -> Result<Vec<Option<FormerValues>>, Diagnostic> {
    let tables = &project.settings.tables;
    let nothing = || tables.iter().map(|_| None).collect();
    let Some(earlier) = month.back(1).filter(|earlier| project.folder.has_month(*earlier)) else {
        return Ok(nothing());
    };
    let Some(entered) = MonthStore::default().month(project, isolation, earlier) else {
        return Ok(nothing());
    };
    if let Some(failure) = entered.reading_failures().next() {
        return Err(failure.clone());
    }
    let values = tables.iter().enumerate().map(|(index, schema)| {
        let before = period(&schema.name).back(1);
        if !schema.asked || before.is_none() || before != entered.inputs.known_period(&schema.name) {
            return None;
        }
        let mut values = FormerValues::default();
        for row in &entered.table(index)?.rows {
            for (column, place) in row.cells.iter().enumerate() {
                if let Some(place) = place {
                    values.amounts.insert((row.department, column), entered.ledger.amount(*place));
                }
            }
        }
        (!values.amounts.is_empty()).then_some(values)
    });
    Ok(values.collect())
}
