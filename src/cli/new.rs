//! `new MONTH`: the next month's folder, from the last one.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Common;
use super::printer::{Failure, Printer};
use super::{Status, months, open_project, refuse_found, stop};
use crate::diagnostic::shown;
use crate::form::{Form, FormSheet, workbook};
use crate::output::{lock_new, stage_folder};
use crate::project::{Folder, ISSUE_FILE, IssueFile, MisnamedMonth, Month, Project, next_issue};
use crate::starter;

/// Runs the verb.
pub fn run(common: &Common, month: &str, printer: &mut Printer) -> Status {
    let stop = stop::stop_requested();
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
    let stopped = format!("没有新建 data/{month}；请再运行一次");
    let waiting = RefCell::new(&mut *printer);
    let waits = || waiting.borrow_mut().remark("正在等另一个 yuebao 新建完……");
    let _lock = match lock_new(&project.folder, stop, &waits) {
        Ok(Some(lock)) => lock,
        Ok(None) => return printer.stopped(&stopped),
        Err(diagnostic) => {
            refuse_found(&format!("没有新建 data/{month}"), &[diagnostic], printer);
            return Status::Unusable;
        }
    };
    let Some(made) = make_month(&project, month, stop).transpose() else {
        return printer.stopped(&stopped);
    };
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

/// Makes the folder of a month, and names its files; none where `stop` came before it was complete.
fn make_month(project: &Project, month: Month, stop: &AtomicBool) -> Result<Option<Vec<String>>, Failure> {
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
    let unwritable = |error| Failure::unwritable(&folder, &error);
    let staged = stage_folder(&project.folder.path("data"), &files).map_err(unwritable)?;
    if stop.load(Ordering::SeqCst) {
        return Ok(None);
    }
    staged.keep(&project.folder.path(&folder)).map_err(unwritable)?;
    Ok(Some(files.into_iter().map(|(name, _)| format!("{folder}/{name}")).collect()))
}
