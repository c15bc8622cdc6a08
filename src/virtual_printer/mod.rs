//! The virtual printer: interprets ESC/POS bytes and yields pictures of paper. Pure.
//!
//! realtime (picks real-time commands out) → command (bytes → commands) → page (commands → strips of dots) → printer
//! (strips → paper, as far as its condition permits). status encodes the printer's condition, script holds the faults to
//! come, pace the time that work takes, quirks what a clone lacks, paper makes the PNG. Dots, the font and the printers'
//! profiles are those of `receipt`, which knows nothing of this room.

mod command;
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
