//! Why a month has to be built: what differs from the record of its last build.

use std::fmt;

use super::{NoState, Program};
use crate::diagnostic::visible;

/// A reason to build a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was never built here.
    NeverBuilt,
    /// The record of the last build is there, but cannot be read.
    RecordUnreadable,
    /// The record of the last build is cut off, or is no record at all.
    RecordDamaged,
    /// A later program wrote the record.
    RecordLater,
    /// Another program made the outputs.
    OtherProgram(Program),
    /// An input has another content.
    InputChanged(String),
    /// There was no such input.
    InputNew(String),
    /// An input is no longer there.
    InputGone(String),
    /// An input is there, but cannot be read; why, in words.
    InputUnreadable(String, &'static str),
    /// An output on the disk is not as it was written.
    OutputChanged(String),
    /// An output is no longer there.
    OutputGone(String),
    /// An output is there, but cannot be read.
    OutputUnreadable(String),
    /// It was asked for.
    Forced,
}

const UNREADABLE: &str = "没有权限，或正被别的程序打开";

impl From<NoState> for Change {
    fn from(reason: NoState) -> Self {
        match reason {
            NoState::Absent => Self::NeverBuilt,
            NoState::Unreadable => Self::RecordUnreadable,
            NoState::Damaged => Self::RecordDamaged,
            NoState::Later => Self::RecordLater,
        }
    }
}

impl Change {
    /// The name in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NeverBuilt => "never_built",
            Self::RecordUnreadable => "record_unreadable",
            Self::RecordDamaged => "record_damaged",
            Self::RecordLater => "record_later",
            Self::OtherProgram(_) => "other_program",
            Self::InputChanged(_) => "input_changed",
            Self::InputNew(_) => "input_new",
            Self::InputGone(_) => "input_gone",
            Self::InputUnreadable(..) => "input_unreadable",
            Self::OutputChanged(_) => "output_changed",
            Self::OutputGone(_) => "output_gone",
            Self::OutputUnreadable(_) => "output_unreadable",
            Self::Forced => "forced",
        }
    }

    /// The file that it is about.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::InputChanged(name)
            | Self::InputNew(name)
            | Self::InputGone(name)
            | Self::InputUnreadable(name, _)
            | Self::OutputChanged(name)
            | Self::OutputGone(name)
            | Self::OutputUnreadable(name) => Some(name),
            _ => None,
        }
    }
}

/// Whether a file is one of a month's collected answers, which stay where they are when later ones replace them.
fn is_answer(file: &str) -> bool {
    file.starts_with("data/") && file.split('/').nth(2) == Some("answers")
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = visible(self.file().unwrap_or_default());
        match self {
            Self::NeverBuilt => write!(f, "还没有生成过"),
            Self::RecordUnreadable => write!(f, "生成记录打不开（{UNREADABLE}）"),
            Self::RecordDamaged => write!(f, "生成记录已损坏"),
            Self::RecordLater => write!(f, "生成记录是更新版本的程序写的"),
            Self::OtherProgram(then) => {
                let now = Program::this();
                match () {
                    () if then.version != now.version => {
                        write!(f, "程序由 {} 版换成了 {} 版", visible(&then.version), now.version)
                    }
                    () if then.typst != now.typst => {
                        write!(f, "Typst 由 {} 版换成了 {} 版", visible(&then.typst), now.typst)
                    }
                    () => write!(f, "程序不是原来的那一个（版本号相同）"),
                }
            }
            // A folder stands for the names of the files in it.
            Self::InputChanged(_) | Self::InputNew(_) | Self::InputGone(_) if file.ends_with('/') => {
                write!(f, "{} 里的文件有增减", file.trim_end_matches('/'))
            }
            Self::InputChanged(_) => write!(f, "{file} 有改动"),
            Self::InputNew(_) => write!(f, "新增了 {file}"),
            Self::InputGone(_) if is_answer(&file) => write!(f, "{file} 不再使用，或没有了"),
            Self::InputGone(_) => write!(f, "{file} 没有了"),
            Self::InputUnreadable(_, why) => write!(f, "{file} 读不出来（{why}）"),
            Self::OutputChanged(_) => write!(f, "{file} 在生成以后被改动"),
            Self::OutputGone(_) => write!(f, "{file} 不见了"),
            Self::OutputUnreadable(_) => write!(f, "{file} 打不开（{UNREADABLE}）"),
            Self::Forced => write!(f, "要求重新生成"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_a_later_one_replaced_need_not_be_gone() {
        let gone = |file: &str| Change::InputGone(file.to_owned()).to_string();
        assert_eq!(
            gone("data/2025-08/answers/01-市公安局.xlsx"),
            "data/2025-08/answers/01-市公安局.xlsx 不再使用，或没有了"
        );
        assert_eq!(gone("data/2025-08/operations.xlsx"), "data/2025-08/operations.xlsx 没有了");
    }
}
