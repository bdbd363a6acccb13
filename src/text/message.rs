//! The message of a declared check: words with the values that it shows.

use std::ops::Range;
use std::sync::Arc;

use super::expression::{Form, Read, read};
use super::forms::known;
use super::shown_figure::FigureValue;
use super::stray_braces::stray_braces;
use crate::diagnostic::{Rule, rules};
use crate::figure::{FigureId, Ledger, Reference};

/// A message read into its pieces.
#[derive(Debug, Clone)]
pub struct Message {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    Words(String),
    Shown { reference: Reference, forms: Vec<Form> },
}

/// Why a message cannot be read.
#[derive(Debug, Clone)]
pub struct MessageFault {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Its bytes in the message.
    pub span: Range<usize>,
}

/// What a name in a message stands for.
pub enum Shown {
    /// A word, such as the department's name.
    Word(String),
    /// A figure.
    Figure(FigureId),
    /// Nothing: it has been reported elsewhere.
    Nothing,
}

impl Message {
    /// Reads a message, or gives all its faults of form; `is_name` says whether the names of figures may begin so.
    pub fn read(template: &str, is_name: impl Fn(&str) -> bool) -> Result<Self, Vec<MessageFault>> {
        let Read { expressions: found, faults, words } = read(template);
        let mut faults: Vec<MessageFault> = faults
            .into_iter()
            .chain(stray_braces(template, &words, &is_name))
            .map(|fault| MessageFault {
                rule: fault.rule,
                message: fault.message.to_owned(),
                hint: fault.hint.to_owned(),
                span: fault.span,
            })
            .collect();
        let mut pieces = Vec::new();
        let mut at = 0;
        for expression in found {
            let open = template[..expression.reference.span.start].rfind("{{").unwrap_or(at);
            let end = template[expression.reference.span.end..]
                .find("}}")
                .map_or(template.len(), |end| expression.reference.span.end + end + 2);
            pieces.push(Piece::Words(template.get(at..open).unwrap_or_default().to_owned()));
            for form in &expression.forms {
                if known(&form.name).is_none_or(|known| known.of_column || known.comparison.is_some()) {
                    faults.push(MessageFault {
                        rule: &rules::TEXT_SYNTAX,
                        message: format!("提示里不能用 {} 这种写法", crate::diagnostic::shown(&form.name)),
                        hint: "可用 wan、yi、percent、points、round、number".to_owned(),
                        span: form.span.clone(),
                    });
                }
            }
            pieces.push(Piece::Shown { reference: expression.reference, forms: expression.forms });
            at = end;
        }
        pieces.push(Piece::Words(template.get(at..).unwrap_or_default().to_owned()));
        if faults.is_empty() { Ok(Self { pieces }) } else { Err(faults) }
    }

    /// The names that it shows.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Shown { reference, .. } => Some(reference),
            Piece::Words(_) => None,
        })
    }

    /// The message on one line; `values` are what its names stand for, in their order. What has no
    /// number shows as “/”.
    pub fn render(&self, ledger: &Ledger, values: &[Shown]) -> String {
        let mut text = String::new();
        let mut values = values.iter();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Shown { forms, .. } => match values.next() {
                    Some(Shown::Word(word)) => text.push_str(word),
                    Some(Shown::Figure(place)) => text.push_str(&shown(ledger, *place, forms)),
                    Some(Shown::Nothing) | None => text.push('/'),
                },
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn shown(ledger: &Ledger, place: FigureId, forms: &[Form]) -> String {
    let Some(figure) = ledger.get(place) else { return "/".to_owned() };
    let value = FigureValue {
        place,
        id: figure.id.clone(),
        amount: figure.amount,
        unrounded: ledger.unrounded(place),
        unit: figure.unit.clone(),
        form: None,
        // Comparisons, which look at other figures, are no form of messages.
        ledger: Arc::default(),
    };
    let forms: Vec<(&str, Option<u32>)> = forms
        .iter()
        .map(|form| (form.name.as_str(), form.argument.as_ref().and_then(|argument| argument.parse().ok())))
        .collect();
    // A ratio with many decimals is better rounded than not shown in a warning.
    value
        .with_forms(&forms)
        .or_else(|_| value.with_forms(&[("round", Some(4))]))
        .unwrap_or_else(|_| "/".to_owned())
}
