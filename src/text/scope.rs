//! What a text can name: the month, the issue, the tables' figures, named figures and entered values.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};

use super::shown_figure::FigureValue;
use crate::figure::Ledger;
use crate::project::{Month, Register};

/// The names that texts of one issue can use.
#[derive(Debug, Clone)]
pub struct TextScope {
    ledger: Arc<Ledger>,
    context: BTreeMap<String, Value>,
}

impl TextScope {
    /// The scope of an issue's texts; `tables` are the names of the declared tables.
    pub fn new<'a>(
        ledger: Arc<Ledger>,
        register: Arc<Register>,
        tables: impl IntoIterator<Item = &'a str>,
        month: Month,
        number: i64,
    ) -> Self {
        let mut context = BTreeMap::new();
        context.insert("month".to_owned(), month_value(month));
        context.insert("number".to_owned(), Value::from(number));
        for name in tables.into_iter().chain(["figures", "values"]) {
            let names = Names {
                ledger: Arc::clone(&ledger),
                register: Arc::clone(&register),
                prefix: name.to_owned(),
            };
            context.insert(name.to_owned(), Value::from_object(names));
        }
        Self { ledger, context }
    }

    /// The same scope with the month that a table reports on, as `period`.
    pub fn with_period(mut self, period: Month) -> Self {
        self.context.insert("period".to_owned(), month_value(period));
        self
    }

    pub(super) fn context(&self) -> Value {
        Value::from_pairs(self.context.iter().map(|(name, value)| (name.clone(), value.clone())))
    }

    /// All names, for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        ["month.year", "month.month", "number"].into_iter().chain(self.ledger.ids())
    }
}

fn month_value(month: Month) -> Value {
    Value::from_pairs([("year", Value::from(month.year)), ("month", Value::from(month.month))])
}

/// The figures whose names go on from a prefix; a department may be named by any of its names.
#[derive(Debug)]
struct Names {
    ledger: Arc<Ledger>,
    register: Arc<Register>,
    prefix: String,
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let official = self.register.find(key).and_then(|index| self.register.get(index));
        let department = official.map(|department| format!("{}[\"{}\"]", self.prefix, department.name));
        let candidates = [Some(format!("{}.{key}", self.prefix)), department];
        candidates.into_iter().flatten().find_map(|id| self.named(id))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        // A namespace is for naming, not for looping; nothing is listed by accident.
        Enumerator::Empty
    }
}

impl Names {
    fn named(&self, id: String) -> Option<Value> {
        if let Some((place, figure)) =
            self.ledger.find(&id).and_then(|place| Some((place, self.ledger.get(place)?)))
        {
            return Some(Value::from_object(FigureValue {
                place,
                id,
                amount: figure.amount,
                unit: figure.unit.clone(),
                form: None,
            }));
        }
        let below = self.ledger.has_names_below(&id);
        below.then(|| {
            Value::from_object(Self {
                ledger: Arc::clone(&self.ledger),
                register: Arc::clone(&self.register),
                prefix: id,
            })
        })
    }
}
