//! The forms in which texts print figures and columns.

use crate::calculation::Comparison;

/// A form: the name behind the bar, and what it can be given to.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownForm {
    /// The name.
    pub name: &'static str,
    /// What it prints, for hints.
    pub meaning: &'static str,
    /// What may stand in parentheses.
    pub argument: Argument,
    /// Whether it is given to a whole column, and not to one figure.
    pub of_column: bool,
    /// The comparison that it words.
    pub comparison: Option<Comparison>,
}

/// What may stand in a form's parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// Nothing.
    None,
    /// A number of decimals, which may be left out.
    Decimals,
    /// How many departments; it must be there.
    Count,
}

const fn form(name: &'static str, meaning: &'static str, argument: Argument) -> KnownForm {
    KnownForm { name, meaning, argument, of_column: false, comparison: None }
}

const fn of_column(name: &'static str, meaning: &'static str) -> KnownForm {
    KnownForm { name, meaning, argument: Argument::Count, of_column: true, comparison: None }
}

const fn change(
    name: &'static str,
    meaning: &'static str,
    months_back: i32,
    is_difference: bool,
) -> KnownForm {
    let comparison = Some(Comparison { name, months_back, is_difference });
    KnownForm { name, meaning, argument: Argument::Decimals, of_column: false, comparison }
}

/// All forms.
pub(super) static FORMS: [KnownForm; 16] = [
    form("wan", "以万为单位，两位小数", Argument::None),
    form("yi", "以亿为单位，两位小数", Argument::None),
    form("percent", "百分数", Argument::Decimals),
    form("points", "个百分点", Argument::Decimals),
    form("round", "四舍五入到若干位", Argument::Decimals),
    form("plain", "原样", Argument::None),
    form("number", "不带单位", Argument::None),
    form("ordinal", "名次，如“第三”", Argument::None),
    change("month_on_month", "与上月比：增长12.3%、下降0.5%、持平", 1, false),
    change("year_on_year", "与上年同月比", 12, false),
    change("month_on_month_points", "百分数与上月比：提高1.2个百分点", 1, true),
    change("year_on_year_points", "百分数与上年同月比", 12, true),
    of_column("top", "一列中最大的几个部门"),
    of_column("bottom", "一列中最小的几个部门"),
    of_column("top_with_figures", "最大的几个部门，各带数字"),
    of_column("bottom_with_figures", "最小的几个部门，各带数字"),
];

/// The form of this name.
pub(super) fn known(name: &str) -> Option<&'static KnownForm> {
    FORMS.iter().find(|known| known.name == name)
}
