//! Which months a command is to work on.

use super::args::Selection;
use super::printer::Failure;
use super::shard::ShardChoice;
use crate::diagnostic::shown;
use crate::project::{Folder, Month, MonthRange};

/// The months of a selection among those that are `there`, ascending, without repetition.
pub fn choose(there: Vec<Month>, selection: &Selection) -> Result<Vec<Month>, Failure> {
    let latest = there.last().copied().ok_or_else(|| Failure {
        message: "data 文件夹里还没有一个月的数据".to_owned(),
        hint: "请先用 yuebao new 2025-08 这样的命令新建一个月".to_owned(),
    })?;
    if selection.all {
        return Ok(there);
    }
    if selection.months.is_empty() {
        return Ok(vec![latest]);
    }
    let mut months = Vec::new();
    for written in &selection.months {
        let range = MonthRange::parse(written).ok_or_else(|| no_range(written))?;
        let found: Vec<Month> = there.iter().copied().filter(|month| range.contains(*month)).collect();
        if found.is_empty() {
            let message = match range.is_single() {
                true => format!("没有 {} 这个月：data/{0} 不存在", range.first),
                false => format!("{written} 之间没有一个月的数据"),
            };
            let hint = format!("现有的最近一个月是 {latest}；新建一个月用 yuebao new {}", range.last);
            return Err(Failure { message, hint });
        }
        months.extend(found);
    }
    months.sort_unstable();
    months.dedup();
    Ok(months)
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
    let months = choose(folder.months(), &selection)?;
    months.first().copied().ok_or_else(|| Failure {
        message: format!("没有“{}”这个月", shown(written)),
        hint: "月份写成 2025-07".to_owned(),
    })
}
