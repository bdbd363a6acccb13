//! The whole round of a month: forms out to 29 departments, answers back in every state, corrections, the bulletin.

use encoding_rs::GB18030;

use crate::harness::{ASKED_MONTH, Asked, Bulletin, FilledForm, Table, bytes, told};

/// The departments whose first answers cannot be used, or are not there, in official order.
const FAULTY: [&str; 4] = ["06", "07", "18", "19"];
const MISSING: &str = "05";

/// What a department reports, by its number in the official order: online accepted and completed, counter accepted
/// and issued, mailed.
fn reported(number: u32) -> [String; 5] {
    [number * 10, number * 10 - 1, number, number + 1, number * 2].map(|value| value.to_string())
}

fn filled(form: FilledForm, number: u32) -> FilledForm {
    let values = reported(number);
    form.filled(values.iter().map(String::as_str))
}

/// The 28 departments that answer at first, one of them twice.
fn receive_answers(asked: &Asked) {
    let form = |number: u32| filled(asked.form(&format!("{number:02}")), number);
    for number in [1, 2, 3, 8, 10, 11, 16, 20] {
        asked.receive(&format!("{number:02}.xlsx"), form(number).bytes());
    }
    // One department twice: the later version has the figures that count.
    asked.receive("04 改.xlsx", form(4).saved("2025-09-02T09:00:00").bytes());
    asked.receive("04.xlsx", form(4).with("B5", "999").saved("2025-09-01T09:00:00").bytes());
    // Text in a number cell.
    asked.receive("06.xlsx", form(6).with("F5", "约41").bytes());
    // The wrong month.
    asked.bulletin.run(&["forms", "2025-07"]).done();
    let july = asked.bulletin.bytes("output/forms/2025-07/07-民政厅.xlsx");
    asked.receive("07.xlsx", filled(FilledForm::new(july), 7).bytes());
    // A column that was moved, in a workbook of the department's own.
    let [first, second, third, fourth, fifth] = reported(9);
    let moved = Table::new("自然资源厅")
        .row(1, ["2025年8月"])
        .row(2, ["部门", "现场邮寄量（件）", "全程网办件（件）", "", "综窗办件（件）", ""])
        .row(3, ["", "", "受理量", "办结量", "受理量", "出件量"])
        .row(4, ["自然资源厅", &fifth, &first, &second, &third, &fourth])
        .merging("A2:A3")
        .merging("B2:B3")
        .merging("C2:D2")
        .merging("E2:F2");
    asked.receive("09.xlsx", moved.xlsx());
    // Other formats: as old Excel, LibreOffice and a business system write them.
    asked.receive("12.xls", include_bytes!("fixtures/answer.xls"));
    asked.receive("13.ods", include_bytes!("fixtures/answer.ods"));
    let csv = format!(
        "部门,全程网办件（件）/受理量,全程网办件（件）/办结量,综窗办件（件）/受理量,综窗办件（件）/出件量,现场邮寄量（件）\r\n农业农村厅,{}\r\n",
        reported(14).join(",")
    );
    asked.receive("14.csv", GB18030.encode(&csv).0);
    // A name that says nothing; a short form of the department's name.
    asked.receive("新建 Microsoft Excel 工作表 (2).xlsx", form(15).bytes());
    asked.receive("17.xlsx", form(17).with("A5", "卫健委").bytes());
    // What nobody can read.
    asked.receive("18 应急管理厅.xlsx", bytes::compound("EncryptedPackage"));
    asked.receive("19.xlsx", "");
    // The others in one archive.
    let packed: Vec<(String, FilledForm)> =
        (21..=29).map(|number| (format!("答复/{number}.xlsx"), form(number))).collect();
    let parts: Vec<(&str, &[u8])> = packed.iter().map(|(name, form)| (name.as_str(), form.bytes())).collect();
    asked.receive("其余.zip", bytes::archive(&parts));
}

