//! What an issue prints: its figures in their forms, and what they come from.

use std::collections::BTreeSet;

use super::{Appendix, Issue};
use crate::figure::{Figure, FigureId, Origin};
use crate::text::Paragraph;

impl Issue {
    /// Every figure that is printed, with its form: those of the tables, then those of the texts.
    pub fn printed(&self) -> Vec<(FigureId, String)> {
        let in_tables = self.figures_in_tables().map(|place| (place, self.ledger.amount(place).plain()));
        let runs = self.paragraphs().flatten();
        let in_texts = runs.filter_map(|run| Some((run.figure?, run.text.clone())));
        in_tables.chain(in_texts).collect()
    }

    fn figures_in_tables(&self) -> impl Iterator<Item = FigureId> {
        self.appendices.iter().flat_map(|appendix| {
            let rows = &appendix.table.rows;
            let cells = rows.iter().flat_map(|row| row.rank.iter().chain(row.cells.iter().flatten()));
            cells.copied().chain(printed_totals(appendix))
        })
    }

    /// The figures that are printed in texts, and the totals that are printed in tables.
    pub fn printed_in_texts_and_totals(&self) -> BTreeSet<FigureId> {
        let in_texts = self.paragraphs().flatten().filter_map(|run| run.figure);
        in_texts.chain(self.appendices.iter().flat_map(printed_totals)).collect()
    }

    /// The files that the printed figures come from, down to their cells and entries.
    pub fn cited_files(&self) -> BTreeSet<&str> {
        let mut files = BTreeSet::new();
        let mut last = "";
        let mut seen = vec![false; self.ledger.len()];
        let in_texts = self.paragraphs().flatten().filter_map(|run| run.figure);
        let mut next: Vec<FigureId> = self.figures_in_tables().chain(in_texts).collect();
        while let Some(place) = next.pop() {
            match seen.get_mut(place.index()) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            match self.ledger.get(place) {
                Some(Figure { origin: Origin::Cell { at, .. } | Origin::Entry { at, .. }, .. }) => {
                    // A table's cells come one after the other.
                    if at.path() != last {
                        last = at.path();
                        files.insert(last);
                    }
                }
                Some(Figure { origin: Origin::Operation { operands, .. }, .. }) => next.extend(operands),
                Some(Figure { origin: Origin::Absent { .. }, .. }) | None => {}
            }
        }
        files
    }

    fn paragraphs(&self) -> impl Iterator<Item = &Paragraph> {
        let sections = self.sections.iter().flat_map(|section| {
            let items = section.items.iter().flat_map(|item| {
                let caption = item.picture.as_ref().and_then(|picture| picture.caption.as_ref());
                item.heading.iter().chain(&item.lead).chain(&item.paragraphs).chain(caption)
            });
            std::iter::once(&section.title).chain(items)
        });
        self.appendices.iter().map(|appendix| &appendix.title).chain(sections)
    }
}

fn printed_totals(appendix: &Appendix) -> impl Iterator<Item = FigureId> {
    appendix.table.totals.iter().flatten().copied().filter(|_| appendix.table.prints_totals)
}
