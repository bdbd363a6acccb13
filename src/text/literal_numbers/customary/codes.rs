//! Names and codes: standards, versions, telephone numbers.

use super::{Around, whole};
use crate::text::literal_numbers::measures::{after_space, before_space, is_han, is_part_of_latin_word};
use crate::text::literal_numbers::typed_number::Part;

impl Around<'_> {
    /// A4, PDF/A-3, GB/T 9704—2012, ISO 9001, V2.0, 5G; but not “微信 300人”.
    pub fn is_latin_name(&self) -> bool {
        let is_letter = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphabetic() || it == '_');
        let (start, end) = (self.chars.start, self.chars.end);
        let before = self.text.before(start);
        let is_separated = before.is_some_and(|it| " -—/.+·".contains(it))
            && is_letter(start.checked_sub(2).and_then(|at| self.text.at(at)))
            && !self.number.has_measure();
        let is_sum = self.text.at(end) == Some('+') && !self.number.has_measure();
        is_letter(before) || is_separated || is_sum || is_part_of_latin_word(self.text, end)
    }

    /// 028-86600000, 007, 3.1.2, 1+3+N, 7×24, 1对1, 2.0, 18 digits in a row.
    pub fn is_code(&self) -> bool {
        let parts = &self.number.parts;
        let has_measure = self.number.has_measure();
        let is_padded = |part: &Part| {
            self.text.at(part.digits) == Some('0')
                && self.text.at(part.digits + 1).is_some_and(|it| it.is_ascii_digit())
        };
        let dots = |part: &Part| {
            self.text.slice(part.digits..part.chars.end).iter().filter(|it| **it == '.').count()
        };
        let is_version = |part: &Part| {
            !part.has_measure && self.digits(part) == 1 && self.text.has_before(part.chars.end, ".0")
        };
        let is_joined_by = |joints: &str| self.number.joints.iter().any(|joint| joints.contains(*joint));
        let is_chain = parts.len() > 2 && self.number.joints.iter().all(|joint| *joint == '-');
        let is_long = |part: &Part| self.digits(part) >= 11 && !part.has_measure;
        let digits = |index: usize| parts.get(index).map_or(0, |part| self.digits(part));
        let is_telephone = self.number.joints.as_slice() == ['-']
            && matches!(digits(0), 3 | 4)
            && matches!(digits(1), 7 | 8);
        // 0差错, 0投诉: a slogan.
        let is_none_at_all = parts.len() == 1
            && parts.iter().all(|part| whole(part) == Some(0) && !part.has_measure)
            && self.text.at(self.chars.end).is_some_and(is_han);
        parts.iter().any(|part| is_padded(part) || dots(part) > 1 || is_long(part))
            || is_joined_by("×*")
            || (is_joined_by("+对") && !has_measure)
            || is_chain
            || is_telephone
            || is_none_at_all
            || parts.iter().all(is_version)
    }

    /// 12345, 12345热线, 110报警, 拨打95598, 热线96960、12328, （028）86900000; but not 电话1549.
    pub fn is_telephone(&self) -> bool {
        const BEFORE: &str = "电话 热线 传真 拨打 致电";
        const AFTER: &str =
            "热线 专线 电话 平台 报警 急救 接警 出警 政务服务便民热线 政务服务热线 便民热线 服务热线";
        let [part] = self.number.parts.as_slice() else { return false };
        if part.has_measure || whole(part).is_none() {
            return false;
        }
        let digits: String = self.text.slice(part.digits..part.chars.end).iter().collect();
        let is_like_one = match digits.len() {
            3 => digits.starts_with('1'),
            5 => digits.starts_with(['1', '9']),
            length => (7..=12).contains(&length),
        };
        let end = after_space(self.text, self.list_end());
        let end = end + usize::from(self.text.at(end).is_some_and(|it| "”\"".contains(it)));
        let is_known = digits.len() == 5 && digits.starts_with("123");
        is_like_one
            && (is_known
                || (matches!(digits.len(), 7 | 8) && self.follows_area_code())
                || self.has_before_any(self.start_before_mark(), BEFORE)
                || AFTER.split_whitespace().any(|word| self.text.has_at(end, word)))
    }

    /// Whether an area code stands before the number in brackets: （028）, (0830).
    fn follows_area_code(&self) -> bool {
        let end = before_space(self.text, self.chars.start);
        let is_digit = |&at: &usize| self.text.at(at).is_some_and(|it| it.is_ascii_digit());
        let Some(close) =
            end.checked_sub(1).filter(|&at| self.text.at(at).is_some_and(|it| "）)".contains(it)))
        else {
            return false;
        };
        let start = close - (0..close).rev().take(5).take_while(is_digit).count();
        matches!(close - start, 3 | 4)
            && self.text.at(start) == Some('0')
            && self.text.before(start).is_some_and(|it| "（(".contains(it))
    }
}
