//! One file: whose answer it is, for which month and tables, and what they say.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{Incoming, Values};
use crate::calculation::{Formulas, MonthStore, Names, without_consequences};
use crate::check::DeclaredChecks;
use crate::diagnostic::{Diagnostic, Location, has_errors, rules, shown};
use crate::figure::Amount;
use crate::form::{FormIdentity, FormSet};
use crate::project::{Month, Periods, Project, TableSchema, normal};
use crate::source::{Isolation, Workbook, read_document};
use crate::table::{Expected, ReadTable, has_table, read_table};

/// Looks at the answers of one month.
pub struct Examiner<'a> {
    /// The bulletin.
    pub project: &'a Project,
    /// The month.
    pub month: Month,
    /// What its tables report on.
    pub periods: &'a Periods,
    /// How doubtful workbooks are read.
    pub isolation: &'a Isolation,
    /// The months before, which an answer is held against.
    pub months: &'a MonthStore,
    /// The declared formulas, and checks, read once for all answers.
    pub(super) formulas: Arc<Formulas>,
    pub(super) checks: DeclaredChecks<'a>,
}

/// A file that was read, but not yet held against checks and past months.
pub(super) struct ReadFile {
    /// What it is, as far as it tells by itself.
    pub(super) examined: Examined,
    /// Its workbook, if it has one.
    pub(super) workbook: Option<Workbook>,
    /// Its tables that were read, each with its place among the declared ones.
    pub(super) tables: Vec<(usize, ReadTable)>,
}

/// What a file turned out to be.
#[derive(Debug)]
pub struct Examined {
    /// Its path, as the editor wrote it.
    pub name: String,
    /// The name under which it came, without the folders above what the editor named.
    pub received: String,
    /// The BLAKE3 hash of its content, in hexadecimal.
    pub blake3: String,
    /// The extension that its content asks for, without the dot.
    pub extension: &'static str,
    /// When it was last saved, as the file itself says.
    pub saved: Option<NaiveDateTime>,
    /// When it was last written, as the file system or the archive says.
    pub written: Option<NaiveDateTime>,
    /// Whose answer it is, by the index in the register; none where that is not known.
    pub department: Option<usize>,
    /// Whether it is an answer to another month's or another bulletin's questions.
    pub is_misplaced: bool,
    /// The indices of the declared tables that it answers.
    pub tables: Vec<usize>,
    /// What it says.
    pub values: Values,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Examiner<'a> {
    /// An examiner of a month's answers.
    pub fn new(
        project: &'a Project,
        month: Month,
        periods: &'a Periods,
        isolation: &'a Isolation,
        months: &'a MonthStore,
    ) -> Self {
        // Figures entered by hand are the issue's: no department's answer has any.
        let names = Names { project, values: &[] };
        let (formulas, checks) = (Arc::new(Formulas::read(&names, month)), DeclaredChecks::read(&names));
        Self { project, month, periods, isolation, months, formulas, checks }
    }

