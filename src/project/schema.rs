//! The tables that yuebao.toml declares: their columns, units, decimals, totals and ranking.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::document::Written;
use super::entries::Entries;
use super::files::TABLE_EXTENSIONS;
use super::month::Month;
use super::normal::normal;
use super::number_column::{NumberColumn, read_number};
use super::prose::Prose;
use super::term::Term;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::similar::nearest;

/// The most levels of a header: so many header rows of a sheet are read as one.
pub const DEEPEST_HEADER: usize = 4;

/// A declared table.
#[derive(Debug, Clone)]
pub struct TableSchema {
    /// The name by which formulas and files refer to it: `operations`, operations.xlsx.
    pub name: String,
    /// The file's name within the month's folder, without its extension.
    pub file: String,
    /// The appendix's title; may use `period` and `month`.
    pub title: Prose,
    /// The columns in printed order.
    pub columns: Vec<ColumnSchema>,
    /// The index in `columns` by which departments are ranked, highest first; none keeps the official order.
    pub ranking: Option<usize>,
    /// Whether a row 合计 with the sum of each column is printed.
    pub total: bool,
    /// The months that it reports on; in others there is no such table.
    pub term: Term,
    /// Whether the departments are asked for it: `forms` and `collect` leave out what the centre fills in itself.
    pub asked: bool,
    /// What the last row of its header can hold, normalised: a row without any of these is none.
    pub last_labels: BTreeSet<String>,
}

/// A declared column.
#[derive(Debug, Clone)]
pub struct ColumnSchema {
    /// The name by which formulas refer to it; 序号 and 部门 need none.
    pub name: String,
    /// What the column holds.
    pub role: ColumnRole,
    /// The header's path, outermost first: 全程网办件（件）, 受理量.
    pub header: Vec<String>,
    /// The header's path as it is compared: normalised, joined by `/`.
    pub normal_header: String,
    /// Other headers that mean the same column, normalised, joined by `/`.
    pub aliases: Vec<String>,
    /// The relative width in print, in tenths.
    pub width_tenths: u32,
    /// Where the width is declared; the header, where it is not.
    pub width_at: Location,
    /// What the departments are to know about the column when they fill it in.
    pub note: Option<String>,
    /// The months in which the table has it.
    pub term: Term,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub enum ColumnRole {
    /// 序号: the row's number, or its rank in a ranked table; computed, and compared where it is declared.
    Sequence,
    /// The department's name.
    Department,
    /// A number of each department.
    Number(NumberColumn),
}

impl TableSchema {
    /// The columns that the table has in a month, with their index.
    pub fn columns_in(&self, period: Month) -> impl Iterator<Item = (usize, &ColumnSchema)> {
        self.columns.iter().enumerate().filter(move |(_, column)| column.term.covers(period))
    }

    /// The index of a number column by its name.
    pub fn number_column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name && column.number().is_some())
    }

    /// The index of the column that holds the department's name.
    pub fn department_column(&self) -> Option<usize> {
        self.columns.iter().position(|column| matches!(column.role, ColumnRole::Department))
    }

    /// How many rows the printed header has.
    pub fn header_depth(&self) -> usize {
        self.columns.iter().map(|column| column.header.len()).max().unwrap_or(1)
    }
}

