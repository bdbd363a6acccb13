//! Whether a font file is whole. A file that was copied by halves often still has the table of its characters, so
//! that it serves, but not their outlines: the text would be printed as blank paper.

/// Whether all tables that the font's directory names lie within the file (OpenType, “Organization of an OpenType
/// Font”); of a collection, those of all its fonts.
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
        offset.zip(length).is_some_and(|(offset, length)| offset.saturating_add(length) <= bytes.len())
    })
}

/// The number of four bytes at a place.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
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
