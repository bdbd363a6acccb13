//! The numbers that are typed by custom: dates, ordinals, document numbers, telephone numbers, names.
//!
//! Each rule looks at what stands around a number. A rule that errs must err
//! towards reporting: a needless warning costs a line in issue.toml, a wrong
//! figure in print costs more.

use std::ops::Range;

use rust_decimal::Decimal;

use super::measures::{after_space, before_space};
use super::scan::{Part, TypedNumber, is_part_of_latin_word};
use crate::project::{EXPRESSION, PARAGRAPH_END, TypedText, is_chinese_numeral};

/// How far around a number quotation marks and other surroundings are looked for, in characters.
const SURROUNDINGS: usize = 60;

/// Whether a number needs no origin; `names` are the places of names that hold numbers.
pub fn is_customary(text: &TypedText, number: &TypedNumber, names: &[Range<usize>]) -> bool {
    let around = Around { text, number, chars: number.chars() };
    let is_named = names.iter().any(|name| name.start <= around.chars.start && around.chars.end <= name.end);
    is_named
        || around.is_date()
        || around.is_time()
        || around.is_ordinal()
        || around.is_list_mark()
        || around.is_latin_name()
        || around.is_code()
        || around.is_reference()
        || around.is_telephone()
        || around.is_quoted()
        || around.is_service_hours()
        || around.is_idiom()
}

struct Around<'a> {
    text: &'a TypedText,
    number: &'a TypedNumber,
    chars: Range<usize>,
}

