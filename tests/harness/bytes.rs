//! Files that no office program would write: altered and invented archives and containers.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// An archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An archive with one text part changed.
pub fn with_part(bytes: &[u8], name: &str, change: impl FnOnce(&str) -> String) -> Vec<u8> {
    let mut parts = Vec::new();
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    let (_, content) = parts.iter_mut().find(|(part, _)| part == name).expect(name);
    let changed = change(std::str::from_utf8(content).unwrap()).into_bytes();
    assert_ne!(*content, changed, "{name} is changed");
    *content = changed;
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    archive(&parts)
}

/// A compound file (OLE2) with one stream of zeros: what a password or an old format looks like.
pub fn compound(stream: &str) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xFFFF_FFFE;
    const LENGTH: usize = 8 * SECTOR;
    let mut bytes = vec![0; SECTOR];
    bytes[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (at, number) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        bytes[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    let mut header = vec![(44, 1), (48, 1), (56, 4096), (60, END), (68, END), (76, 0)];
    header.extend((1..109).map(|index| (76 + 4 * index, u32::MAX)));
    for (at, number) in header {
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    // The first sector chains the others: the directory is the second, the stream follows.
    let mut chains = vec![0xFFFF_FFFD, END];
    chains.extend((3..10).chain([END]));
    chains.resize(SECTOR / 4, u32::MAX);
    bytes.extend(chains.iter().flat_map(|link| link.to_le_bytes()));
    for (name, kind, start, length) in [("Root Entry", 5, END, 0), (stream, 2, 2, LENGTH)] {
        let mut entry = vec![0; 128];
        for (index, unit) in name.encode_utf16().enumerate() {
            entry[2 * index..2 * index + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = 2 * (u8::try_from(name.len()).unwrap() + 1);
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        bytes.extend(entry);
    }
    bytes.resize(3 * SECTOR + LENGTH, 0);
    bytes
}
