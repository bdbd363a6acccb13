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
    let unwritable = |error: io::Error| Failure::unwritable(&folder.to_string_lossy(), &error);
    if !copy_folder(&fonts, &folder.join("fonts"), stop).map_err(unwritable)? {
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
        return match named.is_dir() {
            true => Ok(named.to_path_buf()),
            false => {
                let message = format!("没有“{}”这个文件夹", shown(&named.to_string_lossy()));
                Err(Failure::new(message, "请写明字体所在的文件夹"))
            }
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

/// Copies what is not there yet; false where `stop` came before the last file.
fn copy_folder(from: &Path, to: &Path, stop: &AtomicBool) -> io::Result<bool> {
    fs::create_dir_all(to)?;
    remove_unused(to);
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if stop.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !copy_folder(&entry.path(), &target, stop)? {
                return Ok(false);
            }
        } else if !target.exists() {
            write_new(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(true)
}
