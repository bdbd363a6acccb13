//! `init` and `new`: a bulletin that builds at once, and the next month with everything still to fill.

use std::fs;
use std::path::Path;

use calamine::{Data, Reader, Xlsx};

use crate::harness::{Bulletin, REPOSITORY, run_in};

fn repository_fonts() -> String {
    format!("{REPOSITORY}/fonts")
}

#[test]
fn a_new_bulletin_builds_at_once_and_goes_on_with_the_next_month() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("我的 月报");
    let outcome = run_in(temporary.path(), &["init", "我的 月报", "--fonts", &repository_fonts()]).done();
    assert!(outcome.stderr.starts_with("已在 我的 月报 新建月报。接下来：\n"), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
    assert!(!root.join("output").exists() || fs::read_dir(root.join("output")).unwrap().count() == 0);
    assert!(root.join("fonts/LICENSES").is_dir(), "the fonts come with their licences");

    run_in(&root, &["build", "--deny-warnings"]).done();
    assert!(fs::read(root.join("output/2025-01.pdf")).unwrap().starts_with(b"%PDF"));

    let told = run_in(&root, &["new", "2025-02"]).done().stderr;
    insta::assert_snapshot!(told, @r"
    已新建 data/2025-02：
      data/2025-02/issue.toml
      data/2025-02/operations.xlsx
    接下来：把各部门的数填进表格，改写 issue.toml，再运行
      yuebao check 2025-02
    ");
    let told = run_in(&root, &["check", "2025-02"]).ending_with(1).stderr;
    assert!(told.contains("错误 Y0103 缺少 value（数字）"), "{told}");

    // What is to be typed next can be typed as it is told, though the name has a space.
    assert!(outcome.stderr.contains("  cd \"我的 月报\"\n"), "{}", outcome.stderr);
}

#[test]
fn the_first_month_is_made_from_the_starters() {
    let temporary = tempfile::tempdir().unwrap();
    run_in(temporary.path(), &["init", "--fonts", &repository_fonts()]).done();
    fs::remove_dir_all(temporary.path().join("data/2025-01")).unwrap();
    run_in(temporary.path(), &["new", "2025-03"]).done();
    let issue = fs::read_to_string(temporary.path().join("data/2025-03/issue.toml")).unwrap();
    assert!(issue.contains("\nnumber = 3\ndate = 2025-04-10\n\n# 手工录入"), "{issue}");
    assert!(issue.contains("# 请填本月的数：value") && issue.contains("draft = true"), "{issue}");
    assert!(temporary.path().join("data/2025-03/operations.xlsx").is_file());
    let told = run_in(temporary.path(), &["check"]).ending_with(1).stderr;
    assert!(told.contains("Y0507") && !told.contains("Y0101"), "{told}");
}

#[test]
fn init_overwrites_nothing() {
    let bulletin = Bulletin::new();
    let settings = bulletin.bytes("yuebao.toml");
    let told = bulletin.run(&["init", "--fonts", &repository_fonts()]).ending_with(2).stderr;
    assert!(told.contains("错误 当前文件夹里已经有一份月报\n"), "{told}");
    assert_eq!(bulletin.bytes("yuebao.toml"), settings);

    let temporary = tempfile::tempdir().unwrap();
    fs::create_dir(temporary.path().join("data")).unwrap();
    fs::write(temporary.path().join("data/departments.toml"), "甲").unwrap();
    let told = run_in(temporary.path(), &["init", "--fonts", &repository_fonts()]).ending_with(2).stderr;
    assert!(told.contains("data/departments.toml"), "{told}");
    assert_eq!(fs::read_to_string(temporary.path().join("data/departments.toml")).unwrap(), "甲");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 1, "nothing was begun");
}

