//! What texts need beside the figures that they name, computed before they are rendered: changes and orders.

use super::expression::read;
use super::forms::known;
use crate::calculation::{Calculation, Target};
use crate::project::Prose;

/// Adds the figures that the forms of a text ask for. What cannot be computed is reported
/// where the text is rendered.
pub fn prepare_figures(prose: &Prose, calculation: &mut Calculation<'_>) {
    for expression in read(&prose.template).expressions {
        let Ok(target) = calculation.names().find(&expression.reference, None) else { continue };
        if matches!(target, Target::Cell { .. } | Target::Total { .. } | Target::Figure(_)) {
            // Where it is not there at this time, or its table or column is not, the text is told so.
            let _ = calculation.figure(target, calculation.now());
        }
        let forms = expression.forms.iter().filter_map(|form| known(&form.name));
        for form in forms {
            let _ = match (form.comparison, target) {
                (Some(comparison), _) => calculation.compare(target, comparison).map(|_| ()),
                (None, Target::Column { table, column }) => calculation.order(table, column),
                _ => Ok(()),
            };
        }
    }
}
