//! How outcomes are told: sentences for people on standard error, one JSON object on standard output.

mod human;
mod progress;

use std::io::{self, Write};

use serde_json::{Value, json};

use self::progress::Progress;
use super::Status;
use super::args::Format;
use crate::check::Settled;
use crate::diagnostic::{Diagnostic, Severity, has_errors, shown};
use crate::output::explain_unwritable;
use crate::project::Month;
use crate::state::Change;
use crate::trail::TrailPlace;

/// What became of a month.
pub struct MonthOutcome {
    /// The month.
    pub month: Month,
    /// The PDF's name within the project, if one was written.
    pub output: Option<String>,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The warnings that the editor has acknowledged.
    pub settled: Vec<Settled>,
    /// Whether warnings alone stopped it.
    pub denied: bool,
    /// Whether a PDF was asked for.
    pub wanted_output: bool,
    /// What was done.
    pub action: Action,
}

/// What was done for a month.
pub enum Action {
    /// It was checked.
    Check,
    /// It was compared with its record.
    Verify,
    /// It was built, for these reasons.
    Build(Vec<Change>),
    /// It would be built, for these reasons.
    WouldBuild(Vec<Change>),
    /// Nothing changed: there was nothing to do.
    Skip,
    /// It could not be built.
    Fail,
}

impl Action {
    /// The name in JSON.
    fn name(&self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Verify => "verify",
            Self::Build(_) => "build",
            Self::WouldBuild(_) => "would_build",
            Self::Skip => "skip",
            Self::Fail => "fail",
        }
    }

    fn changes(&self) -> &[Change] {
        match self {
            Self::Build(changes) | Self::WouldBuild(changes) => changes,
            _ => &[],
        }
    }
}

impl MonthOutcome {
    /// An outcome without findings.
    pub fn new(month: Month, action: Action) -> Self {
        Self {
            month,
            output: None,
            diagnostics: Vec::new(),
            settled: Vec::new(),
            denied: false,
            wanted_output: false,
            action,
        }
    }

    fn status(&self) -> &'static str {
        if has_errors(&self.diagnostics) || self.denied {
            "error"
        } else if self.diagnostics.is_empty() {
            "ok"
        } else {
            "warning"
        }
    }
}

/// Why something could not be made, and what to do.
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Failure {
    /// A failure with its remedy.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// Something that could not be written; `name` is what messages call it.
    pub fn unwritable(name: &str, error: &io::Error) -> Self {
        let (why, hint) = explain_unwritable(error);
        Self::new(format!("无法写入 {}：{why}", shown(name)), hint)
    }
}

/// Collects what is to be told and tells it in one of two forms.
pub struct Printer {
    format: Format,
    quiet: bool,
    /// Whether there is more than one month to tell of.
    several: bool,
    /// The object printed at the end, in JSON.
    object: serde_json::Map<String, Value>,
    months: Vec<Value>,
    counts: Counts,
    progress: Progress,
    /// The first failure to write, kept until the end.
    broken: Option<io::Error>,
}

#[derive(Debug, Default)]
struct Counts {
    good: usize,
    bad: usize,
    /// Of the good ones, those that were built, or would be.
    built: usize,
    /// Of the good ones, those that had not changed.
    skipped: usize,
    /// Whether it is only told what would be built.
    dry: bool,
    /// Those that were not begun when the run was stopped.
    left: usize,
}

impl Printer {
    /// A printer; under `quiet` only errors are told to people.
    pub fn new(format: Format, quiet: bool) -> Self {
        let mut object = serde_json::Map::new();
        object.insert("version".to_owned(), json!(1));
        Self {
            format,
            quiet,
            several: false,
            object,
            months: Vec::new(),
            counts: Counts::default(),
            progress: Progress::None,
            broken: None,
        }
    }

    /// Tells findings about the bulletin as a whole.
    pub fn project(&mut self, diagnostics: &[Diagnostic]) {
        if diagnostics.is_empty() {
            return;
        }
        match self.format {
            Format::Json => self.append("diagnostics", diagnostics.iter().map(diagnostic_json)),
            Format::Human => self.tell_diagnostics(diagnostics),
        }
    }

    /// Tells what became of a month. People are not told again, among other months or where nothing is built, what was
    /// found when an unchanged one was built.
    pub fn month(&mut self, outcome: &MonthOutcome) {
        let status = outcome.status();
        self.counts.add(outcome);
        if self.format == Format::Json {
            self.months.push(month_json(outcome));
            return;
        }
        let is_old = matches!(outcome.action, Action::Skip) && (self.several || !outcome.wanted_output);
        if !is_old {
            self.tell_diagnostics(&outcome.diagnostics);
        }
        if status == "error" || !self.quiet {
            self.tell(&human::month_line(outcome, is_old));
        }
    }

    /// Begins to work on so many months.
    pub fn begin(&mut self, months: usize, wanted: bool) {
        self.progress = match self.format {
            Format::Json if wanted => Progress::lines(months),
            Format::Json => Progress::None,
            Format::Human if self.quiet => Progress::None,
            Format::Human => Progress::bar(months),
        };
        self.several = months > 1;
        if months == 0 {
            self.notice("这一份里没有要处理的月份");
        }
    }

    /// Tells at once that one more month is finished; what became of it is told in its turn.
    pub fn progress(&mut self, outcome: Option<&MonthOutcome>) {
        let told = self.progress.advance(outcome);
        self.keep(told);
    }

    /// Ends the work on the months, of which so many were left out.
    pub fn end(&mut self, left: usize) {
        self.progress.end();
        self.counts.left = left;
        self.summary();
        if left > 0 {
            match self.format {
                Format::Json => drop(self.object.insert("stopped".to_owned(), json!({ "left": left }))),
                Format::Human => self.tell(&format!("已停止：还有 {left} 个月没有处理\n")),
            }
        }
    }

