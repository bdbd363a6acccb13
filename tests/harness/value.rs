//! What a test puts into a cell.

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Number(f64),
    /// A number under a format of numbers: 0.98 under 0.0% is shown as 98%.
    Formatted(f64, &'static str),
    Truth(bool),
    Date(u16, u8, u8),
    Formula {
        formula: String,
        result: String,
    },
}

/// The stored result of a formula that is to have none; taken out of the finished file.
pub const NO_RESULT: &str = "987654321.125";

/// A date.
pub fn date(year: u16, month: u8, day: u8) -> Value {
    Value::Date(year, month, day)
}

/// A share that the sheet shows as a percentage.
pub fn percentage(share: &str) -> Value {
    formatted(share.parse().unwrap(), "0.0%")
}

/// A number that the sheet shows by a format.
pub fn formatted(number: f64, format: &'static str) -> Value {
    Value::Formatted(number, format)
}

/// A formula with its stored result: a number, a text or an error value.
pub fn formula(formula: &str, result: &str) -> Value {
    Value::Formula { formula: formula.to_owned(), result: result.to_owned() }
}

/// A formula that no program has computed yet.
pub fn formula_without_value(text: &str) -> Value {
    formula(text, NO_RESULT)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}
