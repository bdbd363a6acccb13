//! What a file is, by its content: names are often wrong, and WPS calls a workbook
//! of Excel's `.et`.

use super::archive::Archive;
use super::fault::{Fault, Kind};
use super::limits;
use super::ole::{Compound, SIGNATURE};
use super::{plain_text, toml_table, xlsx};

/// A format that can be read; what is an archive has been opened.
pub(super) enum Format<'bytes> {
    /// xlsx or xlsm, with the name of its main part.
    Xlsx {
        archive: Archive<'bytes>,
        main: String,
    },
    /// With the name of its main part.
    Xlsb {
        archive: Archive<'bytes>,
        main: String,
    },
    Ods {
        archive: Archive<'bytes>,
    },
    Xls,
    /// Text of some kind: csv or TOML.
    Text,
}

impl Format<'_> {
    /// The usual extension of a file of this format, without the dot.
    pub(super) fn extension(&self, bytes: &[u8]) -> &'static str {
        match self {
            // Macros are kept, and Excel refuses them under the other name.
            Self::Xlsx { archive, .. } if archive.contains("xl/vbaProject.bin") => "xlsm",
            Self::Xlsx { .. } => "xlsx",
            Self::Xlsb { .. } => "xlsb",
            Self::Ods { .. } => "ods",
            Self::Xls => "xls",
            Self::Text if is_toml(bytes) => "toml",
            Self::Text => "csv",
        }
    }
}

fn is_toml(bytes: &[u8]) -> bool {
    plain_text::decode(bytes).is_ok_and(|text| toml_table::looks_like_toml(&text))
}

/// Whether a file is an archive of files, and no document that happens to be packed as one.
pub(super) fn is_bundle(bytes: &[u8]) -> bool {
    let Ok(mut archive) = Archive::open(bytes) else { return false };
    let is_document = ["mimetype", "xl/workbook.xml", "xl/workbook.bin", "OFD.xml"]
        .iter()
        .any(|part| archive.contains(part))
        || xlsx::main_part(&mut archive).is_ok_and(|main| main.is_some());
    !is_document
}

/// Tells the format; or why the file cannot be read.
pub(super) fn detect(bytes: &[u8]) -> Result<Format<'_>, Fault> {
    if bytes.is_empty() {
        return Err(Fault::new(Kind::Empty, ""));
    }
    if bytes.len() > limits::LARGEST_FILE {
        let mebibytes = limits::LARGEST_FILE / 1024 / 1024;
        return Err(Fault::new(Kind::TooLarge, format!("文件超过 {mebibytes} MiB")));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archived(Archive::open(bytes)?);
    }
    if bytes.starts_with(SIGNATURE) {
        return compound(bytes);
    }
    if let Some((_, what)) = BINARY.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Fault::new(Kind::NotAWorkbook, *what));
    }
    // Excel 2, 3 and 4 wrote their records without a container.
    if let [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06 | 0x08, 0x00, ..] = bytes {
        return Err(Fault::new(Kind::Unsupported, "它是 Excel 4.0 或更早的格式"));
    }
    markup(bytes)?;
    if is_binary(bytes) {
        return Err(Fault::new(Kind::NotAWorkbook, "它不是文本，也不是认得的格式"));
    }
    Ok(Format::Text)
}

/// How files begin that are taken for workbooks by mistake.
const BINARY: [(&[u8], &str); 14] = [
    (b"%PDF", "它是 PDF 文件"),
    (b"\x89PNG", "它是图片（PNG）"),
    (b"\xFF\xD8\xFF", "它是图片（JPEG）"),
    (b"GIF8", "它是图片（GIF）"),
    (b"BM", "它是图片（BMP）"),
    (b"II*\0", "它是图片（TIFF）"),
    (b"MM\0*", "它是图片（TIFF）"),
    (b"RIFF", "它是图片或影音文件"),
    (b"Rar!", "它是压缩包（RAR），请先解压"),
    (b"7z\xBC\xAF\x27\x1C", "它是压缩包（7z），请先解压"),
    (b"\x1F\x8B", "它是压缩包（gzip），请先解压"),
    (b"{\\rtf", "它是 RTF 文档"),
    (b"MZ", "它是程序文件"),
    (b"\x7FELF", "它是程序文件"),
];

