//! Several answers of one department: which of them counts, and what a correction changes.

use crate::collecting::three_answers;
use crate::harness::{Asked, Bulletin, FilledForm, Table, told};

#[test]
fn a_corrected_answer_replaces_just_its_own_and_says_what_changed() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let corrected = asked.form("02").filled(["31", "29", "2"]).saved("2025-09-02T08:00:00");
    asked.receive("更正.xlsx", corrected.bytes());
    let outcome = asked.collect().done();
    let json = outcome.json();
    assert_eq!(told(&json)[0..3], ["a.xlsx: unchanged", "b.xlsx: superseded", "c.xlsx: unchanged"]);
    assert_eq!(
        json["answers"][3]["changes"],
        serde_json::json!([
            {"figure": "operations[\"市民政局\"].accepted", "header": "办件（件）/受理量", "before": "30", "after": "31"},
            {"figure": "operations[\"市民政局\"].mailed", "header": "邮寄量（件）", "before": "/", "after": "2"},
        ])
    );
    assert_eq!(json["answers"][3]["outcome"], "replaced");
    assert!(asked.bulletin.path("data/2025-08/answers/02-市民政局.xlsx").exists(), "the former one is kept");
    assert!(asked.bulletin.path("data/2025-08/answers/02-市民政局-2.xlsx").exists());
    // Once more the same folder: nothing changes, not even the record.
    let record = asked.record();
    asked.collect().done();
    assert_eq!(asked.record(), record);
}

#[test]
fn of_two_answers_the_one_saved_later_counts_whatever_their_order() {
    for [early, late] in [["a.xlsx", "b.xlsx"], ["b.xlsx", "a.xlsx"]] {
        let asked = Asked::small();
        asked.receive(early, asked.form("01").filled(["1", "1", "1"]).saved("2025-09-01T08:00:00").bytes());
        asked.receive(late, asked.form("01").filled(["2", "2", "2"]).saved("2025-09-01T09:00:00").bytes());
        let json = asked.collect().done().json();
        let mut lines = told(&json);
        lines.sort();
        let mut expected = [format!("{early}: superseded"), format!("{late}: merged; Y0909")];
        expected.sort();
        assert_eq!(lines, expected);
        let message = json["diagnostics"][0]["message"].as_str().unwrap();
        assert!(
            message.contains("2025-09-01 16:00:00") && message.contains("2025-09-01 17:00:00"),
            "{message}"
        );
    }
}

#[test]
fn the_same_answer_twice_is_one() {
    let asked = Asked::small();
    let answer = asked.form("01").filled(["1", "1", "1"]);
    asked.receive("a.xlsx", answer.bytes()).receive("b.xlsx", answer.bytes());
    assert_eq!(asked.collected(), ["a.xlsx: merged", "b.xlsx: superseded"]);
}

#[test]
fn two_answers_of_which_neither_is_later_are_not_guessed_at() {
    let asked = Asked::small();
    let saved = "2025-09-01T08:00:00";
    asked.receive("a.xlsx", asked.form("01").filled(["1", "1", "1"]).saved(saved).bytes());
    asked.receive("b.xlsx", asked.form("01").filled(["2", "1", "1"]).saved(saved).bytes());
    // Nor when they are there again.
    for _ in 0..3 {
        assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0910", "b.xlsx: rejected; Y0910"]);
        assert!(!asked.record().contains("[[answer]]"), "{}", asked.record());
    }
    let told = asked.bulletin.run(&["status", "2025-08"]).stdout;
    let reminder = "以下 1 个部门报送的表格不能采用：市公安局。请核实后重新报送一份。";
    assert!(told.contains(reminder), "{told}");
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
}

/// The first department's form with its first entry, saved at a moment.
fn first_form(asked: &Asked, entry: &str, saved: &str) -> FilledForm {
    asked.form("01").filled([entry, "1", "1"]).saved(saved)
}

#[test]
fn a_faulty_file_older_than_what_counts_corrects_nothing() {
    let asked = Asked::small();
    asked.receive("a.xlsx", first_form(&asked, "1", "2025-09-02T08:00:00").bytes());
    asked.collect().done();
    asked.discard("a.xlsx").receive("b.xlsx", first_form(&asked, "-1", "2025-09-01T08:00:00").bytes());
    assert_eq!(asked.collected(), ["b.xlsx: superseded; Y0911"]);
    assert!(!asked.record().contains("[[returned]]"), "{}", asked.record());
    let returns = std::fs::read_dir(asked.bulletin.path("output/returns/2025-08"));
    assert_eq!(returns.map_or(0, Iterator::count), 0, "nothing is to be sent back");
    assert_eq!(asked.standing("answered"), ["市公安局"]);
}

