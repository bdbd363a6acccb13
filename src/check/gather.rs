//! Findings of one check in one table, gathered where there are too many to be read. This is done last: before, each
//! can be acknowledged by itself.

use crate::diagnostic::{Diagnostic, Rule, grouped, rules};

/// The most findings of one check in one table that are told one by one.
const MOST_TOLD: usize = 10;
/// The most places that are listed.
const MOST_PLACES: usize = 40;

/// The rules of checks that look at each row.
const GATHERED: [&Rule; 5] = [
    &rules::CHECK_FAILED,
    &rules::CHECK_JUMP,
    &rules::CHECK_OUTPUT_WITHOUT_INTAKE,
    &rules::CHECK_SILENT,
    &rules::CHECK_TRANSPOSED,
];

/// The findings one by one, or all of a check in the first one where there are too many.
pub fn gather(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    grouped(diagnostics, check_of)
        .into_iter()
        .flat_map(|group| if group.len() > MOST_TOLD { vec![joined(group)] } else { group })
        .collect()
}

/// The check and the file of a finding: its code, the name of a declared one, and where it looked.
fn check_of(diagnostic: &Diagnostic) -> Option<(&'static str, String, String)> {
    let is_declared = diagnostic.rule == &rules::CHECK_FAILED;
    let name = diagnostic.about.first().filter(|_| is_declared).cloned().unwrap_or_default();
    let file = diagnostic.location.as_ref().map(|at| at.path().to_owned()).unwrap_or_default();
    GATHERED.contains(&diagnostic.rule).then_some((diagnostic.rule.code, name, file))
}

fn joined(mut group: Vec<Diagnostic>) -> Diagnostic {
    let count = group.len();
    let places: Vec<String> = group.iter().filter_map(|found| found.location.as_ref()?.cell_name()).collect();
    let more = if places.len() > MOST_PLACES { "……" } else { "" };
    let places: Vec<&str> = places.iter().take(MOST_PLACES).map(String::as_str).collect();
    let about: Vec<String> = group.iter().skip(1).flat_map(|found| found.about.clone()).collect();
    let mut first = group.swap_remove(0);
    first.message = format!("有 {count} 处同样的情况，第一处：{}", first.message);
    first.hints.push(format!("各处在：{}{more}", places.join("、")));
    first.places = count;
    first.about.extend(about);
    first.about.dedup();
    first
}
