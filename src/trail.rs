//! The trail of an issue's figures as data: names, values, printed forms, origins.

mod rounding;
mod told;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Location;
use crate::figure::{Figure, FigureId, Ledger, Operation, Origin};
use crate::issue::Issue;
use crate::render::PrintedFigure;

pub use self::rounding::TrailRounding;

/// All figures of an issue; the content of output/MONTH.figures.json.
#[derive(Debug, Serialize)]
pub struct Trail {
    /// The version of this form.
    pub version: u32,
    /// The month.
    pub month: String,
    /// The figures, in the order in which they came to be.
    pub figures: Vec<TrailFigure>,
}

/// A figure of the trail.
#[derive(Debug, Serialize)]
pub struct TrailFigure {
    /// The name.
    pub id: String,
    /// The exact value; none where the cell says *not applicable* or is blank.
    pub value: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// The forms in which it is printed, tables first.
    pub shown: Vec<String>,
    /// How the value became those of its forms that show another number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rounding: Vec<TrailRounding>,
    /// Where it is printed, in the order of the pages; none where the pages were not laid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<Vec<TrailPosition>>,
    /// Where it comes from.
    pub origin: TrailOrigin,
}

/// A place on the pages at which a figure is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailPosition {
    /// The page of the PDF, from 1.
    pub page: usize,
    /// From the page's left edge to the beginning of the printed form, in millimetres with two decimals.
    pub x_mm: String,
    /// From the page's top edge to the baseline of the printed form, in millimetres with two decimals.
    pub y_mm: String,
    /// The form in which it is printed there.
    pub shown: String,
}

/// Where a figure comes from.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TrailOrigin {
    /// A cell.
    Cell {
        /// The place.
        #[serde(flatten)]
        place: TrailPlace,
        /// The content as it stands in the file.
        raw: String,
    },
    /// An entry made by hand.
    Entry {
        /// The place.
        #[serde(flatten)]
        place: TrailPlace,
        /// Where the editor says to have it from.
        source: String,
    },
    /// Nothing: there is no such figure at the time that a formula asks for.
    Absent {
        /// Why.
        reason: String,
    },
    /// A computation.
    Operation {
        /// `formula`, `sum`, `count`, `min`, `max`, `avg`, `rank`, `ytd`, `change` or `difference`.
        operation: &'static str,
        /// The formula, as written.
        #[serde(skip_serializing_if = "Option::is_none")]
        formula: Option<String>,
        /// The names of the figures that it is computed from.
        operands: Vec<String>,
        /// How many of these are numbers.
        #[serde(skip)]
        numbers: usize,
    },
}

/// A place as JSON fields, as in diagnostics.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrailPlace {
    /// The file's name within the project.
    pub file: String,
    /// The sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell, as Excel names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The line in a text file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in a text file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

impl From<&Location> for TrailPlace {
    fn from(location: &Location) -> Self {
        let mut place = Self { file: location.path().to_owned(), ..Self::default() };
        match location {
            Location::File { .. } => {}
            Location::Sheet { sheet, .. } => place.sheet = Some(sheet.clone()),
            Location::Cell { sheet, cell, .. } => {
                place.sheet.clone_from(sheet);
                place.cell = Some(cell.to_string());
            }
            Location::Text { line, column, .. } => {
                place.line = Some(*line);
                place.column = Some(*column);
            }
        }
        place
    }
}

impl Trail {
    /// With the places at which the figures stand on the laid-out pages.
    pub fn with_positions(mut self, printed: &[PrintedFigure]) -> Self {
        let mut positions: BTreeMap<&str, Vec<TrailPosition>> = BTreeMap::new();
        for figure in printed {
            positions.entry(&figure.id).or_default().push(TrailPosition {
                page: figure.page,
                x_mm: figure.x.clone(),
                y_mm: figure.y.clone(),
                shown: figure.shown.clone(),
            });
        }
        for figure in &mut self.figures {
            figure.positions = Some(positions.remove(figure.id.as_str()).unwrap_or_default());
        }
        self
    }
}

/// The trail of an issue.
pub fn trail(issue: &Issue) -> Trail {
    let shown = shown_forms(issue);
    let figures = issue.ledger.iter().map(|(place, figure)| {
        let shown = shown.get(&place).cloned().unwrap_or_default();
        TrailFigure {
            id: figure.id.clone(),
            value: figure.amount.number().map(|_| figure.amount.plain()),
            unit: figure.unit.as_deref().map(str::to_owned),
            rounding: shown
                .iter()
                .filter_map(|form| TrailRounding::of(figure, issue.ledger.unrounded(place), form))
                .collect(),
            shown,
            positions: None,
            origin: origin(figure, &issue.ledger),
        }
    });
    Trail { version: 1, month: issue.month.to_string(), figures: figures.collect() }
}

fn origin(figure: &Figure, ledger: &Ledger) -> TrailOrigin {
    match &figure.origin {
        Origin::Cell { at, raw } => TrailOrigin::Cell { place: at.into(), raw: raw.clone() },
        Origin::Entry { at, source } => TrailOrigin::Entry { place: at.into(), source: source.clone() },
        Origin::Absent { reason } => TrailOrigin::Absent { reason: reason.clone() },
        Origin::Operation { operation, operands } => {
            let (name, formula) = match operation {
                Operation::Sum => ("sum", None),
                Operation::Rank { .. } => ("rank", None),
                Operation::Formula(formula) => ("formula", Some(formula.to_string())),
                Operation::Aggregate(function) => (function.name(), None),
                Operation::YearToDate => ("ytd", None),
                Operation::Change => ("change", None),
                Operation::Difference => ("difference", None),
            };
            let figures = || operands.iter().filter_map(|place| ledger.get(*place));
            TrailOrigin::Operation {
                operation: name,
                formula,
                operands: figures().map(|figure| figure.id.clone()).collect(),
                numbers: figures().filter(|figure| figure.amount.number().is_some()).count(),
            }
        }
    }
}

/// The forms in which each figure is printed, without repetition.
fn shown_forms(issue: &Issue) -> BTreeMap<FigureId, Vec<String>> {
    let mut shown: BTreeMap<FigureId, Vec<String>> = BTreeMap::new();
    for (place, form) in issue.printed() {
        let forms = shown.entry(place).or_default();
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    shown
}
