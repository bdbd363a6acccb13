//! The bulletins that are measured with: they build without a remark, are of the size asked for, and
//! take no more memory the more months there are.

#[path = "../benches/load/mod.rs"]
mod made;

#[cfg(target_os = "linux")]
#[path = "../benches/issues/measure.rs"]
#[allow(dead_code, reason = "times are for the benchmarks alone")]
mod measure;

use crate::harness::run_in;

#[test]
fn a_load_builds_without_a_remark() {
    let folder = tempfile::tempdir().unwrap();
    let size = made::Load { months: 2, ..made::USUAL };
    made::make(folder.path(), size).unwrap();
    let told = run_in(folder.path(), &["build", "--all"]).done().stderr;
    assert_eq!(
        told,
        "2000-01 已生成 output/2000-01.pdf\n2000-02 已生成 output/2000-02.pdf\n共 2 个月：生成 2 个\n"
    );
}

/// Only Linux tells the memory that another program held at most.
#[cfg(target_os = "linux")]
#[test]
fn what_is_remembered_of_former_months_is_freed() {
    let peak = |months| {
        let folder = tempfile::tempdir().unwrap();
        made::make(folder.path(), made::Load { months, departments: 15, pages: 2 }).unwrap();
        let words = ["build", "--all", "--force", "-j", "2", "--quiet"];
        let program = measure::Command::new(env!("CARGO_BIN_EXE_yuebao"), folder.path(), words);
        // On a busy machine the threads meet more or less often at their peaks: the least of several runs is the
        // program's own.
        let peaks = [(); 3].map(|()| measure::peak_memory(&program).unwrap());
        peaks.into_iter().fold(f64::INFINITY, f64::min)
    };
    let (few, many) = (peak(6), peak(30));
    assert!(many < few * 1.3, "{few:.0} MiB for 6 months, {many:.0} MiB for 30");
}
