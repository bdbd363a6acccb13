//! Which months a command is to work on.

use std::collections::BTreeSet;

use super::args::Selection;
use super::printer::Failure;
use super::shard::ShardChoice;
use crate::diagnostic::{Diagnostic, shown};
use crate::project::{Folder, MisnamedMonth, Month, MonthRange};

/// The months among which a command chooses.
pub struct Candidates<'a> {
    /// The bulletin's folder.
    pub folder: &'a Folder,
    /// The months that are there, ascending.
    pub months: Vec<Month>,
}

impl<'a> Candidates<'a> {
    /// The months that have a folder.
    pub fn of(folder: &'a Folder) -> Self {
        Self { folder, months: folder.months() }
    }

    /// The months of a selection, ascending, without repetition.
    pub fn choose(&self, selection: &Selection) -> Result<Vec<Month>, Failure> {
        let there = &self.months;
        let latest = there.last().copied().ok_or_else(|| {
            let usual = || "请先用 yuebao new 2025-08 这样的命令新建一个月".to_owned();
            let hint = renaming(self.folder, |_| true).unwrap_or_else(usual);
            Failure::new("data 文件夹里还没有一个月的数据", hint)
        })?;
        if selection.all {
            return Ok(there.clone());
        }
        if selection.months.is_empty() {
            return Ok(vec![latest]);
        }
        let mut months = Vec::new();
        for written in &selection.months {
            let range = MonthRange::parse(written).ok_or_else(|| no_range(written))?;
            in_known_years(range.first)?;
            let found: Vec<Month> = there.iter().copied().filter(|month| range.contains(*month)).collect();
            if found.is_empty() {
                let message = match range.is_single() {
                    true => format!("没有 {} 这个月：data/{0} 不存在", range.first),
                    false => format!("{written} 之间没有一个月的数据"),
                };
                let usual = || format!("现有的最近一个月是 {latest}；新建一个月用 yuebao new {}", range.last);
                let hint = renaming(self.folder, |month| range.contains(month)).unwrap_or_else(usual);
                return Err(Failure { message, hint });
            }
            months.extend(found);
        }
        months.sort_unstable();
        months.dedup();
        Ok(months)
    }
}

/// A month as written, which need not be there.
pub fn read_new(written: &str) -> Result<Month, Failure> {
    let no_month = || Failure::new(format!("“{}”不是月份", shown(written)), "月份写成 2025-08");
    Month::parse(written).ok_or_else(no_month).and_then(in_known_years)
}

/// The first year of which there may be an issue; no workbook has a date before it.
const FIRST_YEAR: u16 = 1900;

/// A month unless its year is a slip of the hand.
fn in_known_years(month: Month) -> Result<Month, Failure> {
    match month.year {
        FIRST_YEAR.. => Ok(month),
        _ => Err(Failure::new(
            format!("“{month}”的年份写错了"),
            format!("年份写 {FIRST_YEAR} 到 9999，如 2025-08"),
        )),
    }
}

/// What to do where a month that is wanted has a folder of a name that is nearly right.
fn renaming(folder: &Folder, is_wanted: impl Fn(Month) -> bool) -> Option<String> {
    let mut misnamed = MisnamedMonth::all(folder).into_iter();
    misnamed.find_map(|it| {
        let month = it.month.filter(|month| is_wanted(*month))?;
        Some(format!("data 里的文件夹“{}”不是月份的写法，请改名为 {month}", shown(&it.name)))
    })
}

/// The folders that are taken for no months though they resemble some: where many months are worked on all of
/// them, where one is, those that stand for a month that is not there and might be looked for.
pub fn misnamed(folder: &Folder, selection: &Selection) -> Vec<Diagnostic> {
    let is_range = |written: &String| MonthRange::parse(written).is_some_and(|range| !range.is_single());
    match selection.all || selection.months.iter().any(is_range) {
        true => MisnamedMonth::all(folder).iter().map(|it| it.finding(folder)).collect(),
        false => MisnamedMonth::in_place_of_months(folder),
    }
}

/// The months within the ranges of a selection that are not there; those before the first and after the last of
/// a range that is only meant to hold all are not missed.
pub fn gaps(chosen: &[Month], selection: &Selection) -> Vec<Month> {
    let mut gaps = Vec::new();
    for range in selection.months.iter().filter_map(|written| MonthRange::parse(written)) {
        let within: Vec<Month> = chosen.iter().copied().filter(|month| range.contains(*month)).collect();
        let after_each = within.windows(2).flat_map(|pair| {
            let between = (1..pair[1].months_since(pair[0])).rev();
            between.filter_map(|back| pair[1].back(back))
        });
        gaps.extend(after_each);
    }
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

/// The months of a selection that have no data: those in `gaps`, and those that were chosen for their record alone.
pub fn without_data(folder: &Folder, chosen: &[Month], gaps: &[Month]) -> BTreeSet<Month> {
    let recorded_only = chosen.iter().filter(|month| !folder.has_month(**month));
    recorded_only.chain(gaps).copied().collect()
}

/// Whether a selection names a span of time.
pub fn has_range(selection: &Selection) -> bool {
    let mut ranges = selection.months.iter().filter_map(|written| MonthRange::parse(written));
    ranges.any(|range| !range.is_single())
}

fn no_range(written: &str) -> Failure {
    let swapped = written.split_once("..").map(|(last, first)| format!("{first}..{last}"));
    match swapped.filter(|swapped| MonthRange::parse(swapped).is_some()) {
        Some(swapped) => Failure::new(format!("“{}”前后颠倒了", shown(written)), format!("请写成 {swapped}")),
        None => Failure::new(
            format!("“{}”不是月份", shown(written)),
            "月份写成 2025-07，一段时间写成 2025-01..2025-07",
        ),
    }
}

/// Those of the months that belong to a part; all where no part is named.
pub fn shard(months: Vec<Month>, shard: Option<ShardChoice>) -> Result<Vec<Month>, Failure> {
    let Some(choice) = shard else { return Ok(months) };
    let shard = choice.resolve()?;
    Ok(months.into_iter().filter(|month| shard.holds(*month)).collect())
}

/// One month, which must be there.
pub fn choose_one(folder: &Folder, written: &str) -> Result<Month, Failure> {
    if MonthRange::parse(written).is_some_and(|range| !range.is_single()) {
        return Err(Failure {
            message: format!("“{}”是一段时间，这里只能写一个月", shown(written)),
            hint: "月份写成 2025-07".to_owned(),
        });
    }
    let selection = Selection { months: vec![written.to_owned()], all: false };
    let months = Candidates::of(folder).choose(&selection)?;
    months.first().copied().ok_or_else(|| Failure {
        message: format!("没有“{}”这个月", shown(written)),
        hint: "月份写成 2025-07".to_owned(),
    })
}
