//! The peers: programs that people have instead.

use std::path::Path;

use super::measure::Command;

/// Those that were found.
pub struct Peers {
    typst: Option<String>,
    python: Option<String>,
}

impl Peers {
    /// Looks for the peers, and names those that are not there.
    pub fn find() -> Self {
        let named = |variable: &str, usual: &str| std::env::var(variable).unwrap_or(usual.to_owned());
        let here = Path::new(".");
        let (typst, python) = (named("TYPST", "typst"), named("PYTHON", "python3"));
        let has_typst = Command::new(&typst, here, ["--version"]).run().is_ok();
        let has_wheels = Command::new(&python, here, ["-c", "import typst, openpyxl"]).run().is_ok();
        if !has_typst {
            println!("Left out: typst-cli is not there (see the head of benches/issues/main.rs).\n");
        }
        if !has_wheels {
            println!("Left out: the Python wheels typst and openpyxl are not there.\n");
        }
        Self { typst: has_typst.then_some(typst), python: has_wheels.then_some(python) }
    }

    /// `typst compile` on the source that yuebao generated, with the same fonts and standards.
    pub fn compile(&self, folder: &Path, month: &str) -> Option<Command> {
        let (source, pdf) = (format!("output/{month}.typ"), format!("peer-{month}.pdf"));
        let words = ["compile", "--root", ".", "--ignore-system-fonts", "--font-path", "fonts"];
        let words = words.into_iter().chain(["--pdf-standard", "a-3a,ua-1", &source, &pdf]);
        Some(Command::new(self.typst.as_ref()?, folder, words))
    }

    /// A Python script that keeps the same compiler in one process, and reads the workbooks too.
    pub fn script(&self, folder: &Path, months: &[String]) -> Option<Command> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/issues/rival.py");
        let words = std::iter::once(script).chain(months.iter().map(String::as_str));
        Some(Command::new(self.python.as_ref()?, folder, words))
    }
}
