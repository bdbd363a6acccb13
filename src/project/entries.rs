//! The entries of a TOML table, read key by key.
//!
//! Every fault is reported at its line and column, and all of them at once; a
//! key that nothing asked for is reported with the nearest known one.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{Document, Written};
use super::month::Month;
use super::prose::Prose;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::similar::nearest;

/// One table of a document; remembers which keys were asked for.
#[derive(Debug)]
pub struct Entries<'a> {
    document: &'a Document<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: RefCell<BTreeSet<&'static str>>,
    open: Cell<bool>,
}

impl<'a> Entries<'a> {
    /// The entries of a table that stands at `span` in the document.
    pub(super) fn new(document: &'a Document<'a>, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { document, table, span, known: RefCell::default(), open: Cell::new(false) }
    }

    /// Where the table itself begins.
    pub fn at(&self) -> Location {
        self.location(&self.span)
    }

    /// Allows any further key in this table (for maps that the editor names).
    pub fn allow_any_key(&self) {
        self.open.set(true);
    }

    /// The keys as written, with where, in the file's order.
    pub fn keys(&self) -> Vec<Written<String>> {
        let mut keys: Vec<_> = self.table.keys().collect();
        keys.sort_by_key(|key| key.span().start);
        keys.iter()
            .map(|key| Written { value: key.get_ref().to_string(), at: self.location(&key.span()) })
            .collect()
    }