fn archived(mut archive: Archive<'_>) -> Result<Format<'_>, Fault> {
    if let Some(kind) = archive.read("mimetype")? {
        let kind = String::from_utf8_lossy(&kind);
        return match kind.trim().strip_prefix("application/vnd.oasis.opendocument.") {
            Some(kind) if kind.starts_with("spreadsheet") => Ok(Format::Ods { archive }),
            Some(_) => Err(Fault::new(Kind::NotAWorkbook, "它是 OpenDocument 文档，但不是表格")),
            None => Err(Fault::new(Kind::NotAWorkbook, "它是其他程序的文档")),
        };
    }
    let main = match xlsx::main_part(&mut archive)? {
        Some(main) => main,
        None if archive.contains("xl/workbook.xml") => "xl/workbook.xml".to_owned(),
        None if archive.contains("xl/workbook.bin") => "xl/workbook.bin".to_owned(),
        None => {
            let ofd = archive.contains("OFD.xml");
            let what =
                if ofd { "它是 OFD 版式文件" } else { "它是压缩包（zip），请先解压" };
            return Err(Fault::new(Kind::NotAWorkbook, what));
        }
    };
    let lower = main.to_ascii_lowercase();
    if lower.ends_with(".bin") {
        return Ok(Format::Xlsb { archive, main });
    }
    for (folder, what) in [("word/", "Word 文档"), ("ppt/", "PowerPoint 演示文稿"), ("visio/", "Visio 绘图")]
    {
        if lower.starts_with(folder) || (archive.contains_folder(folder) && !archive.contains_folder("xl/")) {
            return Err(Fault::new(Kind::NotAWorkbook, format!("它是 {what}")));
        }
    }
    Ok(Format::Xlsx { archive, main })
}

fn compound(bytes: &[u8]) -> Result<Format<'_>, Fault> {
    let Some(compound) = Compound::open(bytes) else {
        return Err(Fault::new(Kind::Truncated, "文件的目录不在了"));
    };
    if compound.contains("EncryptedPackage") {
        return Err(Fault::new(Kind::Password, ""));
    }
    if compound.contains("Workbook") || compound.contains("Book") {
        return Ok(Format::Xls);
    }
    let (kind, what) = if compound.contains("WordDocument") {
        (Kind::NotAWorkbook, "它是 Word 文档")
    } else if compound.contains("PowerPoint Document") {
        (Kind::NotAWorkbook, "它是 PowerPoint 演示文稿")
    } else {
        (Kind::Unsupported, "它可能是旧版 WPS 的专用格式，或不是表格")
    };
    Err(Fault::new(kind, what))
}

/// Refuses web pages and XML, which business systems like to name `.xls`.
fn markup(bytes: &[u8]) -> Result<(), Fault> {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    // UTF-16 without its zero bytes reads the same as far as markup is concerned.
    let start: Vec<u8> = start.iter().copied().filter(|byte| *byte != 0).collect();
    let start = String::from_utf8_lossy(&start).to_ascii_lowercase();
    let start =
        start.trim_start_matches(|first: char| first.is_whitespace() || "\u{FEFF}\u{FFFD}".contains(first));
    if start.starts_with("mime-version:") || start.starts_with("content-type: multipart") {
        return Err(Fault::new(Kind::WebPage, "它是单个文件网页（MHTML）"));
    }
    if !start.starts_with('<') {
        return Ok(());
    }
    let what = if start.contains("schemas-microsoft-com:office:spreadsheet") || start.contains("excel.sheet")
    {
        (Kind::WebPage, "它是“XML 电子表格 2003”")
    } else if ["<html", "<!doctype html", "<table", "<meta", "<head", "<style", "<body"]
        .iter()
        .any(|tag| start.contains(tag))
    {
        (Kind::WebPage, "它是网页（HTML）")
    } else if start.contains("office:document") {
        (Kind::Unsupported, "它是单个 XML 文件形式的 OpenDocument")
    } else {
        (Kind::NotAWorkbook, "它是 XML 文件")
    };
    Err(Fault::new(what.0, what.1))
}

/// Whether there are bytes that no text has; UTF-16 has zero bytes, and a mark.
fn is_binary(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return false;
    }
    bytes.iter().any(|byte| *byte < 0x20 && !b"\t\n\r\x0B\x0C\x1A".contains(byte))
}
