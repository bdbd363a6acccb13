//! The same issue gives the same bytes, whatever the time zone, the locale and the folder.

use std::path::Path;

use crate::harness::{Bulletin, MONTH, OUTPUTS, Run};

fn build(bulletin: &Bulletin, from: &Path, words: &[&str], time_zone: &str, language: &str) -> [Vec<u8>; 4] {
    Run::new(from, words)
        .env("TZ", time_zone)
        .env("LANG", language)
        .env("LC_ALL", language)
        .env("SOURCE_DATE_EPOCH", "1000000000")
        .outcome()
        .done();
    bulletin.outputs()
}

#[test]
fn two_builds_give_the_same_bytes() {
    let here = Bulletin::new();
    let there = Bulletin::in_folder("月报 副本 (2)");
    let first = build(&here, here.root(), &["build", MONTH], "Asia/Shanghai", "zh_CN.UTF-8");
    // Another folder, found upwards from a folder below it.
    let second = build(&there, &there.path("data/2025-07"), &["build", MONTH], "America/Los_Angeles", "C");
    // The first folder again, named from outside, among other months.
    let here = here.with_month("2025-06").with_month("2025-08");
    let root = here.root().to_str().unwrap().to_owned();
    let third = build(
        &here,
        &std::env::temp_dir(),
        &["-C", &root, "build", "--all"],
        "Pacific/Kiritimati",
        "tr_TR.UTF-8",
    );
    for (index, name) in OUTPUTS.iter().enumerate() {
        assert!(first[index] == second[index], "{name} differs between folders");
        // The checking sheet tells what past months there were to hold the figures against.
        assert!(first[index] == third[index] || *name == "checks.html", "{name} differs between runs");
    }
}

#[test]
fn outputs_name_no_folder_of_the_machine_and_no_time() {
    let bulletin = Bulletin::in_folder("这个文件夹");
    bulletin.build().is_clean();
    let outputs = bulletin.outputs();
    for (name, bytes) in OUTPUTS.iter().zip(&outputs) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("这个文件夹") && !text.contains(bulletin.root().to_str().unwrap()), "{name}");
    }
    // The day of the issue, midnight UTC.
    assert!(String::from_utf8_lossy(&outputs[0]).contains("20250805000000"), "the PDF's date is the issue's");
}
