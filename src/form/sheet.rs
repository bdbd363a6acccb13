//! One sheet of a form: title, header, a row for each department, total, note, print settings.

use rust_xlsxwriter::{Format, Formula, Note, ProtectionOptions, Worksheet, XlsxError};

use super::columns::{self, FormColumn};
use super::guidance;
use super::spreadsheet_formula::spreadsheet_formula;
use super::style::Styles;
use super::{Form, FormRow, FormSheet};
use crate::diagnostic::CellRef;
use crate::figure::Amount;
use crate::project::{ColumnRole, ColumnSchema, NumberColumn};
use crate::render::total_label;

/// The paper size A4, as Excel numbers it.
const A4: u8 = 9;
/// Wider than this, in characters, a table is printed across.
const WIDEST_UPRIGHT: u32 = 100;
/// The width of a column with last month's values, in characters.
const FORMER_WIDTH: u32 = 9;

/// Writes a sheet.
pub(super) fn write(
    form: &Form<'_>,
    sheet: &FormSheet<'_>,
    worksheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    let is_sent = form.identity.is_some();
    let is_of_one = form.identity.as_ref().is_some_and(|identity| identity.department.is_some());
    let columns = columns::columns(sheet, !is_of_one, is_sent);
    let writer = Writer { form, sheet, styles: Styles::new(is_sent), columns, worksheet };
    writer.write(is_sent, is_of_one)
}

struct Writer<'a, 'b> {
    form: &'a Form<'a>,
    sheet: &'a FormSheet<'a>,
    styles: Styles,
    columns: Vec<FormColumn>,
    worksheet: &'b mut Worksheet,
}

impl Writer<'_, '_> {
    fn write(mut self, is_sent: bool, is_of_one: bool) -> Result<(), XlsxError> {
        self.worksheet.set_name(&self.sheet.name)?;
        self.worksheet.set_default_note_author(match &self.form.identity {
            Some(identity) => &identity.bulletin,
            None => "月报",
        });
        // A result must stand in the file, for what reads it does not compute: nothing yet.
        self.worksheet.set_formula_result_default("");
        let mut row = self.heading(is_sent, is_of_one)?;
        row = self.header(row)?;
        let first_row = row;
        for (index, department) in self.sheet.rows.iter().enumerate() {
            self.department(row, index, department)?;
            if is_sent {
                self.worksheet.set_row_height(row, if is_of_one { 30 } else { 21 })?;
            }
            row += 1;
        }
        if self.sheet.schema.total && !is_of_one && !self.sheet.rows.is_empty() {
            self.total(first_row, row)?;
            if is_sent {
                self.worksheet.set_row_height(row, 21)?;
            }
            row += 1;
        }
        if is_sent {
            self.note(row + 1)?;
        }
        self.settings(first_row, is_sent)
    }

    /// The title, and whose form it is; gives the row of the header.
    fn heading(&mut self, is_sent: bool, is_of_one: bool) -> Result<u32, XlsxError> {
        let last = column_number(self.columns.len().saturating_sub(1));
        let title = self.sheet.title.as_str();
        merge(self.worksheet, (0, 0), (0, last), title, &self.styles.title)?;
        if !is_sent {
            return Ok(1);
        }
        self.worksheet.set_row_height(0, 34)?;
        let name = match (is_of_one, self.sheet.rows.first()) {
            (true, Some(row)) => self.form.register.name(row.department),
            _ => "全部部门",
        };
        let period = self.sheet.period;
        let subtitle = format!("填报部门：{name}　　统计月份：{}年{}月", period.year, period.month);
        merge(self.worksheet, (1, 0), (1, last), &subtitle, &self.styles.subtitle)?;
        self.worksheet.set_row_height(1, 22)?;
        Ok(2)
    }

