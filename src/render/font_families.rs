//! Which families the font files of the project hold: a family is declared by the name within its file, which is
//! often another than the file's.

use typst::text::Font;

use crate::diagnostic::shown;
use crate::project::FontSettings;
use crate::similar::nearest;

/// The families of the project's font files.
#[derive(Debug, Default)]
pub(super) struct FontFamilies {
    /// Each file with a font, and the families that it holds.
    files: Vec<(String, Vec<String>)>,
}

/// A family that is in the fonts folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFamily {
    /// The name.
    pub name: String,
    /// The files that hold it, by their names within the project.
    pub files: Vec<String>,
}

impl FontFamilies {
    /// Adds a file with its fonts.
    pub(super) fn add(&mut self, file: &str, fonts: &[Font]) {
        let mut families: Vec<String> = Vec::new();
        for family in fonts.iter().map(|font| &font.info().family) {
            if !families.contains(family) {
                families.push(family.clone());
            }
        }
        self.files.push((file.to_owned(), families));
    }

    /// What to write for a family that is not there.
    pub(super) fn hint(&self, family: &str) -> String {
        let names = self.files.iter().flat_map(|(_, families)| families).map(String::as_str);
        if let Some(near) = nearest(family, names).first() {
            return format!("是不是“{}”？", shown(near));
        }
        let wanted = nearest(family, self.files.iter().map(|(file, _)| stem(file)));
        let file =
            wanted.first().and_then(|wanted| self.files.iter().find(|(file, _)| stem(file) == *wanted));
        match file {
            Some((file, families)) => {
                let families: Vec<String> = families.iter().map(|family| shown(family)).collect();
                format!("{} 里的字体名称是“{}”，请写这个名称", shown(file), families.join("”“"))
            }
            None => "请把字体文件放进 fonts 文件夹，或改用 yuebao fonts 列出的字体".to_owned(),
        }
    }

    /// The families that no role names, in the order of their files.
    pub(super) fn unused(&self, settings: &FontSettings) -> Vec<FolderFamily> {
        let declared: Vec<String> = settings
            .chains
            .iter()
            .flat_map(|chain| {
                let preferred = chain.preferred.iter().filter(|_| settings.system);
                preferred.chain(chain.families.iter().map(|family| &family.name))
            })
            .map(|name| name.to_lowercase())
            .collect();
        let mut unused: Vec<FolderFamily> = Vec::new();
        for (file, families) in &self.files {
            for name in families.iter().filter(|name| !declared.contains(&name.to_lowercase())) {
                match unused.iter_mut().find(|family| family.name == *name) {
                    Some(family) => family.files.push(file.clone()),
                    None => unused.push(FolderFamily { name: name.clone(), files: vec![file.clone()] }),
                }
            }
        }
        unused
    }
}

/// A file's name without folders and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
