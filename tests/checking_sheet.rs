//! The checking sheet (核对表): what an editor signs an issue off on.

use crate::harness::{Bulletin, MONTH};

const SHEET: &str = "output/2025-07.checks.html";

/// The sheet as a reader sees it: a line for each row, cells apart by bars.
fn read(bulletin: &Bulletin) -> String {
    let html = bulletin.text(SHEET);
    let body = &html[html.find("<body>").unwrap()..];
    let mut text = body.replace("</td><td", " | </td><td").replace("</th><th", " | </th><th");
    while let Some(begin) = text.find('<') {
        let end = text[begin..].find('>').unwrap();
        text.replace_range(begin..=begin + end, "");
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x2f;", "/");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn with_check() -> Bulletin {
    let check = "\n[[check]]\nname = \"completed\"\ntable = \"operations\"\nformula = \"completed <= accepted\"\n\
                 message = \"“{{ department }}”办结多于受理\"\n";
    Bulletin::new().with_addition("yuebao.toml", check)
}

#[test]
fn it_tells_figures_checks_acknowledgements_warnings_and_sources() {
    let acknowledgement =
        "\n[[acknowledge]]\ncheck = \"completed\"\ndepartment = \"市公安局\"\nreason = \"含上月受理的件\"\n";
    let bulletin = with_check().with_addition("data/2025-07/issue.toml", acknowledgement);
    bulletin.run(&["build", MONTH]).done();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+ \| [0-9a-f]{64}", "[size] | [hash]");
    settings.bind(|| {
        insta::assert_snapshot!(read(&bulletin), @r"
        《窗口月报》2025年第7期（7月）核对表
        出版日期 2025-08-05 · 没有错误，1 处提醒尚未确认，1 处已确认
        一、正文中的数和各表的合计
        名称 | 数值 | 印作 | 页 | 来源
        operations.total.accepted | 22883件 | 22883、2.29万件 | 1、3 | 办件（件） 受理量，4 个数相加
        operations.total.completed | 25526件 | 25526 | 3 | 办件（件） 办结量，4 个数相加
        operations.total.mailed | 56件 | 56 | 3 | 邮寄量（件），3 个数相加（另 1 个没有数）
        values.calls | 356人次 | 356人次 | 1 | data/2025-07/issue.toml 第 5 行，手工录入：咨询台登记表
        figures.handled | 22939件 | 22939件 | 1 | operations.total.accepted + operations.total.mailed
        二、做过的检查
        检查 | 内容 | 查了 | 无法判断 | 发现
        Y0411 completed | completed <= accepted | 4 | 0 | 2
        Y0423 | 部门忽然没有业务 | 8 | 8 | 0
        Y0421 | 与往月相差悬殊 | 18 | 18 | 0
        Y0424 | 像是把两位数字写颠倒了 | 18 | 18 | 0
        三、已确认的提醒
        提醒 | 位置 | 确认的理由
        Y0411 “市公安局”办结多于受理 | data/2025-07/operations.xlsx 办件!D4 | 含上月受理的件
        四、尚未确认的提醒
        提醒 | 位置
        Y0411 “市民政局”办结多于受理 | data/2025-07/operations.xlsx 办件!D5
        五、数据来源
        文件 | 字节 | BLAKE3 摘要
        data/2025-07/issue.toml | [size] | [hash]
        data/2025-07/assessment.xlsx | [size] | [hash]
        data/2025-07/operations.xlsx | [size] | [hash]
        编辑：核对：签发：日期：
        ")
    });
}

#[test]
fn the_hashes_are_those_of_the_files() {
    let bulletin = Bulletin::built();
    let sheet = bulletin.text(SHEET);
    for name in ["data/2025-07/issue.toml", "data/2025-07/operations.xlsx"] {
        let hash = blake3::hash(&bulletin.bytes(name)).to_hex().to_string();
        assert!(sheet.contains(&hash), "{name}");
    }
}

#[test]
fn what_the_files_say_cannot_become_markup() {
    let hostile = "title = \"<script>alert(1)</script>月报\"";
    let bulletin = Bulletin::new().with_edit("yuebao.toml", "title = \"窗口月报\"", hostile);
    bulletin.run(&["build", MONTH]).done();
    let sheet = bulletin.text(SHEET);
    assert!(!sheet.contains("<script"), "{sheet}");
    assert!(read(&bulletin).contains("《<script>alert(1)</script>月报》"));
}

#[test]
fn a_remark_that_comes_to_be_acknowledged_changes_the_sheet_and_not_the_pages() {
    let bulletin = with_check();
    bulletin.run(&["build", MONTH]).done();
    assert!(read(&bulletin).contains("没有错误，2 处提醒尚未确认"));
    let pages = bulletin.bytes("output/2025-07.typ");
    let acknowledgement =
        "\n[[acknowledge]]\ncheck = \"completed\"\ncount = 2\nreason = \"含上月受理的件\"\n";
    let bulletin = bulletin.with_addition("data/2025-07/issue.toml", acknowledgement);
    bulletin.run(&["build", MONTH]).done();
    assert!(read(&bulletin).contains("没有错误，2 处提醒均已确认"));
    assert!(bulletin.bytes("output/2025-07.typ") == pages);
}
