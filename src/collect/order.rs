//! Which of two files is the later one, by their own dates or else by the file system's, and how that is told.

use std::cmp::Ordering;

use chrono::NaiveDateTime;

use super::Examined;
use crate::diagnostic::shown;
use crate::project::RecordedAnswer;
use crate::source::on_the_wall;

/// Whether a file is older than an answer of these times that was collected before.
pub(super) fn is_older(file: &Examined, answer: Times) -> bool {
    compare(times(file), answer) == Ordering::Less
}

/// When a file was saved, as it says itself, and written, as the file system says.
pub(super) type Times = (Option<NaiveDateTime>, Option<NaiveDateTime>);

pub(super) fn times(file: &Examined) -> Times {
    (file.saved, file.written)
}

/// Those of some files that may be the latest, whatever order they are given in: one where that is clear.
pub(super) fn latest(files: &[(usize, Times)]) -> Vec<usize> {
    let is_earlier = |one: Times, other: Times| compare(one, other) == Ordering::Less;
    let is_unbeaten = |file: Times| !files.iter().any(|(_, other)| is_earlier(file, *other));
    let unbeaten: Vec<Times> =
        files.iter().map(|(_, file)| *file).filter(|file| is_unbeaten(*file)).collect();
    // Dates of two kinds may go round in a circle: then nothing is unbeaten, and nothing is clear.
    let is_out = |file: Times| !unbeaten.is_empty() && unbeaten.iter().all(|best| is_earlier(file, *best));
    files.iter().filter(|(_, file)| !is_out(*file)).map(|(at, _)| *at).collect()
}

/// Orders two files by their own dates, else by those of the file system; equal where neither is known.
fn compare(one: Times, other: Times) -> Ordering {
    match (one, other) {
        ((Some(one), _), (Some(other), _)) => one.cmp(&other),
        ((_, Some(one)), (_, Some(other))) => one.cmp(&other),
        _ => Ordering::Equal,
    }
}

/// A file with its date.
pub(super) fn described(file: &Examined) -> String {
    described_as(&file.name, file.saved, file.written)
}

/// An answer that was collected before with its date.
pub(super) fn described_record(answer: &RecordedAnswer) -> String {
    described_as(&answer.received, answer.saved, answer.written)
}

fn described_as(name: &str, saved: Option<NaiveDateTime>, written: Option<NaiveDateTime>) -> String {
    let told = |moment| on_the_wall(moment).format("%Y-%m-%d %H:%M:%S");
    match (saved, written) {
        (Some(saved), _) => format!("{}（保存于 {}）", shown(name), told(saved)),
        (None, Some(written)) => format!("{}（文件时间 {}）", shown(name), told(written)),
        (None, None) => format!("{}（没有保存时间）", shown(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_the_same_in_any_order() {
        let at = |hour| chrono::NaiveDate::from_ymd_opt(2025, 9, 2)?.and_hms_opt(hour, 0, 0);
        let (saved, written) = (|hour| (at(hour), None), |hour| (None, at(hour)));
        let unknown = (None, None);
        for (files, expected) in [
            (vec![saved(9), saved(11), saved(10)], vec![1]),
            (vec![saved(9), saved(11), saved(11)], vec![1, 2]),
            (vec![saved(9), unknown], vec![0, 1]),
            (vec![written(9), written(8), unknown], vec![0, 1, 2]),
            (vec![written(9), written(8), saved(7)], vec![0, 1, 2]),
            // Saved later, written earlier: each is beaten by another.
            (vec![(at(10), at(20)), written(15), (at(12), at(11))], vec![0, 1, 2]),
        ] {
            let mut files: Vec<(usize, Times)> = files.into_iter().enumerate().collect();
            for _ in 0..files.len() {
                let mut found = latest(&files);
                found.sort_unstable();
                assert_eq!(found, expected, "{files:?}");
                files.rotate_left(1);
            }
        }
    }
}
