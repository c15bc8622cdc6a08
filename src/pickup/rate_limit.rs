//! Rate limit on refused codes: above it the kiosk takes none for a while.
//!
//! A bucket with `burst` tokens, one more every `seconds_per_code`; kept as one moment in time.

use std::time::Duration;

/// State of the rate limit: the moment at which the bucket is full again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RateLimit {
    full_at: Duration,
}

impl RateLimit {
    /// Returns the time that the next code must wait; zero when it is welcome.
    pub fn wait(self, now: Duration, burst: u32, period: Duration) -> Duration {
        let allowed = period * burst.saturating_sub(1);
        self.full_at.saturating_sub(now).saturating_sub(allowed)
    }

    /// Counts a code that was refused.
    pub fn refused(&mut self, now: Duration, period: Duration) {
        self.full_at = self.full_at.max(now) + period;
    }

    /// Returns the moment at which the bucket is full; for rebasing time in searches.
    pub fn full_at(self) -> Duration {
        self.full_at
    }

    /// Creates a bucket that is full at this moment.
    pub fn new(full_at: Duration) -> Self {
        Self { full_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_at_once_then_one_in_twenty_seconds() {
        let period = Duration::from_secs(20);
        let mut pace = RateLimit::default();
        let now = Duration::from_secs(1000);
        for _ in 0..5 {
            assert_eq!(pace.wait(now, 5, period), Duration::ZERO);
            pace.refused(now, period);
        }
        assert_eq!(pace.wait(now, 5, period), Duration::from_secs(20));
        assert_eq!(pace.wait(now + Duration::from_secs(13), 5, period), Duration::from_secs(7));
        assert_eq!(pace.wait(now + Duration::from_secs(20), 5, period), Duration::ZERO);
        pace.refused(now + Duration::from_secs(20), period);
        assert_eq!(pace.wait(now + Duration::from_secs(20), 5, period), Duration::from_secs(20));
        assert_eq!(pace.wait(now + Duration::from_secs(200), 5, period), Duration::ZERO);
    }
}
