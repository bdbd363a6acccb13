//! Wrong words on the command line, explained in Chinese.

use std::ffi::OsString;
use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Status;
use super::args::Format;
use super::printer::Printer;

/// Prints help, version or what was wrong with the words; as JSON, if the `arguments` ask for that.
pub fn explain(error: &clap::Error, arguments: &[OsString]) -> Status {
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
    let mut hints = Vec::new();
    // What our own readers of a word say about it.
    if let (ErrorKind::ValueValidation, Some(source)) = (error.kind(), std::error::Error::source(error)) {
        hints.push(source.to_string());
    }
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(suggestion) = suggested.iter().map(|kind| context(error, *kind)).find(|text| !text.is_empty())
    {
        hints.push(format!("是不是“{suggestion}”？"));
    }
    let valid = context(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        hints.push(format!("可以是：{valid}"));
    }
    hints.push("yuebao --help 可列出全部命令".to_owned());
    let format = if asks_for_json(arguments) { Format::Json } else { Format::Human };
    let mut printer = Printer::new(format, false);
    let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
    printer.failure(&message, &hints);
    // There is no one left to tell that nothing could be told.
    let _ = printer.finish();
    Status::Unusable
}

fn asks_for_json(arguments: &[OsString]) -> bool {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    words.contains(&"--format=json") || words.windows(2).any(|pair| pair == ["--format", "json"])
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.replace("...", ""),
        Some(ContextValue::Strings(texts)) => texts.join("、").replace("...", ""),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
