//! Hostile, broken and misplaced files: a clear error at the file, soon, and never a panic.

use std::io::Write;
use std::process::{Command, Stdio};

use yuebao::source::{CHILD_MEMORY_LIMIT, READ_VERB};

use crate::harness::bytes::{archive, compound, with_part};
use crate::harness::{Bulletin, Table};

/// The operations table with a file of another name.
const OPERATIONS_FILE: &str = "name = \"operations\"\nfile = \"运行情况\"";

/// What is found when this stands in place of the operations workbook.
#[track_caller]
fn findings_of(content: impl AsRef<[u8]>) -> Vec<String> {
    Bulletin::new().with_file("data/2025-07/operations.xlsx", content).check().findings()
}

fn sheet_xml_with(change: impl FnOnce(&str) -> String) -> Vec<u8> {
    with_part(&Table::operations().xlsx(), "xl/worksheets/sheet1.xml", change)
}

#[test]
fn files_that_are_no_workbook_are_told_by_their_content() {
    let whole = Table::operations().xlsx();
    let document = r#"<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>"#;
    for (content, code) in [
        (Vec::new(), "Y0201"),
        (whole[..whole.len() / 2].to_vec(), "Y0202"),
        (compound("Workbook")[..700].to_vec(), "Y0202"),
        (compound("EncryptedPackage"), "Y0221"),
        (archive(&[("xl/workbook.xml", b"<workbook>")]), "Y0225"),
        (b"%PDF-1.7\n".to_vec(), "Y0222"),
        (archive(&[("_rels/.rels", document.as_bytes()), ("word/document.xml", b"")]), "Y0222"),
        (b"\x00\x01\x02\x03 random".to_vec(), "Y0222"),
        ("<html><table><tr><td>部门</td></tr></table></html>".into(), "Y0223"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00".to_vec(), "Y0224"),
        (compound("ET"), "Y0224"),
        (compound("Workbook"), "Y0225"),
    ] {
        assert_eq!(findings_of(&content), [format!("{code} operations.xlsx")]);
    }
}

#[test]
fn a_broken_binary_workbook_is_told_in_chinese() {
    let relations = "<Relationships/>".as_bytes();
    for parts in [
        &[("xl/workbook.bin", &b"garbage"[..])][..],
        &[("xl/workbook.bin", b""), ("xl/_rels/workbook.bin.rels", relations)],
        &[("xl/workbook.bin", b"\x83\x01\x00"), ("xl/_rels/workbook.bin.rels", relations)],
    ] {
        let findings = findings_of(archive(parts));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(["Y0225", "Y0229"].contains(&&findings[0][..5]), "{findings:?}");
    }
}

#[test]
fn a_web_page_named_xls_is_told_with_its_remedy() {
    let told = Bulletin::new()
        .with_table_file("operations", "operations.xls", "<table><tr><td>部门</td></tr></table>")
        .run(&["build", "2025-07"])
        .ending_with(1)
        .stderr;
    insta::assert_snapshot!(told, @r"
    错误 Y0223 网页或 XML 冒充的工作簿：它是网页（HTML）
      位置：data/2025-07/operations.xls
      → 请用 Excel 或 WPS 打开该文件，选择“另存为”，类型选“Excel 工作簿（*.xlsx）”，再用另存的文件
    2025-07 没有生成：有 1 处错误，请改正后再运行一次
    ");
}

#[test]
fn an_archive_that_unpacks_without_end_is_refused() {
    let bomb = vec![b' '; 97 << 20];
    let strings =
        with_part(&Table::operations().xlsx(), "xl/sharedStrings.xml", |_| String::from_utf8(bomb).unwrap());
    assert!(strings.len() < 1 << 20, "small as a file");
    assert_eq!(findings_of(strings), ["Y0226 operations.xlsx"]);
}

#[test]
fn too_many_cells_are_refused() {
    let wide = "1,".repeat(20_000);
    assert_eq!(findings_of(wide), ["Y0227 operations.xlsx"]);
}

#[test]
fn a_stray_cell_in_the_last_corner_does_no_harm() {
    Bulletin::new().with_cell("operations", "XFD1048576", 1).check().is_clean();
    let declared = sheet_xml_with(|xml| {
        let start = xml.find("<dimension").unwrap();
        let end = start + xml[start..].find("/>").unwrap();
        format!("{}<dimension ref=\"A1:XFD1048576\"{}", &xml[..start], &xml[end..])
    });
    assert_eq!(findings_of(declared), [""; 0]);
}

#[test]
fn a_cell_whose_address_is_broken_is_told_with_its_sheet() {
    let broken = sheet_xml_with(|xml| xml.replace("r=\"C5\"", "r=\"C0\""));
    let findings = findings_of(broken);
    assert_eq!(findings[0], "Y0233 operations.xlsx 办件");
}

#[test]
fn an_altered_part_is_noticed_by_its_checksum() {
    let mut altered = Table::operations().xlsx();
    let name = altered.windows(10).rposition(|window| window == b"sheet1.xml").unwrap();
    // The checksum stands 30 bytes before the part's name in the archive's directory.
    altered[name - "xl/worksheets/".len() - 30] ^= 1;
    assert_eq!(findings_of(altered), ["Y0225 operations.xlsx 办件"]);
}

#[test]
fn lock_files_and_other_files_beside_the_workbook_are_skipped() {
    Bulletin::new()
        .with_file("data/2025-07/~$operations.xlsx", "李某")
        .with_file("data/2025-07/.~operations.xlsx", "李某")
        .with_file("data/2025-07/._operations.xlsx", "")
        .with_file("data/2025-07/operations说明.txt", "本月的表由两人核对。")
        .with_file("data/2025-07/说明.docx", "")
        .check()
        .is_clean();
}

#[test]
fn another_version_of_a_tables_file_is_told_for_it_is_not_used() {
    let bulletin = || Bulletin::new().with_edit("yuebao.toml", "name = \"operations\"", OPERATIONS_FILE);
    for (used, other) in [
        ("运行情况.xlsx", "运行情况-更正.xlsx"),
        ("运行情况.csv", "更正 运行情况.xlsx"),
        ("运行情况.xlsx", "运行情况 (1).XLS"),
        ("运行情况.xlsx", "Operations（更正）.xlsx"),
        ("运行情况.xlsx", "operations.xlsx"),
    ] {
        let table = Table::operations();
        let content = if used.ends_with("csv") { table.csv().into_bytes() } else { table.xlsx() };
        let answer = bulletin()
            .with_table_file("operations", used, content)
            .with_file(&format!("data/2025-07/{other}"), "")
            .check();
        assert_eq!(answer.findings(), [format!("Y0113 {other}")]);
        assert_eq!(answer.messages(), [format!("Y0113 文件夹里还有 {other}，没有使用")]);
        assert_eq!(
            answer.hints(),
            [format!("如果是更正过的，请用它替换 {used}；不用的、与这张表无关的，请移出这个文件夹")]
        );
    }
    // One table's own file may contain another one's name; beside a fault of the table itself nothing is added.
    let longer = Bulletin::new()
        .with_edit("yuebao.toml", "name = \"assessment\"", "name = \"assessment\"\nfile = \"operations2\"")
        .with_table_file("assessment", "operations2.xlsx", Table::assessment().xlsx());
    longer.check().is_clean();
    let twice = longer.with_file("data/2025-07/operations2（更正）.xlsx", "").check();
    assert_eq!(
        twice.hints(),
        ["如果是更正过的，请用它替换 operations2.xlsx；不用的、与这张表无关的，请移出这个文件夹"]
    );
    let missing = Bulletin::new().with_table_file("operations", "operations（更正）.xlsx", "");
    assert_eq!(missing.check().findings(), ["Y0107 data/2025-07"]);
}

#[test]
fn another_version_of_a_tables_file_can_be_acknowledged() {
    let name = "operations（更正）.xlsx";
    let acknowledged =
        format!("\n[[acknowledge]]\ncode = \"Y0113\"\nfile = \"{name}\"\nreason = \"留作对照\"\n");
    Bulletin::new()
        .with_file(&format!("data/2025-07/{name}"), "")
        .with_addition("data/2025-07/issue.toml", &acknowledged)
        .check()
        .is_clean();
}

#[test]
fn a_missing_workbook_is_told_at_the_months_folder() {
    let bulletin = Bulletin::new().without_file("data/2025-07/operations.xlsx");
    assert_eq!(bulletin.check().findings(), ["Y0107 data/2025-07"]);
}

#[test]
fn two_files_of_one_table_are_an_error_at_the_second() {
    let bulletin = Bulletin::new().with_file("data/2025-07/operations.csv", Table::operations().csv());
    let answer = bulletin.check();
    assert_eq!(answer.findings(), ["Y0108 operations.xlsx"]);
    assert!(answer.messages()[0].contains("operations.csv"), "{:?}", answer.messages());
}

#[test]
fn a_folder_or_a_pipe_in_place_of_a_file_is_refused_at_once() {
    let bulletin = Bulletin::new().without_file("data/2025-07/operations.xlsx");
    let path = bulletin.path("data/2025-07/operations.xlsx");
    std::fs::create_dir(&path).unwrap();
    assert_eq!(bulletin.check().findings(), ["Y0101 operations.xlsx"]);
    std::fs::remove_dir(&path).unwrap();
    // Nobody writes into the pipe: opening it would wait for ever.
    if cfg!(unix) {
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let answer = bulletin.check();
        assert_eq!(answer.messages(), ["Y0101 无法读取 data/2025-07/operations.xlsx：它不是普通文件"]);
    }
}

#[test]
fn a_file_in_place_of_a_folder_is_told() {
    let hint = "请移走这个文件，换成文件夹";
    for folder in ["fonts", "templates"] {
        let bulletin = Bulletin::new();
        let _ = std::fs::remove_dir_all(bulletin.path(folder));
        let answer = bulletin.with_file(folder, "").check();
        let message = format!("Y0101 无法读取 {folder}：它应是文件夹，却是一个文件");
        assert!(answer.messages().contains(&message), "{:?}", answer.messages());
        assert!(answer.hints().iter().any(|told| told == hint), "{:?}", answer.hints());
    }
}

#[test]
fn every_broken_file_of_a_month_is_told() {
    let bulletin = Bulletin::new()
        .with_file("data/2025-07/operations.xlsx", "")
        .with_file("data/2025-07/assessment.xlsx", compound("EncryptedPackage"))
        .with_edit("data/2025-07/issue.toml", "number = 7", "number = 七");
    let mut findings = bulletin.check().findings();
    findings.sort_unstable();
    assert_eq!(findings, ["Y0102 issue.toml:1:10", "Y0201 operations.xlsx", "Y0221 assessment.xlsx"]);
}

/// Whether the child that reads workbooks answers on a file of `size` bytes with so many bytes of memory.
fn child_answers(size: usize, memory: usize) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yuebao"))
        .arg(READ_VERB)
        .env("MIMALLOC_ARENA_RESERVE", memory.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut file = compound("Workbook");
    file.resize(size, 0);
    // A child that is out of memory does not read to the end.
    let _ = child.stdin.take().unwrap().write_all(&file);
    let output = child.wait_with_output().unwrap();
    output.status.success() && output.stdout.starts_with(b"{\"Workbook\"")
}

#[test]
fn the_child_that_reads_workbooks_takes_no_more_memory_than_was_set_aside() {
    const LARGE: usize = 60 << 20;
    assert!(child_answers(LARGE, CHILD_MEMORY_LIMIT));
    assert!(!child_answers(LARGE, 128 << 20));
    assert!(child_answers(1 << 20, 128 << 20));
}
