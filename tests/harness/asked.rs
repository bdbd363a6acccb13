//! A bulletin whose departments have their forms: what a round of asking and collecting is tested with.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::answer::Answer;
use super::bulletin::Bulletin;
use super::outcome::Outcome;

/// The month that departments are asked for.
pub const ASKED_MONTH: &str = "2025-08";

/// A bulletin with forms sent out, and a folder in which answers come in.
pub struct Asked {
    /// The bulletin.
    pub bulletin: Bulletin,
    inbox: TempDir,
}

impl Asked {
    /// The small bulletin, whose departments are asked for the table with a total.
    pub fn small() -> Self {
        Self::of(Bulletin::new().with_edit(
            "yuebao.toml",
            "name = \"assessment\"",
            "name = \"assessment\"\nasked = false",
        ))
    }

    /// A bulletin with the forms of its next month. What is invented here jumps from month to month.
    pub fn of(bulletin: Bulletin) -> Self {
        let settings = bulletin.text("yuebao.toml").replace("\noff = [", "\noff = [\"Y0421\", ");
        Self::with_all_checks(bulletin.with_file("yuebao.toml", settings.replace("\", ]", "\"]")))
    }

    /// A bulletin with the forms of its next month, whose answers are held against the months before.
    pub fn with_all_checks(bulletin: Bulletin) -> Self {
        bulletin.run(&["new", ASKED_MONTH]).done();
        bulletin.run(&["forms", ASKED_MONTH]).done();
        Self { bulletin, inbox: tempfile::tempdir().unwrap() }
    }

    /// With the bulletin changed.
    pub fn changed(self, change: impl FnOnce(Bulletin) -> Bulletin) -> Self {
        Self { bulletin: change(self.bulletin), ..self }
    }

    /// A department's form, by the beginning of its file's name: its number.
    pub fn form(&self, number: &str) -> Answer {
        let folder = self.bulletin.path(&format!("output/forms/{ASKED_MONTH}"));
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let path = names.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(number)).min();
        Answer::new(fs::read(path.unwrap_or_else(|| panic!("no form {number}"))).unwrap())
    }

    /// Puts an answer into the folder of what came in, under any name.
    pub fn receive(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Takes a file out of the folder of what came in.
    pub fn discard(&self, name: &str) -> &Self {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    /// Collects one file, and takes it out of the folder again; what became of it.
    pub fn collect_alone(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        self.receive(name, content);
        let lines = self.collected();
        self.discard(name);
        lines.join("")
    }

    /// The path of a file that came in.
    pub fn path(&self, name: &str) -> PathBuf {
        self.inbox.path().join("in").join(name)
    }

    /// Collects all that came in.
    pub fn collect(&self) -> Outcome {
        self.collect_from(&self.path(""))
    }

    /// Collects from one path.
    pub fn collect_from(&self, path: &std::path::Path) -> Outcome {
        let path = path.to_str().unwrap().trim_end_matches('/');
        self.bulletin.run(&["--format", "json", "collect", ASKED_MONTH, path])
    }

    /// Collects all that came in; gives what became of each file: its name, the outcome, its findings' codes and cells.
    #[track_caller]
    pub fn collected(&self) -> Vec<String> {
        told(&self.collect().json())
    }

    /// The names of the departments that stand so: `answered`, `missing` or `to_correct`.
    pub fn standing(&self, standing: &str) -> Vec<String> {
        let json = self.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).json();
        let departments = json["departments"].as_array().unwrap().iter();
        departments
            .filter(|department| department["status"] == standing)
            .map(|department| department["department"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The record of what was collected.
    pub fn record(&self) -> String {
        self.bulletin.text(&format!("data/{ASKED_MONTH}/answers/answers.toml"))
    }

    /// A marked copy.
    pub fn returned(&self, name: &str) -> Answer {
        Answer::new(self.bulletin.bytes(&format!("output/returns/{ASKED_MONTH}/{name}")))
    }
}

/// What became of each file, in one line each.
pub fn told(json: &Value) -> Vec<String> {
    let answers = json["answers"].as_array().unwrap_or_else(|| panic!("{json}"));
    let tell = |answer: &Value| {
        let file = answer["file"].as_str().unwrap();
        let file = file.split_once("/in/").map_or(file, |(_, name)| name);
        let findings = answer["diagnostics"].as_array().unwrap().iter().map(|finding| {
            let code = finding["code"].as_str().unwrap();
            let cell = finding["location"]["cell"].as_str();
            cell.map_or(code.to_owned(), |cell| format!("{code} {cell}"))
        });
        let mut line = format!("{file}: {}", answer["outcome"].as_str().unwrap());
        findings.for_each(|finding| line.push_str(&format!("; {finding}")));
        line
    };
    answers.iter().map(tell).collect()
}

/// Whether LibreOffice is installed; where it is not, that its part of a test is left out is said.
#[allow(clippy::print_stderr, reason = "whoever runs the tests is told")]
pub fn has_libreoffice() -> bool {
    let is_installed = std::process::Command::new("soffice").arg("--version").output().is_ok();
    if !is_installed {
        eprintln!("soffice is not installed: what is written is not opened with it");
    }
    is_installed
}
