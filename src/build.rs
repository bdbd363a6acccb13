//! One month from its files to its PDF, and what is shared between months: fonts and templates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::calculation::{EnteredMonth, MonthStore, ReachedMonths};
use crate::check::{Settled, gather, settle};
use crate::diagnostic::{Diagnostic, Location, has_errors, rules};
use crate::issue::{Issue, Sources, assemble};
use crate::output::unfinished_months;
use crate::project::{FileContent, FileRecord, Folder, Month, MonthPictures, Project, ReadFiles, Seen};
use crate::render::{Fonts, PrintedFigure, Rendered, TemplateFile, Templates, check_layout, render};
use crate::source::Isolation;

/// The name under which the machine's fonts stand among the files that a month depends on.
const SYSTEM_FONTS: &str = "本机字体";

/// What all months of a run have in common.
pub struct Workshop {
    /// The bulletin's declarations.
    pub project: Project,
    /// The fonts.
    pub fonts: Fonts,
    /// The layout.
    pub templates: Templates,
    /// How doubtful workbooks are read.
    pub isolation: Isolation,
    /// The files that all months depend on.
    shared: FileRecord,
    /// The same as they were looked at.
    shared_seen: Mutex<Seen>,
    /// What was entered for the months so far.
    months: MonthStore,
    /// The months of which something was unfinished when that was first asked for.
    unfinished: OnceLock<BTreeSet<Month>>,
}

/// A month's files, read once: to see whether they changed, and to build from them.
pub struct Loaded {
    month: Month,
    pictures: BTreeMap<String, Vec<u8>>,
    /// What was found wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The month's own files.
    files: ReadFiles,
}

/// A month's issue with its PDF.
pub struct Built {
    /// The issue.
    pub issue: Issue,
    /// Its generated source and PDF.
    pub rendered: Rendered,
}

/// A month's issue, and where its figures stand.
pub struct Located {
    /// The issue.
    pub issue: Issue,
    /// The printed figures; none where the pages cannot be laid out.
    pub figures: Option<Vec<PrintedFigure>>,
}

impl Workshop {
    /// Opens a bulletin's folder: declarations, fonts, templates; none where these hold an error.
    pub fn open(folder: Folder, isolation: Isolation) -> (Option<Self>, Vec<Diagnostic>) {
        let (project, mut diagnostics) = Project::open(folder.recording());
        let Some(mut project) = project else { return (None, diagnostics) };
        let (fonts, found) = read_fonts(&project);
        diagnostics.extend(found);
        let (templates, found) = read_templates(&project);
        diagnostics.extend(found);
        if has_errors(&diagnostics) {
            return (None, diagnostics);
        }
        let ReadFiles { record: mut shared, seen, .. } = project.folder.record();
        shared.extend(
            fonts.system_fingerprint(&project.settings.fonts).map(|now| (SYSTEM_FONTS.to_owned(), now)),
        );
        project.folder = folder;
        // A preferred family that is not installed is passed over, here and so in Typst.
        project.settings.fonts = fonts.without_absent(&project.settings.fonts);
        let workshop = Self {
            project,
            fonts,
            templates,
            isolation,
            shared,
            shared_seen: Mutex::new(seen),
            months: MonthStore::default(),
            unfinished: OnceLock::new(),
        };
        (Some(workshop), diagnostics)
    }

    /// Reads a month's files.
    pub fn load(&self, month: Month) -> Loaded {
        let Some(inputs) = self.months.inputs(&self.project, month) else {
            let missing = Diagnostic::new(&rules::FILE_UNREADABLE, format!("没有 {month} 这个月的文件夹"))
                .at(Location::file(Folder::month_folder(month)));
            let (pictures, files) = (BTreeMap::new(), ReadFiles::default());
            return Loaded { month, pictures, diagnostics: vec![missing], files };
        };
        let MonthPictures { contents: pictures, files: picture_files, diagnostics: found } =
            inputs.load_pictures(&self.project);
        let mut files = inputs.files.clone();
        files.extend(&picture_files);
        let diagnostics = inputs.diagnostics.iter().cloned().chain(found).collect();
        Loaded { month, pictures, diagnostics, files }
    }

    /// Every file that a month's outputs depend on, those of the other months `reached` included.
    pub fn files(&self, loaded: &Loaded, reached: &BTreeSet<Month>) -> ReadFiles {
        let mut files = ReadFiles { record: self.shared.clone(), ..ReadFiles::default() };
        files.extend_record(&loaded.files);
        let others = reached.iter().filter_map(|month| self.months.inputs(&self.project, *month));
        others.for_each(|inputs| files.extend_record(&inputs.files));
        files
    }

