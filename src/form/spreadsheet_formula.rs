//! A derived column's formula as a formula of the sheet.
//!
//! As in `figure::evaluate`, “/” and blanks count for nothing in sums, and make a
//! product or a quotient “/”, as a division by zero does; a sum of nothing is
//! blank where any of it is, else “/”. A row without any entry stays blank.
//!
//! Every product is written so that it is a number or “/”, and every sum within
//! one as well: “/” makes what is multiplied with it an error, which is “/” again.

use crate::figure::{Expression, Operator, Reference, ReferencePart, parse};
use crate::project::NumberColumn;

/// The longest formula that Excel takes, in characters, and the deepest nesting of functions in one.
const LONGEST: usize = 8192;
const DEEPEST: usize = 64;

/// The formula with its references as cells; none where it is faulty, too long or names what has no cell here.
pub(super) fn spreadsheet_formula(
    number: &NumberColumn,
    cell_of: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let expression = parse(&number.formula.as_ref()?.template).ok()?;
    let cell_of = |reference: &Reference| match reference.parts.as_slice() {
        [ReferencePart::Name(name)] => cell_of(name),
        _ => None,
    };
    let mut writer = Writer { cell_of: &cell_of, cells: Vec::new() };
    let sum = writer.sum(&expression)?;
    if writer.cells.is_empty() {
        return None;
    }
    let rounded = format!("ROUND({},{})", sum.value(), number.decimals);
    let result = match sum.is_always_a_number() {
        true => rounded,
        false => format!("IF({}=0,{},{rounded})", sum.count(), sum.of_nothing()),
    };
    // COUNTA would count a derived cell that is blank: it has a text without characters.
    let entries = writer.cells.join("&");
    short(format!("=IFERROR(IF({entries}=\"\",\"\",{result}),\"/\")"))
        .filter(|formula| depth(formula) <= DEEPEST)
}

/// How deep parentheses are nested.
fn depth(formula: &str) -> usize {
    let (_, deepest) = formula.chars().fold((0_usize, 0), |(depth, deepest), character| match character {
        '(' => (depth + 1, deepest.max(depth + 1)),
        ')' => (depth.saturating_sub(1), deepest),
        _ => (depth, deepest),
    });
    deepest
}

/// A text that still fits into a formula: what is nested doubles with every sum in a product.
fn short(text: String) -> Option<String> {
    (text.len() <= LONGEST).then_some(text)
}

/// A number, or nothing.
enum Part {
    /// A number written in the formula.
    Number(String),
    /// A cell.
    Cell(String),
    /// A number or “/”.
    Product(String),
}

/// Parts that are added or subtracted.
struct Sum(Vec<(char, Part)>);

impl Sum {
    fn is_always_a_number(&self) -> bool {
        self.0.iter().any(|(_, part)| matches!(part, Part::Number(_)))
    }

    /// The sum of its numbers; N() is 0 for what is none.
    fn value(&self) -> String {
        let mut value = String::new();
        for (at, (sign, part)) in self.0.iter().enumerate() {
            if at > 0 || *sign == '-' {
                value.push(*sign);
            }
            value.push_str(&match part {
                Part::Number(number) => number.clone(),
                Part::Cell(text) | Part::Product(text) => format!("N({text})"),
            });
        }
        value
    }

    /// How many of its parts are numbers.
    fn count(&self) -> String {
        let parts = self.0.iter().map(|(_, part)| match part {
            Part::Number(text) | Part::Cell(text) | Part::Product(text) => text.as_str(),
        });
        format!("COUNT({})", parts.collect::<Vec<_>>().join(","))
    }

    /// What it is where none of its parts is a number: a product is “/” then.
    fn of_nothing(&self) -> String {
        let blanks = self.0.iter().filter_map(|(_, part)| match part {
            Part::Cell(cell) => Some(format!("{cell}=\"\"")),
            Part::Number(_) | Part::Product(_) => None,
        });
        let blanks: Vec<String> = blanks.collect();
        match blanks.as_slice() {
            [] => "\"/\"".to_owned(),
            blanks => format!("IF(OR({}),\"\",\"/\")", blanks.join(",")),
        }
    }
}

struct Writer<'a> {
    cell_of: &'a dyn Fn(&Reference) -> Option<String>,
    /// The cells that are named, each once.
    cells: Vec<String>,
}

impl Writer<'_> {
    /// Any formula as a sum, be it of one part; none where it has what sheets write in another way.
    fn sum(&mut self, expression: &Expression) -> Option<Sum> {
        let mut parts = Vec::new();
        self.add(expression, '+', &mut parts)?;
        Some(Sum(parts))
    }

    fn add(&mut self, expression: &Expression, sign: char, parts: &mut Vec<(char, Part)>) -> Option<()> {
        let opposite = if sign == '+' { '-' } else { '+' };
        match expression {
            Expression::Number(number) => parts.push((sign, Part::Number(number.to_string()))),
            Expression::Name(reference) => parts.push((sign, Part::Cell(self.cell(reference)?))),
            Expression::Negation(inner) => self.add(inner, opposite, parts)?,
            Expression::Binary { operator: Operator::Add, left, right, .. } => {
                self.add(left, sign, parts)?;
                self.add(right, sign, parts)?;
            }
            Expression::Binary { operator: Operator::Subtract, left, right, .. } => {
                self.add(left, sign, parts)?;
                self.add(right, opposite, parts)?;
            }
            Expression::Binary { operator: Operator::Multiply | Operator::Divide, .. } => {
                parts.push((sign, Part::Product(self.product(expression)?)));
            }
            Expression::Binary { .. } | Expression::Not { .. } | Expression::Call { .. } => return None,
        }
        Some(())
    }

    /// A product or quotient as a number or “/”.
    fn product(&mut self, expression: &Expression) -> Option<String> {
        let mut cells = Vec::new();
        let value = self.factor(expression, &mut cells)?;
        let value = match cells.len() {
            0 => value,
            // A blank cell would be a zero.
            count => format!("IF(COUNT({})<{count},\"/\",{value})", cells.join(",")),
        };
        short(format!("IFERROR({value},\"/\")"))
    }

    /// A part of a product: an error where it is no number, but for the `cells` that must be numbers.
    fn factor(&mut self, expression: &Expression, cells: &mut Vec<String>) -> Option<String> {
        Some(match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Name(reference) => {
                let cell = self.cell(reference)?;
                if !cells.contains(&cell) {
                    cells.push(cell.clone());
                }
                cell
            }
            Expression::Binary {
                operator: operator @ (Operator::Multiply | Operator::Divide),
                left,
                right,
                ..
            } => {
                let sign = if *operator == Operator::Multiply { '*' } else { '/' };
                let (left, right) = (self.factor(left, cells)?, self.factor(right, cells)?);
                format!("({left}{sign}{right})")
            }
            _ => {
                let sum = self.sum(expression)?;
                match sum.is_always_a_number() {
                    true => format!("({})", sum.value()),
                    false => format!("IF({}=0,\"/\",{})", sum.count(), sum.value()),
                }
            }
        })
    }

    fn cell(&mut self, reference: &Reference) -> Option<String> {
        let cell = (self.cell_of)(reference)?;
        if !self.cells.contains(&cell) {
            self.cells.push(cell.clone());
        }
        Some(cell)
    }
}

#[cfg(test)]
mod tests;
