//! Gives the program a fingerprint of the sources that it is built from.
//!
//! A record of a build says which program made it. Between two releases the version stays the
//! same while the sources change: without the fingerprint a developer's changed program would
//! take the outputs of the former one for its own.
#![allow(clippy::disallowed_methods, reason = "a build script reads the sources that it is about")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut files = vec![PathBuf::from("Cargo.lock"), PathBuf::from("Cargo.toml")];
    collect(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        // The names with `/` and the lines without `\r`: the same sources on every system.
        let content = fs::read(file)?;
        let lines: Vec<u8> = content.into_iter().filter(|byte| *byte != b'\r').collect();
        (file.to_string_lossy().replace('\\', "/"), lines).hash(&mut hasher);
    }
    println!("cargo::rustc-env=YUEBAO_SOURCES={:016x}", hasher.finish());
    // Bytes of floating-point layout are promised for one platform only.
    println!("cargo::rustc-env=YUEBAO_TARGET={}", env::var("TARGET").unwrap_or_default());
    for watched in ["Cargo.lock", "Cargo.toml", "src"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