    /// A name under which something else stands now than what was read for a month, or for all of them, if any;
    /// something of which that cannot be told is an error.
    pub fn changed_meanwhile(&self, read: &mut ReadFiles) -> Result<Option<String>, Diagnostic> {
        let folder = &self.project.folder;
        if let Some(own) = read.seen.changed(folder)? {
            return Ok(Some(own.to_owned()));
        }
        // Others wait while a font is read again: then they need not do so.
        let mut shared = self.shared_seen.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(shared.changed(folder)?.map(str::to_owned))
    }

    /// Whether something of a month's outputs was unfinished when the run began.
    pub fn has_unfinished(&self, month: Month) -> bool {
        self.unfinished.get_or_init(|| unfinished_months(&self.project.folder)).contains(&month)
    }

    /// The record of all that was read for a month, and for all of them.
    pub fn record(&self, read: &ReadFiles) -> FileRecord {
        let mut files = self.shared.clone();
        files.extend(read.record.clone());
        files
    }

    /// Reads, checks and computes a month.
    pub fn compute(&self, month: Month) -> (Option<Issue>, Vec<Diagnostic>) {
        let Assembled { entered, issue, diagnostics, .. } = self.put_together(self.load(month));
        // Pages were not laid out: what only they would show may still be acknowledged.
        let Concluded { issue, diagnostics, .. } =
            self.conclude(entered.as_deref(), issue, diagnostics, false);
        (issue, diagnostics)
    }

    /// Computes a month, and finds where its figures stand on the pages. Findings are those of computing
    /// alone: a fault of the layout leaves the figures without places, and is for [`Self::check`] to tell.
    pub fn locate(&self, month: Month) -> (Option<Located>, Vec<Diagnostic>) {
        self.fonts.hash_ahead();
        let Assembled { entered, issue, pictures, diagnostics } = self.put_together(self.load(month));
        let figures = issue
            .as_ref()
            .and_then(|issue| check_layout(&self.project, issue, &self.templates, &self.fonts, pictures).0);
        let Concluded { issue, diagnostics, .. } =
            self.conclude(entered.as_deref(), issue, diagnostics, false);
        (issue.map(|issue| Located { issue, figures }), diagnostics)
    }

    /// Does everything but the PDF: the issue is laid out on pages too, so that a fault of the
    /// template or a missing character is found.
    pub fn check(&self, month: Month) -> (Vec<Settled>, Vec<Diagnostic>) {
        self.fonts.hash_ahead();
        let Assembled { entered, issue, pictures, mut diagnostics } = self.put_together(self.load(month));
        if let Some(issue) = &issue {
            diagnostics.extend(check_layout(&self.project, issue, &self.templates, &self.fonts, pictures).1);
        }
        let Concluded { settled, diagnostics, .. } =
            self.conclude(entered.as_deref(), issue, diagnostics, true);
        (settled, diagnostics)
    }

    /// Builds a month in memory; none where there is an error.
    pub fn build(&self, month: Month) -> (Option<Built>, Vec<Diagnostic>) {
        self.build_loaded(self.load(month))
    }

    /// Builds a month in memory from files that were read before; none where there is an error.
    pub fn build_loaded(&self, loaded: Loaded) -> (Option<Built>, Vec<Diagnostic>) {
        let (built, _, diagnostics) = self.build_and_settle(loaded);
        (built, diagnostics)
    }

    /// Builds as [`Self::build_loaded`] does; gives what is acknowledged too, which is told though nothing is built.
    pub fn build_and_settle(&self, loaded: Loaded) -> (Option<Built>, Vec<Settled>, Vec<Diagnostic>) {
        self.fonts.hash_ahead();
        let Assembled { entered, issue, pictures, mut diagnostics } = self.put_together(loaded);
        let mut rendered = None;
        if let Some(issue) = &issue {
            let (done, found) = render(&self.project, issue, &self.templates, &self.fonts, pictures);
            rendered = done;
            diagnostics.extend(found);
        }
        let Concluded { issue, settled, diagnostics } =
            self.conclude(entered.as_deref(), issue, diagnostics, true);
        let built = issue.zip(rendered).map(|(issue, rendered)| Built { issue, rendered });
        (built, settled, diagnostics)
    }

