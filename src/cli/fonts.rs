//! `fonts`: the roles of the layout, the families that serve them, and those in the folder that serve none.

use serde_json::json;

use super::args::Common;
use super::printer::Printer;
use super::{Status, open_project};
use crate::build::read_fonts;
use crate::diagnostic::{has_errors, shown};

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
    let unused = fonts.unused(&project.settings.fonts);
    if !unused.is_empty() {
        text.push_str("fonts 文件夹里没有用到的字体\n");
    }
    for family in &unused {
        text.push_str(&format!("    {}：{}\n", shown(&family.name), shown(&family.files.join("、"))));
    }
    let unused = unused.iter().map(|family| json!({ "name": family.name, "files": family.files }));
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
    let (roles, unused) = (roles.collect::<Vec<_>>(), unused.collect::<Vec<_>>());
    printer.data(&text, json!({ "version": 1, "roles": roles, "unused": unused }));
    printer.project(&diagnostics);
    if has_errors(&diagnostics) { Status::Faulty } else { Status::Done }
}
