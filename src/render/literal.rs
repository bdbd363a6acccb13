//! Values as Typst literals: escaping by construction.
//!
//! Everything that a template prints goes through [`write_literal`], so that no
//! name, text or figure can become code or markup. There is no filter around it.

use std::fmt::Write;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

/// Writes a value as the Typst literal of the same value. What holds only plain values
/// stands on one line, so that the generated source can be read and compared.
pub fn write_literal(output: &mut impl Write, value: &Value) -> Result<(), Error> {
    write_indented(output, value, 0)
}

fn write_indented(output: &mut impl Write, value: &Value, depth: usize) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::None => output.write_str("none"),
        ValueKind::Bool => write!(output, "{}", value.is_true()),
        ValueKind::Number if value.is_integer() => write!(output, "{value}"),
        ValueKind::String => write_string(output, value.as_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Map => return write_items(output, value, depth),
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        kind => {
            let message = format!("这种值不能写进排版源码：{kind}");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    };
    written.map_err(Error::from)
}

/// An array, or a dictionary with its keys as strings.
fn write_items(output: &mut impl Write, value: &Value, depth: usize) -> Result<(), Error> {
    let is_map = value.kind() == ValueKind::Map;
    let items: Vec<(Option<Value>, Value)> = match value.as_object().filter(|_| is_map) {
        Some(map) => {
            let pairs = map.try_iter_pairs().ok_or(ErrorKind::InvalidOperation)?;
            pairs.map(|(key, item)| (Some(key), item)).collect()
        }
        None => value.try_iter()?.map(|item| (None, item)).collect(),
    };
    if items.is_empty() {
        output.write_str(if is_map { "(:)" } else { "()" })?;
        return Ok(());
    }
    let is_plain = |value: &Value| !matches!(value.kind(), ValueKind::Seq | ValueKind::Map);
    let on_one_line = items.iter().all(|(_, item)| is_plain(item));
    let last = items.len() - 1;
    output.write_char('(')?;
    for (index, (key, item)) in items.iter().enumerate() {
        if !on_one_line {
            write!(output, "\n{:1$}", "", 2 * (depth + 1))?;
        }
        if let Some(key) = key {
            write_string(output, key.as_str().ok_or(ErrorKind::NonKey)?)?;
            output.write_str(": ")?;
        }
        write_indented(output, item, depth + 1)?;
        // The comma behind a single item keeps it an array.
        match (on_one_line, index == last) {
            (true, false) => output.write_str(", ")?,
            (true, true) if index > 0 || is_map => {}
            _ => output.write_char(',')?,
        }
    }
    if !on_one_line {
        write!(output, "\n{:1$}", "", 2 * depth)?;
    }
    output.write_char(')')?;
    Ok(())
}

fn write_string(output: &mut impl Write, text: &str) -> std::fmt::Result {
    output.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => output.write_str("\\\"")?,
            '\\' => output.write_str("\\\\")?,
            '\n' => output.write_str("\\n")?,
            '\r' => output.write_str("\\r")?,
            '\t' => output.write_str("\\t")?,
            control if control.is_control() => write!(output, "\\u{{{:x}}}", u32::from(control))?,
            other => output.write_char(other)?,
        }
    }
    output.write_char('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn literal(value: Value) -> String {
        let mut output = String::new();
        write_literal(&mut output, &value).unwrap();
        output
    }

    #[test]
    fn values_are_written_as_literals() {
        assert_eq!(literal(Value::from(())), "none");
        assert_eq!(literal(Value::from(true)), "true");
        assert_eq!(literal(Value::from(-7)), "-7");
        assert_eq!(literal(Value::from(vec![1, 2])), "(1, 2)");
        assert_eq!(literal(Value::from(vec![1])), "(1,)");
        assert_eq!(literal(Value::from_pairs([("a", Value::from(vec![1]))])), "(\n  \"a\": (1,),\n)");
        assert_eq!(literal(Value::from_pairs([("a", 1)])), "(\"a\": 1)");
        assert_eq!(literal(Value::from_pairs(Vec::<(String, i32)>::new())), "(:)");
        assert_eq!(literal(Value::from(Vec::<i32>::new())), "()");
    }

    #[test]
    fn what_is_no_literal_is_refused() {
        let mut output = String::new();
        assert!(write_literal(&mut output, &Value::UNDEFINED).is_err());
        assert!(write_literal(&mut output, &Value::from(0.5)).is_err());
    }

    proptest! {
        /// Typst writes a string in the same way: what it reads back is what was given.
        #[test]
        fn a_string_reads_back_as_itself(text in "\\PC{0,20}|[\"\\\\#$*_`<>@\n\r\t\u{0}\u{7f}{}]{0,20}") {
            let written = literal(Value::from(text.clone()));
            let root = typst::syntax::parse_code(&written);
            prop_assert!(root.errors_and_warnings().0.is_empty(), "{written}");
            let code = root.cast::<typst::syntax::ast::Code>().unwrap();
            let typst::syntax::ast::Expr::Str(string) = code.exprs().next().unwrap() else { panic!("{written}") };
            let read_back = string.get();
            prop_assert_eq!(read_back.as_str(), text.as_str());
        }
    }
}
