//! What a row is by its name and its cells: a department's, a total, a note below the table.

use super::written_number::says_number;
use crate::project::normal;
use crate::source::Content;

/// Words with which a row below the table begins that is no department's.
const NOTE_WORDS: [&str; 9] = ["注", "备注", "说明", "填表", "填报", "制表", "审核", "联系", "单位负责人"];

/// Whether a row's name begins or ends like a note below the table.
pub fn is_note(name: &str) -> bool {
    let name = normal(name);
    NOTE_WORDS.iter().any(|word| name.starts_with(word)) || name.ends_with("说明")
}

/// Whether a row signs the table, whatever numbers stand in it: 填表人：张三　联系电话：028-86900000.
pub fn is_signature(label: &str) -> bool {
    const WHO: [&str; 9] = ["人", "员", "单位", "部门", "日期", "时间", "电话", "方式", ":"];
    let label = normal(label);
    let mut behind = ["填表", "填报", "制表", "审核", "复核", "联系", "单位负责"]
        .iter()
        .filter_map(|word| label.strip_prefix(word));
    behind.any(|rest| rest.is_empty() || WHO.iter().any(|who| rest.starts_with(who)))
}

/// Whether a cell says a number, be it as text; a date below the table is no number.
pub fn is_number(content: &Content) -> bool {
    match content {
        Content::Text(text) => says_number(text),
        Content::Date(_) => false,
        _ => true,
    }
}

/// Whether a text says about how many, 约12; neither a date, a page's number, a telephone's, nor a line of text.
pub fn is_rough_number(text: &str) -> bool {
    const LONGEST: usize = 12;
    const OF_OTHER_THINGS: [&str; 7] = [":", "年", "月", "日", "页", "号", "电话"];
    let text = normal(text);
    text.contains(|character: char| character.is_ascii_digit())
        && text.chars().count() <= LONGEST
        && !OF_OTHER_THINGS.iter().any(|word| text.contains(word))
        && !is_note(&text)
        && !is_signature(&text)
}

/// Whether a cell is a zero.
pub fn is_zero(content: &Content) -> bool {
    match content {
        Content::Number(number)
        | Content::Percentage(number)
        | Content::Multiple(number, _)
        | Content::Divided(number, _) => number.is_zero(),
        _ => false,
    }
}

/// Whether a row's name says that it sums up others: 合计, 全省合计, 合计（件）, 总计数, 小计.
pub fn is_total(text: &str) -> bool {
    let text = normal(text);
    let words = ["合计", "总计", "共计", "小计"];
    let bare = text.split('(').next().unwrap_or_default().trim_end_matches([':', '数', '额']);
    words.iter().any(|word| bare.ends_with(word))
}

/// Whether a total is one of a part of the rows only.
pub fn is_subtotal(text: &str) -> bool {
    normal(text).contains("小计")
}
