//! The figures, looked up by what a typed number says.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::candidate::{Candidate, Unit, candidate, counted_in};
use super::likeness::{is_slip, reads_as, significant_digits, typed_digits};
use super::measures::{Measures, after_space};
use super::typed_number::{Part, Quantity, TypedForm};
use crate::figure::{Figure, FigureId, Ledger};
use crate::project::TypedText;

/// The most figures that are named for one number.
const MOST_NAMED: usize = 3;

/// How likely a figure is to be the one that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likelihood {
    /// It is named in yuebao.toml or issue.toml.
    Named,
    /// It is a total.
    Total,
    /// Its department stands in the same sentence.
    Mentioned,
    /// Any other.
    Other,
}

/// A part of a typed number where it stands.
#[derive(Clone, Copy)]
pub struct TypedPart<'a> {
    /// The text.
    pub text: &'a TypedText,
    /// The part.
    pub part: &'a Part,
    /// The words that count.
    pub measures: &'a Measures,
    /// The departments that the sentence names.
    pub mentioned: &'a [&'a str],
}

/// The figures that a text can name, sorted by value.
pub struct KnownFigures<'a> {
    ledger: &'a Arc<Ledger>,
    by_value: Vec<(Decimal, FigureId)>,
}

impl<'a> KnownFigures<'a> {
    /// The index of a ledger.
    pub fn new(ledger: &'a Arc<Ledger>) -> Self {
        let mut by_value: Vec<(Decimal, FigureId)> = ledger
            .iter()
            .filter(|(place, figure)| ledger.find(&figure.id) == Some(*place) && can_be_named(figure))
            .filter_map(|(place, figure)| {
                let (factor, _) = counted_in(figure);
                Some((ledger.unrounded(place).number()?.checked_mul(factor)?, place))
            })
            .collect();
        by_value.sort();
        Self { ledger, by_value }
    }

    /// The figures that equal a typed number in a form in which they can be shown, the likeliest first.
    pub fn equal(&self, typed: TypedPart<'_>) -> Vec<Candidate> {
        let Some(quantity) = typed.part.quantity else { return Vec::new() };
        let mut found: Vec<(bool, Likelihood, Candidate)> = Vec::new();
        let mut others = 0;
        // 下降0.5% states a figure that is negative.
        let signs = [Decimal::ONE, Decimal::NEGATIVE_ONE];
        let near: BTreeMap<FigureId, Decimal> =
            signs.iter().flat_map(|sign| self.near(quantity, *sign)).collect();
        for (place, value) in near {
            let Some(figure) = self.ledger.get(place) else { continue };
            let likelihood = likelihood(figure, typed.mentioned);
            let Some(unit) = unit_typed(typed, figure, likelihood) else { continue };
            if !states(quantity, value, figure) {
                continue;
            }
            others += usize::from(likelihood == Likelihood::Other);
            if others > MOST_NAMED && likelihood == Likelihood::Other {
                continue;
            }
            let Some(candidate) = candidate(self.ledger, figure, place, quantity, unit) else { continue };
            if significant_digits(&typed_digits(quantity)) < fewest_digits(likelihood, unit) {
                continue;
            }
            let is_exact =
                value.abs() == amount_of(quantity, figure).abs() || reads_as(&candidate.printed, quantity);
            // Some department's figure nearly always rounds to a single digit.
            if !is_exact
                && likelihood == Likelihood::Other
                && significant_digits(&typed_digits(quantity)) < 2
                && !quantity.is_exceeded
            {
                continue;
            }
            found.push((!is_exact, likelihood, candidate));
        }
        // Of many departments with the same number nobody can tell which one is meant.
        found.retain(|(_, likelihood, _)| *likelihood != Likelihood::Other || others <= MOST_NAMED);
        found.sort_by_key(|(is_rounded, likelihood, _)| (*is_rounded, *likelihood));
        found.into_iter().map(|(.., candidate)| candidate).take(MOST_NAMED).collect()
    }

    /// The figures that a typed number misses by a digit or two, as a copied or outdated one does, the likeliest first.
    pub fn close(&self, typed: TypedPart<'_>) -> Vec<Candidate> {
        let Some(quantity) = typed.part.quantity.filter(|quantity| !quantity.is_exceeded) else {
            return Vec::new();
        };
        let mut found: Vec<(Likelihood, Decimal, Candidate)> = Vec::new();
        for (value, place) in &self.by_value {
            let Some(figure) = self.ledger.get(*place) else { continue };
            let likelihood = likelihood(figure, typed.mentioned);
            if likelihood == Likelihood::Other {
                continue;
            }
            let Some(Unit::Typed) = unit_typed(typed, figure, likelihood) else { continue };
            let Some(candidate) = candidate(self.ledger, figure, *place, quantity, Unit::Typed) else {
                continue;
            };
            let apart = (value.abs() - amount_of(quantity, figure).abs()).abs();
            if is_slip(&typed_digits(quantity), &candidate.printed) {
                found.push((likelihood, apart, candidate));
            }
        }
        found.sort_by_key(|(likelihood, apart, _)| (*likelihood, *apart));
        found.into_iter().map(|(.., candidate)| candidate).take(MOST_NAMED).collect()
    }

