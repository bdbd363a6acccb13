//! Many months in one command: in order, on any number of cores, in parts, and stopped in the middle.

use std::io::{BufRead, BufReader};

#[cfg(unix)]
use crate::harness::send;
use crate::harness::{Bulletin, OUTPUTS, Outcome, Run};

fn year() -> Bulletin {
    let months = (1..=6).map(|month| format!("2025-{month:02}"));
    months.fold(Bulletin::new(), |bulletin, month| bulletin.with_month(&month))
}

/// The months of an answer, with what was done for each.
fn actions(outcome: &Outcome) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let months = json["months"].as_array().unwrap().iter();
    months
        .map(|month| format!("{} {}", month["month"].as_str().unwrap(), month["action"].as_str().unwrap()))
        .collect()
}

#[test]
fn the_same_is_told_in_the_same_order_on_any_number_of_cores() {
    let bulletin = year().with_file("data/2025-02/operations.xlsx", "").with_edit(
        "data/2025-05/issue.toml",
        "values.calls }}",
        "values.call }}",
    );
    let told = |jobs: &str| bulletin.run(&["build", "--all", "--force", "-j", jobs]).ending_with(1).stderr;
    let alone = told("1");
    assert_eq!(told("2"), alone);
    assert_eq!(told("7"), alone);
    let lines: Vec<&str> =
        alone.lines().filter(|line| line.starts_with("2025") || line.starts_with('共')).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    2025-01 已生成 output/2025-01.pdf
    2025-02 没有生成：有 1 处错误，请改正后再运行一次
    2025-03 已生成 output/2025-03.pdf
    2025-04 已生成 output/2025-04.pdf
    2025-05 没有生成：有 1 处错误，请改正后再运行一次
    2025-06 已生成 output/2025-06.pdf
    2025-07 已生成 output/2025-07.pdf
    共 7 个月：生成 5 个，有错误 2 个
    ");
}

#[test]
fn parts_share_the_months_among_them() {
    let bulletin = year();
    let part = |shard: &str| {
        actions(&bulletin.run(&["build", "--all", "--format", "json", "--shard", shard]).done())
    };
    let mut all: Vec<String> = ["1/3", "2/3", "3/3"].into_iter().flat_map(part).collect();
    all.sort();
    let expected: Vec<String> = (1..=7).map(|month| format!("2025-{month:02} build")).collect();
    assert_eq!(all, expected);
    let empty = bulletin.run(&["build", "2025-07", "--shard", "2/3"]).done();
    insta::assert_snapshot!(empty.stderr, @"这一份里没有要处理的月份");
    // Whoever leaves out --all is told that there is but one month to share.
    insta::assert_snapshot!(bulletin.run(&["build", "--shard", "2/3"]).done().stderr, @r"
    这一份里没有要处理的月份
    没有写月份，分的只是最近一个月；要分全部月份，请加 --all
    ");
}

#[test]
fn a_scheduler_says_which_part_is_meant() {
    let bulletin = year();
    let run = |variables: &[(&str, &str)], shard: &str| {
        let words = ["build", "--all", "--dry-run", "--format", "json", "--shard", shard];
        let run = Run::new(bulletin.root(), &words);
        variables.iter().fold(run, |run, (name, value)| run.env(name, value)).outcome()
    };
    let third = run(&[], "3/4").done().stdout;
    let slurm =
        [("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_MIN", "0"), ("SLURM_ARRAY_TASK_COUNT", "4")];
    assert_eq!(run(&slurm, "auto").done().stdout, third);
    assert_eq!(run(&[("JOB_COMPLETION_INDEX", "2")], "auto/4").done().stdout, third);
    let error = run(&[], "auto").ending_with(2).json();
    assert!(error["error"]["message"].as_str().unwrap().contains("Slurm"), "{error}");
}

#[test]
fn wrong_numbers_are_explained() {
    let bulletin = Bulletin::new();
    insta::assert_snapshot!(bulletin.run(&["build", "--shard", "5/4"]).ending_with(2).stderr, @r"
    错误 --shard <份> 不能是“5/4”
      → 写成 3/16（16 份中的第 3 份）、auto 或 auto/16
      → yuebao --help 可列出全部命令
    ");
    insta::assert_snapshot!(bulletin.run(&["build", "-j", "0"]).ending_with(2).stderr, @r"
    错误 --jobs <个数> 不能是“0”
      → 写 1 到 512 的整数
      → yuebao --help 可列出全部命令
    ");
}

#[test]
fn progress_is_a_json_object_a_line_beside_the_one_object() {
    let bulletin = year().with_file("data/2025-02/operations.xlsx", "");
    let outcome =
        bulletin.run(&["build", "--all", "--format", "json", "--progress", "-j", "2"]).ending_with(1);
    let lines: Vec<serde_json::Value> =
        outcome.stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let done: Vec<u64> = lines.iter().map(|line| line["done"].as_u64().unwrap()).collect();
    assert_eq!(done, [1, 2, 3, 4, 5, 6, 7]);
    assert!(lines.iter().all(|line| line["total"] == 7));
    let second = lines.iter().find(|line| line["month"] == "2025-02").unwrap();
    assert_eq!((&second["status"], &second["action"]), (&"error".into(), &"fail".into()));
    assert_eq!(actions(&outcome).len(), 7);
}

#[cfg(unix)]
#[test]
fn a_stopped_run_keeps_what_is_finished_and_the_next_goes_on_from_there() {
    let bulletin = year();
    let words = ["build", "--all", "--format", "json", "--progress", "-j", "1"];
    let mut child = Run::new(bulletin.root(), &words).start();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.contains("\"done\":1"), "{line}");
    send(&child, "INT");
    let outcome = Outcome::of(child.wait_with_output().unwrap()).ending_with(130);
    let finished = actions(&outcome);
    assert!((1..7).contains(&finished.len()), "{finished:?}");
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["stopped"]["left"], 7 - finished.len());

    let names: Vec<String> = std::fs::read_dir(bulletin.path("output"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), OUTPUTS.len() * finished.len() + 1, "no half-written file: {names:?}");
    let next = actions(&bulletin.run(&["build", "--all", "--format", "json"]).done());
    let skipped: Vec<String> = next
        .iter()
        .filter(|month| month.ends_with("skip"))
        .map(|month| month.replace("skip", "build"))
        .collect();
    assert_eq!(skipped, finished);
    assert_eq!(next.len(), 7);
}
