//! The program's answers: for people, and as JSON. Both are always held to be Chinese.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A run of the program that is being prepared.
pub struct Run(Command);

impl Run {
    /// The program with some words, in a folder; nothing of the surroundings colours its output.
    pub fn new(folder: &Path, words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuebao"));
        command.current_dir(folder).args(words).stdin(Stdio::null());
        for name in ["CLICOLOR_FORCE", "CLICOLOR", "NO_COLOR"] {
            command.env_remove(name);
        }
        Self(command)
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it through a shell that does something first, such as setting a limit.
    #[cfg(unix)]
    pub fn after(self, preparation: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{preparation}; exec \"$0\" \"$@\"")]).arg(self.0.get_program());
        shell.args(self.0.get_args()).stdin(Stdio::null());
        if let Some(folder) = self.0.get_current_dir() {
            shell.current_dir(folder);
        }
        for (name, value) in self.0.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        Self(shell)
    }

    /// Starts it, to be stopped or waited for.
    pub fn start(mut self) -> Child {
        self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    /// Runs it.
    pub fn outcome(mut self) -> Outcome {
        Outcome::of(self.0.output().expect("the program starts"))
    }
}

/// Sends a signal to a run: INT is Ctrl-C, HUP the closing of the terminal.
#[cfg(unix)]
pub fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

impl Outcome {
    /// What a run that has ended left behind.
    pub fn of(output: Output) -> Self {
        let outcome = Self {
            code: output.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        };
        assert_harmless(&outcome.stderr);
        if !outcome.stdout.starts_with('{') {
            assert_harmless(&outcome.stdout);
        }
        if !outcome.stderr.starts_with('{') {
            assert_chinese(&without_foreign_engines(&outcome.stderr));
        }
        outcome
    }

    /// Everything went as wished and nothing was remarked but what `stderr` says.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stderr, self.stdout);
        self
    }

    /// Ended with this status.
    #[track_caller]
    pub fn ending_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stderr, self.stdout);
        self
    }

    /// Standard output as the one JSON object that it must be, with silence on standard error.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.stderr, "", "beside JSON nothing is said");
        let value: Value = serde_json::from_str(&self.stdout).expect(&self.stdout);
        assert!(value.is_object(), "{}", self.stdout);
        assert_eq!(value["version"], 1, "{}", self.stdout);
        value
    }

    /// Standard output as an answer with findings.
    #[track_caller]
    pub fn answer(&self) -> Answer {
        Answer { code: self.code, json: self.json() }
    }
}

/// The JSON of `check` or `build`.
#[derive(Debug)]
pub struct Answer {
    code: i32,
    /// The object.
    pub json: Value,
}

impl Answer {
    /// Every finding as its code and place: `Y0203 operations.xlsx 办件!C5`; files of the month without its folder.
    #[track_caller]
    pub fn findings(&self) -> Vec<String> {
        self.told(|finding| format!("{} {}", text(&finding["code"]), place(&finding["location"])))
    }

    /// Every finding as its code and message.
    #[track_caller]
    pub fn messages(&self) -> Vec<String> {
        self.told(|finding| format!("{} {}", text(&finding["code"]), text(&finding["message"])))
    }

    /// The hints of all findings.
    #[track_caller]
    pub fn hints(&self) -> Vec<String> {
        let hints = |finding: &Value| finding["hints"].as_array().cloned().unwrap();
        self.all().iter().flat_map(hints).map(|hint| text(&hint).to_owned()).collect()
    }

    /// There are no findings at all.
    #[track_caller]
    pub fn is_clean(&self) {
        assert_eq!(self.messages(), [""; 0]);
        assert_eq!(self.code, 0);
    }

    #[track_caller]
    fn told(&self, tell: impl Fn(&Value) -> String) -> Vec<String> {
        let all = self.all();
        let has_errors = all.iter().any(|finding| finding["severity"] == "error");
        assert_eq!(self.code != 0, has_errors, "the exit status agrees with the findings: {}", self.json);
        for finding in all.iter().filter(|finding| !speaks_english(text(&finding["code"]))) {
            let hints = finding["hints"].as_array().unwrap();
            for said in hints.iter().chain([&finding["message"]]).map(text) {
                assert_chinese(said);
                assert_harmless(said);
            }
        }
        all.iter().map(tell).collect()
    }

    /// The findings about the project, then those about its months.
    fn all(&self) -> Vec<Value> {
        let of = |value: &Value| value["diagnostics"].as_array().cloned().unwrap_or_default();
        let months = self.json["months"].as_array().into_iter().flatten();
        of(&self.json).into_iter().chain(months.flat_map(of)).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn place(location: &Value) -> String {
    let Some(file) = location["file"].as_str() else { return "-".to_owned() };
    let file = file.strip_prefix("data/2025-07/").unwrap_or(file);
    let sheet = location["sheet"].as_str();
    match (sheet, location["cell"].as_str(), location["line"].as_u64(), location["column"].as_u64()) {
        (Some(sheet), Some(cell), None, None) => format!("{file} {sheet}!{cell}"),
        (Some(sheet), None, None, None) => format!("{file} {sheet}"),
        (None, Some(cell), None, None) => format!("{file} {cell}"),
        (None, None, Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (None, None, None, None) => file.to_owned(),
        _ => panic!("{location} is no place"),
    }
}

/// Typst and the template engine speak English in the findings about templates.
fn speaks_english(code: &str) -> bool {
    matches!(code, "Y0602" | "Y0603" | "Y0604")
}

fn without_foreign_engines(stderr: &str) -> String {
    let mut foreign = false;
    let mut own = String::new();
    for line in stderr.lines() {
        if let Some((_, code)) = line.split_once(" Y").filter(|_| !line.starts_with(' ')) {
            foreign = speaks_english(&format!("Y{}", code.get(..4).unwrap_or_default()));
        }
        if !foreign {
            own.push_str(line);
            own.push('\n');
        }
    }
    own
}

/// Words that programs say when nobody has translated them.
const ENGLISH: &str = "error warning usage failed failure panicked cannot denied invalid expected unexpected \
    unknown missing found such directory os argument arguments the must please hint possible options commands";

/// Fails on words of English, and on anything that reads like a piece of an English sentence.
#[track_caller]
pub fn assert_chinese(said: &str) {
    // The names of options are English, as in every program; so are the two severities in yuebao.toml.
    let said = said.replace("warning（提醒）", "").replace("error（错误）", "");
    let said: String =
        said.split_inclusive(char::is_whitespace).filter(|word| !word.contains("--")).collect();
    for piece in said.split(|character: char| !character.is_ascii_alphabetic() && character != ' ') {
        let words: Vec<&str> = piece.split_whitespace().collect();
        for word in &words {
            let known = ENGLISH.split_whitespace().any(|english| english == word.to_ascii_lowercase());
            assert!(!known, "“{word}” is said: {said}");
        }
        let is_sentence =
            words.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())).count() > 1;
        assert!(!is_sentence || words[0] == "yuebao", "“{piece}” is said: {said}");
    }
}

/// Nothing from a file may steer the terminal or turn the direction of its text.
#[track_caller]
fn assert_harmless(said: &str) {
    let harmful = |character: &char| {
        (character.is_control() && *character != '\n')
            || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(said.chars().find(harmful), None, "{said:?}");
}
