//! Which months a command works on, and how one failed month leaves the others alone.

use crate::harness::Bulletin;

fn year() -> Bulletin {
    Bulletin::new().with_month("2025-05").with_month("2025-06")
}

/// The months that were worked on, with their status.
fn statuses(bulletin: &Bulletin, words: &[&str]) -> Vec<String> {
    let json = bulletin.run(&[&["--format", "json"], words].concat()).json();
    let months = json["months"].as_array().unwrap().iter();
    months
        .map(|month| format!("{} {}", month["month"].as_str().unwrap(), month["status"].as_str().unwrap()))
        .collect()
}

#[test]
fn months_are_chosen_one_by_one_by_range_or_all() {
    let bulletin = year();
    for (words, months) in [
        (&["check"][..], &["2025-07"][..]),
        (&["check", "2025-05"], &["2025-05"]),
        (&["check", "2025-07", "2025-05", "2025-07"], &["2025-05", "2025-07"]),
        (&["check", "2025-01..2025-06"], &["2025-05", "2025-06"]),
        (&["check", "2025-06..2025-06", "2025-05"], &["2025-05", "2025-06"]),
        (&["check", "--all"], &["2025-05", "2025-06", "2025-07"]),
    ] {
        let expected: Vec<String> = months.iter().map(|month| format!("{month} ok")).collect();
        assert_eq!(statuses(&bulletin, words), expected, "{words:?}");
    }
}

#[test]
fn months_that_a_range_lacks_are_named() {
    let bulletin = Bulletin::new().with_month("2025-03").with_month("2025-06");
    let told = |range: &str| bulletin.run(&["check", range]).done().stderr;
    let range = told("2025-01..2025-07");
    assert!(range.starts_with("这一段中没有 2025-04、2025-05 的数据，已跳过\n"), "{range}");
    assert!(!told("2025-06..2025-12").contains("已跳过"));
    let missing = |verb: &str, months: &str| {
        let outcome = bulletin.run(&[verb, months, "--format", "json", "--shard", "1/2"]);
        outcome.json()["missing_months"].clone()
    };
    for verb in ["check", "build", "verify"] {
        assert_eq!(missing(verb, "2025-01..2025-07"), serde_json::json!(["2025-04", "2025-05"]));
        assert_eq!(missing(verb, "2025-06..2025-12"), serde_json::json!([]));
        assert!(missing(verb, "2025-06").is_null(), "one month is there, or an error");
    }
}

#[test]
fn a_folder_that_resembles_a_month_is_told_once() {
    let june = |name: &str| year().with_file(&format!("data/{name}/issue.toml"), "");
    let told = |bulletin: &Bulletin, words: &[&str]| {
        let answer = bulletin.run(&[&["--format", "json"], words].concat()).answer();
        (answer.findings(), answer.hints())
    };
    for (name, hint) in [
        ("2025-3", "请把它改名为 2025-03"),
        ("２０２５-08", "请把它改名为 2025-08"),
        ("202509", "请把它改名为 2025-09"),
        ("2025年04月", "请把它改名为 2025-04"),
        ("2025-06 副本", "data 里已有 2025-06；备份请移到 data 以外，是别的月份的请改名"),
        ("2025-13", "月份写成 2025-07；不是月份的，请移到 data 以外"),
    ] {
        let bulletin = june(name);
        let finding = format!("Y0111 data/{name}");
        assert_eq!(told(&bulletin, &["check", "--all"]), (vec![finding], vec![hint.to_owned()]), "{name}");
        // Of one month only what could stand in its way is told.
        let alone = told(&bulletin, &["check", "2025-07"]).0;
        assert_eq!(alone.len(), usize::from(hint.starts_with("请把")), "{name}");
    }
    let bulletin = june("2025-8");
    for words in [&["check", "2025-06..2025-07"][..], &["build", "--all"]] {
        assert_eq!(told(&bulletin, words).0, ["Y0111 data/2025-8"], "{words:?}");
    }
    bulletin.run(&["build", "--all", "--deny-warnings"]).ending_with(1);
    for verb in ["check", "status", "figures"] {
        let told = bulletin.run(&[verb, "2025-08"]).ending_with(2).stderr;
        assert!(told.contains("data 里的文件夹“2025-8”不是月份的写法，请改名为 2025-08"), "{told}");
    }
    let status = bulletin.run(&["status", "2025-07"]).done().stderr;
    assert!(status.contains("提醒 Y0111 data 里的文件夹“2025-8”不是月份的写法，没有处理\n"), "{status}");
}

#[test]
fn a_file_with_a_months_name_is_no_month() {
    let bulletin = Bulletin::new().with_file("data/2025-12", "");
    assert_eq!(statuses(&bulletin, &["check"]), ["2025-07 ok"]);
}

#[test]
fn a_range_the_wrong_way_round_is_told_so() {
    let told = year().run(&["check", "2025-07..2025-05"]).ending_with(2).stderr;
    assert!(told.contains("“2025-07..2025-05”前后颠倒了") && told.contains("2025-05..2025-07"), "{told}");
}

