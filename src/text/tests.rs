//! Tests of prose with figures.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::*;
use crate::diagnostic::Location;
use crate::figure::{Amount, Figure, Ledger, Origin};
use crate::project::{Month, Register, Settings};

fn texts() -> Texts {
    let mut ledger = Ledger::default();
    for (id, amount, unit) in [
        ("figures.accepted", Amount::Number(Decimal::from(57105)), Some("件")),
        ("operations.total.mailed", Amount::Number(Decimal::from(1083)), Some("件")),
        ("operations[\"公安厅\"].mailed", Amount::NotApplicable, Some("件")),
        ("figures.share", Amount::Number(Decimal::from_str_exact("0.12345").unwrap()), None),
    ] {
        let origin = Origin::Entry { at: Location::file("issue.toml"), source: String::new() };
        ledger.add(Figure { id: id.to_owned(), amount, unit: unit.map(Arc::from), origin });
    }
    let (register, _) = Register::parse("d", "[[department]]\nname = \"公安厅\"\naliases = [\"公安\"]\n");
    let month = Month::parse("2025-07").unwrap();
    let (settings, _) =
        Settings::parse("yuebao.toml", include_str!("../../tests/harness/project/yuebao.toml"));
    let settings = settings.unwrap();
    Texts::new(
        TextScope::new(&settings.tables, &register.unwrap(), Arc::new(ledger), month, 7),
        DeclaredNames::default(),
        false,
    )
}

fn prose(template: &str) -> Prose {
    let text = format!("text = '''\n{template}'''");
    Prose::new("issue.toml", &text, 7..text.len(), template)
}

fn words(template: &str) -> Vec<String> {
    let (paragraphs, diagnostics) = texts().render(&prose(template));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    paragraphs.iter().map(|paragraph| paragraph.iter().map(|run| run.text.as_str()).collect()).collect()
}

fn faults(template: &str) -> Vec<String> {
    let (_, diagnostics) = texts().render(&prose(template));
    diagnostics
        .iter()
        .map(|diagnostic| format!("{} {}", diagnostic.location.as_ref().unwrap(), diagnostic.message))
        .collect()
}

#[test]
fn figures_are_printed_with_their_unit_in_the_form_asked_for() {
    assert_eq!(words("{{ figures.accepted | wan }}"), ["5.71万件"]);
    assert_eq!(words("{{ figures.accepted }}"), ["57105件"]);
    assert_eq!(words("{{ figures.accepted | number }}"), ["57105"]);
    assert_eq!(words("{{ figures.accepted | wan | number }}"), ["5.71万"]);
    assert_eq!(words("{{ figures.share | percent }}、{{ figures.share | percent(2) }}"), ["12.3%、12.35%"]);
    assert_eq!(words("{{ month.year }}年{{ month.month }}月第{{ number }}期"), ["2025年7月第7期"]);
}

#[test]
fn a_figure_keeps_its_place_in_the_ledger() {
    let (paragraphs, _) = texts().render(&prose("共{{ figures.accepted | wan }}。"));
    let run = &paragraphs[0][1];
    assert_eq!(run.text, "5.71万件");
    assert!(run.figure.is_some());
}

#[test]
fn blank_lines_part_paragraphs_and_other_line_breaks_vanish() {
    assert_eq!(words("甲\n乙\n\n\n 丙 PDF\nA3 \n"), ["甲乙", "丙 PDF A3"]);
}

#[test]
fn markup_is_only_text() {
    for text in ["#panic(\"x\")", "*粗*", "$x$", "@ref", "<a>", "\\", "= 标题"] {
        assert_eq!(words(text), [text]);
    }
}

#[test]
fn every_fault_is_reported_at_its_line_and_column() {
    assert_eq!(
        faults("共{{ figures.acepted | wan }}，\n邮寄{{ operations.total.mailed | wann }}，{{ nothing }}"),
        [
            "issue.toml:2:5 没有 figures.acepted 这个数",
            "issue.toml:3:32 没有 wann 这种写法",
            "issue.toml:3:43 没有 nothing 这个数",
        ]
    );
}

#[test]
fn what_has_no_printable_number_is_refused() {
    for (template, message) in [
        (
            "{{ operations[\"公安\"].mailed }}",
            "operations[\"公安厅\"].mailed 没有数（“/”、空白或除数为零），不能写进正文",
        ),
        ("{{ operations.total }}", "operations.total 不是一个数，要一直写到列名"),
        ("{{ operations }}", "operations 不是一个数，要一直写到列名"),
        ("{{ month }}", "month 不是一个数，要一直写到列名"),
        ("{{ month.year | wan }}", "month.year 不用再加写法"),
        ("{{ figures.accepted | percent }}", "figures.accepted 带单位，不能印成百分数"),
        ("{{ figures.share }}", "figures.share 有 5 位小数，不能原样印出"),
        ("{{ figures.accepted | yi }}", "figures.accepted 太小，这样印出来是 0亿件"),
        ("{{ figures.accepted | number | wan }}", "只能用一种写法，后面可以再加 number"),
        ("{{　figures.accepted }}", "{{ }} 里的空格要用英文的"),
        ("{{ figures.accepted | wan(3) }}", "wan 后面不用括号"),
        ("{{ figures.share | round(1.5) }}", "round 的括号里应为 0 到 10 的位数"),
        ("{{ operations[\"公安庁\"].mailed }}", "名册里没有“公安庁”这个部门"),
    ] {
        let found = faults(template);
        assert_eq!(found.len(), 1, "{template}: {found:?}");
        assert!(found[0].ends_with(message), "{template}: {found:?}");
    }
}

#[test]
fn prose_does_not_compute() {
    for template in [
        "{{ figures.accepted + 1 }}",
        "{{ 3 * 4 }}",
        "{{ figures.accepted ~ \"x\" }}",
        "{{ \"%.1f\" | format(3) }}",
        "{% if figures.accepted > 3 %}多{% endif %}",
        "{{ figures. }}",
        "{{",
        "{% for %}",
    ] {
        assert!(!faults(template).is_empty(), "{template}");
    }
}

#[test]
fn control_characters_are_found() {
    assert_eq!(faults("看不见的\u{FDD0}字"), ["issue.toml:2:5 文字中有看不见的控制字符"]);
}

#[test]
fn a_figure_whose_source_has_errors_is_not_reported_again() {
    let mut texts = texts();
    texts.lenient = true;
    let (_, found) = texts.render(&prose("{{ operations[\"公安\"].mailed }}{{ figures.x | wann }}"));
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule.code).collect();
    assert_eq!(codes, [rules::TEXT_UNKNOWN_NAME.code; 2], "only figures.x and wann: {found:?}");
}
