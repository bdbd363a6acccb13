//! Texts of a workbook: the shared ones, rich ones, and the escapes within them.

use std::borrow::Cow;

use crate::source::fault::{Fault, Kind};
use crate::source::limits::{self, Allowance};
use crate::source::xml::{Node, Xml, attribute, local};

/// The shared texts, laid end to end.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<usize>,
}

impl SharedStrings {
    /// Reads the part of shared texts.
    pub(super) fn parse(part: &str, allowance: &mut Allowance) -> Result<Self, Fault> {
        let mut strings = Self::default();
        let mut xml = Xml::new(part);
        loop {
            match xml.next()? {
                Node::Start(start) if local(start.name().0) == "si" => {
                    let text = rich_text(&mut xml)?;
                    allowance.take_text(text.len())?;
                    strings.text.push_str(&text);
                    strings.ends.push(strings.text.len());
                    if strings.ends.len() > limits::SHARED_TEXTS {
                        return Err(Fault::new(Kind::TooManyCells, "共享的文字过多"));
                    }
                }
                Node::Done => return Ok(strings),
                _ => {}
            }
        }
    }

    /// The text of an index.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..end)
    }
}

/// The text of the element that has just begun (`si` or `is`): all of its runs,
/// without the phonetic readings.
pub(super) fn rich_text(xml: &mut Xml<'_>) -> Result<String, Fault> {
    let outside = xml.depth().saturating_sub(1);
    let mut whole = String::new();
    let mut run = String::new();
    loop {
        match xml.next()? {
            Node::Start(start) => match local(start.name().0) {
                "rPh" | "phoneticPr" => xml.skip()?,
                "t" => {
                    let preserve = attribute(&start, "xml:space")?.is_some_and(|v| v == "preserve");
                    run.clear();
                    xml.text(&mut run)?;
                    let text = if preserve { &run } else { run.trim_matches([' ', '\t', '\r', '\n']) };
                    whole.push_str(&unescape(text));
                }
                _ => {}
            },
            Node::End if xml.depth() == outside => return Ok(whole),
            Node::Done => return Ok(whole),
            Node::End | Node::Text(_) => {}
        }
    }
}

/// A text without the escapes `_xHHHH_` that stand for characters which XML forbids.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    // As UTF-16, because two escapes together may stand for one character.
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        units.extend(before.encode_utf16());
        let (escaped, length) = unit(escape).map_or((u16::from(b'_'), 1), |unit| (unit, 7));
        units.push(escaped);
        rest = escape.get(length..).unwrap_or_default();
    }
    units.extend(rest.encode_utf16());
    Cow::Owned(String::from_utf16_lossy(&units))
}

fn unit(escape: &str) -> Option<u16> {
    let digits = escape.get(2..6).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    if escape.as_bytes().get(6) != Some(&b'_') {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_readings_left_out() {
        let part = r#"<x:sst xmlns:x="m"><x:si><x:t> 甲 </x:t></x:si><x:si/>
            <x:si><x:r><x:rPr/><x:t>乙</x:t></x:r><x:r><x:t xml:space="preserve"> 丙</x:t></x:r>
            <x:rPh sb="0" eb="1"><x:t>yi</x:t></x:rPh></x:si><x:si><x:t>a&amp;b_x000D_</x:t></x:si></x:sst>"#;
        let strings = SharedStrings::parse(part, &mut Allowance::default()).unwrap();
        let all: Vec<_> = (0..5).map(|index| strings.get(index)).collect();
        assert_eq!(all, [Some("甲"), Some(""), Some("乙 丙"), Some("a&b\r"), None]);
    }

    #[test]
    fn the_amount_of_text_is_bounded() {
        let part = format!("<sst>{}</sst>", "<si><t>0123456789</t></si>".repeat(11));
        assert!(SharedStrings::parse(&part, &mut Allowance::of(0, 100)).is_err());
    }

    #[test]
    fn escapes_stand_for_characters() {
        for (text, expected) in [
            ("a_x0041_b", "aAb"),
            ("_x005F_x0041_", "_x0041_"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_", "\u{FFFD}"),
            ("_x12_ _xZZZZ_ _x一二三四_", "_x12_ _xZZZZ_ _x一二三四_"),
            ("_x0041", "_x0041"),
        ] {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }
}
