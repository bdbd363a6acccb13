//! The command line: which verb, on which project, how the outcome is told.

mod answers;
mod args;
mod build;
mod collect;
mod explain;
mod figures;
mod fonts;
mod forms;
mod incoming;
mod init;
mod months;
mod new;
mod origin;
mod printer;
mod shard;
mod status;
mod stop;
mod usage;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::build::Workshop;
use crate::diagnostic::{Diagnostic, shown};
use crate::output::explain_unwritable;
use crate::project::{Folder, Project};
use crate::source::{self, Isolation};
use crate::threads::share_work_with_this_thread;
use args::{Arguments, Common, Format, Verb};
use printer::{Failure, Printer};

pub use incoming::IncomingFiles;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// Done, warnings allowed.
    Done,
    /// Errors in the data, the text or the template.
    Faulty,
    /// Wrong usage, or an environment in which nothing can be done.
    Unusable,
    /// Stopped from outside before everything was done.
    Stopped,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::Faulty => Self::from(1),
            Status::Unusable => Self::from(2),
            Status::Stopped => Self::from(stop::STOPPED),
        }
    }
}

/// Runs the program; `limit_memory` holds the process to [`source::CHILD_MEMORY_LIMIT`].
pub fn run(arguments: impl IntoIterator<Item = OsString>, limit_memory: impl Fn()) -> ExitCode {
    install_panic_hook();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = Arguments::command()
        .try_get_matches_from(&arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage::explain(&error, &arguments).into(),
    };
    if matches!(arguments.verb, Verb::ReadWorkbook) {
        limit_memory();
        return match source::serve_as_child() {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(2),
        };
    }
    stop::outlive_file_limits();
    let mut printer = Printer::new(arguments.common.format, arguments.common.quiet);
    let status = match share_work_with_this_thread() {
        true => dispatch(&arguments, &mut printer),
        false => printer.refuse(&Failure::new(
            "系统不让本程序开线程：进程或线程太多，到了上限",
            "请关闭一些程序，或调高上限（ulimit -u），再运行一次",
        )),
    };
    match printer.finish() {
        Ok(()) => status.into(),
        // Whoever read our output has enough of it: that is no fault of ours.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => status.into(),
        Err(error) => {
            let (why, hint) = explain_unwritable(&error);
            Printer::new(Format::Human, false).failure(&format!("结果没有写完：{why}"), &[hint]);
            Status::Unusable.into()
        }
    }
}

fn dispatch(arguments: &Arguments, printer: &mut Printer) -> Status {
    let common = &arguments.common;
    match &arguments.verb {
        Verb::Init { folder, fonts } => init::run(common, folder.as_deref(), fonts.as_deref(), printer),
        Verb::New { month } => new::run(common, month, printer),
        Verb::Check { selection, batch, deny_warnings } => {
            let wanted = build::Wanted {
                deny_warnings: *deny_warnings,
                write: false,
                open: false,
                force: false,
                dry_run: false,
            };
            build::run(common, selection, batch, wanted, printer)
        }
        Verb::Build { selection, batch, deny_warnings, open, force, dry_run } => {
            let wanted = build::Wanted {
                deny_warnings: *deny_warnings,
                write: true,
                open: *open,
                force: *force,
                dry_run: *dry_run,
            };
            build::run(common, selection, batch, wanted, printer)
        }
        Verb::Verify { selection, batch } => verify::run(common, selection, batch, printer),
        Verb::Figures { month } => figures::run(common, month, printer),
        Verb::Explain { code_or_month: code, figure: None } => explain::run(code, printer),
        Verb::Explain { code_or_month: month, figure: Some(figure) } => {
            origin::run(common, month, figure, printer)
        }
        Verb::Fonts => fonts::run(common, printer),
        Verb::Forms { month, combined } => forms::run(common, month, *combined, printer),
        Verb::Collect { month, paths } => collect::run(common, month, paths, printer),
        Verb::Status { month, message } => status::run(common, month, *message, printer),
        Verb::ReadWorkbook => Status::Unusable,
    }
}

/// The bulletin's folder, or the finding that there is none.
fn find_folder(common: &Common, printer: &mut Printer) -> Option<Folder> {
    let start = common.directory.clone().unwrap_or_else(|| ".".into());
    let folder = Folder::find(&start);
    if folder.is_none() {
        printer.failure(
            &match start == std::path::Path::new(".") {
                true => "在当前文件夹及其上级文件夹中找不到 yuebao.toml".to_owned(),
                false if !start.is_dir() => format!("没有“{}”这个文件夹", shown(&start.to_string_lossy())),
                false => format!("在“{}”及其上级文件夹中找不到 yuebao.toml", shown(&start.to_string_lossy())),
            },
            &["请到月报的文件夹里运行，或用 -C 指明它", "还没有月报时，可用 yuebao init 新建一份"],
        );
    }
    folder
}

/// Opens the bulletin with everything that its months share.
fn open_workshop(common: &Common, printer: &mut Printer) -> Result<(Workshop, Vec<Diagnostic>), Status> {
    let folder = find_folder(common, printer).ok_or(Status::Unusable)?;
    let (workshop, diagnostics) = Workshop::open(folder, isolation());
    match workshop {
        Some(workshop) => Ok((workshop, diagnostics)),
        None => {
            printer.summary();
            Err(refuse_found(SETTINGS_FAULTY, &diagnostics, printer))
        }
    }
}

/// Opens the bulletin's declarations alone.
fn open_project(common: &Common, printer: &mut Printer) -> Result<(Project, Vec<Diagnostic>), Status> {
    let folder = find_folder(common, printer).ok_or(Status::Unusable)?;
    let (project, diagnostics) = Project::open(folder);
    match project {
        Some(project) => Ok((project, diagnostics)),
        None => Err(refuse_found(SETTINGS_FAULTY, &diagnostics, printer)),
    }
}

const SETTINGS_FAULTY: &str = "月报的设置有错误，什么也没有做";

/// Tells findings, and that nothing can be done for them.
fn refuse_found(message: &str, diagnostics: &[Diagnostic], printer: &mut Printer) -> Status {
    printer.project(diagnostics);
    printer.failure(message, &["请先改正上面各处"]);
    Status::Faulty
}

/// Doubtful workbooks are read by a child of this same program.
fn isolation() -> Isolation {
    match std::env::current_exe() {
        Ok(program) => Isolation::Child { program },
        Err(_) => Isolation::InProcess,
    }
}

/// A panic is a fault of the program; what the readers of foreign files catch themselves stays silent.
fn install_panic_hook() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |information| {
        if source::is_quiet() {
            return;
        }
        let _ = writeln!(io::stderr(), "程序内部出错，请把下面几行和出错时的文件发给开发者：");
        default(information);
    }));
}
