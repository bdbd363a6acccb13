//! The names of formulas: which declared figure each one means.
//!
//! Names are bound before anything is computed, so that a misspelt one is found
//! whatever the data, and evaluating looks nothing up by its name.

use std::ops::Range;

use crate::diagnostic::shown;
use crate::figure::{Expression, FormulaFault, Function, Reference, ReferencePart};
use crate::project::{Project, Settings, TableSchema};
use crate::similar::nearest;

/// What a name means, by indexes of the declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A department's number in a column.
    Cell {
        /// The declared table.
        table: usize,
        /// The department's place in the register.
        department: usize,
        /// The declared column.
        column: usize,
    },
    /// The number of a column in the row at hand.
    Own {
        /// The declared column of the row's table.
        column: usize,
    },
    /// The sum of a column, or a derived column's formula over the sums.
    Total {
        /// The declared table.
        table: usize,
        /// The declared column.
        column: usize,
    },
    /// A department's rank in a ranked table.
    Rank {
        /// The declared table.
        table: usize,
        /// The department's place in the register.
        department: usize,
    },
    /// A whole column.
    Column {
        /// The declared table.
        table: usize,
        /// The declared column.
        column: usize,
    },
    /// All departments of a table.
    Rows {
        /// The declared table.
        table: usize,
    },
    /// A named figure, by its place in yuebao.toml.
    Figure(usize),
    /// A figure entered by hand, by its place in issue.toml.
    Value(usize),
}

/// Why a name means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown<'a> {
    /// There is no such figure.
    Name,
    /// The register has no department of this name.
    Department(&'a str),
}

/// A name with its meaning and its bytes in the formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What it means.
    pub target: Target,
    /// Where it stands in the formula.
    pub span: Range<usize>,
}

/// The figures that the formulas of one month can name.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The bulletin's declarations.
    pub project: &'a Project,
    /// The names of the figures entered by hand.
    pub values: &'a [String],
}

/// The kind of a formula's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// Whether something is so.
    Truth,
}

impl<'a> Names<'a> {
    /// A formula with its names bound, or all its faults; bare names are columns of `own`.
    pub fn bind(
        &self,
        formula: &Expression,
        own: Option<usize>,
        kind: Kind,
    ) -> Result<Expression<Bound>, Vec<FormulaFault>> {
        let mut faults = Vec::new();
        let bound = formula.bind(&mut |reference: &Reference| {
            let target = self.target(reference, own).map_err(|fault| faults.push(fault)).ok()?;
            Some(Bound { target, span: reference.span.clone() })
        });
        let Some(bound) = bound else { return Err(faults) };
        check_kind(&bound, kind, &mut faults);
        if faults.is_empty() { Ok(bound) } else { Err(faults) }
    }

    /// What a name means, or what was perhaps meant instead; a bare one is a column of `own`.
    pub fn target(&self, reference: &Reference, own: Option<usize>) -> Result<Target, FormulaFault> {
        self.find(reference, own).map_err(|unknown| match unknown {
            Unknown::Name => self.unknown(reference, own),
            Unknown::Department(name) => self.unknown_department(reference, name),
        })
    }

