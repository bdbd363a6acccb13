//! Makes a bulletin of any size, for measuring:
//! `cargo run --example make_load -- FOLDER MONTHS [DEPARTMENTS [PAGES]]`.
#![allow(clippy::disallowed_methods, reason = "an example writes its files itself")]
#![allow(clippy::cast_possible_truncation, reason = "the figures are small")]

#[path = "../benches/load/mod.rs"]
mod load;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let usage = "usage: make_load FOLDER MONTHS [DEPARTMENTS [PAGES]]";
    let folder = PathBuf::from(words.next().ok_or(usage)?);
    let months = words.next().ok_or(usage)?.parse().map_err(|_| usage)?;
    let mut number = |usual: u32| words.next().map_or(Ok(usual), |word| word.parse().map_err(|_| usage));
    let load = load::Load {
        months,
        departments: number(load::USUAL.departments)?.max(1),
        pages: number(load::USUAL.pages)?,
    };
    load::make(&folder, load)?;
    Ok(())
}
