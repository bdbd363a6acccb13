//! The nearest names to a misspelt one, for hints.

/// How alike two names must be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.55;

/// The longest name, in characters, that is compared: comparing takes the product of two lengths.
const LONGEST: usize = 60;

/// The names most like `wanted`, the likeliest first, at most three.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if wanted.chars().nth(LONGEST).is_some() {
        return Vec::new();
    }
    let mut ranked: Vec<(f64, &str)> = names
        .into_iter()
        .filter(|name| name.chars().nth(LONGEST).is_none())
        .map(|name| (likeness(wanted, name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    // The sort is stable: names equally alike stay in the given order.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.dedup_by(|a, b| a.1 == b.1);
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

fn likeness(wanted: &str, name: &str) -> f64 {
    // A short form is often a part of the name: 测绘局 for 四川测绘局.
    let contained = wanted.chars().count() >= 2 && (name.contains(wanted) || wanted.contains(name));
    let distance = strsim::normalized_damerau_levenshtein(wanted, name);
    if contained { distance.max(0.8) } else { distance }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_likeliest_name_comes_first() {
        let names = ["公安厅", "省公安厅", "司法厅", "民政厅"];
        assert_eq!(nearest("公安庁", names), ["公安厅"]);
        assert_eq!(nearest("online_acepted", ["mailed", "online_accepted"]), ["online_accepted"]);
        assert!(nearest("气象局", names).is_empty());
    }
}