    /// The tables that departments are asked for, with their index.
    fn tables(&self) -> impl Iterator<Item = (usize, &'a TableSchema)> + use<'a> {
        FormSet::tables(self.project, self.periods)
    }

    /// The month that a table reports on.
    fn period(&self, schema: &TableSchema) -> Month {
        self.periods.of(&schema.name)
    }

    /// Reads a file: whose it is, and what its tables say.
    pub(super) fn read(&self, file: &Incoming) -> ReadFile {
        let (workbook, document, diagnostics) = read_document(&file.bytes, &file.name, self.isolation);
        let mut examined = Examined {
            name: file.name.clone(),
            received: file.received.clone(),
            blake3: blake3::hash(&file.bytes).to_hex().to_string(),
            extension: document.extension,
            saved: document.properties.saved,
            written: file.written,
            department: None,
            is_misplaced: false,
            tables: Vec::new(),
            values: Values::new(),
            diagnostics,
        };
        let identity = FormIdentity::read(|name| document.properties.custom(name));
        let tables = match (&workbook, identity) {
            (None, _) => {
                self.suggest_department(&mut examined);
                Vec::new()
            }
            (Some(workbook), Some(identity)) => self.form(&mut examined, workbook, &identity),
            (Some(workbook), None) => self.unknown(&mut examined, workbook),
        };
        ReadFile { examined, workbook, tables }
    }

    /// The head of a marked copy: whose answer it is, and for which month.
    pub fn heading(&self, examined: &Examined) -> String {
        let department = examined.department.map(|at| format!("{}　", self.project.register.name(at)));
        let Month { year, month } = self.month;
        format!("{}{year}年{month}月　{}", department.unwrap_or_default(), self.project.settings.title)
    }

    /// A form with its properties: whose it is was settled when it was sent out.
    fn form(
        &self,
        examined: &mut Examined,
        workbook: &Workbook,
        identity: &FormIdentity,
    ) -> Vec<(usize, ReadTable)> {
        let file = || Location::file(examined.name.as_str());
        if normal(&identity.bulletin) != normal(&self.project.settings.title) {
            let message = format!("这是“{}”的表，不是这份月报的", shown(&identity.bulletin));
            let found = Diagnostic::new(&rules::ANSWER_WRONG_BULLETIN, message).at(file());
            examined.is_misplaced = true;
            examined.diagnostics.push(found.hint("请核对是不是收错了文件；月报改过名称的，请重新发表填报"));
            return Vec::new();
        }
        let department = identity.department.as_deref();
        examined.department = department.and_then(|name| self.project.register.find(name));
        if identity.month != self.month {
            let (theirs, ours) = (identity.month, self.month);
            let message = format!(
                "这是 {}年{}月 的表，现在收的是 {}年{}月",
                theirs.year, theirs.month, ours.year, ours.month
            );
            let found =
                Diagnostic::new(&rules::ANSWER_WRONG_MONTH, message).at(Location::file(&examined.name));
            examined.is_misplaced = true;
            examined.diagnostics.push(
                found
                    .hint(format!("请部门改用 {ours} 的空白表填报"))
                    .hint(format!("确实是 {theirs} 的答复，请用 yuebao collect {theirs} 收")),
            );
            return Vec::new();
        }
        let (Some(name), Some(index)) = (department, examined.department) else {
            let found = match department {
                None => self.several(&examined.name, &[]),
                Some(name) => {
                    let message = format!("名册里没有“{}”这个部门", shown(name));
                    Diagnostic::new(&rules::ANSWER_NOT_ASKED, message)
                        .hint("改过名的部门，请在 data/departments.toml 中把原来的名称写进 aliases")
                }
            };
            examined.diagnostics.push(found.at(Location::file(&examined.name)));
            return Vec::new();
        };
        if !self.is_asked(index) {
            self.not_asked(examined, name);
            return Vec::new();
        }
        if !identity.is_of(self.tables().map(|(_, table)| (table, self.period(table)))) {
            examined.diagnostics.push(
                Diagnostic::new(&rules::ANSWER_FORM_OUTDATED, "这份答复用的是表改动以前的空白表")
                    .at(Location::file(&examined.name))
                    .hint("请核对缺不缺数；必要时用 yuebao forms 重新生成空白表，请部门重填"),
            );
        }
        let of_file = examined.diagnostics.clone();
        let mut read = Vec::new();
        for (index_of_table, schema) in self.tables() {
            if self.takes_part(index, schema) {
                let table =
                    self.table(examined, &of_file, workbook, index_of_table, schema, Expected::Only(index));
                read.extend(table.map(|table| (index_of_table, table)));
            }
        }
        read
    }

    /// A file without properties: whose it is must be read from it.
    fn unknown(&self, examined: &mut Examined, workbook: &Workbook) -> Vec<(usize, ReadTable)> {
        let mut tables: Vec<(usize, &TableSchema)> =
            self.tables().filter(|(_, schema)| has_table(schema, workbook, self.period(schema))).collect();
        if tables.is_empty() {
            // What is missing is told with the headers that should be there.
            tables.extend(self.tables().next());
        }
        let of_file = examined.diagnostics.clone();
        let mut read = Vec::new();
        for (index, schema) in tables {
            let table = self.table(examined, &of_file, workbook, index, schema, Expected::Whoever);
            read.extend(table.map(|table| (index, table)));
        }
        let rows = read.iter().flat_map(|(_, table)| &table.records.rows);
        let departments: BTreeSet<usize> = rows.map(|row| row.department).collect();
        let departments: Vec<usize> = departments.into_iter().collect();
        match departments.as_slice() {
            [] => {
                unidentified(&mut examined.diagnostics, read.len());
                let has_said_why = has_errors(&examined.diagnostics);
                if !has_said_why {
                    let found = Diagnostic::new(&rules::ANSWER_UNIDENTIFIED, "认不出这是哪个部门的答复")
                        .at(Location::file(&examined.name))
                        .hint("请在表的部门一栏填上部门名称");
                    examined.diagnostics.push(found);
                }
                self.suggest_department(examined);
                Vec::new()
            }
            [only] => {
                examined.department = Some(*only);
                if !self.is_asked(*only) {
                    let name = self.project.register.name(*only).to_owned();
                    self.not_asked(examined, &name);
                }
                read
            }
            several => {
                let found = self.several(&examined.name, several);
                // The faults of other rows are not this file's to correct.
                examined.diagnostics = vec![found];
                examined.tables.clear();
                Vec::new()
            }
        }
    }

    /// Reads one table of the file; `of_file` is what was found in the file as such.
    fn table(
        &self,
        examined: &mut Examined,
        of_file: &[Diagnostic],
        workbook: &Workbook,
        index: usize,
        schema: &TableSchema,
        expected: Expected,
    ) -> Option<ReadTable> {
        let period = self.period(schema);
        let (register, cells) = (&self.project.register, &self.project.settings.cells);
        let (table, found) = read_table(schema, &examined.name, workbook, register, cells, period, expected);
        // What is wrong with another table of the file explains nothing in this one.
        let mut found = without_consequences(of_file.to_vec(), found).split_off(of_file.len());
        let Some(table) = table else {
            examined.diagnostics.extend(found);
            return None;
        };
        for diagnostic in &mut found {
            // In a whole bulletin's table a warning: here it is the likeliest sign of last month's file.
            if diagnostic.rule == &rules::PERIOD_MISMATCH {
                diagnostic.rule = &rules::ANSWER_WRONG_MONTH;
                diagnostic.severity = diagnostic.rule.severity;
                examined.is_misplaced = true;
            }
        }
        if is_unanswered(&table) {
            found.retain(|diagnostic| diagnostic.rule != &rules::CELL_MISSING);
            found.push(self.blank(schema, &table));
        }
        found.extend(moved(schema, &table));
        examined.diagnostics.extend(found);
        examined.tables.push(index);
        for row in &table.records.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let is_entry = schema.columns.get(column).is_some_and(|column| column.is_required(period));
                if let Some(cell) = cell.as_ref().filter(|_| is_entry) {
                    let text = match cell.amount {
                        Amount::Missing => "空白".to_owned(),
                        amount => amount.plain(),
                    };
                    examined.values.insert((index, column), text);
                }
            }
        }
        Some(table)
    }

    fn blank(&self, schema: &TableSchema, table: &ReadTable) -> Diagnostic {
        let first = schema.columns.iter().position(|column| column.number().is_some()).unwrap_or_default();
        let hint = match self.project.settings.cells.not_applicable.first() {
            Some(mark) => format!("请逐格填写；没有此项业务填“{mark}”，数量为零填 0"),
            None => "请逐格填写；数量为零填 0".to_owned(),
        };
        Diagnostic::new(&rules::ANSWER_BLANK, "表还没有填").at(table.column_location(first)).hint(hint)
    }

    fn several(&self, file: &str, departments: &[usize]) -> Diagnostic {
        let names: Vec<&str> = departments.iter().take(3).map(|at| self.project.register.name(*at)).collect();
        let message = match departments.len() {
            0 => "这是全部部门在一起的汇总表，不是一个部门的答复".to_owned(),
            count => format!("这个文件里有 {count} 个部门：{}等", names.join("、")),
        };
        let tables = self.tables().map(|(_, table)| format!("{}.xlsx", table.file));
        let tables: Vec<String> = tables.collect();
        Diagnostic::new(&rules::ANSWER_OF_SEVERAL, message)
            .at(Location::file(file))
            .hint("一份答复只能是一个部门的，请各部门分别报送")
            .hint(format!("确实是汇总表的，请直接放进 data/{}，命名为 {}", self.month, tables.join("、")))
    }

    fn not_asked(&self, examined: &mut Examined, name: &str) {
        let message = format!("按名册，“{}”在 {} 不参加统计", shown(name), self.month);
        examined.diagnostics.push(
            Diagnostic::new(&rules::ANSWER_NOT_ASKED, message)
                .at(Location::file(&examined.name))
                .hint("请核对是不是收错了文件，或修改 data/departments.toml 中的 since、until"),
        );
    }

    /// Where the file itself does not tell, its name may: the editor is told, and decides.
    fn suggest_department(&self, examined: &mut Examined) {
        let name = normal(examined.name.rsplit(['/', '\\']).next().unwrap_or_default());
        let register = &self.project.register;
        let names = register.iter().enumerate().flat_map(|(index, department)| {
            let names = std::iter::once(&department.name).chain(&department.aliases);
            names.map(move |known| (index, normal(known)))
        });
        // 省公安厅 is a longer name than 公安厅: the longest that fits is meant.
        let fitting = names.filter(|(_, known)| name.contains(known.as_str()));
        let best = fitting.max_by_key(|(index, known)| (known.len(), std::cmp::Reverse(*index)));
        if let (Some((index, _)), Some(first)) = (best, examined.diagnostics.last_mut()) {
            first.hints.push(format!("从文件名看，可能是“{}”的", register.name(index)));
        }
    }

    fn is_asked(&self, department: usize) -> bool {
        self.tables().any(|(_, schema)| self.takes_part(department, schema))
    }

    fn takes_part(&self, department: usize, schema: &TableSchema) -> bool {
        let department = self.project.register.get(department);
        department.is_some_and(|department| department.is_active(self.period(schema)))
    }
}

