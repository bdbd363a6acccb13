//! A figure in a text: printed with its unit, in the form that a filter gives it.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::runs::Run;
use crate::figure::{Amount, FigureId};

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
    /// The form given by a filter; none is the plain form with the unit.
    pub form: Option<String>,
}

impl Object for FigureValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown().unwrap_or_default())
    }
}

impl FigureValue {
    fn shown(&self) -> Option<String> {
        match &self.form {
            Some(form) => Some(form.clone()),
            None => self.amount.number().map(|_| self.with_unit(&self.amount.plain())),
        }
    }

    fn with_unit(&self, number: &str) -> String {
        format!("{number}{}", self.unit.as_deref().unwrap_or_default())
    }

    /// The run that a value prints, if it is a figure.
    pub(super) fn shown_in(value: &Value) -> Option<Result<Run, Error>> {
        let figure = value.downcast_object_ref::<Self>()?;
        Some(match figure.shown() {
            Some(text) => Ok(Run { text, figure: Some(figure.place) }),
            None => Err(no_number(&figure.id)),
        })
    }
}

fn fault(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn no_number(id: &str) -> Error {
    fault(format!("{id} 没有数（表中为“/”或空白），不能写进正文"))
}

/// Adds the forms in which figures are printed.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    environment.add_filter("wan", |value: &Value| {
        form(value, |figure| Some(figure.with_unit(&format!("{}万", figure.amount.scaled(4, 2)?))))
    });
    environment.add_filter("yi", |value: &Value| {
        form(value, |figure| Some(figure.with_unit(&format!("{}亿", figure.amount.scaled(8, 2)?))))
    });
    environment.add_filter("percent", |value: &Value, decimals: Option<u32>| {
        let decimals = decimals.unwrap_or(1).min(10);
        form(value, |figure| Some(format!("{}%", figure.amount.percent(decimals)?)))
    });
    environment.add_filter("round", |value: &Value, decimals: Option<u32>| {
        let decimals = decimals.unwrap_or(0).min(10);
        form(value, |figure| Some(figure.with_unit(&figure.amount.rounded(decimals)?)))
    });
    environment.add_filter("plain", |value: &Value| {
        form(value, |figure| figure.amount.number().map(|_| figure.with_unit(&figure.amount.plain())))
    });
    // Takes the unit off whatever form stands before it.
    environment.add_filter("number", |value: &Value| {
        form(value, |figure| {
            let shown = figure.shown()?;
            let unit = figure.unit.as_deref().unwrap_or_default();
            Some(shown.strip_suffix(unit).unwrap_or(&shown).to_owned())
        })
    });
}

fn form(value: &Value, show: impl Fn(&FigureValue) -> Option<String>) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    let Some(figure) = value.downcast_object_ref::<FigureValue>() else {
        return Err(fault("这个写法只能用于表中的数或 figures、values 中的数".to_owned()));
    };
    let Some(form) = show(figure) else { return Err(no_number(&figure.id)) };
    Ok(Value::from_object(FigureValue { form: Some(form), ..figure.clone() }))
}
