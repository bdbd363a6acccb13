//! Runs that a signal ends: what they say, what they leave behind, and that the next run clears it away.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{ASKED_MONTH, Asked, Bulletin, MONTH, Outcome, Run, run_in, send};

const ANSWERS: &str = "data/2025-08/answers";
const RETURNS: &str = "output/returns/2025-08";

/// The names in a folder of what is not finished.
fn unfinished(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(".yuebao-")).collect()
}

/// Waits until something is so.
fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never came to be so");
        thread::sleep(Duration::from_millis(1));
    }
}

/// What a run says that was sent a signal.
fn ended_by(child: Child, signal: &str) -> Outcome {
    send(&child, signal);
    Outcome::of(child.wait_with_output().unwrap())
}

/// Very many answers, every other one with an error.
fn with_many_answers() -> Asked {
    let asked = Asked::small();
    for number in 0..300 {
        let first = if number % 2 == 0 { "1" } else { "约1" };
        asked.receive(&format!("{number}.xlsx"), asked.form("01").filled([first, "1", "1"]).bytes());
    }
    asked
}

/// A run of `collect` that has begun to write.
fn collecting(asked: &Asked) -> Child {
    let path = asked.path("");
    let words = ["--format", "json", "collect", ASKED_MONTH, path.to_str().unwrap()];
    let child = Run::new(asked.bulletin.root(), &words).start();
    let folders = [ANSWERS, RETURNS].map(|folder| asked.bulletin.path(folder));
    wait_until(|| folders.iter().all(|folder| !unfinished(folder).is_empty()));
    child
}

#[test]
fn collecting_that_is_stopped_changes_nothing_and_leaves_nothing() {
    let asked = with_many_answers();
    for signal in ["INT", "TERM"] {
        let json = ended_by(collecting(&asked), signal).ending_with(130).json();
        assert!(json["stopped"].is_object(), "{json}");
        for folder in [ANSWERS, RETURNS] {
            assert_eq!(fs::read_dir(asked.bulletin.path(folder)).unwrap().count(), 0, "{signal}: {folder}");
        }
    }
    assert_eq!(asked.standing("answered"), [""; 0]);
}

#[test]
fn what_a_killed_collect_left_goes_with_the_next() {
    let asked = with_many_answers();
    let mut killed = collecting(&asked);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let left = |folder: &str| unfinished(&asked.bulletin.path(folder));
    assert!(!left(ANSWERS).is_empty() && !left(RETURNS).is_empty());
    for number in 1..300 {
        asked.discard(&format!("{number}.xlsx"));
    }
    asked.collect().done();
    assert_eq!((left(ANSWERS), left(RETURNS)), (Vec::new(), Vec::new()));
}

/// What a run says that is stopped while it waits for the lock of this name.
fn stopped_while_waiting(bulletin: &Bulletin, lock: &str, words: &[&str]) -> String {
    let lock = File::options().create(true).append(true).open(bulletin.path(lock)).unwrap();
    lock.lock().unwrap();
    let mut child = Run::new(bulletin.root(), words).start();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    told.read_line(&mut said).unwrap();
    send(&child, "INT");
    told.read_line(&mut said).unwrap();
    Outcome::of(child.wait_with_output().unwrap()).ending_with(130);
    said
}

#[test]
fn whoever_waits_for_another_run_can_be_stopped() {
    let bulletin = Asked::small().bulletin;
    let said =
        stopped_while_waiting(&bulletin, "output/.state/2025-08.answers.lock", &["collect", "2025-08", "x"]);
    insta::assert_snapshot!(said, @r"
    正在等另一个 yuebao 收完 2025-08……
    已停止：2025-08 的答复没有收，原有的没有改动；请再收一次
    ");
    let said = stopped_while_waiting(&bulletin, "output/.state/2025-08.forms.lock", &["forms", "2025-08"]);
    insta::assert_snapshot!(said, @r"
    正在等另一个 yuebao 生成 2025-08 的空白表……
    已停止：没有生成 2025-08 的空白表；请再运行一次
    ");
    let said = stopped_while_waiting(&bulletin, "output/.state/new.lock", &["new", "2025-09"]);
    insta::assert_snapshot!(said, @r"
    正在等另一个 yuebao 新建完……
    已停止：没有新建 data/2025-09；请再运行一次
    ");
    assert!(!bulletin.path("data/2025-09").exists());
}

#[test]
fn what_a_killed_new_or_forms_left_goes_with_the_next() {
    let bulletin = Bulletin::new()
        .with_file("data/.yuebao-a1b2c3/issue.toml", "")
        .with_file("output/forms/2025-08/.yuebao-a1b2c3", "");
    bulletin.run(&["new", "2025-08"]).done();
    assert_eq!(unfinished(&bulletin.path("data")), [""; 0]);
    assert!(bulletin.path("data/2025-08/issue.toml").is_file());
    bulletin.run(&["forms", "2025-08"]).done();
    assert_eq!(unfinished(&bulletin.path("output/forms/2025-08")), [""; 0]);
}

#[test]
fn an_init_that_is_stopped_is_gone_on_with() {
    let temporary = tempfile::tempdir().unwrap();
    let (fonts, folder) = (temporary.path().join("shipped"), temporary.path().join("月报"));
    fs::create_dir_all(&fonts).unwrap();
    (0..2000).for_each(|number| fs::write(fonts.join(format!("{number}.otf")), "x").unwrap());
    let words = ["init", "月报", "--fonts", "shipped"];
    let start = || {
        let child = Run::new(temporary.path(), &words).start();
        wait_until(|| fs::read_dir(folder.join("fonts")).is_ok_and(|mut there| there.next().is_some()));
        child
    };
    let told = ended_by(start(), "TERM").ending_with(130).stderr;
    assert_eq!(told, "已停止：月报还没有建好；再运行一次会接着做\n");
    assert_eq!(unfinished(&folder.join("fonts")), [""; 0]);
    assert!(!folder.join("yuebao.toml").exists());

    fs::write(folder.join("fonts/.yuebao-a1b2c3"), "a killed program's").unwrap();
    run_in(temporary.path(), &words).done();
    assert_eq!(unfinished(&folder.join("fonts")), [""; 0]);
    assert_eq!(fs::read_dir(folder.join("fonts")).unwrap().count(), 2000);
    assert!(folder.join("yuebao.toml").is_file());
}

/// A run over several months that has finished the first one.
#[cfg(target_os = "linux")]
fn building(bulletin: &Bulletin, preparation: &str) -> Child {
    let words = ["build", "--all", "--force", "--format", "json", "--progress", "-j", "1"];
    let mut child = Run::new(bulletin.root(), &words).after(preparation).start();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("\"done\":1"), "{line}");
    child
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_is_closed_stops_a_run_unless_it_was_to_go_on_without() {
    let bulletin =
        ["2025-04", "2025-05", "2025-06"].iter().fold(Bulletin::new(), |it, month| it.with_month(month));
    let json = ended_by(building(&bulletin, "trap '' HUP"), "HUP").done().json();
    assert_eq!(json["months"].as_array().unwrap().len(), 4);

    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    if ignored.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']) {
        // These tests themselves were started so, and hand it on.
        return;
    }
    let json = ended_by(building(&bulletin, "true"), "HUP").ending_with(130).json();
    assert_eq!(
        json["months"].as_array().unwrap().len() as u64 + json["stopped"]["left"].as_u64().unwrap(),
        4
    );
    assert!(json["stopped"]["left"] != 0 && bulletin.path(&format!("output/{MONTH}.pdf")).exists());
}
