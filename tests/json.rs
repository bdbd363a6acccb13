//! `--format json`: exactly one object on standard output, whatever happens, and silence beside it.

use serde_json::json;

use crate::harness::{Bulletin, run_in};

#[test]
fn a_sound_month_has_the_documented_shape() {
    let bulletin = Bulletin::new();
    assert_eq!(
        bulletin.run(&["build", "--format", "json"]).done().json(),
        json!({"version": 1, "months": [{
            "month": "2025-07", "status": "ok", "action": "build",
            "reasons": [{"kind": "never_built", "file": null, "message": "还没有生成过"}],
            "output": "output/2025-07.pdf", "diagnostics": [], "acknowledged": [],
        }]})
    );
    assert_eq!(
        bulletin.run(&["check", "--format", "json"]).done().json(),
        json!({"version": 1, "months": [{
            "month": "2025-07", "status": "ok", "action": "check", "reasons": [], "output": null, "diagnostics": [], "acknowledged": [],
        }]})
    );
}

#[test]
fn findings_have_the_documented_shape() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件").with_edit(
        "data/2025-07/issue.toml",
        "values.calls }}",
        "values.call }}",
    );
    let outcome = bulletin.run(&["build", "--format", "json"]).ending_with(1);
    insta::assert_snapshot!(outcome.stdout, @r#"
    {
      "months": [
        {
          "acknowledged": [],
          "action": "fail",
          "diagnostics": [
            {
              "code": "Y0211",
              "hints": [
                "请核对读得对不对；最好只填数字"
              ],
              "location": {
                "cell": "C5",
                "file": "data/2025-07/operations.xlsx",
                "sheet": "办件"
              },
              "message": "“864件”是文本，按数字 864 读取",
              "severity": "warning"
            },
            {
              "code": "Y0501",
              "hints": [
                "是不是 values.calls？"
              ],
              "location": {
                "column": 8,
                "file": "data/2025-07/issue.toml",
                "line": 13
              },
              "message": "没有 values.call 这个数",
              "severity": "error"
            }
          ],
          "month": "2025-07",
          "output": null,
          "reasons": [],
          "status": "error"
        }
      ],
      "version": 1
    }
    "#);
    outcome.json();
}

#[test]
fn a_month_with_warnings_says_so() {
    let bulletin = Bulletin::new().with_cell("operations", "C5", "864件");
    let status = |words: &[&str], code| {
        let json = bulletin.run(words).ending_with(code).json();
        (json["months"][0]["status"].clone(), json["months"][0]["output"].clone())
    };
    assert_eq!(status(&["build", "--format=json"], 0), (json!("warning"), json!("output/2025-07.pdf")));
    assert_eq!(status(&["build", "--format=json", "--deny-warnings"], 1), (json!("error"), json!(null)));
}

#[test]
fn every_failure_is_one_object_too() {
    let bulletin = Bulletin::new();
    let settings = Bulletin::new().with_edit("yuebao.toml", "total = true", "total = 1");
    let unwritable = Bulletin::new().with_file("output", "");
    let record = Bulletin::new().with_file("data/2025-07/answers/answers.toml", "answer = 1");
    let issue = Bulletin::new().with_file("data/2025-07/issue.toml", "[");
    let nowhere = tempfile::tempdir().unwrap();
    for (folder, words, code) in [
        (bulletin.root(), &["build", "2025-08"][..], 2),
        (bulletin.root(), &["build", "2025-13"], 2),
        (bulletin.root(), &["figures", "2025-08"], 2),
        (bulletin.root(), &["explain", "Y9999"], 2),
        (bulletin.root(), &["new", "2025-07"], 2),
        (bulletin.root(), &["new", "八月"], 2),
        (bulletin.root(), &["init"], 2),
        (bulletin.root(), &["new", "1025-08"], 2),
        (settings.root(), &["check"], 1),
        (settings.root(), &["build"], 1),
        (settings.root(), &["verify"], 1),
        (settings.root(), &["figures", "2025-07"], 1),
        (settings.root(), &["explain", "2025-07", "values.calls"], 1),
        (settings.root(), &["fonts"], 1),
        (settings.root(), &["new", "2025-08"], 1),
        (settings.root(), &["forms", "2025-08"], 1),
        (settings.root(), &["collect", "2025-07", "."], 1),
        (settings.root(), &["status", "2025-07"], 1),
        (unwritable.root(), &["collect", "2025-07", "."], 2),
        (record.root(), &["collect", "2025-07", "."], 1),
        (record.root(), &["status", "2025-07"], 1),
        (issue.root(), &["forms", "2025-07"], 1),
        (nowhere.path(), &["build"], 2),
        (nowhere.path(), &["fonts"], 2),
    ] {
        let json = run_in(folder, &[&["--format", "json"], words].concat()).ending_with(code).json();
        assert!(json["error"]["message"].is_string(), "{words:?}: {json}");
        if code == 1 {
            assert!(
                json["diagnostics"].as_array().is_some_and(|found| !found.is_empty()),
                "{words:?}: {json}"
            );
        }
    }
}

#[test]
fn what_people_are_told_besides_is_among_the_notes() {
    let bulletin = Bulletin::new();
    let unsettable = Bulletin::new().with_edit(
        "templates/bulletin/text.typ",
        "#let string-of(runs)",
        "#panic(1)\n#let string-of(runs)",
    );
    std::fs::create_dir(bulletin.path("空")).unwrap();
    for (bulletin, words) in [
        (&bulletin, &["build", "--shard", "5/7"][..]),
        (&bulletin, &["collect", "2025-07", "空"]),
        (&bulletin, &["forms", "2025-08"]),
        (&unsettable, &["figures", "2025-07"]),
        (&unsettable, &["explain", "2025-07", "values.calls"]),
    ] {
        let told = bulletin.run(words).done().stderr;
        let json = bulletin.run(&[&["--format", "json"], words].concat()).done().json();
        let notes = json["notes"].as_array().unwrap_or_else(|| panic!("{words:?}: {json}"));
        assert!(!notes.is_empty(), "{words:?}");
        for note in notes.iter().map(|note| note.as_str().unwrap()) {
            assert!(told.lines().any(|line| line == note), "{note}: {told}");
        }
    }
    let notes = bulletin.run(&["build", "--shard", "5/7", "--format", "json"]).done().json()["notes"].clone();
    let expected =
        json!(["这一份里没有要处理的月份", "没有写月份，分的只是最近一个月；要分全部月份，请加 --all"]);
    assert_eq!(notes, expected);
}

#[test]
fn wrong_words_are_one_object_too() {
    let bulletin = Bulletin::new();
    for words in
        [&["--format", "json", "bulid"][..], &["build", "--format=json", "--al"], &["--format", "json"]]
    {
        let json = bulletin.run(words).ending_with(2).json();
        assert!(json["error"]["message"].is_string(), "{words:?}: {json}");
    }
}

#[test]
fn what_went_as_wished_is_one_object() {
    let bulletin = Bulletin::new();
    for words in [
        &["figures", "2025-07"][..],
        &["fonts"],
        &["explain", "y0203"],
        &["new", "2025-08"],
        &["check", "--all"],
    ] {
        let json = bulletin.run(&[&["--format", "json"], words].concat()).json();
        assert!(json.as_object().unwrap().len() > 1, "{words:?}: {json}");
    }
}
