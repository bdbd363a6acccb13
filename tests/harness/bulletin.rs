//! A bulletin in a temporary folder: small, sound, and changed by a test in one place or another.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::outcome::{Answer, Outcome, Run};
use super::table::Table;
use super::value::Value;

/// The repository, whose fonts, templates and sample data the tests use.
pub const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// The month that a test's bulletin has.
pub const MONTH: &str = "2025-07";
/// The endings of the files that a build writes: PDF, source, figures, checking sheet.
pub const OUTPUTS: [&str; 4] = ["pdf", "typ", "figures.json", "checks.html"];

/// A bulletin that a test may change. Without changes it has no findings.
pub struct Bulletin {
    /// Removes the folder in the end.
    _temporary: TempDir,
    root: PathBuf,
    tables: BTreeMap<&'static str, Table>,
}

/// Runs the program in a folder.
pub fn run_in(folder: &Path, words: &[&str]) -> Outcome {
    Run::new(folder, words).outcome()
}

impl Bulletin {
    /// The small bulletin: two tables, four departments, one month.
    pub fn new() -> Self {
        Self::in_folder("bulletin")
    }

    /// The small bulletin with its month built.
    pub fn built() -> Self {
        let bulletin = Self::new();
        bulletin.build().is_clean();
        bulletin
    }

    /// The small bulletin in a folder of this name.
    pub fn in_folder(name: &str) -> Self {
        let bulletin = Self::empty(name)
            .with_file("yuebao.toml", include_str!("project/yuebao.toml"))
            .with_file("data/departments.toml", include_str!("project/departments.toml"))
            .with_file("data/2025-07/issue.toml", include_str!("project/issue.toml"));
        bulletin.with_table("operations", Table::operations()).with_table("assessment", Table::assessment())
    }

    /// The repository's own bulletin with its three months of sample data.
    pub fn sample() -> Self {
        let bulletin = Self::empty("sample");
        copy(Path::new(REPOSITORY).join("yuebao.toml"), &bulletin.path("yuebao.toml"));
        copy_folder(&Path::new(REPOSITORY).join("data"), &bulletin.path("data"));
        bulletin
    }

    /// A folder with the repository's templates and fonts, and nothing else.
    fn empty(name: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join(name);
        copy_folder(&Path::new(REPOSITORY).join("templates"), &root.join("templates"));
        link_fonts(&root.join("fonts"));
        Self { _temporary: temporary, root, tables: BTreeMap::new() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a file by its name within the bulletin.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The content of a file.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The content of a text file.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// With a file of this content; the name is within the bulletin.
    pub fn with_file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Without a file.
    pub fn without_file(self, name: &str) -> Self {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    /// With something in place of a file or a folder that is there but cannot be read, not even by root: a link that
    /// leads to itself.
    #[cfg(unix)]
    pub fn with_unreadable(self, name: &str) -> Self {
        let path = self.path(name);
        match path.is_dir() {
            true => fs::remove_dir_all(&path).unwrap(),
            false => fs::remove_file(&path).unwrap(),
        }
        std::os::unix::fs::symlink(&path, &path).unwrap();
        self
    }

    /// With one passage of a text file replaced; it must stand there exactly once.
    pub fn with_edit(self, name: &str, from: &str, to: &str) -> Self {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "“{from}” in {name}");
        self.with_file(name, text.replace(from, to))
    }

    /// With something added at the end of a text file.
    pub fn with_addition(self, name: &str, addition: &str) -> Self {
        let text = self.text(name) + addition;
        self.with_file(name, text)
    }

    /// With a table's workbook replaced.
    pub fn with_table(mut self, name: &'static str, table: Table) -> Self {
        let bytes = table.xlsx();
        self.tables.insert(name, table);
        self.with_file(&workbook_name(name), bytes)
    }

    /// With a table's workbook changed.
    pub fn with_changed(self, name: &'static str, change: impl FnOnce(Table) -> Table) -> Self {
        let table = change(self.tables[name].clone());
        self.with_table(name, table)
    }

    /// With another content in a cell of a table's workbook.
    pub fn with_cell(self, name: &'static str, cell: &str, value: impl Into<Value>) -> Self {
        self.with_changed(name, |table| table.with(cell, value))
    }

    /// With a file of this content in place of a table's workbook.
    pub fn with_table_file(self, name: &str, file: &str, content: impl AsRef<[u8]>) -> Self {
        self.without_file(&workbook_name(name)).with_file(&format!("data/{MONTH}/{file}"), content)
    }

    /// With a copy of the month's folder as another month, whose number is counted by the year.
    pub fn with_month(self, month: &str) -> Self {
        copy_folder(&self.path(&format!("data/{MONTH}")), &self.path(&format!("data/{month}")));
        let name = format!("data/{month}/issue.toml");
        let number = month.rsplit('-').next().unwrap().trim_start_matches('0');
        match fs::read_to_string(self.path(&name)) {
            Ok(text) => self.with_file(&name, text.replace("number = 7\n", &format!("number = {number}\n"))),
            Err(_) => self,
        }
    }

    /// With copies of the fonts in place of links to the repository's, which another user may not follow.
    #[cfg(unix)]
    pub fn with_own_fonts(self) -> Self {
        for entry in fs::read_dir(self.path("fonts")).unwrap() {
            let path = entry.unwrap().path();
            let content = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            fs::write(&path, content).unwrap();
        }
        self
    }

    /// Runs the program in the bulletin's folder.
    pub fn run(&self, words: &[&str]) -> Outcome {
        run_in(&self.root, words)
    }

    /// What checking the month finds.
    #[track_caller]
    pub fn check(&self) -> Answer {
        self.run(&["--format", "json", "check", MONTH]).answer()
    }

    /// What building the month finds.
    #[track_caller]
    pub fn build(&self) -> Answer {
        self.run(&["--format", "json", "build", MONTH]).answer()
    }

    /// The month's outputs, in the order of [`OUTPUTS`].
    pub fn outputs(&self) -> [Vec<u8>; 4] {
        OUTPUTS.map(|extension| self.bytes(&format!("output/{MONTH}.{extension}")))
    }
}

fn workbook_name(table: &str) -> String {
    format!("data/{MONTH}/{table}.xlsx")
}

/// The repository's fonts one by one, so that a test may put others beside them.
fn link_fonts(to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(Path::new(REPOSITORY).join("fonts")).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.extension().is_some_and(|extension| extension == "otf" || extension == "ttf") {
            #[cfg(unix)]
            std::os::unix::fs::symlink(path, to.join(name)).unwrap();
            #[cfg(not(unix))]
            copy(path, &to.join(name));
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        match path.is_dir() {
            true => copy_folder(&path, &to.join(name)),
            false => copy(path, &to.join(name)),
        }
    }
}

fn copy(from: impl AsRef<Path>, to: &Path) {
    fs::copy(from.as_ref(), to).unwrap_or_else(|error| panic!("{}: {error}", from.as_ref().display()));
}
