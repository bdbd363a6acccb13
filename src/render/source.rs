//! The generated Typst source: main.typ.j2 with every value written as a literal.

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::context::issue_value;
use super::literal::write_literal;
use super::templates::Templates;
use crate::diagnostic::{Diagnostic, Location, line_of, rules};
use crate::issue::Issue;
use crate::project::Project;

/// Generates the Typst source of an issue.
pub fn generate(
    project: &Project,
    issue: &Issue,
    templates: &Templates,
) -> (Option<String>, Vec<Diagnostic>) {
    let name = templates.main_name();
    let Some(template) = &templates.main else {
        let diagnostic = Diagnostic::new(&rules::TEMPLATE_MISSING, format!("没有排版模板 {name}"))
            .at(Location::file(&name))
            .hint("请检查 yuebao.toml 中 template 所指的文件夹");
        return (None, vec![diagnostic]);
    };
    match fill(&name, template, project, issue, templates) {
        Ok(source) => (Some(source), Vec::new()),
        Err(error) => (None, vec![explain(&name, template, &error)]),
    }
}

fn fill(
    name: &str,
    template: &str,
    project: &Project,
    issue: &Issue,
    templates: &Templates,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_formatter(|output, _, value| {
        let mut literal = String::new();
        write_literal(&mut literal, value)?;
        output.write_str(&literal).map_err(minijinja::Error::from)
    });
    let library = format!("/{}/lib.typ", templates.folder);
    environment.render_named_str(
        name,
        template,
        minijinja::context! { issue => issue_value(project, issue), library => library },
    )
}

/// A fault of the template engine, in the template's own file.
fn explain(name: &str, template: &str, error: &minijinja::Error) -> Diagnostic {
    let range = error.range().unwrap_or_else(|| {
        let line = error.line().unwrap_or(1);
        let start: usize = template.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        start..start
    });
    let what = match error.kind() {
        ErrorKind::UndefinedError => "用到了没有的名称",
        ErrorKind::SyntaxError => "模板的写法有误",
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction => {
            "用到了没有的过滤器或函数"
        }
        _ => "模板出错",
    };
    let mut diagnostic = Diagnostic::new(&rules::TEMPLATE_FAULT, what)
        .at(Location::in_text(name, template, range.start))
        .excerpt(line_of(template, &range));
    if let Some(detail) = error.detail() {
        diagnostic = diagnostic.hint(format!("模板引擎的说明：{detail}"));
    }
    diagnostic
}
