//! The ledger: every figure of an issue, with the origin from which it came.
//!
//! Figures are only added, never changed; an operation names figures that are
//! already in the ledger, so that the trail from any figure ends at cells and
//! entries, without cycles.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::amount::Amount;
use crate::diagnostic::Location;

/// A figure's place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureId(usize);

/// An amount with its unit and origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The name by which formulas and text refer to it: `operations.total.mailed`.
    pub id: String,
    /// The amount.
    pub amount: Amount,
    /// The unit, such as 件.
    pub unit: Option<String>,
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
    Formula(String),
}

/// All figures of an issue.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    figures: Vec<Figure>,
    by_id: BTreeMap<String, FigureId>,
}

impl Ledger {
    /// Adds a figure. A second one of the same name can be reached by its place only.
    pub fn add(&mut self, figure: Figure) -> FigureId {
        let place = FigureId(self.figures.len());
        self.by_id.entry(figure.id.clone()).or_insert(place);
        self.figures.push(figure);
        place
    }

    /// The figure at a place of this ledger.
    pub fn get(&self, place: FigureId) -> Option<&Figure> {
        self.figures.get(place.0)
    }

    /// The amount at a place; *missing* for a place of another ledger.
    pub fn amount(&self, place: FigureId) -> Amount {
        self.get(place).map_or(Amount::Missing, |figure| figure.amount)
    }

    /// The place of the figure of a name.
    pub fn find(&self, id: &str) -> Option<FigureId> {
        self.by_id.get(id).copied()
    }

    /// All figures, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FigureId, &Figure)> {
        self.figures.iter().enumerate().map(|(index, figure)| (FigureId(index), figure))
    }

    /// Whether figures have names that go on from `prefix` with a dot or a bracket.
    pub fn has_names_below(&self, prefix: &str) -> bool {
        let after = (Bound::Excluded(prefix), Bound::Unbounded);
        self.by_id
            .range::<str, _>(after)
            .map_while(|(id, _)| id.strip_prefix(prefix))
            .any(|rest| rest.starts_with(['.', '[']))
    }

    /// All names, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }
}
