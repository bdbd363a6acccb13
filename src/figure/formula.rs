//! The formulas of yuebao.toml: numbers, references to figures, + − × ÷ and parentheses.
//!
//! A recursive-descent parser of bounded depth; every fault has its byte range in the formula.

use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;

/// The deepest nesting of parentheses and signs; no formula of an office comes near.
const DEEPEST: usize = 64;

/// The most operators of one formula: chains group from the left and so nest as deep as they are long.
const MOST_OPERATORS: usize = 500;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A number written in the formula.
    Number(Decimal),
    /// A figure named in the formula.
    Reference(Reference),
    /// A change of sign.
    Negation(Box<Expression>),
    /// Two operands.
    Binary {
        /// What is done with them.
        operator: Operator,
        /// The left operand.
        left: Box<Expression>,
        /// The right operand.
        right: Box<Expression>,
        /// The bytes of the whole in the formula.
        span: Range<usize>,
    },
}

/// What is done with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-` or `−`
    Subtract,
    /// `*` or `×`
    Multiply,
    /// `/` or `÷`
    Divide,
}

/// The name of a figure: `operations.total.mailed`, `operations["公安厅"].mailed`, `mailed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The parts between the dots; a key in brackets is kept with its brackets on the part before.
    pub parts: Vec<ReferencePart>,
    /// Its bytes in the formula.
    pub span: Range<usize>,
}

/// A part of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferencePart {
    /// An identifier.
    Name(String),
    /// A department's name in brackets and quotation marks.
    Key(String),
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaFault {
    /// What is wrong, for the editor.
    pub message: String,
    /// Where in the formula, in bytes.
    pub span: Range<usize>,
}

impl Reference {
    /// The same reference with each department under the name that `official` gives it, if it gives one.
    pub fn with_official_names<'a>(&self, official: impl Fn(&str) -> Option<&'a str>) -> Self {
        let parts = self.parts.iter().map(|part| match part {
            ReferencePart::Name(name) => ReferencePart::Name(name.clone()),
            ReferencePart::Key(key) => ReferencePart::Key(official(key).unwrap_or(key).to_owned()),
        });
        Self { parts: parts.collect(), span: self.span.clone() }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                ReferencePart::Name(name) if index == 0 => write!(f, "{name}")?,
                ReferencePart::Name(name) => write!(f, ".{name}")?,
                ReferencePart::Key(key) => write!(f, "[\"{key}\"]")?,
            }
        }
        Ok(())
    }
}

impl Expression {
    /// All names in the formula, in its order.
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Reference(reference) => vec![reference],
            Self::Negation(inner) => inner.references(),
            Self::Binary { left, right, .. } => {
                let mut references = left.references();
                references.extend(right.references());
                references
            }
        }
    }
}

