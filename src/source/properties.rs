//! What a document says about itself: its custom properties, and when it was last saved.
//!
//! A help for telling files apart, never a condition: what cannot be read is
//! simply not there. Old .xls files are not asked.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Timelike};

use super::archive::Archive;
use super::beijing::from_the_wall;
use super::fault::Fault;
use super::format::Format;
use super::xml::{Node, Xml, attribute, local, part_text};

/// The most properties that are kept of a document.
const MOST: usize = 64;

/// A document's properties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    custom: BTreeMap<String, String>,
    /// When it was last saved, as the program that saved it wrote down, in Coordinated Universal Time.
    pub saved: Option<NaiveDateTime>,
}

impl Properties {
    /// The custom property of this name.
    pub fn custom(&self, name: &str) -> Option<&str> {
        self.custom.get(name).map(String::as_str)
    }

    /// Reads the properties of a file.
    pub(super) fn read(format: &mut Format<'_>) -> Self {
        match format {
            Format::Xlsx { archive, .. } | Format::Xlsb { archive, .. } => {
                Self::of_parts(archive, &["docProps/custom.xml", "docProps/core.xml"])
            }
            Format::Ods { archive } => Self::of_parts(archive, &["meta.xml"]),
            Format::Xls | Format::Text => Self::default(),
        }
    }

    fn of_parts(archive: &mut Archive<'_>, parts: &[&str]) -> Self {
        let mut properties = Self::default();
        for part in parts {
            let read = archive.read(part).and_then(|bytes| bytes.map(|it| part_text(it, part)).transpose());
            if let Ok(Some(text)) = read {
                // A part that breaks off has told what it told.
                let _ = properties.add(&text);
            }
        }
        properties
    }

    fn add(&mut self, part: &str) -> Result<(), Fault> {
        let mut xml = Xml::new(part);
        let mut changed = None;
        loop {
            match xml.next()? {
                Node::Start(start) => match local(start.name().0) {
                    "property" => {
                        let name = attribute(&start, "name")?.unwrap_or_default().into_owned();
                        self.keep(&mut xml, name)?;
                    }
                    "user-defined" => {
                        let name = attribute(&start, "meta:name")?.unwrap_or_default().into_owned();
                        self.keep(&mut xml, name)?;
                    }
                    "modified" | "date" => {
                        let mut text = String::new();
                        xml.text(&mut text)?;
                        changed = moment(&text);
                    }
                    _ => {}
                },
                Node::Done => break,
                Node::End | Node::Text(_) => {}
            }
            self.saved = self.saved.or(changed);
        }
        Ok(())
    }

    fn keep(&mut self, xml: &mut Xml<'_>, name: String) -> Result<(), Fault> {
        let mut value = String::new();
        xml.text(&mut value)?;
        if self.custom.len() < MOST && value.len() < 4096 && name.len() < 256 {
            self.custom.insert(name, value.trim().to_owned());
        }
        Ok(())
    }
}

/// A moment in ISO 8601, to the second. Excel and WPS write it in Coordinated Universal Time and say so (`Z`);
/// LibreOffice writes in .ods files what the clock on the wall shows.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return moment.naive_utc().with_nanosecond(0);
    }
    NaiveDateTime::parse_from_str(text.get(..19)?, "%Y-%m-%dT%H:%M:%S").ok().map(from_the_wall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::zipped;

    #[test]
    fn properties_are_read_from_either_family() {
        let xlsx = zipped(&[
            (
                "docProps/custom.xml",
                "<Properties><property fmtid=\"x\" pid=\"2\" name=\"yuebao.month\"><vt:lpwstr>2025-08</vt:lpwstr>\
                 </property></Properties>",
            ),
            ("docProps/core.xml", "<c><dcterms:modified>2025-08-05T10:12:13Z</dcterms:modified></c>"),
        ]);
        let ods = zipped(&[(
            "meta.xml",
            "<m><dc:date>2025-08-05T18:12:13.987654321</dc:date>\
             <meta:user-defined meta:name=\"yuebao.month\">2025-08</meta:user-defined></m>",
        )]);
        let xlsx = Archive::open(&xlsx).unwrap();
        let ods = Archive::open(&ods).unwrap();
        for mut format in [Format::Xlsx { archive: xlsx, main: String::new() }, Format::Ods { archive: ods }]
        {
            let properties = Properties::read(&mut format);
            assert_eq!(properties.custom("yuebao.month"), Some("2025-08"));
            assert_eq!(properties.saved.unwrap().to_string(), "2025-08-05 10:12:13");
        }
    }

    #[test]
    fn moments_of_different_programs_can_be_compared() {
        let moment = |text| moment(text).map(|moment| moment.to_string());
        let expected = Some("2025-08-05 10:12:13".to_owned());
        for text in ["2025-08-05T10:12:13Z", "2025-08-05T18:12:13.5+08:00", " 2025-08-05T18:12:13.123456789"]
        {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment("2025-08-05"), None);
    }

    #[test]
    fn what_cannot_be_read_is_not_there() {
        for part in ["<a", "<p><property name=\"a\">", "<modified>gestern</modified>", ""] {
            let bytes = zipped(&[("docProps/custom.xml", part), ("docProps/core.xml", part)]);
            let archive = Archive::open(&bytes).unwrap();
            let properties = Properties::read(&mut Format::Xlsx { archive, main: String::new() });
            assert_eq!(properties, Properties::default(), "{part}");
        }
    }
}
