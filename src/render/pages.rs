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
        let mut seen = Seen::default();
        add_frame(&mut seen, frame);
        let mut text = blake3::hash(&seen.0).to_hex().to_string();
        text.truncate(16);
        text
    };
    document.pages().iter().map(|page| fingerprint(&page.frame)).collect()
}

/// What `Hash` implementations tell of a page, gathered, to be hashed in the same way on every run.
#[derive(Default)]
struct Seen(Vec<u8>);

impl Hasher for Seen {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

fn add_frame(seen: &mut Seen, frame: &Frame) {
    let add_place = |seen: &mut Seen, point: &Point| point.hash(seen);
    let size: Size = frame.size();
    size.hash(seen);
    for (point, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                add_place(seen, point);
                group.transform.hash(seen);
                group.clip.hash(seen);
                add_frame(seen, &group.frame);
            }
            FrameItem::Text(text) => {
                add_place(seen, point);
                text.font.info().family.hash(seen);
                text.font.info().variant.hash(seen);
                text.size.hash(seen);
                text.fill.hash(seen);
                text.stroke.hash(seen);
                text.text.hash(seen);
                for glyph in &text.glyphs {
                    (glyph.id, glyph.x_advance, glyph.x_offset, glyph.y_advance, glyph.y_offset).hash(seen);
                }
            }
            FrameItem::Shape(shape, _) => {
                add_place(seen, point);
                shape.hash(seen);
            }
            FrameItem::Image(image, size, _) => {
                add_place(seen, point);
                size.hash(seen);
                image.hash(seen);
            }
            // Links and tags are not seen.
            FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}
