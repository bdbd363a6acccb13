//! Evaluating a formula on a row, at a time, within bounds of depth and number of steps.

use std::ops::Range;
use std::sync::Arc;

use super::columns::Column;
use super::names::{Bound, Target, is_column};
use super::shifts::innermost;
use super::{Calculation, Stop};
use crate::figure::{
    Amount, Exact, Expression, Figure, FigureId, FormulaFault, Function, Operation, Operator, Origin, Time,
    Value, aggregate, combine, common_unit, settled,
};

/// The deepest nesting of formulas in formulas, all parts counted.
const DEEPEST: usize = 250;

/// The row that bare names of a formula belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// None: the formula is over the whole.
    None,
    /// A department's row of a table.
    Department {
        /// The declared table.
        table: usize,
        /// The department's place in the register.
        department: usize,
    },
    /// The totals of a table.
    Totals {
        /// The declared table.
        table: usize,
    },
}

/// Where and when a formula is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub row: Row,
    pub time: Time,
}

/// An operator with its right operand, and the bytes of the whole in the formula.
type Link<'a> = (Operator, &'a Expression<Bound>, &'a Range<usize>);

/// The number that a formula gives and what it was computed from.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The number, exactly.
    pub amount: Amount<Exact>,
    /// The unit; none where units cancel out or the operands have none.
    pub unit: Option<Arc<str>>,
    /// The figures named, in the formula's order, each once.
    pub operands: Vec<FigureId>,
}

