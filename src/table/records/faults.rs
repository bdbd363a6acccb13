//! Rows of which it is not known whose they are, and departments that have none.

use super::{Reader, ReadingContext};
use crate::diagnostic::{Diagnostic, rules, shown};
use crate::source::{Region, Row};
use crate::table::Expected;
use crate::table::repeated::CellFinding;

/// For how many unknown names a likely department is looked up: each is compared with all names of the register.
const MOST_SUGGESTED: usize = 20;

impl Reader<'_> {
    pub(super) fn report_nameless_row(&mut self, row: &Row) {
        self.records.incomplete = true;
        let hint = match self.context.expected {
            // A department's own row is no row too many.
            Expected::Only(only) if !self.first_rows.contains_key(&only) => {
                self.suggested.push(only);
                format!("请填上部门名称“{}”", shown(self.context.register.name(only)))
            }
            Expected::Whoever if self.first_rows.is_empty() => "请填上部门名称".to_owned(),
            _ => "请补上部门名称，或删去这一行".to_owned(),
        };
        let diagnostic = Diagnostic::new(&rules::DEPARTMENT_BLANK, "这一行有数字，却没有部门名称").hint(hint);
        self.report(diagnostic, row, self.name_cell(row));
        self.read_cells(row, false);
    }

    pub(super) fn report_unknown_department(&mut self, row: &Row, name: &str) {
        self.records.incomplete = true;
        self.unknown_names += 1;
        let near = match self.unknown_names <= MOST_SUGGESTED {
            true => self.context.register.suggest(name),
            false => {
                self.unattributed_rows += 1;
                Vec::new()
            }
        };
        self.suggested.extend(near.iter().filter_map(|name| self.context.register.find(name)));
        let mut diagnostic =
            Diagnostic::new(&rules::DEPARTMENT_UNKNOWN, format!("名册里没有“{}”这个部门", shown(name)));
        if !near.is_empty() {
            diagnostic = diagnostic.hint(format!("是不是“{}”？", near.join("”或“")));
        }
        diagnostic = diagnostic.hint("确有此部门时，请在 data/departments.toml 中登记它或它的简称");
        self.report(diagnostic, row, self.name_cell(row));
        self.read_cells(row, false);
    }

    /// A department's own answer with another name in it: whose figures these are is not known.
    pub(super) fn report_other_department(&mut self, row: &Row, name: &str, expected: usize) {
        self.records.incomplete = true;
        self.suggested.push(expected);
        let official = shown(self.context.register.name(expected));
        let diagnostic = Diagnostic::new(
            &rules::ANSWER_OTHER_DEPARTMENT,
            format!("这是“{official}”的表，这一行的部门却是“{}”", shown(name)),
        )
        .hint(format!("请核对是哪个部门的数；部门名称请改回“{official}”，别的部门另用自己的表"));
        self.report(diagnostic, row, self.name_cell(row));
        self.read_cells(row, false);
    }

    /// One name over several rows: whose the further rows are is not known.
    pub(super) fn report_merged_names(&mut self, row: &Row, region: Region, name: &str) {
        self.records.incomplete = true;
        self.unattributed_rows += 1;
        if self.reported_regions.insert(region) {
            let (first, last) = (region.first, region.last);
            let message = format!("{first}:{last} 是合并的，“{}”下面的几行看不出是哪个部门", shown(name));
            let diagnostic =
                Diagnostic::new(&rules::CELL_MERGED, message).hint("请取消合并，每一行写上部门名称");
            self.report(diagnostic, row, region.first);
        }
        self.read_cells(row, false);
    }

    pub(super) fn report_missing_departments(&mut self) {
        let ReadingContext { period, expected, .. } = *self.context;
        let missing: Vec<&str> = self
            .context
            .register
            .iter()
            .enumerate()
            .filter(|(index, department)| {
                let is_expected = match expected {
                    Expected::Every => department.is_active(period),
                    Expected::Only(only) => *index == only,
                    Expected::Whoever => false,
                };
                is_expected && !self.first_rows.contains_key(index) && !self.suggested.contains(index)
            })
            .map(|(_, department)| department.name.as_str())
            .collect();
        // Those that are missing may be the ones whose rows have no name that is known.
        if missing.len() <= self.unattributed_rows {
            return;
        }
        self.records.incomplete = true;
        let shortened = match missing.len() {
            0..=10 => missing.join("、"),
            count => format!("{}等 {count} 个部门", missing[..10].join("、")),
        };
        let message = format!("缺少 {} 个部门：{shortened}", missing.len());
        let diagnostic = Diagnostic::new(&rules::DEPARTMENT_MISSING, message)
            .at(self.place.sheet_location())
            .hint("请补上这些部门的数据；不再参加统计的，请在 data/departments.toml 中写 until");
        self.findings.push(CellFinding { diagnostic, brief: None });
    }
}
