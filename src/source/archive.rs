//! Archives (the zip files that xlsx, xlsm, xlsb and ods are), unpacked within bounds.
//!
//! Sizes are counted while unpacking; what the archive declares is not believed.
//! A part is unpacked to its end, so that its checksum is always compared.

use std::collections::BTreeMap;
use std::io::Cursor;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::fault::{Fault, Kind};
use super::limits;
use crate::diagnostic::shown;

/// The bytes that an entry takes in an archive's directory, at least.
const SHORTEST_HEADER: usize = 46;

/// The most room that is made for a part before it is unpacked, in bytes.
const LARGEST_GUESS: usize = 1 << 20;

/// An archive whose parts are found without regard to case.
pub(super) struct Archive<'bytes> {
    bytes: &'bytes [u8],
    zip: ZipArchive<Cursor<&'bytes [u8]>>,
    parts: BTreeMap<String, usize>,
    budget: u64,
    /// One for all parts: making it takes longer than unpacking a small part.
    inflater: Decompress,
}

impl<'bytes> Archive<'bytes> {
    /// Opens an archive; unpacks nothing.
    pub(super) fn open(bytes: &'bytes [u8]) -> Result<Self, Fault> {
        Self::with_budget(bytes, limits::UNPACKED)
    }

    fn with_budget(bytes: &'bytes [u8], budget: u64) -> Result<Self, Fault> {
        // The library makes room for as many entries as the archive has, before it says how many.
        let headers = || bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count();
        if bytes.len() / SHORTEST_HEADER > limits::ENTRIES && headers() > limits::ENTRIES {
            return Err(Fault::new(Kind::TooLarge, "压缩包里的部件过多"));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
            // The directory is the last thing in an archive: without it, the end is missing.
            if bytes.windows(4).rev().take(70_000).any(|window| window == b"PK\x05\x06") {
                Fault::damaged("压缩包的目录有误")
            } else {
                Fault::new(Kind::Truncated, "压缩包没有结尾")
            }
        })?;
        let mut parts = BTreeMap::new();
        for (index, name) in zip.file_names_raw().enumerate() {
            parts.insert(part_key(&String::from_utf8_lossy(name)), index);
        }
        Ok(Self { bytes, zip, parts, budget, inflater: Decompress::new(false) })
    }

    /// Whether there is a part of this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.parts.contains_key(&part_key(name))
    }

    /// Whether there is a part in this folder.
    pub(super) fn contains_folder(&self, folder: &str) -> bool {
        self.parts.keys().any(|name| name.starts_with(folder))
    }

    /// Unpacks a part, if there is one of this name.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        match self.parts.get(&part_key(name)) {
            Some(index) => self.read_index(*index, name).map(Some),
            None => Ok(None),
        }
    }

    /// Unpacks every part that a reader of workbooks could open, and keeps none:
    /// for formats whose reader opens the archive again and believes it.
    pub(super) fn vet(&mut self) -> Result<(), Fault> {
        let wanted = |name: &str| [".xml", ".bin", ".rels"].iter().any(|end| name.ends_with(end));
        let parts: Vec<_> = self.parts.iter().map(|(name, index)| (name.clone(), *index)).collect();
        for (name, index) in parts.iter().filter(|(name, _)| wanted(name)) {
            self.read_index(*index, name)?;
        }
        Ok(())
    }

    fn read_index(&mut self, index: usize, name: &str) -> Result<Vec<u8>, Fault> {
        let damaged = |what: &str| Fault::damaged(format!("部件 {} {what}", shown(name)));
        let part = self.zip.by_index_raw(index).map_err(|_| damaged("打不开"))?;
        if part.encrypted() {
            return Err(Fault::new(Kind::Password, ""));
        }
        let most = self.budget.min(limits::UNPACKED_PART);
        let (method, checksum, declared) = (part.compression(), part.crc32(), part.size());
        let packed = packed(self.bytes, &part).ok_or_else(|| damaged("不完整"))?;
        drop(part);
        let unpacked = match method {
            CompressionMethod::Stored => Ok(packed.get(..clamped(most + 1)).unwrap_or(packed).to_vec()),
            CompressionMethod::Deflated => self.inflate(packed, clamped(declared), clamped(most)),
            _ => return Err(Fault::new(Kind::Unsupported, format!("部件 {} 的压缩方法少见", shown(name)))),
        };
        let unpacked = unpacked.map_err(damaged)?;
        let length = unpacked.len() as u64;
        if length > most {
            return Err(Fault::new(Kind::TooLarge, format!("部件 {} 解压后过大", shown(name))));
        }
        let mut sum = Crc::new();
        sum.update(&unpacked);
        if sum.sum() != checksum {
            return Err(damaged("解不开，或校验码不符"));
        }
        self.budget -= length;
        Ok(unpacked)
    }

    /// Inflates a part, no further than a little beyond `most` bytes; or says what is wrong with it.
    fn inflate(&mut self, packed: &[u8], declared: usize, most: usize) -> Result<Vec<u8>, &'static str> {
        // What the archive declares is good enough for a first guess, and some room tells the end from more.
        let mut unpacked = Vec::with_capacity(declared.min(LARGEST_GUESS) + 64);
        self.inflater.reset(false);
        loop {
            let rest = packed.get(clamped(self.inflater.total_in())..).unwrap_or_default();
            let status = self.inflater.decompress_vec(rest, &mut unpacked, FlushDecompress::None);
            let is_full = unpacked.len() == unpacked.capacity();
            match status {
                Ok(Status::StreamEnd) => return Ok(unpacked),
                Ok(_) if unpacked.len() > most => return Ok(unpacked),
                Ok(_) if is_full => unpacked.reserve(unpacked.len().min(LARGEST_GUESS)),
                Ok(_) => return Err("不完整"),
                Err(_) => return Err("解不开，或校验码不符"),
            }
        }
    }
}

