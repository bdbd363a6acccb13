//! Issues against the peers that do the same work, and against themselves at other sizes.
//!
//! `cargo bench --bench issues` prints the tables of docs/performance.md; words after `--` choose
//! some of `one`, `batch`, `unchanged`, `scaling` and `memory`. The peers are typst-cli 0.15
//! (`cargo install typst-cli`, or its place in the variable TYPST) and a Python script with the
//! wheels `typst` and `openpyxl` (`pip install typst openpyxl`; PYTHON names the interpreter). Those
//! that are not there are named and left out. YUEBAO names another build of the program to measure,
//! such as the one that `.ci/release` makes.
//!
//! All that is compared in a row runs in turns, several times; the medians count.
#![allow(clippy::print_stdout, reason = "a benchmark prints its tables")]
#![allow(clippy::disallowed_methods, reason = "a benchmark makes folders and reads the clock")]
#![allow(missing_docs, reason = "a program, not a library")]

#[path = "../load/mod.rs"]
mod load;
mod measure;
mod peers;

use std::error::Error;
use std::path::Path;

use load::{Load, USUAL, make, months, settle};
use measure::{Command, Rounds, in_turns, median, peak_memory, ratio};
use peers::Peers;

type Outcome = Result<(), Box<dyn Error>>;
type Benchmark = fn(&Peers) -> Outcome;

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let peers = Peers::find();
    let benchmarks: [(&str, Benchmark); 5] =
        [("one", one), ("batch", batch), ("unchanged", unchanged), ("scaling", scaling), ("memory", memory)];
    for (_, benchmark) in benchmarks.iter().filter(|(name, _)| is_wanted(name)) {
        benchmark(&peers)?;
        println!();
    }
    Ok(())
}

/// A bulletin of so many months in a folder of its own, built once.
fn built(load: Load) -> Result<tempfile::TempDir, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    make(folder.path(), load)?;
    build(folder.path(), &["--all"]).run()?;
    settle(folder.path())?;
    Ok(folder)
}

fn build(folder: &Path, words: &[&str]) -> Command {
    let fixed = ["build", "--quiet"];
    let program = std::env::var("YUEBAO").unwrap_or(env!("CARGO_BIN_EXE_yuebao").to_owned());
    Command::new(program, folder, fixed.iter().chain(words))
}

/// One issue, a fresh process.
fn one(peers: &Peers) -> Outcome {
    let folder = built(Load { months: 12, ..USUAL })?;
    let ours = build(folder.path(), &["2000-12", "--force"]);
    println!("One issue of 12 pages, a fresh process\n");
    println!("| | ms | ratio | aim |\n|---|---|---|---|");
    let Some(cli) = peers.compile(folder.path(), "2000-12") else {
        println!("| yuebao build | {:.0} | | |", in_turns(15, &[&ours])?[0]);
        return Ok(());
    };
    let times = in_turns(15, &[&ours, &cli])?;
    println!("| typst compile, on the same source | {:.0} | 1 | |", times[1]);
    println!(
        "| yuebao build, from the workbooks | {:.0} | {} | ≤ 1.0 |",
        times[0],
        ratio(times[0], times[1])
    );
    Ok(())
}

