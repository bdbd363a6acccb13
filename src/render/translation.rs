//! What Typst says most often of a template, in Chinese; its own words follow, for they are what manuals name.

/// What Typst says as it begins and ends, around the part that it says it of, and the same in Chinese.
const TRANSLATIONS: [(&str, &str, &str); 19] = [
    ("unknown variable: ", "", "没有名为 {} 的变量或函数"),
    ("dictionary does not contain key ", "", "数据里没有 {} 这一项"),
    ("unexpected argument: ", "", "不认识名为 {} 的参数"),
    ("unexpected argument", "", "参数多了"),
    ("missing argument: ", "", "缺少参数 {}"),
    ("unclosed delimiter", "", "括号没有配对"),
    ("unclosed string", "", "引号没有配对"),
    ("unclosed raw text", "", "反引号没有配对"),
    ("unclosed label", "", "标签的尖括号没有配对"),
    ("the character ", " is not valid in code", "代码里不能有字符 {}"),
    ("unexpected ", "", "此处不应有 {}"),
    ("cannot import from ", "", "不能从 {} 引入"),
    ("unresolved import", "", "引入的来源里没有这个名称"),
    ("file not found (searched at ", ")", "没有文件 {}，或模板不能用它"),
    ("unknown font family: ", "", "没有 {} 这种字体"),
    ("array index out of bounds ", "", "没有取的这一项"),
    ("cannot ", "", "不能这样运算或转换"),
    ("panicked with: ", "", "模板自己报告了错误：{}"),
    ("document did not converge within ", "", "版面反复变动，没有稳定下来"),
];

/// Typst's finding for a reader of Chinese.
pub fn translated(message: &str) -> String {
    if let Some((expected, found)) =
        message.strip_prefix("expected ").and_then(|it| it.split_once(", found "))
    {
        return format!("应为 {expected}，写的却是 {found}（{message}）");
    }
    let said = |(before, after, chinese): &(&str, &str, &str)| {
        let part = message.strip_prefix(before)?.strip_suffix(after)?;
        Some(chinese.replace("{}", part))
    };
    match TRANSLATIONS.iter().find_map(said) {
        Some(chinese) => format!("{chinese}（{message}）"),
        None => format!("Typst 的说明是 {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_passed_on() {
        assert_eq!(translated("a new finding"), "Typst 的说明是 a new finding");
        assert_eq!(
            translated("expected length, found integer"),
            "应为 length，写的却是 integer（expected length, found integer）"
        );
    }
}
