//! `new MONTH`: the next month's folder, from the last one.

use super::args::Common;
use super::printer::{Failure, Printer};
use super::{Status, months, open_project};
use crate::diagnostic::shown;
use crate::form::{Form, FormSheet, workbook};
use crate::output::write_new_folder;
use crate::project::{Folder, ISSUE_FILE, IssueFile, MisnamedMonth, Month, Project, next_issue};
use crate::starter;

/// Runs the verb.
pub fn run(common: &Common, month: &str, printer: &mut Printer) -> Status {
    let month = match months::read_new(month) {
        Ok(month) => month,
        Err(failure) => return printer.refuse(&failure),
    };
    let (project, diagnostics) = match open_project(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    printer.project(&diagnostics);
    printer.project(&MisnamedMonth::in_place_of_months(&project.folder));
    let made = make_month(&project, month);
    let mut next = vec![format!("已新建 data/{month}：")];
    next.extend(made.iter().flatten().map(|name| format!("  {name}")));
    next.push("接下来：把各部门的数填进表格，改写 issue.toml，再运行".to_owned());
    next.push(format!("  yuebao check {month}"));
    printer.created(made, &next)
}

fn issue_name(month: Month) -> String {
    format!("{}/{ISSUE_FILE}", Folder::month_folder(month))
}

fn read_issue(project: &Project, month: Month) -> Result<String, Failure> {
    let text = project.folder.read_text(&issue_name(month));
    text.map_err(|found| Failure::new(found.message, found.hints.concat()))
}

fn make_month(project: &Project, month: Month) -> Result<Vec<String>, Failure> {
    let months = project.folder.months();
    if months.contains(&month) {
        return Err(Failure::new(format!("data/{month} 已经有了"), "要重新来过，请先移走那个文件夹"));
    }
    if let Some(other) = MisnamedMonth::all(&project.folder).into_iter().find(|it| it.month == Some(month)) {
        let message = format!("data 里的文件夹“{}”像是 {month}，只是名称写得不对", shown(&other.name));
        return Err(Failure::new(message, format!("是这个月的，请改名为 {month}；不是的，请移到 data 以外")));
    }
    let earlier = months.iter().rev().find(|earlier| **earlier < month).or(months.first()).copied();
    let (earlier, text) = match earlier {
        Some(earlier) => (earlier, read_issue(project, earlier)?),
        // The first month is made from the one that every new bulletin begins with.
        None => (starter::SAMPLE_MONTH, starter::ISSUE.to_owned()),
    };
    let earlier_name = issue_name(earlier);
    let Some(issue) = next_issue(&text, earlier, month) else {
        let hint = format!("请先用 yuebao check {earlier} 找出并改正");
        return Err(Failure::new(format!("{earlier_name} 写法有误，无法参照"), hint));
    };
    // A table may report on another month than the issue's.
    let periods = IssueFile::parse(&earlier_name, &text).0.map(|issue| issue.periods).unwrap_or_default();
    let mut files = vec![(ISSUE_FILE.to_owned(), issue.into_bytes())];
    for schema in &project.settings.tables {
        let period =
            periods.get(&schema.name).and_then(|period| period.value.back(-month.months_since(earlier)));
        let period = period.unwrap_or(month);
        if !schema.term.covers(period) {
            continue;
        }
        let title = format!("{} {}年{}月", project.settings.title, period.year, period.month);
        let sheet = FormSheet::blank(schema, &project.register, title, period);
        let form = Form::of_office(&project.register, &project.settings.cells, sheet, period);
        let bytes = workbook(&form).map_err(|_| {
            let message = format!("无法生成 {} 的空白表", schema.name);
            Failure::new(message, "请检查 yuebao.toml 中这张表的声明")
        })?;
        files.push((format!("{}.xlsx", schema.file), bytes));
    }
    let folder = Folder::month_folder(month);
    write_new_folder(&project.folder.path(&folder), &files)
        .map_err(|error| Failure::unwritable(&folder, &error))?;
    Ok(files.into_iter().map(|(name, _)| format!("{folder}/{name}")).collect())
}
