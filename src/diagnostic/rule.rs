//! A rule: the stable code under which a kind of finding is known.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The bulletin is printed all the same.
    Warning,
    /// Nothing is printed until it is put right.
    Error,
}

impl Severity {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable code, `Y` and four digits; never given to another rule.
    pub code: &'static str,
    /// The severity that a finding has unless something settles it.
    pub severity: Severity,
    /// A short name.
    pub title: &'static str,
    /// What it means and why it matters.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}