    /// Tells how many months went well, if there were several.
    pub fn summary(&mut self) {
        if self.format == Format::Json {
            let months = std::mem::take(&mut self.months);
            self.object.insert("months".to_owned(), Value::Array(months));
            return;
        }
        let Counts { good, bad, .. } = self.counts;
        if good + bad > 1 && (bad > 0 || !self.quiet) {
            self.tell(&human::summary(&self.counts));
        }
    }

    /// Prints data: a text for people or an object, on standard output.
    pub fn data(&mut self, text: &str, json: Value) {
        match (self.format, json) {
            (Format::Json, Value::Object(object)) => self.object.extend(object),
            (Format::Json, other) => {
                self.object.insert("data".to_owned(), other);
            }
            (Format::Human, _) => {
                let printed = anstream::stdout().write_all(text.as_bytes());
                self.keep(printed);
            }
        }
    }

    /// Tells something that the rest of the JSON object does not say: there it is one of the `notes`.
    pub fn notice(&mut self, text: &str) {
        match self.format {
            Format::Json => self.append("notes", [json!(text)]),
            Format::Human => self.remark(text),
        }
    }

    /// Tells people something that the JSON object says in another way.
    pub fn remark(&mut self, text: &str) {
        if self.format == Format::Human && !self.quiet {
            self.tell(&format!("{text}\n"));
        }
    }

    /// Adds something to the JSON object, where that is the form.
    pub fn note(&mut self, name: &str, value: Value) {
        if self.format == Format::Json {
            self.object.insert(name.to_owned(), value);
        }
    }

    /// Tells which files were made and what is to be done next, or why nothing was made.
    pub fn created(&mut self, made: Result<Vec<String>, Failure>, next: &[String]) -> Status {
        let names = match made {
            Ok(names) => names,
            Err(failure) => return self.refuse(&failure),
        };
        next.iter().for_each(|line| self.remark(line));
        self.note("created", json!(names));
        Status::Done
    }

    /// Tells that the run was stopped, and what is there now.
    pub fn stopped(&mut self, message: &str) -> Status {
        match self.format {
            Format::Json => self.note("stopped", json!({})),
            Format::Human => self.tell(&format!("已停止：{message}\n")),
        }
        Status::Stopped
    }

    /// Tells why what was asked for cannot be done.
    pub fn refuse(&mut self, failure: &Failure) -> Status {
        self.failure(&failure.message, &[&failure.hint]);
        Status::Unusable
    }

    /// Tells why nothing can be done here.
    pub fn failure(&mut self, message: &str, hints: &[&str]) {
        if self.format == Format::Json {
            self.object.insert("error".to_owned(), json!({ "message": message, "hints": hints }));
            return;
        }
        self.tell(&human::failure(message, hints));
    }

    /// Prints the JSON object, if that is the form; gives the first failure to write.
    pub fn finish(mut self) -> io::Result<()> {
        if self.format == Format::Json {
            let text = serde_json::to_string_pretty(&Value::Object(self.object.clone()))?;
            let printed = io::stdout().write_all(format!("{text}\n").as_bytes());
            self.keep(printed);
        }
        self.broken.map_or(Ok(()), Err)
    }

    /// Adds to a list of the JSON object, which is there where it has something.
    fn append(&mut self, name: &str, values: impl IntoIterator<Item = Value>) {
        if let Value::Array(list) = self.object.entry(name).or_insert_with(|| json!([])) {
            list.extend(values);
        }
    }

    fn tell_diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            if diagnostic.severity == Severity::Error || !self.quiet {
                self.tell(&human::diagnostic(diagnostic));
            }
        }
    }

    fn tell(&mut self, text: &str) {
        let told = self.progress.aside(|| anstream::stderr().write_all(text.as_bytes()));
        self.keep(told);
    }

    fn keep(&mut self, result: io::Result<()>) {
        if let (None, Err(error)) = (&self.broken, result) {
            self.broken = Some(error);
        }
    }
}

impl Counts {
    fn add(&mut self, outcome: &MonthOutcome) {
        self.dry |= matches!(outcome.action, Action::WouldBuild(_));
        match (outcome.status(), &outcome.action) {
            ("error", _) => self.bad += 1,
            (_, Action::Build(_) | Action::WouldBuild(_)) => {
                self.good += 1;
                self.built += 1;
            }
            (_, Action::Skip) => {
                self.good += 1;
                self.skipped += 1;
            }
            _ => self.good += 1,
        }
    }
}

fn month_json(outcome: &MonthOutcome) -> Value {
    let reasons = outcome.action.changes().iter();
    let reasons = reasons
        .map(|change| json!({ "kind": change.kind(), "file": change.file(), "message": change.to_string() }));
    json!({
        "month": outcome.month.to_string(),
        "status": outcome.status(),
        "action": outcome.action.name(),
        "reasons": reasons.collect::<Vec<_>>(),
        "output": outcome.output,
        "diagnostics": outcome.diagnostics.iter().map(diagnostic_json).collect::<Vec<_>>(),
        "acknowledged": outcome.settled.iter().map(settled_json).collect::<Vec<_>>(),
    })
}

fn settled_json(settled: &Settled) -> Value {
    let mut value = diagnostic_json(&settled.diagnostic);
    if let Value::Object(value) = &mut value {
        value.insert("reason".to_owned(), json!(settled.reason));
    }
    value
}

/// A finding as JSON.
pub fn diagnostic_json(diagnostic: &Diagnostic) -> Value {
    json!({
        "code": diagnostic.rule.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "location": diagnostic.location.as_ref().map(TrailPlace::from),
        "hints": diagnostic.hints,
    })
}
