//! Reads formulas: precedence climbing of bounded depth; every fault has its byte range in the formula.
//!
//! From loose to tight: or, and, not, comparisons (which do not chain), + −, × ÷, signs.

use std::ops::Range;

use rust_decimal::Decimal;

use super::{Expression, FormulaFault, Function, Operator, Reference, ReferencePart};
use crate::similar::nearest;

/// The deepest nesting of parentheses, calls and signs; no formula of an office comes near.
const DEEPEST: usize = 64;

/// The most operators of one formula: chains group from the left and so nest as deep as they are long.
const MOST_OPERATORS: usize = 200;

/// Reads a formula.
pub fn parse(text: &str) -> Result<Expression, FormulaFault> {
    let mut parser = Parser { text, at: 0, depth: 0, operators: 0 };
    let expression = parser.expression(Binding::Or)?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(expression),
        Some(_) if parser.comparison_goes_on() => {
            Err(parser.unexpected("比较不能连写，请用 and 连接，如 a < b and b < c"))
        }
        Some(_) => Err(parser.unexpected("算式在这里应当结束，或接 + - × ÷ 和比较符号")),
    }
}

/// How tightly an operator binds, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
}

impl Binding {
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product | Self::Sign => Self::Sign,
        }
    }
}

/// The operators by their spelling; a longer one stands before what it begins with.
const OPERATORS: [(&str, Operator, Binding); 29] = [
    ("or", Operator::Or, Binding::Or),
    ("或", Operator::Or, Binding::Or),
    ("and", Operator::And, Binding::And),
    ("且", Operator::And, Binding::And),
    ("==", Operator::Equal, Binding::Comparison),
    ("!=", Operator::NotEqual, Binding::Comparison),
    ("<>", Operator::NotEqual, Binding::Comparison),
    ("<=", Operator::LessOrEqual, Binding::Comparison),
    (">=", Operator::GreaterOrEqual, Binding::Comparison),
    ("≠", Operator::NotEqual, Binding::Comparison),
    ("≤", Operator::LessOrEqual, Binding::Comparison),
    ("≥", Operator::GreaterOrEqual, Binding::Comparison),
    ("＜＝", Operator::LessOrEqual, Binding::Comparison),
    ("＞＝", Operator::GreaterOrEqual, Binding::Comparison),
    ("<", Operator::Less, Binding::Comparison),
    ("＜", Operator::Less, Binding::Comparison),
    (">", Operator::Greater, Binding::Comparison),
    ("＞", Operator::Greater, Binding::Comparison),
    ("=", Operator::Equal, Binding::Comparison),
    ("＝", Operator::Equal, Binding::Comparison),
    ("+", Operator::Add, Binding::Sum),
    ("＋", Operator::Add, Binding::Sum),
    ("-", Operator::Subtract, Binding::Sum),
    ("−", Operator::Subtract, Binding::Sum),
    ("－", Operator::Subtract, Binding::Sum),
    ("*", Operator::Multiply, Binding::Product),
    ("×", Operator::Multiply, Binding::Product),
    ("/", Operator::Divide, Binding::Product),
    ("÷", Operator::Divide, Binding::Product),
];

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    /// What binds at least as tightly as `loosest`.
    fn expression(&mut self, loosest: Binding) -> Result<Expression, FormulaFault> {
        self.skip_space();
        let start = self.at;
        let mut left = self.operand(loosest)?;
        // A comparison's result is no number: nothing may be compared with it.
        let mut compared = false;
        loop {
            self.skip_space();
            let Some((spelling, operator, binding)) = self.operator() else { return Ok(left) };
            if binding < loosest || (compared && binding >= Binding::Comparison) {
                return Ok(left);
            }
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return Err(self.unexpected("算式太长"));
            }
            compared = binding == Binding::Comparison;
            self.at += spelling.len();
            let right = self.expression(binding.tighter())?;
            left = Expression::Binary {
                operator,
                left: Box::new(left),
                right: Box::new(right),
                span: start..self.at,
            };
        }
    }

    /// The operator that begins here; a word is one only if no letter follows it.
    fn operator(&self) -> Option<(&'static str, Operator, Binding)> {
        let rest = &self.text[self.at..];
        OPERATORS.into_iter().find(|(spelling, ..)| {
            let is_word = spelling.starts_with(|first: char| first.is_ascii_alphabetic());
            rest.strip_prefix(spelling).is_some_and(|after| !is_word || !after.starts_with(is_name_part))
        })
    }

    fn comparison_goes_on(&self) -> bool {
        self.operator().is_some_and(|(_, operator, _)| operator.is_comparison())
    }

    fn operand(&mut self, loosest: Binding) -> Result<Expression, FormulaFault> {
        self.skip_space();
        if self.depth == DEEPEST {
            return Err(self.unexpected("算式嵌套太深"));
        }
        self.depth += 1;
        let start = self.at;
        let operand = match self.peek() {
            Some(sign @ ('-' | '−' | '－')) => {
                self.at += sign.len_utf8();
                self.operand(Binding::Sign).map(|inner| Expression::Negation(Box::new(inner)))
            }
            Some(open @ ('(' | '（')) => {
                self.at += open.len_utf8();
                self.parenthesis()
            }
            Some(digit) if digit.is_ascii_digit() => self.number(),
            Some('非') => self.negated("非", start, loosest),
            Some(_) if self.is_at_word("not") => self.negated("not", start, loosest),
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => self.name(),
            _ => Err(self.unexpected("这里应为数字、名称或括号")),
        };
        self.depth -= 1;
        operand
    }

    fn negated(&mut self, word: &str, start: usize, loosest: Binding) -> Result<Expression, FormulaFault> {
        if loosest > Binding::Not {
            return Err(self.unexpected("not 后面的比较请连同 not 用括号括起"));
        }
        self.at += word.len();
        let inner = self.expression(Binding::Not)?;
        Ok(Expression::Not { inner: Box::new(inner), span: start..self.at })
    }

    fn is_at_word(&self, word: &str) -> bool {
        self.text[self.at..].strip_prefix(word).is_some_and(|after| !after.starts_with(is_name_part))
    }

    fn parenthesis(&mut self) -> Result<Expression, FormulaFault> {
        let inner = self.expression(Binding::Or)?;
        self.close()?;
        Ok(inner)
    }

    fn close(&mut self) -> Result<(), FormulaFault> {
        self.skip_space();
        match self.peek() {
            Some(close @ (')' | '）')) => {
                self.at += close.len_utf8();
                Ok(())
            }
            _ => Err(self.unexpected("括号没有成对")),
        }
    }

    fn number(&mut self) -> Result<Expression, FormulaFault> {
        let start = self.at;
        let written = self.take_while(|character| character.is_ascii_digit() || character == '.');
        Decimal::from_str_exact(&written)
            .map(Expression::Number)
            .map_err(|_| FormulaFault::new(format!("“{written}”不是数字"), &(start..self.at)))
    }

    /// A reference, or a function with its arguments.
    fn name(&mut self) -> Result<Expression, FormulaFault> {
        let start = self.at;
        let first = self.identifier()?;
        if let Some(open @ ('(' | '（')) = self.peek() {
            let named = start..self.at;
            self.at += open.len_utf8();
            return self.call(&first, &named);
        }
        let mut parts = vec![ReferencePart::Name(first)];
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
                _ => return Ok(Expression::Name(Reference { parts, span: start..self.at })),
            }
        }
    }

    fn call(&mut self, name: &str, named: &Range<usize>) -> Result<Expression, FormulaFault> {
        let Some(function) = Function::named(name) else {
            let names = Function::ALL.map(Function::name);
            let near = nearest(name, names);
            let suggestion = match near.first() {
                Some(near) => format!("是不是 {near}？"),
                None => format!("可用的有：{}", names.join("、")),
            };
            return Err(FormulaFault::new(format!("没有 {name} 这个函数，{suggestion}"), named));
        };
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.expression(Binding::Or)?);
            self.skip_space();
            match self.peek() {
                Some(comma @ (',' | '，')) => self.at += comma.len_utf8(),
                _ => break,
            }
        }
        self.close()?;
        let span = named.start..self.at;
        if arguments.len() > 1 && !function.is_aggregate() {
            return Err(FormulaFault::new(format!("{name} 的括号里只能有一项"), &span));
        }
        Ok(Expression::Call { function, arguments, span })
    }

    fn identifier(&mut self) -> Result<String, FormulaFault> {
        let name = self.take_while(is_name_part);
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
        FormulaFault::new(message, &(self.at..self.at + width))
    }
}

