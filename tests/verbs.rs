//! `figures`, `explain`, `fonts`, and the options of every verb: `-C`, `-q`, `--deny-warnings`, `--open`.

use serde_json::{Value, json};

use crate::harness::{Bulletin, Run, run_in};

/// A figure without its places on the pages, which are held against the pages elsewhere.
fn figure(json: &Value, id: &str) -> Value {
    let mut figures = json["figures"].as_array().unwrap().iter();
    let figure = figures.find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("{id} in {json}"));
    let mut figure = figure.clone();
    assert!(figure.as_object_mut().unwrap().remove("positions").unwrap().is_array());
    figure
}

#[test]
fn figures_traces_every_number_to_its_origin() {
    let json = Bulletin::new().run(&["figures", "2025-07", "--format", "json"]).done().json();
    assert_eq!(json["month"], "2025-07");
    assert_eq!(
        figure(&json, "operations[\"市公安局\"].accepted"),
        json!({
            "id": "operations[\"市公安局\"].accepted", "value": "20337", "unit": "件", "shown": ["20337"],
            "origin": {"kind": "cell", "file": "data/2025-07/operations.xlsx", "sheet": "办件", "cell": "C4", "raw": "20337"},
        })
    );
    assert_eq!(
        figure(&json, "operations[\"市民政局\"].mailed"),
        json!({
            "id": "operations[\"市民政局\"].mailed", "value": null, "unit": "件", "shown": ["/"],
            "origin": {"kind": "cell", "file": "data/2025-07/operations.xlsx", "sheet": "办件", "cell": "E5", "raw": "/"},
        })
    );
    assert_eq!(
        figure(&json, "values.calls"),
        json!({
            "id": "values.calls", "value": "356", "unit": "人次", "shown": ["356人次"],
            "origin": {"kind": "entry", "file": "data/2025-07/issue.toml", "line": 5, "column": 9, "source": "咨询台登记表"},
        })
    );
    assert_eq!(
        figure(&json, "assessment[\"市民政局\"].rank"),
        json!({
            "id": "assessment[\"市民政局\"].rank", "value": "1", "unit": null, "shown": ["1"],
            "origin": {"kind": "operation", "operation": "rank", "operands": ["assessment[\"市民政局\"].score"]},
        })
    );
    let total = figure(&json, "operations.total.accepted");
    assert_eq!((&total["value"], &total["shown"]), (&json!("22883"), &json!(["22883", "2.29万件"])));
    assert_eq!(total["origin"]["operands"].as_array().unwrap().len(), 4);
    assert_eq!(figure(&json, "figures.handled")["value"], "22939");
    let figures = json["figures"].as_array().unwrap();
    let total = figures.iter().find(|figure| figure["id"] == "operations.total.accepted").unwrap();
    assert_eq!(
        total["positions"],
        json!([
            {"page": 1, "x_mm": "113.61", "y_mm": "156.83", "shown": "2.29万件"},
            {"page": 3, "x_mm": "122.38", "y_mm": "134.93", "shown": "22883"},
        ])
    );
    assert_eq!(
        total["rounding"],
        json!([{"shown": "2.29万件", "exact": "2.2883", "is_rounded": true, "power": 4}])
    );
}

#[test]
fn the_written_trail_is_what_figures_prints() {
    let bulletin = Bulletin::new();
    bulletin.build().is_clean();
    let written: Value = serde_json::from_slice(&bulletin.bytes("output/2025-07.figures.json")).unwrap();
    assert_eq!(written, bulletin.run(&["figures", "2025-07", "--format", "json"]).json());
}

