//! The ledger: every figure of an issue, with the origin from which it came.
//!
//! Figures are only added, never changed; an operation names figures that are
//! already in the ledger, so that the trail from any figure ends at cells and
//! entries, without cycles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::amount::Amount;
use super::exact::Exact;
use super::formula::Function;
use crate::diagnostic::Location;

/// A figure's place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureId(u32);

impl FigureId {
    fn new(index: usize) -> Self {
        // Limits on files and on evaluation keep a ledger far below four thousand million figures.
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// How many figures stand before it in its ledger.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An amount with its unit and origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The name by which formulas and text refer to it: `operations.total.mailed`.
    pub id: String,
    /// The amount.
    pub amount: Amount,
    /// The unit, such as 件.
    pub unit: Option<Arc<str>>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A cell of a workbook.
    Cell {
        /// The cell.
        at: Location,
        /// Its content as it stands in the file; empty where the cell is blank.
        raw: String,
    },
    /// An entry made by hand in issue.toml.
    Entry {
        /// The entry.
        at: Location,
        /// Where the editor says to have it from.
        source: String,
    },
    /// A computation on other figures.
    Operation {
        /// What is computed.
        operation: Operation,
        /// The figures that it is computed from, in the formula's order.
        operands: Vec<FigureId>,
    },
    /// Nothing: there is no such figure at the time that a formula asks for.
    Absent {
        /// Why, for the editor.
        reason: String,
    },
}

/// A kind of computation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// The sum of a column.
    Sum,
    /// The rank of the one operand among the scores of its column, highest first.
    Rank {
        /// All scores of the column; one list that every rank of the column shares.
        among: Arc<[FigureId]>,
    },
    /// A formula of yuebao.toml, as written.
    Formula(Arc<str>),
    /// A function of whole columns.
    Aggregate(Function),
    /// The sum of the months since January.
    YearToDate,
    /// The change of the first operand against the second, as a part of the second.
    Change,
    /// The difference of the first operand from the second.
    Difference,
}

impl Operation {
    /// Whether it is made of a whole column, of which one cell says little.
    pub fn is_of_column(&self) -> bool {
        matches!(self, Self::Sum | Self::Rank { .. } | Self::Aggregate(_))
    }
}

/// All figures of an issue.
///
/// A ledger may go on from another one, whose figures keep their places: what
/// several calculations share is kept once.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    former: Option<Arc<Self>>,
    /// How many figures the former ledger has.
    first: usize,
    figures: Vec<Figure>,
    /// What figures were before they were rounded to their column's decimals, where that changed them.
    unrounded: BTreeMap<FigureId, Decimal>,
    /// What figures are exactly where no decimal says it.
    exact: BTreeMap<FigureId, Exact>,
    /// The amounts and units once more, close together: checks read those of whole tables over and over.
    values: Vec<(Amount, Option<Arc<str>>)>,
    names: Names,
}

/// Where figures are by their names, which stand in the figures alone.
///
/// A name is a stem, up to its last dot or bracket, and a word. The figures of a row have one stem and
/// come one after the other, so that for most names there is nothing to look up and nothing to copy.
#[derive(Debug, Clone, Default)]
struct Names {
    /// For each stem, the index of its figures.
    stems: BTreeMap<String, usize>,
    /// For each stem, its figures by their names.
    places: Vec<Vec<FigureId>>,
    /// The stem of the figure added last.
    last: Option<(String, usize)>,
}

impl Ledger {
    /// A ledger that goes on from a former one.
    pub fn after(former: Arc<Self>) -> Self {
        Self { first: former.len(), former: Some(former), ..Self::default() }
    }

    /// How many figures there are.
    pub fn len(&self) -> usize {
        self.first + self.figures.len()
    }

    /// Whether there are no figures.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a figure. A second one of the same name can be reached by its place only.
    pub fn add(&mut self, figure: Figure) -> FigureId {
        let place = FigureId::new(self.len());
        self.values.push((figure.amount, figure.unit.clone()));
        self.figures.push(figure);
        let (first, figures) = (self.first, &self.figures);
        let name = |place: FigureId| {
            let figure = place.index().checked_sub(first).and_then(|index| figures.get(index));
            figure.map_or("", |figure| figure.id.as_str())
        };
        self.names.add(name(place), place, name);
        place
    }

    /// Adds a figure that was rounded from another number.
    pub fn add_rounded(&mut self, figure: Figure, unrounded: Amount) -> FigureId {
        let is_rounded = figure.amount != unrounded;
        let place = self.add(figure);
        if let Some(number) = unrounded.number().filter(|_| is_rounded) {
            self.unrounded.insert(place, number);
        }
        place
    }

