//! What `collect` and `status` begin with: the bulletin, and the month whose departments are asked.

use super::args::Common;
use super::printer::Printer;
use super::{Status, months, open_project};
use crate::diagnostic::Diagnostic;
use crate::form::FormSet;
use crate::project::{MisnamedMonth, Month, Periods, Project};

/// A month whose departments are asked for their figures.
pub struct AskedMonth {
    /// The bulletin's declarations.
    pub project: Project,
    /// The month.
    pub month: Month,
    /// The months that its tables report on.
    pub periods: Periods,
    /// What was found so far; it has not been told yet.
    pub diagnostics: Vec<Diagnostic>,
}

impl AskedMonth {
    /// Opens a month; where that cannot be done, why has been told.
    pub fn open(common: &Common, month: &str, printer: &mut Printer) -> Result<Self, Status> {
        let (project, mut diagnostics) = open_project(common, printer)?;
        let month = months::choose_one(&project.folder, month).map_err(|failure| printer.refuse(&failure))?;
        let (periods, found) = Periods::of_month(&project.folder, month);
        if FormSet::tables(&project, &periods).next().is_none() {
            let hint = "表的声明里写着 asked = false；要各部门填报的表，请删去这一行";
            printer.failure("yuebao.toml 中没有要部门填报的表", &[hint]);
            return Err(Status::Unusable);
        }
        diagnostics.extend(found);
        diagnostics.extend(MisnamedMonth::in_place_of_months(&project.folder));
        Ok(Self { project, month, periods, diagnostics })
    }
}
