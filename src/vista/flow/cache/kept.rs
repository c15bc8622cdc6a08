//! One value in the cache: its content, its age, and the time at which it is requested again.

use crate::clock::Now;
use crate::vista::ticket_types::TicketType;
use jiff::Timestamp;
use std::time::Duration;

/// A value in the cache.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept<T> {
    /// The value last told.
    pub value: T,
    /// Time at which the cloud told it; `None` if it never has.
    pub as_of: Option<Timestamp>,
    /// Time of the monotonic clock at which it is requested again.
    pub due: Duration,
}

impl<T> Kept<T> {
    /// Stores what the cloud has just told.
    pub fn put(&mut self, value: T, now: Now, interval: Duration) {
        *self = Self { value, as_of: Some(now.wall), due: now.mono + interval };
    }

    /// Returns true if the cloud has told it at least once.
    pub fn is_known(&self) -> bool {
        self.as_of.is_some()
    }
}

/// Cached data on one session.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    pub(super) types: Kept<Vec<TicketType>>,
    pub(super) seats: Kept<Option<u32>>,
}

impl Watched {
    /// Returns the session's ticket types as last known.
    pub fn ticket_types(&self) -> &[TicketType] {
        &self.types.value
    }

    /// Returns the lowest price of the ticket types, in fen.
    pub fn price_from(&self) -> Option<i64> {
        self.types.value.iter().filter_map(|kind| kind.price_cents).min()
    }

    /// Returns the number of seats that can still be bought, if known.
    pub fn seats_left(&self) -> Option<u32> {
        self.seats.value
    }
}