impl ColumnSchema {
    /// The number's reading rules, if the column holds numbers.
    pub fn number(&self) -> Option<&NumberColumn> {
        match &self.role {
            ColumnRole::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether a month's file must have the column: what is computed it may leave out.
    pub fn is_required(&self, period: Month) -> bool {
        self.term.covers(period)
            && match &self.role {
                ColumnRole::Sequence => false,
                ColumnRole::Department => true,
                ColumnRole::Number(number) => number.formula.is_none(),
            }
    }

    /// Whether the column is computed from others.
    pub fn is_derived(&self) -> bool {
        self.number().is_some_and(|number| number.formula.is_some())
    }

    /// Whether it is declared to have a total.
    pub fn declares_total(&self) -> bool {
        self.number().is_some_and(|number| number.total)
    }

    /// The header as messages show it.
    pub fn header_text(&self) -> String {
        self.header.join("/")
    }

    /// Whether a normalised header path, joined by `/`, means this column.
    pub fn is_headed(&self, path: &str) -> bool {
        self.normal_header == path || self.name == path || self.aliases.iter().any(|alias| alias == path)
    }

    /// What the last row of the column's header can hold, normalised.
    fn last_labels(&self) -> impl Iterator<Item = String> {
        let last = self.header.last().map(|label| normal(label));
        let of_aliases = self.aliases.iter().filter_map(|alias| alias.rsplit('/').next().map(str::to_owned));
        let whole = [&self.normal_header, &self.name].into_iter().chain(&self.aliases).cloned();
        last.into_iter().chain(of_aliases).chain(whole)
    }
}

/// Names that mean something else where a table's could stand.
const RESERVED_TABLE_NAMES: [&str; 5] = ["figures", "values", "month", "period", "number"];
/// Names that mean something else where a column's could stand.
const RESERVED_COLUMN_NAMES: [&str; 4] = ["total", "rank", "sequence", "department"];

fn reserved(entries: &Entries<'_>, name: &str, at: &Location, names: &[&str]) -> bool {
    let is_reserved = names.contains(&name);
    if is_reserved {
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, format!("name 不能用“{name}”，它另有含义"))
                .at(at.clone())
                .hint("请换一个英文名"),
        );
    }
    is_reserved
}

/// Reads `[[table]]`, and adds the headers to the `printed` texts; a table with a fault in its essentials is left out.
pub(super) fn read_tables(top: &Entries<'_>, printed: &mut Vec<(&'static str, Prose)>) -> Vec<TableSchema> {
    let mut tables: Vec<TableSchema> = Vec::new();
    for entries in top.tables("table") {
        let name = read_name(&entries, "表的英文名")
            .filter(|(name, at)| !reserved(&entries, name, at, &RESERVED_TABLE_NAMES))
            .filter(|(name, at)| {
                let is_taken = tables.iter().any(|table| table.name == *name);
                if is_taken {
                    duplicate(&entries, name, at.clone());
                }
                !is_taken
            });
        let Some((name, _)) = name else {
            // What else stands there is not looked at, and no key of it is unknown.
            entries.allow_any_key();
            continue;
        };
        tables.extend(read_table(&entries, name, printed));
    }
    tables
}

fn read_table(
    entries: &Entries<'_>,
    name: String,
    printed: &mut Vec<(&'static str, Prose)>,
) -> Option<TableSchema> {
    let title = entries.prose("title");
    if title.is_none() && !entries.has("title") {
        entries.missing("title", "附表标题");
    }
    let ranking = entries.text("ranking");
    let total = entries.flag("total");
    // Asked for first, so that the key is known though it is seldom written.
    let asked = entries.flag("asked") || !entries.has("asked");
    let term = Term::read(entries);
    let file = read_file_name(entries).unwrap_or_else(|| name.clone());
    let columns = read_columns(entries, printed);
    let last_labels = columns.iter().flat_map(ColumnSchema::last_labels).collect();
    let mut table =
        TableSchema { name, file, title: title?, columns, ranking: None, total, term, asked, last_labels };
    if table.department_column().is_none() {
        entries.report(
            Diagnostic::new(&rules::SETTING_MISSING, format!("表 {} 没有部门名称一列", table.name))
                .at(entries.at())
                .hint("请有一列写 role = \"department\""),
        );
        return None;
    }
    if let Some(ranking) = ranking {
        table.ranking = table.number_column(&ranking.value);
        if table.ranking.is_none() {
            let names = table.columns.iter().filter(|column| column.number().is_some());
            let near = nearest(&ranking.value, names.map(|column| column.name.as_str()));
            let diagnostic = Diagnostic::new(
                &rules::SETTING_INVALID,
                format!("ranking 所指的列“{}”不在表 {} 中", shown(&ranking.value), table.name),
            )
            .at(ranking.at);
            entries.report(match near.first() {
                Some(near) => diagnostic.hint(format!("是不是“{near}”？")),
                None => diagnostic,
            });
        }
    }
    Some(table)
}

/// The file's name where it is not the table's: without an extension, for several are looked for.
fn read_file_name(entries: &Entries<'_>) -> Option<String> {
    let Written { value: name, at } = entries.text("file")?;
    let without_extension = name
        .rsplit_once('.')
        .filter(|(_, extension)| TABLE_EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()));
    let (message, hint) = match without_extension {
        Some((stem, _)) => ("file 只写文件名，不写扩展名", format!("请写成 file = \"{}\"", shown(stem))),
        None if name.trim().is_empty() => {
            ("file（表格的文件名）是空的", "文件名与表的英文名相同的，请删去这一行".to_owned())
        }
        None if name.contains('/') => {
            ("file 应为当月文件夹里的一个文件名，不含斜杠", "请把文件直接放在当月的文件夹里".to_owned())
        }
        None => return Some(name),
    };
    entries.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(at).hint(hint));
    None
}

