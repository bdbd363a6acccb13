//! Helpers for the tests of this room.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::workbook::{Content, Sheet};
use crate::diagnostic::CellRef;

/// An archive of these parts.
pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The cells of a sheet, one line each: `B2 数 20337`.
pub(super) fn listing(sheet: &Sheet) -> Vec<String> {
    let cells = sheet.rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row.index, cell)));
    cells
        .map(|(row, cell)| {
            let content = match &cell.content {
                Content::Number(number) => format!("数 {number}"),
                Content::Percentage(share) => format!("率 {share}"),
                Content::Divided(number, word) => {
                    format!("约 {number}{}", word.as_deref().unwrap_or_default())
                }
                Content::Multiple(number, word) => format!("倍 {number}{word}"),
                Content::HugeNumber(number) => format!("大 {number}"),
                Content::Text(text) => format!("文 {text}"),
                Content::Boolean(truth) => format!("真 {truth}"),
                Content::Date(date) => format!("日 {date}"),
                Content::Error(error) => format!("错 {error}"),
                Content::FormulaWithoutValue(formula) => format!("空 {formula}"),
            };
            format!("{} {content}", CellRef::new(row, cell.column))
        })
        .collect()
}

/// A compound file with one stream, of at least 4096 bytes.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let sectors = stream.len().div_ceil(SECTOR);
    assert!((4096..=126 * SECTOR).contains(&stream.len()));
    let mut bytes = vec![0; SECTOR];
    bytes[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (at, number) in [(24, 0x3E), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        bytes[at..at + 2].copy_from_slice(&u16::to_le_bytes(number));
    }
    let end = 0xFFFF_FFFE;
    let mut header: Vec<(usize, u32)> = vec![(44, 1), (48, 1), (56, 4096), (60, end), (68, end), (76, 0)];
    header.extend((1..109).map(|index| (76 + 4 * index, u32::MAX)));
    for (at, number) in header {
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    // The first sector holds the chains, the second the directory, the others the stream.
    let mut chains = vec![0xFFFF_FFFD, end];
    chains.extend((0..sectors).map(|index| if index + 1 == sectors { end } else { index as u32 + 3 }));
    chains.resize(SECTOR / 4, u32::MAX);
    bytes.extend(chains.iter().flat_map(|link| link.to_le_bytes()));
    for (name, kind, start, length) in [("Root Entry", 5, end, 0), (name, 2, 2, stream.len())] {
        let mut entry = vec![0; 128];
        for (index, unit) in name.encode_utf16().enumerate() {
            entry[2 * index..2 * index + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = 2 * (name.len() as u8 + 1);
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(length as u32).to_le_bytes());
        bytes.extend(entry);
    }
    bytes.resize(3 * SECTOR, 0);
    bytes.extend(stream);
    bytes.resize((3 + sectors) * SECTOR, 0);
    bytes
}
