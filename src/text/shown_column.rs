//! A whole column in a text: the departments with its greatest or least numbers, in order.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind};
use rust_decimal::Decimal;

use super::forms::FORMS;
use super::runs::Run;
use super::shown_figure::{ADD_THE_MONTH, Refusal};
use crate::calculation::cell_name;
use crate::figure::{Amount, FigureId, Ledger};
use crate::project::Register;

/// A column that a text names, and the departments that it is to print.
#[derive(Debug, Clone)]
pub(super) struct ColumnValue {
    /// Its name, for messages.
    pub id: String,
    ledger: Arc<Ledger>,
    /// The departments with a number, in official order.
    entries: Vec<Entry>,
    /// Why departments have no number that may have one: what of other months is not there.
    unknown: Vec<String>,
    /// What is printed, once a form is given.
    runs: Option<Vec<Run>>,
}

#[derive(Debug, Clone)]
struct Entry {
    department: String,
    number: Decimal,
    figure: FigureId,
    /// The department's rank in the column.
    rank: Option<FigureId>,
}

/// The departments of a form, and whether a tie makes them more than were asked for.
pub(super) struct Listed {
    /// What is printed.
    pub runs: Vec<Run>,
    /// How many departments that is.
    pub count: usize,
}

impl Object for ColumnValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl ColumnValue {
    /// A column of a table.
    pub(super) fn new(table: &str, column: &str, ledger: Arc<Ledger>, register: &Register) -> Self {
        let mut entries = Vec::new();
        let mut unknown: Vec<String> = Vec::new();
        for name in register.iter().map(|department| &department.name) {
            let cell = cell_name(table, name, column);
            let Some(figure) = ledger.find(&cell) else { continue };
            if let Some(number) = ledger.amount(figure).number() {
                let rank = ledger.find(&format!("rank({cell})"));
                entries.push(Entry { department: name.clone(), number, figure, rank });
            }
            for reason in ledger.unknown_months(figure) {
                if !unknown.iter().any(|known| known == reason) {
                    unknown.push(reason.to_owned());
                }
            }
        }
        Self { id: format!("{table}.{column}"), ledger, entries, unknown, runs: None }
    }

    /// Whether so many departments can be listed.
    pub(super) fn has(&self, count: usize) -> bool {
        self.unknown.is_empty() && self.entries.len() >= count
    }

    /// What a value prints, if it is a column with a form.
    pub(super) fn shown_in(value: &Value) -> Option<&[Run]> {
        value.downcast_object_ref::<Self>()?.runs.as_deref()
    }

    /// The departments that a form prints.
    pub(super) fn listed(&self, form: &str, count: usize) -> Result<Listed, Refusal> {
        if !self.unknown.is_empty() {
            let message = format!("{} 排不出先后（{}），不能写进正文", self.id, self.unknown.join("；"));
            return Err(Refusal { message, hint: ADD_THE_MONTH });
        }
        if !self.has(count) {
            let message = format!("{} 只有 {} 个部门有数，不够 {count} 个", self.id, self.entries.len());
            return Err(Refusal { message, hint: "请改小括号里的个数" });
        }
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        let from_the_least = form.starts_with("bottom");
        // The sort is stable: equal numbers stay in the official order.
        entries
            .sort_by(|a, b| if from_the_least { a.number.cmp(&b.number) } else { b.number.cmp(&a.number) });
        let last = count.checked_sub(1).and_then(|last| entries.get(last)).map(|entry| entry.number);
        let is_listed = |entry: &&&Entry| match from_the_least {
            true => last.is_some_and(|last| entry.number <= last),
            false => last.is_some_and(|last| entry.number >= last),
        };
        let listed: Vec<&Entry> = entries.iter().take_while(is_listed).copied().collect();
        let with_figures = form.ends_with("with_figures");
        let words = |text: &str| Run { text: text.to_owned(), figure: None };
        let mut runs = Vec::new();
        for (index, entry) in listed.iter().enumerate() {
            if index > 0 {
                runs.push(words("、"));
            }
            runs.push(Run { text: entry.department.clone(), figure: entry.rank });
            if with_figures {
                let unit = self.ledger.get(entry.figure).and_then(|figure| figure.unit.clone());
                let number = Amount::Number(entry.number).plain();
                runs.push(words("（"));
                let text = format!("{number}{}", unit.as_deref().unwrap_or_default());
                runs.push(Run { text, figure: Some(entry.figure) });
                runs.push(words("）"));
            }
        }
        Ok(Listed { runs, count: listed.len() })
    }
}

/// Adds the forms of columns as filters.
pub(super) fn add_column_filters(environment: &mut Environment<'static>) {
    for form in FORMS.iter().filter(|form| form.of_column) {
        environment.add_filter(form.name, move |value: &Value, count: usize| {
            let column = value.downcast_object_ref::<ColumnValue>().ok_or(ErrorKind::InvalidOperation)?;
            let listed = column.listed(form.name, count).map_err(Error::from)?;
            Ok::<_, Error>(Value::from_object(ColumnValue { runs: Some(listed.runs), ..column.clone() }))
        });
    }
}
