//! A yuebao.toml made to hang the program or to exhaust its stack ends with a finding at its place.

use crate::harness::{Bulletin, MONTH, Run};

const FORMULA: &str = "operations.total.accepted + operations.total.mailed";

/// Named figures of which each is computed from the one before, twice.
fn chain(length: usize, step: impl Fn(&str) -> String) -> String {
    let figure = |index: usize| {
        let before = match index {
            0 => "operations.total.accepted".to_owned(),
            _ => format!("figures.link_{}", index - 1),
        };
        format!("\n[[figure]]\nname = \"link_{index}\"\nformula = \"{}\"\n", step(&before))
    };
    // The last one comes first, so that asking for it asks for all others.
    (0..length).rev().map(figure).collect()
}

#[test]
fn nesting_and_length_of_a_formula_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let signs = format!("{}1", "-".repeat(100_000));
    let calls = format!("{}operations.total.accepted{}", "prev(".repeat(20_000), ")".repeat(20_000));
    let long = vec!["operations.total.accepted"; 20_000].join(" + ");
    for (formula, message) in [
        (deep, "Y0405 算式有误：算式嵌套太深"),
        (signs, "Y0405 算式有误：算式嵌套太深"),
        (calls, "Y0405 算式有误：算式嵌套太深"),
        (long, "Y0405 算式有误：算式太长"),
    ] {
        let answer = Bulletin::new().with_edit("yuebao.toml", FORMULA, &formula).check();
        assert!(answer.messages()[0].starts_with(message), "{}", answer.messages()[0]);
        assert!(answer.findings()[0].starts_with("Y0405 yuebao.toml:11:"), "{:?}", answer.findings());
    }
}

#[test]
fn figures_that_lean_on_each_other_are_computed_once_each() {
    // Without that, the last of them would take 2^40 steps.
    let doubled = chain(40, |before| format!("{before} - {before} / 2"));
    let bulletin = Bulletin::new().with_addition("yuebao.toml", &doubled);
    bulletin.run(&["check", MONTH]).done();
}

#[test]
fn a_chain_of_figures_is_no_deeper_than_its_bound() {
    let bulletin =
        Bulletin::new().with_addition("yuebao.toml", &chain(2_000, |before| format!("{before} + 1")));
    let answer = bulletin.check();
    assert!(answer.messages().iter().any(|it| it.contains("套得太深")), "{:?}", answer.messages());
}

#[test]
fn times_that_multiply_are_bounded() {
    let shifted = chain(300, |before| format!("prev({before}) + year_ago({before}) + ytd({before})"));
    let bulletin = Bulletin::new().with_addition("yuebao.toml", &shifted);
    let answer = bulletin.check();
    assert!(!answer.findings().is_empty());
}

#[test]
fn numbers_too_large_to_be_computed_are_a_finding() {
    let squared = chain(12, |before| format!("{before} * {before}"));
    let answer = Bulletin::new().with_addition("yuebao.toml", &squared).check();
    assert!(
        answer.findings().iter().any(|it| it.starts_with("Y0405 yuebao.toml:")),
        "{:?}",
        answer.findings()
    );
}

#[cfg(unix)]
#[test]
fn a_small_stack_of_the_system_is_enough() {
    let step = |before: &str| format!("{}{before} + 1{}", "(".repeat(50), ")".repeat(50));
    let bulletin = Bulletin::new().with_addition("yuebao.toml", &chain(2_000, step));
    for verb in ["check", "figures"] {
        // What Windows gives the first thread.
        let run = Run::new(bulletin.root(), &[verb, MONTH, "--format", "json"]).after("ulimit -s 1024");
        run.outcome().ending_with(1);
    }
}
