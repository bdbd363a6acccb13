//! Departments' answers: recognised, checked, merged; nothing that was merged is ever lost.

use std::fs;
use std::sync::atomic::AtomicBool;

use yuebao::calculation::MonthStore;
use yuebao::collect::{Examiner, Incoming, collect};
use yuebao::project::{AnswersRecord, Folder, Month, Periods, Project};
use yuebao::source::Isolation;

use crate::harness::{ASKED_MONTH, Asked, Bulletin, Table, bytes, told, workbook};

/// The small bulletin with all four departments' answers but one's.
pub fn three_answers(asked: &Asked) {
    asked.receive("a.xlsx", asked.form("01").filled(["120", "118", "7"]).bytes());
    asked.receive("b.xlsx", asked.form("02").filled(["30", "29", "/"]).bytes());
    asked.receive("c.xlsx", asked.form("03").filled(["4", "5", "6"]).bytes());
}

#[test]
fn answers_are_known_under_any_name_and_missing_departments_are_told() {
    let asked = Asked::small();
    three_answers(&asked);
    let outcome = asked.collect().done();
    let json = outcome.json();
    assert_eq!(told(&json), ["a.xlsx: merged", "b.xlsx: merged", "c.xlsx: merged"]);
    assert_eq!(json["missing"], serde_json::json!(["市教育局"]));
    assert_eq!(json["diagnostics"][0]["code"], "Y0916");
    assert_eq!(json["answers"][1]["department"], "市民政局");
    assert_eq!(json["answers"][1]["stored"], "data/2025-08/answers/02-市民政局.xlsx");
    // The answers are kept as they came.
    let kept = asked.bulletin.bytes("data/2025-08/answers/01-市公安局.xlsx");
    assert_eq!(kept, fs::read(asked.path("a.xlsx")).unwrap());
    assert_eq!(asked.standing("answered"), ["市公安局", "市民政局", "市司法局"]);
}

#[test]
fn people_read_what_became_of_each_file() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive("d.xlsx", asked.form("04").filled(["约1", "2", "3"]).bytes());
    let path = asked.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let outcome = asked.bulletin.run(&["collect", ASKED_MONTH, &path]).ending_with(1);
    insta::assert_snapshot!(outcome.stderr.replace(&path, "答复"), @r"
    错误 Y0203 这里应为数字，却是“约1”
      位置：答复/d.xlsx 填报表!B5
      这一行：部门：市教育局 ｜ 【B 办件（件）/受理量：约1】 ｜ 办件（件）/办结量：2 ｜ 邮寄量（件）：3
      → 请只填数字，不加其他文字
    市公安局：已收（答复/a.xlsx）
    市民政局：已收（答复/b.xlsx）
    市司法局：已收（答复/c.xlsx）
    市教育局：没有收：有 1 处错误（答复/d.xlsx）；退回件 output/returns/2025-08/04-市教育局.xlsx
    2025-08 共看了 4 个文件：新收 3，更换 0，没有变化 0，没有采用 0，有错误 1
    4 个部门中已报 3 个，须更正 1 个，没有报 0 个
    标出问题的退回件在 output/returns/2025-08，可直接发回部门
    ");
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_folder_without_answers_is_told() {
    let asked = Asked::small();
    asked.receive(".隐藏", "");
    let path = asked.path("").to_str().unwrap().to_owned();
    let told = asked.bulletin.run(&["collect", ASKED_MONTH, &path]).done().stderr;
    assert!(told.contains("没有答复的文件"), "{told}");
}

#[test]
fn a_months_table_is_made_of_answers_in_any_format() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive(
        "d.csv",
        "部门,受理量,办结量,邮寄量（件）\n市教育局,1,2,3\n"
            .replace("受理量", "办件（件）/受理量")
            .replace("办结量", "办件（件）/办结量"),
    );
    asked.collect().done();
    let operations = asked.bulletin.run(&["--format", "json", "check", ASKED_MONTH]).json();
    let codes: Vec<&str> = operations["months"][0]["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["location"]["file"].as_str().unwrap_or_default().contains("answers"))
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, [""; 0]);
}

