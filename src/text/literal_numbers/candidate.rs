//! A figure offered in place of a typed number, and the expression that prints it alike.

use std::sync::Arc;

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

/// The expression that prints a figure as the number is typed.
pub fn candidate(
    ledger: &Arc<Ledger>,
    figure: &Figure,
    place: FigureId,
    quantity: Quantity,
    unit: Unit,
) -> Option<Candidate> {
    let value = figure.amount.number()?;
    let mut forms: Vec<(&str, Option<u32>)> = match quantity.form {
        TypedForm::Wan => vec![("wan", None)],
        TypedForm::Yi => vec![("yi", None)],
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
