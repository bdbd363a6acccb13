//! A rule: the stable code under which a kind of finding is known.

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl Rule {
    /// What to do, as a finding says it: without a full stop.
    pub fn hint(&self) -> &'static str {
        self.remedy.trim_end_matches('。')
    }
}

/// A rule in a file is its code.
pub(super) mod by_code {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Rule;
    use crate::diagnostic::rules;

    pub fn serialize<S: Serializer>(rule: &&'static Rule, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(rule.code)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Rule, D::Error> {
        let code = String::deserialize(deserializer)?;
        rules::all().find(|rule| rule.code == code).ok_or_else(|| D::Error::custom("unknown rule"))
    }
}
