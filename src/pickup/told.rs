//! Flags that the site has told and that no record holds: of an answer for which nobody waited any more, or whose record
//! failed. What was told once counts in every later answer about the booking, which may be older than it looks.

use crate::ticket::{BookingNumber, SeatKey, Ticket};
use std::mem;

/// So many are kept; the oldest go first.
const KEPT_MAX: usize = 64;

/// In memory alone: a restart forgets them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Told {
    kept: Vec<(BookingNumber, SeatKey)>,
    /// On record, if the records that the last input wanted are.
    on_the_way: Vec<(BookingNumber, SeatKey)>,
}

impl Told {
    /// A flag that no record will hold.
    pub(super) fn keep(&mut self, number: BookingNumber, seat: SeatKey) {
        let flag = (number, seat);
        if self.kept.contains(&flag) {
            return;
        }
        if self.kept.len() >= KEPT_MAX {
            self.kept.remove(0);
        }
        self.kept.push(flag);
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
            self.keep(number, seat);
        }
    }

    /// Shows in an answer about a booking what was told before.
    pub(super) fn show_in(&self, number: BookingNumber, tickets: &mut [Ticket]) {
        for ticket in tickets {
            let key = ticket.key();
            ticket.printed |= self.kept.iter().any(|(of, seat)| *of == number && *seat == key);
        }
    }
}