#[test]
fn figures_prints_a_table_for_people() {
    let outcome = Bulletin::new().run(&["figures", "2025-07"]).done();
    assert_eq!(outcome.stderr, "");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("名称") && lines[0].ends_with("来源"), "{}", lines[0]);
    let row = |id: &str| {
        let line =
            lines.iter().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("{}", outcome.stdout));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        row("operations[\"市公安局\"].accepted"),
        "operations[\"市公安局\"].accepted 20337件 20337（第 3 页） data/2025-07/operations.xlsx 办件!C4"
    );
    assert_eq!(
        row("operations.total.accepted"),
        "operations.total.accepted 22883件 22883（第 3 页）、2.29万件（第 1 页） 4 个数相加"
    );
    assert_eq!(
        row("values.calls"),
        "values.calls 356人次 356人次（第 1 页） data/2025-07/issue.toml 第 5 行，手工录入：咨询台登记表"
    );
}

#[test]
fn figures_of_a_faulty_month_tells_the_faults() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "约八百");
    let outcome = bulletin.run(&["figures", "2025-07"]).ending_with(1);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.contains("Y0203"), "{}", outcome.stderr);
}

#[test]
fn figures_takes_one_month_and_no_range() {
    let told = Bulletin::new().run(&["figures", "2025-05..2025-07"]).ending_with(2).stderr;
    assert!(told.contains("只能写一个月"), "{told}");
}

