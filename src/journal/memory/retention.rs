//! Retention of the journal in memory: what it forgets, loses and keeps of a lost one, as the one on disk does.

use super::MemoryJournal;
use super::staged::forget;
use crate::journal::record::{IssueState, PickupId, Salvaged};
use crate::journal::retention::{DAY_MS, forget_before, salvage_from, salvaged_is_over};
use crate::ticket::{BookingId, BookingNumber};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The journal's knowledge of a booking's ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Known {
    /// The ID would be known again.
    Well,
    /// The ID was hashed under a key that is lost.
    KeyLost,
    /// The ID is forgotten.
    Forgotten,
}

/// A booking of a journal that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SalvagedRow {
    /// ID of the booking, where it would be known again.
    id: Option<BookingId>,
    last_session: Timestamp,
}

impl MemoryJournal {
    /// Forgets and drops all that is due, by a clock that is believed: `Journal::tidy` called until nothing is left,
    /// with `[journal] keep_days`.
    pub fn tidy(&mut self, now: Timestamp, keep_days: u32) {
        self.forget_ids(now);
        self.tidy_salvaged(now);
        let cutoff = now.as_millisecond().saturating_sub(i64::from(keep_days).saturating_mul(DAY_MS));
        let owing = self.owing();
        let due = self.pickups.iter().filter(|(_, row)| {
            let booking = row.booking.and_then(|key| self.bookings.get(&key));
            let free = booking.is_none_or(|booking| {
                booking.known == Known::Forgotten
                    && row.state.end.is_some()
                    && !owing.contains(&booking.state.number)
            });
            free && row.state.started_at.as_millisecond() < cutoff
        });
        let due = due.map(|(id, _)| id.clone()).collect::<Vec<_>>();
        for id in due {
            self.drop_pickup(&id);
        }
        self.find_claims();
    }

    /// Forgets the IDs of bookings whose last session began more than a day ago, but for those whose number has
    /// anything unresolved: part of [`Self::tidy`].
    pub fn forget_ids(&mut self, now: Timestamp) {
        let (before, owing) = (forget_before(now), self.owing());
        for (key, row) in &mut self.bookings {
            let due = row.known != Known::Forgotten
                && row.state.last_session.as_millisecond() < before
                && !owing.contains(&row.state.number);
            if !due {
                continue;
            }
            row.known = Known::Forgotten;
            forget(&mut self.by_id, &row.id, *key);
            if row.state.issue == IssueState::Released {
                for seat in row.state.seats.iter_mut().filter(|seat| seat.ticket.is_some()) {
                    Arc::make_mut(seat).ticket = None;
                }
            }
        }
    }

    /// Loses the key under which IDs are hashed: none of those on record would be known again.
    pub fn lose_key(&mut self) {
        self.by_id.clear();
        for row in self.bookings.values_mut().filter(|row| row.known == Known::Well) {
            row.known = Known::KeyLost;
        }
        for row in self.salvaged.values_mut().flatten() {
            row.id = None;
        }
    }

    /// Starts a new journal after this one was lost, as `journal start-new` makes it where every page of the lost one
    /// can still be read: it keeps the list of its bookings. `now` is what the wall clock shows, right or wrong.
    pub fn start_new(&mut self, now: Timestamp) {
        let newest = self.bookings.values().map(|row| row.state.last_step.as_millisecond()).max();
        let from = salvage_from(now, newest);
        let mut salvaged = std::mem::take(&mut self.salvaged);
        for row in self.bookings.values() {
            if row.known == Known::Forgotten && row.state.last_step.as_millisecond() < from {
                continue;
            }
            salvaged.entry(row.state.number).or_default().push(SalvagedRow {
                id: (row.known == Known::Well).then(|| row.id.clone()),
                last_session: row.state.last_session,
            });
        }
        let claims_before = self.claims.last_key_value().map_or(0, |(claim, _)| *claim);
        let claims_before = claims_before.max(self.claims_before);
        *self = Self { salvaged, claims_before, ..Self::new(self.day_offset_ms) };
    }

    /// Returns the start of the newest pickup on record: the newest by its place, whatever its time.
    pub fn newest_record(&self) -> Option<Timestamp> {
        let newest = self.pickups.values().max_by_key(|row| row.sequence)?;
        Some(newest.state.started_at)
    }

    /// Returns the part of a pair that is on the list of a lost journal.
    pub(super) fn salvaged(&self, number: BookingNumber, id: &BookingId) -> Option<Salvaged> {
        let rows = self.salvaged.get(&number)?;
        let pair = rows.iter().any(|row| row.id.as_ref() == Some(id));
        Some(if pair { Salvaged::Pair } else { Salvaged::Number })
    }

    fn tidy_salvaged(&mut self, now: Timestamp) {
        if self.salvaged.is_empty() {
            return;
        }
        self.salvaged_age = self.salvaged_age.seen(now);
        let list = self.salvaged_age;
        for rows in self.salvaged.values_mut() {
            rows.retain(|row| !salvaged_is_over(now, list, Some(row.last_session.as_millisecond())));
        }
        self.salvaged.retain(|_, rows| !rows.is_empty());
    }

    /// Returns the numbers of which anything is unresolved.
    fn owing(&self) -> BTreeSet<BookingNumber> {
        self.open.iter().filter_map(|key| self.bookings.get(key)).map(|row| row.state.number).collect()
    }

    /// Drops a pickup, and its booking with the last one.
    fn drop_pickup(&mut self, id: &PickupId) {
        let Some(row) = self.pickups.get(id).cloned() else { return };
        self.set_pickup(id, None);
        let Some(key) = row.booking else { return };
        let Some(booking) = self.bookings.get_mut(&key) else { return };
        booking.pickups.remove(&row.sequence);
        if booking.pickups.is_empty() {
            self.set_booking(key, None);
        }
    }

    /// Finds the owner of each claim reference anew: those that only a dropped pickup had are nobody's.
    fn find_claims(&mut self) {
        let of_pickups = self.pickups.values().filter_map(|row| Some((row.state.end?.claim?.0, row.booking)));
        let of_bookings =
            self.bookings.iter().filter_map(|(key, row)| Some((row.state.claim?.0, Some(*key))));
        self.claims = of_pickups.chain(of_bookings).collect::<BTreeMap<_, _>>();
    }
}
