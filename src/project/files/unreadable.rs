//! Why a file or folder cannot be read, in words, and what to do about it.

use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Location, rules, shown};

/// The numbers by which systems say that too many files are open: EMFILE, ENFILE; ERROR_TOO_MANY_OPEN_FILES.
const TOO_MANY_OPEN: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };

/// Why something failed, and what to do, if too many files were open at that moment.
pub fn too_many_open(error: &io::Error) -> Option<(&'static str, &'static str)> {
    let is_so = error.raw_os_error().is_some_and(|number| TOO_MANY_OPEN.contains(&number));
    is_so.then_some(("同时打开的文件太多", "请关闭别的程序，再试一次；同时处理几个月时，请加 -j 1"))
}

/// Whether reading failed because nothing has that name; a link that leads nowhere is something.
pub(super) fn is_absent(path: &Path, error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound && !path.is_symlink()
}

/// The finding that something cannot be read; `name` is what messages call it.
pub(super) fn unreadable(path: &Path, name: &str, error: &io::Error) -> Diagnostic {
    let (why, hint) = explain_unreadable(path, error);
    Diagnostic::new(&rules::FILE_UNREADABLE, format!("无法读取 {}：{why}", shown(name)))
        .at(Location::file(name))
        .hint(hint)
}

/// Why something cannot be read, and what to do, for the editor.
pub(super) fn explain_unreadable(path: &Path, error: &io::Error) -> (&'static str, &'static str) {
    if let Some(explained) = too_many_open(error) {
        return explained;
    }
    match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            ("它是链接，所指的文件不存在", "请恢复所指的文件，或移走这个链接")
        }
        io::ErrorKind::NotFound => ("没有这个文件", "请检查文件名和所在文件夹"),
        io::ErrorKind::PermissionDenied => {
            ("没有权限，或正被别的程序打开", "请关闭正在打开它的程序，或检查文件权限")
        }
        io::ErrorKind::FileTooLarge => ("文件超过 64 MB", "请检查是否放错了文件"),
        io::ErrorKind::InvalidInput => ("它不是普通文件", "请换成普通的文件"),
        io::ErrorKind::NotADirectory => ("它应是文件夹，却是一个文件", "请移走这个文件，换成文件夹"),
        _ => ("读取中断", "请检查磁盘或网络盘，再试一次"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_too_many_files_are_open_is_no_fault_of_the_file() {
        for number in TOO_MANY_OPEN {
            let found = unreadable(Path::new("a"), "a", &io::Error::from_raw_os_error(*number));
            assert_eq!(found.message, "无法读取 a：同时打开的文件太多");
        }
        assert_eq!(too_many_open(&io::ErrorKind::PermissionDenied.into()), None);
    }
}