    /// The header and its units; gives the row below.
    fn header(&mut self, first: u32) -> Result<u32, XlsxError> {
        let rows = columns::header(self.sheet.schema, &self.columns);
        let depth = rows.len();
        // Cells that a merged one above covers are left out of the rows below.
        let mut covered_until = vec![0; self.columns.len()];
        // Where the words of each column's header stand that is not shared with others.
        let mut label_rows = vec![first; self.columns.len()];
        for (level, cells) in rows.into_iter().enumerate() {
            let mut column = 0;
            for cell in cells {
                while covered_until.get(column).is_some_and(|until| *until > level) {
                    column += 1;
                }
                let (row, at) = (first + row_number(level), column_number(column));
                let (last_row, last) =
                    (row + row_number(cell.rowspan) - 1, at + column_number(cell.colspan) - 1);
                let format = match self.columns.get(column) {
                    Some(FormColumn::Former(_)) if level + cell.rowspan == depth => {
                        &self.styles.former_header
                    }
                    _ => &self.styles.header,
                };
                merge(self.worksheet, (row, at), (last_row, last), &cell.text, format)?;
                for until in covered_until.iter_mut().skip(column).take(cell.colspan) {
                    *until = level + cell.rowspan;
                }
                for label in label_rows.iter_mut().skip(column).take(cell.colspan) {
                    *label = row;
                }
                column += cell.colspan;
            }
            self.worksheet.set_row_height(first + row_number(level), 30)?;
        }
        self.comments(&label_rows)?;
        let below = first + row_number(depth);
        let Some(units) = columns::units(self.sheet.schema, &self.columns) else { return Ok(below) };
        for (at, unit) in units.iter().enumerate() {
            self.worksheet.write_string_with_format(below, column_number(at), unit, &self.styles.header)?;
        }
        Ok(below + 1)
    }

    /// What is to be known about each column, as a comment at its header.
    fn comments(&mut self, label_rows: &[u32]) -> Result<(), XlsxError> {
        let mut notes: Vec<(u32, u16, Note)> = Vec::new();
        let mut commented = None;
        for (at, column) in self.columns.iter().enumerate() {
            let Some((declared, number)) = self.entry(*column) else { continue };
            // Columns that share their header share its cell.
            let header = (label_rows.get(at).copied().unwrap_or_default(), &declared.header);
            if commented.replace(header) != Some(header) {
                notes.push((header.0, column_number(at), guidance::note(declared, number, self.form.cells)));
            }
        }
        for (row, column, note) in notes {
            self.worksheet.insert_note(row, column, &note)?;
        }
        Ok(())
    }

    fn department(&mut self, row: u32, index: usize, department: &FormRow) -> Result<(), XlsxError> {
        let mut entries = department.entries.iter();
        for (at, column) in self.columns.clone().into_iter().enumerate() {
            let place = column_number(at);
            let index_of = match column {
                FormColumn::Declared(index) => index,
                FormColumn::Former(index) => {
                    let former =
                        self.sheet.former.and_then(|former| former.get(department.department, index));
                    self.amount(row, place, former)?;
                    continue;
                }
            };
            let Some(declared) = self.sheet.schema.columns.get(index_of) else { continue };
            let styles = &self.styles;
            match &declared.role {
                ColumnRole::Department => {
                    let name = self.form.register.name(department.department);
                    self.worksheet.write_string_with_format(row, place, name, &styles.label)?;
                }
                ColumnRole::Sequence if self.sheet.schema.ranking.is_none() => {
                    self.worksheet.write_number_with_format(
                        row,
                        place,
                        row_number(index) + 1,
                        &styles.label,
                    )?;
                }
                ColumnRole::Sequence => {
                    self.worksheet.write_blank(row, place, &styles.label)?;
                }
                ColumnRole::Number(number) if number.formula.is_none() => {
                    let entry = entries.next().map(String::as_str).unwrap_or_default();
                    write_entry(self.worksheet, row, place, entry, &styles.entry)?;
                    let cell = CellRef::new(row, u32::from(place)).to_string();
                    let validation = guidance::validation(declared, number, self.form.cells, &cell)?;
                    self.worksheet.add_data_validation(row, place, row, place, &validation)?;
                }
                ColumnRole::Number(number) => self.derived(row, place, number, false)?,
            }
        }
        Ok(())
    }

