//! Time and chance: the clock's two halves, and a new pickup's id.

use crate::journal::record::PickupId;
use crate::pickup::input::Now;
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// The kiosk's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    began: Instant,
}

impl Clock {
    /// Begins now.
    pub fn start() -> Self {
        Self { began: Instant::now() }
    }

    /// The present, in its two halves.
    pub fn now(&self) -> Now {
        Now { mono: self.began.elapsed(), wall: Timestamp::now() }
    }

    /// The moment this clock began.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// Sleeps until a moment of this clock; none: for ever.
    pub(super) fn sleep_until(&self, at: Option<Duration>) -> impl Future<Output = ()> + use<> {
        let at = at.map(|at| self.began + at);
        async move {
            match at {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        }
    }
}

/// A number that nobody guesses; a JSON number holds it exactly.
///
/// # Errors
/// When the system has no randomness to give.
pub fn number() -> Result<u64, getrandom::Error> {
    Ok(getrandom::u64()? >> 12)
}

/// An id for the pickup that the next code may begin: milliseconds and 40 random bits, in hex, so
/// that ids sort by time where the clock is right and differ where it is not.
///
/// # Errors
/// When the system has no randomness to give.
pub fn pickup_id() -> Result<PickupId, getrandom::Error> {
    let mut chance = [0_u8; 8];
    getrandom::fill(&mut chance)?;
    let random = u64::from_be_bytes(chance) >> 24;
    let millis = Timestamp::now().as_millisecond().max(0);
    Ok(PickupId(format!("{millis:011x}{random:010x}")))
}