#[test]
fn answers_are_held_against_the_months_before() {
    let asked = Asked::with_all_checks(Bulletin::sample());
    let digits_too_many = asked.form("12").filled(["2518400", "24227", "49", "3", "/"]);
    asked.receive("a.xlsx", digits_too_many.bytes());
    let json = asked.collect().done().json();
    assert_eq!(told(&json), ["a.xlsx: merged; Y0421 B5"]);
    let copy = asked.returned("12-交通运输厅.xlsx").part("xl/comments1.xml");
    assert!(copy.contains("请核对："), "{copy}");
}

/// A machine that is too busy, say: that the checks did not happen is no reason to think that all is well.
#[test]
fn a_month_before_that_cannot_be_read_is_told_once_and_the_answers_are_taken() {
    let asked = Asked::with_all_checks(Bulletin::new()).changed(|bulletin| {
        let bulletin = bulletin.without_file("data/2025-07/operations.xlsx");
        bulletin.with_file("data/2025-07/operations.xls", include_bytes!("fixtures/sample.xls"))
    });
    let (project, _) = Project::open(Folder::find(asked.bulletin.root()).unwrap());
    let (project, month) = (project.unwrap(), Month::parse(ASKED_MONTH).unwrap());
    let (periods, _) = Periods::of_month(&project.folder, month);
    let isolation = Isolation::Child { program: "/nowhere/yuebao".into() };
    let store = MonthStore::default();
    let examiner = Examiner::new(&project, month, &periods, &isolation, &store);
    let operations = |name: &str| {
        let table =
            Table::new("办件").row(1, ["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"]);
        let bytes = table.row(2, [name, "1", "1", "1"]).xlsx();
        Ok(Incoming { name: name.to_owned(), received: name.to_owned(), bytes, written: None })
    };
    let incoming = ["市公安局", "市民政局"].map(operations).into_iter();
    let never = AtomicBool::new(false);
    let collected = collect(&examiner, AnswersRecord::default(), incoming, &never).unwrap().unwrap();
    assert_eq!(collected.record.answers.len(), 2);
    let [found] = collected.diagnostics.as_slice() else { panic!("{:?}", collected.diagnostics) };
    assert!(found.is_error() && found.rule.code == "Y0229", "{found:?}");
    assert_eq!(found.location.as_ref().unwrap().path(), "data/2025-07/operations.xls");
    assert!(found.hints.iter().any(|hint| hint.contains("没有与这一期核对")), "{found:?}");
}

#[test]
fn a_missing_answer_is_an_error_of_the_month() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let json = asked.bulletin.run(&["--format", "json", "check", ASKED_MONTH]).json();
    let findings = json["months"][0]["diagnostics"].as_array().unwrap();
    let missing = findings.iter().find(|finding| finding["code"] == "Y0308").unwrap();
    assert_eq!(missing["message"], "表 operations 还缺 1 个部门的答复：市教育局");
    assert_eq!(missing["location"]["file"], "data/2025-08/answers");
}

#[test]
fn a_combined_workbook_with_figures_and_answers_exclude_each_other() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let bulletin = asked.bulletin.with_file("data/2025-08/operations.xlsx", Table::operations().xlsx());
    let json = bulletin.run(&["--format", "json", "check", ASKED_MONTH]).json();
    let findings = json["months"][0]["diagnostics"].as_array().unwrap();
    let both = findings.iter().find(|finding| finding["code"] == "Y0901").unwrap();
    assert_eq!(both["location"]["file"], "data/2025-08/operations.xlsx");
}

#[test]
fn a_workbook_of_another_name_beside_answers_is_told_for_it_is_not_used() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let bulletin =
        asked.bulletin.with_file("data/2025-08/operations（更正）.xlsx", Table::operations().xlsx());
    let json = bulletin.run(&["--format", "json", "check", ASKED_MONTH]).json();
    let findings = json["months"][0]["diagnostics"].as_array().unwrap();
    let unused = findings.iter().find(|finding| finding["code"] == "Y0113").unwrap();
    assert_eq!(
        unused["hints"][0],
        "如果是部门报来的，请用 yuebao collect 收；不用的、与这张表无关的，请移出这个文件夹"
    );
}

