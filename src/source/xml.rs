//! XML parts, read in one pass without recursion: a thin layer over quick-xml that
//! bounds the depth, resolves references and refuses what is not well-formed.

use std::borrow::Cow;
use std::io::BufRead;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use quick_xml::{XmlVersion, escape};

use super::fault::Fault;

/// Deeper than any part of a workbook; keeps the parser's stack small.
const DEEPEST: usize = 128;

/// A step through a part.
pub(super) enum Node<'part> {
    /// An element begins; an empty element is followed by its end.
    Start(BytesStart<'part>),
    /// An element ends.
    End,
    /// Text, with references resolved; may come in several pieces.
    Text(Cow<'part, str>),
    /// The part is at its end, with every element closed.
    Done,
}

/// A pass through one part.
pub(super) struct Xml<'part> {
    text: &'part str,
    reader: Reader<&'part [u8]>,
    depth: usize,
}

/// A part's bytes as text; parts are in UTF-8, hardly ever in UTF-16.
pub(super) fn part_text(bytes: Vec<u8>, name: &str) -> Result<String, Fault> {
    let broken = || Fault::damaged(format!("部件 {name} 不是有效的文字"));
    let encoding = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ => return String::from_utf8(bytes).map_err(|_| broken()),
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(2..).unwrap_or_default())
        .map(Cow::into_owned)
        .ok_or_else(broken)
}

impl<'part> Xml<'part> {
    /// Starts a pass.
    pub(super) fn new(text: &'part str) -> Self {
        let text = text.trim_start_matches('\u{FEFF}');
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { text, reader, depth: 0 }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next step.
    pub(super) fn next(&mut self) -> Result<Node<'part>, Fault> {
        loop {
            let event = self.reader.read_event().map_err(|_| {
                Fault::damaged(format!("XML 在第 {} 字节处有误", self.reader.error_position()))
            })?;
            return Ok(match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(Fault::damaged("XML 的层次过深"));
                    }
                    Node::Start(start)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::End
                }
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(reference) => Node::Text(match reference.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string().into(),
                    // Entities of one's own would need a DTD, which no workbook has.
                    _ => match escape::resolve_predefined_entity(&reference) {
                        Some(text) => text.into(),
                        None => return Err(Fault::damaged("XML 里有未知的实体")),
                    },
                }),
                Event::Eof if self.depth == 0 => Node::Done,
                Event::Eof => return Err(Fault::damaged("XML 不完整")),
                _ => continue,
            });
        }
    }

    /// Passes over the rest of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Takes the child of this name from the element that has just begun, if it comes first and holds
    /// nothing but plain text. Nearly all cells are like that; the parser need not take them apart.
    pub(super) fn plain_child(&mut self, name: &str) -> Option<&'part str> {
        let at = usize::try_from(self.reader.buffer_position()).ok()?;
        let (before, rest) = self.text.split_at_checked(at)?;
        // An empty element has its end still to come, and no child.
        if before.ends_with("/>") {
            return None;
        }
        let inner = rest.strip_prefix('<')?.strip_prefix(name)?.strip_prefix('>')?;
        let (text, after) = inner.split_at_checked(inner.find('<')?)?;
        let after = after.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        if text.contains(['&', '\r']) {
            return None;
        }
        self.reader.stream().consume(rest.len() - after.len());
        Some(text)
    }

    /// The text within the element that has just begun, up to its end.
    pub(super) fn text(&mut self, into: &mut String) -> Result<(), Fault> {
        let outside = self.depth.saturating_sub(1);
        loop {
            match self.next()? {
                Node::Text(text) => into.push_str(&text),
                Node::End if self.depth == outside => return Ok(()),
                Node::Done => return Ok(()),
                Node::Start(_) | Node::End => {}
            }
        }
    }
}

/// Shows each attribute of an element: its full name, and its value with references resolved.
pub(super) fn each_attribute<'start>(
    start: &'start BytesStart<'_>,
    mut visit: impl FnMut(&'start str, Cow<'start, str>),
) -> Result<(), Fault> {
    let broken = || Fault::damaged("XML 的属性有误");
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| broken())?;
        // Most values are plain; the library looks at each of their characters.
        let value = if attribute.value.contains('&') {
            attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?
        } else {
            attribute.value
        };
        visit(attribute.key.0, value);
    }
    Ok(())
}

/// The attribute of this name, prefix and all.
pub(super) fn attribute<'start>(
    start: &'start BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'start, str>>, Fault> {
    let mut found = None;
    each_attribute(start, |key, value| {
        if key == name {
            found = Some(value);
        }
    })?;
    Ok(found)
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether an attribute says yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole_text(text: &str) -> Result<String, Fault> {
        let mut xml = Xml::new(text);
        let mut found = String::new();
        loop {
            match xml.next()? {
                Node::Text(text) => found.push_str(&text),
                Node::Done => return Ok(found),
                Node::Start(start) if start.name().0 == "skip" => xml.skip()?,
                Node::Start(start) if start.name().0 == "text" => xml.text(&mut found)?,
                Node::Start(_) | Node::End => {}
            }
        }
    }

    #[test]
    fn text_is_resolved_and_parts_can_be_passed_over() {
        let text = "\u{FEFF}<?xml version=\"1.0\"?><a>x &amp; &#x4E00;<skip>no<b>no</b></skip>\
                    <text>1<b>2</b>3</text><![CDATA[<c>]]><skip/></a>";
        assert_eq!(whole_text(text).unwrap(), "x & 一123<c>");
    }

    #[test]
    fn a_plain_child_is_taken_whole_and_any_other_left_to_the_parser() {
        for (text, taken, rest) in [
            ("<c><v>12</v></c>", Some("12"), ""),
            ("\u{FEFF}<c><v>一</v>二</c>", Some("一"), "二"),
            ("<c><v></v></c>", Some(""), ""),
            ("<c/>", None, ""),
            ("<c><v>1&amp;2</v></c>", None, "1&2"),
            ("<c><v>1\r\n2</v></c>", None, "1\n2"),
            ("<c><v a=\"1\">3</v></c>", None, "3"),
            ("<c> <v>4</v></c>", None, " 4"),
            ("<c><v>5<!-- no --></v></c>", None, "5"),
        ] {
            let mut xml = Xml::new(text);
            assert!(matches!(xml.next().unwrap(), Node::Start(_)), "{text}");
            assert_eq!(xml.plain_child("v"), taken, "{text}");
            let mut found = String::new();
            xml.text(&mut found).unwrap();
            assert_eq!(found, rest, "{text}");
            assert!(matches!(xml.next().unwrap(), Node::Done), "{text}");
        }
        // What follows an empty element is not its child.
        let mut xml = Xml::new("<r><c/><v>1</v></r>");
        for _ in 0..2 {
            assert!(matches!(xml.next().unwrap(), Node::Start(_)));
        }
        assert_eq!(xml.plain_child("v"), None);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in ["<a>", "<a></b>", "</a>", "<a", "<a>&bomb;</a>", "<a>&#0;</a>"] {
            assert!(whole_text(text).is_err(), "{text}");
        }
        assert!(whole_text(&"<a>".repeat(1000)).is_err());
    }

    #[test]
    fn parts_may_be_in_utf_16() {
        let utf_16: Vec<u8> = "\u{FEFF}<一/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(part_text(utf_16, "a").unwrap(), "<一/>");
        assert!(part_text(vec![0xC0, 0xC1], "a").is_err());
        assert!(part_text(vec![0xFF, 0xFE, 0x00], "a").is_err());
    }
}