    fn has_total(&self, column: usize) -> bool {
        self.sheet.schema.columns.get(column).is_some_and(ColumnSchema::declares_total)
    }

    /// A derived column's cell as a formula over the others of its row.
    fn derived(
        &mut self,
        row: u32,
        place: u16,
        number: &NumberColumn,
        is_total: bool,
    ) -> Result<(), XlsxError> {
        let format = if is_total { &self.styles.total } else { &self.styles.label };
        let cell_of = |name: &str| {
            let index = self.sheet.schema.number_column(name)?;
            // What is made of numbers without a total has none.
            if is_total && !self.has_total(index) {
                return None;
            }
            let wanted = FormColumn::Declared(index);
            let at = self.columns.iter().position(|column| *column == wanted)?;
            Some(CellRef::new(row, u32::from(column_number(at))).to_string())
        };
        match spreadsheet_formula(number, cell_of).filter(|_| number.total || !is_total) {
            Some(formula) => {
                self.worksheet.write_formula_with_format(row, place, formula.as_str(), format)?
            }
            None => self.worksheet.write_blank(row, place, format)?,
        };
        Ok(())
    }

    fn amount(&mut self, row: u32, place: u16, amount: Option<Amount>) -> Result<(), XlsxError> {
        let text = amount.map(Amount::plain).unwrap_or_default();
        write_entry(self.worksheet, row, place, &text, &self.styles.former)
    }

    /// The row 合计, as formulas over the rows above.
    fn total(&mut self, first_row: u32, row: u32) -> Result<(), XlsxError> {
        let columns = self.columns.clone();
        let role = |column: &FormColumn| match *column {
            FormColumn::Declared(index) => self.sheet.schema.columns.get(index).map(|column| &column.role),
            FormColumn::Former(_) => None,
        };
        let label = total_label(&columns.iter().map(role).collect::<Vec<_>>());
        if let Some(last) = label.clone().last() {
            let (first, last) = (column_number(label.start), column_number(last));
            merge(self.worksheet, (row, first), (row, last), "合计", &self.styles.total)?;
        }
        let mut entry = 0;
        for (at, column) in columns.into_iter().enumerate().filter(|(at, _)| !label.contains(at)) {
            let place = column_number(at);
            let letters = CellRef::column_letters(u32::from(place));
            let formula = format!("=SUM({letters}{}:{letters}{row})", first_row + 1);
            let (sum, format) = match column {
                FormColumn::Declared(index) => {
                    let declared = self.sheet.schema.columns.get(index).and_then(ColumnSchema::number);
                    let Some(number) = declared else {
                        self.worksheet.write_blank(row, place, &self.styles.total)?;
                        continue;
                    };
                    if number.formula.is_some() {
                        self.derived(row, place, number, true)?;
                        continue;
                    }
                    entry += 1;
                    if !number.total {
                        self.worksheet.write_blank(row, place, &self.styles.total)?;
                        continue;
                    }
                    let entries = self.sheet.rows.iter().filter_map(|row| row.entries.get(entry - 1));
                    let numbers = entries.filter_map(|text| rust_decimal::Decimal::from_str_exact(text).ok());
                    (numbers.sum::<rust_decimal::Decimal>(), &self.styles.total)
                }
                FormColumn::Former(index) if !self.has_total(index) => {
                    self.worksheet.write_blank(row, place, &self.styles.former)?;
                    continue;
                }
                FormColumn::Former(index) => {
                    let former = self.sheet.former;
                    let amounts = self.sheet.rows.iter().filter_map(|row| former?.get(row.department, index));
                    (amounts.filter_map(Amount::number).sum(), &self.styles.former)
                }
            };
            let formula = Formula::new(formula).set_result(sum.normalize().to_string());
            self.worksheet.write_formula_with_format(row, place, formula, format)?;
        }
        Ok(())
    }