impl Around<'_> {
    /// 2025年, 7月, 7月22日—24日, 5、6月, 第三季度, 2025-08-26, 2025/8; but not 3年, 3个月, 3日内.
    fn is_date(&self) -> bool {
        let (Some(first), Some(last)) = (self.number.parts.first(), self.number.parts.last()) else {
            return false;
        };
        if self.number.joints.as_slice() == ['·'] || self.number.joints.as_slice() == ['•'] {
            return true;
        }
        let is_year =
            |part: &Part| self.digits(part) == 4 && whole(part).is_some_and(|it| (1900..2100).contains(&it));
        if let ([year, month], ['-' | '/']) = (self.number.parts.as_slice(), self.number.joints.as_slice())
            && is_year(year)
            && !self.number.has_measure()
            && whole(month).is_some_and(|it| (1..=12).contains(&it))
        {
            return true;
        }
        let unit = self.date_unit();
        let follows_month = self.text.has_before(before_space(self.text, first.digits), "月");
        match self.text.at(unit) {
            Some('年') => is_year(first) && is_year(last) || self.is_list_mark_and_year(last),
            Some('月') => whole(last).is_some_and(|it| (1..=12).contains(&it)),
            Some('日') if whole(last).is_some_and(|it| (1..=31).contains(&it)) => {
                let is_duration =
                    ["内", "以内", "之内", "游"].iter().any(|word| self.text.has_at(unit + 1, word));
                follows_month || !is_duration
            }
            Some('季') => self.text.has_at(unit, "季度"),
            _ => {
                // （2025）, 〔2025—2027〕
                let opens = self.text.before(self.chars.start).is_some_and(|it| "〔［[（(".contains(it));
                let closes = self.text.at(self.chars.end).is_some_and(|it| "〕］]）)".contains(it));
                is_year(first) && is_year(last) && opens && closes
            }
        }
    }

    /// Where the unit stands that a date has behind this number or behind the list that it begins: 5、6月, 1至{{ }}月.
    fn date_unit(&self) -> usize {
        let mut place = after_space(self.text, self.chars.end);
        for _ in 0..8 {
            let is_joint = self.text.at(place).is_some_and(|it| "、—–-~～至到和及".contains(it));
            let next = place + 1;
            let digits =
                (next..).take_while(|&at| self.text.at(at).is_some_and(|it| it.is_ascii_digit())).count();
            match self.text.at(next) {
                Some(EXPRESSION) if is_joint => place = next + 1,
                Some(_) if is_joint && (1..=4).contains(&digits) => place = next + digits,
                _ => break,
            }
        }
        place
    }

    /// 1.2025年: a list mark right before a year.
    fn is_list_mark_and_year(&self, part: &Part) -> bool {
        let digits: String = self.text.slice(part.digits..part.chars.end).iter().collect();
        self.begins_paragraph(part.digits)
            && digits.split_once('.').is_some_and(|(_, year)| {
                year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))
            })
    }

    /// 9:30, 9时30分, 上午9点, 9:00—17:00; but not 3点建议 or 8小时.
    fn is_time(&self) -> bool {
        let parts = &self.number.parts;
        let clock =
            parts.iter().zip(&self.number.joints).zip(parts.iter().skip(1)).any(|((hour, joint), minute)| {
                matches!(joint, ':' | '：' | '∶')
                    && whole_digits(self.text, hour).is_some_and(|it| it <= 24)
                    && self.digits(minute) == 2
                    && whole_digits(self.text, minute).is_some_and(|it| it < 60)
            });
        let (start, end) =
            (before_space(self.text, self.chars.start), after_space(self.text, self.chars.end));
        let is_hour = self.number.parts.last().and_then(whole).is_some_and(|it| it <= 24);
        let after_day_part =
            ["上午", "下午", "中午", "早上", "晚上", "凌晨", "傍晚", "早", "晚", "日", "至", "到"]
                .iter()
                .any(|word| self.text.has_before(start, word));
        let before_minutes =
            self.text.at(end + 1).is_some_and(|it| it.is_ascii_digit() || "半整前后起至—-～~".contains(it));
        match self.text.at(end) {
            _ if clock => true,
            Some('时') => is_hour,
            Some('点') => is_hour && (after_day_part || before_minutes),
            Some('分') => self.text.before(start).is_some_and(|it| "时点".contains(it)),
            Some('秒') => self.text.before(start) == Some('分'),
            _ => false,
        }
    }

    /// 第7期, 前3名, No.7, 3号, 2楼, 三级, 100周年, 90后, 2.0版.
    fn is_ordinal(&self) -> bool {
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
        let is_named =
            is_plain && has_at(&["号", "楼", "室", "级", "届", "周年", "世纪", "年代", "路公交", "#"]);
        let is_decade = |part: &Part| self.digits(part) == 2 && whole(part).is_some_and(|it| it % 5 == 0);
        let is_generation = self.number.parts.iter().all(is_decade) && has_at(&["后"]);
        is_first_few || is_named || is_generation || has_at(&["版"])
    }

    /// 1. 1、 （1） 1） at the beginning of a paragraph, or of a clause.
    fn is_list_mark(&self) -> bool {
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

    /// A4, PDF/A-3, GB/T 9704—2012, ISO 9001, V2.0, 5G; but not “微信 300人”.
    fn is_latin_name(&self) -> bool {
        let is_letter = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphabetic() || it == '_');
        let (start, end) = (self.chars.start, self.chars.end);
        let before = self.text.before(start);
        let is_separated = before.is_some_and(|it| matches!(it, ' ' | '-' | '—' | '/' | '.' | '+'))
            && is_letter(start.checked_sub(2).and_then(|at| self.text.at(at)))
            && !self.number.has_measure();
        let is_sum = self.text.at(end) == Some('+') && !self.number.has_measure();
        is_letter(before)
            || is_separated
            || is_sum
            || is_part_of_latin_word(self.text, end)
            || self.is_in_address()
    }

    /// Within a web or mail address.
    fn is_in_address(&self) -> bool {
        let is_address = |it: char| it.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+;=%".contains(it);
        let start = self.chars.start.saturating_sub(SURROUNDINGS);
        let before =
            self.text.slice(start..self.chars.start).iter().rev().take_while(|it| is_address(**it)).count();
        let after = (self.chars.end..self.chars.end + SURROUNDINGS)
            .take_while(|&at| self.text.at(at).is_some_and(is_address))
            .count();
        let word: String =
            self.text.slice(self.chars.start - before..self.chars.end + after).iter().collect();
        let has_letters = word.chars().any(|it| it.is_ascii_alphabetic());
        has_letters
            && (word.contains("://") || word.contains('@') || word.contains("www.") || word.contains(".cn"))
    }

    /// 028-86600000, 2025-08-26, 007, 3.1.2, 1+3+N, 7×24, 1对1, 18 digits in a row.
    fn is_code(&self) -> bool {
        let is_no_quantity = self.number.parts.iter().any(|part| {
            let is_padded = self.text.at(part.digits) == Some('0')
                && self.text.at(part.digits + 1).is_some_and(|it| it.is_ascii_digit());
            let dots = self.text.slice(part.digits..part.chars.end).iter().filter(|it| **it == '.').count();
            is_padded || dots > 1
        });
        let is_name = self.number.joints.iter().any(|joint| "+×*对".contains(*joint));
        let is_chain = self.number.parts.len() > 2;
        let is_long = self.number.parts.iter().any(|part| self.digits(part) >= 9 && !part.has_measure);
        let is_version = self
            .number
            .parts
            .iter()
            .all(|part| !part.has_measure && self.text.has_before(part.chars.end, ".0"));
        let digits = |index: usize| self.number.parts.get(index).map_or(0, |part| self.digits(part));
        let is_telephone = self.number.joints.as_slice() == ['-']
            && matches!(digits(0), 3 | 4)
            && matches!(digits(1), 7 | 8);
        is_no_quantity || is_name || is_chain || is_long || is_version || is_telephone
    }

    /// 附件2, 图3, 编号：5, 邮编610000.
    fn is_reference(&self) -> bool {
        const WORDS: [&str; 21] = [
            "附件",
            "附表",
            "附录",
            "附图",
            "图",
            "表",
            "注",
            "专栏",
            "编号",
            "序号",
            "代码",
            "工号",
            "尾号",
            "邮编",
            "邮政编码",
            "电话",
            "热线",
            "传真",
            "拨打",
            "致电",
            "信箱",
        ];
        let mut start = before_space(self.text, self.chars.start);
        if self.text.before(start).is_some_and(|it| "：:（(“\"".contains(it)) {
            start = before_space(self.text, start - 1);
        }
        !self.number.has_measure() && WORDS.iter().any(|word| self.text.has_before(start, word))
    }

    /// 12345, 12345热线, 110报警, 95598.
    fn is_telephone(&self) -> bool {
        const WORDS: [&str; 12] = [
            "热线",
            "专线",
            "电话",
            "平台",
            "报警",
            "急救",
            "接警",
            "出警",
            "政务服务便民热线",
            "政务服务热线",
            "便民热线",
            "服务热线",
        ];
        let [part] = self.number.parts.as_slice() else { return false };
        if part.has_measure || whole(part).is_none() {
            return false;
        }
        let digits = self.digits(part);
        let number: String = self.text.slice(part.digits..part.chars.end).iter().collect();
        let end = after_space(self.text, self.chars.end);
        let end = end + usize::from(self.text.at(end).is_some_and(|it| "”\"".contains(it)));
        let is_known = digits == 5
            && (number.starts_with("123") || number.starts_with("95") || number.starts_with("96"));
        is_known || ((3..=8).contains(&digits) && WORDS.iter().any(|word| self.text.has_at(end, word)))
    }

    /// A number alone in quotation marks, any number within 《》, Chinese numerals within quotation marks.
    fn is_quoted(&self) -> bool {
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

    /// 24小时自助服务, 365天不打烊.
    fn is_service_hours(&self) -> bool {
        const WORDS: [&str; 12] = [
            "自助",
            "不打烊",
            "无休",
            "服务",
            "政务",
            "值班",
            "值守",
            "在线",
            "热线",
            "开放",
            "畅通",
            "不间断",
        ];
        let Some(number) = self.number.parts.last().and_then(whole) else { return false };
        let all_day = number == 24 && self.text.has_at(self.chars.end, "小时");
        let all_year = number == 365 && self.text.has_at(self.chars.end, "天");
        (all_day || all_year) && WORDS.iter().any(|word| self.text.has_at(self.number.end(), word))
    }

    /// 十二分感谢: more than ten tenths.
    fn is_idiom(&self) -> bool {
        self.text.has_at(self.chars.start, "十二分") && !self.text.has_at(self.chars.start, "十二分钟")
    }

    fn begins_paragraph(&self, place: usize) -> bool {
        let mut place = place;
        while self.text.before(place) == Some(' ') {
            place -= 1;
        }
        self.text.before(place).is_none_or(|it| it == PARAGRAPH_END)
    }

    fn digits(&self, part: &Part) -> usize {
        (part.digits..part.chars.end)
            .take_while(|&at| self.text.at(at).is_some_and(|it| it.is_ascii_digit()))
            .count()
    }
}

/// A part's value as a small whole number.
fn whole(part: &Part) -> Option<u32> {
    let value = part.quantity?.value;
    if value.scale() == 0 { u32::try_from(value).ok() } else { None }
}

/// The digits of a part as a number, with zeros before them: the 00 of 9:00.
fn whole_digits(text: &TypedText, part: &Part) -> Option<u32> {
    text.slice(part.digits..part.chars.end).iter().collect::<String>().parse().ok()
}
