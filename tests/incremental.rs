//! A month is built again if, and only if, something changed that its bytes depend on.

use std::fs;

use crate::harness::{Bulletin, MONTH, OUTPUTS, date};

const RECORD: &str = "output/.state/2025-07.json";

/// What a dry run says of the month.
#[track_caller]
fn told(bulletin: &Bulletin) -> String {
    bulletin.run(&["build", MONTH, "--dry-run"]).done().stderr.trim_end().to_owned()
}

const UNCHANGED: &str = "2025-07 没有变化，不用重新生成";

#[test]
fn nothing_is_written_when_nothing_changed() {
    let bulletin = Bulletin::built();
    let before = bulletin.outputs();
    let written = |name: &str| fs::metadata(bulletin.path(name)).unwrap().modified().unwrap();
    let times: Vec<_> = ["output/2025-07.pdf", RECORD].map(written).into();
    insta::assert_snapshot!(bulletin.run(&["build", MONTH]).done().stderr, @"2025-07 没有变化，不用重新生成");
    assert!(bulletin.outputs() == before);
    assert_eq!(["output/2025-07.pdf", RECORD].map(written).to_vec(), times);
    let json = bulletin.run(&["build", MONTH, "--format", "json"]).done().json();
    assert_eq!(json["months"][0]["action"], "skip");
    assert_eq!(json["months"][0]["output"], "output/2025-07.pdf");
}

#[test]
fn time_stamps_say_nothing() {
    let bulletin = Bulletin::built();
    let name = "data/2025-07/operations.xlsx";
    let content = bulletin.bytes(name);
    let bulletin = bulletin.with_file(name, &content).with_file("yuebao.toml", bulletin_settings());
    assert_eq!(told(&bulletin), UNCHANGED);
    // The other way round: another content, as long as the former, under the former time.
    let path = bulletin.path("data/2025-07/issue.toml");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(told(&bulletin), "2025-07 需要生成：data/2025-07/issue.toml 有改动");
}

#[test]
fn what_other_programs_leave_beside_templates_and_fonts_is_no_change() {
    let bulletin = Bulletin::built()
        .with_file("templates/bulletin/lib.typ~", "旧的")
        .with_file("templates/bulletin/~$lib.typ", "")
        .with_file("fonts/Thumbs.db", "x");
    assert_eq!(told(&bulletin), UNCHANGED);
}

fn bulletin_settings() -> &'static str {
    include_str!("harness/project/yuebao.toml")
}

#[test]
fn each_thing_that_a_month_depends_on_is_noticed_and_named() {
    let bulletin = Bulletin::built();
    let mut reasons = vec![told(&bulletin)];
    let bulletin = bulletin.with_changed("operations", |table| table.with("D5", 872).with("D8", 25527));
    reasons.push(told(&bulletin));
    let bulletin = bulletin.with_addition("data/departments.toml", "# 新\n");
    reasons.push(told(&bulletin));
    let bulletin = bulletin.with_addition("yuebao.toml", "# 新\n");
    reasons.push(told(&bulletin));
    bulletin.build().is_clean();
    let bulletin = bulletin.with_addition("templates/bulletin/lib.typ", "// new\n");
    reasons.push(told(&bulletin));
    let bulletin = bulletin.with_file("templates/shared/note.typ", "// new\n");
    reasons.push(told(&bulletin));
    bulletin.build().is_clean();
    let font = bulletin.bytes("fonts/LiberationSerif-Regular.ttf");
    let bulletin = bulletin.with_file("fonts/新字体.ttf", font);
    reasons.push(told(&bulletin));
    bulletin.build().is_clean();
    let bulletin = bulletin.without_file("fonts/新字体.ttf");
    reasons.push(told(&bulletin));
    bulletin.build().is_clean();
    let bulletin = bulletin.with_file("data/2025-07/另一张.xlsx", "");
    reasons.push(told(&bulletin));
    bulletin.build().is_clean();
    // What is no part of the bulletin changes nothing: a lock file, a note, a later month.
    let bulletin = bulletin
        .with_file("data/2025-07/~$operations.xlsx", "")
        .with_file("data/2025-07/说明.docx", "")
        .with_file("fonts/说明.md", "")
        .with_month("2025-08");
    reasons.push(told(&bulletin));
    // The month before is looked back at.
    let bulletin = bulletin.with_month("2025-06");
    reasons.push(told(&bulletin));
    insta::assert_snapshot!(reasons.join("\n"), @r"
    2025-07 没有变化，不用重新生成
    2025-07 需要生成：data/2025-07/operations.xlsx 有改动
    2025-07 需要生成：data/2025-07/operations.xlsx 有改动；data/departments.toml 有改动
    2025-07 需要生成：data/2025-07/operations.xlsx 有改动；data/departments.toml 有改动；yuebao.toml 有改动
    2025-07 需要生成：templates/bulletin/lib.typ 有改动
    2025-07 需要生成：templates/bulletin/lib.typ 有改动；新增了 templates/shared/note.typ
    2025-07 需要生成：新增了 fonts/新字体.ttf
    2025-07 需要生成：fonts/新字体.ttf 没有了
    2025-07 需要生成：data/2025-07 里的文件有增减
    2025-07 没有变化，不用重新生成
    2025-07 需要生成：data/2025-06 里的文件有增减；新增了 data/2025-06/assessment.xlsx；新增了 data/2025-06/issue.toml，等 4 处
    ");
}

#[test]
fn a_changed_picture_is_noticed() {
    let svg = |colour: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='{colour}'/></svg>"
        )
    };
    let bulletin = Bulletin::new().with_file("data/2025-07/图.svg", svg("red")).with_addition(
        "data/2025-07/issue.toml",
        "picture = { file = \"图.svg\", description = \"方块\" }\n",
    );
    bulletin.build().is_clean();
    assert_eq!(told(&bulletin), UNCHANGED);
    let bulletin = bulletin.with_file("data/2025-07/图.svg", svg("blue"));
    assert_eq!(told(&bulletin), "2025-07 需要生成：data/2025-07/图.svg 有改动");
}

