//! Faults of TOML's syntax, in the editor's language: what is wrong, and what to write instead.

use std::ops::Range;

use chrono::NaiveDate;
use toml::de::Error;

use crate::diagnostic::{Diagnostic, hidden_character, is_invisible, rules, shown};

/// What is wrong, and what to do.
type Explanation = (&'static str, String);

/// The finding of a parser's error in a text, and the bytes that it is about; its place is for the caller to add.
pub fn explain_syntax(text: &str, error: &Error) -> (Diagnostic, Range<usize>) {
    let span = error.span().unwrap_or(0..0);
    if let Some(hidden) = first_hidden(text, &span) {
        return (hidden_character(), hidden);
    }
    let (what, hint) = explain(text, &span, error.message());
    (Diagnostic::new(&rules::TOML_SYNTAX, format!("这里不符合 TOML 的写法（{what}）")).hint(hint), span)
}

/// A character that cannot be seen, in the span or where it begins: the parser knows it by another name each time.
fn first_hidden(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(span.start..)?;
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let within = rest.get(..span.len().max(first))?;
    let is_hidden = |(_, character): &(usize, char)| {
        is_invisible(*character) && !matches!(*character, '\n' | '\r' | '\t')
    };
    let (at, character) = within.char_indices().find(is_hidden)?;
    Some(span.start + at..span.start + at + character.len_utf8())
}

fn explain(text: &str, span: &Range<usize>, message: &str) -> Explanation {
    let message = message.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let written = text.get(span.clone()).unwrap_or_default();
    if has(&["duplicate"]) {
        ("同一个名称写了两次", "请删去多余的一个".to_owned())
    } else if has(&["unquoted key"]) {
        unquoted_name(written)
    } else if has(&["expected newline"]) {
        after_value(text, span.start)
    } else if has(&["must be quoted"]) {
        unquoted_value(written)
    } else if has(&["invalid date", "invalid time"]) {
        date(written).unwrap_or_else(|| ("日期的写法不对", "写成 2025-02-10 这样".to_owned()))
    } else if has(&["escape"]) {
        ("反斜杠 \\ 后面的字符不对", "要印出反斜杠，写两个：\\\\；不要的请删去".to_owned())
    } else if has(&["unclosed", "missing closing", "array", "inline table"]) {
        ("方括号或花括号里的写法不对", "括号要成对，用英文的；里面各项之间用英文逗号隔开".to_owned())
    } else if has(&["string"]) {
        (
            "引号没有成对",
            "文字前后各有一个英文引号，如 title = \"……\"；多行文字前后各用三个 \"\"\"".to_owned(),
        )
    } else if has(&["`=`", "missing value", "no value"]) {
        missing_sign(text, span.start)
    } else if has(&["boolean"]) {
        ("true、false 的写法不对", "用小写英文，不加引号".to_owned())
    } else if has(&["leading zero"]) {
        ("数字前面不能有 0", "数字写成 7，不写 07；日期写成 2025-02-10；编号放在英文引号内".to_owned())
    } else if has(&["integer", "float", "mantissa", "fraction", "exponent", "digit", "number", "sign"]) {
        with_commas(word_at(text, span.start)).unwrap_or_else(|| {
            ("数字的写法不对", "写成 356 或 35.6，不带单位；是文字的，放在英文引号内".to_owned())
        })
    } else {
        ("值的写法不对", "写成 名称 = 值；文字放在英文引号内，每个引号、方括号都要成对".to_owned())
    }
}

fn unquoted_name(written: &str) -> Explanation {
    match written.chars().next() {
        Some('\u{3000}') => ("有全角空格", "请改成英文空格，或删去".to_owned()),
        Some('“' | '”' | '‘' | '’') => ("引号要用英文的", "请改成英文引号".to_owned()),
        _ => (
            "名称不是英文，也没有放在引号内",
            format!(
                "设置项和数字的名称只用英文字母、数字和下划线；表格的列名可以是中文，要放在英文引号内：\"{}\"",
                shown(written)
            ),
        ),
    }
}

/// Something stands behind a value.
fn after_value(text: &str, at: usize) -> Explanation {
    with_commas(word_at(text, at)).unwrap_or_else(|| match text.get(at..) {
        Some(rest) if rest.starts_with(']') => {
            ("方括号没有成对", "一节写成 [名称]，可以有多节的写成 [[名称]]".to_owned())
        }
        _ => ("一行只能写一项", "另一项请另起一行；说明的文字写在 # 后面".to_owned()),
    })
}

/// What is written without a space around a place.
fn word_at(text: &str, at: usize) -> &str {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let ends = |character: char| character.is_whitespace() || "=#".contains(character);
    let start = before.char_indices().rfind(|(_, it)| ends(*it)).map_or(0, |(at, it)| at + it.len_utf8());
    text.get(start..at + rest.find(ends).unwrap_or(rest.len())).unwrap_or_default()
}

/// A value that begins like no value: most are texts without quotation marks.
fn unquoted_value(written: &str) -> Explanation {
    const QUOTES: [char; 4] = ['“', '”', '‘', '’'];
    let quoted = |text: &str| match text.contains(['"', '\\']) {
        true => "请放在英文引号内".to_owned(),
        false => format!("写成 \"{}\"", shown(text)),
    };
    let numeric = date(written).or_else(|| with_commas(written));
    match written.chars().next() {
        None => ("等号后面没有值", "请写上值，或删去这一行；文字放在英文引号内".to_owned()),
        Some(first) if QUOTES.contains(&first) => ("引号要用英文的", quoted(written.trim_matches(QUOTES))),
        Some('０'..='９') => ("数字是全角的", "请用英文输入法写数字，如 356".to_owned()),
        Some(first) if first.is_ascii_digit() => numeric.unwrap_or_else(|| {
            ("数字后面有别的字", "是数字的，不带单位和标点；是文字的，放在英文引号内".to_owned())
        }),
        Some(_) => ("文字没有放在引号内", quoted(written)),
    }
}

/// What is wrong with numbers that are set out like a date or a month; none where they are not.
fn date(written: &str) -> Option<Explanation> {
    let is_set_out = |character: char| character.is_ascii_digit() || "-/.年月日".contains(character);
    let parts = written.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.filter(|_| written.chars().all(is_set_out)).collect();
    let number = |part: &str| part.parse::<u32>().ok();
    match parts.as_slice() {
        [year, month] if year.len() == 4 && month.len() <= 2 => {
            let month = number(month)?;
            Some(match (1..=12).contains(&month) {
                true => (
                    "年月没有放在引号内",
                    format!(
                        "写成 \"{year}-{month:02}\"，引号用英文的；是日期的，还要写上日，如 {year}-{month:02}-10"
                    ),
                ),
                false => ("没有这个月", "月份是 01 到 12".to_owned()),
            })
        }
        [year, month, day] if year.len() == 4 => {
            let date = NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?);
            Some(match date {
                Some(date) => ("日期的写法不对", format!("月和日各写两位：{}", date.format("%Y-%m-%d"))),
                None => ("没有这一天", "请核对月份和日子，写成 2025-02-10 这样".to_owned()),
            })
        }
        [_, month, day] if month.len() <= 2 && day.len() <= 2 => {
            Some(("日期的写法不对", "年份写四位：2025-02-10".to_owned()))
        }
        _ => None,
    }
}

