//! Fences of the session: their numbers, the answers that are still to come, and how far an answer is believed.

use super::command;
use crate::device::printer::timing;
use crate::receipt::profile::Fence;
use std::time::Duration;

/// Fences that were sent, and what an answer to one of them proves.
///
/// Invariants:
/// - Each fence has a number of its own, counted modulo [`command::IDENTIFIERS`], on whichever connection it goes out.
/// - With identifiers, an answer proves something from `proves_from` on only: it never lies before a fence of this
///   connection, nor before that of the last doubtful ticket.
/// - Without identifiers, `owed` is at least the number of answers that may still come, up to
///   [`timing::IN_TURN_OWED_MAX`].
/// - No answer proves anything before `soonest_at`.
#[derive(Debug)]
pub(super) struct Fences {
    next: u32,
    /// For fences with identifiers: an answer from this number on proves that the printer is empty.
    proves_from: u32,
    /// For fences without identifiers: number of those not answered yet, any of whose answers may still come.
    owed: u8,
    /// Earliest time at which the last ticket can have come out.
    soonest_at: Duration,
    /// Number of fences in a row that came too soon, whatever the connection.
    hasty: u8,
}

impl Fences {
    /// Creates the fences of a session, of which none was sent. `fresh` is true if no earlier process can have sent
    /// any.
    pub(super) fn new(first: u32, fresh: bool) -> Self {
        // An earlier process may have died with the fences of a ticket and of a drain unanswered.
        let owed = if fresh { 0 } else { 2 };
        Self { next: first, proves_from: first, owed, soonest_at: Duration::ZERO, hasty: 0 }
    }

    /// Notes a new connection: no answer to an older fence proves anything on it.
    pub(super) fn forget_connection(&mut self) {
        self.prove_from_next();
        // The printer may have lost what it held, and be empty sooner.
        self.buffer_lost();
    }

    /// Returns the bytes of a new fence.
    pub(super) fn take(&mut self, kind: Fence) -> Vec<u8> {
        let bytes = command::fence(kind, self.next);
        self.next = (self.next + 1) % command::IDENTIFIERS;
        self.owed = (self.owed + 1).min(timing::IN_TURN_OWED_MAX);
        bytes
    }

    /// Returns the number of the next fence.
    pub(super) fn next_number(&self) -> u32 {
        self.next
    }

    /// Returns the number of answers after which every fence sent so far is known to have been reached.
    pub(super) fn owed(&self) -> u8 {
        self.owed
    }

    /// Notes an answer without identifier.
    pub(super) fn answered(&mut self) {
        self.owed = self.owed.saturating_sub(1);
    }

    /// Notes that the printer is empty: no answer is under way.
    pub(super) fn all_answered(&mut self) {
        self.owed = 0;
    }

    /// Has only the answers from this number on prove that the printer is empty.
    pub(super) fn prove_from(&mut self, number: u32) {
        self.proves_from = number;
    }

    /// Has only the answers to fences that are still to be sent prove that the printer is empty.
    pub(super) fn prove_from_next(&mut self) {
        self.proves_from = self.next;
    }

    /// Returns true if an answer with this identifier proves that the printer is empty.
    pub(super) fn proves(&self, identifier: [u8; 4]) -> bool {
        let mut number = self.proves_from;
        while number != self.next {
            if command::identifier(number) == identifier {
                return true;
            }
            number = (number + 1) % command::IDENTIFIERS;
        }
        false
    }

    // -- time --

    /// Notes a ticket of which the transport has taken the first byte, and which can't have come out before `at`.
    pub(super) fn ticket_begins(&mut self, at: Duration) {
        self.soonest_at = at;
    }

    /// Notes that the rest of the ticket can't have come out before `at`.
    pub(super) fn not_before(&mut self, at: Duration) {
        self.soonest_at = self.soonest_at.max(at);
    }

    /// Notes that the printer has lost its buffer or cleared it: it may be empty at once.
    pub(super) fn buffer_lost(&mut self) {
        self.soonest_at = Duration::ZERO;
    }

    /// Returns true if it is too soon for the last ticket to be out: paper can't have moved so far yet.
    pub(super) fn is_too_soon(&self, now: Duration) -> bool {
        now < self.soonest_at
    }

    // -- trust --

    /// Notes a fence that came too soon.
    pub(super) fn came_too_soon(&mut self) {
        self.hasty = self.hasty.saturating_add(1);
    }

    /// Notes a ticket's fence that came in time.
    pub(super) fn came_in_time(&mut self) {
        self.hasty = 0;
    }

    /// Returns true if the last fence came too soon. One may be a stray answer: until the next one comes in time, time
    /// has to prove what fences can't.
    pub(super) fn are_doubted(&self) -> bool {
        self.hasty > 0
    }

    /// Returns true if fences came too soon again and again, and none is believed any more.
    pub(super) fn are_distrusted(&self) -> bool {
        self.hasty >= timing::HASTY_FENCES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_proves_from_its_connection_and_its_ticket_on_also_where_the_numbers_begin_again() {
        let last = command::IDENTIFIERS - 1;
        let mut fences = Fences::new(last, true);
        assert!(!fences.proves(command::identifier(last)), "not sent yet");
        fences.take(Fence::GsParenH);
        fences.take(Fence::GsParenH);
        assert!(fences.proves(command::identifier(last)) && fences.proves(command::identifier(0)));
        assert!(!fences.proves(command::identifier(1)));
        fences.prove_from(0);
        assert!(!fences.proves(command::identifier(last)) && fences.proves(command::identifier(0)));
        fences.forget_connection();
        assert!(!fences.proves(command::identifier(0)));
        assert_eq!(fences.next_number(), 1);
    }

    #[test]
    fn answers_of_an_earlier_process_are_owed_and_the_count_has_an_end() {
        assert_eq!(Fences::new(0, true).owed(), 0);
        let mut fences = Fences::new(0, false);
        assert_eq!(fences.owed(), 2);
        for _ in 0..100 {
            fences.take(Fence::GsR);
        }
        assert_eq!(fences.owed(), timing::IN_TURN_OWED_MAX);
        fences.answered();
        assert_eq!(fences.owed(), timing::IN_TURN_OWED_MAX - 1);
        fences.all_answered();
        fences.answered();
        assert_eq!(fences.owed(), 0);
    }

    #[test]
    fn a_new_connection_ends_the_waiting_and_not_the_distrust() {
        let second = Duration::from_secs(1);
        let mut fences = Fences::new(0, true);
        fences.ticket_begins(2 * second);
        fences.not_before(second);
        assert!(fences.is_too_soon(second) && !fences.is_too_soon(2 * second));
        for _ in 0..timing::HASTY_FENCES {
            assert!(!fences.are_distrusted());
            fences.came_too_soon();
        }
        fences.forget_connection();
        assert!(!fences.is_too_soon(Duration::ZERO) && fences.are_distrusted());
        fences.came_in_time();
        assert!(!fences.are_doubted());
    }
}
