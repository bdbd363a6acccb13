//! Faults of TOML's syntax, in the editor's language.

/// What the TOML parser complains of, in Chinese where it is one of the usual things.
pub fn explain_syntax(message: &str) -> &'static str {
    let message = message.to_ascii_lowercase();
    let has = |word: &str| message.contains(word);
    if has("duplicate") {
        "同一个名称写了两次"
    } else if has("unclosed")
        || has("missing closing")
        || has("invalid string")
        || has("invalid basic string")
    {
        "引号或括号没有成对，或引号内有不允许的字符"
    } else if has("escape") {
        "反斜杠 \\ 后面的字符不对"
    } else if has("key with no value")
        || has("missing value")
        || has("assign")
        || has("expected `=`")
        || has("`=`")
    {
        "名称后面要有等号和值"
    } else if has("newline") {
        "一行只能写一项"
    } else if has("datetime") || has("date") {
        "日期写法不对"
    } else if has("number") || has("integer") || has("float") {
        "数字写法不对"
    } else if has("key") {
        "名称写法不对"
    } else {
        "值的写法不对"
    }
}
