//! Figures: exact amounts with their unit and the origin of each.

mod amount;
mod evaluate;
mod exact;
mod formula;
mod ledger;
mod ranking;
mod time;

pub use amount::Amount;
pub use evaluate::{Value, aggregate, combine, common_unit, settled, sum};
pub use exact::Exact;
pub use formula::{Expression, FormulaFault, Function, Operator, Reference, ReferencePart, parse};
pub use ledger::{Figure, FigureId, Ledger, Operation, Origin};
pub use ranking::Ranking;
pub use time::Time;
