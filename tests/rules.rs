//! The list of rules itself: each can be explained, and each is provoked by some test.

use std::fs;
use std::path::Path;

use yuebao::diagnostic::rules;

use crate::harness::{REPOSITORY, assert_chinese, run_in};

/// Rules that no test of this binary provokes, and why.
const NOT_PROVOKED: [(&str, &str); 4] = [
    ("Y0228", "a reader that needs twenty seconds would hold up every run of the tests"),
    ("Y0229", "a reader that dies is provoked where the child process is tested"),
    ("Y0703", "a fault of the program is provoked where the threads are tested"),
    ("Y0704", "a program that writes for half a minute is provoked where the lock is tested"),
];

#[test]
fn every_rule_is_explained_in_chinese() {
    for rule in rules::all() {
        let outcome = run_in(&std::env::temp_dir(), &["explain", rule.code]).done();
        assert_chinese(&outcome.stdout);
        for part in [rule.code, rule.title, rule.meaning, rule.remedy] {
            assert!(outcome.stdout.contains(part), "{part} in {}", outcome.stdout);
        }
    }
}

#[test]
fn every_rule_is_provoked_by_a_test() {
    let mut tests = String::new();
    for entry in fs::read_dir(Path::new(REPOSITORY).join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if is_source && !path.ends_with("rules.rs") && !path.ends_with("layout.rs") {
            tests.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    let unprovoked: Vec<&str> = rules::all()
        .map(|rule| rule.code)
        // A finding that is expected is written as its code and something behind it.
        .filter(|code| !tests.contains(&format!("\"{code}")) && !tests.contains(&format!("; {code}")))
        .filter(|code| NOT_PROVOKED.iter().all(|(other, _)| other != code))
        .collect();
    assert_eq!(unprovoked, [""; 0]);
}
