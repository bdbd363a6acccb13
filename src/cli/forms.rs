//! `forms MONTH`: blank workbooks for the departments, in output/forms/MONTH.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Common;
use super::printer::{Failure, Printer};
use super::{Status, find_folder, isolation, stop};
use crate::diagnostic::{has_errors, shown};
use crate::form::{FormSet, former_values};
use crate::output::{forms_folder, lock_forms, stage_file};
use crate::project::{Month, Periods, Project};

/// Runs the verb.
pub fn run(common: &Common, month: &str, combined: bool, printer: &mut Printer) -> Status {
    let stop = stop::stop_requested();
    let Some(month) = Month::parse(month) else {
        printer.failure(&format!("“{}”不是月份", shown(month)), &["月份写成 2025-08"]);
        return Status::Unusable;
    };
    let Some(folder) = find_folder(common, printer) else { return Status::Unusable };
    let (project, mut diagnostics) = Project::open(folder);
    let Some(project) = project else {
        printer.project(&diagnostics);
        return Status::Faulty;
    };
    let (periods, found) = Periods::of_month(&project.folder, month);
    diagnostics.extend(found);
    printer.project(&diagnostics);
    if has_errors(&diagnostics) {
        return Status::Faulty;
    }
    let stopped = format!("没有生成 {month} 的空白表；请再运行一次");
    let waiting = RefCell::new(&mut *printer);
    let waits = || waiting.borrow_mut().remark(&format!("正在等另一个 yuebao 生成 {month} 的空白表……"));
    let _lock = match lock_forms(&project.folder, month, stop, &waits) {
        Ok(Some(lock)) => lock,
        Ok(None) => return printer.stopped(&stopped),
        Err(diagnostic) => {
            printer.project(&[diagnostic]);
            return Status::Unusable;
        }
    };
    let Some(made) = make_forms(&project, month, &periods, combined, stop).transpose() else {
        return printer.stopped(&stopped);
    };
    let mut next = Vec::new();
    if let Ok(made) = &made {
        next.push(format!("已生成 {} 份空白表，在 output/forms/{month}：", made.len()));
        next.extend(made.iter().map(|name| format!("  {}", name.rsplit('/').next().unwrap_or(name))));
        if !project.folder.has_month(month) {
            next.push(format!("data 里还没有 {month}；收表以前请先用 yuebao new {month} 新建"));
        }
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
