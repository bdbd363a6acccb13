//! `explain MONTH FIGURE`: where a figure comes from, through all operations down to the cells.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Status;
use super::args::Common;
use super::figures::month_trail;
use super::printer::Printer;
use crate::diagnostic::{shown, visible};
use crate::project::normal;
use crate::similar::nearest;
use crate::trail::{Trail, TrailFigure, TrailOrigin};

/// Runs the verb; the figure is named by its id or by a form in which it is printed.
pub fn run(common: &Common, month: &str, wanted: &str, printer: &mut Printer) -> Status {
    let trail = match month_trail(common, month, printer) {
        Ok(trail) => trail,
        Err(status) => return status,
    };
    let found = find(&trail, wanted);
    if found.is_empty() {
        let near = nearest(wanted, trail.figures.iter().map(|figure| figure.id.as_str()));
        let hint = match near.first() {
            Some(near) => format!("是不是 {near}？"),
            None => format!("yuebao figures {} 可列出全部数字", trail.month),
        };
        printer.failure(&format!("{} 这一期没有“{}”这个数", trail.month, shown(wanted)), &[&hint]);
        return Status::Unusable;
    }
    let (tracer, for_json) = (Tracer::new(&trail), Tracer::new(&trail));
    let mut text = String::new();
    for figure in &found {
        tracer.write(figure, "", "", &mut text);
    }
    let trees: Vec<Value> = found.iter().map(|figure| for_json.json(figure)).collect();
    printer.data(&text, json!({ "version": 1, "month": trail.month, "figures": trees }));
    Status::Done
}

/// The figure of this id, or else all figures that are printed so, with their unit or without.
fn find<'a>(trail: &'a Trail, wanted: &str) -> Vec<&'a TrailFigure> {
    let wanted = normal(wanted);
    if let Some(figure) = trail.figures.iter().find(|figure| normal(&figure.id) == wanted) {
        return vec![figure];
    }
    let is_shown = |figure: &&TrailFigure| {
        let unit = normal(figure.unit.as_deref().unwrap_or_default());
        figure.shown.iter().any(|form| {
            let form = normal(form);
            form == wanted || form.strip_suffix(&unit) == Some(wanted.as_str())
        })
    };
    trail.figures.iter().filter(is_shown).collect()
}

/// The figures of a trail by their names.
struct Tracer<'a> {
    by_id: BTreeMap<&'a str, &'a TrailFigure>,
    /// The figures whose operands were told: once each, or formulas that share figures would be told without end.
    told: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Tracer<'a> {
    fn new(trail: &'a Trail) -> Self {
        let by_id = trail.figures.iter().map(|figure| (figure.id.as_str(), figure)).collect();
        Self { by_id, told: RefCell::default() }
    }

    /// The figures that a figure is computed from.
    fn operands(&self, figure: &TrailFigure) -> Vec<&'a TrailFigure> {
        let TrailOrigin::Operation { operands, .. } = &figure.origin else { return Vec::new() };
        operands.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).collect()
    }

    /// Whether a figure's operands were told before; from now on they were.
    fn is_repeated(&self, figure: &'a TrailFigure) -> bool {
        !self.operands(figure).is_empty() && !self.told.borrow_mut().insert(&figure.id)
    }

    fn write(&self, figure: &'a TrailFigure, first: &str, further: &str, text: &mut String) {
        let printed = match figure.shown.is_empty() {
            true => String::new(),
            false => format!("，印作 {}", figure.printed_text()),
        };
        let is_repeated = self.is_repeated(figure);
        let remark = if is_repeated { "（见上）" } else { "" };
        let line =
            format!("{} = {}{printed}  ← {}{remark}", figure.id, figure.value_text(), figure.origin_text());
        text.push_str(&format!("{first}{}\n", visible(&line)));
        for rounding in &figure.rounding {
            text.push_str(&format!("{further}   {}\n", visible(&rounding.told())));
        }
        if let TrailOrigin::Cell { raw, .. } = &figure.origin
            && *raw != figure.value.clone().unwrap_or_else(|| "/".to_owned())
        {
            let raw =
                if raw.is_empty() { "（空白）".to_owned() } else { format!("“{}”", shown(raw)) };
            text.push_str(&format!("{further}   单元格里写的是{raw}\n"));
        }
        let operands = if is_repeated { Vec::new() } else { self.operands(figure) };
        for (index, operand) in operands.iter().enumerate() {
            let (branch, trunk) =
                if index + 1 == operands.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.write(operand, &format!("{further}{branch}"), &format!("{further}{trunk}"), text);
        }
    }

    /// The figure with its operands within it; where these stand before, it has their names only.
    fn json(&self, figure: &'a TrailFigure) -> Value {
        let operands = if self.is_repeated(figure) { Vec::new() } else { self.operands(figure) };
        let operands: Vec<Value> = operands.into_iter().map(|operand| self.json(operand)).collect();
        let mut tree = serde_json::to_value(figure).unwrap_or_default();
        if let (Value::Object(tree), false) = (&mut tree, operands.is_empty()) {
            tree.insert("operands".to_owned(), Value::Array(operands));
        }
        tree
    }
}