    /// Adds a figure that formulas go on with as this very number, of which its amount is the nearest decimal.
    pub fn add_exact(&mut self, figure: Figure, exact: Amount<Exact>) -> FigureId {
        let is_decimal = exact == figure.amount.exact();
        let place = self.add(figure);
        if let Some(number) = exact.number().filter(|_| !is_decimal) {
            self.exact.insert(place, number);
        }
        place
    }

    /// The amount at a place as formulas go on with it.
    pub fn exact(&self, place: FigureId) -> Amount<Exact> {
        match self.exact.get(&place) {
            Some(number) => Amount::Number(number.clone()),
            None if place.index() < self.first => {
                self.former.as_ref().map_or(Amount::Missing, |former| former.exact(place))
            }
            None => self.amount(place).exact(),
        }
    }

    /// The amount at a place before it was rounded to its column's decimals. Whoever rounds it further begins here:
    /// a number is rounded once (GB/T 8170-2008, 3.3.1, forbids doing it step by step).
    pub fn unrounded(&self, place: FigureId) -> Amount {
        match self.unrounded.get(&place) {
            Some(number) => Amount::Number(*number),
            None if place.index() < self.first => {
                self.former.as_ref().map_or(Amount::Missing, |former| former.unrounded(place))
            }
            None => self.amount(place),
        }
    }

    /// The figure at a place of this ledger.
    pub fn get(&self, place: FigureId) -> Option<&Figure> {
        match place.index().checked_sub(self.first) {
            Some(index) => self.figures.get(index),
            None => self.former.as_ref()?.get(place),
        }
    }

    /// The amount at a place; *missing* for a place of another ledger.
    pub fn amount(&self, place: FigureId) -> Amount {
        self.value(place).map_or(Amount::Missing, |(amount, _)| *amount)
    }

    /// The amount and unit at a place of this ledger.
    pub fn value(&self, place: FigureId) -> Option<&(Amount, Option<Arc<str>>)> {
        match place.index().checked_sub(self.first) {
            Some(index) => self.values.get(index),
            None => self.former.as_ref()?.value(place),
        }
    }

    /// The place of the figure of a name.
    pub fn find(&self, id: &str) -> Option<FigureId> {
        let former = || self.former.as_ref()?.find(id);
        let name = |place| self.get(place).map_or("", |figure| figure.id.as_str());
        former().or_else(|| self.names.find(id, name))
    }

    /// All figures, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FigureId, &Figure)> {
        (0..self.len()).map(FigureId::new).filter_map(|place| Some((place, self.get(place)?)))
    }

    /// A figure and all that it is computed from, each once, in the order in which they are named.
    pub fn made_of(&self, figure: FigureId) -> impl Iterator<Item = (FigureId, &Figure)> {
        self.made_of_by(figure, |_, _| true)
    }

    /// The same, but beyond an operation with its operands only where that is looked through.
    pub fn made_of_by(
        &self,
        figure: FigureId,
        looks_through: impl Fn(&Operation, &[FigureId]) -> bool,
    ) -> impl Iterator<Item = (FigureId, &Figure)> {
        let mut seen = BTreeSet::from([figure]);
        let mut ahead = vec![figure];
        std::iter::from_fn(move || {
            let place = ahead.pop()?;
            let figure = self.get(place)?;
            if let Origin::Operation { operation, operands } = &figure.origin
                && looks_through(operation, operands)
            {
                ahead.extend(operands.iter().rev().filter(|operand| seen.insert(**operand)));
            }
            Some((place, figure))
        })
    }

    /// Why a figure is unknown: what of other months that it needs is not there, each reason as the editor is told it.
    pub fn unknown_months(&self, figure: FigureId) -> impl Iterator<Item = &str> {
        let is_unknown = self.amount(figure) == Amount::Unknown;
        // What is known is made of nothing unknown: there is nothing to walk through.
        let parts = is_unknown.then(|| self.made_of(figure)).into_iter().flatten();
        parts.filter_map(|(_, part)| match (&part.origin, part.amount) {
            (Origin::Absent { reason }, Amount::Unknown) => Some(reason.as_str()),
            _ => None,
        })
    }

    /// The units of all figures.
    pub fn units(&self) -> BTreeSet<&str> {
        let mut units = self.former.as_ref().map(|former| former.units()).unwrap_or_default();
        let mut last = None;
        for unit in self.values.iter().filter_map(|(_, unit)| unit.as_deref()) {
            // Those of neighbouring columns are often the same.
            if last != Some(unit) {
                units.insert(unit);
                last = Some(unit);
            }
        }
        units
    }

    /// Whether figures have names that go on from `prefix` with a dot or a bracket.
    pub fn has_names_below(&self, prefix: &str) -> bool {
        self.names.has_below(prefix)
            || self.former.as_ref().is_some_and(|former| former.has_names_below(prefix))
    }

    /// All names, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(_, figure)| figure.id.as_str())
    }
}

