//! Pictures that cannot be decoded, found before Typst meets them.

use std::collections::BTreeMap;

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use crate::diagnostic::Diagnostic;
use crate::issue::Issue;
use crate::project::{Folder, PictureFormat, unknown_picture};

/// A finding for each picture of the issue that is damaged, at its place in issue.toml.
pub fn damaged_pictures(issue: &Issue, pictures: &BTreeMap<String, Vec<u8>>) -> Vec<Diagnostic> {
    let folder = Folder::month_folder(issue.month);
    issue
        .declared
        .pictures()
        .filter_map(|picture| {
            let name = format!("{folder}/{}", picture.file.value);
            let bytes = pictures.get(&name)?;
            (!can_be_decoded(bytes)).then(|| unknown_picture(&name).at(picture.file.at.clone()))
        })
        .collect()
}

fn can_be_decoded(bytes: &[u8]) -> bool {
    let data = Bytes::new(bytes.to_vec());
    let format = match PictureFormat::detect(bytes) {
        Some(PictureFormat::Png) => ExchangeFormat::Png,
        Some(PictureFormat::Jpeg) => ExchangeFormat::Jpg,
        Some(PictureFormat::Gif) => ExchangeFormat::Gif,
        Some(PictureFormat::Webp) => ExchangeFormat::Webp,
        Some(PictureFormat::Svg) => return SvgImage::new(data).is_ok(),
        None => return false,
    };
    RasterImage::plain(data, format).is_ok()
}
