//! The virtual printer: interprets ESC/POS bytes and yields pictures of paper. Pure.
//!
//! realtime (picks real-time commands out) → command (bytes → commands) → page (commands → strips of dots) → printer
//! (strips → paper, as far as its condition permits). font draws characters, status encodes the printer's condition,
//! script holds the faults to come, pace the time that work takes, quirks what a clone lacks, paper makes the PNG.

pub mod bitmap;
mod command;
pub(crate) mod font;
mod pace;
mod page;
mod paper;
mod printer;
mod quirks;
mod realtime;
mod script;
mod status;

pub use paper::{Paper, png};
pub use printer::{Dismissed, PAPER_ROWS_MAX, PAPERS_MAX, VirtualPrinter};
pub use script::{After, Fault};
pub use status::{Condition, MODEL};
