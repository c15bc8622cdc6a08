//! The way from the beginning to a state, for the story of a violation. Put into words only when it is told.

use std::fmt;
use std::rc::Rc;

/// The last step to a state, and the way before it.
pub struct Trail {
    pub what: What,
    pub before: Option<Rc<Trail>>,
}

/// Event of a step.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// Event in these words.
    Plain(&'static str),
    /// The power fails before the action with this index.
    Cut(usize),
    /// The journal fails at this record or recall, counted from 0.
    JournalFails(usize),
    /// The counter prints from this seat on.
    CounterPrints(usize),
}

impl From<&'static str> for What {
    fn from(text: &'static str) -> Self {
        Self::Plain(text)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::Cut(index) => write!(f, "power cut before action {index}"),
            Self::JournalFails(index) => write!(f, "journal fails at {index}"),
            Self::CounterPrints(seat) => write!(f, "counter prints from seat {seat} on"),
        }
    }
}
