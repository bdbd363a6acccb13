//! Findings that have something in common, brought together.

use std::collections::BTreeMap;

/// The findings in groups of those with the same key, each group where its first one stands; one without a key is a
/// group by itself.
pub fn grouped<F, K: Ord>(findings: Vec<F>, key: impl Fn(&F) -> Option<K>) -> Vec<Vec<F>> {
    let mut groups: Vec<Vec<F>> = Vec::new();
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    for finding in findings {
        let place = match key(&finding) {
            Some(key) => *places.entry(key).or_insert(groups.len()),
            None => groups.len(),
        };
        match groups.get_mut(place) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}
