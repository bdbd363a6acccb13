//! Findings that have something in common, brought together.

use std::collections::BTreeMap;

use super::Diagnostic;

/// The findings in groups of those with the same key, each group where its first one stands; one without a key is a
/// group by itself.
pub fn grouped<K: Ord>(
    diagnostics: Vec<Diagnostic>,
    key: impl Fn(&Diagnostic) -> Option<K>,
) -> Vec<Vec<Diagnostic>> {
    let mut groups: Vec<Vec<Diagnostic>> = Vec::new();
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let place = match key(&diagnostic) {
            Some(key) => *places.entry(key).or_insert(groups.len()),
            None => groups.len(),
        };
        match groups.get_mut(place) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}
