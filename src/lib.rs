//! yuebao (月报): from departments' spreadsheets to the finished monthly bulletin.
//!
//! Data flows one way: bytes → workbook → table → issue → figures → Typst source
//! → document → PDF. Each step takes values and returns a value and its
//! diagnostics. docs/architecture.md is the map.
#![forbid(unsafe_code)]

pub mod batch;
pub mod build;
pub mod calculation;
pub mod check;
pub mod checking_sheet;
pub mod cli;
pub mod collect;
pub mod diagnostic;
pub mod figure;
pub mod form;
pub mod issue;
pub mod output;
pub mod project;
pub mod refresh;
pub mod render;
pub mod returns;
mod similar;
pub mod source;
pub mod starter;
pub mod state;
pub mod status;
pub mod table;
pub mod text;
pub mod threads;
mod toml_syntax;
pub mod trail;
pub mod verify;
