//! A figure in a text: printed with its unit, in the form that it is given.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind};
use rust_decimal::Decimal;

use super::changes::{Compared, Wording, change, nothing_to_compare, ordinal, points};
use super::forms::{FORMS, known};
use super::runs::Run;
use crate::calculation::lacks_counterparts;
use crate::figure::{Amount, Figure, FigureId, Ledger, Operation, Origin};
use crate::source::multiplier;

/// The most decimals that are printed without a form: more come from a division, and nobody wants them all.
const MOST_DECIMALS: u32 = 4;

/// As many cells a formula may name one by one: with more it takes whole columns.
const MOST_NAMED_CELLS: usize = 12;

/// What to do where another month is missing.
pub(super) const ADD_THE_MONTH: &str = "请补上或改正那一期的数据，或改写这句话";

/// A figure that a text names, and the form in which it is to be printed.
#[derive(Debug, Clone)]
pub(super) struct FigureValue {
    /// The figure's place in the ledger.
    pub place: FigureId,
    /// Its name, for messages.
    pub id: String,
    /// Its amount.
    pub amount: Amount,
    /// Its amount before it was rounded to its column's decimals.
    pub unrounded: Amount,
    /// Its unit.
    pub unit: Option<Arc<str>>,
    /// The form given; none is the plain form with the unit.
    pub form: Option<String>,
    /// All figures, among which its changes are.
    pub ledger: Arc<Ledger>,
}

/// Which months a year to date has, and which it leaves out, by their names.
#[derive(Debug, Default)]
struct YearToDate<'a> {
    there: BTreeSet<&'a str>,
    left_out: BTreeSet<&'a str>,
}

/// Why a figure cannot be printed in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

impl Object for FigureValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl FigureValue {
    /// The run that a value prints, if it is a figure.
    pub(super) fn shown_in(value: &Value) -> Option<Result<Run, Error>> {
        let figure = value.downcast_object_ref::<Self>()?;
        let run = figure.shown().map(|text| Run { text, figure: Some(figure.place) });
        Some(run.map_err(Error::from))
    }

    /// The figure as printed with forms applied in order; `None` is a form without a number of decimals.
    pub(super) fn with_forms(&self, forms: &[(&str, Option<u32>)]) -> Result<String, Refusal> {
        let mut figure = self.clone();
        for (name, decimals) in forms {
            figure = figure.in_form(name, *decimals)?;
        }
        figure.shown()
    }

    /// Why there is nothing at this time, where there is nothing.
    pub(super) fn absence(&self) -> Option<Refusal> {
        let is_absent = |figure: &Figure| matches!(figure.origin, Origin::Absent { .. });
        self.ledger.get(self.place).is_some_and(is_absent).then(|| self.no_number())
    }

    /// Whether a form compares the figure with another time at which there is nothing.
    pub(super) fn lacks_base(&self, form: &str) -> bool {
        self.compared(form, None).is_ok_and(|compared| compared.is_some_and(|(_, it)| it.lacks_base))
    }