    /// What a name means; a bare one is a column of `own`.
    pub fn find<'r>(&self, reference: &'r Reference, own: Option<usize>) -> Result<Target, Unknown<'r>> {
        use ReferencePart::{Key, Name};
        let settings = &self.project.settings;
        let table_named =
            |name: &str| settings.tables.iter().position(|table| table.name == name).ok_or(Unknown::Name);
        let column_named = |table: usize, name: &str| {
            settings.tables.get(table).and_then(|table| table.number_column(name)).ok_or(Unknown::Name)
        };
        match reference.parts.as_slice() {
            [Name(name)] => {
                let column = own.and_then(|own| settings.tables.get(own)?.number_column(name));
                match column {
                    Some(column) => Ok(Target::Own { column }),
                    None => Ok(Target::Rows { table: table_named(name)? }),
                }
            }
            [Name(root), Name(name)] if root == "figures" => {
                let index = settings.figures.iter().position(|figure| figure.name == *name);
                index.map(Target::Figure).ok_or(Unknown::Name)
            }
            [Name(root), Name(name)] if root == "values" => {
                self.values.iter().position(|value| value == name).map(Target::Value).ok_or(Unknown::Name)
            }
            [Name(table), Name(column)] => {
                let table = table_named(table)?;
                Ok(Target::Column { table, column: column_named(table, column)? })
            }
            [Name(table), Name(total), Name(column)] if total == "total" => {
                let table = table_named(table)?;
                Ok(Target::Total { table, column: column_named(table, column)? })
            }
            [Name(table), Key(key), Name(column)] => {
                let table = table_named(table)?;
                let department = self.project.register.find(key).ok_or(Unknown::Department(key))?;
                let is_ranked = settings.tables.get(table).is_some_and(|table| table.ranking.is_some());
                if column == "rank" && is_ranked {
                    return Ok(Target::Rank { table, department });
                }
                Ok(Target::Cell { table, department, column: column_named(table, column)? })
            }
            _ => Err(Unknown::Name),
        }
    }

    fn unknown(&self, reference: &Reference, own: Option<usize>) -> FormulaFault {
        let id = reference.with_official_names(|name| self.project.register.official_name(name)).to_string();
        let near = nearest(&id, self.all(reference, own).iter().map(String::as_str))
            .first()
            .map(|near| format!("，是不是 {near}？"));
        FormulaFault::new(format!("没有 {} 这个数{}", shown(&id), near.unwrap_or_default()), &reference.span)
    }

    fn unknown_department(&self, reference: &Reference, name: &str) -> FormulaFault {
        let near = self.project.register.suggest(name).first().map(|near| format!("，是不是“{near}”？"));
        let message = format!("名册里没有“{}”这个部门{}", shown(name), near.unwrap_or_default());
        FormulaFault::new(message, &reference.span)
    }

    /// The names that could have been meant, with the departments that the reference names.
    fn all(&self, reference: &Reference, own: Option<usize>) -> Vec<String> {
        let settings: &Settings = &self.project.settings;
        let numbers = |table: &'a TableSchema| {
            table.columns.iter().filter(|column| column.number().is_some()).map(|column| column.name.as_str())
        };
        let keys: Vec<&str> = reference
            .parts
            .iter()
            .filter_map(|part| match part {
                ReferencePart::Key(key) => self.project.register.official_name(key),
                ReferencePart::Name(_) => None,
            })
            .collect();
        let mut all: Vec<String> = Vec::new();
        if let Some(table) = own.and_then(|own| settings.tables.get(own)) {
            all.extend(numbers(table).map(str::to_owned));
        }
        all.extend(settings.figures.iter().map(|figure| format!("figures.{}", figure.name)));
        all.extend(self.values.iter().map(|name| format!("values.{name}")));
        for table in &self.project.settings.tables {
            for column in numbers(table) {
                all.push(format!("{}.total.{column}", table.name));
                all.push(format!("{}.{column}", table.name));
                all.extend(keys.iter().map(|key| format!("{}[\"{key}\"].{column}", table.name)));
            }
            if table.ranking.is_some() {
                all.extend(keys.iter().map(|key| format!("{}[\"{key}\"].rank", table.name)));
            }
            all.push(table.name.clone());
        }
        all
    }
}

/// Whether a part is a whole column, if need be at another time.
pub fn is_column(expression: &Expression<Bound>) -> bool {
    match expression {
        Expression::Name(name) => matches!(name.target, Target::Column { .. } | Target::Rows { .. }),
        Expression::Call { function, arguments, .. } if function.is_time_shift() => {
            arguments.first().is_some_and(is_column)
        }
        _ => false,
    }
}

