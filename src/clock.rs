//! The present, by both clocks. A value that is handed in: nothing here reads a clock. Pure.

use jiff::Timestamp;
use std::time::Duration;

/// The present, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Time since the process began; never jumps. For time limits.
    pub mono: Duration,
    /// Wall clock; can jump. For records and policies.
    pub wall: Timestamp,
}
