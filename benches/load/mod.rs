//! Makes a bulletin of any size to measure with: so many months, departments and pages of text.
//!
//! The declarations, templates and fonts are this repository's own. All figures are invented, and
//! the same sizes give the same figures on every run.

#[path = "../invented/mod.rs"]
mod invented;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use rust_xlsxwriter::{Workbook, Worksheet};

use self::invented::{copy_layout, figure};

/// The size of a bulletin.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Months, from January 2000.
    pub months: u32,
    /// Departments: rows in each of the two tables.
    pub departments: u32,
    /// Pages of text, about.
    pub pages: u32,
}

/// The size of the July 2025 issue, with one page more or less.
#[allow(dead_code, reason = "not every user of this module wants it")]
pub const USUAL: Load = Load { months: 1, departments: 29, pages: 8 };

/// The months of a load by their names.
pub fn months(count: u32) -> Vec<String> {
    (0..count).map(|index| format!("{:04}-{:02}", 2000 + index / 12, index % 12 + 1)).collect()
}

/// Writes the bulletin into a folder, which is made.
pub fn make(folder: &Path, load: Load) -> Result<(), Box<dyn Error>> {
    copy_layout(folder)?;
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("yuebao.toml");
    fs::copy(settings, folder.join("yuebao.toml"))?;
    fs::create_dir_all(folder.join("data"))?;
    fs::write(folder.join("data/departments.toml"), register(load.departments))?;
    for (number, month) in (1..).zip(months(load.months)) {
        let folder = folder.join("data").join(&month);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("issue.toml"), issue(number, &month, load)?)?;
        fs::write(folder.join("operations.xlsx"), operations(number, load.departments)?)?;
        fs::write(folder.join("assessment.xlsx"), assessment(number, load.departments)?)?;
    }
    Ok(())
}

/// Waits until the disk holds all files of a folder. Otherwise what is measured next, and waits for the
/// disk too, waits for these.
#[allow(dead_code, reason = "not every user of this module measures")]
pub fn settle(folder: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            settle(&entry.path())?;
        } else if let Ok(file) = fs::File::options().append(true).open(entry.path()) {
            file.sync_all()?;
        }
    }
    Ok(())
}

fn department(index: u32) -> String {
    format!("第{}部门", index + 1)
}

fn register(departments: u32) -> String {
    let entries = (0..departments).map(|index| format!("[[department]]\nname = \"{}\"\n", department(index)));
    entries.collect::<Vec<_>>().join("\n")
}

/// A department's figure in an issue: about the same in every month, so that no check remarks on it.
fn steady_figure(issue: u32, row: u32, column: u32, bound: u64) -> u64 {
    let usual = bound / 2 + figure(0, row, column, bound / 2);
    usual - usual / 10 + figure(issue, row, column, usual / 5 + 1)
}

fn operations(issue: u32, departments: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let upper = ["序号", "部门", "全程网办件（件）", "", "综窗办件（件）", "", "现场邮寄量（件）"];
    let lower = ["", "", "受理量", "办结量", "受理量", "出件量", ""];
    write_row(sheet, 0, &["运行情况统计表"])?;
    write_row(sheet, 1, &upper)?;
    write_row(sheet, 2, &lower)?;
    for (first_row, first_column, last_row, last_column) in
        [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)]
    {
        let text = upper[usize::from(first_column)];
        let format = rust_xlsxwriter::Format::new();
        sheet.merge_range(first_row, first_column, last_row, last_column, text, &format)?;
    }
    for index in 0..departments {
        let row = index + 3;
        sheet.write(row, 0, index + 1)?;
        sheet.write(row, 1, department(index))?;
        for column in 2..7 {
            sheet.write(row, column, steady_figure(issue, index, column.into(), 20_000) as u32)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn assessment(issue: u32, departments: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headers = [
        "部门窗口",
        "窗口建设得分分值",
        "窗口重点任务推进得分分值",
        "窗口重点任务推进得分分值（第二栏）",
        "加分分值",
    ];
    write_row(sheet, 0, &headers)?;
    for index in 0..departments {
        sheet.write(index + 1, 0, department(index))?;
        for column in 1..5 {
            let hundredths = steady_figure(issue, index, 10 + u32::from(column), 2_500);
            sheet.write(index + 1, column, hundredths as f64 / 100.0)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), Box<dyn Error>> {
    for (column, text) in (0..).zip(cells) {
        if !text.is_empty() {
            sheet.write(row, column, *text)?;
        }
    }
    Ok(())
}

/// Sentences with figures in them; {} is a department.
const SENTENCES: [&str; 6] = [
    "{}窗口本月受理全程网办件{{ operations[\"{}\"].online_accepted }}，办结{{ operations[\"{}\"].online_completed }}，群众等候的时间继续缩短。",
    "{}逐项梳理办事指南，删去重复的材料，把容易填错的栏目改成勾选，窗口人员当面帮助填写。",
    "综合窗口收到{}转来的申请{{ operations[\"{}\"].counter_accepted }}，按时送出{{ operations[\"{}\"].counter_issued }}，没有一件超过承诺的期限。",
    "大厅设置了帮办席位，由{}的工作人员轮流值守，为老年人和残疾人提供上门、预约、延时服务。",
    "{}考核得分{{ assessment[\"{}\"].score }}，在各部门中名列第{{ assessment[\"{}\"].rank }}，主要得益于事项标准的统一。",
    "针对上月巡查发现的问题，{}制定了整改清单，逐条销号，现场邮寄证照{{ operations[\"{}\"].mailed }}。",
];

/// A page holds about this many characters (22 lines of 28).
const PAGE: usize = 616;

fn issue(number: u32, month: &str, load: Load) -> Result<String, Box<dyn Error>> {
    let mut text = format!("number = {number}\ndate = {month}-28\n\n[[section]]\ntitle = \"总体运行情况\"\n");
    text.push_str("text = \"全月受理办件{{ figures.handled | wan }}，其中全程网办{{ operations.total.online_accepted | wan }}。\"\n");
    let mut written = 0;
    let mut item = 0;
    while written < PAGE * load.pages as usize {
        if item % 8 == 0 {
            write!(text, "\n[[section]]\ntitle = \"工作动态第{}组\"\n", item / 8 + 1)?;
        }
        let name = department(figure(number, item, 90, load.departments.into()) as u32);
        write!(text, "\n[[section.item]]\nheading = \"{name}推进第{}项工作\"\ntext = '''\n", item + 1)?;
        for sentence in 0..4 {
            let chosen = figure(number, item, 100 + sentence, SENTENCES.len() as u64) as usize;
            let sentence = SENTENCES[chosen].replace("{}", &name);
            text.push_str(&sentence);
            // An expression prints a few characters.
            written += 45;
        }
        written += 60;
        text.push_str("\n'''\n");
        item += 1;
    }
    Ok(text)
}
