//! What the tests are written with: a bulletin in a temporary folder, its
//! tables, the program's answers, broken bytes, and what ends up on the pages.

pub mod attached;
pub mod bytes;
pub mod printed;

mod answer;
mod asked;
mod bulletin;
mod outcome;
mod table;
mod value;

pub use answer::Answer as FilledForm;
pub use asked::{ASKED_MONTH, Asked, has_libreoffice, told};
pub use bulletin::{Bulletin, MONTH, OUTPUTS, REPOSITORY, run_in};
#[cfg(unix)]
pub use outcome::send;
pub use outcome::{Outcome, Run, assert_chinese};
pub use table::{Table, workbook};
pub use value::{Value, date, formatted, formula, formula_without_value, percentage};
