//! The record of a month's last build: by which program, from which files, with what result.
//!
//! One file per month beside its outputs, so that builds of different months never meet. Whether
//! something changed is told by content, never by time stamps.

mod change;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::change::Change;
use crate::check::Settled;
use crate::diagnostic::Diagnostic;
use crate::project::{FileRecord, Folder, Month, ReadFiles};
use crate::render::typst_version;

/// The form of the record; a higher number is a later program's.
const FORMAT: u64 = 1;

/// The name within the project of a month's record.
pub fn state_name(month: Month) -> String {
    format!("output/.state/{month}.json")
}

/// The months that have a record, ascending.
pub fn recorded_months(folder: &Folder) -> Vec<Month> {
    let names = folder.entries("output/.state");
    names.iter().filter_map(|name| Month::parse(name.strip_suffix(".json")?)).collect()
}

/// What is known about the outputs of a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The form of the record.
    format: u64,
    /// The program that made the outputs.
    pub program: Program,
    /// Every file that could change them.
    pub inputs: FileRecord,
    /// The other months that were looked at, whether they were there or not; their files are among the inputs.
    reached: Vec<String>,
    /// The outputs.
    pub outputs: FileRecord,
    /// What a reader sees of each page, in short.
    pub pages: Vec<String>,
    /// What was remarked. A program that skips the month remarks it again.
    diagnostics: Vec<Value>,
    /// What was remarked and acknowledged.
    settled: Vec<Value>,
}

/// The program that made something: its version, and what its bytes may depend on besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The version of yuebao.
    pub version: String,
    /// The version of Typst.
    pub typst: String,
    /// A fingerprint of the sources: it tells programs of one version apart while it is developed.
    pub sources: String,
    /// The platform.
    pub target: String,
}

impl Program {
    /// This program.
    pub fn this() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            typst: typst_version().to_owned(),
            sources: env!("YUEBAO_SOURCES").to_owned(),
            target: env!("YUEBAO_TARGET").to_owned(),
        }
    }
}

/// Why there is no record that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoState {
    /// None was written.
    Absent,
    /// There is one that cannot be read.
    Unreadable,
    /// It is cut off, or is no record at all.
    Damaged,
    /// A later program wrote it.
    Later,
}

impl State {
    /// The record of outputs that this program made.
    pub fn new(
        inputs: FileRecord,
        reached: &BTreeSet<Month>,
        outputs: FileRecord,
        pages: Vec<String>,
        diagnostics: &[Diagnostic],
        settled: &[Settled],
    ) -> Self {
        let settled = settled.iter().filter_map(|found| serde_json::to_value(found).ok()).collect();
        let reached = reached.iter().map(Month::to_string).collect();
        let diagnostics = diagnostics.iter().filter_map(|found| serde_json::to_value(found).ok()).collect();
        Self {
            format: FORMAT,
            program: Program::this(),
            inputs,
            reached,
            outputs,
            pages,
            diagnostics,
            settled,
        }
    }

    /// The other months that the outputs depend on.
    pub fn reached(&self) -> BTreeSet<Month> {
        self.reached.iter().filter_map(|month| Month::parse(month)).collect()
    }

    /// Reads the record of a month.
    pub fn load(folder: &Folder, month: Month) -> Result<Self, NoState> {
        let name = state_name(month);
        if !folder.exists(&name) {
            return Err(NoState::Absent);
        }
        let content = folder.read(&name).map_err(|_| NoState::Unreadable)?;
        Self::parse(&content.bytes)
    }