/// Where the one row of each of some tables does not tell whose it is, nobody knows whose the file is: of a form that
/// is what has to be corrected, not the row.
fn unidentified(diagnostics: &mut [Diagnostic], tables: usize) {
    let is_of_nobody = |found: &&mut Diagnostic| {
        [&rules::DEPARTMENT_UNKNOWN, &rules::DEPARTMENT_BLANK].contains(&found.rule)
    };
    if diagnostics.iter_mut().filter(is_of_nobody).count() > tables {
        return;
    }
    for found in diagnostics.iter_mut().filter(is_of_nobody) {
        found.rule = &rules::ANSWER_UNIDENTIFIED;
        found.message.push_str("，认不出这是哪个部门的答复");
    }
}

/// Whether no cell that a department has to fill in says anything.
pub(super) fn is_unanswered(table: &ReadTable) -> bool {
    let mut cells = table.records.rows.iter().flat_map(|row| row.cells.iter().flatten());
    !table.records.rows.is_empty() && cells.all(|cell| cell.amount == Amount::Missing && !cell.faulty)
}

/// Columns in another order are read by their headers; somebody should look whether the figures moved along.
fn moved(schema: &TableSchema, table: &ReadTable) -> Option<Diagnostic> {
    let index = table.moved_column()?;
    let header = schema.columns.get(index)?.header_text();
    Some(
        Diagnostic::new(
            &rules::ANSWER_COLUMNS_MOVED,
            format!("“{}”一列的位置与发出的表不同，已按表头读取", shown(&header)),
        )
        .at(table.column_location(index))
        .hint("请核对各列的数是否还在自己的表头下面"),
    )
}