#[test]
fn init_without_fonts_says_where_they_are_looked_for() {
    let temporary = tempfile::tempdir().unwrap();
    let told = run_in(temporary.path(), &["init", "--fonts", "字体"]).ending_with(2).stderr;
    insta::assert_snapshot!(told, @r"
    错误 没有“字体”这个文件夹
      → 请写明字体所在的文件夹
    ");
    fs::write(temporary.path().join("file"), "").unwrap();
    run_in(temporary.path(), &["init", "file/月报", "--fonts", &repository_fonts()]).ending_with(2);
}

#[test]
fn init_takes_for_fonts_no_folder_without_them_nor_the_one_around_the_new_bulletin() {
    let temporary = tempfile::tempdir().unwrap();
    let fonts = temporary.path().join("F");
    fs::create_dir_all(fonts.join("LICENSES")).unwrap();
    fs::write(fonts.join("LICENSES/OFL.txt"), "").unwrap();
    let told = run_in(temporary.path(), &["init", "月报", "--fonts", "F"]).ending_with(2).stderr;
    insta::assert_snapshot!(told, @r"
    错误 “F”这个文件夹里没有字体文件
      → 请写明直接放着字体文件（.ttf、.otf、.ttc、.otc）的文件夹
    ");
    assert!(!temporary.path().join("月报").exists());

    fs::write(fonts.join("a.OTF"), "").unwrap();
    for (folder, words) in [
        (&fonts, &["init", "我的月报", "--fonts", "."][..]),
        (&fonts.join("LICENSES"), &["init", "--fonts", ".."]),
        (&temporary.path().to_path_buf(), &["-C", "F", "init", "新/月报", "--fonts", "F/LICENSES/.."]),
    ] {
        let told = run_in(folder, words).ending_with(2).stderr;
        assert!(told.starts_with("错误 新月报不能建在字体的文件夹“"), "{told}");
        assert_eq!(fs::read_dir(&fonts).unwrap().count(), 2, "nothing was begun");
    }

    // Fonts that stand where they belong stay there.
    fs::create_dir(temporary.path().join("月报")).unwrap();
    fs::rename(&fonts, temporary.path().join("月报/fonts")).unwrap();
    run_in(temporary.path(), &["init", "月报", "--fonts", "月报/fonts"]).done();
    assert_eq!(fs::read_dir(temporary.path().join("月报/fonts")).unwrap().count(), 2);
}

#[test]
fn a_new_month_has_blank_workbooks_and_no_news_of_the_last_one() {
    let bulletin = Bulletin::new();
    bulletin.run(&["new", "2025-08"]).done();
    let issue = bulletin.text("data/2025-08/issue.toml");
    insta::assert_snapshot!(issue, @r#"
    number = 8
    date = 2025-09-05

    [values.calls]
    # 请填本月的数：value = 356
    unit = "人次"
    # 请写本月的来源：source = "咨询台登记表"

    [[section]]
    title = "总体情况"
    text = """
    共办理{{ figures.handled }}，其中窗口受理{{ operations.total.accepted | wan }}。
    接待咨询{{ values.calls }}。
    """
    draft = true            # 照上期带来：改好后请删去这一行

    [[section]]
    title = "工作动态"

    [[section.item]]
    heading = ""
    text = ""
    "#);

    let rows = rows(&bulletin.path("data/2025-08/operations.xlsx"));
    let texts: Vec<&str> =
        rows.iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect();
    assert_eq!(
        texts,
        [
            "窗口月报 2025年8月",
            "序号",
            "部门",
            "办件（件）",
            "邮寄量（件）",
            "受理量",
            "办结量",
            "1",
            "市公安局",
            "2",
            "市民政局",
            "3",
            "市司法局",
            "4",
            "市教育局",
            "合计",
            "0",
            "0",
            "0",
        ]
    );
}

#[test]
fn checking_a_new_month_tells_exactly_what_is_still_to_fill() {
    let bulletin = Bulletin::new();
    bulletin.run(&["new", "2025-08"]).done();
    let answer = bulletin.run(&["--format", "json", "check", "2025-08"]).answer();
    let mut expected: Vec<String> = Vec::new();
    // The figure entered by hand: its value and its source.
    expected.extend(["4:9", "4:9"].map(|place| format!("Y0103 data/2025-08/issue.toml:{place}")));
    // A row without any figure for each department that is active.
    expected.extend([3, 4, 5, 6].map(|row| format!("Y0210 data/2025-08/assessment.xlsx Sheet1!B{row}")));
    expected.extend([4, 5, 6, 7].map(|row| format!("Y0210 data/2025-08/operations.xlsx Sheet1!B{row}")));
    // The text with figures, carried over from last month, and the piece of news.
    expected.push("Y0507 data/2025-08/issue.toml:15:9".to_owned());
    expected.push("Y0505 data/2025-08/issue.toml:21:11".to_owned());
    let mut findings = answer.findings();
    findings.sort_unstable();
    expected.sort_unstable();
    assert_eq!(findings, expected);
}

#[test]
fn an_item_with_figures_is_carried_over_as_a_draft_and_news_loses_its_picture() {
    const ISSUE: &str = "data/2025-08/issue.toml";
    let item = "\n[[section.item]]\nlead = \"邮寄\"\ntext = \"共邮寄{{ operations.total.mailed }}。\"\n";
    let news = "text = \"逐个窗口对照检查，限期改正。\"\n";
    let picture = "picture = { file = \"现场.jpg\", description = \"现场\" }\n";
    let bulletin = Bulletin::new()
        .with_edit("data/2025-07/issue.toml", news, &format!("{news}{picture}"))
        .with_addition("data/2025-07/issue.toml", item);
    bulletin.run(&["new", "2025-08"]).done();
    let issue = bulletin.text(ISSUE);
    assert!(
        issue.ends_with(&format!(
            "heading = \"\"\ntext = \"\"\n{item}draft = true            # 照上期带来：改好后请删去这一行\n"
        )),
        "{issue}"
    );
    let answer = bulletin.run(&["--format", "json", "check", "2025-08"]).answer();
    let told =
        answer.findings().into_iter().filter(|found| found.contains("issue.toml:2")).collect::<Vec<_>>();
    assert_eq!(told, ["Y0505 data/2025-08/issue.toml:21:11", "Y0507 data/2025-08/issue.toml:27:9"]);
    assert!(answer.messages().contains(&"Y0507 这一项是照上期带来的，还没有核对".to_owned()));
}

#[test]
fn a_new_month_that_is_filled_in_builds() {
    let bulletin = Bulletin::new();
    bulletin.run(&["new", "2025-08"]).done();
    let bulletin = bulletin
        .with_edit("data/2025-08/issue.toml", "# 请填本月的数：value = 356", "value = 412")
        .with_edit("data/2025-08/issue.toml", "# 请写本月的来源：source", "source")
        .with_edit(
            "data/2025-08/issue.toml",
            "draft = true            # 照上期带来：改好后请删去这一行\n",
            "",
        )
        .with_edit("data/2025-08/issue.toml", "heading = \"\"", "heading = \"新闻\"")
        .with_edit("data/2025-08/issue.toml", "text = \"\"\n", "text = \"内容。\"\n");
    for table in ["operations", "assessment"] {
        let filled = bulletin.bytes(&format!("data/2025-07/{table}.xlsx"));
        fs::write(bulletin.path(&format!("data/2025-08/{table}.xlsx")), filled).unwrap();
    }
    bulletin.run(&["build", "2025-08", "--deny-warnings"]).done();
}

#[test]
fn a_month_before_the_first_issue_has_a_number_too() {
    let bulletin = Bulletin::new().with_edit("data/2025-07/issue.toml", "number = 7", "number = 2");
    bulletin.run(&["new", "2024-01"]).done();
    assert!(bulletin.text("data/2024-01/issue.toml").starts_with("number = 1\n"));
}

#[test]
fn new_overwrites_no_month() {
    let bulletin = Bulletin::new();
    let told = bulletin.run(&["new", "2025-07"]).ending_with(2).stderr;
    assert!(told.contains("data/2025-07 已经有了"), "{told}");
    for word in ["2025-13", "八月", "2025-8"] {
        let told = bulletin.run(&["new", word]).ending_with(2).stderr;
        assert!(told.contains("不是月份"), "{told}");
    }
}

#[test]
fn a_new_month_that_cannot_be_written_is_told_and_not_begun() {
    let name = "长".repeat(100);
    let bulletin = Bulletin::new().with_edit(
        "yuebao.toml",
        "name = \"operations\"",
        &format!("name = \"operations\"\nfile = \"{name}\""),
    );
    let told = bulletin.run(&["new", "2025-08"]).ending_with(2).stderr;
    assert!(told.contains("无法写入 data/2025-08"), "{told}");
    assert!(!bulletin.path("data/2025-08").exists(), "half a month would look like a whole one");
}

/// The rows of a workbook's first sheet as texts, read by another reader than the program's own.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}