#[test]
fn explain_tells_meaning_and_remedy_of_a_code() {
    let outcome = run_in(&std::env::temp_dir(), &["explain", "y0203"]).done();
    insta::assert_snapshot!(outcome.stdout, @r"
    Y0203 这里应为数字（错误：不改正就不能生成）

    数字列里出现了看不懂的文字、日期或逻辑值。程序不猜测它的意思。

    怎么办：改填数字；没有此项业务填“/”，数量为零填 0。显示成日期的，先把单元格格式改成“数值”。
    ");
    let told = run_in(&std::env::temp_dir(), &["explain", "Y0230x"]).ending_with(2).stderr;
    insta::assert_snapshot!(told, @r"
    错误 没有 Y0230x 这个代码
      → 是不是 Y0230？
    ");
}

#[test]
fn explain_of_a_month_asks_for_the_figure() {
    let told = run_in(&std::env::temp_dir(), &["explain", "2025-01"]).ending_with(2).stderr;
    insta::assert_snapshot!(told, @r"
    错误 没有写明要查哪一个数
      → 写成 yuebao explain 2025-01 数字的名称；全部名称可用 yuebao figures 2025-01 列出
    ");
}

#[test]
fn fonts_lists_the_roles_and_what_serves_them() {
    let bulletin = Bulletin::new().with_edit(
        "yuebao.toml",
        "[fonts.title]",
        "[fonts.title]\npreferred = [\"方正小标宋简体\"]\nweight = 700",
    );
    let outcome = bulletin.run(&["fonts"]).done();
    insta::assert_snapshot!(outcome.stdout, @r"
    title  标题（小标宋）  字重 700
        方正小标宋简体：未启用（system = false）
        Noto Serif SC：使用
    heading  一级标题、表头（黑体）  字重 400
        Noto Sans SC：使用
        Noto Serif SC：使用
    subheading  二级标题（楷体）  字重 400
        FandolKai：使用
        Noto Serif SC：使用
    body  正文（仿宋）  字重 400
        FandolFang R：使用
        Noto Serif SC：使用
    table  表格、页码（宋体）  字重 400
        Noto Serif SC：使用
    fonts 文件夹里没有用到的字体
        Liberation Serif：fonts/LiberationSerif-Regular.ttf
        Yuebao Kai Supplement：fonts/YuebaoKaiSupplement-Light.ttf
    ");
    let json = bulletin.run(&["fonts", "--format", "json"]).done().json();
    assert_eq!(
        json["roles"][0]["families"],
        json!([
            {"name": "方正小标宋简体", "found": false, "preferred": true},
            {"name": "Noto Serif SC", "found": true, "preferred": false},
        ])
    );
    assert_eq!(
        json["unused"][0],
        json!({"name": "Liberation Serif", "files": ["fonts/LiberationSerif-Regular.ttf"]})
    );
    let missing =
        bulletin.with_edit("yuebao.toml", "[\"FandolKai\"", "[\"楷体\"").run(&["fonts"]).ending_with(1);
    assert!(missing.stdout.contains("楷体：缺少"), "{}", missing.stdout);
    assert!(missing.stderr.contains("Y0605"), "{}", missing.stderr);
}

#[test]
fn the_project_is_found_upwards_or_named() {
    let bulletin = Bulletin::in_folder("政务 月报");
    run_in(&bulletin.path("data/2025-07"), &["check"]).done();
    run_in(bulletin.root().parent().unwrap(), &["-C", "政务 月报", "check"]).done();
    run_in(bulletin.root().parent().unwrap(), &["check", "--directory", "政务 月报/data"]).done();
    let told = run_in(bulletin.root().parent().unwrap(), &["check"]).ending_with(2).stderr;
    assert!(told.contains("找不到 yuebao.toml") && told.contains("yuebao init"), "{told}");
    let told = bulletin.run(&["-C", "没有这里", "check"]).ending_with(2).stderr;
    assert!(told.contains("没有这里"), "{told}");
}

#[test]
fn quiet_tells_errors_only() {
    let warned = Bulletin::new().with_cell("operations", "C5", "864件");
    let outcome = warned.run(&["-q", "check"]).done();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    let loud = warned.run(&["check"]).done();
    assert!(
        loud.stderr.contains("提醒 Y0211") && loud.stderr.contains("检查通过（1 处提醒）"),
        "{}",
        loud.stderr
    );

    let told = warned.with_cell("operations", "D5", "八百").run(&["check", "--quiet"]).ending_with(1).stderr;
    assert!(told.contains("Y0203") && !told.contains("Y0211"), "{told}");
}

/// Where a program that opens PDFs is looked for: one that notes what it is to open.
#[cfg(target_os = "linux")]
fn with_opener(run: Run, folder: &std::path::Path) -> Run {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" >> '{}'\n", folder.join("opened").display());
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    run.env("PATH", &format!("{}:/usr/bin:/bin", folder.display()))
}

#[cfg(target_os = "linux")]
#[test]
fn of_several_months_the_last_is_opened_and_none_in_a_dry_run() {
    let bulletin = Bulletin::new().with_month("2025-05").with_month("2025-06");
    let opened = |words: &[&str]| {
        let opener = tempfile::tempdir().unwrap();
        with_opener(Run::new(bulletin.root(), words), opener.path()).outcome().done();
        let begun = std::time::Instant::now();
        let wait = if words.contains(&"--dry-run") { 1 } else { 20 };
        while !opener.path().join("opened").exists() && begun.elapsed().as_secs() < wait {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        // A second one would come soon after the first.
        std::thread::sleep(std::time::Duration::from_millis(200));
        let names = std::fs::read_to_string(opener.path().join("opened")).unwrap_or_default();
        names.lines().map(|name| name.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(opened(&["build", "--all", "--open"]), ["2025-07.pdf"]);
    assert_eq!(opened(&["build", "2025-05", "2025-06", "--open"]), ["2025-06.pdf"], "unchanged ones too");
    assert_eq!(opened(&["build", "--all", "--open", "--dry-run"]), [""; 0]);
}

#[test]
fn a_warning_about_the_bulletin_fails_every_month_where_warnings_are_denied() {
    let bulletin = Bulletin::new().with_month("2025-06").with_file("data/2025-8/issue.toml", "");
    bulletin.run(&["build", "2025-07"]).done();
    let actions = |words: &[&str]| {
        let words = [words, &["--all", "--deny-warnings", "--format", "json"]].concat();
        let json = bulletin.run(&words).ending_with(1).json();
        let month = |month: &Value| format!("{} {}", month["status"], month["action"]).replace('"', "");
        json["months"].as_array().unwrap().iter().map(month).collect::<Vec<_>>()
    };
    assert_eq!(actions(&["check"]), ["error check", "error check"]);
    assert_eq!(actions(&["build"]), ["error fail", "error fail"]);
    assert_eq!(actions(&["build", "--dry-run"]), ["error would_build", "error fail"]);
    let told = bulletin.run(&["build", "--all", "--deny-warnings", "--dry-run"]).ending_with(1).stderr;
    assert!(told.contains("2025-06 需要生成：还没有生成过；但要求不得有提醒，不会生成\n"), "{told}");
}

#[test]
fn warnings_may_be_denied() {
    let clean = Bulletin::new();
    clean.run(&["check", "--deny-warnings"]).done();
    let warned = clean.with_cell("operations", "C5", "864件");
    warned.run(&["check"]).done();
    let told = warned.run(&["check", "--deny-warnings"]).ending_with(1).stderr;
    assert!(told.contains("提醒 Y0211") && told.contains("要求不得有提醒"), "{told}");
    // Whoever asks for silence still learns why it failed.
    let quiet = warned.run(&["check", "--deny-warnings", "-q"]).ending_with(1).stderr;
    assert!(quiet.contains("要求不得有提醒"), "{quiet}");
}

#[test]
fn a_figure_is_explained_down_to_its_cells() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件");
    let told = bulletin.run(&["explain", "2025-07", "figures.handled"]).ending_with(0).stdout;
    insta::assert_snapshot!(told, @r#"
    figures.handled = 22939件，印作 22939件（第 1 页）  ← operations.total.accepted + operations.total.mailed
    ├─ operations.total.accepted = 22883件，印作 22883（第 3 页）、2.29万件（第 1 页）  ← 4 个数相加
    │     2.29万件：22883 ÷ 10000 = 2.2883，四舍五入
    │  ├─ operations["市公安局"].accepted = 20337件，印作 20337（第 3 页）  ← data/2025-07/operations.xlsx 办件!C4
    │  ├─ operations["市民政局"].accepted = 864件，印作 864（第 3 页）  ← data/2025-07/operations.xlsx 办件!C5
    │  │     单元格里写的是“864件”
    │  ├─ operations["市司法局"].accepted = 402件，印作 402（第 3 页）  ← data/2025-07/operations.xlsx 办件!C6
    │  └─ operations["市教育局"].accepted = 1280件，印作 1280（第 3 页）  ← data/2025-07/operations.xlsx 办件!C7
    └─ operations.total.mailed = 56件，印作 56（第 3 页）  ← 3 个数相加（另 1 个没有数）
       ├─ operations["市公安局"].mailed = 15件，印作 15（第 3 页）  ← data/2025-07/operations.xlsx 办件!E4
       ├─ operations["市民政局"].mailed = /，印作 /（第 3 页）  ← data/2025-07/operations.xlsx 办件!E5
       ├─ operations["市司法局"].mailed = 25件，印作 25（第 3 页）  ← data/2025-07/operations.xlsx 办件!E6
       └─ operations["市教育局"].mailed = 16件，印作 16（第 3 页）  ← data/2025-07/operations.xlsx 办件!E7
    "#);
    // The same figure by the form in which it is printed, with its unit or without.
    for form in ["22939件", "22939", "２２９３９件"] {
        assert_eq!(bulletin.run(&["explain", "2025-07", form]).ending_with(0).stdout, told, "{form}");
    }
    let json = bulletin.run(&["--format", "json", "explain", "2025-07", "figures.handled"]).json();
    let cell = &json["figures"][0]["operands"][0]["operands"][1];
    assert_eq!(
        (cell["origin"]["cell"].as_str(), cell["origin"]["raw"].as_str()),
        (Some("C5"), Some("864件"))
    );
    let told = bulletin.run(&["explain", "2025-07", "figures.handlet"]).ending_with(2).stderr;
    assert!(told.contains("是不是 figures.handled？"), "{told}");
}
