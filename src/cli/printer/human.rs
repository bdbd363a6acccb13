//! Findings as an editor reads them: what is wrong, where, the surroundings, what to do.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Action, Counts, MonthOutcome};
use crate::diagnostic::{Diagnostic, Excerpt, ExcerptCell, Severity, visible};
use crate::state::Change;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// The most characters of a line of text that are shown around a place.
const LONGEST_LINE: usize = 60;

/// One finding.
pub fn diagnostic(diagnostic: &Diagnostic) -> String {
    let (style, word) = match diagnostic.severity {
        Severity::Error => (ERROR, "错误"),
        Severity::Warning => (WARNING, "提醒"),
    };
    let mut text = String::new();
    let code = diagnostic.rule.code;
    let _ = writeln!(text, "{style}{word}{style:#} {FAINT}{code}{FAINT:#} {}", diagnostic.message);
    if let Some(location) = &diagnostic.location {
        let _ = writeln!(text, "  位置：{location}");
    }
    match &diagnostic.excerpt {
        Some(Excerpt::Row(cells)) => text.push_str(&row(cells)),
        Some(Excerpt::Line { text: line, column, width }) => {
            text.push_str(&marked_line(line, *column, *width))
        }
        None => {}
    }
    for hint in &diagnostic.hints {
        let _ = writeln!(text, "  → {hint}");
    }
    text
}

/// What became of a month, in one line; where its warnings stay untold, with how to see them.
pub fn month_line(outcome: &MonthOutcome, stay_untold: bool) -> String {
    let count = |severity| outcome.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let month = outcome.month;
    let failed = match outcome.action {
        Action::Verify => "核对未通过",
        _ if outcome.wanted_output => "没有生成",
        _ => "检查未通过",
    };
    let then = match outcome.action {
        Action::Verify => "",
        _ => "，请改正后再运行一次",
    };
    let mut text = match (&outcome.action, errors) {
        // The PDF is new all the same.
        (Action::Build(_), 1..) => {
            let output = outcome.output.as_deref().unwrap_or_default();
            format!("{ERROR}{month}{ERROR:#} 已生成 {output}，没有记录")
        }
        (_, 1..) => format!("{ERROR}{month}{ERROR:#} {failed}：有 {errors} 处错误{then}"),
        (Action::WouldBuild(changes), _) if outcome.denied => {
            format!("{ERROR}{month}{ERROR:#} 需要生成：{}；但要求不得有提醒，不会生成", reasons(changes))
        }
        _ if outcome.denied => format!("{ERROR}{month}{ERROR:#} {failed}：要求不得有提醒"),
        (Action::Build(_), _) => {
            format!("{GOOD}{month}{GOOD:#} 已生成 {}", outcome.output.as_deref().unwrap_or_default())
        }
        (Action::Skip, _) => format!("{GOOD}{month}{GOOD:#} 没有变化，不用重新生成"),
        (Action::WouldBuild(changes), _) => {
            format!("{WARNING}{month}{WARNING:#} 需要生成：{}", reasons(changes))
        }
        (Action::Verify, _) => format!("{GOOD}{month}{GOOD:#} 与记录逐字节相同"),
        (Action::Check | Action::Fail, _) => format!("{GOOD}{month}{GOOD:#} 检查通过"),
    };
    let settled = outcome.settled.len();
    let see = if stay_untold { format!("，可用 yuebao check {month} 查看") } else { String::new() };
    let _ = match (warnings, settled) {
        (0, 0) => Ok(()),
        (_, 0) => write!(text, "（{warnings} 处提醒{see}）"),
        (0, _) => write!(text, "（已确认 {settled} 处提醒）"),
        _ => write!(text, "（{warnings} 处提醒，另已确认 {settled} 处{see}）"),
    };
    text.push('\n');
    text
}

/// The most reasons that stand in one line.
const MOST_REASONS: usize = 3;

