//! What collecting answers costs beside opening and reading them, and how it grows:
//! `cargo bench --bench collecting`.
//!
//! 29 answers are read by calamine alone and collected by yuebao in turn; then 29, 300 and 3,000 are
//! collected by a process of their own each. Collecting is all that the verb does once the bulletin is
//! open: the answers are found and read, recognised, checked, held against the month before, copied into
//! the month's folder and recorded, and the record is forced onto the disk.
//!
//! Reading and collecting are compared by the time that they take of the processor, on one thread each,
//! where the system tells it (Linux), which other programs do not change; and by the time that passes while
//! yuebao collects on all threads, as the verb does. Where there are files in memory both are measured there
//! too. What the disk adds is told beside it: the time to make the same files and to force one onto the disk,
//! and nothing else. Some file systems (ext4) take ten times as long for a minute or so after much was removed,
//! and what this benchmark removed in its last run is enough for that.
#![allow(clippy::disallowed_methods, reason = "a benchmark touches files and the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![allow(clippy::cast_possible_truncation, reason = "the figures are small")]

mod answers;
#[path = "../load/mod.rs"]
mod load;

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use calamine::Reader;
use rayon::{ThreadPool, ThreadPoolBuilder};
use yuebao::calculation::MonthStore;
use yuebao::cli::IncomingFiles;
use yuebao::collect::{Examiner, Outcome, collect};
use yuebao::project::{AnswersRecord, Periods, Project};
use yuebao::source::Isolation;

use answers::{Asked, asked_month, make};

/// The program's own allocator, for both.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let one_thread = ThreadPoolBuilder::new().num_threads(1).build()?;
    // As in the program, where the first thread is one of them.
    let all_threads = ThreadPoolBuilder::new().use_current_thread().build()?;
    println!(
        "{USUAL} answers, medians of {RUNS} runs in turn     calamine reads   yuebao collects   ratio (aim: at most 1.5)"
    );
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        println!("files in memory:");
        beside_calamine(tempfile::tempdir_in(memory)?.path(), &one_thread, &all_threads)?;
    }
    println!("files in {}:", std::env::temp_dir().display());
    let temporary = tempfile::tempdir()?;
    beside_calamine(temporary.path(), &one_thread, &all_threads)?;
    growth(temporary.path())
}

/// Reads and collects the usual answers in turn.
fn beside_calamine(folder: &Path, one_thread: &ThreadPool, all_threads: &ThreadPool) -> Outcomes<()> {
    let asked = make(&folder.join("beside"), USUAL)?;
    let project = asked.project()?;
    let answers = asked.folder.join(AnswersRecord::folder(asked_month()?));
    let contents =
        fs::read_dir(&asked.inbox)?.map(|entry| fs::read(entry?.path())).collect::<Result<Vec<_>, _>>()?;
    let [mut read, mut read_passing, mut collected, mut collected_passing, mut made] =
        [const { Vec::new() }; 5];
    for _ in 0..RUNS {
        read.push(timed(processor_time, || read_with_calamine(&asked.inbox))?);
        forget(&asked)?;
        let collecting = || collect_all(&asked, &project, USUAL);
        collected.push(one_thread.install(|| timed(processor_time, collecting))?);
        read_passing.push(timed(passing_time, || read_with_calamine(&asked.inbox))?);
        forget(&asked)?;
        collected_passing.push(timed(passing_time, || all_threads.install(collecting))?);
        forget(&asked)?;
        made.push(timed(passing_time, || make_files(&contents, &answers))?);
    }
    compare("time of the processor, one thread", median(&mut read), median(&mut collected));
    let all = format!("time that passes, {} thread(s)", all_threads.current_num_threads());
    compare(&all, median(&mut read_passing), median(&mut collected_passing));
    println!("{:<62} {:>14.2} ms", "only making the same files", milliseconds(median(&mut made)));
    Ok(())
}

fn compare(what: &str, read: Duration, collected: Duration) {
    let ratio = collected.as_secs_f64() / read.as_secs_f64();
    let (read, collected) = (milliseconds(read), milliseconds(collected));
    println!("{what:<44} {read:>11.2} ms {collected:>14.2} ms {ratio:>7.2}");
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
    let departments = fs::read_dir(&asked.inbox)?.count() as u32;
    let project = asked.project()?;
    let took = timed(passing_time, || collect_all(&asked, &project, departments))?;
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
    let examiner = Examiner::new(project, month, &periods, &isolation, &months);
    let incoming = IncomingFiles::below(std::slice::from_ref(&asked.inbox));
    let collected = collect(&examiner, AnswersRecord::default(), incoming, &AtomicBool::new(false));
    let collection = collected.map_err(|found| found.message)?.ok_or("nothing asks it to stop")?;
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

/// Makes files with the given contents in a folder, and waits until the disk holds the last.
fn make_files(contents: &[Vec<u8>], folder: &Path) -> Outcomes<()> {
    fs::create_dir_all(folder)?;
    for (index, content) in contents.iter().enumerate() {
        fs::write(folder.join(index.to_string()), content)?;
    }
    let mut last = fs::File::create(folder.join("last"))?;
    last.write_all(contents.first().ok_or("no answers")?)?;
    Ok(last.sync_all()?)
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

fn timed(clock: fn() -> Duration, work: impl FnOnce() -> Outcomes<()>) -> Outcomes<Duration> {
    let begun = clock();
    work()?;
    Ok(clock().saturating_sub(begun))
}

/// The time that has passed since the benchmark began.
fn passing_time() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed()
}

/// The time that this thread has had of the processor; the time that has passed where the system does not tell.
fn processor_time() -> Duration {
    // The system brings its books up to date when a thread may be put aside.
    std::thread::yield_now();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    told.map_or_else(passing_time, Duration::from_nanos)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