/// Many issues on one core and on two.
fn batch(peers: &Peers) -> Outcome {
    const MONTHS: u32 = 120;
    let folder = built(Load { months: MONTHS, ..USUAL })?;
    let two = build(folder.path(), &["--all", "--force", "-j", "2"]);
    let one = build(folder.path(), &["--all", "--force", "-j", "1"]);
    let cli = peers.compile(folder.path(), "2005-06");
    println!("{MONTHS} issues, per issue\n");
    println!("| | ms | ratio | aim |\n|---|---|---|---|");
    let each = f64::from(MONTHS);
    match &cli {
        Some(cli) => {
            let rounds = Rounds::run(5, &[&two, &one], cli)?;
            let process = median(rounds.beside.concat());
            println!("| typst compile, a process per issue | {process:.0} | 1 | |");
            for (index, name, aim) in [(1, "yuebao build -j 1", ""), (0, "yuebao build -j 2", "≤ 0.28")] {
                let time = median(rounds.times[index].clone()) / each;
                println!("| {name} | {time:.0} | {:.2} | {aim} |", rounds.ratio(index) / each);
            }
            println!("| -j 1 against -j 2 | | {:.2} | ≥ 1.7 |", rounds.ratio_of(1, 0));
        }
        None => {
            let times = in_turns(5, &[&two, &one])?;
            println!("| yuebao build -j 2 | {:.0} | | |", times[0] / each);
            println!("| -j 1 against -j 2 | | {} | ≥ 1.7 |", ratio(times[1], times[0]));
        }
    }

    let some = months(24);
    let (first, last) = (&some[0], &some[23]);
    let ours = build(folder.path(), &[&format!("{first}..{last}"), "--force", "-j", "2"]);
    let Some(rival) = peers.script(folder.path(), &some) else { return Ok(()) };
    let times = in_turns(5, &[&ours, &rival])?;
    println!("| 24 issues: one Python process with Typst and openpyxl | {:.0} | 1 | |", times[1]);
    println!("| 24 issues: yuebao build -j 2 | {:.0} | {} | ≤ 0.45 |", times[0], ratio(times[0], times[1]));
    Ok(())
}

/// Nothing changed.
fn unchanged(_: &Peers) -> Outcome {
    let folder = built(Load { months: 120, ..USUAL })?;
    let again = build(folder.path(), &["--all", "-j", "2"]);
    let all = build(folder.path(), &["--all", "--force", "-j", "2"]);
    let times = in_turns(5, &[&again, &all])?;
    println!("120 issues of which nothing changed\n");
    println!("| | ms | ratio | aim |\n|---|---|---|---|");
    println!("| build all | {:.0} | 1 | |", times[1]);
    println!("| nothing changed | {:.0} | {} | ≤ 0.03 |", times[0], ratio(times[0], times[1]));
    Ok(())
}

/// The cost per issue and per row at several sizes.
fn scaling(_: &Peers) -> Outcome {
    println!("The cost at several sizes\n\n| issues | ms per issue |\n|---|---|");
    for count in [12, 48, 120, 480] {
        let folder = built(Load { months: count, ..USUAL })?;
        let all = build(folder.path(), &["--all", "--force", "-j", "2"]);
        println!("| {count} | {:.1} |", in_turns(3, &[&all])?[0] / f64::from(count));
    }
    println!("\n| rows in each appendix | ms | ms per row |\n|---|---|---|");
    for departments in [29, 290, 1_000, 5_000] {
        let folder = built(Load { months: 1, departments, pages: 1 })?;
        let time = in_turns(3, &[&build(folder.path(), &["--all", "--force"])])?[0];
        println!("| {departments} | {time:.0} | {:.2} |", time / f64::from(departments));
    }
    Ok(())
}

/// Peak memory of one issue, and of many.
fn memory(peers: &Peers) -> Outcome {
    println!("Peak memory\n\n| | MiB | ratio | aim |\n|---|---|---|---|");
    let folder = built(Load { months: 240, ..USUAL })?;
    let peak = |command: &Command| -> Result<f64, Box<dyn Error>> {
        let mut peaks = Vec::new();
        for _ in 0..5 {
            peaks.push(peak_memory(command)?);
        }
        Ok(median(peaks))
    };
    let one = peak(&build(folder.path(), &["2000-12", "--force"]))?;
    if let Some(cli) = peers.compile(folder.path(), "2000-12") {
        let cli = peak(&cli)?;
        println!("| typst compile | {cli:.0} | 1 | |");
        println!("| yuebao build, one issue | {one:.0} | {} | ≤ 1 |", ratio(one, cli));
    }
    let all = peak(&build(folder.path(), &["--all", "--force", "-j", "2"]))?;
    let some = peak(&build(folder.path(), &["2000-01..2001-12", "--force", "-j", "2"]))?;
    println!("| yuebao build -j 2, 24 issues | {some:.0} | 1 | |");
    println!("| yuebao build -j 2, 240 issues | {all:.0} | {} | ≤ 1.3 |", ratio(all, some));
    Ok(())
}
