//! Figures: exact amounts with their unit and the origin of each.

mod amount;
mod evaluate;
mod formula;
mod ledger;
mod ranking;

pub use amount::Amount;
pub use evaluate::{DIVISION_BY_ZERO, Evaluation, evaluate, sum};
pub use formula::{Expression, FormulaFault, Operator, Reference, ReferencePart, parse};
pub use ledger::{Figure, FigureId, Ledger, Operation, Origin};
pub use ranking::competition_ranks;