#[test]
fn what_is_no_answer_to_this_month_is_an_error_of_that_file_alone() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.bulletin.run(&["forms", "2025-09"]).done();
    let september = asked.bulletin.bytes("output/forms/2025-09/04-市教育局.xlsx");
    let other = asked.form("04").with_part("docProps/custom.xml", |xml| xml.replace("窗口月报", "别的月报"));
    let unknown =
        asked.form("04").with_part("docProps/custom.xml", |xml| xml.replace("市教育局", "市气象局"));
    let left = asked.form("04").with_part("docProps/custom.xml", |xml| xml.replace("市教育局", "市审计局"));
    asked
        .receive("m.xlsx", september)
        .receive("n.xlsx", other.bytes())
        .receive("o.xlsx", unknown.bytes())
        .receive("p.xlsx", left.bytes());
    assert_eq!(
        asked.collected(),
        [
            "a.xlsx: merged",
            "b.xlsx: merged",
            "c.xlsx: merged",
            "m.xlsx: rejected; Y0906",
            "n.xlsx: rejected; Y0907",
            "o.xlsx: rejected; Y0908",
            "p.xlsx: rejected; Y0908",
        ]
    );
}

#[test]
fn a_file_without_properties_is_known_by_what_stands_in_it() {
    let asked = Asked::small();
    let plain = |number| asked.form(number).without_properties();
    asked.receive("a.xlsx", plain("01").filled(["1", "1", "1"]).with("A5", "公安局").bytes());
    asked.receive("b.xlsx", plain("02").filled(["1", "1", "1"]).with("A5", "").bytes());
    let wrong_month = |xml: &str| xml.replace("8月", "7月");
    asked.receive(
        "c.xlsx",
        plain("03").filled(["1", "1", "1"]).with_part("xl/sharedStrings.xml", wrong_month).bytes(),
    );
    asked.receive("d.csv", "部门,办件（件）/受理量,办件（件）/办结量,邮寄量（件）\n,,,\n");
    asked.receive("e.xlsx", plain("04").filled(["1", "1", "1"]).with("A5", "市教肓局").bytes());
    asked.receive("市教育局.csv", "什么,都,不是\n1,2,3\n");
    assert_eq!(
        asked.collected(),
        [
            "a.xlsx: merged",
            "b.xlsx: rejected; Y0903 A5",
            "c.xlsx: rejected; Y0906 A1",
            "d.csv: rejected; Y0903",
            "e.xlsx: rejected; Y0903 A5",
            "市教育局.csv: rejected; Y0301",
        ]
    );
    let json = asked.collect().json();
    let found = |answer: usize| json["answers"][answer]["diagnostics"][0].clone();
    assert_eq!(found(1)["message"], "这一行有数字，却没有部门名称，认不出这是哪个部门的答复");
    assert_eq!(found(1)["hints"], serde_json::json!(["请填上部门名称"]));
    assert_eq!(found(4)["message"], "名册里没有“市教肓局”这个部门，认不出这是哪个部门的答复");
    assert_eq!(found(4)["hints"][0], "是不是“市教育局”？");
    let hints = found(5)["hints"].to_string();
    assert!(hints.contains("从文件名看，可能是“市教育局”的"), "{hints}");
}

#[test]
fn a_form_without_its_name_is_to_get_it_back() {
    let asked = Asked::small();
    asked.receive("a.xlsx", asked.form("01").filled(["1", "1", "1"]).with("A5", "").bytes());
    let json = asked.collect().ending_with(1).json();
    assert_eq!(told(&json), ["a.xlsx: rejected; Y0310 A5"]);
    let hints = &json["answers"][0]["diagnostics"][0]["hints"];
    assert_eq!(hints, &serde_json::json!(["请填上部门名称“市公安局”"]));
}

