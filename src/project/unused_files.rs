//! Files of a month that look like another version of a table's file: nothing is read from them.

use super::files::Folder;
use super::inputs::{TableInput, is_named};
use super::month::Month;
use super::normal::normal;
use super::schema::TableSchema;
use crate::diagnostic::{Diagnostic, Location, rules, visible};

/// A finding for each file whose name contains that of a table, or of its file, and that no table is read from: a
/// correction of which the editor believes that it counts. `tables` are what each of the declared tables is read from.
pub fn unused_files(
    folder: &Folder,
    month: Month,
    declared: &[TableSchema],
    tables: &[Option<TableInput>],
) -> Vec<Diagnostic> {
    // A folder that does not tell its files is told of where the tables are looked for.
    let Ok(mut files) = folder.table_files(month) else { return Vec::new() };
    files.retain(|file| is_workbook(file) && !declared.iter().any(|table| is_named(file, &table.file)));
    let unused = files.iter().filter_map(|file| {
        let name = last_part(file);
        let there = declared.iter().zip(tables).filter_map(|(table, input)| Some((table, input.as_ref()?)));
        let meant = there.filter_map(|(table, input)| Some((likeness(name, table)?, input)));
        // Of two names of which one contains the other, the longer one is meant.
        let (_, input) = meant.max_by_key(|(likeness, _)| *likeness)?;
        let remedy = match &input.combined {
            Some(used) if input.answers.is_empty() => {
                format!("如果是更正过的，请用它替换 {}", visible(last_part(&used.name)))
            }
            _ => "如果是部门报来的，请用 yuebao collect 收".to_owned(),
        };
        let message = format!("文件夹里还有 {}，没有使用", visible(name));
        Some(
            Diagnostic::new(&rules::TABLE_FILE_UNUSED, message)
                .at(Location::file(file.as_str()))
                .hint(format!("{remedy}；不用的、与这张表无关的，请移出这个文件夹")),
        )
    });
    unused.collect()
}

/// Whether a file is of a kind that is nothing but tables: a text may be a note about one.
fn is_workbook(file: &str) -> bool {
    let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|it| it != "txt" && it != "toml")
}

/// How much of a file's name is that of a table, or of its file; none where it contains neither.
fn likeness(file: &str, table: &TableSchema) -> Option<usize> {
    let compared = |name: &str| normal(name).to_lowercase();
    let stem = compared(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let names = [&table.name, &table.file].map(|name| compared(name.as_str()));
    names.iter().filter(|name| stem.contains(name.as_str())).map(String::len).max()
}

fn last_part(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}