/// What is wrong with a number that holds commas; none where it is no such number.
fn with_commas(written: &str) -> Option<Explanation> {
    let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
    let groups: Vec<&str> = digits.split([',', '，']).collect();
    let is_number = |part: &&str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part.chars().all(|character| character.is_ascii_digit() || "._".contains(character))
    };
    if groups.len() < 2 || !groups.iter().all(is_number) {
        return None;
    }
    let is_thousands =
        groups.iter().skip(1).all(|group| group.split('.').next().is_some_and(|whole| whole.len() == 3));
    let hint = match is_thousands {
        true => format!("不用千位分隔符：{}", shown(&written.replace([',', '，'], ""))),
        false => "小数点用英文句点；不用千位分隔符".to_owned(),
    };
    Some(("数字里不能有逗号", hint))
}

/// A name stands alone.
fn missing_sign(text: &str, at: usize) -> Explanation {
    let rest = text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
    match rest.starts_with(['＝', '：', ':']) {
        true => ("等号要用英文的 =", "写成 名称 = 值".to_owned()),
        false => ("名称后面要有等号和值", "写成 名称 = 值；说明的文字写在 # 后面".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    /// The code, what is wrong, the hint, and what it is about.
    fn explained(text: &str) -> String {
        let (_, errors) = DeTable::parse_recoverable(text);
        let (found, span) = explain_syntax(text, &errors[0]);
        let what = found.message.split(['（', '）']).nth(1).unwrap_or(&found.message);
        format!("{} {what}：{} @{}", found.rule.code, found.hints.concat(), span.start)
    }

    #[test]
    fn every_common_slip_has_its_own_remedy() {
        for (text, told) in [
            ("date = 2025-2-10", "日期的写法不对：月和日各写两位：2025-02-10 @7"),
            ("date = 2025/2/10", "日期的写法不对：月和日各写两位：2025-02-10 @7"),
            ("date = 25-02-10", "日期的写法不对：年份写四位：2025-02-10 @7"),
            ("date = 2025-02-30", "没有这一天：请核对月份和日子，写成 2025-02-10 这样 @7"),
            (
                "t = 2025-01",
                "年月没有放在引号内：写成 \"2025-01\"，引号用英文的；是日期的，还要写上日，如 2025-01-10 @4",
            ),
            (
                "t = 2025年1月",
                "年月没有放在引号内：写成 \"2025-01\"，引号用英文的；是日期的，还要写上日，如 2025-01-10 @4",
            ),
            ("t = 2025-13", "没有这个月：月份是 01 到 12 @4"),
            ("value = 1,356", "数字里不能有逗号：不用千位分隔符：1356 @9"),
            ("value = -12，356.5 # 件", "数字里不能有逗号：不用千位分隔符：-12356.5 @11"),
            ("value = 1,5", "数字里不能有逗号：小数点用英文句点；不用千位分隔符 @9"),
            ("value = 98%", "数字后面有别的字：是数字的，不带单位和标点；是文字的，放在英文引号内 @8"),
            ("value = ３", "数字是全角的：请用英文输入法写数字，如 356 @8"),
            (
                "value = 07",
                "数字前面不能有 0：数字写成 7，不写 07；日期写成 2025-02-10；编号放在英文引号内 @8",
            ),
            ("title = 动态", "文字没有放在引号内：写成 \"动态\" @8"),
            ("title = “动态”", "引号要用英文的：写成 \"动态\" @8"),
            ("title =", "等号后面没有值：请写上值，或删去这一行；文字放在英文引号内 @7"),
            ("title ＝ 1", "等号要用英文的 =：写成 名称 = 值 @6"),
            ("number 7", "名称后面要有等号和值：写成 名称 = 值；说明的文字写在 # 后面 @7"),
            ("a = \"x\" b = 2", "一行只能写一项：另一项请另起一行；说明的文字写在 # 后面 @8"),
            ("a = 1\na = 2", "同一个名称写了两次：请删去多余的一个 @6"),
            ("[section]]", "方括号没有成对：一节写成 [名称]，可以有多节的写成 [[名称]] @9"),
            ("a = True", "true、false 的写法不对：用小写英文，不加引号 @4"),
            ("a = \"\\d\"", "反斜杠 \\ 后面的字符不对：要印出反斜杠，写两个：\\\\；不要的请删去 @6"),
        ] {
            assert_eq!(explained(text), format!("Y0102 {told}"), "{text}");
        }
        for (text, told) in [
            ("a = \"x\nb = 1", "引号没有成对"),
            ("a = \"\"\"x\nb = 1", "引号没有成对"),
            ("a = [1, 2", "方括号或花括号里的写法不对"),
            ("a = 1.5.2", "数字的写法不对"),
        ] {
            assert!(explained(text).starts_with(&format!("Y0102 {told}：")), "{}", explained(text));
        }
    }

    #[test]
    fn a_chinese_name_is_no_number() {
        for text in ["[values.咨询]", "部门 = \"公安局\"", "values = { 咨询 = 1 }"] {
            assert!(explained(text).starts_with("Y0102 名称不是英文，也没有放在引号内："), "{text}");
        }
        assert!(explained("部门 = 1").ends_with("要放在英文引号内：\"部门\" @0"));
    }

    #[test]
    fn a_character_that_cannot_be_seen_is_told_at_its_place() {
        for (text, at) in [
            ("a = \"x\u{7}y\"", 6),
            ("a = \"\"\"x\u{7}\"\"\"", 8),
            ("a = 'x\u{7}'", 6),
            ("# x\u{7}", 3),
            ("a = 1\u{7}", 5),
            ("a = 1\u{200B}", 5),
        ] {
            let told = explained(text);
            assert!(
                told.starts_with("Y0504 文字中有看不见的控制字符：") && told.ends_with(&format!("@{at}")),
                "{told}"
            );
        }
    }
}
