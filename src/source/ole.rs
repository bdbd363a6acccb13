//! Compound files (OLE2), the container of .xls, .et and encrypted workbooks:
//! just enough to see what is inside and to take out one stream.

use encoding_rs::UTF_16LE;

/// What every compound file begins with.
pub(super) const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const LAST_REGULAR_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams below this size live in the stream of small sectors.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;

/// A compound file's directory.
pub(super) struct Compound<'bytes> {
    bytes: &'bytes [u8],
    sector: usize,
    chains: Vec<u32>,
    entries: Vec<Entry>,
}

/// A stream, put together from its pieces in the file.
pub(super) struct Stream {
    /// The content.
    pub(super) bytes: Vec<u8>,
    pieces: Vec<usize>,
    piece: usize,
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl<'bytes> Compound<'bytes> {
    /// Reads the directory; none where the container is broken.
    pub(super) fn open(bytes: &'bytes [u8]) -> Option<Self> {
        let sector = match number_16(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Self { bytes, sector, chains: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|at| number_32(bytes, 76 + 4 * at)).collect();
        let mut more = number_32(bytes, 68)?;
        // Each sector is visited at most once, so that circular chains end.
        for _ in 0..compound.sectors() {
            let Some(table) = compound.sector(more) else {
                break;
            };
            let (entries, next) = table.split_at_checked(sector - 4)?;
            tables.extend(entries.chunks_exact(4).filter_map(|entry| number_32(entry, 0)));
            more = number_32(next, 0)?;
        }
        tables.retain(|table| *table < LAST_REGULAR_SECTOR);
        tables.truncate(compound.sectors());
        for table in tables {
            let table = compound.sector(table)?;
            compound.chains.extend(table.chunks_exact(4).filter_map(|entry| number_32(entry, 0)));
        }
        let directory = compound.chain(number_32(bytes, 48)?, usize::MAX).bytes;
        compound.entries = directory.chunks_exact(ENTRY).filter_map(Entry::read).collect();
        (!compound.entries.is_empty()).then_some(compound)
    }

    /// Whether there is a stream or storage of this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A stream, as far as it is there.
    pub(super) fn stream(&self, name: &str) -> Option<Stream> {
        let entry = self.find(name)?;
        if entry.length >= SMALL_STREAM {
            return Some(self.chain(entry.start, entry.length));
        }
        let root = self.entries.first()?;
        let small = self.chain(root.start, root.length);
        let links = self.chain(number_32(self.bytes, 60)?, usize::MAX).bytes;
        let mut stream = Stream { bytes: Vec::new(), pieces: Vec::new(), piece: SMALL_SECTOR };
        let mut next = entry.start;
        for _ in 0..=small.bytes.len() / SMALL_SECTOR {
            let at = (next as usize).checked_mul(SMALL_SECTOR)?;
            let Some(sector) = small.bytes.get(at..small.bytes.len().min(at + SMALL_SECTOR)) else {
                break;
            };
            stream.bytes.extend_from_slice(sector);
            stream.pieces.extend(small.place(at));
            next = number_32(&links, 4 * next as usize).unwrap_or(u32::MAX);
        }
        stream.bytes.truncate(entry.length);
        Some(stream)
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn sector(&self, index: u32) -> Option<&'bytes [u8]> {
        let at = (index as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector of a file may be cut short.
        let end = at.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(at..end).filter(|sector| !sector.is_empty())
    }

    fn chain(&self, start: u32, length: usize) -> Stream {
        let mut stream = Stream { bytes: Vec::new(), pieces: Vec::new(), piece: self.sector };
        let mut next = start;
        for _ in 0..self.sectors() {
            let Some(sector) = self.sector(next).filter(|_| stream.bytes.len() < length) else {
                break;
            };
            stream.bytes.extend_from_slice(sector);
            stream.pieces.push((next as usize + 1) * self.sector);
            next = self.chains.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        stream.bytes.truncate(length);
        stream
    }
}

impl Stream {
    /// Where in the file the byte at an offset of the stream stands.
    pub(super) fn place(&self, offset: usize) -> Option<usize> {
        Some(self.pieces.get(offset / self.piece)? + offset % self.piece)
    }
}

impl Entry {
    fn read(entry: &[u8]) -> Option<Self> {
        let name_length = usize::from(number_16(entry, 64)?).saturating_sub(2).min(64);
        let name = UTF_16LE.decode_without_bom_handling(entry.get(..name_length)?).0.into_owned();
        let length = number_32(entry, 120)? as usize;
        (!name.is_empty()).then_some(Self { name, start: number_32(entry, 116)?, length })
    }
}

/// The little-endian number of two bytes at an offset.
pub(super) fn number_16(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

/// The little-endian number of four bytes at an offset.
pub(super) fn number_32(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
