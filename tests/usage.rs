//! Wrong words on the command line, help and version: in Chinese, with status 2 or 0.

use crate::harness::{Bulletin, assert_chinese, run_in};

#[test]
fn wrong_words_are_explained_with_what_was_probably_meant() {
    let bulletin = Bulletin::new();
    let mut told = String::new();
    for words in [
        &["bulid"][..],
        &["build", "--al"],
        &["build", "--all", "2025-07"],
        &["check", "--format", "xml"],
        &["check", "-C"],
        &["figures"],
        &["figures", "2025-07", "2025-06"],
        &["explain"],
        &["new"],
    ] {
        let outcome = bulletin.run(words).ending_with(2);
        assert_eq!(outcome.stdout, "", "{words:?}");
        told.push_str(&format!("$ yuebao {}\n{}", words.join(" "), outcome.stderr));
    }
    insta::assert_snapshot!(told, @r"
    $ yuebao bulid
    错误 没有“bulid”这个命令
      → 是不是“build”？
      → yuebao --help 可列出全部命令
    $ yuebao build --al
    错误 不认识“--al”
      → 是不是“--all”？
      → yuebao --help 可列出全部命令
    $ yuebao build --all 2025-07
    错误 --all 和 [月份] 不能同时写
      → yuebao --help 可列出全部命令
    $ yuebao check --format xml
    错误 --format <形式> 不能是“xml”
      → 可以是：human、json
      → yuebao --help 可列出全部命令
    $ yuebao check -C
    错误 --directory <文件夹> 后面要写明内容
      → yuebao --help 可列出全部命令
    $ yuebao figures
    错误 还缺少：<月份>
      → yuebao --help 可列出全部命令
    $ yuebao figures 2025-07 2025-06
    错误 不认识“2025-06”
      → yuebao --help 可列出全部命令
    $ yuebao explain
    错误 还缺少：<代码或月份>
      → yuebao --help 可列出全部命令
    $ yuebao new
    错误 还缺少：<月份>
      → yuebao --help 可列出全部命令
    ");
}

#[test]
fn without_a_verb_the_help_is_shown() {
    let outcome = run_in(&std::env::temp_dir(), &[]).ending_with(2);
    assert!(outcome.stderr.contains("用法：yuebao"), "{}", outcome.stderr);
}

#[test]
fn help_is_chinese_and_lists_every_verb() {
    let help = run_in(&std::env::temp_dir(), &["--help"]).done();
    assert_eq!(help.stderr, "");
    assert_chinese(&help.stdout);
    for verb in ["init", "new", "check", "build", "figures", "explain", "fonts"] {
        assert!(help.stdout.contains(&format!("  {verb} ")), "{verb} in {}", help.stdout);
        let help = run_in(&std::env::temp_dir(), &[verb, "--help"]).done();
        assert_chinese(&help.stdout);
        assert!(help.stdout.contains(&format!("用法：yuebao {verb}")), "{}", help.stdout);
    }
    assert!(!help.stdout.contains("read-workbook"), "a verb for the program itself: {}", help.stdout);
}

#[test]
fn the_version_is_told() {
    let outcome = run_in(&std::env::temp_dir(), &["--version"]).done();
    assert_eq!(outcome.stdout.trim(), format!("yuebao {}", env!("CARGO_PKG_VERSION")));
}

/// Only Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_told() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_yuebao"))
        .args(["explain", "Y0101"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(program.status.code(), Some(2));
    let told = "错误 结果没有写完：磁盘已满，或不许写这么大的文件\n  → 请清理磁盘后再试\n";
    assert_eq!(String::from_utf8(program.stderr).unwrap(), told);
}
