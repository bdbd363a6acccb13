//! Ordinals, list marks, references to other parts, and numbers within quotation marks.

use rust_decimal::Decimal;

use super::{Around, SURROUNDINGS, whole};
use crate::project::{PARAGRAPH_END, is_chinese_numeral};
use crate::text::literal_numbers::measures::{after_space, before_space, is_han};
use crate::text::literal_numbers::typed_number::Part;

impl Around<'_> {
    /// 第7期, 前3名, No.7, 3号, 2楼, 三级, 100周年, 90后, 2.0版.
    pub fn is_ordinal(&self) -> bool {
        let start = before_space(self.text, self.chars.start);
        let end = after_space(self.text, self.chars.end);
        if ["第", "No.", "№", "NO."].iter().any(|word| self.text.has_before(start, word)) {
            return true;
        }
        let has_at = |words: &[&str]| words.iter().any(|word| self.text.has_at(end, word));
        let is_first_few =
            self.text.has_before(start, "前") && has_at(&["名", "位", "的", "强", "列", "个月", "季度"]);
        let is_plain =
            self.number.parts.iter().all(|part| part.quantity.is_some_and(|it| it.step == Decimal::ONE));
        let is_named = is_plain
            && has_at(&["号", "楼", "室", "级", "届", "周年", "世纪", "年代", "路公交", "国道", "省道", "#"]);
        let is_decade = |part: &Part| self.digits(part) == 2 && whole(part).is_some_and(|it| it % 5 == 0);
        let is_generation = self.number.parts.iter().all(is_decade) && has_at(&["后"]);
        is_first_few || is_named || is_generation || has_at(&["版"])
    }

    /// 1. 1、 （1） 1） at the beginning of a paragraph, or of a clause.
    pub fn is_list_mark(&self) -> bool {
        let [part] = self.number.parts.as_slice() else { return false };
        let bracket = self.text.before(part.chars.start).filter(|it| "（(".contains(*it));
        let start = part.chars.start - usize::from(bracket.is_some());
        let begins_clause =
            self.text.before(before_space(self.text, start)).is_some_and(|it| "。；;：:".contains(it));
        let begins_paragraph = self.begins_paragraph(start);
        if !(1..=2).contains(&(part.chars.end - part.digits)) || !(begins_paragraph || begins_clause) {
            return false;
        }
        match self.text.at(part.chars.end) {
            Some('）' | ')') => true,
            Some('.') => bracket.is_none(),
            Some('、') => bracket.is_none() && begins_paragraph,
            _ => false,
        }
    }

    /// 附件2, 图3, 编号：5, 邮编610000; but not 代表35 or 附件20份.
    pub fn is_reference(&self) -> bool {
        const WORDS: &str = "附件 附表 附录 附图 专栏 编号 序号 代码 工号 尾号 邮编 邮政编码 信箱";
        let start = self.start_before_mark();
        // 表 and 图 end many words: 代表35人.
        let is_single = self.text.before(start).is_some_and(|it| "图表注".contains(it))
            && self.text.before(start - 1).is_none_or(|it| !is_han(it) || "见如下上".contains(it));
        !self.number.has_measure() && (is_single || self.has_before_any(start, WORDS))
    }

    /// A number alone in quotation marks, any number within 《》, Chinese numerals within quotation marks.
    pub fn is_quoted(&self) -> bool {
        let is_open = |open: &str, close: &str| {
            let start = self.chars.start.saturating_sub(SURROUNDINGS);
            let before = self.text.slice(start..self.chars.start).iter().rev();
            before
                .take_while(|it| **it != PARAGRAPH_END)
                .find(|it| open.contains(**it) || close.contains(**it))
                .is_some_and(|it| open.contains(*it))
        };
        let is_alone = self.text.before(self.chars.start).is_some_and(|it| "“‘「".contains(it))
            && self.text.at(self.chars.end).is_some_and(|it| "”’」".contains(it))
            && self.chars.end == self.number.end()
            && !self.number.has_measure();
        let is_chinese = self.text.at(self.chars.start).is_some_and(is_chinese_numeral);
        is_alone || is_open("《〈", "》〉") || (is_chinese && is_open("“「", "”」"))
    }

    /// 十二分感谢: more than ten tenths.
    pub fn is_idiom(&self) -> bool {
        self.text.has_at(self.chars.start, "十二分") && !self.text.has_at(self.chars.start, "十二分钟")
    }
}
