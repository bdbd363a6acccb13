//! What Typst says most often of a template, in Chinese; its own words follow, for they are what manuals name.

use typst::diag::Tracepoint;

use crate::project::normal;

/// What Typst says as it begins and ends, around the part that it says it of, and the same in Chinese.
const MESSAGES: [(&str, &str, &str); 27] = [
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
    ("path ", " would escape the project root", "不能读 {}：它在月报的文件夹以外"),
    ("package not found (searched for ", ")", "不能用程序包 {}：排版时不联网"),
    ("unknown font family: ", "", "没有 {} 这种字体"),
    ("array index out of bounds ", "", "没有取的这一项"),
    ("cannot return outside of ", "", "return 只能写在函数里"),
    ("cannot break outside of ", "", "break 只能写在循环里"),
    ("cannot ", "", "不能这样写"),
    ("panicked with: ", "", "模板自己报告了错误：{}"),
    ("document did not converge within ", "", "版面反复变动，没有稳定下来"),
    ("missing alt text", "", "图片或公式没有文字说明"),
    ("missing document title", "", "文件没有标题"),
    ("missing document language", "", "文件没有写明语言"),
    ("failed to process font ", "", "这种字体不能放进 PDF：{}"),
];

/// The hints that are given most often, in the same manner; those without Chinese are of no use here.
const HINTS: [(&str, &str, &str); 14] = [
    ("a length needs a unit - did you mean ", "?", "长度要写单位，如 {}"),
    (
        "make sure your images and equations have alt text",
        "",
        "请在 image(…) 里写上说明，如 alt: \"单位标志\"",
    ),
    ("set the title with ", "", "请在模板里写 {}"),
    ("set the language of the document", "", "请在模板里写 set text(lang: \"zh\")"),
    ("you can adjust the project root with ", "", ""),
    ("cannot access files outside of the ", "", "模板只能读 templates 文件夹和本期所用的文件"),
    ("make sure the font is valid", "", "请换成完整的字体文件，或改用别的字体"),
    ("the used font might be unsupported by Typst", "", ""),
    (
        "if you meant to use subtraction, try adding spaces around the minus sign: ",
        "",
        "要相减时，减号两边加空格：{}",
    ),
    ("the preceding hash is causing this to parse in code mode", "", "前面的 # 使这里成了代码"),
    ("try escaping the preceding hash: ", "", "要印出 # 本身，请写 {}"),
    ("you are already in code mode", "", "这里已经是代码，不用再写 #"),
    ("try removing the ", "", "请删去 {}"),
    ("try wrapping this in a ", " expression", "请放在 {} 之内"),
];

/// What the parts of a template are called.
const TERMS: [(&str, &str); 26] = [
    ("expression", "式子"),
    ("named pair", "“名称: 值”"),
    ("identifier", "名称"),
    ("pattern", "名称"),
    ("comma", "逗号"),
    ("colon", "冒号"),
    ("semicolon", "分号"),
    ("line break", "换行"),
    ("block", "代码块"),
    ("argument list", "括号和参数"),
    ("length", "长度"),
    ("relative length", "长度或百分比"),
    ("integer", "整数"),
    ("float", "小数"),
    ("string", "文字"),
    ("content", "内容"),
    ("array", "数组"),
    ("dictionary", "字典"),
    ("function", "函数"),
    ("boolean", "true 或 false"),
    ("color", "颜色"),
    ("closing paren", "右括号"),
    ("equals sign", "等号"),
    ("path", "路径"),
    ("module", "模块"),
    ("type", "类型"),
];

/// Typst's finding for a reader of Chinese.
pub fn translated(message: &str) -> String {
    // What the PDF's standards ask for begins with their names.
    let what = message.split_once(" error: ").filter(|(standards, _)| standards.starts_with("PDF/"));
    let what = what.map_or(message, |(_, what)| what);
    let chinese = match what.strip_prefix("expected ").map(|rest| rest.split_once(", found ").ok_or(rest)) {
        Some(Ok((expected, found))) => Some(format!("应为{}，写的却是{}", named(expected), named(found))),
        Some(Err(expected)) => Some(format!("此处应为{}", named(expected))),
        None => looked_up(&MESSAGES, what),
    };
    match chinese {
        Some(chinese) => format!("{chinese}（{message}）"),
        None => format!("Typst 的说明是 {message}"),
    }
}

/// Typst's hint for a reader of Chinese; none where it is of no use here.
pub fn translated_hint(hint: &str) -> Option<String> {
    match looked_up(&HINTS, hint) {
        Some(chinese) => Some(chinese).filter(|chinese| !chinese.is_empty()),
        None => Some(format!("Typst 的建议是 {hint}")),
    }
}

/// What to type instead of a full-width mark, where Typst says that a template's code has one.
pub fn english_mark(message: &str) -> Option<String> {
    let mark = message.strip_prefix("the character `")?.strip_suffix("` is not valid in code")?;
    match mark.chars().next()? {
        '“' | '”' => Some("\"".to_owned()),
        '‘' | '’' => Some("'".to_owned()),
        '。' => Some(".".to_owned()),
        '、' => Some(",".to_owned()),
        '！'..='～' => Some(normal(mark)),
        _ => None,
    }
}

/// What Typst was at when it met the fault; none where it only read one file for another.
pub fn translated_step(step: &Tracepoint) -> Option<String> {
    match step {
        Tracepoint::Call(Some(name)) => Some(format!("调用 {name}")),
        Tracepoint::Call(None) => Some("调用函数".to_owned()),
        Tracepoint::Show(name) => Some(format!("排 {name}")),
        Tracepoint::Import(_) | Tracepoint::Include(_) => None,
    }
}

fn looked_up(table: &[(&str, &str, &str)], said: &str) -> Option<String> {
    table.iter().find_map(|(before, after, chinese)| {
        let part = said.strip_prefix(before)?.strip_suffix(after)?;
        Some(chinese.replace("{}", part))
    })
}

/// One or several kinds of values or marks: `semicolon or line break`, `array, function, or string`.
fn named(kinds: &str) -> String {
    let kinds = kinds.replace(", or ", ", ").replace(" or ", ", ");
    let kinds = kinds.split(", ").map(|kind| match TERMS.iter().find(|(english, _)| *english == kind) {
        Some((_, chinese)) => (*chinese).to_owned(),
        None => format!(" {kind} "),
    });
    kinds.collect::<Vec<_>>().join("、").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_passed_on() {
        assert_eq!(translated("a new finding"), "Typst 的说明是 a new finding");
        assert_eq!(translated_hint("a new hint").as_deref(), Some("Typst 的建议是 a new hint"));
        assert_eq!(
            translated("expected length, found version"),
            "应为长度，写的却是 version（expected length, found version）"
        );
    }

    #[test]
    fn what_is_known_is_told_in_chinese() {
        assert_eq!(
            translated("expected semicolon or line break"),
            "此处应为分号、换行（expected semicolon or line break）"
        );
        assert_eq!(
            translated("PDF/A-3a, PDF/UA-1 error: missing alt text"),
            "图片或公式没有文字说明（PDF/A-3a, PDF/UA-1 error: missing alt text）"
        );
        assert_eq!(translated_hint("you can adjust the project root with the `--root` argument"), None);
        assert_eq!(english_mark("the character `：` is not valid in code").as_deref(), Some(":"));
        assert_eq!(english_mark("the character `^` is not valid in code"), None);
    }
}
