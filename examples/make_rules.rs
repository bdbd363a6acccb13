//! Writes docs/rules.md, the list of all rules: `cargo run --example make_rules`.
#![allow(clippy::disallowed_methods, reason = "an example writes its files itself")]

use std::path::Path;

fn main() -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    std::fs::write(path, yuebao::diagnostic::rules_document())
}
