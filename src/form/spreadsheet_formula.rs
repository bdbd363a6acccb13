//! A derived column's formula as a formula of the sheet.
//!
//! In sums “/” and blanks count for nothing, in products and quotients they make
//! the result “/”, as in `figure::evaluate`. A row without any entry stays blank.

use crate::figure::{Expression, Operator, Reference, ReferencePart, parse};
use crate::project::NumberColumn;

/// The formula with its references as cells; none where it is faulty or names what has no cell here.
pub(super) fn spreadsheet_formula(
    number: &NumberColumn,
    cell_of: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let expression = parse(&number.formula.as_ref()?.template).ok()?;
    let cell = |reference: &Reference| match reference.parts.as_slice() {
        [ReferencePart::Name(name)] => cell_of(name),
        _ => None,
    };
    let mut cells = Vec::new();
    let value = written(&expression, true, &cell, &mut cells)?;
    if cells.is_empty() {
        return None;
    }
    let all = cells.join(",");
    let decimals = number.decimals;
    // Counts what is filled in, and what is a number: only “/” gives “/”.
    let filled = format!("COUNTA({all})");
    Some(format!("=IF({filled}=0,\"\",IF(COUNT({all})=0,\"/\",IFERROR(ROUND({value},{decimals}),\"/\")))"))
}

/// The formula in the language of sheets; none where it has what sheets write in another way.
fn written(
    expression: &Expression,
    in_sum: bool,
    cell: &impl Fn(&Reference) -> Option<String>,
    cells: &mut Vec<String>,
) -> Option<String> {
    Some(match expression {
        Expression::Number(number) => number.to_string(),
        Expression::Name(reference) => {
            let cell = cell(reference)?;
            cells.push(cell.clone());
            // N() is 0 for a text; without it a text makes the product an error, and so “/”.
            if in_sum { format!("N({cell})") } else { cell }
        }
        Expression::Negation(inner) => format!("-({})", written(inner, in_sum, cell, cells)?),
        Expression::Binary { operator, left, right, .. } => {
            let (sign, in_sum) = match operator {
                Operator::Add => ("+", true),
                Operator::Subtract => ("-", true),
                Operator::Multiply => ("*", false),
                Operator::Divide => ("/", false),
                _ => return None,
            };
            let (left, right) = (written(left, in_sum, cell, cells)?, written(right, in_sum, cell, cells)?);
            format!("({left}{sign}{right})")
        }
        Expression::Not { .. } | Expression::Call { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Prose;

    fn formula(text: &str) -> Option<String> {
        let prose = Prose::new("yuebao.toml", text, 0..text.len(), text);
        let number = NumberColumn {
            unit: None,
            decimals: 2,
            negative: false,
            formula: Some(prose),
            total: true,
            intake: None,
        };
        let cells = [("base", "C5"), ("bonus", "D5")];
        spreadsheet_formula(&number, |name| {
            cells.iter().find(|(known, _)| *known == name).map(|(_, cell)| (*cell).to_owned())
        })
    }

    #[test]
    fn sums_pass_over_marks_and_quotients_do_not() {
        assert_eq!(
            formula("base + bonus").unwrap(),
            "=IF(COUNTA(C5,D5)=0,\"\",IF(COUNT(C5,D5)=0,\"/\",IFERROR(ROUND((N(C5)+N(D5)),2),\"/\")))"
        );
        assert!(formula("base / (base + bonus)").unwrap().contains("(C5/(N(C5)+N(D5)))"));
        assert_eq!(formula("base + other"), None);
        assert_eq!(formula("base +"), None);
        assert_eq!(formula("1 + 1"), None);
    }
}
