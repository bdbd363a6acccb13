//! The integration tests: the real program, run in temporary folders.
//!
//! One binary, so that Typst is linked once. `harness` makes bulletins and runs
//! the program; every other file holds the tests of one room of it.
#![allow(clippy::disallowed_methods, reason = "tests make and read files of their own")]
#![allow(missing_docs, reason = "nothing here is a library")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod broken_files;
mod cells;
mod collecting;
mod departments;
mod escaping;
mod formats;
mod forms;
mod formulas;
mod headers;
mod json;
mod july;
mod layout;
mod misreadings;
mod months;
mod outputs;
mod reproducible;
mod returning;
mod round_trip;
mod rules;
mod settings;
mod starter;
mod texts;
mod totals;
mod typesetting;
mod usage;
mod verbs;
