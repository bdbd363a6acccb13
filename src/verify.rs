//! Whether a past issue still comes out byte for byte, and if not, why.

use crate::build::Workshop;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::output::{OutputFile, output_files, output_record, pdf_name};
use crate::project::{Folder, Month};
use crate::state::{Change, NoState, State, state_name};

/// The most pages, or changed inputs, that are named one by one.
const MOST_NAMED: usize = 5;

/// Builds a month in memory and compares it with the record of its last build; gives what differs.
pub fn verify(workshop: &Workshop, month: Month) -> Vec<Diagnostic> {
    let folder = &workshop.project.folder;
    let state = match State::load(folder, month) {
        Ok(state) => state,
        Err(reason) => return vec![no_record(month, reason)],
    };
    if !folder.has_month(month) {
        let data = Folder::month_folder(month);
        let message = format!("{month} 有生成记录，它的数据却没有了，无法核对");
        return vec![
            Diagnostic::new(&rules::FILE_UNREADABLE, message)
                .at(Location::file(&data))
                .hint(format!("请从备份中恢复 {data}")),
        ];
    }
    let loaded = workshop.load(month);
    let changes = state.changed_since(&workshop.files(&loaded, &state.reached()));
    let (built, diagnostics) = workshop.build_loaded(loaded);
    let mut findings: Vec<Diagnostic> = state.changed_outputs(folder).iter().map(altered).collect();
    let Some(built) = built else {
        // Those have their finding as what cannot be read.
        let is_told = |change: &Change| matches!(change, Change::InputUnreadable(..));
        let changes: Vec<Change> = changes.into_iter().filter(|change| !is_told(change)).collect();
        findings.extend(causes(&changes, Vec::new()));
        // Remarks on the data are not what is asked here.
        findings.extend(diagnostics.into_iter().filter(Diagnostic::is_error));
        return findings;
    };
    let pages = built.rendered.pages.clone();
    match output_files(&workshop.project, built, &diagnostics) {
        Err(fault) => findings.push(fault),
        Ok(outputs) => {
            let differences = differences(&state, month, &outputs, &pages);
            if !differences.is_empty() {
                findings.extend(match changes.is_empty() {
                    true => vec![not_reproducible(month, differences)],
                    false => causes(&changes, differences),
                });
            }
        }
    }
    findings
}

fn no_record(month: Month, reason: NoState) -> Diagnostic {
    let (rule, message) = match reason {
        NoState::Absent => (&rules::RECORD_MISSING, format!("{month} 没有生成记录，无法核对")),
        NoState::Unreadable => (&rules::RECORD_UNUSABLE, format!("{month} 的生成记录打不开，无法核对")),
        NoState::Damaged => (&rules::RECORD_UNUSABLE, format!("{month} 的生成记录已损坏，无法核对")),
        NoState::Later => {
            (&rules::RECORD_UNUSABLE, format!("{month} 的生成记录是更新版本的程序写的，无法核对"))
        }
    };
    let hint = match reason {
        NoState::Later => "请换用新版程序核对".to_owned(),
        NoState::Unreadable => "请关闭正在打开它的程序，或检查文件权限".to_owned(),
        NoState::Absent | NoState::Damaged => format!("请用 yuebao build {month} 生成这个月，以后就能核对"),
    };
    Diagnostic::new(rule, message).at(Location::file(state_name(month))).hint(hint)
}

/// An output on the disk that is no longer what was written.
fn altered(change: &Change) -> Diagnostic {
    let diagnostic = Diagnostic::new(&rules::OUTPUT_ALTERED, change.to_string())
        .hint("不是有意改动的，请用 yuebao build 重新生成");
    match change.file() {
        Some(name) => diagnostic.at(Location::file(name)),
        None => diagnostic,
    }
}

/// Which of the recorded outputs come out otherwise, in words; the pages of the PDF by their numbers.
fn differences(state: &State, month: Month, outputs: &[OutputFile], pages: &[String]) -> Vec<String> {
    let now = output_record(outputs);
    let names = state.outputs.keys().chain(now.keys().filter(|name| !state.outputs.contains_key(*name)));
    let differing = names.filter(|name| state.outputs.get(*name) != now.get(*name));
    differing
        .map(|name| match *name == pdf_name(month) {
            true => format!("{name}（{}）", differing_pages(&state.pages, pages)),
            false => shown(name),
        })
        .collect()
}

fn differing_pages(then: &[String], now: &[String]) -> String {
    let numbers: Vec<String> = (0..then.len().max(now.len()))
        .filter(|index| then.get(*index) != now.get(*index))
        .map(|index| (index + 1).to_string())
        .collect();
    let count = match then.len() == now.len() {
        true => String::new(),
        false => format!("，原有 {} 页，现有 {} 页", then.len(), now.len()),
    };
    match numbers.len() {
        0 => "各页相同，只有书签、附件等看不见的部分不同".to_owned(),
        1..=MOST_NAMED => format!("第 {} 页{count}", numbers.join("、")),
        several => format!("第 {} 页等 {several} 页{count}", numbers[..MOST_NAMED].join("、")),
    }
}

/// What was changed since the record, as findings; each says what comes out otherwise for it.
fn causes(changes: &[Change], differences: Vec<String>) -> Vec<Diagnostic> {
    let (programs, inputs): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| matches!(change, Change::OtherProgram(_)));
    let finding = |rule, change: &Change, remedy: &str| {
        let mut diagnostic = Diagnostic::new(rule, change.to_string());
        if let Some(name) = change.file() {
            diagnostic = diagnostic.at(Location::file(name.trim_end_matches('/')));
        }
        if !differences.is_empty() {
            diagnostic = diagnostic.hint(format!("结果不同的是：{}", differences.join("；")));
        }
        diagnostic.hint(remedy)
    };
    let programs = programs.into_iter().map(|change| {
        let remedy = "要逐字节相同，请用原来的程序；要采用新的结果，请用 yuebao build 重新生成";
        finding(&rules::RESULT_DIFFERS_BY_PROGRAM, change, remedy)
    });
    let remedy = "确实要改，请用 yuebao build 重新生成；不该改动，请恢复原来的文件";
    let mut named: Vec<Diagnostic> = inputs
        .iter()
        .take(MOST_NAMED)
        .map(|change| finding(&rules::RESULT_DIFFERS_BY_INPUT, change, remedy))
        .collect();
    if let (Some(last), true) = (named.last_mut(), inputs.len() > MOST_NAMED) {
        last.hints.push(format!("另有 {} 个文件也有改动", inputs.len() - MOST_NAMED));
    }
    programs.chain(named).collect()
}

fn not_reproducible(month: Month, differences: Vec<String>) -> Diagnostic {
    let message = format!("{month} 的程序、数据和设置都没有变，结果却不同：{}", differences.join("；"));
    Diagnostic::new(&rules::RESULT_NOT_REPRODUCIBLE, message)
        .at(Location::file(pdf_name(month)))
        .hint("这不应发生，请把这条提示和这个月的文件发给开发者")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_by_their_numbers() {
        let pages = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        for (then, now, said) in [
            ("abc", "abc", "各页相同，只有书签、附件等看不见的部分不同"),
            ("abc", "aXc", "第 2 页"),
            ("abc", "Xb", "第 1、3 页，原有 3 页，现有 2 页"),
            ("abcdefgh", "ABCDEFGh", "第 1、2、3、4、5 页等 7 页"),
        ] {
            assert_eq!(differing_pages(&pages(then), &pages(now)), said);
        }
    }
}
