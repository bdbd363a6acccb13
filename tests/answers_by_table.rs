//! A department that sends its tables in several files: for each table its latest one counts.

use crate::harness::{Asked, Bulletin, FilledForm, Table, told, workbook};

fn operations(first: i32) -> Table {
    Table::new("办件")
        .row(1, ["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
        .row(2, ["市公安局", &first.to_string(), "1", "1"])
}

fn assessment(base: i32) -> Table {
    Table::new("考核").row(1, ["部门窗口", "基本得分", "加分"]).row(2, ["市公安局", &base.to_string(), "1"])
}

/// A workbook with some tables, saved at an hour of the same day.
fn saved_at(tables: &[&Table], hour: &str) -> Vec<u8> {
    FilledForm::new(workbook(tables)).saved(&format!("2025-09-02T{hour}:00")).bytes().to_vec()
}

/// Three files of a department: one table at ten, the other at noon, both in between.
fn three_files() -> [(&'static str, Vec<u8>); 3] {
    [
        ("o", saved_at(&[&operations(10)], "10:00")),
        ("v", saved_at(&[&assessment(90)], "12:00")),
        ("both", saved_at(&[&operations(11), &assessment(80)], "11:00")),
    ]
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// Which file counts for a table, by the record.
fn counting(asked: &Asked, table: &str) -> Vec<String> {
    let record = asked.record();
    let answers = record.split("\n\n").filter(|entry| entry.starts_with("[[answer]]"));
    let of_table = answers.filter(|entry| entry.contains(&format!("\"{table}\"")));
    let received = of_table.map(|entry| entry.split("received = \"in/").nth(1).unwrap());
    received.map(|name| name.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn the_latest_file_of_each_table_counts_whatever_the_names() {
    for order in ORDERS {
        let asked = Asked::of(Bulletin::new());
        let files = three_files();
        let name = |at: usize| {
            let place = order.iter().position(|it| *it == at).unwrap();
            format!("{}-{}.xlsx", place + 1, files[at].0)
        };
        for (at, (_, content)) in files.iter().enumerate() {
            asked.receive(&name(at), content);
        }
        let json = asked.collect().done().json();
        let mut lines = told(&json);
        lines.sort_by_key(|line| line.split_once('-').unwrap().1.to_owned());
        let expected = [
            format!("{}: merged; Y0909", name(2)),
            format!("{}: superseded", name(0)),
            format!("{}: merged; Y0909", name(1)),
        ];
        assert_eq!(lines, expected);
        assert_eq!(counting(&asked, "operations"), [name(2)], "{}", asked.record());
        assert_eq!(counting(&asked, "assessment"), [name(1)], "{}", asked.record());
        assert_eq!(asked.standing("answered"), ["市公安局"]);
        // Once more: nothing is new.
        let record = asked.record();
        let json = asked.collect().done().json();
        assert_eq!(json["answers"].to_string().matches("\"unchanged\"").count(), 2, "{json}");
        assert_eq!(asked.record(), record);
    }
}

#[test]
fn people_read_which_part_of_a_file_counts() {
    let asked = Asked::of(Bulletin::new());
    for (name, content) in three_files() {
        asked.receive(&format!("{name}.xlsx"), content);
    }
    let path = asked.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let told = asked.bulletin.run(&["collect", "2025-08", &path]).done().stderr.replace(&path, "in");
    for piece in [
        "“市公安局”的表 operations 报了 2 份：in/both.xlsx（保存于 2025-09-02 19:00:00）、in/o.xlsx（保存于 \
         2025-09-02 18:00:00）；以后保存的 in/both.xlsx 为准",
        "“市公安局”的表 assessment 报了 2 份：",
        "市公安局：已收，只采用其中的表 operations（in/both.xlsx）",
        "市公安局：没有采用，另有一份为准（in/o.xlsx）",
        "市公安局：已收（in/v.xlsx）",
    ] {
        assert!(told.contains(piece), "{piece}: {told}");
    }
}

#[test]
fn the_latest_file_of_each_table_counts_whenever_it_is_collected() {
    for order in ORDERS {
        let asked = Asked::of(Bulletin::new());
        let files = three_files();
        let mut lines = Vec::new();
        for at in order {
            let name = format!("{}.xlsx", files[at].0);
            asked.receive(&name, &files[at].1);
            lines.extend(asked.collected());
            asked.discard(&name);
        }
        assert_eq!(counting(&asked, "operations"), ["both.xlsx"], "{lines:?}");
        assert_eq!(counting(&asked, "assessment"), ["v.xlsx"], "{lines:?}");
        let of_both = lines.iter().find(|line| line.starts_with("both")).unwrap();
        let expected = match order {
            // For the assessment a later file counts already.
            [1, 2, 0] => "both.xlsx: merged; Y0911",
            [0, 1, 2] | [1, 0, 2] => "both.xlsx: replaced; Y0911",
            [0, 2, 1] => "both.xlsx: replaced",
            _ => "both.xlsx: merged",
        };
        assert_eq!(of_both, expected, "{lines:?}");
        // What was decided is not told again.
        asked.receive("both.xlsx", &files[2].1);
        assert_eq!(asked.collected(), ["both.xlsx: unchanged"]);
    }
}

#[test]
fn an_older_part_of_a_file_is_told_and_changes_nothing() {
    let asked = Asked::of(Bulletin::new());
    let [_, (_, later), (_, both)] = three_files();
    asked.receive("v.xlsx", later);
    asked.collect().done();
    asked.discard("v.xlsx").receive("both.xlsx", both);
    let json = asked.collect().done().json();
    let message = json["answers"][0]["diagnostics"][0]["message"].as_str().unwrap();
    let path = asked.path("both.xlsx").to_str().unwrap().to_owned();
    assert_eq!(
        message.replace(&path, "both.xlsx"),
        "“市公安局”的表 assessment 已收过更新的一份：in/v.xlsx（保存于 2025-09-02 20:00:00）；\
         both.xlsx（保存于 2025-09-02 19:00:00）里的没有采用"
    );
    assert_eq!(json["answers"][0]["counts_for"], serde_json::json!(["operations"]));
    assert_eq!(json["answers"][0]["changes"], serde_json::json!([]));
}

#[test]
fn a_faulty_file_waits_for_the_tables_that_no_later_one_answers() {
    let asked = Asked::of(Bulletin::new());
    let (later, both) =
        (saved_at(&[&assessment(90)], "12:00"), saved_at(&[&operations(-11), &assessment(80)], "11:00"));
    asked.receive("v.xlsx", later).receive("both.xlsx", both);
    assert_eq!(asked.collected(), ["both.xlsx: rejected; Y0206 B2", "v.xlsx: merged; Y0909"]);
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    assert!(asked.record().contains("tables = [\"operations\"]"), "{}", asked.record());
    let warns = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).json().to_string();
    assert!(!warns.contains("Y0918"), "what counts waits for nothing: {warns}");
}

#[test]
fn two_files_of_one_moment_settle_nothing_for_their_tables_alone() {
    let asked = Asked::of(Bulletin::new());
    let both = |hour| saved_at(&[&operations(1), &assessment(80)], hour);
    asked.receive("a.xlsx", both("09:00"));
    asked.receive("b.xlsx", saved_at(&[&operations(2)], "10:00"));
    asked.receive("c.xlsx", saved_at(&[&operations(3)], "10:00"));
    // The first is older than both for the one table, and the only one for the other.
    assert_eq!(asked.collected(), ["a.xlsx: merged", "b.xlsx: rejected; Y0910", "c.xlsx: rejected; Y0910"]);
    assert_eq!(counting(&asked, "assessment"), ["a.xlsx"]);
    assert_eq!(counting(&asked, "operations"), [""; 0]);
}

/// A workbook with some tables, saved on a day at the same hour.
fn saved_on(tables: &[&Table], day: u32) -> Vec<u8> {
    FilledForm::new(workbook(tables)).saved(&format!("2025-09-0{day}T08:00:00")).bytes().to_vec()
}

#[test]
fn the_same_folder_is_decided_the_same_however_often_it_comes() {
    let [first, second] = ["a.xlsx: superseded", "b.xlsx: rejected; Y0206 B2; Y0909"];
    for (has_third, third) in [(false, &[""; 3]), (true, &["merged", "unchanged", "unchanged"])] {
        let asked = Asked::of(Bulletin::new());
        asked.receive("a.xlsx", saved_on(&[&operations(1), &assessment(70)], 1));
        asked.receive("b.xlsx", saved_on(&[&operations(-1), &assessment(80)], 2));
        if has_third {
            asked.receive("c.xlsx", saved_on(&[&operations(3)], 3));
        }
        let mut records = Vec::new();
        for third in third {
            let mut expected = vec![first.to_owned(), second.to_owned()];
            if has_third {
                expected.push(format!("c.xlsx: {third}; Y0909"));
            }
            let json = asked.collect().ending_with(1).json();
            assert_eq!(told(&json), expected);
            assert!(json.to_string().contains("改正以前哪一份也没有采用"), "{json}");
            assert_eq!(json["to_correct"], serde_json::json!(["市公安局"]));
            records.push(asked.record());
        }
        assert!(records.iter().all(|record| *record == records[0]), "{records:#?}");
        assert_eq!(counting(&asked, "assessment"), [""; 0]);
    }
}

#[test]
fn an_earlier_file_does_not_settle_what_was_given_back_later() {
    let asked = Asked::of(Bulletin::new());
    let next = |name: &str, content: Vec<u8>| asked.collect_alone(name, content);
    let warns =
        || asked.bulletin.run(&["check", "2025-08", "--format", "json"]).json().to_string().contains("Y0918");
    assert_eq!(next("b.xlsx", saved_on(&[&operations(-1)], 2)), "b.xlsx: rejected; Y0206 B2");
    assert_eq!(next("a.xlsx", saved_on(&[&operations(1)], 1)), "a.xlsx: merged");
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    assert!(warns(), "{}", asked.record());
    assert_eq!(next("c.xlsx", saved_on(&[&operations(3)], 3)), "c.xlsx: replaced");
    assert!(!warns() && !asked.record().contains("[[returned]]"), "{}", asked.record());
}

#[test]
fn a_corrected_table_leaves_the_files_other_table_to_be_corrected() {
    let asked = Asked::of(Bulletin::new());
    let next = |name: &str, content: Vec<u8>| asked.collect_alone(name, content);
    let waiting = || {
        let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer().messages();
        told.into_iter().find(|message| message.starts_with("Y0918")).unwrap_or_default()
    };
    assert_eq!(next("a.xlsx", saved_on(&[&operations(1), &assessment(50)], 1)), "a.xlsx: merged");
    let both = saved_on(&[&operations(-1), &assessment(65)], 2);
    assert_eq!(next("b.xlsx", both), "b.xlsx: rejected; Y0206 B2");
    assert_eq!(next("c.xlsx", saved_on(&[&operations(3)], 3)), "c.xlsx: replaced");
    let warned = "Y0918 “市公安局”后来报的 in/b.xlsx 没有采用，印的还是 in/a.xlsx 中的数";
    assert_eq!(waiting(), warned, "65 was sent, and is not printed");
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    // Nor does a faulty file for the one table settle the other, though it is given back itself.
    assert_eq!(next("d.xlsx", saved_on(&[&operations(-4)], 4)), "d.xlsx: rejected; Y0206 B2");
    assert_eq!(asked.record().matches("[[returned]]").count(), 2, "{}", asked.record());
    assert_eq!(next("f.xlsx", saved_on(&[&operations(6)], 6)), "f.xlsx: replaced");
    assert_eq!(waiting(), warned);
    assert_eq!(next("g.xlsx", saved_on(&[&assessment(66)], 7)), "g.xlsx: replaced");
    assert_eq!(waiting(), "");
    assert_eq!(asked.standing("answered"), ["市公安局"]);
    assert!(!asked.record().contains("[[returned]]"), "{}", asked.record());
}

#[test]
fn last_months_file_settles_nothing() {
    let asked = Asked::of(Bulletin::new());
    asked.receive("a.xlsx", saved_on(&[&operations(-1)], 1));
    asked.collect().ending_with(1);
    let last_month = Table::new("办件")
        .row(1, ["2025年7月"])
        .row(2, ["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
        .row(3, ["市公安局", "1", "1", "1"]);
    asked.discard("a.xlsx").receive("b.xlsx", saved_on(&[&last_month], 5));
    assert_eq!(asked.collected(), ["b.xlsx: rejected; Y0906 A1"]);
    assert!(
        asked.record().contains("in/a.xlsx") && asked.record().contains("in/b.xlsx"),
        "{}",
        asked.record()
    );
    // Whenever it was saved, it does not outlive this month's.
    asked.discard("b.xlsx").receive("c.xlsx", saved_on(&[&operations(1)], 2));
    asked.collect().done();
    assert!(!asked.record().contains("[[returned]]"), "{}", asked.record());
}

#[test]
fn two_files_of_a_department_that_were_given_back_are_both_told_with_a_copy_each() {
    let asked = Asked::of(Bulletin::new());
    let files = [
        ("d.xlsx", saved_on(&[&assessment(-1)], 1), "01-市公安局.xlsx", "考核"),
        ("e.xlsx", saved_on(&[&operations(-1)], 2), "01-市公安局-2.xlsx", "办件"),
    ];
    for (name, content, ..) in &files {
        asked.receive(name, content);
        asked.collect().ending_with(1);
        asked.discard(name);
    }
    let assert_told = || {
        for (name, _, copy, sheet) in &files {
            let workbook = asked.returned(copy).part("xl/workbook.xml");
            assert!(workbook.contains(sheet), "{copy}: {workbook}");
            let table = asked.bulletin.run(&["status", "2025-08"]).done().stdout;
            let told = format!("in/{name} 有 1 处错误；退回件 output/returns/2025-08/{copy}");
            assert!(table.contains(&told), "{table}");
        }
    };
    assert_told();
    let json = asked.bulletin.run(&["--format", "json", "status", "2025-08"]).done().json();
    let of_first = &json["departments"][0];
    assert_eq!(of_first["returned"]["received"], "in/e.xlsx");
    let all = of_first["all_returned"].as_array().unwrap().iter();
    let all: Vec<_> = all.map(|it| (it["received"].as_str(), it["tables"][0].as_str())).collect();
    assert_eq!(all, [(Some("in/d.xlsx"), Some("assessment")), (Some("in/e.xlsx"), Some("operations"))]);
    // Together once more they keep their copies; the copy of what is corrected goes.
    for (name, content, ..) in &files {
        asked.receive(name, content);
    }
    asked.collect().ending_with(1);
    assert_told();
    asked.discard("e.xlsx").discard("d.xlsx").receive("f.xlsx", saved_on(&[&operations(1)], 3));
    asked.collect().done();
    assert!(!asked.bulletin.path("output/returns/2025-08/01-市公安局-2.xlsx").exists());
    assert!(asked.bulletin.path("output/returns/2025-08/01-市公安局.xlsx").exists());
}

#[test]
fn two_files_of_one_moment_are_unclear_only_where_no_later_one_counts() {
    let asked = Asked::of(Bulletin::new());
    asked.receive("v.xlsx", saved_on(&[&operations(9)], 2));
    asked.collect().done();
    asked.discard("v.xlsx");
    asked.receive("u1.xlsx", saved_on(&[&operations(1)], 1));
    asked.receive("u2.xlsx", saved_on(&[&operations(2)], 1));
    assert_eq!(asked.collected(), ["u1.xlsx: superseded; Y0911", "u2.xlsx: superseded; Y0911"]);
    assert!(!asked.bulletin.path("output/returns/2025-08").exists());
    // For the other table nothing counts yet.
    asked.receive("u1.xlsx", saved_on(&[&operations(1), &assessment(70)], 1));
    asked.receive("u2.xlsx", saved_on(&[&operations(2), &assessment(80)], 1));
    let json = asked.collect().ending_with(1).json();
    assert_eq!(told(&json), ["u1.xlsx: rejected; Y0910; Y0911", "u2.xlsx: rejected; Y0910; Y0911"]);
    let message = json["answers"][0]["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains("表 assessment 报了 2 份，分不出哪一份在后"), "{message}");
    assert!(asked.record().contains("tables = [\"assessment\"]"), "{}", asked.record());
    assert_eq!(counting(&asked, "operations"), ["v.xlsx"]);
    asked.discard("u1.xlsx").discard("u2.xlsx");
    asked.receive("u3.xlsx", saved_on(&[&assessment(90)], 3));
    asked.collect().done();
    assert_eq!(asked.standing("to_correct"), [""; 0]);
}

#[test]
fn what_counts_is_unchanged_beside_a_later_file_with_errors() {
    let asked = Asked::of(Bulletin::new());
    asked.receive("a.xlsx", saved_on(&[&operations(1), &assessment(50)], 1));
    asked.collect().done();
    asked.receive("b.xlsx", saved_on(&[&operations(-1)], 2));
    for later in ["operations", "both"] {
        let mut records = Vec::new();
        for _ in 0..2 {
            let json = asked.collect().ending_with(1).json();
            assert_eq!(told(&json), ["a.xlsx: unchanged", "b.xlsx: rejected; Y0206 B2; Y0909"], "{later}");
            assert_eq!(json["answers"][0]["counts_for"], serde_json::json!(["assessment", "operations"]));
            let found = json["answers"][1]["diagnostics"].to_string();
            assert!(found.contains("改正以前仍用已收的一份"), "{found}");
            records.push(asked.record());
        }
        assert_eq!(records[0], records[1]);
        asked.receive("b.xlsx", saved_on(&[&operations(-1), &assessment(65)], 3));
    }
    asked.receive("c.xlsx", saved_on(&[&operations(4), &assessment(66)], 4));
    let lines = asked.collected();
    assert_eq!(lines, ["a.xlsx: superseded", "b.xlsx: superseded; Y0206 B2", "c.xlsx: replaced; Y0909"]);
}
