//! `forms MONTH`: blank workbooks for the departments, in output/forms/MONTH.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Common;
use super::printer::{Failure, Printer};
use super::{Status, isolation, months, open_project, refuse_found, stop};
use crate::diagnostic::has_errors;
use crate::form::{FormSet, former_values};
use crate::output::{forms_folder, lock_forms, stage_file};
use crate::project::{Month, Periods, Project};

/// What is said where the blank workbooks could not be made.
const NOTHING_MADE: &str = "没有生成空白表";

/// Runs the verb.
pub fn run(common: &Common, month: &str, combined: bool, printer: &mut Printer) -> Status {
    let stop = stop::stop_requested();
    let month = match months::read_new(month) {
        Ok(month) => month,
        Err(failure) => return printer.refuse(&failure),
    };
    let (project, mut diagnostics) = match open_project(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let (periods, found) = Periods::of_month(&project.folder, month);
    diagnostics.extend(found);
    if has_errors(&diagnostics) {
        return refuse_found(NOTHING_MADE, &diagnostics, printer);
    }
    printer.project(&diagnostics);
    let stopped = format!("没有生成 {month} 的空白表；请再运行一次");
    let waiting = RefCell::new(&mut *printer);
    let waits = || waiting.borrow_mut().remark(&format!("正在等另一个 yuebao 生成 {month} 的空白表……"));
    let _lock = match lock_forms(&project.folder, month, stop, &waits) {
        Ok(Some(lock)) => lock,
        Ok(None) => return printer.stopped(&stopped),
        Err(diagnostic) => {
            refuse_found(NOTHING_MADE, &[diagnostic], printer);
            return Status::Unusable;
        }
    };
    let Some(made) = make_forms(&project, month, &periods, combined, stop).transpose() else {
        return printer.stopped(&stopped);
    };
    let mut next = Vec::new();
    if let Ok(made) = &made {
        if !project.folder.has_month(month) {
            printer.notice(&format!("data 里还没有 {month}；收表以前请先用 yuebao new {month} 新建"));
        }
        next.push(format!("已生成 {} 份空白表，在 output/forms/{month}：", made.len()));
        next.extend(made.iter().map(|name| format!("  {}", name.rsplit('/').next().unwrap_or(name))));
        next.push("发给各部门填报；收到后（文件名不限）运行".to_owned());
        next.push(format!("  yuebao collect {month} 答复所在的文件夹"));
    }
    printer.created(made, &next)
}

/// Writes the forms, and names their files; none where `stop` came before the first was given its name.
fn make_forms(
    project: &Project,
    month: Month,
    periods: &Periods,
    combined: bool,
    stop: &AtomicBool,
) -> Result<Option<Vec<String>>, Failure> {
    if FormSet::tables(project, periods).next().is_none() {
        let hint = "表的声明里写着 asked = false；要各部门填报的表，请删去这一行";
        return Err(Failure::new("yuebao.toml 中没有要部门填报的表", hint));
    }
    let former = former_values(project, month, |table| periods.of(table), &isolation())
        .map_err(|found| Failure::new(found.message, found.hints.concat()))?;
    let set = FormSet { project, month, periods, former: &former };
    let files = set
        .files(combined)
        .map_err(|_| Failure::new("无法生成空白表", "请检查 yuebao.toml 中各表的声明，列数或文字是否过多"))?;
    let folder = forms_folder(month);
    // All are complete on the disk before the first takes its name.
    let mut staged = Vec::new();
    for file in files {
        if stop.load(Ordering::SeqCst) {
            return Ok(None);
        }
        let name = format!("{folder}/{}", file.name);
        let bytes = stage_file(&project.folder.path(&folder), &file.bytes);
        staged.push((bytes.map_err(|error| Failure::unwritable(&name, &error))?, name));
    }
    if stop.load(Ordering::SeqCst) {
        return Ok(None);
    }
    let mut names = Vec::new();
    for (file, name) in staged {
        file.replace(&project.folder.path(&name)).map_err(|error| Failure::unwritable(&name, &error))?;
        names.push(name);
    }
    Ok(Some(names))
}
