//! The tags of an XML part with their places in its text, so that a part can be edited where it has to be
//! and stay as it is everywhere else.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// A tag.
pub(super) struct Tag<'a> {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    /// How many elements are open outside of its element.
    pub(super) depth: usize,
    /// What kind of tag it is.
    pub(super) kind: TagKind<'a>,
}

pub(super) enum TagKind<'a> {
    Open(BytesStart<'a>),
    Empty(BytesStart<'a>),
    Close(String),
}

impl Tag<'_> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &str {
        let name = self.name();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The name with its prefix.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            TagKind::Open(start) | TagKind::Empty(start) => start.name().0,
            TagKind::Close(name) => name,
        }
    }

    /// The prefix with its colon, or nothing: new elements beside this one need it too.
    pub(super) fn prefix(&self) -> String {
        self.name().rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default()
    }

    /// Whether the element begins here.
    pub(super) fn begins(&self) -> bool {
        !matches!(self.kind, TagKind::Close(_))
    }

    /// Whether the element ends here.
    pub(super) fn ends(&self) -> bool {
        !matches!(self.kind, TagKind::Open(_))
    }

    /// The value of an attribute, by its full name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The attributes with their values, references resolved.
    pub(super) fn attributes(&self) -> Vec<(String, String)> {
        let (TagKind::Open(start) | TagKind::Empty(start)) = &self.kind else { return Vec::new() };
        let mut attributes = start.attributes();
        attributes
            .with_checks(false)
            .flatten()
            .map(|attribute| {
                let key = attribute.key.0.to_owned();
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned);
                (key, value.unwrap_or_default())
            })
            .collect()
    }
}

/// Shows each tag of a text in its order; none where the text is not well-formed.
pub(super) fn each_tag<'a>(text: &'a str, mut visit: impl FnMut(Tag<'a>)) -> Option<()> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0;
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let range = start..usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Start(tag) => {
                visit(Tag { range, depth, kind: TagKind::Open(tag) });
                depth += 1;
            }
            Event::Empty(tag) => visit(Tag { range, depth, kind: TagKind::Empty(tag) }),
            Event::End(tag) => {
                depth = usize::checked_sub(depth, 1)?;
                visit(Tag { range, depth, kind: TagKind::Close(tag.name().0.to_owned()) });
            }
            Event::Eof => return (depth == 0).then_some(()),
            _ => {}
        }
    }
}

/// A tag written anew with some attributes set; `ends` closes it at once.
pub(super) fn tag_with(tag: &Tag<'_>, set: &[(&str, &str)]) -> String {
    let mut text = format!("<{}", tag.name());
    for (key, value) in tag.attributes() {
        if !set.iter().any(|(name, _)| *name == key) {
            text.push_str(&format!(" {key}=\"{}\"", escaped(&value)));
        }
    }
    for (key, value) in set {
        text.push_str(&format!(" {key}=\"{}\"", escaped(value)));
    }
    text.push_str(if tag.ends() { "/>" } else { ">" });
    text
}

/// A text with some ranges replaced; ranges of no length are insertions. Insertions at one place keep their order.
pub(super) fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> Option<String> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut whole = String::with_capacity(text.len() + edits.iter().map(|(_, new)| new.len()).sum::<usize>());
    let mut at = 0;
    for (range, new) in edits {
        whole.push_str(text.get(at..range.start)?);
        whole.push_str(&new);
        at = range.end;
    }
    whole.push_str(text.get(at..)?);
    Some(whole)
}

/// A text as it stands in XML, without the characters that XML forbids.
pub(super) fn escaped(text: &str) -> String {
    let allowed = |character: &char| !character.is_control() || "\n\t".contains(*character);
    let text: String = text.chars().filter(allowed).filter(|it| !"\u{FFFE}\u{FFFF}".contains(*it)).collect();
    quick_xml::escape::escape(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_edited_where_it_has_to_be() {
        let text = "<?xml version=\"1.0\"?><x:a b=\"1\"><x:c d=\"&lt;\"/>text<!-- c --></x:a>";
        let mut edits = Vec::new();
        each_tag(text, |tag| match tag.local() {
            "c" => edits.push((tag.range.clone(), tag_with(&tag, &[("d", "2"), ("e", "<")]))),
            "a" if !tag.begins() => {
                edits.push((tag.range.start..tag.range.start, format!("<{}new/>", tag.prefix())));
            }
            _ => {}
        })
        .unwrap();
        assert_eq!(
            edited(text, edits).unwrap(),
            "<?xml version=\"1.0\"?><x:a b=\"1\"><x:c d=\"2\" e=\"&lt;\"/>text<!-- c --><x:new/></x:a>"
        );
        assert!(each_tag("<a><b></a>", |_| {}).is_none());
    }
}
