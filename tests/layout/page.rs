//! A laid-out page as a reader with a ruler sees it: glyphs and rules in millimetres from the top left corner.

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::visualize::{Geometry, Paint};
use typst_layout::PagedDocument;

/// A printed character.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub text: String,
    /// Its origin.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// How far the next one stands to the right.
    pub advance: f64,
    /// Its size in points.
    pub size: f64,
    pub family: String,
    pub colour: String,
    /// The vertical extent of the ink of the run it stands in.
    pub ink: (f64, f64),
}

/// A straight rule or the edge of a shape.
#[derive(Debug, Clone)]
pub struct Rule {
    pub from: (f64, f64),
    pub to: (f64, f64),
    /// In millimetres.
    pub thickness: f64,
    pub colour: String,
}

impl Rule {
    pub fn is_horizontal(&self) -> bool {
        (self.from.1 - self.to.1).abs() < 0.01
    }

    pub fn length(&self) -> f64 {
        (self.to.0 - self.from.0).hypot(self.to.1 - self.from.1)
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub glyphs: Vec<Glyph>,
    pub rules: Vec<Rule>,
}

/// A line of text: all glyphs on one baseline, from the left.
#[derive(Debug, Clone)]
pub struct Line {
    pub y: f64,
    pub glyphs: Vec<Glyph>,
}

impl Line {
    pub fn x(&self) -> f64 {
        self.glyphs[0].x
    }

    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
    }
}

/// All pages of a document.
pub fn pages(document: &PagedDocument) -> Vec<Page> {
    document
        .pages()
        .iter()
        .map(|page| {
            let mut seen = Page::default();
            walk(&page.frame, Transform::identity(), &mut seen);
            seen
        })
        .collect()
}

impl Page {
    /// The lines of the glyphs that `wanted` picks, from the top.
    pub fn lines(&self, wanted: impl Fn(&Glyph) -> bool) -> Vec<Line> {
        let mut glyphs: Vec<Glyph> = self.glyphs.iter().filter(|glyph| wanted(glyph)).cloned().collect();
        glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        let mut lines: Vec<Line> = Vec::new();
        for glyph in glyphs {
            match lines.last_mut() {
                Some(line) if (line.y - glyph.y).abs() < 0.2 => line.glyphs.push(glyph),
                _ => lines.push(Line { y: glyph.y, glyphs: vec![glyph] }),
            }
        }
        for line in &mut lines {
            line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
        lines
    }

    /// The lines of the type area in body size, headings included.
    pub fn text_lines(&self) -> Vec<Line> {
        self.lines(|glyph| (glyph.size - 16.0).abs() < 0.01 && glyph.y < 262.5)
    }

    /// The page's words, line by line.
    pub fn text(&self) -> String {
        self.lines(|_| true).iter().map(|line| line.text() + "\n").collect()
    }

    /// The page number: the one line below the type area.
    pub fn number(&self) -> Line {
        let mut lines = self.lines(|glyph| glyph.y > 264.0);
        assert_eq!(lines.len(), 1, "one line stands below the type area");
        lines.remove(0)
    }

    /// The horizontal rules from the top.
    pub fn horizontal_rules(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.rules.iter().filter(|rule| rule.is_horizontal()).cloned().collect();
        rules.sort_by(|a, b| a.from.1.total_cmp(&b.from.1));
        rules
    }
}

fn walk(frame: &Frame, transform: Transform, page: &mut Page) {
    for (position, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => walk(&group.frame, here.pre_concat(group.transform), page),
            FrameItem::Text(text) => {
                let ink = text.bbox();
                let ink = (
                    millimetres(Point::new(ink.min.x, ink.min.y), here).1,
                    millimetres(Point::new(ink.max.x, ink.max.y), here).1,
                );
                let mut cursor = Abs::zero();
                for glyph in &text.glyphs {
                    let advance = glyph.x_advance.at(text.size);
                    let origin = Point::new(cursor + glyph.x_offset.at(text.size), Abs::zero());
                    let (x, y) = millimetres(origin, here);
                    let range = usize::from(glyph.range.start)..usize::from(glyph.range.end);
                    page.glyphs.push(Glyph {
                        text: text.text[range].to_owned(),
                        x,
                        y,
                        advance: advance.to_mm(),
                        size: text.size.to_pt(),
                        family: text.font.info().family.clone(),
                        colour: colour(&text.fill),
                        ink,
                    });
                    cursor += advance;
                }
            }
            FrameItem::Shape(shape, _) => {
                let stroke = shape.stroke.as_ref();
                let thickness = stroke.map_or(0.0, |stroke| stroke.thickness.to_mm());
                let colour = stroke.map_or_else(String::new, |stroke| colour(&stroke.paint));
                let mut line = |from: Point, to: Point| {
                    let (from, to) = (millimetres(from, here), millimetres(to, here));
                    page.rules.push(Rule { from, to, thickness, colour: colour.clone() });
                };
                match &shape.geometry {
                    Geometry::Line(to) => line(Point::zero(), *to),
                    Geometry::Rect(size) => {
                        line(Point::zero(), Point::with_x(size.x));
                        line(Point::with_y(size.y), Point::new(size.x, size.y));
                    }
                    Geometry::Curve(_) => {}
                }
            }
            _ => {}
        }
    }
}

fn millimetres(point: Point, transform: Transform) -> (f64, f64) {
    let point = point.transform(transform);
    (point.x.to_mm(), point.y.to_mm())
}

fn colour(paint: &Paint) -> String {
    match paint {
        Paint::Solid(colour) => colour.to_hex().to_string(),
        _ => "pattern".to_owned(),
    }
}
