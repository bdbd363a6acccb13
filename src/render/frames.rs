//! One walk through the frames of the laid-out pages, for all that is looked for in them: characters without a glyph,
//! and what stands outside the page.

use std::collections::BTreeSet;

use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Frame, FrameItem, Point, Size, Transform};
use typst::pdf::{ArtifactElem, ArtifactKind};
use typst_layout::PagedDocument;

use super::glyphs::add_missing;
use super::outside::{Outside, What};

/// How far something may stand outside the page: half a millimetre, which no printer keeps to.
const SLACK: Abs = Abs::raw(1.42);

/// The parts of a Han character's size above and below its baseline.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;

/// What is wrong with the pages.
#[derive(Debug, Default)]
pub struct Faults {
    /// Characters that no font of their chain has.
    pub missing: BTreeSet<char>,
    /// What stands outside its page, in the order of the pages.
    pub outside: Vec<Outside>,
}

/// Looks through all pages.
pub fn faults(document: &PagedDocument) -> Faults {
    let mut faults = Faults::default();
    for (page, number) in document.pages().iter().zip(1..) {
        let mut walk = Walk { faults: &mut faults, number, size: page.frame.size(), background: None };
        walk.frame(&page.frame, Transform::identity(), None);
    }
    faults
}

/// The walk through one page.
struct Walk<'a> {
    faults: &'a mut Faults,
    /// The page's number in the PDF, from 1.
    number: usize,
    size: Size,
    /// The page's background, while the walk is in it. It may be larger than the page.
    background: Option<Location>,
}

impl Walk<'_> {
    /// What stands in a frame that shows no more of it than `clip`.
    fn frame(&mut self, frame: &Frame, transform: Transform, clip: Option<Size>) {
        for (point, item) in frame.items() {
            match item {
                FrameItem::Group(group) => {
                    let moved = transform.pre_concat(Transform::translate(point.x, point.y));
                    let clip = group.clip.as_ref().map(|_| group.frame.size());
                    self.frame(&group.frame, moved.pre_concat(group.transform), clip);
                }
                FrameItem::Text(text) => {
                    add_missing(text, &mut self.faults.missing);
                    let above = Point::new(point.x, point.y - text.size * ABOVE);
                    let below = Point::new(point.x + text.width(), point.y + text.size * BELOW);
                    if self.is_outside(above, below, transform) && !text.text.trim().is_empty() {
                        self.add(What::Text(text.text.to_string()));
                    }
                }
                FrameItem::Image(image, size, _) => {
                    let has_size = size.x > Abs::zero() && size.y > Abs::zero();
                    let (from, to) = (*point, *point + size.to_point());
                    // A picture that covers its place is larger, and cut off.
                    let (from, to) = match clip {
                        Some(shown) => (from.max(Point::zero()), to.min(shown.to_point())),
                        None => (from, to),
                    };
                    if !has_size || self.is_outside(from, to, transform) {
                        let description = image.alt().map(str::to_owned);
                        self.add(What::Picture { description, has_size });
                    }
                }
                FrameItem::Tag(tag) => self.tag(tag),
                FrameItem::Shape(..) | FrameItem::Link(..) => {}
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                let artifact = element.to_packed::<ArtifactElem>();
                if artifact.is_some_and(|it| it.kind.as_option() == &Some(ArtifactKind::Background)) {
                    self.background = element.location();
                }
            }
            Tag::End(location, ..) if self.background == Some(*location) => self.background = None,
            Tag::End(..) => {}
        }
    }

    /// Whether any corner of a rectangle stands outside the page.
    fn is_outside(&self, from: Point, to: Point, transform: Transform) -> bool {
        let corners = [from, Point::new(to.x, from.y), to, Point::new(from.x, to.y)];
        self.background.is_none()
            && corners.iter().map(|corner| corner.transform(transform)).any(|corner| {
                corner.x < -SLACK
                    || corner.y < -SLACK
                    || corner.x > self.size.x + SLACK
                    || corner.y > self.size.y + SLACK
            })
    }

    fn add(&mut self, what: What) {
        self.faults.outside.push(Outside { page: self.number, what });
    }
}
