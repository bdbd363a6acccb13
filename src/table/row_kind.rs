//! What a row is by its name and its cells: a department's, a total, a note below the table.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

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

/// Whether a text says about how many: 约12, 近300件, 12余件, 30左右.
pub fn is_rough_number(text: &str) -> bool {
    const BEFORE: [&str; 10] = ["大约", "约", "将近", "近", "超", "不足", "逾", ">", "<", "~"];
    const BEHIND: [&str; 6] = ["余", "多", "左右", "上下", "以上", "以下"];
    /// The longest unit.
    const LONGEST: usize = 4;
    let text = normal(text);
    let before = BEFORE.iter().find_map(|word| text.strip_prefix(word));
    let rest = before.unwrap_or(&text);
    let behind =
        rest.trim_start_matches(|character: char| character.is_ascii_digit() || ",.".contains(character));
    let is_number = rest.starts_with(|character: char| character.is_ascii_digit());
    let is_unit = behind.chars().count() <= LONGEST && !behind.contains(|it: char| it.is_ascii_digit());
    is_number && ((before.is_some() && is_unit) || BEHIND.iter().any(|word| behind.starts_with(word)))
}

/// Whether cells number the columns below a header, as the line 甲、乙、1、2、3 does: whole numbers, each one more than
/// the last, perhaps in brackets.
pub fn are_column_numbers<'a>(cells: impl IntoIterator<Item = &'a Content>) -> bool {
    let number = |content: &Content| match content {
        Content::Number(number) => number.to_u32().filter(|whole| Decimal::from(*whole) == *number),
        Content::Text(text) => normal(text).trim_matches(['(', ')', '[', ']']).parse().ok(),
        _ => None,
    };
    let Some(numbers) = cells.into_iter().map(number).collect::<Option<Vec<u32>>>() else { return false };
    numbers.len() > 1
        && numbers.first().is_some_and(|first| (1..=9).contains(first))
        && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

/// Whether the name of such a line says that it is one: none, 甲, 栏次, A, (1).
pub fn is_name_of_column_numbers(name: Option<&str>) -> bool {
    const NAMES: [&str; 8] = ["甲", "乙", "丙", "丁", "栏次", "A", "B", "C"];
    let name = name.map(normal).unwrap_or_default();
    let bare = name.trim_matches(['(', ')', '[', ']']);
    name.is_empty() || NAMES.contains(&bare) || bare.parse::<u32>().is_ok()
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
