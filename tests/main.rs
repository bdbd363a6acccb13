//! The integration tests: the real program, run in temporary folders.
//!
//! One binary, so that Typst is linked once. `harness` makes bulletins and runs
//! the program; every other file holds the tests of one room of it.
#![allow(clippy::disallowed_methods, reason = "tests make and read files of their own")]
#![allow(missing_docs, reason = "nothing here is a library")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod answers_by_table;
mod attachments;
mod batch;
mod broken_files;
mod cells;
mod checking_sheet;
mod checks;
mod collecting;
mod corrections;
mod departments;
mod escaping;
mod extreme_layouts;
mod faults;
mod formats;
mod forms;
mod formulas;
mod headers;
mod hostile_formulas;
mod incremental;
mod json;
mod july;
mod layout;
mod literal_numbers;
mod load;
mod meanwhile;
mod misreadings;
mod missing_months;
mod months;
mod no_room;
mod other_months;
mod outdated_forms;
mod outputs;
mod rates;
mod renamed;
mod reproducible;
mod returning;
mod round_trip;
mod rules;
mod settings;
mod starter;
mod stopped;
mod surroundings;
mod terms;
mod texts;
mod totals;
mod trail;
mod typesetting;
mod unreadable;
mod usage;
mod verbs;
mod verify;
mod year_to_date;