impl Names {
    /// Adds a name unless it is known; `name` gives the one at a place.
    fn add<'a>(&mut self, id: &str, place: FigureId, name: impl Fn(FigureId) -> &'a str) {
        let index = self.index(stem(id));
        let Some(places) = self.places.get_mut(index) else { return };
        if let Err(at) = places.binary_search_by(|other| name(*other).cmp(id)) {
            places.insert(at, place);
        }
    }

    fn index(&mut self, stem: &str) -> usize {
        if let Some((_, index)) = self.last.as_ref().filter(|(last, _)| last == stem) {
            return *index;
        }
        let index = match self.stems.get(stem) {
            Some(index) => *index,
            None => {
                self.stems.insert(stem.to_owned(), self.places.len());
                self.places.push(Vec::new());
                self.places.len() - 1
            }
        };
        self.last = Some((stem.to_owned(), index));
        index
    }

    fn find<'a>(&self, id: &str, name: impl Fn(FigureId) -> &'a str) -> Option<FigureId> {
        let places = self.places.get(*self.stems.get(stem(id))?)?;
        let at = places.binary_search_by(|other| name(*other).cmp(id)).ok()?;
        places.get(at).copied()
    }

    /// Whether names go on from `prefix` with a dot or a bracket.
    fn has_below(&self, prefix: &str) -> bool {
        let after = (Bound::Excluded(prefix), Bound::Unbounded);
        let mut rests = self.stems.range::<str, _>(after).map_while(|(stem, _)| stem.strip_prefix(prefix));
        (!prefix.is_empty() && self.stems.contains_key(prefix))
            || rests.any(|rest| rest.starts_with(['.', '[']))
    }
}

/// A name up to its last dot or bracket; empty for a name without any.
fn stem(id: &str) -> &str {
    id.rfind(['.', '[']).and_then(|end| id.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(ids: &[&str]) -> Ledger {
        let mut ledger = Ledger::default();
        add(&mut ledger, ids);
        ledger
    }

    fn add(ledger: &mut Ledger, ids: &[&str]) {
        for id in ids {
            let origin = Origin::Absent { reason: String::new() };
            ledger.add(Figure { id: (*id).to_owned(), amount: Amount::Missing, unit: None, origin });
        }
    }

    #[test]
    fn figures_are_found_by_their_names_and_the_first_of_a_name_counts() {
        let first = ["t[\"甲\"].b", "t[\"甲\"].a", "t.total.a", "t[\"甲\"].b", "plain", ""];
        let mut ledger = Ledger::after(Arc::new(ledger(&first)));
        add(&mut ledger, &["figures.x", "t[\"甲.乙\"].a", "t[\"甲\"].a", "figures.x@2025-06"]);
        for (id, index) in [
            ("t[\"甲\"].b", 0),
            ("t[\"甲\"].a", 1),
            ("t.total.a", 2),
            ("plain", 4),
            ("", 5),
            ("figures.x", 6),
            ("t[\"甲.乙\"].a", 7),
            ("figures.x@2025-06", 9),
        ] {
            assert_eq!(ledger.find(id).map(FigureId::index), Some(index), "{id}");
        }
        for id in ["t", "t[\"甲\"]", "t.total", "figures", "figures.y", "t[\"乙\"].a"] {
            assert_eq!(ledger.find(id), None, "{id}");
        }
    }

    #[test]
    fn names_go_on_after_a_dot_or_a_bracket_only() {
        let ledger = ledger(&["ta[\"甲\"].b", "ta2.total.a", "plain"]);
        for prefix in ["ta", "ta[\"甲\"]", "ta2", "ta2.total"] {
            assert!(ledger.has_names_below(prefix), "{prefix}");
        }
        for prefix in ["t", "ta[\"甲\"].b", "ta2.total.a", "plain", "ta[\"乙\"]", "x", ""] {
            assert!(!ledger.has_names_below(prefix), "{prefix}");
        }
    }
}
