//! The media type (MIME type) of a file that a table was read from, by its content.

use super::format::detect;

/// The media type of a TOML file, as registered with IANA.
pub const TOML: &str = "application/toml";

/// The media type of a file; that of unknown bytes where no table can be read from it.
pub fn media_type(bytes: &[u8]) -> &'static str {
    let Ok(format) = detect(bytes) else { return "application/octet-stream" };
    match format.extension(bytes) {
        "xlsm" => "application/vnd.ms-excel.sheet.macroEnabled.12",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsb" => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "xls" => "application/vnd.ms-excel",
        "toml" => TOML,
        _ => "text/csv",
    }
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
