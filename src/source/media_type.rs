//! The media type (MIME type) of a file that a table was read from, by its content.

use super::archive::Archive;
use super::format::{Format, detect};
use super::{plain_text, toml_table};

/// The media type of a TOML file, as registered with IANA.
pub const TOML: &str = "application/toml";

/// The media type of a file; that of unknown bytes where no table can be read from it.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match detect(bytes) {
        Ok(Format::Xlsx { .. }) if has_macros(bytes) => "application/vnd.ms-excel.sheet.macroEnabled.12",
        Ok(Format::Xlsx { .. }) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Ok(Format::Xlsb { .. }) => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        Ok(Format::Ods) => "application/vnd.oasis.opendocument.spreadsheet",
        Ok(Format::Xls) => "application/vnd.ms-excel",
        Ok(Format::Text)
            if plain_text::decode(bytes).is_ok_and(|text| toml_table::looks_like_toml(&text)) =>
        {
            TOML
        }
        Ok(Format::Text) => "text/csv",
        Err(_) => "application/octet-stream",
    }
}

fn has_macros(bytes: &[u8]) -> bool {
    Archive::open(bytes).is_ok_and(|archive| archive.contains("xl/vbaProject.bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_type() {
        assert_eq!(media_type("部门,受理量\n公安厅,6\n".as_bytes()), "text/csv");
        assert_eq!(media_type("[[row]]\n\"部门\" = \"公安厅\"\n".as_bytes()), TOML);
        assert_eq!(media_type(b"\x89PNG\r\n"), "application/octet-stream");
        let sample = include_bytes!("../../tests/fixtures/sample.xls");
        assert_eq!(media_type(sample), "application/vnd.ms-excel");
        let sample = include_bytes!("../../tests/fixtures/sample.ods");
        assert_eq!(media_type(sample), "application/vnd.oasis.opendocument.spreadsheet");
    }
}
