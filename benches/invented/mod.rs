//! What made-up bulletins have in common: this repository's layout, and invented figures.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Copies this repository's fonts and templates into a folder, which is made.
pub fn copy_layout(folder: &Path) -> Result<(), Box<dyn Error>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["fonts", "templates/bulletin"] {
        fs::create_dir_all(folder.join(part))?;
        for entry in fs::read_dir(repository.join(part))? {
            let path = entry?.path();
            if let (true, Some(name)) = (path.is_file(), path.file_name()) {
                fs::copy(&path, folder.join(part).join(name))?;
            }
        }
    }
    Ok(())
}

/// A figure below `bound` that depends on its place alone.
pub fn figure(issue: u32, row: u32, column: u32, bound: u64) -> u64 {
    let seed = (u64::from(issue) << 40) ^ (u64::from(row) << 8) ^ u64::from(column);
    // SplitMix64, Steele, Lea and Flood 2014.
    let mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % bound
}
