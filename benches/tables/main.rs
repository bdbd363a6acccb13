//! Reading, checking and computing a table of 20 columns with 50 formulas and 50 checks, beside what
//! calamine alone takes to read the same workbook:
//!
//! ```text
//! cargo bench --bench tables
//! ```
//!
//! Both are measured in one process, in turn, and the medians are compared: at 10,000 rows ours may
//! take four times as long. 1,000, 10,000 and 100,000 rows show whether the time grows with the rows.
//!
//! - *calamine* opens the file and reads the sheet's range: cells as floats and texts.
//! - *yuebao* is `Workshop::compute`: issue.toml and the workbook from the disk, the table found and
//!   read into exact decimals with the place of each, 7 derived columns and 43 named figures computed,
//!   40 checks of every row, 10 of the whole and the built-in ones, the text filled.
//! - *opening* is what comes before any month, once in a run: fonts, templates, yuebao.toml and the
//!   register with as many departments as the table has rows. It is shown, and not part of the ratio.
//!
//! A Workshop keeps the months that it has read, so that every turn opens a new one.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and writes its files itself")]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the figures are small")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

mod bulletin;
#[path = "../invented/mod.rs"]
mod invented;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use calamine::{Reader, open_workbook_auto};
use mimalloc::MiMalloc;
use yuebao::build::Workshop;
use yuebao::project::{Folder, Month};
use yuebao::source::Isolation;

/// The program's own allocator, for both.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Rows, and how often each is measured.
const SIZES: [(u32, usize); 3] = [(1_000, 15), (10_000, 9), (100_000, 5)];
/// The size that the aim is set for, and how many times calamine's time ours may be.
const AIM: (u32, f64) = (10_000, 4.0);

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` hands its own words on; a number among them asks for this size alone.
    let only: Option<u32> = std::env::args().find_map(|word| word.parse().ok());
    println!(
        "{:>9} {:>10} {:>10} {:>10} {:>12} {:>7}",
        "rows", "opening", "calamine", "yuebao", "µs per row", "ratio"
    );
    for (rows, times) in SIZES.into_iter().filter(|(rows, _)| only.is_none_or(|only| only == *rows)) {
        let folder = tempfile::tempdir()?;
        bulletin::make(folder.path(), rows)?;
        let mut measured = Measured::default();
        for _ in 0..times {
            measured.turn(folder.path(), rows)?;
        }
        let [opening, calamine, yuebao] = [measured.opening, measured.calamine, measured.yuebao].map(median);
        let ratio = yuebao / calamine;
        let aim = match AIM {
            (size, most) if size == rows => format!("  (aim: at most {most})"),
            _ => String::new(),
        };
        println!(
            "{rows:>9} {:>7.1} ms {:>7.1} ms {:>7.1} ms {:>12.2} {ratio:>7.2}{aim}",
            opening * 1e3,
            calamine * 1e3,
            yuebao * 1e3,
            yuebao * 1e6 / f64::from(rows),
        );
    }
    Ok(())
}

#[derive(Default)]
struct Measured {
    opening: Vec<Duration>,
    calamine: Vec<Duration>,
    yuebao: Vec<Duration>,
}

impl Measured {
    /// Does everything once.
    fn turn(&mut self, folder: &Path, rows: u32) -> Result<(), Box<dyn Error>> {
        let begun = Instant::now();
        let mut workbook = open_workbook_auto(folder.join(bulletin::WORKBOOK))?;
        let range = workbook.worksheet_range("Sheet1")?;
        self.calamine.push(begun.elapsed());
        if range.get_size() != (rows as usize + 1, bulletin::COLUMNS) {
            return Err(format!("calamine read {:?}", range.get_size()).into());
        }
        let begun = Instant::now();
        let root = Folder::find(folder).ok_or("no bulletin")?;
        let (workshop, found) = Workshop::open(root, Isolation::InProcess);
        let workshop = workshop.ok_or_else(|| format!("{found:?}"))?;
        self.opening.push(begun.elapsed());
        let month = Month::parse(bulletin::MONTH).ok_or("no month")?;
        let begun = Instant::now();
        let (issue, found) = workshop.compute(month);
        self.yuebao.push(begun.elapsed());
        // The month is whole, every check has looked at what it should, and one of them has found
        // the one fault that was made.
        let issue = issue.ok_or_else(|| format!("{found:?}"))?;
        let declared: Vec<_> = issue.checks.iter().filter(|check| check.name.is_some()).collect();
        let examined: usize = declared.iter().map(|check| check.examined).sum();
        let failures: usize = declared.iter().map(|check| check.found).sum();
        let whole = bulletin::CHECKS - bulletin::ROW_CHECKS;
        let is_as_made = declared.len() == bulletin::CHECKS
            && workshop.project.settings.figures.len() + derived(&workshop) == bulletin::FORMULAS
            && examined == bulletin::ROW_CHECKS * rows as usize + whole
            && declared.iter().all(|check| check.undecided == 0)
            && (failures, found.len()) == (1, 1)
            && issue.appendices.iter().all(|appendix| appendix.table.rows.len() == rows as usize);
        if !is_as_made {
            return Err(format!("{examined} examined, {failures} failed: {found:?} {declared:?}").into());
        }
        Ok(())
    }
}

/// How many derived columns are declared.
fn derived(workshop: &Workshop) -> usize {
    let columns = workshop.project.settings.tables.iter().flat_map(|table| &table.columns);
    columns.filter(|column| column.is_derived()).count()
}

/// The median in seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}