#[test]
fn a_changed_structure_is_told() {
    let asked = Asked::small();
    let header = ["", "办件（件）", "", "邮寄量（件）"];
    let table = |name: &str| {
        Table::new("表")
            .row(1, ["2025年8月"])
            .row(2, header)
            .row(3, ["部门", "受理量", "办结量", ""])
            .row(4, [name, "1", "2", "3"])
    };
    let renamed = table("市公安局").with("D2", "寄出数");
    let added = table("市民政局").with("E3", "备注").with("E4", "好");
    let moved = Table::new("表")
        .row(1, ["部门", "邮寄量（件）", "办件（件）", ""])
        .row(2, ["", "", "受理量", "办结量"])
        .row(3, ["市司法局", "3", "1", "2"])
        .merging("A1:A2")
        .merging("B1:B2")
        .merging("C1:D1");
    asked.receive("a.xlsx", renamed.xlsx()).receive("b.xlsx", added.xlsx()).receive("c.xlsx", moved.xlsx());
    assert_eq!(
        asked.collected(),
        ["a.xlsx: rejected; Y0303 A2; Y0305 D2", "b.xlsx: merged; Y0305 E3", "c.xlsx: merged; Y0913 B3"]
    );
}

#[test]
fn an_overwritten_name_and_rows_of_others_are_errors() {
    let asked = Asked::small();
    asked.receive("a.xlsx", asked.form("01").filled(["1", "1", "1"]).with("A5", "市民政局").bytes());
    asked.receive("b.xlsx", asked.form("02").filled(["1", "1", "1"]).with("A5", "某某局").bytes());
    asked.receive("c.xlsx", Table::operations().xlsx());
    asked.bulletin.run(&["forms", "2025-08", "--combined"]).done();
    asked.receive("d.xlsx", asked.form("00").bytes());
    assert_eq!(
        asked.collected(),
        [
            "a.xlsx: rejected; Y0905 A5",
            "b.xlsx: rejected; Y0905 A5",
            "c.xlsx: rejected; Y0904",
            "d.xlsx: rejected; Y0904",
        ]
    );
    assert!(
        !asked.bulletin.path("data/2025-08/answers/answers.toml").exists()
            || !asked.record().contains("[[answer]]")
    );
}

#[test]
fn archives_are_opened_and_dangerous_ones_refused() {
    let asked = Asked::small();
    let answer = asked.form("01").filled(["1", "1", "1"]);
    let zip = |names: &[&str]| {
        let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, answer.bytes())).collect();
        bytes::archive(&parts)
    };
    asked.receive("b.zip", zip(&["../out.xlsx"]));
    asked.receive("c.zip", bytes::archive(&[("in.zip", &zip(&["a.xlsx"]))]));
    asked.receive("d.zip", bytes::archive(&[("big.csv", "1".repeat(4 << 20).as_bytes())]));
    let json = asked.collect().ending_with(1).json();
    let codes: Vec<&str> =
        json["diagnostics"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["Y0915", "Y0915", "Y0915", "Y0916"]);
    assert_eq!(told(&json), [""; 0]);
    asked.discard("b.zip").discard("c.zip").discard("d.zip");
    asked.receive("a.zip", zip(&["答复/公安局.xlsx", "__MACOSX/._a", "答复/~$公安局.xlsx"]));
    assert_eq!(asked.collected(), ["a.zip/答复/公安局.xlsx: merged"]);
    assert!(asked.record().contains("received = \"in/a.zip/答复/公安局.xlsx\""), "{}", asked.record());
}

#[test]
fn what_cannot_be_read_is_named_and_stops_nothing() {
    let asked = Asked::small();
    three_answers(&asked);
    asked
        .receive("d.xlsx", "")
        .receive("e.xlsx", bytes::compound("EncryptedPackage"))
        .receive("f.pdf", "%PDF-1.7");
    assert_eq!(
        asked.collected(),
        [
            "a.xlsx: merged",
            "b.xlsx: merged",
            "c.xlsx: merged",
            "d.xlsx: rejected; Y0201",
            "e.xlsx: rejected; Y0221",
            "f.pdf: rejected; Y0222",
        ]
    );
    let json = asked.collect_from(&asked.path("nowhere.xlsx")).ending_with(1).json();
    assert_eq!(json["diagnostics"][0]["code"], "Y0917");
}

