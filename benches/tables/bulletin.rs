//! A bulletin of one wide table: 20 columns, 50 formulas, 50 checks, and as many departments as wanted.
//!
//! The workbook is filled as an office would: the derived columns too, with the values that Excel's
//! formulas would have left there, so that each is held against the computed one. All figures are
//! invented, and depend on their place alone. One department breaks one check, so that nobody can
//! take checks that never ran for checks that found nothing.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;

use crate::invented::{copy_layout, figure};

/// The month.
pub const MONTH: &str = "2025-07";
/// The file with the table.
pub const WORKBOOK: &str = "data/2025-07/windows.xlsx";
/// Columns of the table.
pub const COLUMNS: usize = 20;
/// Formulas: of derived columns and of named figures.
pub const FORMULAS: usize = 50;
/// Declared checks: over rows and over the whole.
pub const CHECKS: usize = 50;
/// Those of the checks that look at every row.
pub const ROW_CHECKS: usize = 40;

/// The entered columns: name, header, unit.
const ENTERED: [(&str, &str, &str); 11] = [
    ("online_accepted", "全程网办件（件）/受理量", "件"),
    ("online_completed", "全程网办件（件）/办结量", "件"),
    ("counter_accepted", "综窗办件（件）/受理量", "件"),
    ("counter_issued", "综窗办件（件）/出件量", "件"),
    ("mailed", "现场邮寄量（件）", "件"),
    ("seats", "窗口数（个）", "个"),
    ("staff", "窗口人员（人）", "人"),
    ("complaints", "投诉（件）", "件"),
    ("quality", "办件质量得分", "分"),
    ("speed", "办件时限得分", "分"),
    ("courtesy", "服务态度得分", "分"),
];

/// The derived columns: name, header, unit, decimals, formula.
const DERIVED: [(&str, &str, &str, u32, &str); 7] = [
    ("handled", "受理合计", "件", 0, "online_accepted + counter_accepted"),
    ("completed", "办结合计", "件", 0, "online_completed + counter_issued"),
    ("pending", "在办", "件", 0, "handled - completed"),
    ("score", "得分合计", "分", 2, "quality + speed + courtesy"),
    ("online_rate", "网办率", "", 4, "online_accepted / handled"),
    ("part", "占全部受理的比重", "", 6, "share(handled)"),
    ("place", "受理量名次", "", 0, "rank(handled)"),
];

/// The named figures beside the mean, least and greatest of each entered column.
const NAMED: [(&str, &str); 10] = [
    ("departments", "count(windows)"),
    ("handled", "windows.total.handled"),
    ("completed", "windows.total.completed"),
    ("completion_rate", "figures.completed / figures.handled"),
    ("online_rate", "windows.total.online_accepted / figures.handled"),
    ("handled_sum", "sum(windows.online_accepted, windows.counter_accepted)"),
    ("mean_score", "avg(windows.score)"),
    ("first_place", "rank(windows[\"甲甲甲甲局\"].handled)"),
    ("first_share", "share(windows[\"甲甲甲甲局\"].handled)"),
    ("distance", "figures.max_staff - figures.avg_staff"),
];

/// The checks over rows beside the two of each entered column (not negative, not above the greatest).
const ROW: [&str; 18] = [
    "online_completed <= online_accepted",
    "counter_issued <= counter_accepted",
    "mailed <= online_completed + counter_issued",
    "pending >= 0",
    "handled == online_accepted + counter_accepted",
    "completed <= handled",
    "completed / handled >= 0.1 or handled == 0",
    "score <= 300 and score >= 0",
    "online_rate <= 1",
    "quality <= 100",
    "speed <= 100",
    "courtesy <= 100",
    "place >= 1 and place <= count(windows)",
    "part <= 1",
    "complaints * 10 <= handled + 100",
    "handled <= 3 * avg(windows.handled)",
    "not (seats == 0 and handled > 0)",
    // The first department breaks it.
    "staff >= 2",
];

/// The checks over the whole.
const WHOLE: [&str; 10] = [
    "windows.total.handled == windows.total.online_accepted + windows.total.counter_accepted",
    "figures.handled == figures.handled_sum",
    "figures.completed <= figures.handled",
    "figures.completion_rate <= 1",
    "figures.online_rate >= 0 and figures.online_rate <= 1",
    "figures.avg_quality <= figures.max_quality",
    "figures.min_speed <= figures.avg_speed",
    "figures.first_place >= 1",
    "count(windows) >= 1",
    "max(windows.place) <= count(windows)",
];

/// Writes the bulletin into a folder, which is made.
pub fn make(folder: &Path, departments: u32) -> Result<(), Box<dyn Error>> {
    copy_layout(folder)?;
    fs::create_dir_all(folder.join("data").join(MONTH))?;
    fs::write(folder.join("yuebao.toml"), settings()?)?;
    fs::write(folder.join("data/departments.toml"), register(departments))?;
    let issue = format!("data/{MONTH}/issue.toml");
    fs::write(folder.join(issue), ISSUE)?;
    fs::write(folder.join(WORKBOOK), workbook(departments)?)?;
    Ok(())
}

const ISSUE: &str = "number = 7\ndate = 2025-07-28\n\n[[section]]\ntitle = \"总体情况\"\ntext = \"\"\"\n\
    全月受理办件{{ figures.handled | wan }}，办结{{ figures.completed | wan }}，\
    其中全程网办{{ windows.total.online_accepted | wan }}，窗口人员{{ windows.total.staff }}。\n\"\"\"\n";