    fn put_together(&self, loaded: Loaded) -> Assembled {
        let Loaded { month, pictures, mut diagnostics, .. } = loaded;
        let months = |month| self.months.month(&self.project, &self.isolation, month);
        let Some(entered) = months(month) else {
            return Assembled { entered: None, issue: None, pictures, diagnostics };
        };
        self.months.enter_past(&self.project, &self.isolation, month);
        let sources = Sources {
            project: &self.project,
            entered: Arc::clone(&entered),
            pictures: &pictures,
            months: &months,
        };
        // Those of the files are among the findings of what was entered.
        diagnostics.retain(|found| !entered.inputs.diagnostics.contains(found));
        let (issue, found) = assemble(&sources);
        diagnostics.extend(found);
        let issue = issue.filter(|_| !has_errors(&diagnostics));
        Assembled { entered: Some(entered), issue, pictures, diagnostics }
    }

    /// Settles what was acknowledged.
    fn conclude(
        &self,
        entered: Option<&EnteredMonth>,
        issue: Option<Issue>,
        diagnostics: Vec<Diagnostic>,
        is_complete: bool,
    ) -> Concluded {
        let Some(declared) = entered.and_then(|entered| entered.inputs.issue.as_ref()) else {
            return Concluded { issue, settled: Vec::new(), diagnostics: gather(diagnostics) };
        };
        let is_complete = is_complete && !has_errors(&diagnostics);
        let (settled, diagnostics) = settle(&self.project, declared, diagnostics, is_complete);
        let issue = issue.filter(|_| !has_errors(&diagnostics));
        let issue = issue.map(|issue| Issue { settled: settled.clone(), ..issue });
        Concluded { issue, settled, diagnostics: gather(diagnostics) }
    }
}

impl Loaded {
    /// The month's own files.
    pub fn files(&self) -> ReadFiles {
        self.files.clone()
    }
}

/// Adds the files of other months to those of the one that looked at them.
pub fn add_reached(files: &mut ReadFiles, reached: &ReachedMonths) {
    for (month, entered) in reached {
        match entered {
            Some(entered) => files.extend(&entered.inputs.files),
            None => files.seen.note_absent(Folder::month_folder(*month)),
        }
    }
}

/// A month's issue with what belongs to it.
struct Assembled {
    /// What was entered; none where the month has no folder.
    entered: Option<Arc<EnteredMonth>>,
    issue: Option<Issue>,
    pictures: BTreeMap<String, Vec<u8>>,
    diagnostics: Vec<Diagnostic>,
}

/// What was found about a month, and what of it is acknowledged.
struct Concluded {
    /// None where there are errors.
    issue: Option<Issue>,
    settled: Vec<Settled>,
    diagnostics: Vec<Diagnostic>,
}

/// Whether a file of this name is taken for a font.
pub fn is_font(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc" | "otc"))
}

/// Reads the fonts of the project's folder and holds them against the declared roles.
pub fn read_fonts(project: &Project) -> (Fonts, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    let mut names = project.folder.files_below("fonts", &mut diagnostics);
    names.retain(|name| is_font(name));
    // Fonts are large: most of the time before the first month goes into reading and hashing them.
    let contents: Vec<_> = names.par_iter().map(|name| project.folder.read(name)).collect();
    for (name, content) in names.into_iter().zip(contents) {
        match content {
            Ok(content) => files.push((name, content.bytes)),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let settings = &project.settings.fonts;
    let fonts = Fonts::new(files, settings.system);
    // What cannot be read would seem to lack what it may hold.
    if !has_errors(&diagnostics) {
        diagnostics.extend(fonts.check(settings));
    }
    if settings.system {
        diagnostics.push(
            Diagnostic::new(&rules::SYSTEM_FONTS, "允许使用本机安装的字体，换一台电脑印出的版面可能不同")
                .at(Location::file(crate::project::SETTINGS_FILE))
                .hint("要各处一致，请在 [fonts] 中写 system = false"),
        );
    }
    (fonts, diagnostics)
}

fn read_templates(project: &Project) -> (Templates, Vec<Diagnostic>) {
    let folder = format!("templates/{}", project.settings.template);
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    // A template may share files with its neighbours.
    for name in project.folder.files_below("templates", &mut diagnostics) {
        match project.folder.read(&name) {
            Ok(content) => {
                diagnostics.extend(no_text(&folder, &content));
                files.push(TemplateFile { name, bytes: content.bytes });
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (Templates::new(folder, files), diagnostics)
}

/// The template's own files for Typst are text: what is wrong with one that is not.
fn no_text(folder: &str, file: &FileContent) -> Option<Diagnostic> {
    let is_own = file.name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let is_text = file.name.ends_with(".typ") || file.name.ends_with(".typ.j2");
    let found = if is_own && is_text { file.text().err() } else { None };
    found.map(|found| Diagnostic { rule: &rules::TEMPLATE_FAULT, ..found })
}