fn read_columns(table: &Entries<'_>, printed: &mut Vec<(&'static str, Prose)>) -> Vec<ColumnSchema> {
    let mut columns: Vec<ColumnSchema> = Vec::new();
    let mut roles = [false; 2];
    let mut intakes: Vec<(usize, Written<String>)> = Vec::new();
    for entries in table.tables("column") {
        let role = entries.text("role");
        let header = entries.required_text("header", "表头");
        printed.extend(entries.written_text("header").map(|header| ("heading", header)));
        let aliases = entries.texts("aliases").iter().map(|alias| normal(&alias.value)).collect();
        let width_tenths = read_width(&entries);
        let note =
            entries.text("note").map(|note| note.value.trim().to_owned()).filter(|note| !note.is_empty());
        let intake = entries.text("intake");
        let term = Term::read(&entries);
        if role.as_ref().is_some_and(|role| role.value == "department") && term != Term::default() {
            let message = "部门一列每个月都要有，不能写 since 或 until";
            let place = if term.since.is_some() { "since" } else { "until" };
            entries.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(entries.place_of(place)));
            continue;
        }
        let (name, role) = match role.as_ref().map(|role| role.value.as_str()) {
            Some("sequence") if !roles[0] => {
                roles[0] = true;
                ("sequence".to_owned(), ColumnRole::Sequence)
            }
            Some("department") if !roles[1] => {
                roles[1] = true;
                ("department".to_owned(), ColumnRole::Department)
            }
            None | Some("number") => {
                let name = read_name(&entries, "列的英文名");
                let number = read_number(&entries);
                let Some((name, at)) = name else { continue };
                if reserved(&entries, &name, &at, &RESERVED_COLUMN_NAMES) {
                    continue;
                }
                if columns.iter().any(|column| column.name == name) {
                    duplicate(&entries, &name, at);
                    continue;
                }
                (name, ColumnRole::Number(number))
            }
            Some(other) => {
                let again = matches!(other, "sequence" | "department");
                let message = if again {
                    format!("一张表只能有一列 role = \"{other}\"")
                } else {
                    format!("role 应为 sequence、department 或 number，这里是“{}”", shown(other))
                };
                entries
                    .report(Diagnostic::new(&rules::SETTING_INVALID, message).at(entries.place_of("role")));
                continue;
            }
        };
        let Some(header) = header else { continue };
        let width_at = if entries.has("width") { entries.place_of("width") } else { header.at.clone() };
        let header = read_header(&entries, &header);
        let normal_header = normal(&header.join("/"));
        intakes.extend(intake.map(|intake| (columns.len(), intake)));
        columns.push(ColumnSchema {
            name,
            role,
            header,
            normal_header,
            aliases,
            width_tenths,
            width_at,
            note,
            term,
        });
    }
    for (index, named) in intakes {
        let found = columns.iter().position(|column| column.name == named.value && column.number().is_some());
        if found == Some(index) {
            let message = "intake 应为另一列：这一列对应的受理量";
            table.report(Diagnostic::new(&rules::SETTING_INVALID, message).at(named.at));
        } else if found.is_none() {
            let numbers = columns.iter().filter(|column| column.number().is_some());
            let near = nearest(&named.value, numbers.map(|column| column.name.as_str())).first().copied();
            let message = format!("intake 所指的列“{}”不在这张表中", shown(&named.value));
            let diagnostic = Diagnostic::new(&rules::SETTING_INVALID, message).at(named.at);
            table.report(match near {
                Some(near) => diagnostic.hint(format!("是不是“{near}”？")),
                None => diagnostic,
            });
        }
        if let Some(ColumnRole::Number(number)) = columns.get_mut(index).map(|column| &mut column.role) {
            number.intake = found;
        }
    }
    columns
}

