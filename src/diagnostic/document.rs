//! The list of rules as a document for editors, docs/rules.md.

use std::fmt::Write;

use super::rule::Severity;
use super::rules;

/// The rooms by the first three characters of their codes, as headings.
const ROOMS: [(&str, &str); 8] = [
    ("Y01", "文件和设置"),
    ("Y02", "表格文件和单元格"),
    ("Y03", "表头和部门"),
    ("Y04", "合计、名次和算式"),
    ("Y05", "正文"),
    ("Y06", "排版和字体"),
    ("Y07", "输出"),
    ("Y09", "各部门的答复"),
];

/// The text of docs/rules.md; `cargo run --example make_rules` writes it.
pub fn rules_document() -> String {
    let mut text = String::from(
        "# 检查代码\n\n\
         每条提示都带有代码。“错误”不改正就不能生成，“提醒”仍会生成。\
         命令 `yuebao explain 代码` 给出同样的说明。本文件由程序生成，请勿手工修改。\n",
    );
    for (room, title) in ROOMS {
        let _ = write!(text, "\n## {title}\n");
        for rule in rules::all().filter(|rule| rule.code.starts_with(room)) {
            let kind = match rule.severity {
                Severity::Error => "错误",
                Severity::Warning => "提醒",
            };
            let _ = write!(text, "\n### {} {}（{kind}）\n\n{}\n\n", rule.code, rule.title, rule.meaning);
            let _ = writeln!(text, "怎么办：{}", rule.remedy);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_current() {
        let written = include_str!("../../docs/rules.md").replace("\r\n", "\n");
        assert_eq!(written, rules_document(), "please run: cargo run --example make_rules");
    }

    #[test]
    fn every_rule_has_its_room() {
        let text = rules_document();
        for rule in rules::all() {
            assert!(text.contains(&format!("### {} {}", rule.code, rule.title)), "{}", rule.code);
        }
    }
}
