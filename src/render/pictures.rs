//! Pictures that cannot be printed, found before Typst meets them.

use std::collections::BTreeMap;

use quick_xml::events::Event;
use quick_xml::reader::Reader;
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
        let found = (!can_be_decoded(bytes)).then(|| unknown_picture(name));
        return found.or_else(|| Some(linked(name, &linked_file(bytes)?)));
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

fn linked(name: &str, file: &str) -> Diagnostic {
    let message = format!("{} 里的图片是另一个文件“{}”，印不出来", shown(name), shown(file));
    Diagnostic::new(&rules::PICTURE_UNKNOWN, message).hint("请在绘图程序里把它嵌入 SVG，或另存为 PNG")
}

/// The first file that an SVG takes a picture from, as it is written there: Typst would look for it among files
/// that the issue does not have.
fn linked_file(bytes: &[u8]) -> Option<String> {
    if PictureFormat::detect(bytes) != Some(PictureFormat::Svg) {
        return None;
    }
    let mut reader = Reader::from_str(std::str::from_utf8(bytes).ok()?);
    loop {
        let tag = match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Eof => return None,
            _ => continue,
        };
        if !matches!(tag.local_name().as_ref(), "image" | "feImage") {
            continue;
        }
        let mut attributes = tag.attributes();
        let mut links = attributes
            .with_checks(false)
            .flatten()
            .filter(|attribute| attribute.key.local_name().as_ref() == "href");
        // `data:` holds the picture, `#` names an element of the same file.
        let is_file =
            |value: &str| !value.is_empty() && !value.starts_with("data:") && !value.starts_with('#');
        if let Some(link) = links.find(|attribute| is_file(attribute.value.trim())) {
            return Some(link.value.into_owned());
        }
    }
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
