//! Pictures that cannot be printed, found before Typst meets them.

use std::collections::BTreeMap;

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::jpeg::{self, JpegFault};
use crate::diagnostic::{Diagnostic, rules, shown};
use crate::issue::Issue;
use crate::project::{Folder, PictureFormat, unknown_picture};

/// A finding for each picture of the issue that cannot be printed, at its place in issue.toml.
pub fn damaged_pictures(issue: &Issue, pictures: &BTreeMap<String, Vec<u8>>) -> Vec<Diagnostic> {
    let folder = Folder::month_folder(issue.month);
    issue
        .declared
        .pictures()
        .filter_map(|picture| {
            let name = format!("{folder}/{}", picture.file.value);
            let bytes = pictures.get(&name)?;
            Some(finding(&name, bytes)?.at(picture.file.at.clone()))
        })
        .collect()
}

fn finding(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let is_jpeg = PictureFormat::detect(bytes) == Some(PictureFormat::Jpeg);
    let Some(fault) = is_jpeg.then(|| jpeg::fault(bytes)).flatten() else {
        return (!can_be_decoded(bytes)).then(|| unknown_picture(name));
    };
    Some(match fault {
        JpegFault::Truncated => {
            let message = format!("{} 没有传完，缺了后一部分", shown(name));
            Diagnostic::new(&rules::PICTURE_UNKNOWN, message).hint("请重新取得原来的图片")
        }
        JpegFault::Cmyk => {
            let message = format!("{} 是印刷用的 CMYK 图片，不能放进供存档的 PDF", shown(name));
            Diagnostic::new(&rules::PICTURE_UNKNOWN, message)
                .hint("请用画图等程序打开，另存为 PNG 或 RGB 的 JPEG")
        }
    })
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