/// The header's path, outermost first.
fn read_header(entries: &Entries<'_>, header: &Written<String>) -> Vec<String> {
    let path: Vec<String> = header.value.split('/').map(|part| part.trim().to_owned()).collect();
    if path.len() > DEEPEST_HEADER {
        let message = format!("header（表头）最多 {DEEPEST_HEADER} 级，这里有 {} 级", path.len());
        entries.report(
            Diagnostic::new(&rules::SETTING_INVALID, message)
                .at(header.at.clone())
                .hint("级数更多的表头在表格里认不出来，请减少几级；不是分级的斜杠，请换成顿号"),
        );
    }
    path
}

fn read_width(entries: &Entries<'_>) -> u32 {
    let Some(width) = entries.decimal("width") else { return 10 };
    let tenths = width.value.checked_mul(Decimal::TEN).map(|tenths| tenths.normalize());
    match tenths.filter(|tenths| tenths.scale() == 0).map_or(Ok(0), u32::try_from) {
        Ok(tenths) if (1..=1000).contains(&tenths) => tenths,
        _ => {
            entries.report(
                Diagnostic::new(&rules::SETTING_INVALID, "width 应在 0.1 到 100 之间，最多一位小数")
                    .at(width.at),
            );
            10
        }
    }
}

/// Reads `name`: Latin letters, digits and underscores, so that formulas can hold it.
pub(super) fn read_name(entries: &Entries<'_>, what: &str) -> Option<(String, Location)> {
    let Written { value: name, at } = entries.required_text("name", what)?;
    if is_identifier(&name) {
        return Some((name, at));
    }
    entries.report(no_identifier(&format!("name（{what}）"), &name).at(at));
    None
}

/// The finding that a name cannot stand in a formula; `what` is that which it names.
pub(super) fn no_identifier(what: &str, name: &str) -> Diagnostic {
    let rule = "只能用英文字母、数字和下划线，不以数字开头，也不是 true、not 这样的词";
    Diagnostic::new(&rules::SETTING_INVALID, format!("{what}{rule}，这里是“{}”", shown(name)))
}

/// Whether a name can stand in a formula.
pub fn is_identifier(name: &str) -> bool {
    const WORDS_OF_THE_LANGUAGE: [&str; 10] =
        ["true", "false", "none", "not", "and", "or", "in", "is", "if", "else"];
    !WORDS_OF_THE_LANGUAGE.contains(&name)
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

pub(super) fn duplicate(entries: &Entries<'_>, name: &str, at: Location) {
    entries.report(
        Diagnostic::new(&rules::SETTING_DUPLICATE, format!("名称“{name}”用了两次"))
            .at(at)
            .hint("请改用另一个名称"),
    );
}
