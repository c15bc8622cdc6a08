//! The flows of the vendor's document: which call follows which answer. Pure: `handle(state, input, now)` gives the
//! next state and what is to be done; the state is on disk before it is done, so that a restart goes on there.

pub mod cache;
pub mod check;
pub mod order;
pub mod refund;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So many times, so far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Times {
    /// How often, at least once; the configuration allows 100.
    pub count: u32,
    /// Between two, seconds.
    pub seconds: u32,
}

impl Times {
    /// When the next is due.
    pub(super) fn next(self, now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_secs(self.seconds.into())).unwrap_or(now)
    }
}