/// Whether a part is one department's number, if need be at another time.
fn is_cell(expression: &Expression<Bound>) -> bool {
    match expression {
        Expression::Name(name) => matches!(name.target, Target::Cell { .. } | Target::Own { .. }),
        Expression::Call { function, arguments, .. } if function.is_time_shift() => {
            arguments.first().is_some_and(is_cell)
        }
        _ => false,
    }
}

/// The bytes of a part in the formula, as far as it has any.
fn span_of(expression: &Expression<Bound>) -> Range<usize> {
    match expression {
        Expression::Number(_) => 0..0,
        Expression::Name(name) => name.span.clone(),
        Expression::Negation(inner) => span_of(inner),
        Expression::Not { span, .. } | Expression::Binary { span, .. } | Expression::Call { span, .. } => {
            span.clone()
        }
    }
}

/// Finds what is a number where a comparison should be, a column where a number should be, and the like.
fn check_kind(expression: &Expression<Bound>, wanted: Kind, faults: &mut Vec<FormulaFault>) {
    let kind = match expression {
        Expression::Number(_) => Kind::Number,
        Expression::Name(name) => {
            match name.target {
                Target::Column { .. } => {
                    faults
                        .push(FormulaFault::new("这是一整列，要放在 sum、max、avg 这样的函数里", &name.span));
                }
                Target::Rows { .. } => {
                    faults.push(FormulaFault::new(ONLY_COUNTED, &name.span));
                }
                _ => {}
            }
            Kind::Number
        }
        Expression::Negation(inner) => {
            check_kind(inner, Kind::Number, faults);
            Kind::Number
        }
        Expression::Not { inner, .. } => {
            check_kind(inner, Kind::Truth, faults);
            Kind::Truth
        }
        Expression::Binary { operator, left, right, span } => {
            let operands = if operator.is_logical() { Kind::Truth } else { Kind::Number };
            check_kind(left, operands, faults);
            check_kind(right, operands, faults);
            if *operator == crate::figure::Operator::Divide
                && matches!(&**right, Expression::Number(number) if number.is_zero())
            {
                faults.push(FormulaFault::new("除数写成了零", span));
            }
            if operator.is_logical() || operator.is_comparison() { Kind::Truth } else { Kind::Number }
        }
        Expression::Call { function, arguments, span } => {
            check_arguments(*function, arguments, span, faults);
            Kind::Number
        }
    };
    let span = span_of(expression);
    match (wanted, kind) {
        (Kind::Number, Kind::Truth) => faults.push(FormulaFault::new("这里应为一个数，不是比较", &span)),
        (Kind::Truth, Kind::Number) => {
            faults.push(FormulaFault::new("这里应为比较，如 a <= b，不是一个数", &span));
        }
        _ => {}
    }
}

fn check_arguments(
    function: Function,
    arguments: &[Expression<Bound>],
    span: &Range<usize>,
    faults: &mut Vec<FormulaFault>,
) {
    for argument in arguments {
        if let Some(table) = whole_table(argument) {
            if function != Function::Count || arguments.len() > 1 {
                faults.push(FormulaFault::new(ONLY_COUNTED, &table.span));
            }
            continue;
        }
        match function {
            Function::Rank | Function::Share if !is_cell(argument) => {
                let message = format!("{} 的括号里应为一个部门的一列数", function.name());
                faults.push(FormulaFault::new(message, span));
            }
            _ if function.is_aggregate() && is_column(argument) => {}
            _ => check_kind(argument, Kind::Number, faults),
        }
    }
}

const ONLY_COUNTED: &str = "这是一张表，只能写成 count(表名)";

/// The table that an argument names, perhaps at another time.
fn whole_table(expression: &Expression<Bound>) -> Option<&Bound> {
    match expression {
        Expression::Name(name) => matches!(name.target, Target::Rows { .. }).then_some(name),
        Expression::Call { function, arguments, .. } if function.is_time_shift() => {
            whole_table(arguments.first()?)
        }
        _ => None,
    }
}
