//! The words that multiply a number, 千 to 亿.

/// The words with their powers of ten; those that hold others come first.
const MULTIPLIERS: [(&str, u32); 8] =
    [("百万", 6), ("千万", 7), ("十万", 5), ("万亿", 12), ("亿", 8), ("万", 4), ("千", 3), ("百", 2)];

/// Units of their own, and shares, that begin like such words.
const OTHERS: [&str; 7] = ["千克", "千米", "千瓦", "千伏", "千焦", "千卡", "百分"];

/// The word that a text begins with, with its power of ten.
pub fn multiplier(text: &str) -> Option<(&'static str, u32)> {
    if OTHERS.iter().any(|other| text.starts_with(other)) {
        return None;
    }
    MULTIPLIERS.into_iter().find(|(word, _)| text.starts_with(word))
}
