//! Dates, times of the day and hours of service.

use super::{Around, whole, whole_digits};
use crate::text::literal_numbers::measures::{after_space, before_space};
use crate::text::literal_numbers::typed_number::Part;

impl Around<'_> {
    /// 2025年, 7月, 7月22日—24日, 5、6月, 第三季度, 2025-08-26, 2025/8; but not 3年, 3个月, 3日内.
    pub fn is_date(&self) -> bool {
        let (Some(first), Some(last)) = (self.number.parts.first(), self.number.parts.last()) else {
            return false;
        };
        let is_up_to = |part: &Part, most: u32| whole(part).is_some_and(|it| (1..=most).contains(&it));
        if let ['·' | '•'] = self.number.joints.as_slice() {
            return is_up_to(first, 12) && is_up_to(last, 31);
        }
        let is_year =
            |part: &Part| self.digits(part) == 4 && whole(part).is_some_and(|it| (1900..2100).contains(&it));
        // 2025/8/26; with hyphens it is a code like any other.
        if let ([year, _, _], ['/', '/']) = (self.number.parts.as_slice(), self.number.joints.as_slice())
            && is_year(year)
        {
            return true;
        }
        if let ([year, month], ['-' | '/']) = (self.number.parts.as_slice(), self.number.joints.as_slice())
            && is_year(year)
            && !self.number.has_measure()
            && is_up_to(month, 12)
        {
            return true;
        }
        let unit = self.list_end();
        let follows_month = self.text.has_before(before_space(self.text, first.digits), "月");
        match self.text.at(unit) {
            Some('年') => is_year(first) && is_year(last) || self.is_list_mark_and_year(last),
            Some('月') => is_up_to(last, 12),
            Some('日') if is_up_to(last, 31) => {
                const CHANGES: &str =
                    "压缩至 压缩到 压缩为 压减至 压减到 缩短至 缩短到 缩短为 减至 减到 减为 延长 限时 提前";
                let is_duration =
                    ["内", "以内", "之内", "游"].iter().any(|word| self.text.has_at(unit + 1, word))
                        || self.has_before_any(self.chars.start, CHANGES);
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

    /// 1.2025年: a list mark right before a year.
    fn is_list_mark_and_year(&self, part: &Part) -> bool {
        let digits: String = self.text.slice(part.digits..part.chars.end).iter().collect();
        self.begins_paragraph(part.digits)
            && digits.split_once('.').is_some_and(|(_, year)| {
                year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))
            })
    }

    /// 9:30, 9时30分, 上午9点, 9:00—17:00; but not 3点建议 or 8小时.
    pub fn is_time(&self) -> bool {
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

    /// 24小时自助服务, 365天不打烊.
    pub fn is_service_hours(&self) -> bool {
        const WORDS: &str = "自助 不打烊 无休 服务 政务 值班 值守 在线 热线 开放 畅通 不间断";
        let Some(number) = self.number.parts.last().and_then(whole) else { return false };
        let all_day = number == 24 && self.text.has_at(self.chars.end, "小时");
        let all_year = number == 365 && self.text.has_at(self.chars.end, "天");
        (all_day || all_year)
            && WORDS.split_whitespace().any(|word| self.text.has_at(self.number.end(), word))
    }
}
