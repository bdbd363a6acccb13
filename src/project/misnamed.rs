//! Folders of data that resemble months but are none: nobody would see that they are passed over.

use super::files::Folder;
use super::month::Month;
use super::normal::normal;
use crate::diagnostic::{Diagnostic, Location, rules, shown};

/// A folder of data whose name resembles a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MisnamedMonth {
    /// The folder's name.
    pub name: String,
    /// The month that seems to be meant.
    pub month: Option<Month>,
}

impl MisnamedMonth {
    /// The folders of data that resemble months, sorted by name.
    pub fn all(folder: &Folder) -> Vec<Self> {
        let names = folder.entries("data").into_iter();
        let names = names.filter(|name| folder.path(&format!("data/{name}")).is_dir());
        names.filter_map(Self::read).collect()
    }

    /// Those that stand for a month that is not there, as findings.
    pub fn in_place_of_months(folder: &Folder) -> Vec<Diagnostic> {
        let all = Self::all(folder).into_iter();
        let is_missing = |it: &Self| it.month.is_some_and(|month| !folder.has_month(month));
        all.filter(is_missing).map(|it| it.finding(folder)).collect()
    }

    fn read(name: String) -> Option<Self> {
        if Month::parse(&name).is_some() {
            return None;
        }
        let month = resembled(&name)?;
        Some(Self { name, month })
    }

    /// The finding that the folder is passed over.
    pub fn finding(&self, folder: &Folder) -> Diagnostic {
        let message = format!("data 里的文件夹“{}”不是月份的写法，没有处理", shown(&self.name));
        let hint = match self.month {
            Some(month) if folder.has_month(month) => {
                format!("data 里已有 {month}；备份请移到 data 以外，是别的月份的请改名")
            }
            Some(month) => format!("请把它改名为 {month}"),
            None => "月份写成 2025-07；不是月份的，请移到 data 以外".to_owned(),
        };
        Diagnostic::new(&rules::MONTH_FOLDER_MISNAMED, message)
            .at(Location::file(format!("data/{}", self.name)))
            .hint(hint)
    }
}

/// The month that a name resembles, whether there is such a one or not; nothing where it resembles none.
fn resembled(name: &str) -> Option<Option<Month>> {
    let name = normal(name);
    let (year, rest) = name.split_at(leading_digits(&name));
    let (year, month, rest) = match year.len() {
        4 => {
            let is_sign = |character: char| !character.is_alphanumeric() || character == '年';
            let month = rest.trim_start_matches(is_sign);
            let (digits, behind) = month.split_at(leading_digits(month));
            (year, (month.len() < rest.len()).then_some(digits)?, behind)
        }
        // 202507, or 7月 without its year.
        6 => (year.get(..4)?, year.get(4..)?, rest),
        1 | 2 if rest.starts_with('月') => return Some(None),
        _ => return None,
    };
    let is_year = (1900..2200).contains(&year.parse::<u16>().ok()?);
    let is_month = (1..=2).contains(&month.len()) && !rest.starts_with(char::is_numeric);
    (is_year && is_month).then(|| Month::parse(&format!("{year}-{month:0>2}")))
}

fn leading_digits(text: &str) -> usize {
    text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_right_names_resemble_a_month() {
        for (name, month) in [
            ("2025-3", "2025-03"),
            ("2025年07月", "2025-07"),
            ("2025年7月数据", "2025-07"),
            ("２０２５-08", "2025-08"),
            ("202509", "2025-09"),
            ("2025-06 副本", "2025-06"),
            ("2025-06 (1)", "2025-06"),
            ("2025 - 06", "2025-06"),
            ("2025.6", "2025-06"),
            ("2025_06", "2025-06"),
            ("2025－06", "2025-06"),
        ] {
            assert_eq!(resembled(name), Some(Month::parse(month)), "{name}");
        }
        for name in ["2025-13", "2025-00", "202513", "7月", "07月份"] {
            assert_eq!(resembled(name), Some(None), "{name}");
        }
        for name in ["2025", "2025年", "旧数据", "20250708", "2025-123", "1234-5", "templates", "3", ""] {
            assert_eq!(resembled(name), None, "{name}");
        }
    }
}
