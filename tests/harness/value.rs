//! What a test puts into a cell.

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Number(f64),
    /// A number under a percent format: 0.98 for 98%.
    Percentage(f64),
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
    Value::Percentage(share.parse().unwrap())
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