#[test]
fn a_month_goes_out_comes_back_is_corrected_and_ends_with_a_bulletin() {
    let asked = Asked::of(Bulletin::sample());
    receive_answers(&asked);
    let json = asked.collect().ending_with(1).json();
    let unusual: Vec<String> =
        told(&json).into_iter().filter(|line| !line.ends_with(".xlsx: merged")).collect();
    assert_eq!(
        unusual,
        [
            "04 改.xlsx: merged; Y0909",
            "04.xlsx: superseded",
            "06.xlsx: rejected; Y0203 F5",
            "07.xlsx: rejected; Y0906",
            "09.xlsx: merged; Y0913 B4",
            "12.xls: merged",
            "13.ods: merged",
            "14.csv: merged",
            "18 应急管理厅.xlsx: rejected; Y0221",
            "19.xlsx: rejected; Y0201",
        ]
    );
    assert_eq!(asked.standing("answered").len(), 24);
    assert_eq!(asked.standing("to_correct"), ["公安厅", "民政厅"]);
    assert_eq!(asked.standing("missing"), ["科技厅", "应急管理厅", "省市场监管局"]);
    assert_eq!(asked.standing("missing").len() + asked.standing("to_correct").len(), FAULTY.len() + 1);

    // The corrections: one in the marked copy that went back, the others in their forms.
    let corrected = asked.returned("06-公安厅.xlsx").with("F5", "6").saved("2025-09-05T10:00:00");
    asked.receive("更正/06.xlsx", corrected.bytes());
    for number in [MISSING, "07", "18", "19"] {
        let form = filled(asked.form(number), number.parse().unwrap());
        asked.receive(&format!("更正/{number}.xlsx"), form.bytes());
    }
    let json = asked.collect_from(&asked.path("更正")).done().json();
    assert!(told(&json).iter().all(|line| line.ends_with(": merged")), "{json}");
    assert_eq!(json["missing"], serde_json::json!([]));
    assert_eq!(asked.standing("answered").len(), 29);

    // The rest of the issue, and the bulletin.
    let issue = asked
        .bulletin
        .text("data/2025-07/issue.toml")
        .replace("number = 7", "number = 8")
        .replace("date = 2025-08-26", "date = 2025-09-26");
    let assessment = asked.bulletin.bytes("data/2025-07/assessment.xlsx");
    let asked = asked.changed(|bulletin| {
        bulletin
            .with_file("data/2025-08/issue.toml", issue)
            .with_file("data/2025-08/assessment.xlsx", assessment)
    });
    asked.bulletin.run(&["build", ASKED_MONTH]).done();
    assert!(asked.bulletin.bytes("output/2025-08.pdf").starts_with(b"%PDF"));
    let figures = asked.bulletin.run(&["--format", "json", "figures", ASKED_MONTH]).done().json();
    let value = |id: &str| {
        let all = figures["figures"].as_array().unwrap();
        let figure = all.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("no {id}"));
        figure["value"].as_str().unwrap().parse::<u32>().unwrap()
    };
    // All but the two that the fixtures report.
    let others: u32 = (1..=29).filter(|number| ![12, 13].contains(number)).sum();
    assert_eq!(value("operations.total.online_accepted"), others * 10 + 25_000 + 1_800);
    assert_eq!(value("operations.total.counter_accepted"), others + 50 + 18);
    assert_eq!(value("operations.total.mailed"), others * 2);

    // A figure leads on to the department's own file and cell.
    for (figure, place) in [
        ("operations[\"公安厅\"].counter_accepted", "data/2025-08/answers/06-公安厅.xlsx 填报表!F5"),
        ("operations[\"交通运输厅\"].online_accepted", "data/2025-08/answers/12-交通运输厅.xls 填报表!B5"),
        ("operations[\"农业农村厅\"].mailed", "data/2025-08/answers/14-农业农村厅.csv F2"),
        ("operations[\"自然资源厅\"].mailed", "data/2025-08/answers/09-自然资源厅.xlsx 自然资源厅!B4"),
    ] {
        let told = asked.bulletin.run(&["explain", ASKED_MONTH, figure]).done().stdout;
        assert!(told.contains(place), "{figure}: {told}");
    }
    let told = asked.bulletin.run(&["explain", ASKED_MONTH, "operations.total.mailed"]).done().stdout;
    assert_eq!(told.matches("data/2025-08/answers/").count(), 29, "{told}");
    // The record says what each came as.
    let record = asked.record();
    assert!(record.contains("received = \"in/其余.zip/答复/29.xlsx\""), "{record}");
    assert!(record.contains("received = \"更正/06.xlsx\""), "{record}");
    assert_eq!(record.matches("\n[[answer]]").count(), 29);
    assert!(!record.contains("[[returned]]"));
}
