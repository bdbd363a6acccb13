//! Who has answered in a month, who has not, and who must correct.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use crate::calculation::filled_workbook;
use crate::form::FormSet;
use crate::project::{AnswersRecord, Month, MonthInputs, Periods, Project, RecordedAnswer, ReturnedAnswer};
use crate::source::Isolation;

/// How a department stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// All tables that it is asked for are there.
    Answered,
    /// Its last answer had errors and was given back.
    ToCorrect,
    /// It has not answered, or not for every table.
    Missing,
}

impl Answering {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::ToCorrect => "to_correct",
            Self::Missing => "missing",
        }
    }
}

/// A department's answers in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentStatus {
    /// The official name.
    pub department: String,
    /// How it stands.
    pub answering: Answering,
    /// The answers that count.
    pub answers: Vec<RecordedAnswer>,
    /// The answers that were given back and are to be corrected, the last one last.
    pub returned: Vec<ReturnedAnswer>,
    /// The names of the tables that are not answered.
    pub lacking: Vec<String>,
}

impl DepartmentStatus {
    /// When its latest answer was saved.
    pub fn saved(&self) -> Option<NaiveDateTime> {
        self.answers.iter().filter_map(|answer| answer.saved.or(answer.written)).max()
    }

    /// How many warnings its answers had.
    pub fn warnings(&self) -> i64 {
        self.answers.iter().map(|answer| answer.warnings).sum()
    }
}

/// A table that is read from one workbook with all departments: nobody is asked for it any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryFile {
    /// The table's name.
    pub table: String,
    /// The workbook's name within the project.
    pub file: String,
}

impl SummaryFile {
    /// Those of a month: the tables that departments are asked for, that none of them has answered, and whose workbook
    /// is filled in.
    fn of_month(
        project: &Project,
        month: Month,
        periods: &Periods,
        record: &AnswersRecord,
        isolation: &Isolation,
    ) -> Vec<Self> {
        let inputs = MonthInputs::load(project, month);
        let is_answered = |table: &String| record.answers.iter().any(|answer| answer.tables.contains(table));
        let tables = FormSet::tables(project, periods).filter(|(_, table)| !is_answered(&table.name));
        let summaries = tables.filter_map(|(index, table)| {
            let input = inputs.tables.get(index)?.as_ref()?;
            let file = filled_workbook(project, table, input, periods.of(&table.name), isolation)?;
            Some(Self { table: table.name.clone(), file: file.name.clone() })
        });
        summaries.collect()
    }
}

/// How all departments stand in a month, in official order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthStatus {
    /// The month.
    pub month: Month,
    /// The tables that need no answers.
    pub summaries: Vec<SummaryFile>,
    /// The departments that are asked for other tables, or have sent something all the same.
    pub departments: Vec<DepartmentStatus>,
}

impl MonthStatus {
    /// How the departments that are asked stand by the record, and by the workbooks in the month's folder.
    pub fn new(
        project: &Project,
        month: Month,
        periods: &Periods,
        record: &AnswersRecord,
        isolation: &Isolation,
    ) -> Self {
        let summaries = SummaryFile::of_month(project, month, periods, record, isolation);
        let is_asked = |table: &str| summaries.iter().all(|summary| summary.table != table);
        let mut answers: BTreeMap<Option<usize>, Vec<&RecordedAnswer>> = BTreeMap::new();
        for answer in &record.answers {
            answers.entry(project.register.find(&answer.department)).or_default().push(answer);
        }
        let departments = FormSet::departments(project, periods);
        let status = departments.into_iter().filter_map(|index| {
            let department = project.register.get(index)?;
            let answers: Vec<RecordedAnswer> =
                answers.get(&Some(index)).into_iter().flatten().map(|answer| (*answer).clone()).collect();
            let is_theirs = |it: &&ReturnedAnswer| project.register.find(&it.department) == Some(index);
            let returned: Vec<ReturnedAnswer> = record.returned.iter().filter(is_theirs).cloned().collect();
            let theirs: Vec<&String> = FormSet::tables(project, periods)
                .filter(|(_, table)| is_asked(&table.name) && department.is_active(periods.of(&table.name)))
                .map(|(_, table)| &table.name)
                .collect();
            if theirs.is_empty() && answers.is_empty() && returned.is_empty() {
                return None;
            }
            let is_lacking = |table: &&&String| !answers.iter().any(|answer| answer.tables.contains(table));
            let lacking: Vec<String> =
                theirs.iter().filter(is_lacking).map(|table| (*table).clone()).collect();
            let answering = match (returned.is_empty(), lacking.is_empty()) {
                (false, _) => Answering::ToCorrect,
                (true, true) => Answering::Answered,
                (true, false) => Answering::Missing,
            };
            Some(DepartmentStatus {
                department: department.name.clone(),
                answering,
                answers,
                returned,
                lacking,
            })
        });
        let departments = status.collect();
        Self { month, summaries, departments }
    }

    /// Whether all is read from workbooks with all departments, and none of these has sent anything.
    pub fn is_of_summaries(&self) -> bool {
        !self.summaries.is_empty() && self.departments.is_empty()
    }

    /// The official names of the departments that stand so.
    pub fn names(&self, answering: Answering) -> Vec<&str> {
        let standing = self.departments.iter().filter(|status| status.answering == answering);
        standing.map(|status| status.department.as_str()).collect()
    }

    /// A text to paste into a message to the departments that are missing or must correct; none where all is there.
    pub fn message(&self, title: &str) -> Option<String> {
        let to_correct = |is_marked: bool| {
            let is_such = |returned: &ReturnedAnswer| returned.copy.is_some() == is_marked;
            let standing = self.departments.iter().filter(|status| status.returned.iter().any(is_such));
            standing.map(|status| status.department.as_str()).collect::<Vec<&str>>()
        };
        let Month { year, month } = self.month;
        let mut text = String::new();
        for (names, what, remedy) in [
            (self.names(Answering::Missing), "还没有报送", "请尽快填报空白表并发回"),
            (to_correct(true), "报送的表格有误", "请按退回的表格中标出的地方更正后重新报送"),
            (to_correct(false), "报送的表格不能采用", "请核实后重新报送一份"),
        ] {
            if !names.is_empty() {
                let (count, names) = (names.len(), names.join("、"));
                text.push_str(&format!(
                    "《{title}》{year}年{month}月的数据，以下 {count} 个部门{what}：{names}。{remedy}。\n"
                ));
            }
        }
        (!text.is_empty()).then_some(text)
    }
}