    /// The figures within one typed place of a number.
    fn near(&self, quantity: Quantity, sign: Decimal) -> impl Iterator<Item = (FigureId, Decimal)> {
        let ranges = [Decimal::ONE, Decimal::ONE_HUNDRED].map(|divisor| self.range(quantity, sign, divisor));
        let is_share = is_of_hundred(quantity);
        let [plain, share] = ranges;
        let share = if is_share { share } else { 0..0 };
        let plain = self.by_value.get(plain).unwrap_or_default();
        let near = plain.iter().chain(self.by_value.get(share).unwrap_or_default());
        near.map(|(value, place)| (*place, *value))
    }

    fn range(&self, quantity: Quantity, sign: Decimal, divisor: Decimal) -> Range<usize> {
        let centre = quantity.value * sign / divisor;
        let reach = quantity.step / divisor;
        let (Some(low), Some(high)) = (centre.checked_sub(reach), centre.checked_add(reach)) else {
            return 0..0;
        };
        let start = self.by_value.partition_point(|(value, _)| *value < low);
        let end = self.by_value.partition_point(|(value, _)| *value <= high);
        if quantity.value.is_zero() && sign.is_sign_negative() { 0..0 } else { start..end }
    }
}

/// Whether a text may name a figure: a rank is an ordinal; figures of other months, aggregates and changes have
/// names that no text can write.
fn can_be_named(figure: &Figure) -> bool {
    !figure.id.ends_with(".rank") && !figure.id.contains(['@', '('])
}

fn likelihood(figure: &Figure, mentioned: &[&str]) -> Likelihood {
    let is_of = |name: &&str| figure.id.contains(&format!("[\"{name}\"]"));
    if figure.id.starts_with("figures.") || figure.id.starts_with("values.") {
        Likelihood::Named
    } else if figure.id.contains(".total.") && !figure.id.contains('[') {
        Likelihood::Total
    } else if mentioned.iter().any(is_of) {
        Likelihood::Mentioned
    } else {
        Likelihood::Other
    }
}

/// How a figure's unit stands behind a typed number; none where another unit does.
fn unit_typed(typed: TypedPart<'_>, figure: &Figure, likelihood: Likelihood) -> Option<Unit> {
    let TypedPart { text, part, measures, .. } = typed;
    let form = part.quantity?.form;
    let (_, unit) = counted_in(figure);
    match form {
        TypedForm::Percent | TypedForm::PercentagePoint => {
            return unit.is_none_or(|unit| unit == "%").then_some(Unit::Typed);
        }
        TypedForm::Other => return None,
        TypedForm::Plain | TypedForm::Wan | TypedForm::Yi => {}
    }
    let behind = after_space(text, part.chars.end);
    let behind = behind + usize::from(text.at(behind).is_some_and(|it| "余多几".contains(it)));
    let has_measure = measures.end(text, behind) > behind;
    let Some(unit) = unit else {
        // A number without unit may count anything that has no unit of its own: 29个部门, but not 29件.
        let may_count = likelihood == Likelihood::Named && !measures.is_figures_unit(text, behind);
        return (!has_measure || may_count).then_some(Unit::Typed);
    };
    if unit == "%" {
        return None;
    }
    let agrees = unit.chars().next() == text.at(after_space(text, behind));
    match (agrees, has_measure) {
        (true, _) => Some(Unit::Typed),
        (false, false) => Some(Unit::LeftOut),
        (false, true) => None,
    }
}

/// How many digits a typed number must have for a figure not to equal it by mere chance.
fn fewest_digits(likelihood: Likelihood, unit: Unit) -> usize {
    match (likelihood, unit) {
        (Likelihood::Other, Unit::LeftOut) => 3,
        (_, Unit::LeftOut) => 2,
        (_, Unit::Typed) => 1,
    }
}

/// The value of a figure that a typed number states: of 12.3% the share 0.123, unless the figure itself counts in %.
fn amount_of(quantity: Quantity, figure: &Figure) -> Decimal {
    match quantity.form {
        TypedForm::Percent | TypedForm::PercentagePoint if figure.unit.is_none() => {
            quantity.value / Decimal::ONE_HUNDRED
        }
        _ => quantity.value,
    }
}

/// Whether a number counts in hundredths.
fn is_of_hundred(quantity: Quantity) -> bool {
    matches!(quantity.form, TypedForm::Percent | TypedForm::PercentagePoint)
}

/// Whether a number states a value, rounded to the decimals as typed.
fn states(quantity: Quantity, value: Decimal, figure: &Figure) -> bool {
    let is_share = is_of_hundred(quantity) && figure.unit.is_none();
    let hundredfold = if is_share { value.checked_mul(Decimal::ONE_HUNDRED) } else { Some(value) };
    let (Some(value), typed) = (hundredfold.map(|value| value.abs()), quantity.value.abs()) else {
        return false;
    };
    if quantity.is_exceeded {
        return typed <= value && typed.checked_add(quantity.step).is_some_and(|next| value < next);
    }
    let places = value.checked_div(quantity.step);
    let rounded = places.map(|it| it.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    rounded.and_then(|it| it.checked_mul(quantity.step)) == Some(typed)
}
