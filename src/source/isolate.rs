//! Reading what cannot be bounded in a child process: the same program, started
//! with its hidden verb, with limited memory, time and output.
//!
//! The file goes to the child's standard input; an [`Answer`] in JSON comes back.
//! The child has a process group of its own: Ctrl-C is for the program that waits for it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::excel;
use super::fault::{Fault, Kind};
use super::format::{Format, detect};
use super::limits::{self, Allowance};
use super::quiet::quietly;
use super::workbook::Workbook;
use crate::diagnostic::{Diagnostic, rules};
use crate::threads::STACK;

/// The verb that makes the program read a workbook from its standard input.
pub const READ_VERB: &str = "read-workbook";

/// How many bytes of memory the child's allocator (mimalloc) sets aside as it starts; it then takes no more.
const MEMORY_SET_ASIDE: &str = "MIMALLOC_ARENA_RESERVE";
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// The limit is counted in such pieces, so that it does not pass while the program itself is suspended.
const PIECE: Duration = Duration::from_millis(100);
/// How often the child looks whether the program is still there.
const LOOK: Duration = Duration::from_secs(1);
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

/// The same with the process's own input and output; whether it answered. It ends of itself when the program
/// that waits for it has gone.
pub fn serve_as_child() -> bool {
    let (sender, receiver) = mpsc::channel();
    let serve = move || {
        let served = serve_isolated(io::stdin().lock(), io::stdout().lock());
        // Nobody waits for it where the time is over.
        let _ = sender.send(served.is_ok());
    };
    match thread::Builder::new().stack_size(STACK).spawn(serve.clone()) {
        // With the last sender goes the hope of an answer.
        Ok(_) => drop(serve),
        Err(_) => serve(),
    }
    let program = parent();
    let mut waited = Duration::ZERO;
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(served) => return served,
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => waited += LOOK,
        }
        // Where the program is known it may be suspended, and takes the answer when it goes on.
        let is_alone = match program {
            Some(_) => parent() != program,
            None => waited > TIME_LIMIT * 2,
        };
        if is_alone {
            return false;
        }
    }
}

/// The process that started this one; none where systems do not tell.
fn parent() -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    None
}

/// Whether a finding says that a file could not be read for reasons that may lie outside it: little memory, a
/// process that was ended, a machine that is too busy.
pub fn is_reader_failure(found: &Diagnostic) -> bool {
    found.rule == &rules::READER_TIMED_OUT || found.rule == &rules::READER_FAILED
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
    apart_from_the_terminal(&mut command);
    command
}

/// Keeps the terminal's signals from the child. (Windows knows no groups that would do so as simply.)
fn apart_from_the_terminal(command: &mut Command) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    #[cfg(not(unix))]
    let _ = command;
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
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed("系统没有让它启动"))?;
    let outcome = exchange(&mut child, bytes, limit);
    // Whatever it still does, nobody waits for it any more; both fail when it is gone already.
    let _ = child.kill();
    let _ = child.wait();
    let answer = outcome?;
    match serde_json::from_slice(&answer) {
        Ok(Answer::Workbook(workbook)) => Ok(workbook),
        Ok(Answer::Fault(fault)) => Err(fault),
        Err(_) => Err(failed("没有读完就结束了")),
    }
}

fn failed(detail: &str) -> Fault {
    Fault::new(Kind::ReaderFailed, detail)
}

/// Sends the file and waits for the answer. The threads end with the child, whose
/// end of the pipes closes then.
fn exchange(child: &mut Child, bytes: &[u8], limit: Duration) -> Result<Vec<u8>, Fault> {
    let broken = || failed("与它的联系断了");
    let mut input = child.stdin.take().ok_or_else(broken)?;
    let output = child.stdout.take().ok_or_else(broken)?;
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        // A child that stops reading closes the pipe: its answer tells why.
        let write = move || input.write_all(bytes).and_then(|()| input.flush());
        let read = move || {
            let mut answer = Vec::new();
            let read = output.take(LARGEST_ANSWER + 1).read_to_end(&mut answer);
            let _ = sender.send(read.map(|_| answer));
        };
        let start = || {
            thread::Builder::new().spawn_scoped(scope, write)?;
            thread::Builder::new().spawn_scoped(scope, read)
        };
        let outcome = start().is_ok().then(|| wait(&receiver, limit));
        // Before the threads are joined at the end of the scope: they wait for the child.
        let _ = child.kill();
        match outcome {
            None => Err(failed("系统不让本程序再开线程")),
            Some(Some(Ok(answer))) if answer.len() as u64 > LARGEST_ANSWER => {
                Err(Fault::new(Kind::TooManyCells, "内容过多"))
            }
            Some(Some(Ok(answer))) => Ok(answer),
            Some(Some(Err(_))) => Err(broken()),
            Some(None) => Err(Fault::new(Kind::TimedOut, format!("超过 {} 秒", limit.as_secs()))),
        }
    })
}

/// What comes within the limit.
fn wait<T>(receiver: &Receiver<T>, limit: Duration) -> Option<T> {
    for _ in 0..limit.as_millis() / PIECE.as_millis() {
        match receiver.recv_timeout(PIECE) {
            Ok(received) => return Some(received),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_child_is_in_a_process_group_of_its_own() {
        let mut command = Command::new("cut");
        command.args(["-d", " ", "-f", "1,5", "/proc/self/stat"]);
        apart_from_the_terminal(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let told = String::from_utf8(exchange(&mut child, b"", TIME_LIMIT).unwrap()).unwrap();
        child.wait().unwrap();
        let (process, group) = told.trim_end().split_once(' ').unwrap();
        assert_eq!(process, group);
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
