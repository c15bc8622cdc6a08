//! Flags that the site has told and that no record holds: of an answer for which nobody waited any more, or whose
//! record failed, or on which a pickup did not act. What was told counts in later answers about the booking, which may
//! be older than they look: for good where this kiosk can't have set the flag, else until a pickup has acted on one of
//! them.
//!
//! A list that is older than an issue may be of any booking, also of one that this kiosk never issues: what such lists
//! tell never takes the place of what was told of a booking here before its report.

use crate::ticket::{BookingNumber, SeatKey, Ticket};
use std::mem;

/// Number of flags kept. The oldest of the least goes first, and never for one that tells less.
const KEPT_MAX: usize = 64;

/// Meaning of a flag, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tells {
    /// The flag counts in the next answer that a pickup acts on.
    UntilActedOn,
    /// A list that is older than any issue showed the flag: neither this kiosk's issue nor its report set it.
    OlderThanIssue,
    /// The flag was told before this kiosk's report was through: that didn't set it.
    BeforeReport,
}

/// One flag that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kept {
    number: BookingNumber,
    seat: SeatKey,
    tells: Tells,
}

/// Flags kept in memory alone: a restart forgets them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Told {
    kept: Vec<Kept>,
    /// Flags that are on record, if the records that the last input wanted are.
    on_the_way: Vec<(BookingNumber, SeatKey)>,
}

impl Told {
    /// Keeps a flag that no record will hold.
    pub(super) fn keep(&mut self, number: BookingNumber, seat: SeatKey, tells: Tells) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.number == number && kept.seat == seat) {
            kept.tells = kept.tells.max(tells);
            return;
        }
        if self.kept.len() >= KEPT_MAX {
            // The first of those that tell the least.
            let least = self.kept.iter().enumerate().min_by_key(|(_, kept)| kept.tells);
            match least.filter(|(_, kept)| kept.tells <= tells) {
                Some((least, _)) => drop(self.kept.remove(least)),
                None => return,
            }
        }
        self.kept.push(Kept { number, seat, tells });
    }

    /// Notes a flag whose record is wanted.
    pub(super) fn recording(&mut self, number: BookingNumber, seat: SeatKey) {
        self.on_the_way.push((number, seat));
    }

    /// Drops the flags on their way to the record: what the last input wanted was done.
    pub(super) fn recorded(&mut self) {
        self.on_the_way.clear();
    }

    /// Keeps the flags whose record failed with the journal.
    pub(super) fn failed(&mut self) {
        for (number, seat) in mem::take(&mut self.on_the_way) {
            self.keep(number, seat, Tells::BeforeReport);
        }
    }

    /// Returns true if a seat's flag was told when nothing of this kiosk's could have set it, and is on no record.
    pub(super) fn before_report(&self, number: BookingNumber, seat: &SeatKey) -> bool {
        let for_good = |kept: &Kept| kept.tells > Tells::UntilActedOn;
        self.kept.iter().any(|kept| for_good(kept) && kept.number == number && kept.seat == *seat)
    }

    /// Drops flags on which a pickup has acted: where a claim lapses or is put back flags go back, and what they hide
    /// for ever nobody could collect. The others tell for good.
    pub(super) fn acted_on(&mut self, number: BookingNumber) {
        self.kept.retain(|kept| kept.tells > Tells::UntilActedOn || kept.number != number);
    }

    /// Marks the tickets of an answer about a booking as printed where a flag was told before.
    pub(super) fn show_in(&self, number: BookingNumber, tickets: &mut [Ticket]) {
        for ticket in tickets {
            let key = ticket.key();
            ticket.printed |= self.kept.iter().any(|kept| kept.number == number && kept.seat == key);
        }
    }
}
