//! A zip of files, as answers are sent by mail: unpacked within bounds, or refused as a whole.
//!
//! Nothing is ever written under a name from the archive; a name that leads out
//! of its folder is refused all the same, for whoever made it meant no good.

use std::io::{Cursor, Read};

use chrono::{NaiveDate, NaiveDateTime};
use encoding_rs::GB18030;
use zip::ZipArchive;

use super::archive::Archive;
use super::beijing::from_the_wall;
use super::format::is_bundle;
use super::limits;
use crate::diagnostic::shown;

/// Files of one archive.
const MOST_FILES: usize = 8192;
/// All files together, unpacked, in bytes.
const MOST_UNPACKED: u64 = 256 << 20;
/// How many times its packed size a file may have; workbooks are packed already.
const LARGEST_RATIO: u64 = 200;
/// Files below this size may be packed as tightly as they like, in bytes.
const HARMLESS: u64 = 1 << 20;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// Its name within the archive, with `/`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// When it was last written, as the archive says.
    pub written: Option<NaiveDateTime>,
}

/// Whether a file is an archive of files rather than a workbook.
pub fn is_archive(bytes: &[u8]) -> bool {
    let is_zip = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06");
    is_zip && is_bundle(bytes)
}

/// The files of an archive that `is_wanted` by their names; or why it is refused, in Chinese.
pub fn unpack(bytes: &[u8], is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Bundled>, String> {
    unpack_within(bytes, is_wanted, MOST_UNPACKED)
}

fn unpack_within(
    bytes: &[u8],
    is_wanted: impl Fn(&str) -> bool,
    budget: u64,
) -> Result<Vec<Bundled>, String> {
    // The directory is looked at before the library believes it.
    let broken = || "压缩包已损坏".to_owned();
    Archive::open(bytes).map_err(|_| broken())?;
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if zip.len() > MOST_FILES {
        return Err(format!("里面的文件超过 {MOST_FILES} 个"));
    }
    let mut budget = budget;
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(|_| broken())?;
        let name = file_name(entry.name_raw());
        if leads_out(&name) {
            return Err(format!("里面的路径“{}”指向压缩包外面", shown(&name)));
        }
        if entry.encrypted() {
            return Err("压缩包有密码".to_owned());
        }
        let is_folder = entry.is_dir() || name.ends_with('/');
        let (packed, written) = (entry.compressed_size(), entry.last_modified().and_then(moment));
        drop(entry);
        if is_folder || !is_wanted(&name) {
            continue;
        }
        let most = budget.min(limits::LARGEST_FILE as u64);
        let entry = zip.by_index(index).map_err(|_| format!("“{}”解不开", shown(&name)))?;
        let mut content = Vec::new();
        let read = entry.take(most + 1).read_to_end(&mut content);
        let size = content.len() as u64;
        // A file that is too large is not read to its end, where its checksum stands.
        if size > most {
            return Err(format!("“{}”解压后太大", shown(&name)));
        }
        read.map_err(|_| format!("“{}”不完整，或校验码不符", shown(&name)))?;
        if size > HARMLESS && size / packed.max(1) > LARGEST_RATIO {
            return Err(format!("“{}”解压后是原来的 {LARGEST_RATIO} 倍以上", shown(&name)));
        }
        if is_nested(&content) {
            return Err(format!("里面还有压缩包“{}”", shown(&name)));
        }
        budget -= size;
        files.push(Bundled { name, bytes: content, written });
    }
    Ok(files)
}

/// Names are in UTF-8, or as Windows in China packs them, in GBK.
fn file_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

fn leads_out(name: &str) -> bool {
    name.starts_with('/') || name.get(1..2) == Some(":") || name.split('/').any(|part| part == "..")
}

fn is_nested(bytes: &[u8]) -> bool {
    is_archive(bytes)
        || [b"Rar!".as_slice(), b"7z\xBC\xAF\x27\x1C", b"\x1F\x8B"]
            .iter()
            .any(|start| bytes.starts_with(start))
}

fn moment(time: zip::DateTime) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?;
    // Archives that note no time have the first moment that they can.
    let moment = date.and_hms_opt(time.hour().into(), time.minute().into(), time.second().into())?;
    (time.year() > 1980).then_some(from_the_wall(moment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::zipped;

    fn unpacked(parts: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let files = unpack(&zipped(parts), |_| true)?;
        Ok(files.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn what_could_harm_is_refused_as_a_whole() {
        for (name, why) in [
            ("../a.csv", "外面"),
            ("a/../../b.csv", "外面"),
            ("/etc/a.csv", "外面"),
            ("C:\\a.csv", "外面"),
            ("a\\..\\b.csv", "外面"),
        ] {
            let refused = unpacked(&[("good.csv", "1"), (name, "2")]).unwrap_err();
            assert!(refused.contains(why), "{name}: {refused}");
        }
        let inner = zipped(&[("a.csv", "1")]);
        let nested: Vec<(&str, &[u8])> =
            vec![("in.dat", &inner), ("in.rar", b"Rar!..."), ("in.gz", b"\x1F\x8B.")];
        for (name, content) in nested {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, content).unwrap();
            let bytes = writer.finish().unwrap().into_inner();
            assert!(unpack(&bytes, |_| true).unwrap_err().contains("压缩包"), "{name}");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let bytes = zipped(&[("a.csv", &"1".repeat(5 << 20))]);
        assert!(unpack(&bytes, |_| true).unwrap_err().contains("倍"));
        let bytes = zipped(&[("a.csv", "12345"), ("b.csv", "12345")]);
        assert!(unpack_within(&bytes, |_| true, 9).unwrap_err().contains("太大"));
        assert_eq!(unpack_within(&bytes, |_| true, 10).unwrap().len(), 2);
        let names: Vec<String> = (0..=MOST_FILES).map(|index| index.to_string()).collect();
        let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        assert!(unpacked(&parts).unwrap_err().contains("超过"));
        assert!(unpack(b"PK\x03\x04", |_| true).is_err());
    }

    #[test]
    fn names_in_gbk_are_read() {
        let (name, _, _) = GB18030.encode("答复/公安厅.csv");
        assert_eq!(file_name(&name), "答复/公安厅.csv");
        assert_eq!(unpacked(&[("答复/公安厅.csv", "1"), ("空/", "")]).unwrap(), ["答复/公安厅.csv"]);
    }
}
