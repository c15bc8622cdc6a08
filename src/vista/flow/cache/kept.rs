//! One thing that is kept: what, since when, and when it is asked for again.

use crate::pickup::input::Now;
use crate::vista::ticket_types::TicketType;
use jiff::Timestamp;
use std::time::Duration;

/// Something kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept<T> {
    /// What is known.
    pub value: T,
    /// When the cloud told it; none: never yet.
    pub as_of: Option<Timestamp>,
    /// When it is asked for again.
    pub due: Duration,
}

impl<T> Kept<T> {
    /// Takes what the cloud has just told.
    pub fn put(&mut self, value: T, now: Now, interval: Duration) {
        *self = Self { value, as_of: Some(now.wall), due: now.mono + interval };
    }

    /// The cloud has told it at least once.
    pub fn is_known(&self) -> bool {
        self.as_of.is_some()
    }
}

/// What is kept of one session.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    pub(super) types: Kept<Vec<TicketType>>,
    pub(super) seats: Kept<Option<u32>>,
}

impl Watched {
    /// Its ticket types as last known.
    pub fn ticket_types(&self) -> &[TicketType] {
        &self.types.value
    }

    /// The lowest price of them, fen.
    pub fn price_from(&self) -> Option<i64> {
        self.types.value.iter().filter_map(|kind| kind.price_cents).min()
    }

    /// Seats that can still be bought, where that is known.
    pub fn seats_left(&self) -> Option<u32> {
        self.seats.value
    }
}
