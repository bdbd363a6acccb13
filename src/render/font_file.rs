//! Whether a font file is whole. A file that was copied by halves often still has the table of its characters, so
//! that it serves, but not their outlines: the text would be printed as blank paper.

use read_fonts::tables::compute_checksum;

/// The tables that printing needs, whose checksums must be right. Those of the others are not looked at: tools that
/// change a font's names often leave them as they were.
const NEEDED: [&[u8]; 7] = [b"CFF ", b"CFF2", b"glyf", b"loca", b"cmap", b"hmtx", b"maxp"];

/// Whether all tables that the font's directory names lie within the file and those that printing needs have their
/// checksum (OpenType, “Organization of an OpenType Font”); of a collection, those of all its fonts.
pub fn is_whole(bytes: &[u8]) -> bool {
    let fonts = match bytes.get(..4) {
        Some(b"ttcf") => number(bytes, 8).and_then(|count| {
            (0..count).map(|index| number(bytes, 12 + 4 * index)).collect::<Option<Vec<usize>>>()
        }),
        Some(_) => Some(vec![0]),
        None => None,
    };
    fonts.is_some_and(|fonts| !fonts.is_empty() && fonts.iter().all(|start| tables_are_there(bytes, *start)))
}

fn tables_are_there(bytes: &[u8], start: usize) -> bool {
    let Some([high, low]) = bytes.get(start + 4..start + 6) else { return false };
    let count = usize::from(u16::from_be_bytes([*high, *low]));
    (0..count).all(|index| {
        let record = start + 12 + 16 * index;
        let (offset, length) = (number(bytes, record + 8), number(bytes, record + 12));
        let span = offset.zip(length).map(|(offset, length)| offset..offset.saturating_add(length));
        let Some(table) = span.and_then(|span| bytes.get(span)) else { return false };
        let is_needed = bytes.get(record..record + 4).is_some_and(|tag| NEEDED.contains(&tag));
        // Some tools write no checksums.
        let declared = word(bytes, record + 4).filter(|declared| is_needed && *declared != 0);
        declared.is_none_or(|declared| declared == compute_checksum(table))
    })
}

/// The four bytes at a place.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

/// The number of four bytes at a place.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(word(bytes, at)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font with one table of so many bytes, of which all but `missing` are there.
    fn font(length: u32, missing: usize) -> Vec<u8> {
        let mut bytes = b"OTTO\0\x01\0\0\0\0\0\0".to_vec();
        bytes.extend(b"CFF \0\0\0\0\0\0\0\x1c");
        bytes.extend(length.to_be_bytes());
        bytes.resize(28 + usize::try_from(length).unwrap() - missing, 0);
        bytes
    }

    #[test]
    fn a_font_is_whole_when_its_last_table_is() {
        assert!(is_whole(&font(100, 0)));
        assert!(!is_whole(&font(100, 1)));
        assert!(!is_whole(&font(100, 0)[..20]));
        assert!(!is_whole(b"OT"));
        assert!(!is_whole(b""));
    }

    #[test]
    fn a_table_that_printing_needs_has_its_checksum() {
        let mut bytes = font(6, 0);
        bytes[28..].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF, 0, 3]);
        for (tag, checksum, expected) in [
            (b"CFF ", 0x0002_FFFF, true),
            (b"CFF ", 0x0002_FFFE, false),
            (b"CFF ", 0, true),
            (b"name", 1, true),
        ] {
            bytes[12..16].copy_from_slice(tag);
            bytes[16..20].copy_from_slice(&u32::to_be_bytes(checksum));
            assert_eq!(is_whole(&bytes), expected, "{checksum:x}");
        }
    }

    #[test]
    fn of_a_collection_every_font_counts() {
        let collection = |missing: usize| {
            let mut bytes = b"ttcf\0\x01\0\0\0\0\0\x01\0\0\0\x10".to_vec();
            let mut inner = font(100, 0);
            // Offsets count from the start of the file.
            inner[23] += 16;
            bytes.extend(inner);
            bytes.truncate(bytes.len() - missing);
            bytes
        };
        assert!(is_whole(&collection(0)));
        assert!(!is_whole(&collection(1)));
        assert!(!is_whole(b"ttcf\0\x01\0\0\0\0\0\0"));
    }
}
