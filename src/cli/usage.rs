//! Wrong words on the command line, explained in Chinese.

use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Status;

/// Prints help, version or what was wrong with the words.
pub fn explain(error: &clap::Error) -> Status {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = write!(anstream::stdout(), "{}", error.render().ansi());
            return Status::Done;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(anstream::stderr(), "{}", error.render().ansi());
            return Status::Unusable;
        }
        _ => {}
    }
    let word = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", context(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "请写明要做什么".to_owned(),
        ErrorKind::UnknownArgument => format!("不认识“{word}”"),
        ErrorKind::MissingRequiredArgument => format!("还缺少：{word}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{word} 后面要写明内容"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{word} 不能是“{value}”"),
        ErrorKind::ArgumentConflict => {
            format!("{word} 和 {} 不能同时写", context(error, ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => format!("{word} 写多了"),
        ErrorKind::InvalidUtf8 => "命令中有无法识别的文字".to_owned(),
        _ => "命令写得不对".to_owned(),
    };
    let mut text = format!("错误：{message}\n");
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(suggestion) = suggested.iter().map(|kind| context(error, *kind)).find(|text| !text.is_empty())
    {
        text.push_str(&format!("  是不是“{suggestion}”？\n"));
    }
    let valid = context(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!("  可以是：{valid}\n"));
    }
    text.push_str("  yuebao --help 可列出全部命令\n");
    let _ = anstream::stderr().write_all(text.as_bytes());
    Status::Unusable
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
