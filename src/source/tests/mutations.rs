//! Random bytes and random changes to sound files: never a panic that is not caught.

use proptest::prelude::*;

use super::{rows, xlsx, zipped};
use crate::source::{Isolation, read};

const XLS: &[u8] = include_bytes!("../../../tests/fixtures/sample.xls");
const ODS: &[u8] = include_bytes!("../../../tests/fixtures/sample.ods");

/// Reads a file of any kind: there is a workbook, or an error that says why not.
fn read_any(bytes: &[u8]) {
    let (workbook, diagnostics) = read(bytes, "表", &Isolation::InProcess);
    assert!(workbook.is_some() || diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
}

/// Changes some bytes, and cuts the file off.
fn change(bytes: &[u8], changes: &[(usize, u8)], length: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for (at, byte) in changes {
        let at = at % changed.len();
        changed[at] = *byte;
    }
    changed.truncate(length.max(1));
    changed
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    proptest::collection::vec((any::<usize>(), any::<u8>()), 0..12)
}

fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(usize::MAX), 1 => 0..20_000usize]
}

/// Pieces of worksheets, sound and not.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<row r=\"1\">"),
        Just("<row>"),
        Just("</row>"),
        Just("<row r=\"1048577\" hidden=\"1\">"),
        Just("<c r=\"A1\">"),
        Just("<c r=\"B2\" t=\"s\">"),
        Just("<c t=\"e\">"),
        Just("<c r=\"XFE0\" s=\"9\">"),
        Just("</c>"),
        Just("<v>1</v>"),
        Just("<v>#SPILL!</v>"),
        Just("<v/>"),
        Just("<f>A1</f>"),
        Just("<f"),
        Just("<is><t>x</t></is>"),
        Just("&amp;"),
        Just("&x;"),
        Just("<!--"),
        Just("-->"),
        Just("<![CDATA[x]]>"),
        Just("]]>"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), start in 0..8usize) {
        let starts: [&[u8]; 8] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xFE", b"<", b"[[row]]\n", b"a,b\n", b"\x09\x08"];
        read_any(&[starts[start], &bytes].concat());
    }

    #[test]
    fn random_text_never_panics(text in "[\\PC\n\t\",;=\\[\\]a1]{0,200}") {
        read_any(text.as_bytes());
        read_any(format!("[[row]]\n{text}").as_bytes());
    }

    #[test]
    fn changed_xlsx_files_never_panic(changes in changes(), length in lengths()) {
        read_any(&change(&xlsx::written(), &changes, length));
    }

    #[test]
    fn changed_xls_files_never_panic(changes in changes(), length in lengths()) {
        read_any(&change(XLS, &changes, length));
    }

    #[test]
    fn changed_ods_files_never_panic(changes in changes(), length in lengths()) {
        read_any(&change(ODS, &changes, length));
    }

    #[test]
    fn any_worksheet_is_read_or_refused(content in pieces()) {
        read_any(&rows(&content));
        read_any(&zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]));
    }
}
