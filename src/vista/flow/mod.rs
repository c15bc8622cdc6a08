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
    /// Uses up one of the tries left. Returns how many are left then, and when the next is due; `None` if it was the
    /// last.
    pub(super) fn next(self, left: u32, now: Timestamp) -> Option<(u32, Timestamp)> {
        let left = left.checked_sub(1).filter(|left| *left > 0)?;
        let interval = SignedDuration::from_secs(self.seconds.into());
        Some((left, now.checked_add(interval).unwrap_or(now)))
    }
}
