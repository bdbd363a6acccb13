//! Templates, fonts and pictures: what can be wrong with them, at file, line and column.

use crate::harness::{Bulletin, REPOSITORY, printed::page_text};

const MAIN: &str = "templates/bulletin/main.typ.j2";
const LIBRARY: &str = "templates/bulletin/lib.typ";
const TEXT: &str = "templates/bulletin/text.typ";
const SECTIONS: &str = "templates/bulletin/sections.typ";
const ISSUE: &str = "data/2025-07/issue.toml";
const SETTINGS: &str = "yuebao.toml";

/// A template that prints nothing but what a test puts in it.
fn with_library(library: &str) -> Bulletin {
    Bulletin::new().with_file(
        LIBRARY,
        format!("#let bulletin(issue) = {{\n  set document(title: issue.title)\n  {library}\n}}\n"),
    )
}

#[test]
fn a_template_that_is_not_there_is_told() {
    let bulletin = Bulletin::new().with_edit(SETTINGS, "[bulletin]", "[bulletin]\ntemplate = \"newsletter\"");
    assert_eq!(bulletin.check().findings(), ["Y0601 templates/newsletter/main.typ.j2"]);
}

#[test]
fn faults_of_the_main_template_have_their_place() {
    for (template, place) in [
        ("// 一\n#import {{ library }}: bulletin\n{{ isue }}\n", "3:4"),
        ("// 一\n{{ issue | nothing }}\n", "2:12"),
        ("// 一\n\n  {{ issue ) }}\n", "3:12"),
        ("// 一\n{% for %}\n", "2:8"),
    ] {
        let answer = Bulletin::new().with_file(MAIN, template).check();
        assert_eq!(answer.findings(), [format!("Y0602 {MAIN}:{place}")], "{template}");
    }
}

