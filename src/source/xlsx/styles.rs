//! The number formats of cells: which of them make a number a date.

use std::collections::BTreeMap;

use crate::source::fault::Fault;
use crate::source::number_format::{NumberKind, built_in_kind, code_kind};
use crate::source::xml::{Node, Xml, attribute, local};

/// What each style of the workbook makes of a number.
#[derive(Debug, Default)]
pub(super) struct Styles {
    kinds: Vec<NumberKind>,
}

impl Styles {
    /// Reads the part of styles.
    pub(super) fn parse(part: &str) -> Result<Self, Fault> {
        let mut xml = Xml::new(part);
        let mut codes = BTreeMap::new();
        let mut kinds = Vec::new();
        // Other lists hold formats (`xf`) too; only this one is what cells refer to.
        let mut list_depth = None;
        loop {
            match xml.next()? {
                Node::Start(start) => match local(start.name().0) {
                    "cellXfs" => list_depth = Some(xml.depth()),
                    "numFmt" => {
                        let id = attribute(&start, "numFmtId")?.and_then(|id| id.parse::<u32>().ok());
                        let code = attribute(&start, "formatCode")?;
                        if let (Some(id), Some(code)) = (id, code) {
                            codes.insert(id, code_kind(&code));
                        }
                    }
                    "xf" if list_depth.is_some() => {
                        let id = attribute(&start, "numFmtId")?.and_then(|id| id.parse::<u32>().ok());
                        let kind = id.map_or(NumberKind::Plain, |id| {
                            codes.get(&id).copied().unwrap_or_else(|| built_in_kind(id))
                        });
                        kinds.push(kind);
                    }
                    _ => {}
                },
                Node::End if list_depth.is_some_and(|depth| xml.depth() < depth) => list_depth = None,
                Node::Done => return Ok(Self { kinds }),
                Node::End | Node::Text(_) => {}
            }
        }
    }

    /// What a style makes of a number.
    pub(super) fn kind(&self, style: usize) -> NumberKind {
        self.kinds.get(style).copied().unwrap_or(NumberKind::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_formats_of_cells_count() {
        let styles = Styles::parse(
            r#"<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>
            <numFmt numFmtId="177" formatCode="0.00"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="176"><alignment/></xf><xf numFmtId="177"/>
            <xf numFmtId="46"/><xf numFmtId="31"/></cellXfs>
            <dxfs><dxf><numFmt numFmtId="0" formatCode="yyyy"/></dxf></dxfs></styleSheet>"#,
        )
        .unwrap();
        let kinds: Vec<_> = (0..6).map(|style| styles.kind(style)).collect();
        use NumberKind::{Duration, Moment, Plain};
        assert_eq!(kinds, [Plain, Moment, Plain, Duration, Moment, Plain]);
    }
}
