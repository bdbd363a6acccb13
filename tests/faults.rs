//! What happens to outputs when the surroundings fail: a killed program, a full disk, denied
//! permissions, two programs at once, files that change while they are read.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Bulletin, MONTH, OUTPUTS, Outcome, Run};

/// The names of everything in the folder of outputs, but for the records' own folder.
fn names(bulletin: &Bulletin) -> Vec<String> {
    let entries = fs::read_dir(bulletin.path("output")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_program_killed_at_any_moment_leaves_old_or_new_files() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let old = bulletin.outputs();
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    let start = Instant::now();
    bulletin.build().is_clean();
    let mut whole_run = start.elapsed();
    let new = bulletin.outputs();
    assert!(old[0] != new[0] && old[1] != new[1]);
    let rounds = 24;
    let mut numbers = [7, 8].into_iter().cycle();
    let mut bulletin = bulletin;
    let mut killed = 0;
    for round in 0..rounds {
        let (number, other) = (numbers.next().unwrap(), 15 - numbers.clone().next().unwrap());
        assert_eq!(number, other);
        let issue = bulletin.text("data/2025-07/issue.toml");
        let issue =
            issue.replace("number = 7", "number = 8").replace("number = 8", &format!("number = {number}"));
        bulletin = bulletin.with_file("data/2025-07/issue.toml", issue);
        let mut child = Run::new(bulletin.root(), &["build", MONTH]).start();
        // Most of the moments lie where files are written: towards the end.
        let share = 1.0 - 0.5 * f64::from(round % 12) / 12.0;
        thread::sleep(whole_run.mul_f64(share));
        child.kill().unwrap();
        match child.wait().unwrap().code() {
            None => killed += 1,
            // The machine has become quicker: aim earlier.
            Some(_) => whole_run = whole_run.mul_f64(0.85),
        }
        for (index, content) in bulletin.outputs().iter().enumerate() {
            assert!(*content == old[index] || *content == new[index], "round {round}: file {index} is whole");
        }
        // What is believed to be up to date is.
        let wanted = if number == 7 { &old } else { &new };
        let told = bulletin.run(&["build", MONTH, "--dry-run"]).done().stderr;
        assert!(!told.contains("没有变化") || bulletin.outputs() == *wanted, "round {round}: {told}");
    }
    assert!(killed > 0, "some of the programs were killed in time");
    bulletin.run(&["build", MONTH]).done();
    // A killed program's leftovers go with the next month that is written.
    bulletin.run(&["build", MONTH, "--force"]).done();
    assert_eq!(
        names(&bulletin),
        [".state", "2025-07.checks.html", "2025-07.figures.json", "2025-07.pdf", "2025-07.typ"]
    );
    bulletin.run(&["verify", MONTH]).done();
}

#[test]
fn a_full_disk_leaves_the_former_outputs() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let good = bulletin.outputs();
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    // The disk ends at the first byte, or within the PDF: a limit in blocks of 512 bytes.
    for blocks in ["0", "8"] {
        let words = ["build", MONTH, "--format", "json"];
        let run = Run::new(bulletin.root(), &words).after(&format!("trap '' XFSZ; ulimit -f {blocks}"));
        let answer = run.outcome().ending_with(2).answer();
        assert_eq!(answer.findings(), ["Y0701 output/2025-07.pdf"]);
        assert_eq!(answer.messages(), ["Y0701 无法写入 output/2025-07.pdf：磁盘已满，或不许写这么大的文件"]);
        assert!(bulletin.outputs() == good, "{blocks}");
        assert_eq!(
            names(&bulletin),
            [".state", "2025-07.checks.html", "2025-07.figures.json", "2025-07.pdf", "2025-07.typ"]
        );
    }
    bulletin.run(&["build", MONTH]).done();
    assert!(bulletin.outputs() != good);
}

