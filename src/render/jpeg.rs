//! What a JPEG file says of itself (ITU-T T.81, annex B): whether it is whole, and its colours. Decoders fill up what
//! is missing with grey, and a PDF for keeping (PDF/A) takes no CMYK without the profile of a printing press.

/// What is wrong with a JPEG file for printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JpegFault {
    /// It ends before its picture does.
    Truncated,
    /// Its colours are those of a printing press.
    Cmyk,
}

/// The fault of a JPEG file, if any.
pub fn fault(bytes: &[u8]) -> Option<JpegFault> {
    let mut at = 2;
    while let Some([first, marker]) = bytes.get(at..at + 2) {
        // Filling bytes, and what some programs leave between two segments, are passed over as decoders do.
        if *first != 0xFF || matches!(marker, 0x00 | 0xFF) {
            at += 1;
            continue;
        }
        match marker {
            // The number of components stands behind length, precision, height and width.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) && bytes.get(at + 9) == Some(&4) => {
                return Some(JpegFault::Cmyk);
            }
            // The scan begins; within it, nothing looks like the end marker. A preview before it has one of its own.
            0xDA => {
                let has_end =
                    bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|it| it == [0xFF, 0xD9]));
                return (!has_end).then_some(JpegFault::Truncated);
            }
            _ => {}
        }
        let Some([high, low]) = bytes.get(at + 2..at + 4) else { break };
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    Some(JpegFault::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a preview in an early segment, a frame of so many components, and a scan that ends or does not.
    fn file(components: u8, ends: bool) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xDA, 0xFF, 0xD9];
        bytes.extend([7, 0xFF, 0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, components]);
        bytes.extend([0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0, 3]);
        bytes.extend(if ends { &[0xFF, 0xD9, 0][..] } else { &[4, 5] });
        bytes
    }

    #[test]
    fn a_whole_picture_in_screen_colours_has_no_fault() {
        assert_eq!(fault(&file(3, true)), None);
        assert_eq!(fault(&file(1, true)), None);
    }

    #[test]
    fn a_picture_that_ends_too_early_is_found_wherever_it_ends() {
        let whole = file(3, false);
        for length in 2..=whole.len() {
            assert_eq!(fault(&whole[..length]), Some(JpegFault::Truncated), "{length}");
        }
    }

    #[test]
    fn four_colours_are_those_of_a_press() {
        assert_eq!(fault(&file(4, true)), Some(JpegFault::Cmyk));
    }
}
