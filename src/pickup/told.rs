//! Flags that the site has told and that no record holds: of an answer for which nobody waited any more, or whose record
//! failed, or on which a pickup did not act. What was told counts in later answers about the booking, which may be older
//! than they look: for good where this kiosk can't have set the flag, else until a pickup has acted on one of them.

use crate::ticket::{BookingNumber, SeatKey, Ticket};
use std::mem;

/// So many are kept; the oldest go first, those that were told before a report last.
const KEPT_MAX: usize = 64;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kept {
    number: BookingNumber,
    seat: SeatKey,
    /// It was told before this kiosk's report was through, or by a list older than its issue: neither set it.
    before_report: bool,
}

/// In memory alone: a restart forgets them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Told {
    kept: Vec<Kept>,
    /// On record, if the records that the last input wanted are.
    on_the_way: Vec<(BookingNumber, SeatKey)>,
}

impl Told {
    /// A flag that no record will hold. `before_report`: told when nothing of this kiosk's can have set it.
    pub(super) fn keep(&mut self, number: BookingNumber, seat: SeatKey, before_report: bool) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.number == number && kept.seat == seat) {
            kept.before_report |= before_report;
            return;
        }
        if self.kept.len() >= KEPT_MAX {
            match self.kept.iter().position(|kept| !kept.before_report) {
                Some(least) => drop(self.kept.remove(least)),
                None if before_report => drop(self.kept.remove(0)),
                None => return,
            }
        }
        self.kept.push(Kept { number, seat, before_report });
    }

    /// A flag whose record is wanted.
    pub(super) fn recording(&mut self, number: BookingNumber, seat: SeatKey) {
        self.on_the_way.push((number, seat));
    }

    /// What the last input wanted was done.
    pub(super) fn recorded(&mut self) {
        self.on_the_way.clear();
    }

    /// The journal failed.
    pub(super) fn failed(&mut self) {
        for (number, seat) in mem::take(&mut self.on_the_way) {
            self.keep(number, seat, true);
        }
    }

    /// Whether a seat's flag was told before this kiosk's report was through and is on no record.
    pub(super) fn before_report(&self, number: BookingNumber, seat: &SeatKey) -> bool {
        self.kept.iter().any(|kept| kept.before_report && kept.number == number && kept.seat == *seat)
    }

    /// A pickup has acted on an answer in which they were shown: where a claim lapses or is put back flags go back, and
    /// what they hide for ever nobody could collect. Those that were told before a report tell for good.
    pub(super) fn acted_on(&mut self, number: BookingNumber) {
        self.kept.retain(|kept| kept.before_report || kept.number != number);
    }

    /// Shows in an answer about a booking what was told before.
    pub(super) fn show_in(&self, number: BookingNumber, tickets: &mut [Ticket]) {
        for ticket in tickets {
            let key = ticket.key();
            ticket.printed |= self.kept.iter().any(|kept| kept.number == number && kept.seat == key);
        }
    }
}