#[test]
fn a_waiting_correction_waits_until_a_better_answer_comes() {
    let asked = Asked::small();
    asked.receive("a.xlsx", first_form(&asked, "1", "2025-09-01T08:00:00").bytes());
    asked.collect().done();
    asked.receive("b.xlsx", first_form(&asked, "-1", "2025-09-02T08:00:00").bytes());
    asked.collect().ending_with(1);
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    // The folder of the first answers, collected once more, corrects nothing.
    asked.discard("b.xlsx");
    assert_eq!(asked.collected(), ["a.xlsx: unchanged"]);
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    asked.receive("c.xlsx", first_form(&asked, "3", "2025-09-03T08:00:00").bytes());
    asked.collect().done();
    assert_eq!(asked.standing("answered"), ["市公安局"]);
}

#[test]
fn an_answer_that_was_removed_or_changed_is_kept_anew() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let kept = |name: &str| asked.bulletin.path(&format!("data/2025-08/answers/{name}"));
    std::fs::remove_file(kept("01-市公安局.xlsx")).unwrap();
    std::fs::write(kept("02-市民政局.xlsx"), "changed").unwrap();
    let told = asked.collected();
    assert_eq!(told.iter().filter(|told| told.contains(": replaced")).count(), 2, "{told:?}");
    assert!(kept("01-市公安局.xlsx").exists());
    asked.collect().done();
    assert!(asked.collected().iter().all(|told| told.contains("unchanged") || told.contains("superseded")));
}

#[test]
fn a_correction_waits_for_its_own_table() {
    let asked = Asked::of(Bulletin::new());
    let operations = |first: &str| {
        format!("部门,办件（件）/受理量,办件（件）/办结量,邮寄量（件）\n市公安局,{first},1,1\n")
    };
    asked.receive("办件1.csv", operations("1"));
    asked.receive("考核.csv", "部门窗口,基本得分,加分\n市公安局,约90,1\n");
    asked.collect().ending_with(1);
    let warns =
        || asked.bulletin.run(&["check", "2025-08", "--format", "json"]).json().to_string().contains("Y0918");
    assert!(!warns(), "nothing of the table counts yet");
    asked.discard("考核.csv").discard("办件1.csv").receive("办件2.csv", operations("2"));
    asked.collect();
    assert!(asked.record().contains("received = \"in/考核.csv\""), "{}", asked.record());
    asked.discard("办件2.csv").receive("考核2.csv", "部门窗口,基本得分,加分\n市公安局,90,1\n");
    asked.collect();
    assert!(!asked.record().contains("[[returned]]"), "{}", asked.record());
}

#[test]
fn what_is_no_workbook_is_told_and_not_sent_back() {
    let asked = Asked::small();
    asked.receive("通知.pdf", "%PDF-1.7 通知");
    assert_eq!(asked.collected(), ["通知.pdf: rejected; Y0222"]);
    assert!(!asked.bulletin.path("output/returns/2025-08").exists());
}

#[test]
fn an_answer_older_than_the_one_that_counts_does_not_replace_it() {
    let asked = Asked::small();
    asked.receive("a.xlsx", asked.form("01").filled(["1", "1", "1"]).saved("2025-09-02T08:00:00").bytes());
    asked.collect().done();
    asked.discard("a.xlsx");
    asked.receive("b.xlsx", asked.form("01").filled(["2", "1", "1"]).saved("2025-09-01T08:00:00").bytes());
    assert_eq!(asked.collected(), ["b.xlsx: superseded; Y0911"]);
    assert!(asked.record().contains("file = \"01-市公安局.xlsx\""));
}

#[test]
fn a_faulty_correction_leaves_the_answer_that_counts() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let record = asked.record();
    asked.discard("a.xlsx");
    let faulty = asked.form("01").filled(["-1", "1", "1"]).saved("2025-09-02T08:00:00");
    asked.receive("a2.xlsx", faulty.bytes());
    asked.collect().ending_with(1);
    assert_eq!(asked.standing("to_correct"), ["市公安局"]);
    // Whoever builds the month is told that a correction waits.
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).ending_with(1).answer();
    let warned = "Y0918 “市公安局”后来报的 in/a2.xlsx 没有采用，印的还是 in/a.xlsx 中的数".to_owned();
    assert!(told.messages().contains(&warned), "{:?}", told.messages());
    let counting = record.split("\n\n").find(|entry| entry.contains("01-市公安局.xlsx")).unwrap();
    assert!(asked.record().contains(counting), "{}", asked.record());
    // The correction of the correction settles it.
    let good = asked.form("01").filled(["1", "1", "1"]).saved("2025-09-03T08:00:00");
    asked.receive("a3.xlsx", good.bytes());
    asked.collect().done();
    assert!(!asked.record().contains("[[returned]]"));
    assert!(
        !asked.bulletin.path("output/returns/2025-08/01-市公安局.xlsx").exists(),
        "no stale copy is left"
    );
}

