//! Times of the status rounds on one connection: of the next one, and of the last one that may stand before a ticket.

use crate::device::printer::timing;
use std::time::Duration;

/// Times of the status rounds on one connection.
///
/// Invariant: `looked_at` comes from a round that began while nothing printed, and is gone once the next ticket is sent.
#[derive(Debug, Default)]
pub(super) struct RoundTimes {
    next: Option<Duration>,
    /// Time at which the last whole round ended after which nothing was printed.
    looked_at: Option<Duration>,
    /// True if the round under way was begun while nothing printed.
    began_at_rest: bool,
}

impl RoundTimes {
    /// Returns the time of the next round.
    pub(super) fn next(&self) -> Option<Duration> {
        self.next
    }

    /// Sets the time of the next round, whatever it was.
    pub(super) fn set_next(&mut self, at: Option<Duration>) {
        self.next = at;
    }

    /// Has the next round begin within this time at the latest.
    pub(super) fn within(&mut self, wait: Duration, now: Duration) {
        let at = now + wait;
        self.next = Some(self.next.map_or(at, |earlier| earlier.min(at)));
    }

    /// Notes the beginning of a round. One that begins while a ticket prints may ask for paper before that ticket uses
    /// it up.
    pub(super) fn begin(&mut self, at_rest: bool) {
        self.next = None;
        self.began_at_rest = at_rest;
    }

    /// Notes the end of a whole round with no ticket under way.
    pub(super) fn end(&mut self, now: Duration) {
        self.looked_at = self.began_at_rest.then_some(now);
    }

    /// Returns true if a round is young enough to be the status before a ticket.
    pub(super) fn has_fresh_status(&self, now: Duration) -> bool {
        self.looked_at.is_some_and(|at| now.saturating_sub(at) < timing::FRESH_STATUS)
    }

    /// Notes a ticket that is sent: each later one needs a status of its own.
    pub(super) fn use_up_status(&mut self) {
        self.looked_at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_earlier_of_two_times_is_kept_and_a_round_uses_it_up() {
        let mut rounds = RoundTimes::default();
        rounds.within(2 * SECOND, SECOND);
        rounds.within(SECOND, SECOND);
        rounds.within(3 * SECOND, SECOND);
        assert_eq!(rounds.next(), Some(2 * SECOND));
        rounds.begin(true);
        assert_eq!(rounds.next(), None);
    }

    #[test]
    fn a_round_begun_while_a_ticket_printed_is_no_fresh_status() {
        let mut rounds = RoundTimes::default();
        rounds.begin(false);
        rounds.end(SECOND);
        assert!(!rounds.has_fresh_status(SECOND));
        rounds.begin(true);
        rounds.end(SECOND);
        assert!(rounds.has_fresh_status(SECOND));
        assert!(!rounds.has_fresh_status(SECOND + timing::FRESH_STATUS));
        rounds.use_up_status();
        assert!(!rounds.has_fresh_status(SECOND));
    }
}
