//! Where 合计 stands in the row of totals.

use std::ops::Range;

use crate::project::ColumnRole;

/// The columns over which 合计 goes: the department's, with those beside it that hold no numbers. A column without a
/// role of its own holds numbers: those of the month before, in a form.
pub fn total_label(columns: &[Option<&ColumnRole>]) -> Range<usize> {
    let holds_no_numbers =
        |role: &&Option<&ColumnRole>| matches!(role, Some(ColumnRole::Sequence | ColumnRole::Department));
    let is_department = |role: &Option<&ColumnRole>| matches!(role, Some(ColumnRole::Department));
    let department = columns.iter().position(is_department).unwrap_or_default();
    let (before, from_here) = columns.split_at(department);
    let start = department - before.iter().rev().take_while(holds_no_numbers).count();
    start..department + from_here.iter().take_while(holds_no_numbers).count()
}
