//! Fingerprints of laid-out pages: what a reader sees of each, so that a page that comes out
//! otherwise can be named without the former PDF.

use std::hash::{Hash, Hasher};

use typst::layout::{Frame, FrameItem, Point, Size};
use typst_layout::PagedDocument;

/// A fingerprint of each page, in their order.
///
/// Typst's own hash of a frame will not do: it holds the places of the source's parts, which
/// depend on what else was compiled before.
pub fn page_fingerprints(document: &PagedDocument) -> Vec<String> {
    let fingerprint = |frame: &Frame| {
        let mut hasher = blake3::Hasher::new();
        add_frame(&mut StableHasher(&mut hasher), frame);
        let mut text = hasher.finalize().to_hex().to_string();
        text.truncate(16);
        text
    };
    document.pages().iter().map(|page| fingerprint(&page.frame)).collect()
}

/// Feeds `Hash` implementations into a hash that is the same on every run.
struct StableHasher<'a>(&'a mut blake3::Hasher);

impl Hasher for StableHasher<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

fn add_frame(hasher: &mut StableHasher<'_>, frame: &Frame) {
    let add_place = |hasher: &mut StableHasher<'_>, point: &Point| point.hash(hasher);
    let size: Size = frame.size();
    size.hash(hasher);
    for (point, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                add_place(hasher, point);
                group.transform.hash(hasher);
                group.clip.hash(hasher);
                add_frame(hasher, &group.frame);
            }
            FrameItem::Text(text) => {
                add_place(hasher, point);
                text.font.info().family.hash(hasher);
                text.font.info().variant.hash(hasher);
                text.size.hash(hasher);
                text.fill.hash(hasher);
                text.stroke.hash(hasher);
                text.text.hash(hasher);
                for glyph in &text.glyphs {
                    (glyph.id, glyph.x_advance, glyph.x_offset, glyph.y_advance, glyph.y_offset).hash(hasher);
                }
            }
            FrameItem::Shape(shape, _) => {
                add_place(hasher, point);
                shape.hash(hasher);
            }
            FrameItem::Image(image, size, _) => {
                add_place(hasher, point);
                size.hash(hasher);
                image.hash(hasher);
            }
            // Links and tags are not seen.
            FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}
