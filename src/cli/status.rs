//! `status MONTH`: who has answered, who has not, who must correct.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::answers::AskedMonth;
use super::args::Common;
use super::printer::Printer;
use super::{Status, isolation, refuse_found};
use crate::diagnostic::{has_errors, visible};
use crate::project::{AnswersRecord, ReturnedAnswer, read_answers};
use crate::source::on_the_wall;
use crate::status::{Answering, DepartmentStatus, MonthStatus, SummaryFile};

/// Runs the verb.
pub fn run(common: &Common, month: &str, only_message: bool, printer: &mut Printer) -> Status {
    let AskedMonth { project, month, periods, mut diagnostics } =
        match AskedMonth::open(common, month, printer) {
            Ok(opened) => opened,
            Err(status) => return status,
        };
    let (record, found) = AnswersRecord::load(&project.folder, month);
    diagnostics.extend(found);
    let Some(record) = record else {
        return refuse_found("收表的记录有错误，列不出报送情况", &diagnostics, printer);
    };
    // Whoever is said to have answered has: the files are looked at too.
    let (_, found) = read_answers(&project.folder, month, &record);
    diagnostics.extend(found);
    printer.project(&diagnostics);
    let status = MonthStatus::new(&project, month, &periods, &record, &isolation());
    let message = status.message(&project.settings.title);
    let text = match (only_message, &message) {
        (true, Some(message)) => message.clone(),
        (true, None) if status.is_of_summaries() => summaries(&status),
        (true, None) => "各部门都已报齐，没有要更正的。\n".to_owned(),
        (false, message) => {
            table(&status) + &message.as_ref().map(|it| format!("\n{it}")).unwrap_or_default()
        }
    };
    printer.data(&text, json(&status, message.as_deref()));
    if has_errors(&diagnostics) { Status::Faulty } else { Status::Done }
}

fn word(answering: Answering) -> &'static str {
    match answering {
        Answering::Answered => "已报",
        Answering::ToCorrect => "须更正",
        Answering::Missing => "没有报",
    }
}

/// The tables that nobody is asked for any more, one a line.
fn summaries(status: &MonthStatus) -> String {
    let line = |summary: &SummaryFile| {
        let file = summary.file.rsplit('/').next().unwrap_or_default();
        format!("表 {} 用的是汇总表 {}，各部门不必另报\n", summary.table, visible(file))
    };
    status.summaries.iter().map(line).collect()
}

/// The departments as aligned columns, how many stand so, and what they are not asked for.
fn table(status: &MonthStatus) -> String {
    if status.is_of_summaries() {
        return summaries(status);
    }
    let mut rows = vec![["部门", "状态", "保存时间", "来自", "说明"].map(str::to_owned)];
    rows.extend(status.departments.iter().map(row));
    let widths: Vec<usize> = (0..4)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|it| it.width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        line.push_str(&row[4]);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let count = |answering| status.names(answering).len();
    text.push_str(&format!(
        "\n{} 个部门：已报 {}，须更正 {}，没有报 {}\n",
        status.departments.len(),
        count(Answering::Answered),
        count(Answering::ToCorrect),
        count(Answering::Missing)
    ));
    text + &summaries(status)
}

fn row(status: &DepartmentStatus) -> [String; 5] {
    let saved = status.saved().map(|saved| on_the_wall(saved).format("%Y-%m-%d %H:%M").to_string());
    let from: Vec<&str> = status.answers.iter().map(|answer| answer.received.as_str()).collect();
    let mut remarks = Vec::new();
    for returned in &status.returned {
        remarks.push(format!("{} 有 {} 处错误", returned.received, returned.errors));
        remarks.extend(returned.copy.as_ref().map(|copy| format!("退回件 {copy}")));
    }
    if !status.returned.is_empty() && !status.answers.is_empty() {
        remarks.push("仍在用以前收的一份".to_owned());
    } else if !status.answers.is_empty() && !status.lacking.is_empty() {
        remarks.push(format!("还缺表 {}", status.lacking.join("、")));
    }
    if status.warnings() > 0 {
        remarks.push(format!("{} 处提醒", status.warnings()));
    }
    let answering = word(status.answering).to_owned();
    [status.department.clone(), answering, saved.unwrap_or_default(), from.join("、"), remarks.join("；")]
        .map(|text| visible(&text))
}

fn json(status: &MonthStatus, message: Option<&str>) -> Value {
    let departments = status.departments.iter().map(|status| {
        let answers = status.answers.iter().map(|answer| {
            json!({
                "file": answer.file,
                "received": answer.received,
                "tables": answer.tables,
                "blake3": answer.blake3,
                "saved": answer.saved.map(|saved| saved.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
                "warnings": answer.warnings,
            })
        });
        let returned = |returned: &ReturnedAnswer| {
            json!({
                "received": returned.received,
                "tables": returned.tables,
                "errors": returned.errors,
                "copy": returned.copy,
            })
        };
        json!({
            "department": status.department,
            "status": status.answering.name(),
            "answers": answers.collect::<Vec<_>>(),
            "returned": status.returned.last().map(returned),
            "all_returned": status.returned.iter().map(returned).collect::<Vec<_>>(),
            "lacking": status.lacking,
        })
    });
    let summaries =
        status.summaries.iter().map(|summary| json!({ "table": summary.table, "file": summary.file }));
    json!({
        "month": status.month.to_string(),
        "summary_files": summaries.collect::<Vec<_>>(),
        "departments": departments.collect::<Vec<_>>(),
        "message": message,
    })
}