/// Reads a formula.
pub fn parse(text: &str) -> Result<Expression, FormulaFault> {
    let mut parser = Parser { text, at: 0, depth: 0, operators: 0 };
    let expression = parser.sum()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected("算式在这里应当结束，或接 + - × ÷")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn sum(&mut self) -> Result<Expression, FormulaFault> {
        self.chain(Self::product, |character| match character {
            '+' | '＋' => Some(Operator::Add),
            '-' | '−' | '－' => Some(Operator::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Result<Expression, FormulaFault> {
        self.chain(Self::factor, |character| match character {
            '*' | '×' => Some(Operator::Multiply),
            '/' | '÷' => Some(Operator::Divide),
            _ => None,
        })
    }

    /// Operands of one precedence, grouped from the left.
    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Result<Expression, FormulaFault>,
        operator: fn(char) -> Option<Operator>,
    ) -> Result<Expression, FormulaFault> {
        self.skip_space();
        let start = self.at;
        let mut left = operand(self)?;
        loop {
            self.skip_space();
            let Some((character, operator)) = self.peek().and_then(|next| Some((next, operator(next)?)))
            else {
                return Ok(left);
            };
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return Err(self.unexpected("算式太长"));
            }
            self.at += character.len_utf8();
            let right = operand(self)?;
            left = Expression::Binary {
                operator,
                left: Box::new(left),
                right: Box::new(right),
                span: start..self.at,
            };
        }
    }

    fn factor(&mut self) -> Result<Expression, FormulaFault> {
        self.skip_space();
        if self.depth == DEEPEST {
            return Err(self.unexpected("算式嵌套太深"));
        }
        self.depth += 1;
        let factor = match self.peek() {
            Some(sign @ ('-' | '−' | '－')) => {
                self.at += sign.len_utf8();
                self.factor().map(|inner| Expression::Negation(Box::new(inner)))
            }
            Some(open @ ('(' | '（')) => {
                self.at += open.len_utf8();
                self.parenthesis()
            }
            Some(digit) if digit.is_ascii_digit() => self.number(),
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => self.reference(),
            _ => Err(self.unexpected("这里应为数字、名称或括号")),
        };
        self.depth -= 1;
        factor
    }

    fn parenthesis(&mut self) -> Result<Expression, FormulaFault> {
        let inner = self.sum()?;
        self.skip_space();
        match self.peek() {
            Some(close @ (')' | '）')) => {
                self.at += close.len_utf8();
                Ok(inner)
            }
            _ => Err(self.unexpected("括号没有成对")),
        }
    }

    fn number(&mut self) -> Result<Expression, FormulaFault> {
        let start = self.at;
        let written = self.take_while(|character| character.is_ascii_digit() || character == '.');
        Decimal::from_str_exact(&written)
            .map(Expression::Number)
            .map_err(|_| FormulaFault {
                message: format!("“{written}”不是数字"), span: start..self.at
            })
    }

    fn reference(&mut self) -> Result<Expression, FormulaFault> {
        let start = self.at;
        let mut parts = vec![ReferencePart::Name(self.identifier()?)];
        loop {
            match self.peek() {
                Some('.') => {
                    self.at += 1;
                    parts.push(ReferencePart::Name(self.identifier()?));
                }
                Some('[') => {
                    self.at += 1;
                    parts.push(ReferencePart::Key(self.key()?));
                }
                _ => return Ok(Expression::Reference(Reference { parts, span: start..self.at })),
            }
        }
    }

    fn identifier(&mut self) -> Result<String, FormulaFault> {
        let name = self.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
        if name.is_empty() { Err(self.unexpected("这里应为名称")) } else { Ok(name) }
    }

    fn key(&mut self) -> Result<String, FormulaFault> {
        let close = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                quote
            }
            Some('“') => {
                self.at += '“'.len_utf8();
                '”'
            }
            _ => return Err(self.unexpected("方括号内应为引号括起的部门名称")),
        };
        let key = self.take_while(|character| character != close);
        if self.peek() != Some(close) {
            return Err(self.unexpected("引号没有成对"));
        }
        self.at += close.len_utf8();
        if self.peek() != Some(']') {
            return Err(self.unexpected("方括号没有成对"));
        }
        self.at += 1;
        Ok(key)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let rest = &self.text[self.at..];
        let end = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn unexpected(&self, message: &str) -> FormulaFault {
        let width = self.peek().map_or(0, char::len_utf8);
        FormulaFault { message: message.to_owned(), span: self.at..self.at + width }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The formula with every grouping shown.
    fn grouped(expression: &Expression) -> String {
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Reference(reference) => reference.to_string(),
            Expression::Negation(inner) => format!("-{}", grouped(inner)),
            Expression::Binary { operator, left, right, .. } => {
                format!("({} {operator:?} {})", grouped(left), grouped(right))
            }
        }
    }

    #[test]
    fn products_bind_tighter_and_chains_group_from_the_left() {
        for (text, expected) in [
            ("a + b × c", "(a Add (b Multiply c))"),
            ("a - b - c", "((a Subtract b) Subtract c)"),
            ("（a + b）÷ 10000", "((a Add b) Divide 10000)"),
            ("-a * 2.5", "(-a Multiply 2.5)"),
            ("t[\"公安厅\"].mailed + t.total.mailed", "(t[\"公安厅\"].mailed Add t.total.mailed)"),
        ] {
            assert_eq!(parse(text).map(|expression| grouped(&expression)).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, at) in
            [("a +", 3), ("a b", 2), ("(a", 2), ("1.2.3", 0), ("t[公安]", 2), ("", 0), ("a..b", 2)]
        {
            assert_eq!(parse(text).unwrap_err().span.start, at, "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&format!("1{}", "+1".repeat(200_000))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[a-z0-9 .+*/()\\[\\]\"“”×÷（）-]{0,40}") {
            let _ = parse(&text);
        }
    }
}
