//! State of one connection: the bytes on their way, what the printer has told on it, the times of its status rounds.

use super::round_times::RoundTimes;
use crate::device::printer::status::{Reply, ReplyParser};
use crate::device::printer::timing;
use std::time::Duration;

/// State of the question for the printer's model (`GS I`), which is asked once per connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    Unasked,
    Asked,
    Known,
}

/// Part of written bytes that the transport took at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// Number of bytes that waited before.
    pub(super) before: usize,
    /// True if none waits any more.
    pub(super) all: bool,
    /// Time since it took bytes last, or since the first of these was written.
    pub(super) pause: Duration,
}

/// State that belongs to one connection and ends with it.
///
/// Invariants:
/// - [`Self::forget`] leaves nothing of the old connection; only the kind of the parser stays.
/// - Every byte written is counted in `unaccepted` until the transport has taken it, and `waiting_since` is valid
///   as long as that is above 0.
#[derive(Debug)]
pub(super) struct ConnectionState {
    parser: ReplyParser,
    received_at: Duration,
    heard: bool,
    unaccepted: usize,
    /// Time since which the transport has taken nothing of the unaccepted bytes.
    waiting_since: Duration,
    identity: Identity,
    /// True if the printer has said that it is virtual: there is no paper to move.
    is_virtual: bool,
    /// True if automatic status has been received.
    asb_heard: bool,
    /// Times of the status rounds.
    pub(super) rounds: RoundTimes,
    /// Time since which a ticket that belongs to nobody has been in the presenter.
    left_over_since: Option<Duration>,
}

impl ConnectionState {
    /// Creates the state of a connection on which nothing has happened yet.
    pub(super) fn new(parser: ReplyParser) -> Self {
        Self {
            parser,
            received_at: Duration::ZERO,
            heard: false,
            unaccepted: 0,
            waiting_since: Duration::ZERO,
            identity: Identity::Unasked,
            is_virtual: false,
            asb_heard: false,
            rounds: RoundTimes::default(),
            left_over_since: None,
        }
    }

    /// Forgets the old connection.
    pub(super) fn forget(&mut self) {
        let mut parser = std::mem::take(&mut self.parser);
        parser.forget_partial();
        *self = Self::new(parser);
    }

    // -- bytes received --

    /// Takes bytes; returns the replies that are complete with them.
    pub(super) fn received(&mut self, bytes: &[u8], now: Duration) -> Vec<Reply> {
        self.heard = true;
        self.received_at = now;
        self.parser.feed(bytes)
    }

    /// Returns true if any byte has been received.
    pub(super) fn heard(&self) -> bool {
        self.heard
    }

    /// Drops the beginning of a reply.
    pub(super) fn drop_partial_reply(&mut self) {
        self.parser.forget_partial();
    }

    /// Drops the beginning of a reply whose end has not come for [`timing::REPLY_GAP`].
    pub(super) fn drop_stale_reply(&mut self, now: Duration) {
        if now.saturating_sub(self.received_at) >= timing::REPLY_GAP {
            self.drop_partial_reply();
        }
    }

    // -- bytes written --

    /// Counts bytes that are written.
    pub(super) fn wrote(&mut self, count: usize, now: Duration) {
        if self.unaccepted == 0 {
            self.waiting_since = now;
        }
        self.unaccepted += count;
    }

    /// Counts bytes that the transport has taken.
    pub(super) fn accepted(&mut self, count: usize, now: Duration) -> Taken {
        let before = self.unaccepted;
        self.unaccepted = before.saturating_sub(count);
        let pause = now.saturating_sub(std::mem::replace(&mut self.waiting_since, now));
        Taken { before, all: self.all_accepted(), pause }
    }

    /// Returns the number of bytes that the transport has not taken.
    pub(super) fn unaccepted(&self) -> usize {
        self.unaccepted
    }

    /// Returns true if the transport has taken every byte.
    pub(super) fn all_accepted(&self) -> bool {
        self.unaccepted == 0
    }

    /// Returns true if bytes wait that the transport could have taken: those written at this very moment don't count.
    pub(super) fn is_stuck(&self, now: Duration) -> bool {
        self.unaccepted > 0 && self.waiting_since < now
    }

    /// Returns true if one more question may wait for the transport.
    pub(super) fn takes_question(&self) -> bool {
        self.unaccepted < timing::QUESTIONS_WAITING_BYTES
    }

    // -- what the printer has told --

    /// Notes an automatic status.
    pub(super) fn heard_asb(&mut self) {
        self.asb_heard = true;
    }

    /// Returns true if automatic status has been received.
    pub(super) fn has_asb(&self) -> bool {
        self.asb_heard
    }

    /// Returns true if the model is to be asked for now, and notes that it is.
    pub(super) fn ask_identity(&mut self) -> bool {
        let unasked = self.identity == Identity::Unasked;
        if unasked {
            self.identity = Identity::Asked;
        }
        unasked
    }

    /// Notes the answer to the question for the model; returns false if nobody has asked.
    pub(super) fn identified(&mut self, is_virtual: bool) -> bool {
        let asked = self.identity == Identity::Asked;
        if asked {
            self.identity = Identity::Known;
            self.is_virtual = is_virtual;
        }
        asked
    }

    /// Stops waiting for the model; returns true if it was not known.
    pub(super) fn end_identification(&mut self) -> bool {
        std::mem::replace(&mut self.identity, Identity::Known) != Identity::Known
    }

    /// Has the model asked for again: the printer may have been exchanged while it was silent.
    pub(super) fn forget_identity(&mut self) {
        self.identity = Identity::Unasked;
    }

    /// Returns true if the printer has said that it is virtual.
    pub(super) fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    // -- the presenter --

    /// Notes that a ticket in the presenter belongs to nobody, or was dismissed again.
    pub(super) fn left_in_presenter(&mut self, now: Duration) {
        self.left_over_since = Some(now);
    }

    /// Returns the time for which a ticket has belonged to nobody; a ticket seen for the first time begins it.
    pub(super) fn left_over_for(&mut self, now: Duration) -> Duration {
        now.saturating_sub(*self.left_over_since.get_or_insert(now))
    }

    /// Notes that the presenter holds no ticket.
    pub(super) fn presenter_is_empty(&mut self) {
        self.left_over_since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn nothing_of_a_connection_is_left_on_the_next_one() {
        let mut connection = ConnectionState::new(ReplyParser::new(true));
        connection.received(&[0x10, 0x0F], SECOND);
        connection.wrote(5, SECOND);
        connection.heard_asb();
        assert!(connection.ask_identity() && connection.identified(true));
        connection.rounds.begin(true);
        connection.rounds.end(SECOND);
        connection.rounds.within(SECOND, SECOND);
        connection.left_in_presenter(SECOND);
        connection.forget();
        let new = ConnectionState::new(ReplyParser::new(true));
        assert_eq!(format!("{connection:?}"), format!("{new:?}"));
    }

    #[test]
    fn bytes_written_at_this_moment_are_not_stuck() {
        let mut connection = ConnectionState::new(ReplyParser::new(false));
        connection.wrote(3, SECOND);
        assert!(!connection.is_stuck(SECOND));
        connection.wrote(3, 2 * SECOND);
        assert!(connection.is_stuck(2 * SECOND), "the first have waited for a second");
        let taken = connection.accepted(4, 3 * SECOND);
        assert_eq!(taken, Taken { before: 6, all: false, pause: 2 * SECOND });
        assert_eq!(connection.accepted(2, 3 * SECOND), Taken { before: 2, all: true, pause: Duration::ZERO });
    }
}