#[test]
fn an_answer_that_was_changed_afterwards_is_told_and_can_be_collected_again() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let name = "data/2025-08/answers/01-市公安局.xlsx";
    let changed = asked.form("01").filled(["121", "118", "7"]);
    let asked = asked.changed(|bulletin| bulletin.with_file(name, changed.bytes()));
    let json = asked.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).done().json();
    assert_eq!(json["diagnostics"][0]["code"], "Y0902");
    asked.collect_from(&asked.bulletin.path(name)).done();
    let json = asked.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).done().json();
    assert_eq!(json["diagnostics"], serde_json::Value::Null);
}

#[test]
fn a_damaged_record_is_an_error_at_its_place_and_nothing_is_written() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let damaged = asked.record().replacen("file = ", "fil = ", 1);
    let asked = asked.changed(|bulletin| bulletin.with_file("data/2025-08/answers/answers.toml", &damaged));
    let json = asked.collect().ending_with(1).json();
    assert!(json["diagnostics"].to_string().contains("Y0105"), "{json}");
    assert_eq!(asked.record(), damaged);
    let check = asked.bulletin.run(&["--format", "json", "check", ASKED_MONTH]).json();
    assert!(check.to_string().contains("data/2025-08/answers/answers.toml"), "{check}");
}

#[test]
fn a_crash_before_the_record_is_written_leaves_the_month_as_it_was() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.collect().done();
    let before = asked.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).json();
    // What a run leaves behind that ended between the answers and their record: files that nothing names.
    let stray = asked.form("01").filled(["999", "999", "999"]);
    let asked = asked.changed(|bulletin| {
        bulletin
            .with_file("data/2025-08/answers/01-市公安局-2.xlsx", stray.bytes())
            .with_file("data/2025-08/answers/.yuebao-abc", stray.bytes())
    });
    assert_eq!(asked.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).json(), before);
    let corrected = asked.form("01").filled(["5", "5", "5"]).saved("2025-09-02T08:00:00");
    asked.receive("a2.xlsx", corrected.bytes());
    asked.collect().done();
    assert!(asked.record().contains("file = \"01-市公安局-3.xlsx\""), "{}", asked.record());
}

/// Two people collect what came to each of them, at the same moment.
#[test]
fn who_collects_at_the_same_time_loses_nothing() {
    let asked = Asked::small();
    for (number, folder) in [("01", "a"), ("02", "b"), ("03", "a"), ("04", "b")] {
        let form = asked.form(number).filled(["1", "1", "1"]);
        asked.receive(&format!("{folder}/{number}.xlsx"), form.bytes());
    }
    for _ in 0..5 {
        std::thread::scope(|scope| {
            for folder in ["a", "b"] {
                scope.spawn(|| asked.collect_from(&asked.path(folder)).done());
            }
        });
        assert_eq!(asked.standing("answered").len(), 4, "{}", asked.record());
        fs::remove_dir_all(asked.bulletin.path("data/2025-08/answers")).unwrap();
    }
}

