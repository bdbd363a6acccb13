//! The command line's words: types only. What they do is in one file per verb.

use std::convert::Infallible;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::shard::ShardChoice;

/// How help is laid out, without English headings.
const HELP: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// 月报：由部门表格生成排好版的 PDF
#[derive(Debug, Parser)]
#[command(
    name = "yuebao",
    version,
    about = "月报：由各部门的表格生成排好版的 PDF",
    override_usage = "yuebao [选项] 命令",
    help_template = HELP,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "\n第一次使用：yuebao init 我的月报"
)]
pub struct Arguments {
    /// Options of every verb.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Options of every verb.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "通用选项")]
pub struct Common {
    /// 月报所在的文件夹（不写则从当前文件夹向上找）
    #[arg(short = 'C', long = "directory", value_name = "文件夹", global = true)]
    pub directory: Option<PathBuf>,
    /// 结果的形式：human（给人看）或 json（给程序用）
    #[arg(
        long,
        value_name = "形式",
        value_enum,
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true,
        global = true
    )]
    pub format: Format,
    /// 只显示错误
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// 显示帮助
    #[arg(short, long, action = clap::ArgAction::Help, global = true)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// The form in which results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Chinese sentences on standard error, data on standard output.
    Human,
    /// One JSON object on standard output.
    Json,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 新建一份月报，可以马上生成
    #[command(override_usage = "yuebao init [选项] [文件夹]", help_template = HELP, next_help_heading = "选项")]
    Init {
        /// 新月报的文件夹（不写则为当前文件夹）
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: Option<PathBuf>,
        /// 字体所在的文件夹（不写则用随程序附带的字体）
        #[arg(long, value_name = "文件夹")]
        fonts: Option<PathBuf>,
    },
    /// 按上一期新建一个月的文件夹：issue.toml 和空白表
    #[command(override_usage = "yuebao new [选项] 月份", help_template = HELP, next_help_heading = "选项")]
    New {
        /// 月份，如 2025-08
        #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
        month: String,
    },
    /// 检查数据和文字，不生成 PDF
    #[command(override_usage = "yuebao check [选项] [月份]…", help_template = HELP, next_help_heading = "选项")]
    Check {
        /// Which months.
        #[command(flatten)]
        selection: Selection,
        /// How the months are gone through.
        #[command(flatten)]
        batch: Batch,
        /// 有提醒时也算不通过
        #[arg(long)]
        deny_warnings: bool,
    },
    /// 生成 PDF
    #[command(override_usage = "yuebao build [选项] [月份]…", help_template = HELP, next_help_heading = "选项")]
    Build {
        /// Which months.
        #[command(flatten)]
        selection: Selection,
        /// How the months are gone through.
        #[command(flatten)]
        batch: Batch,
        /// 有提醒时不生成
        #[arg(long)]
        deny_warnings: bool,
        /// 生成后打开 PDF（有几个月的，只打开最后一个月的）
        #[arg(long)]
        open: bool,
        /// 没有变化也重新生成
        #[arg(long)]
        force: bool,
        /// 只说明哪些月份需要生成、为什么，不生成
        #[arg(long)]
        dry_run: bool,
    },
    /// 核对往期：重新生成一遍，与当时的记录逐字节比较，不改动文件
    #[command(override_usage = "yuebao verify [选项] [月份]…", help_template = HELP, next_help_heading = "选项")]
    Verify {
        /// Which months.
        #[command(flatten)]
        selection: Selection,
        /// How the months are gone through.
        #[command(flatten)]
        batch: Batch,
    },
    /// 列出一个月的全部数字
    #[command(override_usage = "yuebao figures [选项] 月份", help_template = HELP, next_help_heading = "选项")]
    Figures {
        /// 月份，如 2025-07
        #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
        month: String,
    },
    /// 说明一个检查代码；或说明一个数是怎么来的，直到单元格
    #[command(override_usage = "yuebao explain [选项] 代码\n      yuebao explain [选项] 月份 数字", help_template = HELP, next_help_heading = "选项")]
    Explain {
        /// 检查代码，如 Y0203；或月份，如 2025-07
        #[arg(value_name = "代码或月份", help_heading = "参数", value_parser = trimmed)]
        code_or_month: String,
        /// 数字的名称，如 figures.handled；或印出的样子，如 5.71万件
        #[arg(value_name = "数字", help_heading = "参数", allow_hyphen_values = true)]
        figure: Option<String>,
    },
    /// 列出各种用途的字体
    #[command(override_usage = "yuebao fonts [选项]", help_template = HELP, next_help_heading = "选项")]
    Fonts,
    /// 生成发给各部门填报的空白表
    #[command(override_usage = "yuebao forms [选项] 月份", help_template = HELP, next_help_heading = "选项")]
    Forms {
        /// 月份，如 2025-08
        #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
        month: String,
        /// 另做一份全部部门在一起的
        #[arg(long)]
        combined: bool,
    },
    /// 收各部门的答复：认部门、检查、并入当月的数据
    #[command(override_usage = "yuebao collect [选项] 月份 文件、文件夹或压缩包…", help_template = HELP, next_help_heading = "选项")]
    Collect {
        /// 月份，如 2025-08
        #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
        month: String,
        /// 答复的文件、文件夹或 zip 压缩包，文件名不限
        #[arg(value_name = "文件", required = true, help_heading = "参数")]
        paths: Vec<PathBuf>,
    },
    /// 哪些部门报了，哪些没报，哪些要更正
    #[command(override_usage = "yuebao status [选项] 月份", help_template = HELP, next_help_heading = "选项")]
    Status {
        /// 月份，如 2025-08
        #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
        month: String,
        /// 只给出催报的文字，可以直接粘贴
        #[arg(long)]
        message: bool,
    },
    /// Reads one workbook in a process of its own; used by the program itself.
    #[command(hide = true)]
    ReadWorkbook,
}

/// Which months to work on.
#[derive(Debug, Clone, Args)]
pub struct Selection {
    /// 月份，如 2025-07；一段时间，如 2025-01..2025-07（不写则为最近一个月）
    #[arg(value_name = "月份", help_heading = "参数", value_parser = trimmed)]
    pub months: Vec<String>,
    /// 全部月份
    #[arg(long, conflicts_with = "months")]
    pub all: bool,
}

/// How many months are gone through.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "选项")]
pub struct Batch {
    /// 同时用几个处理器核（不写则用全部）
    #[arg(short = 'j', long = "jobs", value_name = "个数", value_parser = parse_jobs)]
    jobs: Option<usize>,
    /// 只做其中一份，如 3/16；auto 由 Slurm、Kubernetes 给出是第几份
    #[arg(long, value_name = "份")]
    pub shard: Option<ShardChoice>,
    /// 逐月报告进度（--format json 时写到标准错误，一行一个对象）
    #[arg(long)]
    pub progress: bool,
}

impl Batch {
    /// How many cores are to be used.
    pub fn cores(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.unwrap_or_else(all)
    }
}

/// A word without the white space that scripts and copying leave at its ends.
fn trimmed(text: &str) -> Result<String, Infallible> {
    Ok(text.trim().to_owned())
}

fn parse_jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| (1..=512).contains(jobs)).ok_or_else(|| "写 1 到 512 的整数".to_owned())
}
