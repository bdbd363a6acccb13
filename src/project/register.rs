//! The register of departments: official names, short forms, official order, months of activity.

use std::collections::BTreeMap;

use super::document::Document;
use super::entries::Entries;
use super::month::Month;
use super::normal::normal;
use super::term::Term;
use crate::diagnostic::{Diagnostic, Location, rules, shown};
use crate::similar::nearest;

/// All departments, in official order.
#[derive(Debug, Clone, Default)]
pub struct Register {
    departments: Vec<Department>,
    by_name: BTreeMap<String, usize>,
}

/// A department of the register.
#[derive(Debug, Clone)]
pub struct Department {
    /// The official name, as printed.
    pub name: String,
    /// Short forms, as written.
    pub aliases: Vec<String>,
    /// The months in which it takes part.
    pub term: Term,
    /// Where it stands in the register.
    pub at: Location,
}

impl Department {
    /// Whether it takes part in a month.
    pub fn is_active(&self, month: Month) -> bool {
        self.term.covers(month)
    }
}

impl Register {
    /// Reads data/departments.toml.
    pub fn parse(file: &str, text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        Document::new(file, text).read(|top| {
            let mut register = Self::default();
            for entries in top.tables("department") {
                register.add(&entries);
            }
            if register.departments.is_empty() {
                top.missing("[[department]]", "部门名册");
            }
            register
        })
    }

    fn add(&mut self, entries: &Entries<'_>) {
        let name = entries.required_text("name", "部门全称");
        let aliases = entries.texts("aliases");
        let term = Term::read(entries);
        let Some(name) = name else { return };
        let index = self.departments.len();
        for written in std::iter::once(&name).chain(&aliases) {
            match self.by_name.get(&normal(&written.value)) {
                Some(&other) if other != index => {
                    let other = self.name(other);
                    entries.report(
                        Diagnostic::new(
                            &rules::SETTING_DUPLICATE,
                            format!(
                                "名称“{}”同时属于“{}”和“{}”",
                                shown(&written.value),
                                shown(other),
                                shown(&name.value)
                            ),
                        )
                        .at(written.at.clone())
                        .hint("全称和简称都不能重复；请改用不会混淆的简称"),
                    );
                }
                _ => {
                    self.by_name.insert(normal(&written.value), index);
                }
            }
        }
        self.departments.push(Department {
            name: name.value,
            aliases: aliases.into_iter().map(|alias| alias.value).collect(),
            term,
            at: name.at,
        });
    }

    /// The department at an index of the official order.
    pub fn get(&self, index: usize) -> Option<&Department> {
        self.departments.get(index)
    }

    /// All departments, in official order.
    pub fn iter(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter()
    }

    /// The official name at an index of the official order; empty where there is none.
    pub fn name(&self, index: usize) -> &str {
        self.get(index).map_or("", |department| department.name.as_str())
    }

    /// The official name of the department with this name or short form.
    pub fn official_name(&self, name: &str) -> Option<&str> {
        self.find(name).map(|index| self.name(index))
    }

    /// The index in the official order of the department with this name or short form.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&normal(name)).copied()
    }

    /// The official names most like an unknown one.
    pub fn suggest(&self, name: &str) -> Vec<&str> {
        let name = normal(name);
        let near = nearest(&name, self.by_name.keys().map(String::as_str));
        let mut names: Vec<&str> = Vec::new();
        for near in near {
            let department = self.by_name.get(near).and_then(|&index| self.departments.get(index));
            let Some(department) = department else { continue };
            if !names.contains(&department.name.as_str()) {
                names.push(&department.name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(text: &str) -> (Register, Vec<Diagnostic>) {
        let (register, diagnostics) = Register::parse("departments.toml", text);
        (register.unwrap(), diagnostics)
    }

    #[test]
    fn a_department_is_found_by_any_of_its_names() {
        let (register, diagnostics) = register(
            "[[department]]\nname = \"省发展改革委\"\naliases = [\"发改委\"]\n[[department]]\nname = \"公安厅\"\nuntil = \"2024-12\"\n",
        );
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(register.find(" 发 改委"), Some(0));
        assert_eq!(register.find("公安厅"), Some(1));
        assert_eq!(register.suggest("省发展改委"), ["省发展改革委"]);
        assert!(!register.get(1).unwrap().is_active(Month::parse("2025-01").unwrap()));
    }

    #[test]
    fn a_name_of_two_departments_is_reported_where_it_stands_again() {
        let (_, diagnostics) = register(
            "[[department]]\nname = \"公安厅\"\n[[department]]\nname = \"省公安厅\"\naliases = [\"公 安厅\"]\n",
        );
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].location.as_ref().unwrap().to_string(), "departments.toml:5:12");
    }
}