/// The program in a folder where it may read everything and write nothing.
fn run_without_permission(bulletin: &Bulletin) -> Outcome {
    let may_do_anything = fs::metadata("/proc/self").unwrap().permissions().mode() != 0
        && Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    // The folder above, which is temporary, is private.
    for folder in [bulletin.root().parent().unwrap(), bulletin.root()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(bulletin.path("output"), fs::Permissions::from_mode(0o555)).unwrap();
    let program = bulletin.root().parent().unwrap().join("yuebao-for-all");
    fs::copy(env!("CARGO_BIN_EXE_yuebao"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(program);
    command.current_dir(bulletin.root()).args(["build", MONTH, "--force"]).stdin(Stdio::null());
    if may_do_anything {
        // Root may write anywhere; nobody may not.
        command.uid(65534).gid(65534);
    }
    let outcome = Outcome::of(command.output().unwrap());
    fs::set_permissions(bulletin.path("output"), fs::Permissions::from_mode(0o755)).unwrap();
    outcome
}

#[test]
fn an_output_folder_without_permission_is_explained_and_left_alone() {
    let bulletin = Bulletin::new().with_own_fonts();
    bulletin.build().is_clean();
    let good = bulletin.outputs();
    let told = run_without_permission(&bulletin).ending_with(2).stderr;
    assert!(told.contains("没有写入权限，或文件正被别的程序打开"), "{told}");
    assert!(told.contains("原有的文件没有改动"), "{told}");
    assert!(bulletin.outputs() == good);
}

#[test]
fn a_record_that_cannot_be_written_does_not_spoil_the_outputs() {
    let bulletin = Bulletin::new().with_file("output/.state/2025-07.json/x", "");
    let answer = bulletin.run(&["build", MONTH, "--format", "json"]).ending_with(2).answer();
    assert_eq!(answer.findings(), ["Y0701 output/.state/2025-07.json"]);
}

#[test]
fn two_programs_at_once_do_not_mix_their_files() {
    let bulletin = Bulletin::new().with_month("2025-06");
    let start = || Run::new(bulletin.root(), &["build", "--all", "--force"]).start();
    let programs: Vec<_> = (0..3).map(|_| start()).collect();
    for program in programs {
        Outcome::of(program.wait_with_output().unwrap()).done();
    }
    bulletin.run(&["verify", "--all"]).done();
    assert_eq!(names(&bulletin).len(), 2 * OUTPUTS.len() + 1, "{:?}", names(&bulletin));
}

#[test]
fn who_comes_second_waits_until_the_first_has_written() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let lock = File::options().write(true).open(bulletin.path("output/.state/2025-07.lock")).unwrap();
    lock.lock().unwrap();
    let mut second = Run::new(bulletin.root(), &["build", MONTH, "--force"]).start();
    // Another month is nobody's business.
    let bulletin = bulletin.with_month("2025-06");
    bulletin.run(&["build", "2025-06"]).done();
    thread::sleep(Duration::from_millis(700));
    assert!(second.try_wait().unwrap().is_none(), "it waits");
    lock.unlock().unwrap();
    Outcome::of(second.wait_with_output().unwrap()).done();
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_printed() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let good = bulletin.outputs();
    let path = bulletin.path("data/2025-07/issue.toml");
    let text = bulletin.text("data/2025-07/issue.toml").replace("number = 7", "number = 8");
    let done = AtomicBool::new(false);
    let outcome = thread::scope(|scope| {
        scope.spawn(|| save_again_and_again(&path, &text, &done));
        // The first of the new contents is there.
        thread::sleep(Duration::from_millis(50));
        let outcome = bulletin.run(&["build", MONTH, "--format", "json"]);
        done.store(true, Ordering::SeqCst);
        outcome
    });
    assert_eq!(outcome.ending_with(1).answer().findings(), ["Y0702 issue.toml"]);
    assert!(bulletin.outputs() == good);
    bulletin.run(&["build", MONTH]).done();
    assert!(bulletin.outputs() != good);
}

/// Saves a file as careful editors do, each time with another content.
fn save_again_and_again(path: &Path, text: &str, done: &AtomicBool) {
    let beside = path.with_extension("saving");
    for count in 0.. {
        fs::write(&beside, format!("{text}# {count}\n")).unwrap();
        fs::rename(&beside, path).unwrap();
        if done.load(Ordering::SeqCst) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
