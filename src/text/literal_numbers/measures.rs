//! Units and measure words behind a number.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::TypedText;

/// What may stand behind digits.
const MEASURES: &str = "人 人次 户次 件次 场次 批次 件 名 家 次 项 户 位 份 批 宗 笔 条 场 台 套 辆 张 处 所 间 座 元 \
    美元 欧元 港元 吨 亩 公顷 公里 千米 米 厘米 毫米 平方米 平方公里 立方米 千克 公斤 克 千瓦 \
    千瓦时 小时 分钟 秒 天 周 年 岁 种 类 篇 本 册 封 通 起 例 组 队 支 只 艘 架 倍 分 个 度 字 页 \
    部 枚 片 瓶 桶 箱 株 头 棵 面 幅 道 门 根 块 股 票 步 层 轮 百分点 千分点 工作日 自然日 部门 \
    窗口 单位 市（州） 市州 县（市、区） 县 乡镇 街道 社区 村 周岁 日";

/// Measures that words with Chinese numerals often seem to hold, and do not: 二十年, 十五日, 十六字方针.
const NOT_AFTER_CHINESE: &str = "周 年 度 字 部 头 面 道 门 根 块 股 步 层 轮 片 日";

/// Latin units; other letters right behind a number make it a name, such as 5G or 3D.
const LATIN_UNITS: &str = "km m dm cm mm kg g mg t L l ml mL ha kW MW GW kWh KB MB GB TB PB Mbps Gbps h min s ms Hz kHz \
    MHz GHz";

/// What 个 is followed by as one word.
const AFTER_GE: &str = "百分点 千分点 工作日 自然日 小时 月";

/// Words that begin another part of the sentence: no noun behind 个 starts with them.
const PARTICLES: &str = "的了和与及或并在内于以为是被将把从由至到对后前上下中等均已共其都也不未就";

/// The measures that an issue's texts may use: the customary ones and the units of its figures.
#[derive(Debug)]
pub struct Measures {
    units: BTreeSet<String>,
    /// All measures, by their first character.
    by_first: BTreeMap<char, Vec<String>>,
}

impl Measures {
    /// The customary measures and these units.
    pub fn new<'a>(units: impl IntoIterator<Item = &'a str>) -> Self {
        let units: BTreeSet<String> = units.into_iter().map(str::to_owned).collect();
        let mut by_first: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for measure in units.iter().map(String::as_str).chain(MEASURES.split_whitespace()) {
            if let Some(first) = measure.chars().next() {
                by_first.entry(first).or_default().push(measure.to_owned());
            }
        }
        Self { units, by_first }
    }

    /// Where the measure ends that stands at a place, after at most one space; the place itself where there is none.
    pub fn end(&self, text: &TypedText, place: usize) -> usize {
        let start = after_space(text, place);
        let known = text.at(start).and_then(|first| self.by_first.get(&first));
        let found = known.into_iter().flatten().filter(|measure| text.has_at(start, measure));
        let length = found.map(|measure| measure.chars().count()).max();
        let end = match (length, latin_unit_end(text, start)) {
            (_, Some(end)) => end,
            (Some(length), None) => start + length,
            (None, None) => return place,
        };
        if text.before(end) == Some('个') { noun_end(text, end) } else { end }
    }

    /// Whether the unit of one of the figures stands at a place, after at most one space.
    pub fn is_figures_unit(&self, text: &TypedText, place: usize) -> bool {
        let start = after_space(text, place);
        self.units.iter().any(|unit| text.has_at(start, unit))
    }

    /// Whether a measure stands at a place behind Chinese numerals that can hardly be part of another word.
    pub fn follows_chinese(&self, text: &TypedText, place: usize) -> bool {
        let end = self.end(text, place);
        let is_doubtful =
            |measure: &str| text.has_at(place, measure) && end == place + measure.chars().count();
        end > place && !NOT_AFTER_CHINESE.split_whitespace().any(is_doubtful)
    }
}

/// The place after at most one space.
pub fn after_space(text: &TypedText, place: usize) -> usize {
    place + usize::from(text.at(place) == Some(' '))
}

/// The place before at most one space.
pub fn before_space(text: &TypedText, place: usize) -> usize {
    place - usize::from(text.before(place) == Some(' '))
}

/// Where a Latin unit ends that stands at a place.
pub fn latin_unit_end(text: &TypedText, place: usize) -> Option<usize> {
    let letters = (place..).take_while(|&at| text.at(at).is_some_and(|it| it.is_ascii_alphabetic())).count();
    let is_unit = |unit: &str| unit.len() == letters && text.has_at(place, unit);
    (letters > 0 && LATIN_UNITS.split_whitespace().any(is_unit)).then_some(place + letters)
}

/// Where the noun ends that begins at a place: a known one, or at most two characters.
pub fn noun_end(text: &TypedText, place: usize) -> usize {
    if let Some(known) = AFTER_GE.split_whitespace().find(|known| text.has_at(place, known)) {
        return place + known.chars().count();
    }
    let is_noun = |&at: &usize| text.at(at).is_some_and(|it| is_han(it) && !PARTICLES.contains(it));
    place + (place..place + 2).take_while(is_noun).count()
}

/// Whether a character is a Chinese one.
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether letters stand right behind a place that are no unit: 5G, 3D.
pub fn is_part_of_latin_word(text: &TypedText, end: usize) -> bool {
    text.at(end).is_some_and(|it| it.is_ascii_alphabetic()) && latin_unit_end(text, end).is_none()
}
