//! The bulletins that are measured with: they build without a remark, and are of the size asked for.

#[path = "../benches/load/mod.rs"]
mod made;

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
