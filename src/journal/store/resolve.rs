//! Settlements by staff: each with name and reason, in the timeline.

use super::append::{add_note, begin};
use super::queries::{Handle, find};
use super::{Journal, JournalError, recall, rows, save};
use crate::journal::record::{DueReport, PickupId};
use crate::journal::rules::{self, Booking, Illegal, Resolution};
use crate::journal::timeline::{self, Note};
use crate::ticket::{SeatKey, SeatState, Ticket};
use jiff::Timestamp;

/// Order of staff for one seat, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct StaffDecision<'a> {
    /// The pickup's ID, or the claim reference.
    pub handle: &'a Handle,
    /// Name of the seat, as 7排10座, or its seat code.
    pub seat: &'a str,
    /// Reason for the order: required.
    pub reason: &'a str,
    /// Name of the person who gives the order: required.
    pub who: &'a str,
}

/// A reprint that is on record as begun: its bytes may go out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reprint {
    /// The pickup that the reprint's end goes under: `RecordStep::Seat` with `Reprinted` or `Uncertain`.
    pub pickup: PickupId,
    /// Key of the seat.
    pub seat: SeatKey,
    /// State before the reprint: what the seat goes back to when not a byte is sent.
    pub was: SeatState,
    /// Content of the ticket to print.
    pub ticket: Ticket,
    /// Number of reprints of the seat, this one included.
    pub count: u32,
    /// The booking's report, which paper makes due; none where the site has it or has refused it.
    pub report: Option<DueReport>,
}

impl Journal {
    /// Settles a seat: came out, handed over or void. The settlement is on disk when the call returns.
    ///
    /// # Errors
    /// [`JournalError::NoSuchPickup`]; [`JournalError::Illegal`], as [`rules::resolve`], also while a
    /// pickup of the booking is running; else as [`Journal::append`].
    pub fn resolve(
        &mut self,
        order: StaffDecision<'_>,
        how: Resolution,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let note = |seat: &str, who: &str, reason: &str| timeline::of_resolution(how, seat, who, reason);
        self.settle(order, now, note, |booking, key| rules::resolve(booking, key, how, now))?;
        Ok(())
    }

    /// Puts a seat to `Printing` by authority, before any byte of it is sent.
    ///
    /// # Errors
    /// As [`Self::resolve`], and [`Illegal::ContentGone`].
    pub fn begin_reprint(
        &mut self,
        order: StaffDecision<'_>,
        now: Timestamp,
    ) -> Result<Reprint, JournalError> {
        let begin = |booking: &mut Booking, key: &SeatKey| {
            let was = booking.seats.iter().find(|seat| seat.key == *key).map(|seat| seat.state);
            let (ticket, count) = rules::begin_reprint(booking, key, now)?;
            Ok((was.unwrap_or(SeatState::Uncertain), ticket, count, booking.clone()))
        };
        let (pickup, seat, (was, ticket, count, booking)) =
            self.settle(order, now, timeline::of_reprint, begin)?;
        let report = booking.unreported(&pickup);
        Ok(Reprint { pickup, seat, was, ticket, count, report })
    }

    fn settle<T>(
        &self,
        order: StaffDecision<'_>,
        now: Timestamp,
        note: impl FnOnce(&str, &str, &str) -> Note,
        act: impl FnOnce(&mut Booking, &SeatKey) -> Result<T, Illegal>,
    ) -> Result<(PickupId, SeatKey, T), JournalError> {
        self.database.guard(|connection| {
            let change = begin(connection)?;
            let row = find(&change, order.handle)?;
            let illegal = |why| JournalError::Illegal { pickup: row.id.clone(), why };
            let (who, reason) = (timeline::phrase(order.who), timeline::phrase(order.reason));
            if who.is_empty() || reason.is_empty() {
                return Err(illegal(Illegal::NoReason));
            }
            let key = row.booking.ok_or_else(|| illegal(Illegal::NoBooking))?;
            let before = rows::booking(&change, key)?.ok_or_else(|| illegal(Illegal::NoBooking))?;
            let (latest, running) =
                recall::pickups_of(&change, key)?.ok_or_else(|| illegal(Illegal::NoBooking))?;
            if running {
                return Err(illegal(Illegal::PickupRunning));
            }
            let seat = rules::find_seat(&before, order.seat).map_err(illegal)?;
            let mut after = before.clone();
            let answer = act(&mut after, &seat).map_err(illegal)?;
            save::booking(&change, key, &before, &after, self.days())?;
            let name = before.seats.iter().find(|known| known.key == seat);
            let name = name.map_or(order.seat, |known| known.name.as_str());
            let under = rows::find_pickup(&change, &latest)?.map_or(row.sequence, |latest| latest.sequence);
            add_note(&change, under, now, &note(name, &who, &reason))?;
            change.commit()?;
            Ok((latest, seat, answer))
        })
    }
}