#[test]
fn faults_of_the_library_have_their_place_and_typsts_hints() {
    for (library, place) in [
        ("issue.nothing", "3:9"),
        ("let a = (", "3:11"),
        ("1 + \"a\"", "3:3"),
        ("paragraph[甲]", "3:3"),
        ("panic(1)", "3:3"),
    ] {
        let answer = with_library(library).check();
        assert_eq!(answer.findings()[0], format!("Y0603 {LIBRARY}:{place}"), "{library}");
    }
    let answer = with_library("let total-sum = 1\n  totalsum").check();
    assert_eq!(
        answer.messages(),
        ["Y0603 排版出错：没有名为 totalsum 的变量或函数（unknown variable: totalsum）"]
    );
    let told = with_library("let a-b = 1\n  a-c").run(&["build", "2025-07"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0603 排版出错：没有名为 a-c 的变量或函数（unknown variable: a-c）
      位置：templates/bulletin/lib.typ:4:3
          a-c
          ^^^
      → 要相减时，减号两边加空格：`a - c`
      → 经由 output/2025-07.typ:3:2（调用 bulletin）
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn what_typst_says_most_often_is_told_in_chinese() {
    let faults = [
        "none-such",
        "issue.nothing",
        "text(sise: 3pt)[甲]",
        "linebreak(3)",
        "heading()",
        "text(size: 3)[甲]",
        "let a = (",
        "let a = \"甲",
        "[`甲",
        "[<甲]",
        "let a = 甲 ^ 乙",
        "import \"main.typ.j2\": nothing",
        "import 3: nothing",
        "import calc: nothing",
        "read(\"none.txt\")",
        "read(\"../../../../x\")",
        "import \"@preview/cetz:0.3.0\": nothing",
        "set page(margin: (top： 37mm))",
        "text(font： “黑体”)[甲]",
        "let f(a, b = {\n  let c = (1, 2\n  text(size: 3pt, [甲]\n}",
        "(1, 2).at(3)",
        "1 + \"甲\"",
        "panic(\"没有期号\")",
    ];
    let told = |library: &&str| {
        let answer = with_library(library).check();
        let hints = answer.hints();
        let hints = hints.iter().filter(|hint| !hint.starts_with("经由")).map(|hint| format!("→ {hint}"));
        let told: Vec<String> = answer.messages().into_iter().chain(hints).collect();
        format!("{library}\n    {}", told.join("\n    "))
    };
    insta::assert_snapshot!(faults.iter().map(told).collect::<Vec<_>>().join("\n"), @r#"
    none-such
        Y0603 排版出错：没有名为 none-such 的变量或函数（unknown variable: none-such）
        → 要相减时，减号两边加空格：`none - such`
    issue.nothing
        Y0603 排版出错：数据里没有 "nothing" 这一项（dictionary does not contain key "nothing"）
    text(sise: 3pt)[甲]
        Y0603 排版出错：不认识名为 sise 的参数（unexpected argument: sise）
    linebreak(3)
        Y0603 排版出错：参数多了（unexpected argument）
    heading()
        Y0603 排版出错：缺少参数 body（missing argument: body）
    text(size: 3)[甲]
        Y0603 排版出错：应为长度，写的却是整数（expected length, found integer）
        → 长度要写单位，如 3pt
    let a = (
        Y0603 排版出错：括号没有配对（unclosed delimiter）
    let a = "甲
        Y0603 排版出错：括号没有配对（unclosed delimiter）
        Y0603 排版出错：引号没有配对（unclosed string）
    [`甲
        Y0603 排版出错：括号没有配对（unclosed delimiter）
        Y0603 排版出错：括号没有配对（unclosed delimiter）
        → 另有 1 处没有列出，多半由前面的引起
    [<甲]
        Y0603 排版出错：标签的尖括号没有配对（unclosed label）
    let a = 甲 ^ 乙
        Y0603 排版出错：代码里不能有字符 `^`（the character `^` is not valid in code）
    import "main.typ.j2": nothing
        Y0603 排版出错：没有文件 templates/bulletin/main.typ.j2，或模板不能用它（file not found (searched at templates/bulletin/main.typ.j2)）
    import 3: nothing
        Y0603 排版出错：应为路径、模块、函数、类型，写的却是整数（expected path, module, function, or type, found integer）
    import calc: nothing
        Y0603 排版出错：引入的来源里没有这个名称（unresolved import）
    read("none.txt")
        Y0603 排版出错：没有文件 templates/bulletin/none.txt，或模板不能用它（file not found (searched at templates/bulletin/none.txt)）
    read("../../../../x")
        Y0603 排版出错：不能读 `"../../../../x"`：它在月报的文件夹以外（path `"../../../../x"` would escape the project root）
        → 模板只能读 templates 文件夹和本期所用的文件
    import "@preview/cetz:0.3.0": nothing
        Y0603 排版出错：不能用程序包 @preview/cetz:0.3.0：排版时不联网（package not found (searched for @preview/cetz:0.3.0)）
    set page(margin: (top： 37mm))
        Y0603 排版出错：代码里不能有字符 `：`（the character `：` is not valid in code）
        → 请改用英文符号“:”
    text(font： “黑体”)[甲]
        Y0603 排版出错：代码里不能有字符 `：`（the character `：` is not valid in code）
        → 请改用英文符号“:”
        → 另有 2 处没有列出，多半由前面的引起
    let f(a, b = {
      let c = (1, 2
      text(size: 3pt, [甲]
    }
        Y0603 排版出错：括号没有配对（unclosed delimiter）
        Y0603 排版出错：此处不应有 equals sign（unexpected equals sign）
        → 另有 2 处没有列出，多半由前面的引起
    (1, 2).at(3)
        Y0603 排版出错：没有取的这一项（array index out of bounds (index: 3, len: 2) and no default value was specified）
    1 + "甲"
        Y0603 排版出错：不能这样写（cannot add integer and string）
    panic("没有期号")
        Y0603 排版出错：模板自己报告了错误：没有期号（panicked with: 没有期号）
    "#);
}

#[test]
fn a_fault_of_typst_in_the_main_template_names_the_template() {
    let template = "#import {{ library }}: bulletin\n#buletin({{ issue }})\n";
    let told = Bulletin::new().with_file(MAIN, template).run(&["build", "2025-07"]).ending_with(1).stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0603 排版出错：没有名为 buletin 的变量或函数（unknown variable: buletin）
      位置：output/2025-07.typ:2:2
        #buletin((
         ^^^^^^^
      → output/2025-07.typ 由 templates/bulletin/main.typ.j2 生成，请改后者中对应的地方
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn typsts_trace_leads_from_the_template_to_the_fault() {
    let answer = with_library("let inner() = panic(\"甲\")\n  inner()").check();
    assert!(
        answer.hints().iter().any(|hint| hint.starts_with(&format!("经由 {LIBRARY}:4:3"))),
        "{:?}",
        answer.hints()
    );
    assert!(
        answer.hints().iter().any(|hint| hint.starts_with("经由 output/2025-07.typ:")),
        "{:?}",
        answer.hints()
    );
}

#[test]
fn typsts_warnings_are_told_and_stop_nothing() {
    let bulletin = Bulletin::new().with_edit(
        TEXT,
        "#let string-of(runs)",
        "#text(font: \"Nonesuch\")[甲]\n#let string-of(runs)",
    );
    let answer = bulletin.build();
    assert_eq!(answer.findings().len(), 1, "{:?}", answer.messages());
    assert!(
        answer.messages()[0].starts_with("Y0604 排版提醒：没有 nonesuch 这种字体（unknown font family"),
        "{:?}",
        answer.messages()
    );
    assert!(bulletin.path("output/2025-07.pdf").is_file());
}

#[test]
fn a_template_reads_only_itself_and_what_the_issue_is_made_from() {
    for reading in [
        "read(\"/../../etc/hostname\")",
        "read(\"/data/2025-06/issue.toml\")",
        "read(\"/data/2025-07/notes.txt\")",
        "read(\"/output/2025-06.typ\")",
    ] {
        let bulletin = with_library(reading)
            .with_month("2025-06")
            .with_file("data/2025-07/notes.txt", "记")
            .with_file("output/2025-06.typ", "");
        let findings = bulletin.check().findings();
        assert_eq!(findings.len(), 1, "{reading}");
        assert!(findings[0].starts_with(&format!("Y0603 {LIBRARY}:3:")), "{reading}: {findings:?}");
    }
}

#[test]
fn a_font_that_is_not_there_is_told_where_it_is_declared() {
    let answer = Bulletin::new()
        .with_edit(SETTINGS, "[\"FandolKai\", \"Noto Serif SC\"]", "[\"FandolKai\", \"楷体\"]")
        .check();
    assert_eq!(answer.findings(), ["Y0605 yuebao.toml:85:26"]);
    assert_eq!(answer.messages(), ["Y0605 没有“楷体”这种字体"]);
    assert_eq!(answer.hints(), ["请把字体文件放进 fonts 文件夹，或改用 yuebao fonts 列出的字体"]);
}

#[test]
fn a_font_by_another_name_is_told_the_name_that_is_there() {
    let kai = std::fs::read(format!("{REPOSITORY}/fonts/FandolKai-Regular.otf")).unwrap();
    for (family, hint) in [
        ("方正小标宋简体", "fonts/方正小标宋简体.otf 里的字体名称是“FandolKai”，请写这个名称"),
        ("方正小标宋", "fonts/方正小标宋简体.otf 里的字体名称是“FandolKai”，请写这个名称"),
        ("FandolFang", "是不是“FandolFang R”？"),
    ] {
        let bulletin = Bulletin::new().with_file("fonts/方正小标宋简体.otf", &kai).with_edit(
            SETTINGS,
            "[\"FandolKai\"",
            &format!("[\"{family}\""),
        );
        assert_eq!(bulletin.check().hints(), [hint], "{family}");
    }
}

#[test]
fn a_font_file_that_holds_no_font_is_told() {
    let bulletin = Bulletin::new().with_file("fonts/broken.ttf", "no font");
    assert_eq!(bulletin.check().findings(), ["Y0606 fonts/broken.ttf"]);
}

#[test]
fn a_character_that_no_font_has_is_told_at_its_place() {
    for (file, from, to, place) in [
        (ISSUE, "逐个窗口", "逐个😀窗口", "issue.toml:21:11"),
        (ISSUE, "总体情况", "总体😀情况", "issue.toml:10:12"),
        (SETTINGS, "月办件情况", "月办件😀情况", "yuebao.toml:48:31"),
    ] {
        let bulletin = Bulletin::new().with_edit(file, from, to);
        let answer = bulletin.build();
        assert_eq!(answer.messages(), ["Y0607 字体里没有“😀”（U+1F600）这个字，会印成空框"], "{to}");
        assert_eq!(answer.findings(), [format!("Y0607 {place}")]);
        assert!(!bulletin.path("output/2025-07.pdf").exists());
    }
}

#[test]
fn a_name_that_no_font_can_print_is_told_in_the_register() {
    let answer = Bulletin::new()
        .with_addition("data/departments.toml", "\n[[department]]\nname = \"市😀局\"\n")
        .with_changed("assessment", |table| table.row(7, ["5", "市😀局", "1", "1", "2"]))
        .with_changed("operations", |table| table.without_row(8).row(8, ["5", "市😀局", "1", "1", "1"]))
        .check();
    assert_eq!(answer.findings(), ["Y0607 data/departments.toml:20:8"]);
}

#[test]
fn a_missing_character_is_told_where_its_typeface_has_it_not() {
    // 靐 stands in the text, whose typefaces have it, before it stands in a table's title.
    let answer = Bulletin::new()
        .with_edit(ISSUE, "逐个窗口", "逐个靐窗口")
        .with_edit(SETTINGS, "月办件情况", "月办件靐情况")
        .with_edit(
            SETTINGS,
            "[fonts.title]\nfamilies = [\"Noto Serif SC\"]",
            "[fonts.title]\nfamilies = [\"FandolKai\"]",
        )
        .check();
    assert_eq!(answer.messages(), ["Y0607 标题（小标宋）的字体里没有“靐”（U+9750）这个字，会印成空框"]);
    assert_eq!(answer.findings(), ["Y0607 yuebao.toml:48:31"]);
}

#[test]
fn fonts_of_the_machine_are_used_only_with_a_warning() {
    let bulletin = Bulletin::new().with_edit(SETTINGS, "[fonts]", "[fonts]\nsystem = true");
    let answer = bulletin.check();
    assert_eq!(answer.findings(), ["Y0608 yuebao.toml"]);
    // Whether any of them was there is another question.
    assert_eq!(answer.messages(), ["Y0608 允许使用本机安装的字体，换一台电脑印出的版面可能不同"]);
}

#[test]
fn a_picture_is_printed_with_its_caption() {
    let picture = "text = \"逐个窗口对照检查，限期改正。\"\npicture = { file = \"现场 1.svg\", caption = \"检查现场\", description = \"工作人员检查窗口\" }";
    let bulletin = Bulletin::new()
        .with_edit(ISSUE, "text = \"逐个窗口对照检查，限期改正。\"", picture)
        .with_file(
            "data/2025-07/现场 1.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\"/></svg>",
        );
    bulletin.build().is_clean();
    assert!(page_text(bulletin.root(), "2025-07").contains("检查现场"));

    let missing = bulletin.without_file("data/2025-07/现场 1.svg");
    assert_eq!(missing.check().findings(), ["Y0101 issue.toml:22:20"]);
    let broken = missing.with_file("data/2025-07/现场 1.svg", "no picture");
    assert_eq!(broken.check().findings(), ["Y0109 issue.toml:22:20"]);
    let outside = broken.with_edit(ISSUE, "现场 1.svg", "../../yuebao.toml");
    assert_eq!(outside.check().findings(), ["Y0104 issue.toml:22:20"]);
}

#[test]
fn a_picture_that_an_svg_only_links_is_told_at_the_svgs_place() {
    let picture =
        "text = \"逐个窗口对照检查，限期改正。\"\npicture = { file = \"图.svg\", description = \"检查\" }";
    let with_link = |link: &str| {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"4\" \
             height=\"2\"><image width=\"4\" height=\"2\" xlink:href=\"{link}\"/></svg>"
        );
        Bulletin::new()
            .with_edit(ISSUE, "text = \"逐个窗口对照检查，限期改正。\"", picture)
            .with_file("data/2025-07/图.svg", svg)
    };
    let answer = with_link("a.png").check();
    assert_eq!(answer.findings(), ["Y0109 issue.toml:22:20"]);
    assert_eq!(answer.messages(), ["Y0109 data/2025-07/图.svg 里的图片是另一个文件“a.png”，印不出来"]);
    let dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    with_link(dot).check().is_clean();
}

#[test]
fn a_photograph_must_be_whole_and_in_screen_colours() {
    let whole = include_bytes!("fixtures/picture.jpg");
    let with_photograph = |bytes: &[u8]| {
        let picture = "text = \"逐个窗口对照检查，限期改正。\"\npicture = { file = \"现场.jpg\", description = \"检查\" }";
        Bulletin::new()
            .with_edit(ISSUE, "text = \"逐个窗口对照检查，限期改正。\"", picture)
            .with_file("data/2025-07/现场.jpg", bytes)
    };
    with_photograph(whole).check().is_clean();
    let truncated = with_photograph(&whole[..whole.len() - 40]).check();
    assert_eq!(truncated.messages(), ["Y0109 data/2025-07/现场.jpg 没有传完，缺了后一部分"]);
    assert_eq!(truncated.findings(), ["Y0109 issue.toml:22:20"]);
    let press = with_photograph(include_bytes!("fixtures/press.jpg")).check();
    assert_eq!(press.messages(), ["Y0109 data/2025-07/现场.jpg 是印刷用的 CMYK 图片，不能放进供存档的 PDF"]);
}

#[test]
fn a_font_file_that_was_copied_by_halves_is_told() {
    let font = std::fs::read(format!("{REPOSITORY}/fonts/FandolFang-Regular.otf")).unwrap();
    let bulletin = Bulletin::new().with_file("fonts/half.otf", &font[..300_000]);
    assert_eq!(bulletin.check().messages(), ["Y0606 fonts/half.otf 不是能用的字体文件，或不完整"]);
    // All of it is there, but its outlines are others.
    let (quarter, mut damaged) = (font.len() / 4, font);
    damaged[quarter..3 * quarter].fill(0x0E);
    let bulletin = Bulletin::new().with_file("fonts/damaged.otf", damaged);
    assert_eq!(bulletin.check().messages(), ["Y0606 fonts/damaged.otf 不是能用的字体文件，或不完整"]);
}

#[test]
fn what_only_the_pdf_refuses_is_found_by_check_too() {
    // PDF/UA wants a text for each picture, which layout does not.
    let bulletin = Bulletin::new()
        .with_file("data/2025-07/点.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"2\"/>")
        .with_edit(
            ISSUE,
            "text = \"逐个窗口对照检查，限期改正。\"",
            "text = \"逐个窗口对照检查，限期改正。\"\npicture = { file = \"点.svg\", description = \"检查\" }",
        )
        .with_edit(SECTIONS, "width: width, alt: picture.alt)", "width: width)")
        .with_edit(SECTIONS, "numbering: none, alt: picture.alt)", "numbering: none)");
    let (check, build) = (bulletin.check().messages(), bulletin.build().messages());
    assert!(check[0].starts_with("Y0603 排版出错：图片或公式没有文字说明（"), "{check:?}");
    assert_eq!(check, build);
}

#[test]
fn a_template_in_another_encoding_is_named() {
    let bulletin = Bulletin::new();
    let gbk = [bulletin.bytes(LIBRARY), vec![0xC1, 0xF7]].concat();
    let told = bulletin.with_file(LIBRARY, gbk).run(&["build"]).ending_with(1).stderr;
    assert!(told.starts_with("错误 Y0602 templates/bulletin/lib.typ 不是 UTF-8 编码\n"), "{told}");
    let bulletin = Bulletin::new();
    let gbk = [bulletin.bytes(MAIN), vec![0xC1, 0xF7]].concat();
    let answer = bulletin.with_file(MAIN, gbk).check();
    assert_eq!(answer.messages(), ["Y0602 templates/bulletin/main.typ.j2 不是 UTF-8 编码"]);
    assert_eq!(answer.hints(), ["请用记事本打开，另存为，编码选 UTF-8"]);
}