#[test]
fn one_failed_month_never_stops_the_others() {
    let bulletin = year()
        .with_edit("data/2025-06/issue.toml", "number = 6\n", "")
        .with_file("data/2025-05/operations.xlsx", "");
    let outcome = bulletin.run(&["build", "--all"]).ending_with(1);
    insta::assert_snapshot!(outcome.stderr, @r"
    错误 Y0201 文件是空的
      位置：data/2025-05/operations.xlsx
      → 请用 Excel 或 WPS 重新保存，或向报送部门重新索取该文件
    2025-05 没有生成：有 1 处错误，请改正后再运行一次
    错误 Y0103 缺少 number（期号）
      位置：data/2025-06/issue.toml:1:1
      → 请补上一行：number = ……
    2025-06 没有生成：有 1 处错误，请改正后再运行一次
    2025-07 已生成 output/2025-07.pdf
    共 3 个月：生成 1 个，有错误 2 个
    ");
    assert!(bulletin.path("output/2025-07.pdf").is_file());
    assert!(!bulletin.path("output/2025-06.pdf").exists() && !bulletin.path("output/2025-05.pdf").exists());
    assert_eq!(statuses(&bulletin, &["check", "--all"]), ["2025-05 error", "2025-06 error", "2025-07 ok"]);
}

#[test]
fn an_unwritable_output_of_one_month_does_not_stop_the_others() {
    let bulletin = year();
    std::fs::create_dir_all(bulletin.path("output/2025-05.pdf")).unwrap();
    assert_eq!(statuses(&bulletin, &["build", "--all"]), ["2025-05 error", "2025-06 ok", "2025-07 ok"]);
    assert!(bulletin.path("output/2025-07.pdf").is_file());
}

#[test]
fn months_that_are_not_there_are_a_wrong_use() {
    let bulletin = Bulletin::new();
    for (word, message) in [
        ("2025-08", "没有 2025-08 这个月"),
        ("2024-01..2024-12", "2024-01..2024-12 之间没有一个月的数据"),
        ("2025-13", "“2025-13”不是月份"),
        ("2025-7", "“2025-7”不是月份"),
        ("七月", "“七月”不是月份"),
        ("1025-07", "“1025-07”的年份写错了"),
        ("0001-01..2025-07", "“0001-01”的年份写错了"),
    ] {
        let told = bulletin.run(&["build", word]).ending_with(2).stderr;
        assert!(told.starts_with(&format!("错误 {message}")), "{told}");
        assert!(told.contains("  → "), "what to do: {told}");
    }
    for words in [
        &["new", "1025-08"][..],
        &["forms", "1899-12"],
        &["figures", "0001-01"],
        &["status", "0202-07"],
        &["explain", "1025-07", "values.calls"],
    ] {
        let told = bulletin.run(words).ending_with(2).stderr;
        assert!(told.ends_with("的年份写错了\n  → 年份写 1900 到 9999，如 2025-08\n"), "{told}");
    }
}

#[test]
fn white_space_around_a_month_is_nothing() {
    let bulletin = year();
    for word in ["2025-06\r", " 2025-06\u{3000}", "2025-06\t\n", "2025-06..2025-06 "] {
        assert_eq!(statuses(&bulletin, &["check", word]), ["2025-06 ok"], "{word:?}");
        bulletin.run(&["explain", "y0203\r"]).done();
    }
    bulletin.run(&["new", "2025-08\r"]).done();
    assert!(bulletin.path("data/2025-08/issue.toml").is_file());
    for verb in ["figures", "forms", "status"] {
        bulletin.run(&[verb, " 2025-07\r"]).done();
    }
    bulletin.run(&["explain", "2025-07 ", "values.calls"]).done();
}

#[test]
fn every_month_that_can_be_asked_for_can_be_made() {
    let bulletin = Bulletin::new();
    for month in ["1900-01", "9999-11"] {
        bulletin.run(&["new", month]).done();
        bulletin.run(&["forms", month]).done();
    }
}

#[test]
fn a_bulletin_without_months_says_how_to_make_one() {
    let bulletin = Bulletin::new();
    std::fs::remove_dir_all(bulletin.path("data/2025-07")).unwrap();
    let told = bulletin.run(&["build"]).ending_with(2).stderr;
    assert!(told.contains("yuebao new"), "{told}");
    bulletin.run(&["new", "2025-03"]).done();
    let misnamed = bulletin.with_file("data/2025-8/issue.toml", "");
    std::fs::remove_dir_all(misnamed.path("data/2025-03")).unwrap();
    let told = misnamed.run(&["check"]).ending_with(2).stderr;
    assert!(told.contains("data 里的文件夹“2025-8”不是月份的写法，请改名为 2025-08"), "{told}");
}

/// A blank month beside the editor's own, whose name is only written otherwise, would leave that unused.
#[test]
fn no_month_is_made_beside_a_folder_that_stands_for_it() {
    let bulletin = Bulletin::new().with_file("data/2025-8/备注.txt", "数据在这里");
    let told = bulletin.run(&["new", "2025-08"]).ending_with(2).stderr;
    assert!(told.contains("data 里的文件夹“2025-8”像是 2025-08，只是名称写得不对"), "{told}");
    assert!(!bulletin.path("data/2025-08").exists());
}
