//! Addresses as they stand in worksheets: `D17`, `A1:C3`.

use crate::diagnostic::CellRef;
use crate::source::limits;

/// The cell of an address, if it is one and lies within a sheet.
pub fn cell(address: &str) -> Option<CellRef> {
    let address = address.as_bytes();
    let letters = address.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, digits) = address.split_at_checked(letters)?;
    // Longer texts cannot be addresses, and shorter ones cannot overflow.
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters
        .iter()
        .fold(0u32, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row = row(std::str::from_utf8(digits).ok()?)?;
    (column <= limits::COLUMNS).then(|| CellRef::new(row, column - 1))
}

/// The zero-based row of a row number.
pub(super) fn row(number: &str) -> Option<u32> {
    if number.len() > 7 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u32>().ok().filter(|row| (1..=limits::ROWS).contains(row)).map(|row| row - 1)
}

/// The two corners of a range, the top left one first.
pub(super) fn range(address: &str) -> Option<(CellRef, CellRef)> {
    let (first, last) = address.split_once(':').unwrap_or((address, address));
    let (first, last) = (cell(first)?, cell(last)?);
    Some((
        CellRef::new(first.row.min(last.row), first.column.min(last.column)),
        CellRef::new(first.row.max(last.row), first.column.max(last.column)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_within_a_sheet() {
        assert_eq!(cell("A1"), Some(CellRef::new(0, 0)));
        assert_eq!(cell("XFD1048576"), Some(CellRef::new(1_048_575, 16_383)));
        assert_eq!(range("C3:A1"), Some((CellRef::new(0, 0), CellRef::new(2, 2))));
        for wrong in [
            "",
            "A",
            "1",
            "A0",
            "XFE1",
            "A1048577",
            "A99999999999",
            "AAAA1",
            "$A$1",
            "A1x",
            "A-1",
            "甲1",
            "A+1",
        ] {
            assert_eq!(cell(wrong), None, "{wrong}");
        }
    }
}
