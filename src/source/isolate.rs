//! Reading what cannot be bounded in a child process: the same program, started
//! with its hidden verb, with limited memory, time and output.
//!
//! The file goes to the child's standard input; an [`Answer`] in JSON comes back.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::excel;
use super::fault::{Fault, Kind};
use super::format::{Format, detect};
use super::limits::{self, Allowance};
use super::quiet::quietly;
use super::workbook::Workbook;

/// The verb that makes the program read a workbook from its standard input.
pub const READ_VERB: &str = "read-workbook";

/// How many bytes of memory the child's allocator (mimalloc) sets aside as it starts; it then takes no more.
const MEMORY_SET_ASIDE: &str = "MIMALLOC_ARENA_RESERVE";
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Beyond what the largest workbook that is accepted takes in JSON.
const LARGEST_ANSWER: u64 = 160 * 1024 * 1024;

/// Where formats are read whose reader cannot be bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Isolation {
    /// In this process, where a panic is caught but memory and time are not bounded.
    InProcess,
    /// In a child process.
    Child {
        /// The program to start: this one, as a rule.
        program: PathBuf,
    },
}

#[derive(Serialize, Deserialize)]
enum Answer {
    Workbook(Workbook),
    Fault(Fault),
}

/// What the program does when it is the child: reads a workbook from `input` and
/// writes the answer to `output`. Its allocator must have been held to what it set aside.
pub fn serve_isolated(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(limits::LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    let answer = match read_here(&bytes) {
        Ok(workbook) => Answer::Workbook(workbook),
        Err(fault) => Answer::Fault(fault),
    };
    let mut buffered = io::BufWriter::new(&mut output);
    serde_json::to_writer(&mut buffered, &answer)?;
    buffered.flush()
}

/// Reads an .xls or .xlsb workbook as the caller wishes it to be isolated.
pub(super) fn read(bytes: &[u8], isolation: &Isolation) -> Result<Workbook, Fault> {
    match isolation {
        Isolation::InProcess => read_here(bytes),
        Isolation::Child { program } => read_in_child(bytes, &mut reader(program), TIME_LIMIT),
    }
}

/// The program as the child that reads a workbook.
fn reader(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(READ_VERB).env(MEMORY_SET_ASIDE, limits::CHILD_MEMORY_LIMIT.to_string());
    command
}

fn read_here(bytes: &[u8]) -> Result<Workbook, Fault> {
    let mut allowance = Allowance::default();
    let outcome = match detect(bytes)? {
        Format::Xls => quietly(move || excel::read_xls(bytes, &mut allowance)),
        Format::Xlsb { .. } => quietly(move || excel::read_xlsb(bytes, &mut allowance)),
        _ => return Err(Fault::new(Kind::Unsupported, "")),
    };
    outcome.unwrap_or_else(|()| Err(Fault::damaged("内部结构读不通")))
}

fn read_in_child(bytes: &[u8], command: &mut Command, limit: Duration) -> Result<Workbook, Fault> {
    let failed = |detail: String| Fault::new(Kind::ReaderFailed, detail);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed("无法启动读取程序".to_owned()))?;
    let outcome = exchange(&mut child, bytes, limit);
    // Whatever it still does, nobody waits for it any more; both fail when it is gone already.
    let _ = child.kill();
    let _ = child.wait();
    let answer = outcome?;
    match serde_json::from_slice(&answer) {
        Ok(Answer::Workbook(workbook)) => Ok(workbook),
        Ok(Answer::Fault(fault)) => Err(fault),
        Err(_) => Err(failed("文件已损坏，或展开后超出内存限制".to_owned())),
    }
}

/// Sends the file and waits for the answer. The threads end with the child, whose
/// end of the pipes closes then.
fn exchange(child: &mut Child, bytes: &[u8], limit: Duration) -> Result<Vec<u8>, Fault> {
    let broken = || Fault::new(Kind::ReaderFailed, "与读取程序的联系中断");
    let mut input = child.stdin.take().ok_or_else(broken)?;
    let output = child.stdout.take().ok_or_else(broken)?;
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        // A child that stops reading closes the pipe: its answer tells why.
        scope.spawn(move || input.write_all(bytes).and_then(|()| input.flush()));
        scope.spawn(move || {
            let mut answer = Vec::new();
            let read = output.take(LARGEST_ANSWER + 1).read_to_end(&mut answer);
            let _ = sender.send(read.map(|_| answer));
        });
        let outcome = receiver.recv_timeout(limit);
        // Before the threads are joined at the end of the scope: they wait for the child.
        let _ = child.kill();
        match outcome {
            Ok(Ok(answer)) if answer.len() as u64 > LARGEST_ANSWER => {
                Err(Fault::new(Kind::TooManyCells, "内容过多"))
            }
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(broken()),
            Err(_) => Err(Fault::new(Kind::TimedOut, format!("超过 {} 秒", limit.as_secs()))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn fault(program: &str, argument: &str, bytes: usize) -> Kind {
        let mut command = Command::new(program);
        let limit = Duration::from_millis(500);
        read_in_child(&vec![0; bytes], command.arg(argument), limit).unwrap_err().kind()
    }

    #[cfg(unix)]
    #[test]
    fn a_child_that_does_not_answer_is_stopped() {
        assert_eq!(fault("sleep", "60", 10), Kind::TimedOut);
        // It does not read either: more than a pipe holds.
        assert_eq!(fault("sleep", "60", 1 << 20), Kind::TimedOut);
    }

    #[cfg(unix)]
    #[test]
    fn a_child_that_answers_nonsense_is_an_error() {
        assert_eq!(fault("cat", "-", 1 << 20), Kind::ReaderFailed);
        assert_eq!(fault("false", "", 1 << 20), Kind::ReaderFailed);
        assert_eq!(fault("/nowhere/yuebao", "", 10), Kind::ReaderFailed);
    }

    #[test]
    fn the_child_has_its_memory_set_aside() {
        let command = reader(Path::new("yuebao"));
        let set_aside = command.get_envs().find(|(name, _)| *name == MEMORY_SET_ASIDE);
        assert_eq!(set_aside.and_then(|(_, value)| value?.to_str()), Some("402653184"));
    }

    #[test]
    fn what_the_child_writes_is_what_the_parent_reads() {
        let bytes = include_bytes!("../../tests/fixtures/sample.xls");
        let mut output = Vec::new();
        serve_isolated(&bytes[..], &mut output).unwrap();
        let Answer::Workbook(workbook) = serde_json::from_slice(&output).unwrap() else {
            panic!("a workbook")
        };
        assert_eq!(Ok(workbook), read_here(bytes));
        output.clear();
        serve_isolated(&b"PK"[..], &mut output).unwrap();
        assert!(matches!(serde_json::from_slice(&output), Ok(Answer::Fault(_))));
    }
}