fn reasons(changes: &[Change]) -> String {
    let named: Vec<String> = changes.iter().take(MOST_REASONS).map(Change::to_string).collect();
    match changes.len() {
        count if count > MOST_REASONS => format!("{}，等 {count} 处", named.join("；")),
        _ => named.join("；"),
    }
}

/// How many months went well, in one line.
pub fn summary(counts: &Counts) -> String {
    let Counts { good, bad, built, skipped, left, .. } = *counts;
    let mut parts = Vec::new();
    if built + skipped == 0 {
        if good > 0 {
            parts.push(format!("通过 {good} 个"));
        }
    } else {
        if built > 0 || skipped == 0 {
            parts.push(format!("{} {built} 个", if counts.dry { "需要生成" } else { "生成" }));
        }
        if skipped > 0 {
            parts.push(format!("没有变化 {skipped} 个"));
        }
    }
    if bad > 0 {
        parts.push(format!("有错误 {bad} 个"));
    }
    let done = good + bad;
    let told = parts.join("，");
    match left {
        0 => format!("共 {done} 个月：{told}\n"),
        _ => format!("共 {} 个月，处理了 {done} 个：{told}\n", done + left),
    }
}

/// Why nothing can be done.
pub fn failure(message: &str, hints: &[&str]) -> String {
    let mut text = format!("{ERROR}错误{ERROR:#} {message}\n");
    for hint in hints {
        let _ = writeln!(text, "  → {hint}");
    }
    text
}

/// A row of a table on one line, each content behind its header, the place in bold brackets.
fn row(cells: &[ExcerptCell]) -> String {
    let shown: Vec<String> = cells
        .iter()
        .map(|cell| {
            let content = if cell.content.is_empty() { "（空）" } else { &cell.content };
            if cell.marked {
                format!("{ERROR}【{} {}：{content}】{ERROR:#}", cell.column, cell.header)
            } else {
                format!("{}：{content}", cell.header)
            }
        })
        .collect();
    format!("  这一行：{}\n", shown.join(" ｜ "))
}

/// A line of text with the place underlined; a long line is cut around it.
fn marked_line(line: &str, column: usize, width: usize) -> String {
    let characters: Vec<char> = visible(&line.replace('\t', " ")).chars().collect();
    let place = column.saturating_sub(1).min(characters.len());
    let start = place.saturating_sub(LONGEST_LINE / 2);
    let end = (start + LONGEST_LINE).min(characters.len());
    let piece: String = characters[start..end].iter().collect();
    let before: String = characters[start..place].iter().collect();
    let marked: usize = characters[place..end].iter().take(width).map(|c| c.width().unwrap_or(0)).sum();
    let cut = if start > 0 { "…" } else { "" };
    let padding = " ".repeat(before.width() + cut.width());
    format!("    {cut}{piece}\n    {padding}{ERROR}{}{ERROR:#}\n", "^".repeat(marked.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_colour(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn the_mark_stands_under_its_place_though_characters_are_wide() {
        assert_eq!(without_colour(&marked_line("共{{ x }}件", 5, 1)), "    共{{ x }}件\n         ^\n");
        assert_eq!(without_colour(&marked_line("办件", 2, 1)), "    办件\n      ^^\n");
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let line = "长".repeat(200);
        let shown = without_colour(&marked_line(&line, 150, 2));
        assert!(shown.lines().all(|line| line.width() < 140), "{shown}");
        assert!(shown.contains('^'));
    }

    #[test]
    fn the_summary_names_only_what_there_was() {
        let counts = |good, bad, built| Counts { good, bad, built, ..Counts::default() };
        assert_eq!(summary(&counts(3, 0, 0)), "共 3 个月：通过 3 个\n");
        assert_eq!(summary(&counts(0, 3, 0)), "共 3 个月：有错误 3 个\n");
        let stopped = Counts { left: 5, ..counts(2, 0, 2) };
        assert_eq!(summary(&stopped), "共 7 个月，处理了 2 个：生成 2 个\n");
        assert_eq!(summary(&counts(2, 1, 2)), "共 3 个月：生成 2 个，有错误 1 个\n");
    }
}
