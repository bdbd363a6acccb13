//! The merged regions of a sheet, by cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::CellRef;
use crate::source::{Region, Sheet};

/// The merged regions of a sheet. Of overlapping ones, which no spreadsheet program writes, the first counts.
pub struct RegionIndex {
    /// Each region in each of its rows, by its first cell there. What is merged in a sheet is bounded when it is read.
    by_row: BTreeMap<CellRef, Region>,
}

impl RegionIndex {
    /// The most rows of one merged region that are looked at, and the first column that is not: what is
    /// merged beyond is no cell of a table, and a hostile file must not fill the memory with it.
    const TALLEST: u32 = 1000;
    const LAST_COLUMN: u32 = 1000;

    /// Indexes the merged regions of a sheet.
    pub fn new(sheet: &Sheet) -> Self {
        let mut index = Self { by_row: BTreeMap::new() };
        for region in &sheet.merged {
            let first = region.first;
            let last = region.last.row.min(first.row.saturating_add(Self::TALLEST));
            let overlaps = |row| {
                let before = index.last_before(CellRef::new(row, region.last.column));
                before.is_some_and(|other| other.last.column >= first.column)
            };
            let is_sound = first.column < Self::LAST_COLUMN && first.column <= region.last.column;
            if !is_sound || (first.row..=last).any(overlaps) {
                continue;
            }
            index.by_row.extend((first.row..=last).map(|row| (CellRef::new(row, first.column), *region)));
        }
        index
    }

    /// The cell in which the content of a cell stands: the top left one of its merged region, or itself.
    pub fn anchor(&self, cell: CellRef) -> CellRef {
        self.region(cell).map_or(cell, |region| region.first)
    }

    /// Whether a cell is merged with others.
    pub fn is_merged(&self, cell: CellRef) -> bool {
        self.region(cell).is_some()
    }

    /// The merged region that a cell lies in.
    pub fn region(&self, cell: CellRef) -> Option<Region> {
        self.last_before(cell).filter(|region| region.contains(cell))
    }

    /// The last region in the row of a cell that begins in its column or before.
    fn last_before(&self, cell: CellRef) -> Option<Region> {
        self.by_row.range(CellRef::new(cell.row, 0)..=cell).next_back().map(|(_, region)| *region)
    }

    /// The columns of the regions in some rows, at most those that a sheet of an office has.
    pub fn columns(&self, first_row: u32, last_row: u32) -> BTreeSet<u32> {
        let regions = self.by_row.range(CellRef::new(first_row, 0)..=CellRef::new(last_row, u32::MAX));
        regions
            .filter(|(_, region)| region.last.column - region.first.column < Self::LAST_COLUMN)
            .flat_map(|(_, region)| region.first.column..=region.last.column)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(first: (u32, u32), last: (u32, u32)) -> Region {
        Region { first: CellRef::new(first.0, first.1), last: CellRef::new(last.0, last.1) }
    }

    fn index(merged: &[Region]) -> RegionIndex {
        RegionIndex::new(&Sheet { merged: merged.to_vec(), ..Sheet::default() })
    }

    #[test]
    fn each_cell_of_a_region_leads_to_its_first() {
        let found = index(&[region((1, 4), (3, 5)), region((1, 1), (1, 3)), region((2, 0), (2, 1))]);
        for (cell, anchor) in
            [((3, 5), (1, 4)), ((1, 3), (1, 1)), ((2, 1), (2, 0)), ((2, 2), (2, 2)), ((4, 4), (4, 4))]
        {
            assert_eq!(
                found.anchor(CellRef::new(cell.0, cell.1)),
                CellRef::new(anchor.0, anchor.1),
                "{cell:?}"
            );
        }
        assert_eq!(found.columns(1, 2), BTreeSet::from([0, 1, 2, 3, 4, 5]));
        assert!(!found.is_merged(CellRef::new(0, 0)));
    }

    #[test]
    fn of_overlapping_regions_the_first_counts() {
        let found = index(&[region((2, 2), (4, 4)), region((0, 0), (3, 3)), region((4, 4), (5, 5))]);
        assert_eq!(found.anchor(CellRef::new(3, 3)), CellRef::new(2, 2));
        assert!(!found.is_merged(CellRef::new(0, 0)) && !found.is_merged(CellRef::new(5, 5)));
    }

    #[test]
    fn of_a_region_of_a_whole_column_few_rows_are_kept() {
        let found = index(&[region((0, 0), (1_048_575, 0)), region((0, 5000), (9, 5001))]);
        assert_eq!(found.by_row.len(), RegionIndex::TALLEST as usize + 1);
    }
}
