//! `init [DIR]`: a new bulletin that builds at once.
#![allow(clippy::disallowed_methods, reason = "a new folder is no project yet: its files are copied here")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Common;
use super::printer::{Failure, Printer};
use super::{Status, stop};
use crate::build::is_font;
use crate::diagnostic::{shown, visible};
use crate::output::{remove_unused, write_new};
use crate::project::SETTINGS_FILE;
use crate::starter;

/// The file by which the shipped fonts' folder is known.
const FONTS_MARK: &str = "SOURCES.md";

/// Runs the verb.
pub fn run(common: &Common, folder: Option<&Path>, fonts: Option<&Path>, printer: &mut Printer) -> Status {
    let stop = stop::stop_requested();
    let base = common.directory.clone().unwrap_or_else(|| ".".into());
    let folder = match (folder, &common.directory) {
        (Some(folder), Some(_)) => base.join(folder),
        (Some(folder), None) => folder.to_path_buf(),
        (None, _) => base,
    };
    let mut next = vec![format!("已在{}新建月报。接下来：", told(&folder))];
    if !is_here(&folder) {
        next.push(format!("  cd \"{}\"", visible(&folder.to_string_lossy())));
    }
    next.push("  yuebao build            生成样例，见 output 文件夹".to_owned());
    next.push("  再改 yuebao.toml、data/departments.toml，用 yuebao new 月份 新建正式的一期".to_owned());
    match make_bulletin(&folder, fonts, stop).transpose() {
        Some(made) => printer.created(made, &next),
        None => printer.stopped("月报还没有建好；再运行一次会接着做"),
    }
}

fn is_here(folder: &Path) -> bool {
    folder == Path::new(".")
}

/// The folder's name within a sentence.
fn told(folder: &Path) -> String {
    match is_here(folder) {
        true => "当前文件夹".to_owned(),
        false => format!(" {} ", visible(&folder.to_string_lossy())),
    }
}

/// Makes a bulletin, and names its files; none where `stop` came before all fonts were there.
fn make_bulletin(
    folder: &Path,
    fonts: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Option<Vec<String>>, Failure> {
    if folder.join(SETTINGS_FILE).exists() {
        let message = format!("{}里已经有一份月报", told(folder).trim_start());
        return Err(Failure::new(message, "请换一个文件夹"));
    }
    let fonts = find_fonts(fonts)?;
    let mut files = starter::files()
        .map_err(|error| Failure::new(format!("程序自带的样例有误：{error}"), "请报告给开发者"))?;
    // yuebao.toml makes the folder a bulletin's: it comes last, when all else is there.
    files.sort_by_key(|(name, _)| name == SETTINGS_FILE);
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        let message = format!("{}里已经有 {name}", told(folder).trim_start());
        return Err(Failure::new(message, "为免覆盖，没有新建；请换一个空文件夹"));
    }
    let target = folder.join("fonts");
    let (from, to) = (resolved(&fonts), resolved(&target));
    if to != from && to.starts_with(&from) {
        let message = format!("新月报不能建在字体的文件夹“{}”里", shown(&fonts.to_string_lossy()));
        return Err(Failure::new(message, "请换一个位置新建"));
    }
    let unwritable = |error: io::Error| Failure::unwritable(&folder.to_string_lossy(), &error);
    if !copy_folder(&fonts, &target, stop, &unwritable)? {
        return Ok(None);
    }
    fs::create_dir_all(folder.join("output")).map_err(unwritable)?;
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    let parents: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    parents.into_iter().for_each(remove_unused);
    let mut names = Vec::new();
    for (name, content) in files {
        write_new(&folder.join(&name), &content).map_err(unwritable)?;
        names.push(name);
    }
    Ok(Some(names))
}

/// The folder of the shipped fonts: the one named, or beside the program, or in the bulletin at hand.
fn find_fonts(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        let name = named.to_string_lossy();
        return match named.is_dir() {
            true if holds_fonts(named) => Ok(named.to_path_buf()),
            true => {
                let message = format!("“{}”这个文件夹里没有字体文件", shown(&name));
                Err(Failure::new(message, "请写明直接放着字体文件（.ttf、.otf、.ttc、.otc）的文件夹"))
            }
            false => Err(Failure::new(format!("没有“{}”这个文件夹", shown(&name)), "请写明字体所在的文件夹")),
        };
    }
    let program = std::env::current_exe().and_then(fs::canonicalize).ok();
    let here = std::env::current_dir().ok();
    let starts = program.iter().chain(&here).flat_map(|start| start.ancestors());
    let candidates = starts.flat_map(|folder| [folder.join("fonts"), folder.join("share/yuebao/fonts")]);
    candidates.into_iter().find(|folder| folder.join(FONTS_MARK).is_file()).ok_or_else(|| {
        Failure::new("找不到随程序附带的字体", "请用 --fonts 指明 fonts 文件夹（解压安装包后与程序在一起）")
    })
}

/// Whether fonts stand in a folder itself: one that only has them somewhere below is probably not the one meant.
fn holds_fonts(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|name| name.to_str().is_some_and(is_font))
}

/// A path without links, though its last folders may not be there yet.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let resolve = |above: &Path| Some(fs::canonicalize(above).ok()?.join(path.strip_prefix(above).ok()?));
    path.ancestors().find_map(resolve).unwrap_or_else(|| path.clone())
}

/// Copies a folder's files that are not there yet into another folder; false where `stop` came before the last one.
/// All are known before the first is written, wherever that is.
fn copy_folder(
    from: &Path,
    to: &Path,
    stop: &AtomicBool,
    unwritable: &dyn Fn(io::Error) -> Failure,
) -> Result<bool, Failure> {
    let mut files = Vec::new();
    list_files(from, Path::new(""), &mut files)
        .map_err(|_| Failure::new(format!("读不了字体的文件夹{}", told(from)), "请检查它的权限"))?;
    fs::create_dir_all(to).map_err(unwritable)?;
    let folders: BTreeSet<PathBuf> =
        files.iter().filter_map(|name| to.join(name).parent().map(Path::to_path_buf)).collect();
    folders.iter().for_each(|folder| remove_unused(folder));
    for name in files {
        if stop.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let target = to.join(&name);
        if !target.exists() {
            let source = from.join(&name);
            let content = fs::read(&source).map_err(|_| {
                let message = format!("读不了字体文件夹里的“{}”", shown(&source.to_string_lossy()));
                Failure::new(message, "请检查这个文件的权限，或移走它")
            })?;
            write_new(&target, &content).map_err(unwritable)?;
        }
    }
    Ok(true)
}

/// Adds the names within `folder` of the files in its subfolder `below`.
fn list_files(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => list_files(folder, &name, files)?,
            false => files.push(name),
        }
    }
    Ok(())
}
