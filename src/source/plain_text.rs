//! Text files: which encoding they are in, strictly, so that no figure or name is
//! read from a guess.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

/// The text of a file, without a byte order mark; or the line, from 1, that is in
/// none of the encodings that Chinese offices use.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|error| line(rest, error.valid_up_to()))
        }
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, UTF_16LE),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, UTF_16BE),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(|| line(bytes, error.valid_up_to()).max(first_bad_line(bytes))),
        },
    }
}

fn utf_16<'bytes>(
    bytes: &'bytes [u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<Cow<'bytes, str>, usize> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        text.find('\u{FFFD}').map_or(1, |at| line(text.as_bytes(), at))
    })
}

/// The first line that is not in GB18030. No character of it contains a line break.
fn first_bad_line(bytes: &[u8]) -> usize {
    let bad = |line: &[u8]| GB18030.decode_without_bom_handling_and_without_replacement(line).is_none();
    bytes.split(|byte| *byte == b'\n').position(bad).map_or(1, |index| index + 1)
}

fn line(bytes: &[u8], offset: usize) -> usize {
    bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let text = "部门,受理量\n公安局,1";
        let utf_16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{FEFF}{text}").encode_utf16().flat_map(order).collect()
        };
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()).unwrap(), text);
        assert_eq!(decode(&GB18030.encode(text).0).unwrap(), text);
        assert_eq!(decode(&utf_16(u16::to_le_bytes)).unwrap(), text);
        assert_eq!(decode(&utf_16(u16::to_be_bytes)).unwrap(), text);
    }

    #[test]
    fn the_first_bad_line_is_named() {
        assert_eq!(decode(b"a\n\xFF\xFF\n"), Err(2));
        assert_eq!(
            decode("a\n部门\n".as_bytes().iter().chain(b"\xFF").copied().collect::<Vec<_>>().as_slice()),
            Err(3)
        );
        assert_eq!(decode(b"\xEF\xBB\xBFa\nb\n\xFF"), Err(3));
        assert_eq!(decode(b"\xFF\xFEa\0\n\0\x00\xD8x\0"), Err(2));
    }
}