fn settings() -> Result<String, Box<dyn Error>> {
    let own = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("yuebao.toml"))?;
    let (_, fonts) = own.split_once("\n[fonts]").ok_or("yuebao.toml declares no fonts")?;
    let mut text = "[bulletin]\ntitle = \"窗口月报\"\npublisher = \"政务服务中心\"\n\n".to_owned();
    for (name, _, _) in ENTERED {
        for function in ["avg", "min", "max"] {
            write!(
                text,
                "[[figure]]\nname = \"{function}_{name}\"\nformula = \"{function}(windows.{name})\"\n\n"
            )?;
        }
    }
    for (name, formula) in NAMED {
        write!(text, "[[figure]]\nname = \"{name}\"\nformula = '{formula}'\n\n")?;
    }
    let of_columns = ENTERED
        .iter()
        .flat_map(|(name, _, _)| [format!("{name} >= 0"), format!("{name} <= max(windows.{name})")]);
    for (index, formula) in of_columns.chain(ROW.map(str::to_owned)).enumerate() {
        write!(text, "[[check]]\nname = \"row_{index}\"\ntable = \"windows\"\nformula = '{formula}'\n")?;
        write!(text, "message = \"“{{{{ department }}}}”受理{{{{ handled }}}}，请核对\"\n\n")?;
    }
    for (index, formula) in WHOLE.iter().enumerate() {
        write!(text, "[[check]]\nname = \"whole_{index}\"\nformula = '{formula}'\n")?;
        text.push_str("message = \"全月受理{{ figures.handled }}，请核对\"\n\n");
    }
    text.push_str("[[table]]\nname = \"windows\"\ntitle = \"窗口运行情况\"\ntotal = true\n\n");
    text.push_str("[[table.column]]\nrole = \"sequence\"\nheader = \"序号\"\n\n");
    text.push_str("[[table.column]]\nrole = \"department\"\nheader = \"部门\"\n\n");
    for (name, header, unit) in ENTERED {
        let decimals = if unit == "分" { 2 } else { 0 };
        write!(text, "[[table.column]]\nname = \"{name}\"\nheader = \"{header}\"\n")?;
        write!(text, "unit = \"{unit}\"\ndecimals = {decimals}\n\n")?;
    }
    for (name, header, unit, decimals, formula) in DERIVED {
        write!(text, "[[table.column]]\nname = \"{name}\"\nheader = \"{header}\"\ndecimals = {decimals}\n")?;
        if !unit.is_empty() {
            writeln!(text, "unit = \"{unit}\"")?;
        }
        write!(text, "formula = \"{formula}\"\n\n")?;
    }
    Ok(format!("{text}[fonts]{fonts}"))
}

/// Names of five characters, none of which is a numeral.
fn department(index: u32) -> String {
    const STEMS: [char; 18] = [
        '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸', '子', '丑', '寅', '卯', '辰', '巳', '午',
        '未',
    ];
    let base = STEMS.len() as u32;
    let stem = |power: u32| STEMS[(index / base.pow(power) % base) as usize];
    [stem(3), stem(2), stem(1), stem(0), '局'].iter().collect()
}

fn register(departments: u32) -> String {
    (0..departments).map(|index| format!("[[department]]\nname = \"{}\"\n\n", department(index))).collect()
}

/// A department's entered numbers, scores in hundredths.
fn entered(index: u32) -> [u64; ENTERED.len()] {
    let drawn = |column: u32, bound: u64| figure(7, index, column, bound);
    let (online, counter) = (1 + drawn(0, 20_000), drawn(2, 20_000));
    let (completed, issued) = (online - drawn(1, online / 2 + 1), counter - drawn(3, counter / 2 + 1));
    let staff = if index == 0 { 1 } else { 2 + drawn(6, 20) };
    let score = |column| drawn(column, 10_001);
    let complaints = drawn(7, 10);
    [
        online,
        completed,
        counter,
        issued,
        drawn(4, completed + 1),
        1 + drawn(5, 6),
        staff,
        complaints,
        score(8),
        score(9),
        score(10),
    ]
}

fn workbook(departments: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let rows: Vec<[u64; ENTERED.len()]> = (0..departments).map(entered).collect();
    let handled: Vec<u64> = rows.iter().map(|row| row[0] + row[2]).collect();
    let total: u64 = handled.iter().sum();
    let mut descending = handled.clone();
    descending.sort_unstable_by(|a, b| b.cmp(a));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headers = ENTERED.iter().map(|column| column.1).chain(DERIVED.iter().map(|column| column.1));
    for (column, header) in (0..).zip(["序号", "部门"].into_iter().chain(headers)) {
        sheet.write(0, column, header)?;
    }
    for (index, (row, handled)) in (0..).zip(rows.iter().zip(&handled)) {
        let at = index + 1;
        sheet.write(at, 0, index + 1)?;
        sheet.write(at, 1, department(index))?;
        for (column, (number, (_, _, unit))) in (2..).zip(row.iter().zip(&ENTERED)) {
            sheet.write(at, column, *number as f64 / if *unit == "分" { 100.0 } else { 1.0 })?;
        }
        let completed = row[1] + row[3];
        let place = 1 + descending.partition_point(|other| other > handled);
        let derived = [
            *handled as f64,
            completed as f64,
            (handled - completed) as f64,
            (row[8] + row[9] + row[10]) as f64 / 100.0,
            rounded(row[0], *handled, 10_000) as f64 / 10_000.0,
            rounded(*handled, total, 1_000_000) as f64 / 1_000_000.0,
            place as f64,
        ];
        for (column, number) in (2 + ENTERED.len() as u16..).zip(derived) {
            sheet.write(at, column, number)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A quotient in so many parts of one, rounded half up.
fn rounded(part: u64, whole: u64, parts: u64) -> u64 {
    (2 * part * parts + whole) / (2 * whole)
}