    /// How to fill in the form, below the table.
    fn note(&mut self, row: u32) -> Result<(), XlsxError> {
        let mut text = String::from("填表说明：请只填浅黄色的单元格。");
        if let Some(mark) = self.form.cells.not_applicable.first() {
            text.push_str(&format!("没有此项业务填“{mark}”，数量为零填 0，不要留空。"));
        }
        if self.sheet.former.is_some() {
            text.push_str("灰色的是上月数，供对照。");
        }
        text.push_str("请不要增删、移动行列或修改表头；文件名可以改。");
        if let Some(note) = self.form.note {
            text.push('\n');
            text.push_str(note);
        }
        let last = column_number(self.columns.len().saturating_sub(1));
        merge(self.worksheet, (row, 0), (row, last), &text, &self.styles.note)?;
        let width = self.widths().iter().sum::<u32>().max(20);
        let lines = text.lines().map(|line| {
            u32::try_from(line.chars().count()).unwrap_or(u32::MAX).saturating_mul(2) / width + 1
        });
        self.worksheet.set_row_height(row, f64::from(lines.sum::<u32>().min(24)) * 17.0)?;
        Ok(())
    }

    fn widths(&self) -> Vec<u32> {
        let width = |column: &FormColumn| match *column {
            FormColumn::Declared(index) => {
                self.sheet.schema.columns.get(index).map_or(10, |column| column.width_tenths.max(8))
            }
            FormColumn::Former(_) => FORMER_WIDTH,
        };
        self.columns.iter().map(width).collect()
    }

    fn settings(&mut self, first_row: u32, is_sent: bool) -> Result<(), XlsxError> {
        let widths = self.widths();
        for (at, width) in widths.iter().enumerate() {
            self.worksheet.set_column_width(column_number(at), *width)?;
        }
        self.worksheet.set_freeze_panes(first_row, 0)?;
        // Printed as it lies: A4, one page wide, the header on every page.
        self.worksheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
        if !is_sent {
            return Ok(());
        }
        self.worksheet.set_print_center_horizontally(true).set_repeat_rows(0, first_row - 1)?;
        if widths.iter().sum::<u32>() > WIDEST_UPRIGHT {
            self.worksheet.set_landscape();
        }
        let allowed =
            ProtectionOptions { format_columns: true, format_rows: true, ..ProtectionOptions::new() };
        self.worksheet.protect_with_options(&allowed);
        // Where to begin.
        let is_entry = |column: &FormColumn| self.entry(*column).is_some();
        if let Some(first) = self.columns.iter().position(is_entry) {
            self.worksheet.set_selection(first_row, column_number(first), first_row, column_number(first))?;
        }
        Ok(())
    }

    /// The declared column that departments fill in, if it is one.
    fn entry(&self, column: FormColumn) -> Option<(&'_ ColumnSchema, &'_ NumberColumn)> {
        let FormColumn::Declared(index) = column else { return None };
        let declared = self.sheet.schema.columns.get(index)?;
        declared.number().filter(|number| number.formula.is_none()).map(|number| (declared, number))
    }
}

/// Writes a text over a block, which is merged if it is more than one cell.
fn merge(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    (last_row, last_column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if (row, column) == (last_row, last_column) {
        worksheet.write_string_with_format(row, column, text, format)?;
    } else {
        worksheet.merge_range(row, column, last_row, last_column, text, format)?;
    }
    Ok(())
}

/// Numbers become numbers; marks stay texts.
fn write_entry(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    entry: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match entry.parse::<f64>() {
        Ok(number) => worksheet.write_number_with_format(row, column, number, format)?,
        Err(_) if entry.is_empty() => worksheet.write_blank(row, column, format)?,
        Err(_) => worksheet.write_string_with_format(row, column, entry, format)?,
    };
    Ok(())
}

// A sheet has at most 16,384 columns and 1,048,576 rows; a declared table has a handful.
fn column_number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn row_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
