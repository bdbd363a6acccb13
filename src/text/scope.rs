//! What a text can name: the month, the issue, the tables' figures, named figures and entered values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};

use super::shown_column::ColumnValue;
use super::shown_figure::FigureValue;
use crate::figure::{Ledger, Reference};
use crate::project::{Month, Register, TableSchema};

/// The names that texts of one issue can use.
#[derive(Debug, Clone)]
pub struct TextScope {
    figures: Figures,
    /// The names whose figures go on from them: tables, `figures`, `values`.
    roots: BTreeSet<String>,
    /// The words, by their whole name.
    words: BTreeMap<String, String>,
}

/// What a name stands for.
pub(super) enum Named {
    /// A figure.
    Figure(FigureValue),
    /// A whole column.
    Column(ColumnValue),
    /// The beginning of several figures' names.
    Several,
    /// A word, such as the year.
    Word,
    /// Nothing.
    Nothing,
}

impl TextScope {
    /// The scope of an issue's texts.
    pub fn new(
        tables: &[TableSchema],
        register: &Register,
        ledger: Arc<Ledger>,
        month: Month,
        number: i64,
    ) -> Self {
        let names = tables.iter().map(|table| table.name.as_str());
        let roots = names.chain(["figures", "values"]).map(str::to_owned).collect();
        let words = BTreeMap::from([("number".to_owned(), number.to_string())]);
        let numbers = tables.iter().flat_map(|table| {
            let columns = table.columns.iter().filter(|column| column.number().is_some());
            columns.map(|column| format!("{}.{}", table.name, column.name))
        });
        let figures = Figures {
            ledger,
            register: Arc::new(register.clone()),
            columns: Arc::new(numbers.collect()),
            prefix: String::new(),
        };
        Self { figures, roots, words }.with_month("month", month)
    }

    /// The figures that texts can name.
    pub fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.figures.ledger)
    }

    /// The same scope with the month that a table reports on, as `period`.
    pub fn with_period(self, period: Month) -> Self {
        self.with_month("period", period)
    }

    fn with_month(mut self, name: &str, month: Month) -> Self {
        self.words.insert(format!("{name}.year"), month.year.to_string());
        self.words.insert(format!("{name}.month"), month.month.to_string());
        self
    }

    /// The names as minijinja's context.
    pub(super) fn context(&self) -> Value {
        let mut context: BTreeMap<String, Value> = BTreeMap::new();
        let mut parts: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (name, word) in &self.words {
            match name.split_once('.') {
                Some((whole, part)) => {
                    parts.entry(whole).or_default().insert(part, word);
                }
                None => {
                    context.insert(name.clone(), Value::from(word.as_str()));
                }
            }
        }
        for (whole, parts) in parts {
            context.insert(whole.to_owned(), Value::from_pairs(parts));
        }
        for root in &self.roots {
            context.insert(
                root.clone(),
                Value::from_object(Figures { prefix: root.clone(), ..self.figures.clone() }),
            );
        }
        Value::from_pairs(context)
    }

    /// What a name stands for.
    pub(super) fn lookup(&self, reference: &Reference) -> Named {
        let id = reference.with_official_names(|name| self.figures.register.official_name(name)).to_string();
        if self.words.contains_key(&id) {
            return Named::Word;
        }
        if let Some(figure) = self.figures.figure(&id) {
            return Named::Figure(figure);
        }
        if let Some(column) = self.figures.column(&id) {
            return Named::Column(column);
        }
        let is_word_root =
            self.words.keys().any(|word| word.strip_prefix(&id).is_some_and(|rest| rest.starts_with('.')));
        if self.roots.contains(&id) || is_word_root || self.figures.ledger.has_names_below(&id) {
            return Named::Several;
        }
        Named::Nothing
    }

    /// Whether names may begin so: a table, `figures`, `month` and the like.
    pub(super) fn begins_name(&self, first: &str) -> bool {
        let of_word = |word: &String| word.split('.').next() == Some(first);
        self.roots.contains(first) || self.words.keys().any(of_word)
    }

    /// Whether a department of this name or short form is in the register.
    pub(super) fn knows_department(&self, name: &str) -> bool {
        self.figures.register.find(name).is_some()
    }

    /// Whether a table has a number column of this name, as `table.column`.
    pub(super) fn knows_column(&self, name: &str) -> bool {
        self.figures.columns.contains(name)
    }

    /// The department most like an unknown name.
    pub(super) fn suggest_department(&self, name: &str) -> Option<String> {
        self.figures.register.suggest(name).first().map(|near| format!("“{near}”"))
    }

    /// All names, for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str).chain(self.figures.ledger.ids())
    }
}

/// The figures whose names go on from a prefix; a department may be named by any of its names.
#[derive(Debug, Clone)]
struct Figures {
    ledger: Arc<Ledger>,
    register: Arc<Register>,
    /// The names of all number columns.
    columns: Arc<BTreeSet<String>>,
    prefix: String,
}

impl Figures {
    fn figure(&self, id: &str) -> Option<FigureValue> {
        let place = self.ledger.find(id)?;
        let figure = self.ledger.get(place)?;
        Some(FigureValue {
            place,
            id: id.to_owned(),
            amount: figure.amount,
            unrounded: self.ledger.unrounded(place),
            unit: figure.unit.clone(),
            form: None,
            ledger: Arc::clone(&self.ledger),
        })
    }

    fn column(&self, id: &str) -> Option<ColumnValue> {
        let (table, column) = id.split_once('.').filter(|_| self.columns.contains(id))?;
        Some(ColumnValue::new(table, column, Arc::clone(&self.ledger), &self.register))
    }
}

impl Object for Figures {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let official = self.register.official_name(key);
        let department = official.map(|name| format!("{}[\"{name}\"]", self.prefix));
        let candidates = [Some(format!("{}.{key}", self.prefix)), department];
        candidates.into_iter().flatten().find_map(|id| match self.figure(&id) {
            Some(figure) => Some(Value::from_object(figure)),
            None => match self.column(&id) {
                Some(column) => Some(Value::from_object(column)),
                None => self
                    .ledger
                    .has_names_below(&id)
                    .then(|| Value::from_object(Self { prefix: id, ..Self::clone(self) })),
            },
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        // Names are for naming, not for looping; nothing is listed by accident.
        Enumerator::Empty
    }
}