    /// Reports a finding of the reader's own.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.document.report(diagnostic);
    }

    /// Reports that a key that must be there is not.
    pub fn missing(&self, key: &str, what: &str) {
        self.report(
            Diagnostic::new(&rules::SETTING_MISSING, format!("缺少 {key}（{what}）")).at(self.at()).hint(
                match key.starts_with('[') {
                    true => format!("请补上一节，以 {key} 开头"),
                    false => format!("请补上一行：{key} = ……"),
                },
            ),
        );
    }

    /// A text, or a report that the value is no text.
    pub fn text(&self, key: &'static str) -> Option<Written<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(self.written_string(value, text)),
            _ => self.wrong_kind(key, value, "文字", "的值要放在英文引号内"),
        }
    }

    /// A string with its place, reported if it holds what cannot be seen.
    fn written_string(&self, value: &Spanned<DeValue<'_>>, text: &str) -> Written<String> {
        self.document.check_characters(value.span(), text);
        self.written(value, text.to_owned())
    }

    /// A unit; a blank one is none.
    pub fn unit(&self) -> Option<Arc<str>> {
        self.text("unit").map(|unit| unit.value).filter(|unit| !unit.trim().is_empty()).map(Arc::from)
    }

    /// A text that must be there and must not be blank.
    pub fn required_text(&self, key: &'static str, what: &str) -> Option<Written<String>> {
        match self.text(key) {
            Some(text) if text.value.trim().is_empty() => {
                self.report(
                    Diagnostic::new(&rules::SETTING_INVALID, format!("{key}（{what}）是空的")).at(text.at),
                );
                None
            }
            None if !self.has(key) => {
                self.missing(key, what);
                None
            }
            found => found,
        }
    }

    /// A text with expressions, whose places can be found again.
    pub fn prose(&self, key: &'static str) -> Option<Prose> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(self.document.prose(value.span(), text)),
            _ => self.wrong_kind(key, value, "文字", "的值要放在英文引号内"),
        }
    }

    /// A text with its place, if it is one; a value of another kind is reported by who asks for it as such.
    pub fn written_text(&self, key: &'static str) -> Option<Prose> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str()?;
        Some(self.document.prose(value.span(), text))
    }

    /// Several texts.
    pub fn texts(&self, key: &'static str) -> Vec<Written<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            return self.wrong_kind(key, value, "一组文字", "写成 [\"…\", \"…\"]").unwrap_or_default();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(self.written_string(item, text)),
                _ => {
                    self.wrong_kind::<()>(key, item, "文字", "的值要放在英文引号内");
                }
            }
        }
        texts
    }

    /// Yes or no; absent is no.
    pub fn flag(&self, key: &'static str) -> bool {
        let Some(value) = self.get(key) else { return false };
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => self.wrong_kind(key, value, " true 或 false", "的值不加引号").unwrap_or_default(),
        }
    }

    /// A whole number within bounds.
    pub fn integer(&self, key: &'static str, bounds: std::ops::RangeInclusive<i64>) -> Option<Written<i64>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
            }
            _ => None,
        };
        match number {
            Some(number) if bounds.contains(&number) => Some(self.written(value, number)),
            _ => {
                let (low, high) = bounds.into_inner();
                self.wrong_kind(key, value, &format!(" {low} 到 {high} 的整数"), "的值写成整数，不加引号")
            }
        }
    }

    /// A number, exactly as written.
    pub fn decimal(&self, key: &'static str) -> Option<Written<Decimal>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Decimal::from_str_exact(number.as_str()).ok(),
            DeValue::Float(number) => Decimal::from_str_exact(number.as_str()).ok(),
            _ => None,
        };
        match number {
            Some(number) => Some(self.written(value, number)),
            None => self.wrong_kind(key, value, "数字", "的值不加引号，不用千位分隔符和指数"),
        }
    }

    /// A date, `2025-08-26`, with or without quotation marks.
    pub fn date(&self, key: &'static str) -> Option<Written<NaiveDate>> {
        let value = self.get(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(date) if date.time.is_none() => Some(date.to_string()),
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        };
        match date.and_then(|date| NaiveDate::parse_from_str(&date, "%Y-%m-%d").ok()) {
            Some(date) => Some(self.written(value, date)),
            None => self.wrong_kind(key, value, "日期", "写成 2025-08-26"),
        }
    }

    /// A month, `"2025-07"`.
    pub fn month(&self, key: &'static str) -> Option<Written<Month>> {
        let text = self.text(key)?;
        match Month::parse(&text.value) {
            Some(month) => Some(Written { value: month, at: text.at }),
            None => {
                self.report(
                    Diagnostic::new(
                        &rules::SETTING_INVALID,
                        format!("{key} 应为月份，这里是“{}”", shown(&text.value)),
                    )
                    .at(text.at)
                    .hint("写成 \"2025-07\""),
                );
                None
            }
        }
    }

    /// A table within the table.
    pub fn table(&self, key: &'static str) -> Option<Entries<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.entries(table, value.span())),
            _ => self.wrong_kind(key, value, "一节", &format!("写成 [{key}]")),
        }
    }

    /// A table of a name that the editor chose.
    pub fn named_table(&self, name: &str) -> Option<Entries<'a>> {
        let (key, value) = self.table.iter().find(|(key, _)| key.get_ref() == name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.entries(table, key.span())),
            _ => self.wrong_kind(name, value, "一节", &format!("写成 [{name}]")),
        }
    }

    /// A text of a name that the editor chose.
    pub fn named_text(&self, name: &str) -> Option<Written<String>> {
        let (_, value) = self.table.iter().find(|(key, _)| key.get_ref() == name)?;
        match value.get_ref() {
            DeValue::String(text) => Some(self.written(value, text.to_string())),
            _ => self.wrong_kind(name, value, "文字", "的值要放在英文引号内"),
        }
    }

    /// The tables of an array, `[[key]]`.
    pub fn tables(&self, key: &'static str) -> Vec<Entries<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            return self
                .wrong_kind(key, value, "若干节", &format!("每节以 [[{key}]] 开头"))
                .unwrap_or_default();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(self.entries(table, item.span())),
                _ => {
                    self.wrong_kind::<()>(key, item, "一节", &format!("每节以 [[{key}]] 开头"));
                }
            }
        }
        tables
    }

    /// The items of an array that are texts or tables: font families are written either way.
    pub fn texts_or_tables(&self, key: &'static str) -> Vec<Result<Written<String>, Entries<'a>>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            return self.wrong_kind(key, value, "一组名称", "写成 [\"…\", \"…\"]").unwrap_or_default();
        };
        let mut items = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::String(text) => items.push(Ok(self.written_string(item, text))),
                DeValue::Table(table) => items.push(Err(self.entries(table, item.span()))),
                _ => {
                    self.wrong_kind::<()>(key, item, "名称", "的值要放在英文引号内");
                }
            }
        }
        items
    }

    /// Whether the key is written, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(known, _)| known.get_ref() == key)
    }

    /// Whether a key is not written, or has an empty array.
    pub fn lacks(&self, key: &str) -> bool {
        let value = self.table.iter().find(|(known, _)| known.get_ref() == key).map(|(_, value)| value);
        value.is_none_or(|value| value.get_ref().as_array().is_some_and(|array| array.is_empty()))
    }

    /// Whether a key is written that nothing has asked for so far.
    pub fn has_unknown_keys(&self) -> bool {
        self.table.keys().any(|key| !self.known.borrow().contains(key.get_ref().as_ref()))
    }

    /// Where a key's value stands, or else the table.
    pub fn place_of(&self, key: &str) -> Location {
        self.table
            .iter()
            .find(|(known, _)| known.get_ref() == key)
            .map_or_else(|| self.at(), |(_, value)| self.location(&value.span()))
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.borrow_mut().insert(key);
        self.table.iter().find(|(known, _)| known.get_ref() == key).map(|(_, value)| value)
    }

    fn entries(&self, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self::new(self.document, table, span)
    }

    fn written<T>(&self, value: &Spanned<DeValue<'_>>, read: T) -> Written<T> {
        Written { value: read, at: self.location(&value.span()) }
    }

    fn location(&self, span: &Range<usize>) -> Location {
        self.document.location(span.start)
    }

    fn wrong_kind<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str, how: &str) -> Option<T> {
        let span = value.span();
        let found = self.document.text.get(span.clone()).unwrap_or_default();
        self.report(
            Diagnostic::new(
                &rules::SETTING_INVALID,
                format!("{key} 应为{expected}，这里是 {}", shown(found)),
            )
            .at(self.location(&span))
            .excerpt(self.document.line_excerpt(&span))
            .hint(format!("{key} {how}")),
        );
        None
    }

    /// Reports every key that was never asked for.
    fn report_unknown_keys(&self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            let name = key.get_ref();
            if known.contains(name.as_ref()) {
                continue;
            }
            let span = key.span();
            let mut diagnostic =
                Diagnostic::new(&rules::SETTING_UNKNOWN, format!("不认识的设置项“{}”", shown(name)))
                    .at(self.location(&span))
                    .excerpt(self.document.line_excerpt(&span));
            diagnostic = match nearest(name, known.iter().copied()).first() {
                Some(near) => diagnostic.hint(format!("是不是“{near}”？")),
                None => diagnostic
                    .hint(format!("这里可用的有：{}", known.iter().copied().collect::<Vec<_>>().join("、"))),
            };
            self.report(diagnostic);
        }
    }
}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        // A table is let go when its reader has asked for all that it knows.
        if !self.open.get() {
            self.report_unknown_keys();
        }
    }
}
