//! A figure offered in place of a typed number, and the expression that prints it alike.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::typed_number::{Quantity, TypedForm};
use crate::figure::{Amount, Figure, FigureId, Ledger};
use crate::text::shown_figure::FigureValue;

/// A figure that a typed number may have been copied from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub id: String,
    /// Its exact value with its unit.
    pub exact: String,
    /// What to write in the text.
    pub expression: String,
    /// What that prints.
    pub printed: String,
}

/// How a figure's unit stands behind the typed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// It is typed, or the figure has none.
    Typed,
    /// It is left out.
    LeftOut,
}

/// What one of a figure is, and of what: of 3万元 ten thousand, and 元.
pub fn counted_in(figure: &Figure) -> (Decimal, Option<&str>) {
    let unit = figure.unit.as_deref();
    let multiplied = [("万", 10_000_i64), ("亿", 100_000_000)].into_iter().find_map(|(word, factor)| {
        let rest = unit?.strip_prefix(word).filter(|rest| !rest.is_empty())?;
        Some((Decimal::from(factor), Some(rest)))
    });
    multiplied.unwrap_or((Decimal::ONE, unit))
}

/// The expression that prints a figure as the number is typed.
pub fn candidate(
    ledger: &Arc<Ledger>,
    figure: &Figure,
    place: FigureId,
    quantity: Quantity,
    unit: Unit,
) -> Option<Candidate> {
    let value = figure.amount.number()?;
    let (factor, _) = counted_in(figure);
    let is_of_unit = match quantity.form {
        TypedForm::Wan => factor == Decimal::from(10_000),
        TypedForm::Yi => factor == Decimal::from(100_000_000),
        _ => false,
    };
    let mut forms: Vec<(&str, Option<u32>)> = match quantity.form {
        // 3万元 of a figure in 万元 is what it says; 30000元 of it cannot be printed.
        TypedForm::Wan if !is_of_unit => vec![("wan", None)],
        TypedForm::Yi if !is_of_unit => vec![("yi", None)],
        TypedForm::Plain if factor != Decimal::ONE => return None,
        TypedForm::Percent if figure.unit.is_none() => {
            vec![("percent", Some(quantity.decimals).filter(|decimals| *decimals != 1))]
        }
        TypedForm::PercentagePoint => {
            vec![("points", Some(quantity.decimals).filter(|decimals| *decimals != 1))]
        }
        _ if value.normalize().scale() > quantity.decimals && !quantity.is_exceeded => {
            vec![("round", Some(quantity.decimals).filter(|decimals| *decimals > 0))]
        }
        _ => Vec::new(),
    };
    if unit == Unit::LeftOut {
        forms.push(("number", None));
    }
    let shown = FigureValue {
        place,
        id: figure.id.clone(),
        amount: Amount::Number(value),
        unrounded: ledger.unrounded(place),
        unit: figure.unit.clone(),
        form: None,
        ledger: Arc::clone(ledger),
    };
    let printed = shown.with_forms(&forms).ok()?;
    let written: String = forms
        .iter()
        .map(|(name, decimals)| match decimals {
            Some(decimals) => format!(" | {name}({decimals})"),
            None => format!(" | {name}"),
        })
        .collect();
    Some(Candidate {
        id: figure.id.clone(),
        exact: format!("{}{}", figure.amount.plain(), figure.unit.as_deref().unwrap_or_default()),
        expression: format!("{{{{ {}{written} }}}}", figure.id),
        printed,
    })
}
