//! `fonts`: the roles of the layout and the families that serve them.

use serde_json::json;

use super::args::Common;
use super::printer::Printer;
use super::{Status, open_project};
use crate::build::read_fonts;
use crate::diagnostic::has_errors;

/// Runs the verb.
pub fn run(common: &Common, printer: &mut Printer) -> Status {
    let (project, mut diagnostics) = match open_project(common, printer) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let (fonts, found) = read_fonts(&project);
    diagnostics.extend(found);
    let roles = fonts.roles(&project.settings.fonts);
    let mut text = String::new();
    for role in &roles {
        text.push_str(&format!("{}  {}  字重 {}\n", role.role, role.purpose, role.weight));
        for family in &role.families {
            let state = match (family.found, family.preferred) {
                (true, false) => "使用",
                (true, true) => "优先使用",
                (false, true) if project.settings.fonts.system => "本机没有",
                (false, true) => "未启用（system = false）",
                (false, false) => "缺少",
            };
            text.push_str(&format!("    {}：{state}\n", family.name));
        }
    }
    let roles = roles.iter().map(|role| {
        let families = role.families.iter().map(
            |family| json!({ "name": family.name, "found": family.found, "preferred": family.preferred }),
        );
        json!({
            "role": role.role,
            "purpose": role.purpose,
            "weight": role.weight,
            "families": families.collect::<Vec<_>>(),
        })
    });
    printer.data(&text, json!({ "version": 1, "roles": roles.collect::<Vec<_>>() }));
    printer.project(&diagnostics);
    if has_errors(&diagnostics) { Status::Faulty } else { Status::Done }
}