/// A register in which a department has a new name, as the program itself advises.
fn renamed(asked: Asked) -> Asked {
    asked.changed(|bulletin| {
        bulletin.with_edit(
            "data/departments.toml",
            "name = \"市司法局\"",
            "name = \"市司法行政局\"\naliases = [\"市司法局\"]",
        )
    })
}

#[test]
fn a_renamed_departments_correction_replaces_its_answer() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive("d.xlsx", asked.form("04").filled(["1", "1", "1"]).bytes());
    asked.collect().done();
    let (form, record) = (asked.form("03"), asked.record());
    let asked = renamed(asked);
    // Nothing new: the record stays as it was written.
    asked.collect().done();
    assert_eq!(asked.record(), record);

    asked.receive("e.xlsx", form.clone().filled(["-4", "5", "6"]).saved("2025-09-02T08:00:00").bytes());
    asked.collect().ending_with(1);
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer();
    let warned = "Y0918 “市司法行政局”后来报的 in/e.xlsx 没有采用，印的还是 in/c.xlsx 中的数".to_owned();
    assert!(told.messages().contains(&warned), "{:?}", told.messages());

    asked.receive("e.xlsx", form.filled(["200", "5", "6"]).saved("2025-09-03T08:00:00").bytes());
    let json = asked.collect().done().json();
    assert_eq!(json["answers"][4]["outcome"], "replaced", "{json}");
    assert_eq!(json["answers"][4]["changes"][0]["before"], "4");
    assert!(asked.record().contains("department = \"市司法行政局\""), "{}", asked.record());
    assert_eq!(asked.record().matches("[[answer]]").count(), 4);
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer();
    assert!(
        told.messages().iter().all(|it| !it.contains("司法") || it.starts_with("Y0210")),
        "{:?}",
        told.messages()
    );
}

#[test]
fn two_answers_of_a_department_never_count_both() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive("d.xlsx", asked.form("04").filled(["1", "1", "1"]).bytes());
    asked.collect().done();
    // As somebody might edit the record, or a program before this one left it.
    let answer = asked.record().split("\n\n").find(|entry| entry.contains("市司法局")).unwrap().to_owned();
    let again = format!("{}\n{}", asked.record(), answer.replace("\"市司法局\"", "\"市司法行政局\""));
    let asked = renamed(asked).changed(|it| it.with_file("data/2025-08/answers/answers.toml", &again));
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer();
    let twice = "Y0307 “市司法行政局”有两份答复同时在用：03-市司法局.xlsx 和 03-市司法局.xlsx".to_owned();
    assert!(told.messages().contains(&twice), "{:?}", told.messages());
    // Collected once more, one of them counts.
    asked.collect().done();
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer();
    assert!(!told.messages().iter().any(|it| it.starts_with("Y0307")), "{:?}", told.messages());
}

fn saved_at(table: Table, moment: &str) -> Vec<u8> {
    FilledForm::new(table.xlsx()).saved(moment).bytes().to_vec()
}

#[test]
fn each_table_has_its_own_order_of_answers() {
    let operations = |first: i32, saved: &str| {
        let table =
            Table::new("办件").row(1, ["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"]);
        saved_at(table.row(2, ["市公安局", &first.to_string(), "1", "1"]), saved)
    };
    let assessment = |base: i32, saved: &str| {
        let table = Table::new("考核").row(1, ["部门窗口", "基本得分", "加分"]);
        saved_at(table.row(2, ["市公安局", &base.to_string(), "1"]), saved)
    };
    let asked = Asked::of(Bulletin::new());
    let next = |name: &str, content: Vec<u8>| asked.collect_alone(name, content);
    assert_eq!(next("考核.xlsx", assessment(90, "2025-09-02T12:00:00")), "考核.xlsx: merged");
    // Saved before, but the first for its table.
    assert_eq!(next("办件.xlsx", operations(100, "2025-09-02T10:00:00")), "办件.xlsx: merged");
    assert_eq!(next("办件终.xlsx", operations(150, "2025-09-02T13:00:00")), "办件终.xlsx: replaced");
    // Saved after the other table's answer, but before its own.
    assert_eq!(next("办件稿.xlsx", operations(999, "2025-09-02T12:30:00")), "办件稿.xlsx: superseded; Y0911");
    assert_eq!(next("考核改.xlsx", assessment(91, "2025-09-02T12:40:00")), "考核改.xlsx: replaced");
    assert!(asked.record().contains("办件终.xlsx") && !asked.record().contains("办件稿.xlsx"));
}

#[test]
fn a_files_name_may_hold_what_cannot_be_seen() {
    // “Copy as path” of Windows puts a mark of direction before the name.
    let asked = Asked::small();
    asked.receive("\u{202a}报表.xlsx", first_form(&asked, "1", "2025-09-01T08:00:00").bytes());
    asked.collect().done();
    asked.collect().done();
    assert_eq!(asked.standing("answered"), ["市公安局"]);
}
