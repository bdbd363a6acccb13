//! A form as a department fills it in: edited in its parts, as an office program would leave it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::bytes::{archive, with_part};

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A workbook that a department is filling in.
#[derive(Debug, Clone)]
pub struct Answer {
    bytes: Vec<u8>,
}

impl Answer {
    /// A form as it was sent out, or any other workbook with one sheet.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// The entry cells, in their order: those that the form guards with a validation.
    pub fn entry_cells(&self) -> Vec<String> {
        let sheet = self.part(SHEET);
        sheet
            .split(" sqref=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"'))
            .filter(|(_, rest)| rest.starts_with("><formula1>"))
            .map(|(cell, _)| cell.to_owned())
            .collect()
    }

    /// Fills in all entry cells; what looks like a number is one.
    pub fn filled<'a>(self, values: impl IntoIterator<Item = &'a str>) -> Self {
        let cells = self.entry_cells();
        let values: Vec<&str> = values.into_iter().collect();
        assert_eq!(cells.len(), values.len(), "{cells:?}");
        cells.iter().zip(values).fold(self, |answer, (cell, value)| answer.with(cell, value))
    }

    /// Sets a cell that the form has; an empty value empties it.
    pub fn with(self, cell: &str, value: &str) -> Self {
        self.with_in(SHEET, cell, value)
    }

    /// Sets a cell that a sheet's part has.
    pub fn with_in(self, sheet: &str, cell: &str, value: &str) -> Self {
        let bytes = with_part(&self.bytes, sheet, |xml| {
            let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no {cell}: {xml}"));
            let length = xml[start..].find('>').unwrap() + 1;
            let tag = &xml[start..start + length];
            let end = match tag.ends_with("/>") {
                true => start + length,
                false => start + xml[start..].find("</c>").unwrap() + "</c>".len(),
            };
            let style = tag.split("s=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0");
            let new = match value.parse::<f64>() {
                _ if value.is_empty() => format!("<c r=\"{cell}\" s=\"{style}\" t=\"n\"/>"),
                Ok(_) => format!("<c r=\"{cell}\" s=\"{style}\"><v>{value}</v></c>"),
                Err(_) => {
                    format!("<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
                }
            };
            format!("{}{new}{}", &xml[..start], &xml[end..])
        });
        Self { bytes }
    }

    /// Last saved at this moment.
    pub fn saved(self, moment: &str) -> Self {
        let bytes = with_part(&self.bytes, "docProps/core.xml", |xml| {
            let (before, rest) = xml.split_once("<dcterms:modified").unwrap();
            let (tag, rest) = rest.split_once('>').unwrap();
            let (_, after) = rest.split_once('<').unwrap();
            format!("{before}<dcterms:modified{tag}>{moment}Z<{after}")
        });
        Self { bytes }
    }

    /// Without the properties by which a form is known, as after copying the sheet into a new workbook.
    pub fn without_properties(self) -> Self {
        let parts = self.parts();
        let left: Vec<(&str, &[u8])> = parts
            .iter()
            .filter(|(name, _)| name != "docProps/custom.xml")
            .map(|(name, content)| (name.as_str(), content.as_slice()))
            .collect();
        Self { bytes: archive(&left) }
    }

    /// With one part changed.
    pub fn with_part(self, name: &str, change: impl FnOnce(&str) -> String) -> Self {
        Self { bytes: with_part(&self.bytes, name, change) }
    }

    /// The text of a part.
    pub fn part(&self, name: &str) -> String {
        let parts = self.parts();
        let (_, content) =
            parts.into_iter().find(|(part, _)| part == name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8(content).unwrap()
    }

    /// The names of the parts.
    pub fn part_names(&self) -> Vec<String> {
        self.parts().into_iter().map(|(name, _)| name).collect()
    }

    /// The workbook.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let mut zip = ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let count = zip.len();
        let read = |index| {
            let mut part = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        };
        (0..count).map(read).collect()
    }
}
