//! Answers on forms that were sent out before the tables were declared as they are now.

use crate::harness::{Asked, Bulletin};

#[test]
fn a_blank_form_is_no_answer_and_an_outdated_one_is_told() {
    let asked = Asked::small();
    let old = asked.form("02").filled(["1", "1", "1"]);
    asked.receive("a.xlsx", asked.form("01").bytes());
    asked.receive("b.xlsx", old.bytes());
    let asked = asked.changed(|bulletin| {
        bulletin.with_edit(
            "yuebao.toml",
            "header = \"邮寄量（件）\"\naliases = [\"邮寄件数\"]",
            "header = \"邮寄件数（件）\"\naliases = [\"邮寄量（件）\"]",
        )
    });
    assert_eq!(asked.collected(), ["a.xlsx: rejected; Y0914; Y0912 B5", "b.xlsx: merged; Y0914"]);
}

#[test]
fn a_form_is_outdated_when_what_its_cells_let_in_or_reckon_has_changed() {
    let asked = Asked::of(Bulletin::new());
    let form = |values| {
        let form = asked.form("01").filled(["9", "1"]);
        let cells = ["B5", "D5", "F5"].iter().zip(values);
        cells.fold(form, |form, (cell, value)| form.with_in("xl/worksheets/sheet2.xml", cell, value))
    };
    asked.receive("a.xlsx", form(["1", "1", "1"]).bytes());
    let told_after = |asked: Asked, from: &str, to: &str| {
        let asked = asked.changed(|bulletin| bulletin.with_edit("yuebao.toml", from, to));
        let told = asked.collected();
        (asked.changed(|bulletin| bulletin.with_edit("yuebao.toml", to, from)), told)
    };
    let (asked, told) = told_after(
        asked,
        "width = 3\n\n[[table.column]]\nname = \"accepted\"",
        "width = 4\n\n[[table.column]]\nname = \"accepted\"",
    );
    assert_eq!(told, ["a.xlsx: merged"], "how wide it is printed is nothing to the form");
    let mut asked = asked;
    for (from, to) in [
        ("aliases = [\"邮寄件数\"]", "aliases = [\"邮寄件数\"]\ndecimals = 1"),
        ("aliases = [\"邮寄件数\"]", "aliases = [\"邮寄件数\"]\nnegative = true"),
        ("base + bonus", "base + 2 * bonus"),
    ] {
        let (same, told) = told_after(asked, from, to);
        asked = same;
        assert!(told[0].contains("Y0914"), "{to}: {told:?}");
    }
    assert_eq!(asked.collected(), ["a.xlsx: unchanged"]);
}

/// A form of the program before the version told of what its cells let in.
#[test]
fn a_form_that_was_sent_out_by_an_older_program_is_no_outdated_one() {
    let asked = Asked::small();
    let of_version = |version: &str| {
        asked.form("01").filled(["1", "1", "1"]).with_part("docProps/custom.xml", |xml| {
            let (before, rest) = xml.split_once("<vt:lpwstr>2.").unwrap();
            let (_, after) = rest.split_once('<').unwrap();
            format!("{before}<vt:lpwstr>{version}<{after}")
        })
    };
    asked.receive("a.xlsx", of_version("1.000000000000").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: merged; Y0914"]);
    asked.receive("a.xlsx", of_version("1.6c310674bc58").saved("2025-09-02T08:00:00").bytes());
    assert_eq!(asked.collected(), ["a.xlsx: replaced"]);
}
