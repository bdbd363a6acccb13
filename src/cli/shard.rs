//! `--shard K/N`: one part of the months, for schedulers that run many at once.
#![allow(clippy::disallowed_methods, reason = "schedulers give a part's number in the environment")]

use std::env;
use std::str::FromStr;

use super::printer::Failure;
use crate::project::Month;

/// Which part of the months is to be worked on, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShardChoice {
    /// The part and how many there are, both from 1.
    Given(Shard),
    /// The scheduler says which; how many there are is written, or the scheduler says that too.
    Scheduler(Option<u32>),
}

/// One part of the months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    number: u32,
    /// How many there are.
    count: u32,
}

impl FromStr for ShardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "写成 3/16（16 份中的第 3 份）、auto 或 auto/16".to_owned();
        let count = |text: &str| text.parse().ok().filter(|count| *count > 0).ok_or_else(wrong);
        match text.split_once('/') {
            None if text == "auto" => Ok(Self::Scheduler(None)),
            Some(("auto", parts)) => Ok(Self::Scheduler(Some(count(parts)?))),
            Some((number, parts)) => {
                let shard = Shard { number: count(number)?, count: count(parts)? };
                if shard.number <= shard.count { Ok(Self::Given(shard)) } else { Err(wrong()) }
            }
            None => Err(wrong()),
        }
    }
}

impl ShardChoice {
    /// The part that is meant.
    pub fn resolve(self) -> Result<Shard, Failure> {
        match self {
            Self::Given(shard) => Ok(shard),
            Self::Scheduler(count) => from_scheduler(count, |name| env::var(name).ok()?.trim().parse().ok()),
        }
    }
}

/// The part that a Slurm array or an indexed Kubernetes Job gives a program to do.
fn from_scheduler(count: Option<u32>, variable: impl Fn(&str) -> Option<u32>) -> Result<Shard, Failure> {
    let slurm = variable("SLURM_ARRAY_TASK_ID").map(|task| {
        let first = variable("SLURM_ARRAY_TASK_MIN").unwrap_or(0);
        let step = variable("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1);
        (task.saturating_sub(first) / step, variable("SLURM_ARRAY_TASK_COUNT"), first)
    });
    // Of an array of some parts only, Slurm does not tell where all of them would begin.
    match (count, slurm) {
        (Some(count), Some((_, Some(tasks), _))) if count != tasks => {
            return Err(Failure::new(
                format!("Slurm 阵列有 {tasks} 个作业，--shard 写的是 {count} 份，分不清这是第几份"),
                format!("请写明是第几份，如 --shard \"$SLURM_ARRAY_TASK_ID/{count}\""),
            ));
        }
        (None, Some((_, Some(tasks), first @ 2..))) => {
            return Err(Failure::new(
                format!("Slurm 阵列从 {first} 号开始，可能只是重交的几份，分不清这是第几份"),
                format!(
                    "请写明是第几份，如 --shard \"$SLURM_ARRAY_TASK_ID/16\"；\
                     一共就是 {tasks} 份的，写 --shard auto/{tasks}"
                ),
            ));
        }
        _ => {}
    }
    let slurm = slurm.map(|(index, tasks, _)| (index, tasks));
    let kubernetes = || variable("JOB_COMPLETION_INDEX").map(|index| (index, None));
    let Some((index, known)) = slurm.or_else(kubernetes) else {
        return Err(Failure::new(
            "--shard auto 要由 Slurm 阵列作业或 Kubernetes 的 Indexed Job 给出份号，现在没有",
            "请写明是第几份，如 --shard 3/16",
        ));
    };
    let Some(count) = count.or(known) else {
        return Err(Failure::new("不知道一共分成几份", "请写明，如 --shard auto/16"));
    };
    if index >= count {
        return Err(Failure::new(
            format!("一共 {count} 份，没有第 {} 份", u64::from(index) + 1),
            "请检查作业的份数和 --shard 中的是否一致",
        ));
    }
    Ok(Shard { number: index + 1, count })
}

impl Shard {
    /// Whether a month belongs to this part. That depends on the month alone: months that are
    /// added later, or left out, move no other one.
    pub fn holds(self, month: Month) -> bool {
        let index = u32::from(month.year) * 12 + u32::from(month.month) - 1;
        index % self.count == self.number - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(shard: &str, from: &str, count: usize) -> Vec<String> {
        let Ok(ShardChoice::Given(shard)) = shard.parse() else { panic!("{shard}") };
        let all = std::iter::successors(Month::parse(from), |month| Some(month.next()));
        all.take(count).filter(|month| shard.holds(*month)).map(|month| month.to_string()).collect()
    }

    #[test]
    fn every_month_belongs_to_one_part_and_parts_are_of_one_size() {
        let mut all = Vec::new();
        for number in 1..=5 {
            let part = months(&format!("{number}/5"), "2020-03", 60);
            assert_eq!(part.len(), 12, "{number}");
            all.extend(part);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 60);
    }

    #[test]
    fn a_month_stays_in_its_part_whatever_others_there_are() {
        assert_eq!(months("2/3", "2025-01", 12), months("2/3", "2024-01", 24)[4..]);
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "3", "0/4", "5/4", "1/0", "a/4", "-1/4", "1/4/2", "auto/0", "auto/x", "1.5/4"] {
            assert!(ShardChoice::from_str(text).is_err(), "{text}");
        }
        assert_eq!("auto".parse(), Ok(ShardChoice::Scheduler(None)));
        assert_eq!("auto/16".parse(), Ok(ShardChoice::Scheduler(Some(16))));
    }

    #[test]
    fn schedulers_are_understood() {
        let told = |count, variables: &[(&str, u32)]| {
            from_scheduler(count, |name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
            })
            .map(|shard| (shard.number, shard.count))
            .map_err(|failure| failure.message)
        };
        let array = |task| {
            [("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_MIN", 1), ("SLURM_ARRAY_TASK_COUNT", 16)]
        };
        assert_eq!(told(None, &array(1)), Ok((1, 16)));
        assert_eq!(told(None, &array(16)), Ok((16, 16)));
        assert_eq!(told(Some(16), &array(7)), Ok((7, 16)));
        let alone = [("SLURM_ARRAY_TASK_ID", 7), ("SLURM_ARRAY_TASK_MIN", 7), ("SLURM_ARRAY_TASK_COUNT", 1)];
        for count in [Some(16), None] {
            assert!(told(count, &alone).unwrap_err().contains("分不清这是第几份"), "{count:?}");
        }
        assert_eq!(told(Some(1), &alone), Ok((1, 1)), "it is said that there is no other part");
        let single = [("SLURM_ARRAY_TASK_ID", 0), ("SLURM_ARRAY_TASK_MIN", 0), ("SLURM_ARRAY_TASK_COUNT", 1)];
        assert_eq!(told(None, &single), Ok((1, 1)));
        assert_eq!(told(Some(8), &[("JOB_COMPLETION_INDEX", 7)]), Ok((8, 8)));
        assert!(told(None, &[("JOB_COMPLETION_INDEX", 7)]).unwrap_err().contains("几份"));
        assert!(told(Some(8), &[("JOB_COMPLETION_INDEX", 8)]).unwrap_err().contains("没有第 9 份"));
        assert!(told(Some(8), &[]).unwrap_err().contains("--shard auto"));
    }
}
