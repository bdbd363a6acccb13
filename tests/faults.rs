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
    // The disk ends at the first byte, or within the PDF: a limit in blocks of 512 bytes. By default its signal would
    // end the program without a word.
    for blocks in ["0", "8"] {
        let words = ["build", MONTH, "--format", "json"];
        let run = Run::new(bulletin.root(), &words).after(&format!("ulimit -f {blocks}"));
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

/// Whether the tests run as root, who may do anything.
fn may_do_anything() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A copy of the program that anybody may start, in a bulletin's folder that anybody may read; words follow.
fn program_for_all(bulletin: &Bulletin) -> Command {
    // The folder above, which is temporary, is private.
    for folder in [bulletin.root().parent().unwrap(), bulletin.root()] {
        set_mode(folder, 0o755);
    }
    let program = bulletin.root().parent().unwrap().join("yuebao-for-all");
    fs::copy(env!("CARGO_BIN_EXE_yuebao"), &program).unwrap();
    set_mode(&program, 0o755);
    let mut command = Command::new(program);
    command.current_dir(bulletin.root()).stdin(Stdio::null());
    command
}

/// The program in a folder where it may read everything and write nothing.
fn run_without_permission(bulletin: &Bulletin) -> Outcome {
    set_mode(&bulletin.path("output"), 0o555);
    let mut command = program_for_all(bulletin);
    command.args(["build", MONTH, "--force"]);
    if may_do_anything() {
        // Root may write anywhere; nobody may not.
        command.uid(65534).gid(65534);
    }
    let outcome = Outcome::of(command.output().unwrap());
    set_mode(&bulletin.path("output"), 0o755);
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

/// What is left unwritten after the PDF is new: `file`, which stands in a folder where everybody may write but not
/// replace what is another's.
fn told_without(file: &str) -> String {
    let bulletin = Bulletin::new().with_own_fonts();
    bulletin.build().is_clean();
    let good = bulletin.outputs();
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    let owned = OUTPUTS.map(|extension| format!("output/{MONTH}.{extension}"));
    let records = ["json", "lock"].map(|extension| format!("output/.state/{MONTH}.{extension}"));
    for name in owned.iter().chain(&records).filter(|name| *name != file) {
        std::os::unix::fs::chown(bulletin.path(name), Some(65534), Some(65534)).unwrap();
    }
    for folder in ["output", "output/.state"] {
        set_mode(&bulletin.path(folder), 0o1777);
    }
    let run = |words: &[&str]| {
        Outcome::of(program_for_all(&bulletin).args(words).uid(65534).gid(65534).output().unwrap())
    };
    let json = run(&["build", "--format", "json"]).ending_with(2).json();
    let month = &json["months"][0];
    assert_eq!((&month["action"], &month["status"]), (&"build".into(), &"error".into()));
    assert_eq!(month["output"], "output/2025-07.pdf");
    assert_eq!(month["diagnostics"][0]["location"]["file"], file);
    assert!(bulletin.outputs()[0] != good[0]);
    run(&["build"]).ending_with(2).stderr
}

#[test]
fn a_new_pdf_whose_record_cannot_be_written_is_called_new() {
    // Only root can give files to another user.
    if !may_do_anything() {
        return;
    }
    insta::assert_snapshot!(told_without("output/.state/2025-07.json"), @r"
    错误 Y0701 无法写入 output/.state/2025-07.json：没有写入权限，或文件正被别的程序打开
      位置：output/.state/2025-07.json
      → 请关闭正在打开它的程序，或检查文件夹的权限
      → 月报已经生成，只是没有记下来，下次会再生成一次
    2025-07 已生成 output/2025-07.pdf，没有记录
    ");
    insta::assert_snapshot!(told_without("output/2025-07.typ"), @r"
    错误 Y0701 无法写入 output/2025-07.typ：没有写入权限，或文件正被别的程序打开
      位置：output/2025-07.typ
      → 请关闭正在打开它的程序，或检查文件夹的权限
      → PDF 已是新的，其余文件还是旧的；请再生成一次
    2025-07 已生成 output/2025-07.pdf，没有记录
    ");
}

#[test]
fn a_system_that_gives_few_threads_is_made_do_with_or_told_of() {
    // Root has as many threads as there are.
    if !may_do_anything() {
        return;
    }
    let bulletin = Bulletin::new().with_own_fonts();
    let bulletin = bulletin.with_month("2025-06").with_file("output/.state/x", "");
    let program = program_for_all(&bulletin).get_program().to_owned();
    let is_alike = |outcome: &Outcome| match outcome.code {
        0 => outcome.stderr.contains("生成 2 个"),
        2 => outcome.stderr.starts_with("错误 系统不让本程序开线程"),
        _ => false,
    };
    for folder in ["output", "output/.state"] {
        set_mode(&bulletin.path(folder), 0o777);
    }
    let mut codes = Vec::new();
    for threads in [1, 2, 3, 4, 6, 9] {
        let mut limited = Command::new("sh");
        let limit = format!("ulimit -u {threads} 2>/dev/null || ulimit -p {threads}; exec \"$0\" \"$@\"");
        limited.args(["-c", &limit]).arg(&program).args(["build", "--all", "--force", "-j", "2"]);
        // A user of its own, whose threads are these alone.
        limited.current_dir(bulletin.root()).stdin(Stdio::null()).uid(54321).gid(54321);
        let outcome = Outcome::of(limited.output().unwrap());
        assert!(is_alike(&outcome), "{threads}: {} {}", outcome.code, outcome.stderr);
        codes.push(outcome.code);
    }
    assert!(codes.is_sorted_by(|before, after| before >= after), "{codes:?}");
    assert_eq!(codes.last(), Some(&0), "{codes:?}");
}

#[test]
fn an_output_that_became_a_pipe_is_replaced() {
    let bulletin = Bulletin::built();
    for name in ["output/2025-07.pdf", "output/2025-07.typ"] {
        fs::remove_file(bulletin.path(name)).unwrap();
        assert!(Command::new("mkfifo").arg(bulletin.path(name)).status().unwrap().success());
        let dry = bulletin.run(&["build", "--dry-run"]).done().stderr;
        assert_eq!(dry, format!("2025-07 需要生成：{name} 在生成以后被改动\n"));
        assert_eq!(
            bulletin.run(&["verify", "--format", "json"]).ending_with(1).answer().findings(),
            [format!("Y0710 {name}")]
        );
        bulletin.build().is_clean();
        assert!(bulletin.path(name).is_file());
    }
}

#[test]
fn links_in_the_folder_of_templates_are_followed_but_not_in_a_circle() {
    let link = |bulletin: &Bulletin, to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, bulletin.path(name)).unwrap();
    };
    let bulletin = Bulletin::new().with_file("shared/note.typ", "// new\n");
    link(&bulletin, &bulletin.path("shared"), "templates/shared");
    bulletin.build().is_clean();
    assert!(bulletin.text("output/.state/2025-07.json").contains("\"templates/shared/note.typ\""));
    link(&bulletin, &bulletin.path("templates"), "shared/back");
    link(&bulletin, Path::new("/nowhere"), "fonts/x.otf");
    let answer = bulletin.run(&["build", "--format", "json"]).ending_with(1).answer();
    assert_eq!(
        answer.messages(),
        [
            "Y0101 无法读取 fonts/x.otf：它是链接，所指的文件不存在",
            "Y0101 templates/shared/back 是链接，指回了它所在的文件夹"
        ]
    );
}

#[test]
fn what_a_killed_program_left_is_swept_though_nothing_is_built() {
    let bulletin = Bulletin::new().with_month("2025-06");
    bulletin.run(&["build", "--all"]).done();
    let leftovers =
        ["output/.yuebao-2025-07-x", "output/.state/.yuebao-2025-07-x", "output/.yuebao-2025-06-x"];
    let bulletin = leftovers.iter().fold(bulletin, |bulletin, name| bulletin.with_file(name, ""));
    let are_there = || leftovers.map(|name| bulletin.path(name).exists());
    bulletin.run(&["build", MONTH, "--dry-run"]).done();
    let lock = File::options().write(true).open(bulletin.path("output/.state/2025-07.lock")).unwrap();
    lock.lock().unwrap();
    bulletin.run(&["build", MONTH]).done();
    assert_eq!(are_there(), [true; 3], "somebody may be at work there");
    lock.unlock().unwrap();
    bulletin.run(&["build", MONTH]).done();
    assert_eq!(are_there(), [false, false, true]);
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
    let mut quiet = Run::new(bulletin.root(), &["build", MONTH, "--force", "--quiet"]).start();
    thread::sleep(Duration::from_millis(3500));
    for program in [&mut second, &mut quiet] {
        assert!(program.try_wait().unwrap().is_none(), "it waits");
    }
    lock.unlock().unwrap();
    insta::assert_snapshot!(Outcome::of(second.wait_with_output().unwrap()).done().stderr, @r"
    正在等另一个 yuebao 写完 2025-07……
    2025-07 已生成 output/2025-07.pdf
    ");
    assert_eq!(Outcome::of(quiet.wait_with_output().unwrap()).done().stderr, "");
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