impl Calculation<'_> {
    /// The number that a formula gives.
    pub fn evaluate_number(
        &mut self,
        formula: &Expression<Bound>,
        row: Row,
        time: Time,
    ) -> Result<Evaluated, Stop> {
        let mut operands = Vec::new();
        let value = self.value(formula, Context { row, time }, &mut operands)?;
        let (amount, unit) = value.number(&(0..0))?;
        Ok(Evaluated { amount, unit, operands })
    }

    /// Whether what a formula says is so; none where it cannot be said. The figures named are added to
    /// `operands`, each once: checks of thousands of rows share one list.
    pub fn evaluate_truth(
        &mut self,
        formula: &Expression<Bound>,
        row: Row,
        time: Time,
        operands: &mut Vec<FigureId>,
    ) -> Result<Option<bool>, Stop> {
        Ok(self.value(formula, Context { row, time }, operands)?.truth(&(0..0))?)
    }

    pub(super) fn value(
        &mut self,
        formula: &Expression<Bound>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        match formula {
            Expression::Number(number) => Ok(Value::Number(Amount::Number((*number).into()), None)),
            Expression::Name(name) => {
                let place = self.named(name, context)?;
                Ok(self.operand(place, operands))
            }
            _ => {
                self.count_steps(1, &(0..0))?;
                if self.depth == DEEPEST {
                    return Err(FormulaFault::new("算式一层套一层，套得太深", &(0..0)).into());
                }
                self.depth += 1;
                let value = self.composed(formula, context, operands);
                self.depth -= 1;
                value
            }
        }
    }

    fn composed(
        &mut self,
        formula: &Expression<Bound>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        match formula {
            Expression::Number(_) | Expression::Name(_) => self.value(formula, context, operands),
            Expression::Negation(inner) => {
                let (amount, unit) = self.value(inner, context, operands)?.number(&(0..0))?;
                let amount = match amount {
                    Amount::Number(number) => Amount::Number(number.negated()),
                    other => other,
                };
                Ok(Value::Number(amount, unit))
            }
            Expression::Not { inner, span } => {
                let truth = self.value(inner, context, operands)?.truth(span)?;
                Ok(Value::Truth(truth.map(|truth| !truth)))
            }
            Expression::Binary { operator, left, right, span } => match **left {
                Expression::Binary { .. } => self.chain(formula, context, operands),
                // Most formulas have one operator, and need no list of them.
                _ => {
                    let value = self.value(left, context, operands)?;
                    self.link(value, (*operator, right, span), context, operands)
                }
            },
            Expression::Call { function, arguments, span } => {
                self.call(*function, arguments, span, context, operands)
            }
        }
    }

    /// A chain of operators that groups from the left, without going one deeper for each.
    fn chain(
        &mut self,
        formula: &Expression<Bound>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        let mut links: Vec<Link<'_>> = Vec::new();
        let mut first = formula;
        while let Expression::Binary { operator, left, right, span } = first {
            links.push((*operator, right, span));
            first = left;
        }
        let mut value = self.value(first, context, operands)?;
        for link in links.into_iter().rev() {
            value = self.link(value, link, context, operands)?;
        }
        Ok(value)
    }

    /// Joins a value with what follows it.
    fn link(
        &mut self,
        left: Value,
        (operator, right, span): Link<'_>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        let operand = self.value(right, context, operands)?;
        // A zero that is written in the formula is a fault of the formula, whatever the data.
        if operator == Operator::Divide && is_zero(&operand) && !names_any(right) {
            return Err(FormulaFault::new("除数写成了零", span).into());
        }
        Ok(combine(operator, left, operand, span)?)
    }

    /// The figure that a name stands for in a row, at a time.
    fn named(&mut self, name: &Bound, context: Context) -> Result<FigureId, Stop> {
        self.count_steps(1, &name.span)?;
        let target = match (name.target, context.row) {
            (Target::Own { column }, Row::Department { table, department }) => {
                Target::Cell { table, department, column }
            }
            (Target::Own { column }, Row::Totals { table }) => Target::Total { table, column },
            (target, _) => target,
        };
        match self.figure(target, context.time) {
            Err(Stop::Told) if context.time == self.now && self.is_entered_but_absent(target) => {
                Err(self.not_there(name, target))
            }
            // A fault stands where it was found, in the formula at hand.
            Err(Stop::Fault(fault)) => Err(FormulaFault::new(fault.message, &name.span).into()),
            found => found,
        }
    }

    pub(super) fn operand(&self, place: FigureId, operands: &mut Vec<FigureId>) -> Value {
        if !operands.contains(&place) {
            operands.push(place);
        }
        let unit = self.ledger.value(place).and_then(|(_, unit)| unit.clone());
        Value::Number(self.ledger.exact(place), unit)
    }

    /// Every step is counted, so that no yuebao.toml can keep the program busy for ever.
    pub(super) fn count_steps(&mut self, steps: usize, span: &Range<usize>) -> Result<(), Stop> {
        match self.steps_left.checked_sub(steps) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => Err(FormulaFault::new("算式太复杂，算不完", span).into()),
        }
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Expression<Bound>],
        span: &Range<usize>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        if function.is_aggregate() {
            return self.aggregate(function, arguments, span, context, operands);
        }
        let Some(argument) = arguments.first() else { return Ok(Value::Number(Amount::Missing, None)) };
        if function.is_time_shift() {
            return self.time_shift(function, argument, context, operands);
        }
        let (name, time) = match innermost(argument, context.time) {
            Some(found) => found,
            None => return Ok(Value::Number(Amount::Unknown, None)),
        };
        let place = self.named(name, Context { time, ..context })?;
        let (table, column) = match (name.target, context.row) {
            (Target::Cell { table, column, .. }, _) => (table, column),
            (Target::Own { column }, Row::Department { table, .. }) => (table, column),
            // The totals have no rank; as a part of themselves they are the whole.
            (Target::Own { .. }, Row::Totals { .. }) if function == Function::Share => {
                let total = self.operand(place, operands);
                return Ok(combine(Operator::Divide, total.clone(), total, span)?);
            }
            _ => return Ok(Value::Number(Amount::NotApplicable, None)),
        };
        let value = if function == Function::Rank {
            let (rank, unknown) = self.rank_among(table, column, time, place)?;
            for part in std::iter::once(place).chain(unknown) {
                self.operand(part, operands);
            }
            Value::Number(rank.exact(), None)
        } else {
            let total = self.figure(Target::Total { table, column }, time)?;
            let (part, whole) = (self.operand(place, operands), self.operand(total, operands));
            combine(Operator::Divide, part, whole, span)?
        };
        Ok(self.looked_back(value, context.time, time, &[place]))
    }

    fn aggregate(
        &mut self,
        function: Function,
        arguments: &[Expression<Bound>],
        span: &Range<usize>,
        context: Context,
        operands: &mut Vec<FigureId>,
    ) -> Result<Value, Stop> {
        if let [argument] = arguments
            && is_column(argument)
        {
            let Some((name, time)) = innermost(argument, context.time) else { return Err(Stop::Told) };
            let place = self.aggregate_column(function, name, span, time)?;
            let value = self.operand(place, operands);
            return Ok(self.looked_back(value, context.time, time, &[place]));
        }
        let mut amounts = Vec::new();
        let mut unit = None;
        for argument in arguments {
            if is_column(argument) {
                let Some((name, time)) = innermost(argument, context.time) else { continue };
                self.check_adds_up(function, name.target, span)?;
                let (column, _) = self.whole_column(name, time)?;
                self.count_steps(column.figures.len(), span)?;
                for place in column.figures.iter() {
                    let figure = self.ledger.get(*place);
                    unit = common_unit(unit, figure.and_then(|it| it.unit.clone()), "放在一起", span)?;
                    let amount = match column.is_there() {
                        true => self.ledger.exact(*place),
                        false => {
                            let value = Value::Number(self.ledger.exact(*place), None);
                            self.looked_back(value, context.time, time, &[*place]).number(span)?.0
                        }
                    };
                    amounts.push(amount);
                }
                operands.extend(column.figures.iter());
            } else {
                let (amount, own) = self.value(argument, context, operands)?.number(span)?;
                unit = common_unit(unit, own, "放在一起", span)?;
                amounts.push(amount);
            }
        }
        let amount = aggregate(function, &amounts, span)?;
        let unit = unit.filter(|_| function != Function::Count);
        Ok(Value::Number(amount, unit))
    }

    /// That a column may be summed where a formula sums it.
    fn check_adds_up(&self, function: Function, target: Target, span: &Range<usize>) -> Result<(), Stop> {
        match (function, target) {
            (Function::Sum, Target::Column { table, column }) if !self.has_total(table, column) => {
                Err(self.no_total(table, column, span))
            }
            _ => Ok(()),
        }
    }

    /// An aggregate of one whole column: a figure of its own, computed once.
    fn aggregate_column(
        &mut self,
        function: Function,
        name: &Bound,
        span: &Range<usize>,
        time: Time,
    ) -> Result<FigureId, Stop> {
        let key = (function, name.target, time);
        if let Some(known) = self.aggregates.get(&key) {
            return Ok(*known);
        }
        let id = match time == self.now {
            true => format!("{}({})", function.name(), self.name(name.target, self.now)),
            false => {
                let label = time.label(self.lag(name.target));
                format!("{}({})@{label}", function.name(), self.name(name.target, self.now))
            }
        };
        self.check_adds_up(function, name.target, span)?;
        let (column, rows) = self.whole_column(name, time)?;
        self.count_steps(column.figures.len(), span)?;
        let amounts: Vec<Amount<Exact>> =
            column.figures.iter().map(|place| self.ledger.exact(*place)).collect();
        let amount = match amounts.as_slice() {
            // What is not there is not counted: that would be zero.
            [absent] if !column.is_there() => absent.clone(),
            // Every department counts, whatever its cells say.
            _ if rows && column.is_there() => Amount::Number(Exact::Decimal(column.departments.len().into())),
            amounts => aggregate(function, amounts, span)?,
        };
        let unit = column.figures.first().and_then(|place| self.ledger.get(*place)?.unit.clone());
        let figure = Figure {
            id,
            amount: settled(&amount, span)?,
            unit: unit.filter(|_| function != Function::Count),
            origin: Origin::Operation {
                operation: Operation::Aggregate(function),
                operands: column.figures.to_vec(),
            },
        };
        let place = self.ledger.add_exact(figure, amount);
        self.aggregates.insert(key, place);
        Ok(place)
    }

    /// The numbers of a column; of a table those of its first number column, and that it is a table.
    fn whole_column(&mut self, name: &Bound, time: Time) -> Result<(Arc<Column>, bool), Stop> {
        let (table, column, is_table) = match name.target {
            Target::Column { table, column } => (table, column, false),
            Target::Rows { table } => (table, self.first_number(table).ok_or(Stop::Told)?, true),
            _ => return Err(Stop::Told),
        };
        match self.column(table, column, time) {
            Err(Stop::Told) if time == self.now => Err(self.not_there(name, name.target)),
            column => Ok((column?, is_table)),
        }
    }

    fn first_number(&self, table: usize) -> Option<usize> {
        self.project().settings.tables.get(table)?.columns.iter().position(|column| column.number().is_some())
    }
}

fn names_any(formula: &Expression<Bound>) -> bool {
    let mut any = false;
    formula.visit_names(&mut |_| any = true);
    any
}

fn is_zero(value: &Value) -> bool {
    matches!(value, Value::Number(Amount::Number(number), _) if number.is_zero())
}
