//! What collecting answers costs beside opening and reading them, and how it grows:
//! `cargo bench --bench collecting`.
//!
//! 29 answers are read by calamine alone and collected by yuebao in turn; then 29, 300 and 3,000 are
//! collected by a process of their own each. Collecting is all that the verb does once the bulletin is
//! open: the answers are found and read, recognised, checked, held against the month before, copied into
//! the month's folder and recorded, and the record is forced onto the disk. How long the last takes
//! depends on the disk and on what else is written to it: so where there are files in memory, the two are
//! compared there as well.
#![allow(clippy::disallowed_methods, reason = "a benchmark touches files and the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![allow(clippy::cast_possible_truncation, reason = "the figures are small")]

mod answers;
#[path = "../load/mod.rs"]
mod load;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::Reader;
use yuebao::calculation::MonthStore;
use yuebao::cli::IncomingFiles;
use yuebao::collect::{Examiner, Outcome, collect};
use yuebao::project::{AnswersRecord, Periods, Project};
use yuebao::source::Isolation;

use answers::{Asked, asked_month, make};

/// What can be told from any thread.
type Failure = Box<dyn Error + Send + Sync>;
type Outcomes<T> = Result<T, Failure>;

/// The departments of the July 2025 issue.
const USUAL: u32 = 29;
/// How often each is measured; the median counts.
const RUNS: usize = 41;
/// The sizes that show how collecting grows, and how often each is measured.
const SIZES: [(u32, usize); 3] = [(USUAL, 9), (300, 5), (3_000, 3)];
/// The argument with which the benchmark starts itself anew, to measure one process.
const ALONE: &str = "--alone";

fn main() -> Outcomes<()> {
    let words: Vec<String> = std::env::args().collect();
    if let [_, flag, folder, ..] = words.as_slice()
        && flag == ALONE
    {
        return alone(Path::new(folder));
    }
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        println!("files in memory:");
        beside_calamine(tempfile::tempdir_in(memory)?.path())?;
    }
    let temporary = tempfile::tempdir()?;
    println!("files in {}:", std::env::temp_dir().display());
    beside_calamine(temporary.path())?;
    growth(temporary.path())
}

/// Reads and collects the usual answers in turn. calamine reads on one thread; yuebao collects on one, and
/// as the verb does, on all.
fn beside_calamine(folder: &Path) -> Outcomes<()> {
    let asked = make(&folder.join("beside"), USUAL)?;
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let project = asked.project()?;
    let [mut read, mut collected_by_one, mut collected_by_all] = [const { Vec::new() }; 3];
    for _ in 0..RUNS {
        read.push(timed(|| read_with_calamine(&asked.inbox))?);
        forget(&asked)?;
        collected_by_one.push(timed(|| one_thread.install(|| collect_all(&asked, &project, USUAL)))?);
        forget(&asked)?;
        collected_by_all.push(timed(|| collect_all(&asked, &project, USUAL))?);
    }
    let read = median(&mut read);
    println!("{USUAL} answers, medians of {RUNS} runs in turn");
    println!("  calamine opens and reads                       {:>8.2} ms", milliseconds(read));
    let threads = rayon::current_num_threads();
    for (threads, times) in [(1, &mut collected_by_one), (threads, &mut collected_by_all)] {
        let collected = median(times);
        println!(
            "  yuebao collects and merges, {threads:>2} thread(s)      {:>8.2} ms   ratio {:.2} (aim: at most 1.5)",
            milliseconds(collected),
            collected.as_secs_f64() / read.as_secs_f64()
        );
    }
    Ok(())
}

/// Collects ever more answers, each size in processes of its own.
fn growth(folder: &Path) -> Outcomes<()> {
    println!("\nanswers   per answer   peak memory   (a process each, all threads)");
    for (departments, runs) in SIZES {
        let folder = folder.join(departments.to_string());
        let asked = make(&folder, departments)?;
        let mut times = Vec::new();
        let mut peaks = Vec::new();
        for _ in 0..runs {
            forget(&asked)?;
            let program = std::env::current_exe()?;
            let output = Command::new(program).arg(ALONE).arg(&folder).output()?;
            let told = String::from_utf8(output.stdout)?;
            let mut numbers = told.split_whitespace().map(str::parse::<u64>);
            let (Some(Ok(nanoseconds)), Some(Ok(kibibytes)), true) =
                (numbers.next(), numbers.next(), output.status.success())
            else {
                return Err(format!("{told}{}", String::from_utf8_lossy(&output.stderr)).into());
            };
            times.push(Duration::from_nanos(nanoseconds));
            peaks.push(kibibytes);
        }
        peaks.sort_unstable();
        println!(
            "{departments:>7} {:>9.3} ms {:>9.1} MiB",
            milliseconds(median(&mut times)) / f64::from(departments),
            peaks[peaks.len() / 2] as f64 / 1024.0
        );
    }
    Ok(())
}

/// What a process of its own does: collects, and tells the nanoseconds that took and the most kibibytes it held.
fn alone(folder: &Path) -> Outcomes<()> {
    let asked = Asked::below(folder);
    if std::env::var("HACK").is_ok() {
        return read_with_calamine(&asked.inbox);
    }
    let departments = fs::read_dir(&asked.inbox)?.count() as u32;
    let project = asked.project()?;
    let took = timed(|| collect_all(&asked, &project, departments))?;
    println!("{} {}", took.as_nanos(), peak_memory());
    Ok(())
}

/// The most memory that this process ever held, in kibibytes; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Opens every answer and reads all of its sheets.
fn read_with_calamine(inbox: &Path) -> Outcomes<()> {
    for entry in fs::read_dir(inbox)? {
        let mut workbook = calamine::open_workbook_auto(entry?.path())?;
        for name in workbook.sheet_names() {
            std::hint::black_box(workbook.worksheet_range(&name)?);
        }
    }
    Ok(())
}

/// Does what `yuebao collect` does, but for telling it; all answers have to be merged.
fn collect_all(asked: &Asked, project: &Project, departments: u32) -> Outcomes<()> {
    let month = asked_month()?;
    let (periods, _) = Periods::of_month(&project.folder, month);
    let months = MonthStore::default();
    let isolation = Isolation::InProcess;
    let examiner = Examiner { project, month, periods: &periods, isolation: &isolation, months: &months };
    let incoming = IncomingFiles::below(std::slice::from_ref(&asked.inbox));
    let collection = collect(&examiner, AnswersRecord::default(), incoming).map_err(|found| found.message)?;
    let merged = collection.files.iter().filter(|file| file.outcome == Outcome::Merged).count();
    let wanted = departments as usize;
    if merged != wanted || collection.record.answers.len() != wanted {
        return Err(format!("{merged} of {wanted} answers were merged").into());
    }
    if let Some(found) = collection.files.iter().flat_map(|file| &file.examined.diagnostics).next() {
        return Err(format!("the answers were to have no findings: {}", found.message).into());
    }
    Ok(())
}

/// Puts away what was collected before. It is not removed: file systems are slow to give out again
/// what was given back a moment ago.
fn forget(asked: &Asked) -> Outcomes<()> {
    let month = asked_month()?;
    let collected = asked.folder.join(AnswersRecord::folder(month));
    if collected.exists() {
        let away = asked.folder.join("collected");
        fs::create_dir_all(&away)?;
        let count = fs::read_dir(&away)?.count();
        fs::rename(collected, away.join(count.to_string()))?;
    }
    Ok(())
}

fn timed(work: impl FnOnce() -> Outcomes<()>) -> Outcomes<Duration> {
    let begun = Instant::now();
    work()?;
    Ok(begun.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