fn is_name_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The formula with every grouping shown.
    fn grouped(expression: &Expression) -> String {
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Name(reference) => reference.to_string(),
            Expression::Negation(inner) => format!("-{}", grouped(inner)),
            Expression::Not { inner, .. } => format!("(Not {})", grouped(inner)),
            Expression::Binary { operator, left, right, .. } => {
                format!("({} {operator:?} {})", grouped(left), grouped(right))
            }
            Expression::Call { function, arguments, .. } => {
                let arguments: Vec<String> = arguments.iter().map(grouped).collect();
                format!("{}({})", function.name(), arguments.join(", "))
            }
        }
    }

    #[test]
    fn tighter_operators_group_first_and_chains_group_from_the_left() {
        for (text, expected) in [
            ("a + b × c", "(a Add (b Multiply c))"),
            ("a - b - c", "((a Subtract b) Subtract c)"),
            ("（a + b）÷ 10000", "((a Add b) Divide 10000)"),
            ("-a * 2.5", "(-a Multiply 2.5)"),
            ("t[\"公安厅\"].mailed + t.total.mailed", "(t[\"公安厅\"].mailed Add t.total.mailed)"),
            ("a <= 3 * b", "(a LessOrEqual (3 Multiply b))"),
            ("a < b and c > d or e == 1", "(((a Less b) And (c Greater d)) Or (e Equal 1))"),
            ("not a < b and c ≠ d", "((Not (a Less b)) And (c NotEqual d))"),
            ("a ≥ 1 或 非 b ＝ 2 且 c < 3", "((a GreaterOrEqual 1) Or ((Not (b Equal 2)) And (c Less 3)))"),
            ("(a < b) == (c < d)", "((a Less b) Equal (c Less d))"),
            ("order + android", "(order Add android)"),
            ("not not a < b", "(Not (Not (a Less b)))"),
        ] {
            assert_eq!(parse(text).map(|expression| grouped(&expression)).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn functions_take_their_arguments() {
        for (text, expected) in [
            ("sum(t.a, t.b) / count(t)", "(sum(t.a, t.b) Divide count(t))"),
            ("max（t.a，1）", "max(t.a, 1)"),
            ("prev(ytd(a + b)) < rank(x)", "(prev(ytd((a Add b))) Less rank(x))"),
        ] {
            assert_eq!(parse(text).map(|expression| grouped(&expression)).as_deref(), Ok(expected), "{text}");
        }
        for (text, message) in [
            ("summe(a)", "没有 summe 这个函数，是不是 sum？"),
            ("prev(a, b)", "prev 的括号里只能有一项"),
            ("sum()", "这里应为数字、名称或括号"),
            ("a < b < c", "比较不能连写，请用 and 连接，如 a < b and b < c"),
            ("a + not b", "not 后面的比较请连同 not 用括号括起"),
        ] {
            assert_eq!(parse(text).unwrap_err().message, message, "{text}");
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, at) in [
            ("a +", 3),
            ("a b", 2),
            ("(a", 2),
            ("1.2.3", 0),
            ("t[公安]", 2),
            ("", 0),
            ("a..b", 2),
            ("a < b < c", 6),
            ("1 + summe(a)", 4),
            ("sum(a", 5),
        ] {
            assert_eq!(parse(text).unwrap_err().span.start, at, "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"not ".repeat(100_000)).is_err());
        assert!(parse(&"sum(".repeat(100_000)).is_err());
        assert!(parse(&format!("1{}", "+1".repeat(200_000))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[a-z0-9 .+*/()\\[\\]\"“”×÷（）<>=!，,-]{0,40}|(not |sum\\(|a |< |and |, |\\))*") {
            let _ = parse(&text);
        }
    }
}
