//! The issue's number beside those of the other months of its year.

use crate::diagnostic::{Diagnostic, rules};
use crate::project::{IssueFile, MonthInputs};

/// A finding if one of `others`, the months that were looked at anyway, has the same number in the same year: it was
/// copied from there.
pub fn repeated_number<'a>(
    inputs: &MonthInputs,
    others: impl Iterator<Item = &'a MonthInputs>,
) -> Option<Diagnostic> {
    let issue = inputs.issue.as_ref()?;
    let of_year = others.filter(|other| other.month.year == inputs.month.year && other.month != inputs.month);
    // The numbers of samples are invented.
    let is_same = |it: &&IssueFile| it.number == issue.number && !it.sample && !issue.sample;
    let mut same = of_year.filter(|other| other.issue.as_ref().filter(is_same).is_some());
    let message = format!("期号 {} 与 {} 一期相同", issue.number, same.next()?.month);
    Some(
        Diagnostic::new(&rules::NUMBER_REPEATED, message)
            .at(issue.number_at.clone())
            .hint("请核对 number；确实相同的，在 issue.toml 中确认"),
    )
}
