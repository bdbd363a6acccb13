//! Between reading and writing: a reader that fails, a request to stop, inputs that change.
#![cfg(unix)]

use std::fs;
use std::sync::atomic::AtomicBool;

use yuebao::build::Workshop;
use yuebao::diagnostic::{Diagnostic, has_errors};
use yuebao::project::{Folder, Month};
use yuebao::refresh::{Prepared, Refreshed, Request, prepare};
use yuebao::source::Isolation;

use crate::harness::{Bulletin, MONTH};

/// A bulletin as the program has opened it, with another program to read doubtful workbooks.
fn workshop(bulletin: &Bulletin, reader: &str) -> Workshop {
    let folder = Folder::find(bulletin.root()).unwrap();
    let (workshop, found) = Workshop::open(folder, Isolation::Child { program: reader.into() });
    assert_eq!(found, []);
    workshop.unwrap()
}

const BUILD: Request = Request { deny_warnings: false, force: false, dry_run: false };

fn month(written: &str) -> Month {
    Month::parse(written).unwrap()
}

fn told(found: &[Diagnostic]) -> Vec<String> {
    let place = |found: &Diagnostic| found.location.as_ref().map(|at| at.to_string()).unwrap_or_default();
    found.iter().map(|found| format!("{} {}", found.rule.code, place(found))).collect()
}

/// The month before came as a workbook that another process reads; it is not of this bulletin's form.
fn with_old_workbook_before() -> Bulletin {
    let bulletin = Bulletin::new().with_month("2025-06").without_file("data/2025-06/operations.xlsx");
    bulletin.with_file("data/2025-06/operations.xls", include_bytes!("fixtures/sample.xls"))
}

#[test]
fn a_reader_that_fails_stops_the_months_that_look_back() {
    let bulletin = with_old_workbook_before();
    let never = AtomicBool::new(false);
    for reader in ["false", "/nowhere/yuebao"] {
        let workshop = workshop(&bulletin, reader);
        let Refreshed::Failed { diagnostics: found, .. } =
            prepare(&workshop, month(MONTH), BUILD).write(&workshop, &never, &|| ())
        else {
            panic!("{reader}: it must not be built")
        };
        assert_eq!(told(&found), ["Y0229 data/2025-06/operations.xls"], "{reader}");
        assert!(found[0].hints.iter().any(|hint| hint.contains("请再运行一次")), "{found:?}");
        assert!(!bulletin.path("output").exists());
    }
    // A fault of the file itself is another thing: it stops its own month only.
    let sound = workshop(&bulletin, env!("CARGO_BIN_EXE_yuebao"));
    assert!(sound.build(month(MONTH)).0.is_some());
    assert!(has_errors(&sound.build(month("2025-06")).1));
}

#[test]
fn what_fails_after_a_request_to_stop_is_not_done() {
    let bulletin = with_old_workbook_before();
    let workshop = workshop(&bulletin, "false");
    let prepared = prepare(&workshop, month("2025-06"), BUILD);
    assert!(matches!(prepared, Prepared::Done(Refreshed::Failed { .. })));
    assert!(matches!(prepared.write(&workshop, &AtomicBool::new(true), &|| ()), Refreshed::Stopped));
}

#[test]
fn outputs_are_not_written_when_anything_that_they_come_from_changed_meanwhile() {
    let bulletin = Bulletin::new().with_month("2025-06");
    bulletin.run(&["build", "--all"]).done();
    let good = bulletin.outputs();
    let request = Request { force: true, ..BUILD };
    let mut bulletin = bulletin.with_file("fonts/a.txt", "");
    let font = bulletin.bytes("fonts/LiberationSerif-Regular.ttf");
    let workbook = bulletin.bytes("data/2025-06/operations.xlsx");
    let other = bulletin.bytes("data/2025-06/assessment.xlsx");
    for (name, content, expected) in [
        ("yuebao.toml", bulletin.text("yuebao.toml") + "# 1", "yuebao.toml"),
        ("data/departments.toml", bulletin.text("data/departments.toml") + "# 1", "data/departments.toml"),
        (
            "templates/bulletin/lib.typ",
            bulletin.text("templates/bulletin/lib.typ") + "// 1",
            "templates/bulletin/lib.typ",
        ),
        (
            "data/2025-07/issue.toml",
            bulletin.text("data/2025-07/issue.toml") + "# 1",
            "data/2025-07/issue.toml",
        ),
        (
            "data/2025-06/issue.toml",
            bulletin.text("data/2025-06/issue.toml") + "# 1",
            "data/2025-06/issue.toml",
        ),
    ]
    .map(|(name, content, expected)| (name, content.into_bytes(), expected))
    .into_iter()
    .chain([
        ("fonts/b.ttf", font, "fonts"),
        ("data/2025-06/operations.xlsx", other, "data/2025-06/operations.xlsx"),
        ("data/2025-06/another.xlsx", workbook.clone(), "data/2025-06"),
        ("data/2025-06/answers/answers.toml", Vec::new(), "data/2025-06/answers/answers.toml"),
        ("data/2025-05/operations.xlsx", workbook.clone(), "data/2025-05"),
    ]) {
        let workshop = workshop(&bulletin, env!("CARGO_BIN_EXE_yuebao"));
        let prepared = prepare(&workshop, month(MONTH), request);
        bulletin = bulletin.with_file(name, content);
        let Refreshed::Failed { diagnostics: found, .. } =
            prepared.write(&workshop, &AtomicBool::new(false), &|| ())
        else {
            panic!("{name}: it must not be written")
        };
        assert_eq!(told(&found), [format!("Y0702 {expected}")]);
        assert!(bulletin.outputs() == good, "{name}");
        bulletin = bulletin.with_file("data/2025-06/operations.xlsx", &workbook);
        for new in ["fonts/b.ttf", "data/2025-06/another.xlsx", "data/2025-06/answers/answers.toml"] {
            let _ = fs::remove_file(bulletin.path(new));
        }
    }
}

#[test]
fn a_file_that_was_only_touched_meanwhile_is_the_same() {
    let bulletin = Bulletin::new().with_month("2025-06").with_own_fonts();
    let workshop = workshop(&bulletin, env!("CARGO_BIN_EXE_yuebao"));
    let prepared = prepare(&workshop, month(MONTH), BUILD);
    let names = ["yuebao.toml", "fonts/LiberationSerif-Regular.ttf", "data/2025-06/operations.xlsx"];
    let bulletin = names.into_iter().fold(bulletin, |bulletin, name| {
        let content = bulletin.bytes(name);
        bulletin.with_file(name, content)
    });
    // What is no part of the bulletin is nothing to it.
    let bulletin = bulletin.with_file("data/2025-06/说明.docx", "").with_file("fonts/.x.ttf", "");
    let done = prepared.write(&workshop, &AtomicBool::new(false), &|| ());
    assert!(matches!(done, Refreshed::Built { .. }), "{done:?}");
    drop(bulletin);
}