#[test]
fn the_outputs_themselves_are_looked_at() {
    for extension in OUTPUTS {
        let name = format!("output/{MONTH}.{extension}");
        let name = name.as_str();
        let bulletin = Bulletin::built();
        let good = bulletin.outputs();
        let bulletin = bulletin.with_file(name, "别的内容");
        assert_eq!(told(&bulletin), format!("2025-07 需要生成：{name} 在生成以后被改动"));
        let bulletin = bulletin.without_file(name);
        assert_eq!(told(&bulletin), format!("2025-07 需要生成：{name} 不见了"));
        bulletin.build().is_clean();
        assert!(bulletin.outputs() == good, "{name} is made good");
    }
}

#[test]
fn a_record_that_is_of_no_use_only_costs_a_build() {
    let mut bulletin = Bulletin::built();
    let whole = bulletin.text(RECORD);
    let half = whole[..whole.len() / 2].to_owned();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(whole.contains(&version) && whole.contains("\"format\": 1"));
    let other_version = whole.replace(&version, "\"version\": \"0.0.9\"");
    let mut sources = whole.split("\"sources\": \"");
    let former = sources.nth(1).unwrap()[..16].to_owned();
    let mut told_of_each = Vec::new();
    for record in [
        String::new(),
        half,
        "{\"format\": 1}".to_owned(),
        whole.replace("\"format\": 1", "\"format\": 2"),
        other_version,
        whole.replace(&former, "0123456789abcdef"),
    ] {
        bulletin = bulletin.with_file(RECORD, record);
        told_of_each.push(told(&bulletin));
        assert_eq!(bulletin.run(&["build"]).done().stderr, "2025-07 已生成 output/2025-07.pdf\n");
        assert_eq!(told(&bulletin), UNCHANGED);
    }
    insta::assert_snapshot!(told_of_each.join("\n"), @r"
    2025-07 需要生成：生成记录已损坏
    2025-07 需要生成：生成记录已损坏
    2025-07 需要生成：生成记录已损坏
    2025-07 需要生成：生成记录是更新版本的程序写的
    2025-07 需要生成：程序由 0.0.9 版换成了 0.1.0 版
    2025-07 需要生成：程序不是原来的那一个（版本号相同）
    ");
}

#[test]
fn what_is_asked_for_is_built_though_nothing_changed() {
    let bulletin = Bulletin::built();
    let good = bulletin.outputs();
    let json = bulletin.run(&["build", "--force", "--format", "json"]).done().json();
    assert_eq!(json["months"][0]["action"], "build");
    assert_eq!(json["months"][0]["reasons"][0]["kind"], "forced");
    assert!(bulletin.outputs() == good);
}

#[test]
fn remarks_are_told_again_when_a_month_is_skipped() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件");
    let first = bulletin.run(&["build"]).done().stderr;
    let second = bulletin.run(&["build"]).done().stderr;
    insta::assert_snapshot!(second, @r"
    提醒 Y0211 “864件”是文本，按数字 864 读取
      位置：data/2025-07/operations.xlsx 办件!C5
      这一行：序号：2 ｜ 部门：市民政局 ｜ 【C 办件（件）/受理量：864件】 ｜ 办件（件）/办结量：871 ｜ 邮寄量（件）：/
      → 请核对读得对不对；最好只填数字
    2025-07 没有变化，不用重新生成（1 处提醒）
    ");
    assert_eq!(first.replace("已生成 output/2025-07.pdf", "没有变化，不用重新生成"), second);
    // A month with remarks does not pass where none are allowed, be it new or not.
    bulletin.run(&["build", "--deny-warnings"]).ending_with(1);
}

#[test]
fn old_remarks_are_not_told_again_among_other_months_or_where_nothing_is_built() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件").with_month("2025-06");
    let first = bulletin.run(&["build", "--all"]).done().stderr;
    assert_eq!(first.matches("提醒 Y0211").count(), 2, "{first}");
    let bulletin = bulletin.with_edit("data/2025-07/issue.toml", "number = 7", "number = 8");
    insta::assert_snapshot!(bulletin.run(&["build", "--all", "--dry-run"]).done().stderr, @r"
    2025-06 没有变化，不用重新生成（1 处提醒，可用 yuebao check 2025-06 查看）
    2025-07 需要生成：data/2025-07/issue.toml 有改动
    共 2 个月：需要生成 1 个，没有变化 1 个
    ");
    insta::assert_snapshot!(bulletin.run(&["build", "2025-06", "--dry-run"]).done().stderr, @"2025-06 没有变化，不用重新生成（1 处提醒，可用 yuebao check 2025-06 查看）");
    let second = bulletin.run(&["build", "--all"]).done().stderr;
    assert_eq!(second.matches("提醒 Y0211").count(), 1, "{second}");
    // Programs are told all of it, and where no remarks are allowed the month does not pass.
    let json = bulletin.run(&["build", "--all", "--dry-run", "--format", "json"]).done().json();
    assert_eq!(json["months"][0]["diagnostics"][0]["code"], "Y0211");
    let denied = bulletin.run(&["build", "--all", "--deny-warnings"]).ending_with(1).stderr;
    assert_eq!(denied.matches("提醒 Y0211").count(), 2, "{denied}");
}

#[test]
fn a_failed_month_fails_again_and_is_built_once_it_is_mended() {
    let bulletin = Bulletin::built();
    let good = bulletin.outputs();
    let bulletin = bulletin.with_cell("operations", "C5", date(2025, 7, 1));
    for _ in 0..2 {
        bulletin.run(&["build"]).ending_with(1);
    }
    assert!(bulletin.outputs() == good);
    let bulletin = bulletin.with_cell("operations", "C5", 864);
    bulletin.run(&["build"]).done();
    assert!(bulletin.outputs() == good);
}

#[test]
fn a_missing_workbook_is_an_error_though_the_outputs_are_there() {
    let bulletin = Bulletin::built().without_file("data/2025-07/operations.xlsx");
    for words in [&["build", "--format", "json"][..], &["build", "--dry-run", "--format", "json"]] {
        assert_eq!(bulletin.run(words).ending_with(1).answer().findings(), ["Y0107 data/2025-07"]);
    }
    let last_line =
        |words: &[&str]| bulletin.run(words).ending_with(1).stderr.lines().last().map(str::to_owned);
    assert_eq!(last_line(&["build"]).unwrap(), "2025-07 没有生成：有 1 处错误，请改正后再运行一次");
    let dry = last_line(&["build", "--dry-run"]).unwrap();
    assert_eq!(dry, "2025-07 检查未通过：有 1 处错误，请改正后再运行一次");
}

#[test]
fn only_the_month_that_changed_and_those_that_look_back_at_it_are_built() {
    let bulletin = Bulletin::new().with_month("2025-05").with_month("2025-06");
    bulletin.run(&["build", "--all"]).done();
    let bulletin = bulletin.with_edit("data/2025-06/issue.toml", "number = 6", "number = 16");
    insta::assert_snapshot!(bulletin.run(&["build", "--all"]).done().stderr, @r"
    2025-05 没有变化，不用重新生成
    2025-06 已生成 output/2025-06.pdf
    2025-07 已生成 output/2025-07.pdf
    共 3 个月：生成 2 个，没有变化 1 个
    ");
    insta::assert_snapshot!(bulletin.run(&["build", "--all", "--dry-run"]).done().stderr, @r"
    2025-05 没有变化，不用重新生成
    2025-06 没有变化，不用重新生成
    2025-07 没有变化，不用重新生成
    共 3 个月：没有变化 3 个
    ");
}

#[test]
fn a_dry_run_writes_nothing() {
    let bulletin = Bulletin::new();
    assert_eq!(told(&bulletin), "2025-07 需要生成：还没有生成过");
    assert!(!bulletin.path("output").exists());
    let json = bulletin.run(&["build", "--dry-run", "--format", "json"]).done().json();
    assert_eq!(json["months"][0]["action"], "would_build");
    assert_eq!(
        json["months"][0]["reasons"],
        serde_json::json!([{"kind": "never_built", "file": null, "message": "还没有生成过"}])
    );
}