/// The bytes of a part as they stand in the archive; none where it ends before them.
fn packed<'bytes>(bytes: &'bytes [u8], part: &ZipFile<'_, Cursor<&[u8]>>) -> Option<&'bytes [u8]> {
    let start = usize::try_from(part.data_start()?).ok()?;
    let length = usize::try_from(part.compressed_size()).ok()?;
    bytes.get(start..start.checked_add(length)?)
}

/// A size of bytes, for memory.
fn clamped(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// A part's name as it is looked up: some writers differ in case, slashes and a leading slash.
fn part_key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::zipped;

    fn fault(bytes: &[u8], name: &str) -> Kind {
        Archive::open(bytes).and_then(|mut archive| archive.read(name)).unwrap_err().kind()
    }

    #[test]
    fn parts_are_found_whatever_their_case_and_slashes() {
        let bytes = zipped(&[("XL\\Workbook.xml", "<a/>")]);
        let mut archive = Archive::open(&bytes).unwrap();
        assert!(archive.contains("/xl/workbook.xml") && archive.contains_folder("xl/"));
        assert_eq!(archive.read("xl/workbook.xml").unwrap().unwrap(), b"<a/>");
        assert_eq!(archive.read("none").unwrap(), None);
    }

    #[test]
    fn a_missing_end_is_told_from_a_broken_directory() {
        let bytes = zipped(&[("a", "some text"), ("b", "more text")]);
        assert_eq!(fault(&bytes[..bytes.len() - 30], "a"), Kind::Truncated);
        let mut broken = bytes.clone();
        let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        broken[directory] = 0;
        assert_eq!(fault(&broken, "a"), Kind::Damaged);
    }

    #[test]
    fn a_wrong_checksum_does_not_pass() {
        let mut bytes = zipped(&[("a", "some text")]);
        let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        bytes[directory + 16] ^= 1;
        bytes[14] ^= 1;
        assert_eq!(fault(&bytes, "a"), Kind::Damaged);
    }

    #[test]
    fn unpacking_is_counted() {
        let bytes = zipped(&[("a.xml", &"a".repeat(5000)), ("b.xml", &"b".repeat(5000))]);
        let mut archive = Archive::with_budget(&bytes, 8000).unwrap();
        assert!(archive.read("a.xml").is_ok());
        assert_eq!(archive.read("b.xml").unwrap_err().kind(), Kind::TooLarge);
        let mut archive = Archive::with_budget(&bytes, 8000).unwrap();
        assert_eq!(archive.vet().unwrap_err().kind(), Kind::TooLarge);
        assert!(Archive::open(&bytes).unwrap().vet().is_ok());
    }

    #[test]
    fn a_directory_of_a_million_entries_is_not_opened() {
        let names: Vec<_> = (0..20_000).map(|index| format!("{index}")).collect();
        let parts: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
        assert_eq!(fault(&zipped(&parts), "0"), Kind::TooLarge);
        assert!(Archive::open(&zipped(&parts[..10_000])).is_ok());
    }

    #[test]
    fn a_declared_size_is_not_believed() {
        let mut bytes = zipped(&[("a.xml", &"a".repeat(20_000))]);
        let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        for at in [directory + 24, 22] {
            bytes[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
        }
        let mut archive = Archive::with_budget(&bytes, 8000).unwrap();
        assert!(archive.read("a.xml").is_err());
    }
}
