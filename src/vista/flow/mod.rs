//! Flows of the vendor's document: which call follows which answer. Pure: `handle(state, input, now)` returns the next
//! state and the next action; the state is on disk before the action, so that a restart continues there.

pub mod cache;
pub mod check;
pub mod order;
pub mod refund;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Number and interval of repeated tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Times {
    /// Number of tries, at least one; at most 100 by the configuration.
    pub count: u32,
    /// Interval between two tries, in seconds.
    pub seconds: u32,
}

impl Times {
    /// Returns the time at which the next try is due.
    pub(super) fn next(self, now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_secs(self.seconds.into())).unwrap_or(now)
    }
}
