//! The formulas of yuebao.toml: what they are made of.
//!
//! One language serves derived columns, named figures and checks: numbers,
//! references to figures, + − × ÷, comparisons, and / or / not, parentheses and
//! the functions of [`Function`]. `parser` reads it; a formula whose names are
//! bound to declared figures is an [`Expression`] over those.

mod function;
mod parser;

pub use function::Function;
pub use parser::parse;

use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;

/// A formula; its names are of the kind `N`, as written or bound to what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression<N = Reference> {
    /// A number written in the formula.
    Number(Decimal),
    /// A figure named in the formula.
    Name(N),
    /// A change of sign.
    Negation(Box<Self>),
    /// The opposite of a truth.
    Not {
        /// The truth.
        inner: Box<Self>,
        /// The bytes of the whole in the formula.
        span: Range<usize>,
    },
    /// Two operands.
    Binary {
        /// What is done with them.
        operator: Operator,
        /// The left operand.
        left: Box<Self>,
        /// The right operand.
        right: Box<Self>,
        /// The bytes of the whole in the formula.
        span: Range<usize>,
    },
    /// A function of its arguments.
    Call {
        /// The function.
        function: Function,
        /// The arguments, as many as the function takes.
        arguments: Vec<Self>,
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
    /// `==` or `=`
    Equal,
    /// `!=` or `≠`
    NotEqual,
    /// `<`
    Less,
    /// `<=` or `≤`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=` or `≥`
    GreaterOrEqual,
    /// `and` or `且`
    And,
    /// `or` or `或`
    Or,
}

impl Operator {
    /// Whether it compares two numbers.
    pub fn is_comparison(self) -> bool {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        matches!(self, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
    }

    /// Whether it joins two truths.
    pub fn is_logical(self) -> bool {
        matches!(self, Self::And | Self::Or)
    }
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

/// Why a text is no formula, or a formula has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaFault {
    /// What is wrong, for the editor.
    pub message: String,
    /// Where in the formula, in bytes.
    pub span: Range<usize>,
}

impl FormulaFault {
    /// A fault at a place of the formula.
    pub fn new(message: impl Into<String>, span: &Range<usize>) -> Self {
        Self { message: message.into(), span: span.clone() }
    }
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

impl<N> Expression<N> {
    /// The same formula with each name replaced by what `bind` makes of it; none if `bind` gives
    /// none for any, after all have been asked for.
    pub fn bind<M>(&self, bind: &mut impl FnMut(&N) -> Option<M>) -> Option<Expression<M>> {
        Some(match self {
            Self::Number(number) => Expression::Number(*number),
            Self::Name(name) => Expression::Name(bind(name)?),
            Self::Negation(inner) => Expression::Negation(Box::new(inner.bind(bind)?)),
            Self::Not { inner, span } => {
                Expression::Not { inner: Box::new(inner.bind(bind)?), span: span.clone() }
            }
            Self::Binary { operator, left, right, span } => {
                let (left, right) = (left.bind(bind), right.bind(bind));
                Expression::Binary {
                    operator: *operator,
                    left: Box::new(left?),
                    right: Box::new(right?),
                    span: span.clone(),
                }
            }
            Self::Call { function, arguments, span } => {
                let bound: Vec<Option<_>> = arguments.iter().map(|argument| argument.bind(bind)).collect();
                let arguments = bound.into_iter().collect::<Option<_>>()?;
                Expression::Call { function: *function, arguments, span: span.clone() }
            }
        })
    }

    /// Shows every name in the formula to `visit`, in its order.
    pub fn visit_names<'a>(&'a self, visit: &mut impl FnMut(&'a N)) {
        match self {
            Self::Number(_) => {}
            Self::Name(name) => visit(name),
            Self::Negation(inner) | Self::Not { inner, .. } => inner.visit_names(visit),
            Self::Binary { left, right, .. } => {
                left.visit_names(visit);
                right.visit_names(visit);
            }
            Self::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.visit_names(visit)),
        }
    }
}
