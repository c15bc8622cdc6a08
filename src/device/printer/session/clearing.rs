//! Clearing: the ways by which the rest of an older ticket leaves the printer without being printed.

use super::command;
use crate::device::printer::timing;

/// State of what an older ticket may have left in the printer, and of the attempts to get rid of it.
///
/// Invariants:
/// - `torn` and `cleared` stay until the printer is shown to be empty, because only then the bytes that they call for
///   have been carried out; a new connection ends `cleared` alone.
/// - Each attempt has its limit: [`timing::CLEAR_TRIES`] clears in one stop of the printer, one reset of the
///   connection until the printer is well, one `DLE ENQ` until a ticket comes out.
#[derive(Debug, Default)]
pub(super) struct Clearing {
    /// True if a command may have been cut off in the middle.
    torn: bool,
    /// True if the buffer was cleared: the paper that hangs out is to be cut.
    cleared: bool,
    tries: u8,
    /// True if the connection was reset for a clear that did not get through.
    was_reset: bool,
    /// True if `DLE ENQ` was sent, and no ticket has come out since.
    recovery_tried: bool,
}

impl Clearing {
    /// Notes a new connection. `cut_off` is true if the old one took bytes with it.
    pub(super) fn forget_connection(&mut self, cut_off: bool) {
        self.torn |= cut_off;
        self.tries = 0;
        self.cleared = false;
    }

    /// Notes that a command may be cut off in the middle.
    pub(super) fn cut_off(&mut self) {
        self.torn = true;
    }

    /// Returns the bytes that end a command that was cut off, and cut the paper of a ticket whose rest will never come.
    pub(super) fn before_drain(&self, cut: &[u8]) -> Vec<u8> {
        let mut bytes = if self.torn { command::fill() } else { Vec::new() };
        if self.torn || self.cleared {
            bytes.extend_from_slice(cut);
        }
        bytes
    }

    /// Returns true if the printer has cleared its buffer.
    pub(super) fn is_cleared(&self) -> bool {
        self.cleared
    }

    /// Returns true if one more clear is of use.
    pub(super) fn may_clear(&self) -> bool {
        !self.cleared && self.tries < timing::CLEAR_TRIES
    }

    /// Counts a clear that is sent.
    pub(super) fn clear_sent(&mut self) {
        self.tries += 1;
    }

    /// Notes that the printer says that it has cleared its buffer.
    pub(super) fn clear_answered(&mut self) {
        self.cleared = true;
    }

    /// Notes that nothing stops the printer: its next stop has clears of its own.
    pub(super) fn stop_ended(&mut self) {
        self.tries = 0;
    }

    /// Returns true if the connection may be reset for a clear that does not get through, and notes that it is.
    pub(super) fn take_reset(&mut self) -> bool {
        let first = !std::mem::replace(&mut self.was_reset, true);
        self.torn |= first;
        first
    }

    /// Returns true if `DLE ENQ` may be sent.
    pub(super) fn may_recover(&self) -> bool {
        !self.recovery_tried
    }

    /// Notes that `DLE ENQ` is sent. `holds_rest` is true if the buffer that it clears may hold the rest of a ticket.
    pub(super) fn recovery_sent(&mut self, holds_rest: bool) {
        self.recovery_tried = true;
        self.cleared |= holds_rest;
    }

    /// Allows `DLE ENQ` again: a ticket has come out, or the printer was away.
    pub(super) fn allow_recovery(&mut self) {
        self.recovery_tried = false;
    }

    /// Notes that the printer is shown to be empty.
    pub(super) fn proven(&mut self) {
        *self = Self { recovery_tried: self.recovery_tried, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_is_tried_three_times_in_one_stop_and_not_again_once_it_was_answered() {
        let mut clearing = Clearing::default();
        for _ in 0..timing::CLEAR_TRIES {
            assert!(clearing.may_clear());
            clearing.clear_sent();
        }
        assert!(!clearing.may_clear());
        clearing.stop_ended();
        assert!(clearing.may_clear());
        clearing.clear_answered();
        assert!(!clearing.may_clear());
    }

    #[test]
    fn what_was_cut_off_is_ended_and_cut_until_the_printer_is_empty() {
        let mut clearing = Clearing::default();
        assert_eq!(clearing.before_drain(b"|"), b"");
        clearing.clear_answered();
        assert_eq!(clearing.before_drain(b"|"), b"|");
        clearing.forget_connection(false);
        assert_eq!(clearing.before_drain(b"|"), b"");
        clearing.forget_connection(true);
        clearing.forget_connection(false);
        let ended = [command::fill(), b"|".to_vec()].concat();
        assert_eq!(clearing.before_drain(b"|"), ended);
        clearing.proven();
        assert_eq!(clearing.before_drain(b"|"), b"");
    }

    #[test]
    fn a_connection_is_reset_for_a_clear_once_and_then_only_after_the_printer_was_well() {
        let mut clearing = Clearing::default();
        assert!(clearing.take_reset() && !clearing.take_reset());
        clearing.forget_connection(false);
        assert!(!clearing.take_reset());
        clearing.proven();
        assert!(clearing.take_reset());
    }

    #[test]
    fn an_empty_printer_is_no_reason_to_recover_it_again() {
        let mut clearing = Clearing::default();
        clearing.recovery_sent(true);
        assert!(clearing.is_cleared() && !clearing.may_recover());
        clearing.proven();
        assert!(!clearing.is_cleared() && !clearing.may_recover());
        clearing.allow_recovery();
        assert!(clearing.may_recover());
    }
}
