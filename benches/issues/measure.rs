//! Times and peak memory of programs.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program with its arguments, run in a folder.
pub struct Command {
    program: OsString,
    folder: PathBuf,
    words: Vec<OsString>,
}

impl Command {
    pub fn new<W: AsRef<OsStr>>(
        program: impl AsRef<OsStr>,
        folder: &Path,
        words: impl IntoIterator<Item = W>,
    ) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        Self { program: program.as_ref().to_owned(), folder: folder.to_owned(), words }
    }

    fn start(&self) -> Result<Child, Box<dyn Error>> {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.words).current_dir(&self.folder);
        Ok(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?)
    }

    /// Runs the program; that it fails is an error, with what it told.
    pub fn run(&self) -> Result<(), Box<dyn Error>> {
        let output = self.start()?.wait_with_output()?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!(
                "{} {:?}: {}",
                self.program.display(),
                self.words,
                String::from_utf8_lossy(&output.stderr)
            )
            .into()),
        }
    }

    /// Runs the program; gives how long that took, in milliseconds.
    fn time(&self) -> Result<f64, Box<dyn Error>> {
        let start = Instant::now();
        self.run()?;
        Ok(start.elapsed().as_secs_f64() * 1000.0)
    }
}

/// The median times in milliseconds of programs that run in turns, so that what else the machine
/// does meets all of them. The first round is not counted.
pub fn in_turns(rounds: usize, commands: &[&Command]) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..=rounds {
        for (command, times) in commands.iter().zip(&mut times) {
            let time = command.time()?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// How often a short program runs before and after a long one.
const SHORT_RUNS: usize = 9;

/// Rounds of long programs, each beside a short one that runs several times right before and right after it: a
/// machine that is shared is slow for minutes, and one short run says little about them.
pub struct Rounds {
    /// For each long program, its times in milliseconds, by round.
    pub times: Vec<Vec<f64>>,
    /// For each long program, the short one's median times around it, by round.
    pub beside: Vec<Vec<f64>>,
}

impl Rounds {
    /// Runs the programs; the first round is not counted.
    pub fn run(rounds: usize, long: &[&Command], short: &Command) -> Result<Self, Box<dyn Error>> {
        let mut found = Self { times: vec![Vec::new(); long.len()], beside: vec![Vec::new(); long.len()] };
        let mut before = several(short)?;
        for round in 0..=rounds {
            for (index, command) in long.iter().enumerate() {
                let time = command.time()?;
                let after = several(short)?;
                if round > 0 {
                    found.times[index].push(time);
                    found.beside[index].push(median([before, after.clone()].concat()));
                }
                before = after;
            }
        }
        Ok(found)
    }

    /// The median of a long program's time as a multiple of the short one's in the same round.
    pub fn ratio(&self, index: usize) -> f64 {
        median(self.times[index].iter().zip(&self.beside[index]).map(|(long, short)| long / short).collect())
    }

    /// The median of one long program's time as a multiple of another's in the same round.
    pub fn ratio_of(&self, one: usize, other: usize) -> f64 {
        median(self.times[one].iter().zip(&self.times[other]).map(|(one, other)| one / other).collect())
    }
}

fn several(command: &Command) -> Result<Vec<f64>, Box<dyn Error>> {
    (0..SHORT_RUNS).map(|_| command.time()).collect()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `a` as a multiple of `b`, for a table.
pub fn ratio(a: f64, b: f64) -> String {
    format!("{:.2}", a / b)
}

/// The most memory in MiB that a program held at once: what the kernel tells while it runs, which
/// only grows.
pub fn peak_memory(command: &Command) -> Result<f64, Box<dyn Error>> {
    let mut child = command.start()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    while child.try_wait()?.is_none() {
        let told = std::fs::read_to_string(&status)
            .map_err(|_| "the peak memory is read from /proc, which only Linux has")?;
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes: Option<f64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = kibibytes.map_or(peak, |now: f64| now / 1024.0);
        thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}
