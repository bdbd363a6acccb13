//! How far a long run has come: a bar on a terminal, or a JSON object a line for programs.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::MonthOutcome;

/// The ways of telling it.
pub enum Progress {
    /// Not at all.
    None,
    /// A bar at the foot of the terminal.
    Bar(ProgressBar),
    /// JSON lines on standard error, since standard output has one object only.
    Lines {
        /// How many are finished.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

impl Progress {
    /// A bar, if there is a terminal to show it on and more than one month to wait for.
    pub fn bar(total: usize) -> Self {
        if total < 2 || !io::stderr().is_terminal() {
            return Self::None;
        }
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} 个月，还要 {eta_precise}");
        let bar = ProgressBar::new(total as u64);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Bar(bar)
    }

    /// JSON lines.
    pub fn lines(total: usize) -> Self {
        Self::Lines { done: 0, total }
    }

    /// One more month is finished.
    pub fn advance(&mut self, outcome: Option<&MonthOutcome>) -> io::Result<()> {
        match self {
            Self::None => Ok(()),
            Self::Bar(bar) => {
                bar.inc(1);
                Ok(())
            }
            Self::Lines { done, total } => {
                let Some(outcome) = outcome else { return Ok(()) };
                *done += 1;
                let line = json!({
                    "month": outcome.month.to_string(),
                    "status": outcome.status(),
                    "action": outcome.action.name(),
                    "done": done,
                    "total": total,
                });
                io::stderr().write_all(format!("{line}\n").as_bytes())
            }
        }
    }

    /// Prints something where the bar would be in the way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match self {
            Self::Bar(bar) => bar.suspend(print),
            Self::None | Self::Lines { .. } => print(),
        }
    }

    /// Nothing more will come.
    pub fn end(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
        *self = Self::None;
    }
}
