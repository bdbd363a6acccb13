//! The names that are declared, whether or not their figures could be read.
//!
//! Where a source has errors, a declared name whose figure is absent has had its
//! fault reported there; to report every use of it too would bury that in a cascade.

use std::collections::BTreeSet;

use crate::figure::{Reference, ReferencePart};
use crate::project::{IssueFile, Project};

/// The declared names of an issue's figures.
#[derive(Debug, Clone, Default)]
pub struct DeclaredNames {
    /// `operations.total.mailed`, `operations[].mailed` (any department of the register), `figures.x`, `values.x`.
    names: BTreeSet<String>,
}

impl DeclaredNames {
    /// The names that yuebao.toml and issue.toml declare.
    pub fn new(project: &Project, issue: &IssueFile) -> Self {
        let settings = &project.settings;
        let mut names = BTreeSet::new();
        for table in &settings.tables {
            for column in table.columns.iter().filter(|column| column.number().is_some()) {
                names.insert(format!("{}.total.{}", table.name, column.name));
                names.insert(format!("{}[].{}", table.name, column.name));
            }
            if table.ranking.is_some() {
                names.insert(format!("{}[].rank", table.name));
            }
        }
        names.extend(settings.figures.iter().map(|figure| format!("figures.{}", figure.name)));
        names.extend(issue.value_names.iter().map(|name| format!("values.{name}")));
        Self { names }
    }

    /// Whether a name is declared; `knows` says whether a department is in the register.
    pub fn holds(&self, reference: &Reference, knows: impl Fn(&str) -> bool) -> bool {
        let mut pattern = String::new();
        for part in &reference.parts {
            match part {
                ReferencePart::Name(name) if pattern.is_empty() => pattern.push_str(name),
                ReferencePart::Name(name) => pattern.push_str(&format!(".{name}")),
                ReferencePart::Key(key) if knows(key) => pattern.push_str("[]"),
                ReferencePart::Key(_) => return false,
            }
        }
        self.names.contains(&pattern)
    }
}