    /// The months that a year to date leaves out because its department did not take part then. A renamed
    /// department's two years, each of which has what the other leaves out, are whole together, and a name that was not
    /// in use all year lacks nothing that the others do not; a column's own sum is none of a department's.
    pub(super) fn months_left_out(&self) -> Vec<&str> {
        let years = self.years_to_date();
        let has_months = |year: &YearToDate<'_>| !year.there.is_empty();
        let others_have_some = years.iter().any(has_months);
        let is_made_up = |year: &YearToDate<'_>| {
            let is_beside_others = !has_months(year) && others_have_some;
            is_beside_others
                || years.iter().any(|other| {
                    !other.left_out.is_empty()
                        && year.left_out.is_subset(&other.there)
                        && other.left_out.is_subset(&year.there)
                })
        };
        let left_out: BTreeSet<&str> = years
            .iter()
            .filter(|year| !is_made_up(year))
            .flat_map(|year| year.left_out.iter().copied())
            .collect();
        left_out.into_iter().collect()
    }

    /// The blank cells that formulas of the figure count for nothing, by their figures' names.
    pub(super) fn missing_operands(&self) -> Vec<&str> {
        // Of many cells a few are often blank, and are told of where they stand.
        let parts = self.ledger.made_of_by(self.place, |operation, operands| {
            !operation.is_of_column() && operands.len() <= MOST_NAMED_CELLS
        });
        let is_missing = |figure: &Figure| {
            matches!(figure.origin, Origin::Cell { .. }) && figure.amount == Amount::Missing
        };
        parts.filter(|(_, figure)| is_missing(figure)).map(|(_, figure)| figure.id.as_str()).collect()
    }

    /// The years to date that the figure is computed from by formulas.
    fn years_to_date(&self) -> Vec<YearToDate<'_>> {
        let parts = self.ledger.made_of_by(self.place, |operation, _| {
            !operation.is_of_column() && *operation != Operation::YearToDate
        });
        let months = parts.filter_map(|(_, figure)| match &figure.origin {
            Origin::Operation { operation: Operation::YearToDate, operands } => Some(operands),
            _ => None,
        });
        months.map(|months| self.year_to_date(months)).collect()
    }

    fn year_to_date(&self, months: &[FigureId]) -> YearToDate<'_> {
        let mut year = YearToDate::default();
        for figure in months.iter().filter_map(|month| self.ledger.get(*month)) {
            let month = figure.id.split_once('@').map_or("本期", |(_, month)| month);
            match figure.origin {
                Origin::Absent { .. } => year.left_out.insert(month),
                _ => year.there.insert(month),
            };
        }
        year
    }

    fn shown(&self) -> Result<String, Refusal> {
        if let Some(form) = &self.form {
            return Ok(form.clone());
        }
        let number = self.amount.number().ok_or_else(|| self.no_number())?;
        if number.normalize().scale() > MOST_DECIMALS {
            let message = format!("{} 有 {} 位小数，不能原样印出", self.id, number.normalize().scale());
            return Err(Refusal { message, hint: "请写明印法，如 | round(2)、| percent、| wan" });
        }
        Ok(self.with_unit(&self.amount.plain()))
    }

    /// The words of a form that compares, with the figure of the change; none for another form.
    fn compared(&self, form: &str, decimals: Option<u32>) -> Result<Option<(FigureId, Wording)>, Refusal> {
        let Some(comparison) = known(form).and_then(|form| form.comparison) else { return Ok(None) };
        let number = self.amount.number().ok_or_else(|| self.no_number())?;
        let unit = self.unit.as_deref().unwrap_or_default();
        if comparison.is_difference && !matches!(unit, "" | "%") {
            let message = format!("{} 的单位不是百分数，不能比较百分点", self.id);
            return Err(Refusal { message, hint: "请改用 month_on_month 或 year_on_year" });
        }
        let place = self.ledger.find(&format!("{form}({})", self.id));
        let compared = place.and_then(|place| match &self.ledger.get(place)?.origin {
            Origin::Operation { operands, .. } => operands.first().copied().zip(operands.get(1).copied()),
            _ => None,
        });
        let (Some(place), Some((own, base))) = (place, compared) else {
            let message = format!("{} 不能与往期比较", self.id);
            return Err(Refusal {
                message,
                hint: "与往期比较的应为附表的数、手工录入的数或 [[figure]] 中的数",
            });
        };
        if let Some((_, Some(other))) = self.ledger.value(base)
            && !unit.is_empty()
            && **other != *unit
        {
            let message = format!("{} 的单位是“{unit}”，与它比较的数是“{other}”", self.id);
            return Err(Refusal {
                message, hint: "单位不同的数不能比较，请把两期的单位统一"
            });
        }
        if lacks_counterparts(&self.ledger, &[base], &[own]) {
            return Ok(Some((place, nothing_to_compare())));
        }
        let Some(base) = self.ledger.amount(base).number() else {
            return Ok(Some((place, nothing_to_compare())));
        };
        let scaled = |number: Decimal| match comparison.is_difference && unit != "%" {
            true => number.checked_mul(Decimal::ONE_HUNDRED),
            false => Some(number),
        };
        let both = scaled(number).zip(scaled(base)).and_then(|(now, base)| Compared::new(now, base));
        let compared = both.ok_or_else(|| self.too_large())?;
        let wording = match comparison.is_difference {
            true => points(compared, decimals.unwrap_or(1)),
            false => {
                let scale = compared.difference.scale();
                if !compared.has_rate() && decimals.is_none() && scale > MOST_DECIMALS {
                    let message = format!("{} 与往期之差有 {scale} 位小数，不能原样印出", self.id);
                    return Err(Refusal { message, hint: "请写明位数，如 | month_on_month(2)" });
                }
                change(compared, decimals, unit, comparison.months_back > 1)
            }
        };
        Ok(Some((place, wording)))
    }

    /// A part of one, or a number of %, as the number before the sign.
    fn percentage(&self) -> Option<Amount> {
        match self.unit.as_deref() {
            None => hundredfold(self.unrounded),
            Some("%") => Some(self.unrounded),
            Some(_) => None,
        }
    }

    fn in_form(&self, name: &str, decimals: Option<u32>) -> Result<Self, Refusal> {
        if let Some((place, wording)) = self.compared(name, decimals)? {
            return Ok(Self { place, form: Some(wording.text), ..self.clone() });
        }
        let unit = self.unit.as_deref().unwrap_or_default();
        self.amount.number().ok_or_else(|| self.no_number())?;
        let form = match name {
            "number" => {
                let shown = self.shown()?;
                Some(shown.strip_suffix(unit).unwrap_or(&shown).to_owned())
            }
            "percent" if self.unit.is_some() => {
                let message = format!("{} 带单位，不能印成百分数", self.id);
                return Err(Refusal {
                    message,
                    hint: "百分数由同单位的两个数相除得来，请在 [[figure]] 中写算式",
                });
            }
            "percent" => self.unrounded.percent(decimals.unwrap_or(1)).map(|number| format!("{number}%")),
            "wan" | "yi" if is_multiplied(unit) => {
                let message = format!("{} 的单位已经是“{unit}”，不能再用 {name} 这种写法", self.id);
                return Err(Refusal {
                    message, hint: "要换算单位，请在 yuebao.toml 中用 [[figure]] 写算式"
                });
            }
            "wan" => self.unrounded.scaled(4, 2).map(|number| self.with_unit(&format!("{number}万"))),
            "yi" => self.unrounded.scaled(8, 2).map(|number| self.with_unit(&format!("{number}亿"))),
            "points" if self.unit.as_deref().is_some_and(|unit| unit != "%") => {
                let message = format!("{} 的单位不是百分数，不能印成百分点", self.id);
                return Err(Refusal { message, hint: "百分点用于两个百分数之差" });
            }
            "points" => self
                .percentage()
                .and_then(|percentage| percentage.rounded(decimals.unwrap_or(1)))
                .map(|number| format!("{number}个百分点")),
            "ordinal" => match self.amount.number().map(ordinal) {
                Some(None) => {
                    let message = format!("{} 不是名次，不能印成“第几”", self.id);
                    return Err(Refusal { message, hint: "名次是从 1 起的整数" });
                }
                ordinal => ordinal.flatten(),
            },
            "round" => self.unrounded.rounded(decimals.unwrap_or(0)).map(|number| self.with_unit(&number)),
            _ => Some(self.shown()?),
        };
        let form = form.ok_or_else(|| self.too_large())?;
        let is_nothing = form.starts_with('0') && !form.contains(|digit: char| ('1'..='9').contains(&digit));
        // As it stands in the table it may be nothing; in a form of its own it is what was computed.
        let is_as_shown = matches!(name, "number" | "ordinal");
        let printed = if is_as_shown { self.amount } else { self.unrounded };
        if is_nothing && printed.number().is_some_and(|number| !number.is_zero()) {
            let message = format!("{} 太小，这样印出来是 {form}", self.id);
            return Err(Refusal { message, hint: "请换一种写法，或直接印原数" });
        }
        Ok(Self { form: Some(form), ..self.clone() })
    }

    fn with_unit(&self, number: &str) -> String {
        format!("{number}{}", self.unit.as_deref().unwrap_or_default())
    }

    fn too_large(&self) -> Refusal {
        let message = format!("{} 太大，不能这样印", self.id);
        Refusal { message, hint: "请换一种写法，或核对这个数" }
    }

    fn no_number(&self) -> Refusal {
        let mut reasons: Vec<&str> = self.ledger.unknown_months(self.place).collect();
        let hint =
            if reasons.is_empty() { "请改写这句话，或核对表中的数" } else { ADD_THE_MONTH };
        if reasons.is_empty() {
            reasons = self.absences();
        }
        let mut told = BTreeSet::new();
        reasons.retain(|reason| told.insert(*reason));
        let why = match reasons.is_empty() {
            true => "（“/”、空白或除数为零）".to_owned(),
            false => format!("（{}）", reasons.join("；")),
        };
        let message = format!("{} 没有数{why}，不能写进正文", self.id);
        Refusal { message, hint }
    }

    /// Why figures that it is computed from are not there, where none is unknown for want of its month.
    fn absences(&self) -> Vec<&str> {
        let parts = self.ledger.made_of(self.place);
        parts
            .filter_map(|(_, figure)| match &figure.origin {
                Origin::Absent { reason } => Some(reason.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// Whether a unit says that its numbers are multiplied already: 万元, 千件, %; a 千克 is a unit of its own.
fn is_multiplied(unit: &str) -> bool {
    multiplier(unit).is_some() || unit.starts_with(['%', '‰'])
}

/// A part of one in hundredths; none where there is no such number.
fn hundredfold(amount: Amount) -> Option<Amount> {
    Some(Amount::Number(amount.number()?.checked_mul(Decimal::ONE_HUNDRED)?))
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::InvalidOperation, refusal.message)
    }
}

/// Adds the forms as filters.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    for form in FORMS.iter().filter(|form| !form.of_column) {
        environment.add_filter(form.name, move |value: &Value, decimals: Option<u32>| {
            let figure = value.downcast_object_ref::<FigureValue>().ok_or(ErrorKind::InvalidOperation)?;
            Ok::<_, Error>(Value::from_object(figure.in_form(form.name, decimals)?))
        });
    }
}