#[test]
fn status_is_told_as_a_table_and_as_a_text_to_paste() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive("c.xlsx", asked.form("03").filled(["4", "5", "六"]).saved("2025-09-01T08:30:00").bytes());
    asked.collect().ending_with(1);
    insta::assert_snapshot!(asked.bulletin.run(&["status", ASKED_MONTH]).done().stdout, @r"
    部门      状态    保存时间          来自       说明
    市公安局  已报    2025-08-01 08:00  in/a.xlsx
    市民政局  已报    2025-08-01 08:00  in/b.xlsx
    市司法局  须更正                               in/c.xlsx 有 1 处错误；退回件 output/returns/2025-08/03-市司法局.xlsx
    市教育局  没有报

    4 个部门：已报 2，须更正 1，没有报 1

    《窗口月报》2025年8月的数据，以下 1 个部门还没有报送：市教育局。请尽快填报空白表并发回。
    《窗口月报》2025年8月的数据，以下 1 个部门报送的表格有误：市司法局。请按退回的表格中标出的地方更正后重新报送。
    ");
    insta::assert_snapshot!(asked.bulletin.run(&["status", ASKED_MONTH, "--message"]).done().stdout, @r"
    《窗口月报》2025年8月的数据，以下 1 个部门还没有报送：市教育局。请尽快填报空白表并发回。
    《窗口月报》2025年8月的数据，以下 1 个部门报送的表格有误：市司法局。请按退回的表格中标出的地方更正后重新报送。
    ");
    let json = asked.bulletin.run(&["--format", "json", "status", ASKED_MONTH]).done().json();
    assert_eq!(json["departments"][2]["status"], "to_correct");
    assert_eq!(json["departments"][2]["returned"]["errors"], 1);
    asked.bulletin.run(&["status", "2025-13"]).ending_with(2);
}

#[test]
fn nobody_is_asked_for_a_table_that_a_filled_workbook_serves() {
    let served = Bulletin::new();
    let line = "表 operations 用的是汇总表 operations.xlsx，各部门不必另报\n";
    let both = format!("表 assessment 用的是汇总表 assessment.xlsx，各部门不必另报\n{line}");
    for words in [&["status", "2025-07"][..], &["status", "2025-07", "--message"]] {
        assert_eq!(served.run(words).done().stdout, both);
    }
    let json = served.run(&["--format", "json", "status", "2025-07"]).done().json();
    assert_eq!((&json["departments"], &json["message"]), (&serde_json::json!([]), &serde_json::Value::Null));
    let file = serde_json::json!({ "table": "operations", "file": "data/2025-07/operations.xlsx" });
    assert_eq!(json["summary_files"][1], file);

    // One table by answers, the other by a workbook; one that is blank serves nothing.
    let asked = Asked::of(Bulletin::new());
    let status = |asked: &Asked| asked.bulletin.run(&["status", ASKED_MONTH]).done().stdout;
    assert!(!status(&asked).contains("汇总表"), "{}", status(&asked));
    let asked = asked
        .changed(|bulletin| bulletin.with_file("data/2025-08/operations.xlsx", Table::operations().xlsx()));
    let assessment =
        Table::new("考核").row(1, ["部门窗口", "基本得分", "加分"]).row(2, ["市公安局", "90", "1"]);
    asked.receive("a.xlsx", assessment.xlsx());
    let json = asked.collect().done().json();
    assert_eq!(json["missing"], serde_json::json!(["市民政局", "市司法局", "市教育局"]));
    let told = status(&asked);
    assert!(told.contains(&format!("\n4 个部门：已报 1，须更正 0，没有报 3\n{line}\n《")), "{told}");
}

#[test]
fn the_faults_of_one_table_hide_nothing_in_the_next() {
    let asked = Asked::of(Bulletin::new());
    let assessment =
        Table::new("考核").row(1, ["部门窗口", "基本得分", "加分"]).row(2, ["市公安局", "约90", "1"]);
    let operations = Table::new("办件")
        .row(1, ["部门", "办件（件）/受理量", "办件（件）/办结量", "邮寄量（件）"])
        .row(2, ["市公安局", "1", "", "1"]);
    asked.receive("a.xlsx", workbook(&[&assessment, &operations]));
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0203 B2; Y0210 C2"]);
}

#[test]
fn blank_workbooks_of_a_new_month_may_be_older_than_the_register() {
    let asked = Asked::small();
    three_answers(&asked);
    asked.receive("d.xlsx", asked.form("04").filled(["4", "4", "4"]).bytes());
    asked.collect().done();
    // A department that is added later stands in no blank workbook, nor does a column.
    let later = "name = \"市司法局\"\n\n[[department]]\nname = \"市数据局\"\nsince = \"2025-08\"\n";
    let asked =
        asked.changed(|bulletin| bulletin.with_edit("data/departments.toml", "name = \"市司法局\"\n", later));
    let told = asked.bulletin.run(&["check", "2025-08", "--format", "json"]).answer().findings().join(" ");
    assert!(!told.contains("Y0901") && told.contains("Y0308"), "{told}");
}
