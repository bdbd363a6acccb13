//! Faults in yuebao.toml, departments.toml and issue.toml: all at once, each at its line and column.

use crate::harness::Bulletin;

const ISSUE: &str = "data/2025-07/issue.toml";
const SETTINGS: &str = "yuebao.toml";
const REGISTER: &str = "data/departments.toml";

#[test]
fn a_missing_setting_is_named() {
    for (file, line, what, place) in [
        (ISSUE, "number = 7\n", "number（期号）", "issue.toml:1:1"),
        (ISSUE, "date = 2025-08-05\n", "date（出版日期）", "issue.toml:1:1"),
        (ISSUE, "source = \"咨询台登记表\"\n", "source（数字的来源）", "issue.toml:4:9"),
        (SETTINGS, "publisher = \"市政务服务中心\"\n", "publisher（主办单位）", "yuebao.toml:1:1"),
    ] {
        let answer = Bulletin::new().with_edit(file, line, "").check();
        assert_eq!(answer.findings(), [format!("Y0103 {place}")]);
        assert_eq!(answer.messages(), [format!("Y0103 缺少 {what}")]);
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_named_with_what_stands_there() {
    for (file, from, to, place) in [
        (ISSUE, "number = 7", "number = \"七\"", "issue.toml:1:10"),
        (ISSUE, "number = 7", "number = 0", "issue.toml:1:10"),
        (ISSUE, "date = 2025-08-05", "date = \"2025年8月5日\"", "issue.toml:2:8"),
        (ISSUE, "value = 356", "value = \"三百\"", "issue.toml:5:9"),
        (SETTINGS, "total = true", "total = \"是\"", "yuebao.toml:49:9"),
        (SETTINGS, "ranking = \"score\"", "ranking = \"scroe\"", "yuebao.toml:16:11"),
        (SETTINGS, "name = \"mailed\"", "name = \"邮寄量\"", "yuebao.toml:71:8"),
        (REGISTER, "until = \"2024-12\"", "until = \"2024年\"", "data/departments.toml:17:9"),
    ] {
        let answer = Bulletin::new().with_edit(file, from, to).check();
        assert_eq!(answer.findings()[0], format!("Y0104 {place}"), "{to}: {:?}", answer.messages());
    }
}

#[test]
fn a_misspelt_setting_is_told_with_the_nearest_one() {
    for (file, from, to, near) in [
        (ISSUE, "number = 7", "number = 7\nsampel = true", "sample"),
        (SETTINGS, "total = true", "total = true\nrankign = \"mailed\"", "ranking"),
        (REGISTER, "until =", "untill =", "until"),
    ] {
        let answer = Bulletin::new().with_edit(file, from, to).check();
        assert_eq!(answer.messages().len(), 1, "{:?}", answer.messages());
        assert!(answer.messages()[0].starts_with("Y0105 不认识的设置项“"), "{:?}", answer.messages());
        assert_eq!(answer.hints(), [format!("是不是“{near}”？")]);
    }
}

#[test]
fn one_slip_in_a_section_or_item_is_told_once() {
    let text = "text = \"逐个窗口对照检查，限期改正。\"\n";
    let item = "heading = \"开展服务规范月活动\"\n";
    for (from, to, told) in [
        (item, "heding = \"标题\"\n", "Y0105 不认识的设置项“heding”"),
        (text, "txet = \"正文\"\n", "Y0105 不认识的设置项“txet”"),
        ("[[section.item]]\n", "[[section.itme]]\n", "Y0105 不认识的设置项“itme”"),
    ] {
        assert_eq!(Bulletin::new().with_edit(ISSUE, from, to).check().messages(), [told]);
    }
    let written = format!("{item}{text}");
    for (to, told) in [
        ("picture = { file = \"现场.jpg\" }\n", "Y0103 缺少 description（图片内容的文字说明）"),
        ("picture = \"现场.jpg\"\n", "Y0104 picture 应为一节，这里是 \"现场.jpg\""),
        ("txet = \"正文\"\n", "Y0105 不认识的设置项“txet”"),
        ("lead = \"甲\"\ntxet = \"正文\"\n", "Y0105 不认识的设置项“txet”"),
        ("heading = 1\n", "Y0104 heading 应为文字，这里是 1"),
        ("level = 1\n", "Y0103 缺少 text（正文）"),
    ] {
        assert_eq!(Bulletin::new().with_edit(ISSUE, &written, to).check().messages(), [told]);
    }
    let nothing = Bulletin::new().with_edit(ISSUE, &format!("\n[[section.item]]\n{written}"), "");
    assert_eq!(nothing.check().findings(), ["Y0505 issue.toml:17:9"]);
}

#[test]
fn a_period_of_no_table_is_told() {
    let answer = Bulletin::new()
        .with_edit(ISSUE, "[values.calls]", "[periods]\noperation = \"2025-06\"\n\n[values.calls]")
        .check();
    assert_eq!(answer.findings(), ["Y0105 issue.toml:5:1"]);
    assert_eq!(answer.hints(), ["是不是“operations”？"]);
}

#[test]
fn a_name_used_twice_is_told_at_the_second_place() {
    let table = Bulletin::new().with_edit(SETTINGS, "name = \"mailed\"", "name = \"accepted\"");
    assert_eq!(table.check().findings()[0], "Y0106 yuebao.toml:71:8");
    let alias = Bulletin::new().with_edit(
        REGISTER,
        "name = \"市司法局\"",
        "name = \"市司法局\"\naliases = [\"公安局\"]",
    );
    let answer = alias.check();
    assert_eq!(answer.findings(), ["Y0106 data/departments.toml:11:12"]);
    assert_eq!(answer.messages(), ["Y0106 名称“公安局”同时属于“市公安局”和“市司法局”"]);
}

#[test]
fn syntax_errors_have_their_place_and_are_told_in_chinese() {
    for (from, to, place) in [
        ("number = 7", "number = 七", "1:10"),
        ("number = 7", "number 7", "1:8"),
        ("number = 7", "number = 7\nnumber = 8", "2:1"),
        ("title = \"工作动态\"", "title = 工作动态", "17:9"),
        ("source = \"咨询台登记表\"", "source = \"咨询台登记表", "7:17"),
    ] {
        let answer = Bulletin::new().with_edit(ISSUE, from, to).check();
        assert_eq!(answer.findings()[0], format!("Y0102 issue.toml:{place}"), "{to}");
    }
    let table = Bulletin::new().with_table_file("operations", "operations.toml", "[[row]]\na = 1\na = 2\n");
    assert_eq!(table.check().findings(), ["Y0102 operations.toml:3:1"]);
}

#[test]
fn a_syntax_error_says_what_to_write_instead() {
    for (from, to, place, hint) in [
        ("2025-08-05", "2025-8-5", "Y0102 issue.toml:2:8", "月和日各写两位：2025-08-05"),
        ("value = 356", "value = 1,356", "Y0102 issue.toml:5:10", "不用千位分隔符：1356"),
        ("开展服务", "开展\u{7}服务", "Y0504 issue.toml:20:14", "请删去这里的字符，重新输入这几个字"),
    ] {
        let answer = Bulletin::new().with_edit(ISSUE, from, to).check();
        assert_eq!(answer.findings(), [place], "{to}");
        assert_eq!(answer.hints(), [hint], "{to}");
    }
    let several = Bulletin::new().with_edit(ISSUE, "2025-08-05", "2025-8-5").with_edit(
        ISSUE,
        "value = 356",
        "value = 356 unit = \"件\"",
    );
    assert_eq!(several.check().findings(), ["Y0102 issue.toml:2:8", "Y0102 issue.toml:5:18"]);
    let chinese = "[[row]]\n部门 = \"市公安局\"\n";
    let table = Bulletin::new().with_table_file("operations", "operations.toml", chinese);
    assert!(table.check().hints()[0].ends_with("要放在英文引号内：\"部门\""));
}

#[test]
fn files_that_are_not_there_or_not_utf8_are_told() {
    for name in [ISSUE, REGISTER] {
        let answer = Bulletin::new().without_file(name).check();
        assert_eq!(answer.messages(), [format!("Y0101 无法读取 {name}：没有这个文件")]);
    }
    let latin = Bulletin::new().with_file(ISSUE, b"number = 7\ntitle = \"\xB2\xBF\"\n");
    assert_eq!(latin.check().findings(), ["Y0101 issue.toml:2:1"]);
}

#[test]
fn a_text_file_may_begin_with_a_mark_and_end_its_lines_as_on_windows() {
    let text = Bulletin::new().text(ISSUE).replace('\n', "\r\n");
    Bulletin::new().with_file(ISSUE, format!("\u{FEFF}{text}")).check().is_clean();
}

#[test]
fn faults_of_several_files_are_told_at_once() {
    let answer = Bulletin::new()
        .with_edit(SETTINGS, "total = true", "totel = true")
        .with_edit(SETTINGS, "ranking = \"score\"", "ranking = 1")
        .with_edit(REGISTER, "until = \"2024-12\"", "until = 2024")
        .check();
    let mut findings = answer.findings();
    findings.sort_unstable();
    assert_eq!(
        findings,
        ["Y0104 data/departments.toml:17:9", "Y0104 yuebao.toml:16:11", "Y0105 yuebao.toml:49:1"]
    );
}

#[test]
fn a_date_that_cannot_be_this_issues_is_told() {
    for (date, message) in [
        ("2025-06-30", "Y0110 出版日期 2025-06-30 早于这一期的月份 2025-07"),
        ("2026-08-05", "Y0110 出版日期 2026-08-05 比这一期的月份 2025-07 晚了一年多"),
    ] {
        let answer = Bulletin::new().with_edit(ISSUE, "date = 2025-08-05", &format!("date = {date}")).check();
        assert_eq!(answer.messages(), [message]);
        assert_eq!(answer.findings(), ["Y0110 issue.toml:2:8"]);
    }
    Bulletin::new().with_edit(ISSUE, "date = 2025-08-05", "date = 2025-07-01").check().is_clean();
}

#[test]
fn a_number_that_another_month_of_the_year_has_is_told() {
    let repeated = |month: &str| {
        let name = format!("data/{month}/issue.toml");
        let bulletin = Bulletin::new().with_month(month);
        let text = bulletin.text(&name);
        let numbered = text.lines().skip(1).fold("number = 7\n".to_owned(), |text, line| text + line + "\n");
        bulletin.with_file(&name, numbered).check()
    };
    let answer = repeated("2025-05");
    assert_eq!(answer.messages(), ["Y0114 期号 7 与 2025-05 一期相同"]);
    assert_eq!(answer.findings(), ["Y0114 issue.toml:1:10"]);
    for month in ["2024-12", "2025-08"] {
        repeated(month).is_clean();
    }
    Bulletin::new().with_month("2025-06").check().is_clean();
}

#[test]
fn a_setting_that_cannot_work_is_told_where_it_stands() {
    let named = "name = \"operations\"";
    let mailed = "header = \"邮寄量（件）\"";
    let ended = "until = \"2024-12\"";
    for (file, from, to, place, message) in [
        (SETTINGS, named, "file = \"operations.XLSX\"", "yuebao.toml:48:8", "file 只写文件名，不写扩展名"),
        (SETTINGS, named, "file = \"\"", "yuebao.toml:48:8", "file（表格的文件名）是空的"),
        (
            SETTINGS,
            named,
            "file = \"表/办件\"",
            "yuebao.toml:48:8",
            "file 应为当月文件夹里的一个文件名，不含斜杠",
        ),
        (
            SETTINGS,
            mailed,
            "intake = \"mailed\"",
            "yuebao.toml:73:10",
            "intake 应为另一列：这一列对应的受理量",
        ),
        (
            SETTINGS,
            mailed,
            "since = \"2025-02\"\nuntil = \"2025-01\"",
            "yuebao.toml:74:9",
            "until（2025-01）早于 since（2025-02）",
        ),
        (
            REGISTER,
            ended,
            "since = \"2025-01\"",
            "data/departments.toml:17:9",
            "until（2024-12）早于 since（2025-01）",
        ),
    ] {
        let answer = Bulletin::new().with_edit(file, from, &format!("{from}\n{to}")).check();
        assert_eq!(answer.findings(), [format!("Y0104 {place}")], "{to}");
        assert_eq!(answer.messages(), [format!("Y0104 {message}")], "{to}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_the_right_one() {
    for (file, from, to, message, hint) in [
        (
            SETTINGS,
            "total = true",
            "total = \"是\"",
            "total 应为 true 或 false，这里是 \"是\"",
            "total 的值不加引号",
        ),
        (
            SETTINGS,
            "publisher = \"市政务服务中心\"",
            "publisher = 1",
            "publisher 应为文字，这里是 1",
            "publisher 的值要放在英文引号内",
        ),
        (
            ISSUE,
            "number = 7",
            "number = \"七\"",
            "number 应为 1 到 99999 的整数，这里是 \"七\"",
            "number 的值写成整数，不加引号",
        ),
    ] {
        let answer = Bulletin::new().with_edit(file, from, to).check();
        assert_eq!(answer.messages(), [format!("Y0104 {message}")]);
        assert_eq!(answer.hints(), [hint]);
    }
}

#[test]
fn a_blank_unit_is_none() {
    let bulletin = Bulletin::new().with_edit(ISSUE, "unit = \"人次\"", "unit = \" \"").with_edit(
        ISSUE,
        "接待咨询",
        "不带单位的数是",
    );
    bulletin.build().is_clean();
    assert!(bulletin.text("output/2025-07.typ").contains("(\"356\", \"values.calls\")"));
}

#[test]
fn a_name_that_a_formula_cannot_hold_is_told_why() {
    for name in ["2nd", "not"] {
        let values = format!("[values.{name}]\nvalue = 1\nsource = \"s\"\n\n[values.calls]");
        let answer = Bulletin::new().with_edit(ISSUE, "[values.calls]", &values).check();
        let rule = "只能用英文字母、数字和下划线，不以数字开头，也不是 true、not 这样的词";
        assert_eq!(answer.messages(), [format!("Y0104 [values] 中的名称{rule}，这里是“{name}”")]);
    }
}

#[test]
fn of_a_table_with_an_impossible_name_nothing_else_is_told() {
    let answer = Bulletin::new().with_edit(SETTINGS, "name = \"operations\"", "name = \"办件\"").check();
    let of_settings: Vec<String> = answer
        .findings()
        .into_iter()
        .filter(|found| found.contains("Y0104") || found.contains("Y0105"))
        .collect();
    assert_eq!(of_settings, ["Y0104 yuebao.toml:47:8"]);
}

#[test]
fn a_template_with_a_slash_and_a_limit_below_zero_are_told_where_they_stand() {
    let template = "publisher = \"市政务服务中心\"\ntemplate = \"a/b\"\n\n[cells]\nlargest = -1";
    let answer = Bulletin::new().with_edit(SETTINGS, "publisher = \"市政务服务中心\"", template).check();
    assert_eq!(answer.findings(), ["Y0104 yuebao.toml:7:11", "Y0104 yuebao.toml:4:12"]);
}

#[test]
fn the_departments_column_has_no_term() {
    let column = "role = \"department\"\nheader = \"部门窗口\"";
    let answer =
        Bulletin::new().with_edit(SETTINGS, column, &format!("{column}\nsince = \"2025-07\"")).check();
    assert_eq!(answer.messages()[0], "Y0104 部门一列每个月都要有，不能写 since 或 until");
    assert_eq!(answer.findings()[0], "Y0104 yuebao.toml:25:9");
}

#[test]
fn a_header_has_no_more_levels_than_are_read() {
    let header = "header = \"邮寄量（件）\"";
    let of =
        |levels: &str| Bulletin::new().with_edit(SETTINGS, header, &format!("header = \"{levels}\"")).check();
    let answer = of("一/二/三/四/五");
    assert_eq!(answer.messages(), ["Y0104 header（表头）最多 4 级，这里有 5 级"]);
    assert_eq!(answer.findings(), ["Y0104 yuebao.toml:72:10"]);
    // That many are only not in this file.
    let read = of("一/二/三/四").findings();
    assert!(!read.iter().any(|found| found.starts_with("Y0104")), "{read:?}");
}

#[test]
fn what_is_believed_has_a_bound() {
    let bulletin = Bulletin::new().with_edit(
        "yuebao.toml",
        "[fonts]",
        "[cells]\nlargest = 70000000000000000000000000000\n\n[fonts]",
    );
    let told = bulletin.check().messages();
    assert_eq!(told, ["Y0104 largest 应大于零，不超过 100000000000000000000"]);
}
