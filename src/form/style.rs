//! The formats of a form's cells.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The formats of one sheet; in a protected one what is filled in is unlocked and coloured.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) header: Format,
    pub(super) former_header: Format,
    pub(super) label: Format,
    pub(super) entry: Format,
    pub(super) former: Format,
    pub(super) total: Format,
    pub(super) note: Format,
}

const FAINT_TEXT: Color = Color::RGB(0x80_80_80);
const FAINT: Color = Color::RGB(0xF2_F2_F2);
const HEAD: Color = Color::RGB(0xE7_EE_F7);
const ENTRY: Color = Color::RGB(0xFF_FB_E6);

impl Styles {
    pub(super) fn new(is_protected: bool) -> Self {
        let plain = Format::new().set_font_name("宋体").set_font_size(11);
        let cell = plain
            .clone()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_text_wrap();
        let header = cell.clone().set_font_name("黑体").set_background_color(HEAD);
        let former = cell.clone().set_font_color(FAINT_TEXT).set_background_color(FAINT);
        let entry = match is_protected {
            true => cell.clone().set_unlocked().set_background_color(ENTRY),
            false => cell.clone(),
        };
        Self {
            title: plain
                .clone()
                .set_font_name("黑体")
                .set_font_size(16)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            subtitle: plain.clone().set_align(FormatAlign::VerticalCenter),
            former_header: header.clone().set_font_color(FAINT_TEXT).set_background_color(FAINT),
            header,
            label: cell.clone(),
            entry,
            former,
            total: cell.set_bold(),
            note: plain.set_align(FormatAlign::Top).set_text_wrap(),
        }
    }
}
