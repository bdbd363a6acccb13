//! The part of styles: the number formats of cells.

use crate::source::fault::Fault;
use crate::source::number_format::NumberStyles;
use crate::source::xml::{Node, Xml, attribute, local};

/// Reads what each style of the workbook makes of a number.
pub(super) fn number_styles(part: &str) -> Result<NumberStyles, Fault> {
    let mut xml = Xml::new(part);
    let mut styles = NumberStyles::default();
    // Other lists hold formats (`numFmt`, `xf`) too; only these are what cells refer to.
    let mut list: Option<(&str, usize)> = None;
    loop {
        match xml.next()? {
            Node::Start(start) => match local(start.name().0) {
                "numFmts" => list = Some(("numFmt", xml.depth())),
                "cellXfs" => list = Some(("xf", xml.depth())),
                "numFmt" if list.is_some_and(|(entry, _)| entry == "numFmt") => {
                    let id = attribute(&start, "numFmtId")?.and_then(|id| id.parse().ok());
                    let code = attribute(&start, "formatCode")?;
                    if let (Some(id), Some(code)) = (id, code) {
                        styles.declare(id, &code);
                    }
                }
                "xf" if list.is_some_and(|(entry, _)| entry == "xf") => {
                    styles.add(attribute(&start, "numFmtId")?.and_then(|id| id.parse().ok()));
                }
                _ => {}
            },
            Node::End if list.is_some_and(|(_, depth)| xml.depth() < depth) => list = None,
            Node::Done => return Ok(styles),
            Node::End | Node::Text(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::number_format::NumberKind;

    #[test]
    fn only_the_formats_of_cells_count() {
        let styles = number_styles(
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
