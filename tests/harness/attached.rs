//! The files attached to a PDF, as a reader of PDFs finds them.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Stream, String as PdfString};

/// An attached file.
#[derive(Debug, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    pub description: String,
    pub media_type: String,
    /// `Source` or `Data`.
    pub relationship: String,
    /// The modification date, as PDF writes dates.
    pub date: String,
    pub content: Vec<u8>,
}

/// All files that are attached to a document as a whole, by the order of their names.
pub fn attached(pdf: &[u8]) -> Vec<Attached> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap_or_else(|error| panic!("{error:?}"));
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
    let tree = catalog.get::<Dict<'_>>("Names").and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"));
    let Some(entries) = tree.and_then(|tree| tree.get::<Array<'_>>("Names")) else { return Vec::new() };
    let mut files = Vec::new();
    let mut entries = entries.flex_iter();
    while entries.next::<PdfString<'_>>().is_some() {
        files.push(read(&entries.next().expect("behind a name stands a file")));
    }
    let associated: Array<'_> = catalog.get("AF").expect("attached files are associated files");
    assert_eq!(associated.iter::<Dict<'_>>().count(), files.len());
    files
}

fn read(file: &Dict<'_>) -> Attached {
    let stream: Stream<'_> = file.get::<Dict<'_>>("EF").unwrap().get("F").unwrap();
    let parameters: Dict<'_> = stream.dict().get("Params").unwrap();
    let name = |dictionary: &Dict<'_>, key: &str| {
        dictionary.get::<Name<'_>>(key).map(|name| name.as_str().to_owned()).unwrap_or_default()
    };
    Attached {
        name: text(file, "UF"),
        description: text(file, "Desc"),
        media_type: name(stream.dict(), "Subtype"),
        relationship: name(file, "AFRelationship"),
        date: text(&parameters, "ModDate"),
        content: stream.decoded().unwrap().into_owned(),
    }
}

/// A text string of PDF: UTF-16 behind a mark, or else ASCII here.
fn text(dictionary: &Dict<'_>, key: &str) -> String {
    let string: PdfString<'_> = dictionary.get(key).unwrap_or_else(|| panic!("{key} in {dictionary:?}"));
    match string.as_bytes().strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(string.as_bytes().to_vec()).unwrap(),
    }
}
