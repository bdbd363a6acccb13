//! Numbers typed in the texts: reported with the figure that they equal, or declared with their source.

use crate::harness::Bulletin;

const ISSUE: &str = "data/2025-07/issue.toml";

/// The bulletin whose second line of running text (line 13) is this.
fn with_text(text: &str) -> Bulletin {
    Bulletin::new().with_edit(ISSUE, "接待咨询{{ values.calls }}。", text)
}

/// The bulletin that also declares this wording, from line 7 on.
fn with_literal(bulletin: Bulletin, text: &str) -> Bulletin {
    let entry = format!("[[literal]]\ntext = \"{text}\"\nsource = \"工作制度\"\n\n[values.calls]");
    bulletin.with_edit(ISSUE, "[values.calls]", &entry)
}

#[test]
fn a_typed_number_is_reported_with_the_figure_that_it_equals() {
    let told =
        with_text("其中受理2.29万件，接待咨询365人次，答复在3个工作日内。").run(&["check"]).done().stderr;
    insta::assert_snapshot!(told, @r##"
    提醒 Y0508 “2.29万件”是直接写在正文里的数字
      位置：data/2025-07/issue.toml:13:5
        其中受理2.29万件，接待咨询365人次，答复在3个工作日内。
                ^^^^^^^^
      → 它等于 figures.handled（22939件），请改写成 {{ figures.handled | wan }}，印作 2.29万件
      → 它等于 operations.total.accepted（22883件），请改写成 {{ operations.total.accepted | wan }}，印作 2.29万件
      → 不是这个数，而是属于行文的，请在 issue.toml 中加一节 [[literal]]，写上 text = "2.29万件" 和 source（来源）
    提醒 Y0508 “365人次”是直接写在正文里的数字
      位置：data/2025-07/issue.toml:13:16
        其中受理2.29万件，接待咨询365人次，答复在3个工作日内。
                                  ^^^^^^^
      → 它和 values.calls（356人次）相近而不相等，请核对；要印的是这个数，请改写成 {{ values.calls }}
      → 不是这个数，而是属于行文的，请在 issue.toml 中加一节 [[literal]]，写上 text = "365人次" 和 source（来源）
    提醒 Y0508 “3个工作日”是直接写在正文里的数字
      位置：data/2025-07/issue.toml:13:25
        其中受理2.29万件，接待咨询365人次，答复在3个工作日内。
                                                 ^^^^^^^^^
      → 手工录入的数，请在 issue.toml 中写成 [values.名称]（value、unit、source），正文写 {{ values.名称 }}
      → 属于行文的数，请在 issue.toml 中加一节 [[literal]]，写上 text = "3个工作日" 和 source（来源）
    2025-07 检查通过（3 处提醒）
    "##);
}

#[test]
fn the_figure_of_the_department_that_the_sentence_names_is_offered() {
    let answer = with_text("市公安局受理20337件。").check();
    assert_eq!(answer.findings(), ["Y0508 issue.toml:13:7"]);
    insta::assert_snapshot!(answer.hints().join("\n"), @r##"
    它等于 operations["市公安局"].accepted（20337件），请改写成 {{ operations["市公安局"].accepted }}
    不是这个数，而是属于行文的，请在 issue.toml 中加一节 [[literal]]，写上 text = "20337件" 和 source（来源）
    "##);
}

#[test]
fn a_figure_that_counts_in_ten_thousands_is_offered_as_it_is_printed() {
    let in_wan = |text: &str| {
        let settings = "header = \"办件（件）/受理量\"\nunit = \"件\"";
        with_text(text).with_edit(
            "yuebao.toml",
            settings,
            &settings.replace("unit = \"件\"", "unit = \"万元\""),
        )
    };
    let bulletin = in_wan("市公安局征收20337万元。").with_edit(
        "yuebao.toml",
        "operations.total.accepted + operations.total.mailed",
        "operations.total.mailed",
    );
    let hints = bulletin.with_edit(ISSUE, "| wan", "").check().hints().join("\n");
    assert!(hints.contains("{{ operations[\"市公安局\"].accepted }}"), "{hints}");
}

#[test]
fn numbers_of_all_texts_are_told_at_once_by_place() {
    let answer = with_text("另有8人。")
        .with_edit(ISSUE, "title = \"工作动态\"", "title = \"工作动态5则\"")
        .with_edit(ISSUE, "开展服务规范月活动", "7个窗口开展服务规范月活动")
        .with_edit(ISSUE, "逐个窗口", "九十九个窗口")
        .with_edit("yuebao.toml", "月办件情况\"", "月3类办件情况\"")
        .check();
    let expected =
        ["issue.toml:13:3", "issue.toml:17:14", "issue.toml:20:12", "issue.toml:21:9", "yuebao.toml:48:29"];
    assert_eq!(answer.findings(), expected.map(|place| format!("Y0508 {place}")));
}

#[test]
fn declared_wording_is_printed_as_it_stands() {
    let bulletin = with_literal(with_text("答复在3个工作日内。"), "3个工作日");
    bulletin.build().is_clean();
    let text = crate::harness::printed::page_text(bulletin.root(), "2025-07");
    assert!(text.contains("答复在3个工作日内。"), "{text}");
}

#[test]
fn declared_wording_that_stands_nowhere_is_reported_at_its_place() {
    let told = with_literal(with_text("答复在13个工作日内。"), "3个工作日").run(&["check"]).done().stderr;
    insta::assert_snapshot!(told, @r##"
    提醒 Y0508 “13个工作日”是直接写在正文里的数字
      位置：data/2025-07/issue.toml:17:4
        答复在13个工作日内。
              ^^^^^^^^^^
      → 手工录入的数，请在 issue.toml 中写成 [values.名称]（value、unit、source），正文写 {{ values.名称 }}
      → 属于行文的数，请在 issue.toml 中加一节 [[literal]]，写上 text = "13个工作日" 和 source（来源）
    提醒 Y0509 声明的“3个工作日”在本期的正文里没有
      位置：data/2025-07/issue.toml:5:8
      → 正文已经改写的，请删去这一节 [[literal]]；还要用的，text 请和正文里的写法一致
    2025-07 检查通过（2 处提醒）
    "##);
}

#[test]
fn nothing_is_said_of_unmatched_wording_where_a_text_cannot_be_read() {
    let bulletin = with_literal(Bulletin::new(), "3个工作日");
    assert_eq!(bulletin.check().findings(), ["Y0509 issue.toml:5:8"]);
    let answer = bulletin.with_edit(ISSUE, "\"逐个窗口对照检查，限期改正。\"", "3").check();
    assert_eq!(answer.findings(), ["Y0104 issue.toml:25:8"]);
}

#[test]
fn an_entry_without_number_or_source_is_an_error() {
    assert_eq!(with_literal(Bulletin::new(), "工作日").check().findings(), ["Y0104 issue.toml:5:8"]);
    let answer = with_literal(with_text("3个工作日"), "3个工作日")
        .with_edit(ISSUE, "source = \"工作制度\"\n", "")
        .check();
    assert_eq!(answer.messages()[0], "Y0103 缺少 source（数字的来源）");
    let answer = with_literal(with_text("3个工作日"), "3个工作日")
        .with_edit(ISSUE, "source = \"工", "sorce = \"工")
        .check();
    assert!(answer.hints().contains(&"是不是“source”？".to_owned()), "{:?}", answer.hints());
}

#[test]
fn the_sample_issues_account_for_every_number() {
    Bulletin::sample().run(&["check", "--all", "--deny-warnings"]).done();
}
