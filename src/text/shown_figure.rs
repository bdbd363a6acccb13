//! A figure in a text: printed with its unit, in the form that it is given.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::runs::Run;
use crate::figure::{Amount, FigureId};

/// A form in which figures can be printed.
pub(super) struct KnownForm {
    /// The name behind the bar.
    pub name: &'static str,
    /// What it prints, for hints.
    pub meaning: &'static str,
    /// Whether a number of decimals may stand in parentheses.
    pub takes_decimals: bool,
}

/// All forms.
pub(super) const FORMS: [KnownForm; 6] = [
    KnownForm { name: "wan", meaning: "以万为单位，两位小数", takes_decimals: false },
    KnownForm { name: "yi", meaning: "以亿为单位，两位小数", takes_decimals: false },
    KnownForm { name: "percent", meaning: "百分数", takes_decimals: true },
    KnownForm { name: "round", meaning: "四舍五入到若干位", takes_decimals: true },
    KnownForm { name: "plain", meaning: "原样", takes_decimals: false },
    KnownForm { name: "number", meaning: "不带单位", takes_decimals: false },
];

/// The most decimals that are printed without a form: more come from a division, and nobody wants them all.
const MOST_DECIMALS: u32 = 4;

/// A figure that a text names, and the form in which it is to be printed.
#[derive(Debug, Clone)]
pub(super) struct FigureValue {
    /// The figure's place in the ledger.
    pub place: FigureId,
    /// Its name, for messages.
    pub id: String,
    /// Its amount.
    pub amount: Amount,
    /// Its unit.
    pub unit: Option<String>,
    /// The form given; none is the plain form with the unit.
    pub form: Option<String>,
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

    fn in_form(&self, name: &str, decimals: Option<u32>) -> Result<Self, Refusal> {
        let form = match name {
            "number" => {
                let shown = self.shown()?;
                let unit = self.unit.as_deref().unwrap_or_default();
                Some(shown.strip_suffix(unit).unwrap_or(&shown).to_owned())
            }
            "percent" if self.unit.is_some() => {
                let message = format!("{} 带单位，不能印成百分数", self.id);
                return Err(Refusal {
                    message,
                    hint: "百分数由同单位的两个数相除得来，请在 [[figure]] 中写算式",
                });
            }
            "percent" => self.amount.percent(decimals.unwrap_or(1)).map(|number| format!("{number}%")),
            "wan" => self.amount.scaled(4, 2).map(|number| self.with_unit(&format!("{number}万"))),
            "yi" => self.amount.scaled(8, 2).map(|number| self.with_unit(&format!("{number}亿"))),
            "round" => self.amount.rounded(decimals.unwrap_or(0)).map(|number| self.with_unit(&number)),
            _ => Some(self.shown()?),
        };
        let form = form.ok_or_else(|| self.no_number())?;
        let is_nothing = form.starts_with('0') && !form.contains(|digit: char| ('1'..='9').contains(&digit));
        if is_nothing && self.amount.number().is_some_and(|number| !number.is_zero()) {
            let message = format!("{} 太小，这样印出来是 {form}", self.id);
            return Err(Refusal { message, hint: "请换一种写法，或直接印原数" });
        }
        Ok(Self { form: Some(form), ..self.clone() })
    }

    fn with_unit(&self, number: &str) -> String {
        format!("{number}{}", self.unit.as_deref().unwrap_or_default())
    }

    fn no_number(&self) -> Refusal {
        let message = format!("{} 没有数（表中为“/”或空白），不能写进正文", self.id);
        Refusal { message, hint: "请改写这句话，或核对表中的数" }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::InvalidOperation, refusal.message)
    }
}

/// Adds the forms as filters.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    for form in &FORMS {
        environment.add_filter(form.name, move |value: &Value, decimals: Option<u32>| {
            let figure = value.downcast_object_ref::<FigureValue>().ok_or(ErrorKind::InvalidOperation)?;
            Ok::<_, Error>(Value::from_object(figure.in_form(form.name, decimals)?))
        });
    }
}