    fn parse(bytes: &[u8]) -> Result<Self, NoState> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| NoState::Damaged)?;
        match value.get("format").and_then(Value::as_u64) {
            Some(FORMAT) => serde_json::from_value(value).map_err(|_| NoState::Damaged),
            Some(format) if format > FORMAT => Err(NoState::Later),
            _ => Err(NoState::Damaged),
        }
    }

    /// The record as a file.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }

    /// What was remarked when the outputs were made; none where this program does not know such remarks.
    pub fn diagnostics(&self) -> Option<Vec<Diagnostic>> {
        self.diagnostics.iter().map(|value| serde_json::from_value(value.clone()).ok()).collect()
    }

    /// What was acknowledged when the outputs were made; none where this program does not know such remarks.
    pub fn settled(&self) -> Option<Vec<Settled>> {
        self.settled.iter().map(|value| serde_json::from_value(value.clone()).ok()).collect()
    }

    /// In what the program and the inputs of now differ from those of the record.
    pub fn changed_since(&self, inputs: &ReadFiles) -> Vec<Change> {
        let program = (self.program != Program::this()).then(|| Change::OtherProgram(self.program.clone()));
        let mut changes: Vec<Change> = program.into_iter().collect();
        for name in self.inputs.keys().filter(|name| !inputs.record.contains_key(*name)) {
            let change = match inputs.unreadable_at(name) {
                Some((name, why)) => Change::InputUnreadable(name.to_owned(), why),
                None => Change::InputGone(name.clone()),
            };
            // A folder that does not tell its files is one reason for all of them.
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
        for (name, why) in &inputs.unreadable {
            let change = Change::InputUnreadable(name.clone(), why);
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
        for (name, fingerprint) in &inputs.record {
            match self.inputs.get(name) {
                Some(then) if then == fingerprint => {}
                Some(_) => changes.push(Change::InputChanged(name.clone())),
                None => changes.push(Change::InputNew(name.clone())),
            }
        }
        changes
    }

    /// Which of the recorded outputs are no longer on the disk as they were written.
    pub fn changed_outputs(&self, folder: &Folder) -> Vec<Change> {
        let change = |(name, then): (&String, &String)| match folder.fingerprint(name) {
            Some(now) if now == *then => None,
            Some(_) => Some(Change::OutputChanged(name.clone())),
            None if folder.path(name).is_file() => Some(Change::OutputUnreadable(name.clone())),
            // A folder, or something that nobody could read to its end.
            None if folder.path(name).exists() => Some(Change::OutputChanged(name.clone())),
            None => Some(Change::OutputGone(name.clone())),
        };
        self.outputs.iter().filter_map(change).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{CellRef, Excerpt, ExcerptCell, Location, rules};

    fn record(entries: &[(&str, &str)]) -> FileRecord {
        entries.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect()
    }

    fn files(entries: &[(&str, &str)]) -> ReadFiles {
        ReadFiles { record: record(entries), ..ReadFiles::default() }
    }

    fn sample() -> State {
        let cell =
            Location::Cell { file: "a.xlsx".into(), sheet: Some("表".into()), cell: CellRef::new(3, 4) };
        let excerpt = Excerpt::Row(vec![ExcerptCell {
            column: "E".into(),
            header: "件".into(),
            content: "6件".into(),
            marked: true,
        }]);
        let remark =
            Diagnostic::new(&rules::CELL_NUMBER_AS_TEXT, "按数字读取").at(cell).excerpt(excerpt).hint("改");
        State::new(
            record(&[("a", "1"), ("b", "2")]),
            &BTreeSet::new(),
            record(&[("c.pdf", "3")]),
            vec!["p".into()],
            &[remark],
            &[],
        )
    }

    #[test]
    fn what_is_written_is_what_is_read_with_all_remarks() {
        let state = sample();
        let read = State::parse(&state.to_json().unwrap()).unwrap();
        assert_eq!(read, state);
        let remarks = read.diagnostics().unwrap();
        assert_eq!(remarks[0].rule.code, "Y0211");
        assert_eq!(remarks[0].location.as_ref().unwrap().to_string(), "a.xlsx 表!E4");
    }

    #[test]
    fn each_cut_of_a_record_is_damaged_and_none_a_panic() {
        let whole = sample().to_json().unwrap();
        for length in 0..whole.len() {
            assert_eq!(State::parse(&whole[..length]), Err(NoState::Damaged), "{length}");
        }
    }

    #[test]
    fn a_record_of_a_later_form_is_told_apart_whatever_it_holds() {
        assert_eq!(State::parse(br#"{"format": 2, "inputs": 7}"#), Err(NoState::Later));
        for other in ["{}", "[]", "7", r#"{"format": 0}"#, r#"{"format": 1}"#, r#"{"format": "1"}"#] {
            assert_eq!(State::parse(other.as_bytes()), Err(NoState::Damaged), "{other}");
        }
    }

    #[test]
    fn every_kind_of_change_is_named() {
        let state = sample();
        assert_eq!(state.changed_since(&files(&[("a", "1"), ("b", "2")])), []);
        let changes = state.changed_since(&files(&[("a", "9"), ("d", "4")]));
        let named: Vec<String> = changes.iter().map(Change::to_string).collect();
        assert_eq!(named, ["b 没有了", "a 有改动", "新增了 d"]);
        let mut other = state;
        other.program.typst = "0.14.0".into();
        let changes = other.changed_since(&files(&[("a", "1"), ("b", "2")]));
        assert_eq!(changes[0].kind(), "other_program");
    }

    #[test]
    fn what_cannot_be_read_is_not_called_gone_and_a_folder_is_named_once() {
        let mut state = sample();
        state.inputs = record(&[("d/", "1"), ("d/x", "2"), ("e", "3"), ("f", "4")]);
        let mut files = files(&[]);
        files.unreadable = [("d".to_owned(), "没有权限"), ("e".to_owned(), "读取中断")].into();
        let changes = state.changed_since(&files);
        let told: Vec<_> = changes.iter().map(|change| (change.kind(), change.to_string())).collect();
        assert_eq!(
            told,
            [
                ("input_unreadable", "d 读不出来（没有权限）".to_owned()),
                ("input_unreadable", "e 读不出来（读取中断）".to_owned()),
                ("input_gone", "f 没有了".to_owned()),
            ]
        );
    }
}
