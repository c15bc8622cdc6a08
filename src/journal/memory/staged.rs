//! Staged changes of rows: a refused list of entries leaves nothing behind.

use super::{BookingRow, Known, MemoryJournal, PickupRow};
use crate::journal::record::RefusedCode;
use crate::journal::record::{PickupId, RecordStep};
use crate::journal::rules::{self, Booking, Pickup};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Rows as they were before the first entry touched them.
pub(super) struct Undo {
    /// False for a list of one: an entry that is refused changes nothing, so there is nothing to undo.
    needed: bool,
    next_pickup: u64,
    next_booking: u64,
    /// Refused codes, counted only when everything else went through.
    pub(super) refused: Vec<(Timestamp, RefusedCode)>,
    pickups: BTreeMap<PickupId, Option<PickupRow>>,
    bookings: BTreeMap<u64, Option<BookingRow>>,
    claims: Vec<(u32, Option<Option<u64>>)>,
}

impl Undo {
    pub(super) fn of(journal: &MemoryJournal, entries: usize) -> Self {
        Self {
            needed: entries > 1,
            next_pickup: journal.next_pickup,
            next_booking: journal.next_booking,
            refused: Vec::new(),
            pickups: BTreeMap::new(),
            bookings: BTreeMap::new(),
            claims: Vec::new(),
        }
    }

    fn booking(&mut self, key: u64, before: Option<&BookingRow>) {
        if self.needed {
            self.bookings.entry(key).or_insert_with(|| before.cloned());
        }
    }

    fn pickup(&mut self, id: &PickupId, before: Option<&PickupRow>) {
        if self.needed && !self.pickups.contains_key(id) {
            self.pickups.insert(id.clone(), before.cloned());
        }
    }

    pub(super) fn restore(self, journal: &mut MemoryJournal) {
        journal.next_pickup = self.next_pickup;
        journal.next_booking = self.next_booking;
        for (key, row) in self.bookings {
            journal.set_booking(key, row);
        }
        for (id, row) in self.pickups {
            journal.set_pickup(&id, row);
        }
        for (claim, owner) in self.claims.into_iter().rev() {
            match owner {
                Some(owner) => journal.claims.insert(claim, owner),
                None => journal.claims.remove(&claim),
            };
        }
    }
}

impl MemoryJournal {
    /// Puts, creates or deletes a booking; returns its key if it is there afterwards.
    pub(super) fn put_booking(
        &mut self,
        key: Option<u64>,
        booking: Option<Booking>,
        step: &RecordStep,
        undo: &mut Undo,
    ) -> Option<u64> {
        match (key, booking) {
            (Some(key), Some(state)) => {
                let row = self.bookings.get_mut(&key)?;
                undo.booking(key, Some(row));
                row.state = state;
                self.note_open(key);
                Some(key)
            }
            (None, Some(state)) => {
                let (_, id) = rules::pair(step)?;
                let key = self.next_booking;
                self.next_booking += 1;
                undo.booking(key, None);
                let row = BookingRow { id: id.clone(), known: Known::Well, state, pickups: BTreeMap::new() };
                self.set_booking(key, Some(row));
                Some(key)
            }
            (Some(key), None) => {
                self.untie(key, undo);
                None
            }
            (None, None) => None,
        }
    }

    /// Unties the pickups of a booking that was never ours; they stay, and so do the claims given out for them.
    fn untie(&mut self, key: u64, undo: &mut Undo) {
        let Some(row) = self.bookings.get(&key).cloned() else { return };
        for id in row.pickups.values() {
            if let Some(pickup) = self.pickups.get(id).cloned() {
                undo.pickup(id, Some(&pickup));
                if let Some(claim) = pickup.state.end.and_then(|end| end.claim) {
                    undo.claims.push((claim.0, self.claims.insert(claim.0, None)));
                }
                let state = Pickup { tie: None, ..pickup.state };
                self.set_pickup(id, Some(PickupRow { booking: None, state, ..pickup }));
            }
        }
        undo.booking(key, Some(&row));
        self.set_booking(key, None);
    }

    /// Puts or creates a pickup.
    pub(super) fn put_pickup(&mut self, id: &PickupId, state: Pickup, booking: Option<u64>, undo: &mut Undo) {
        let before = self.pickups.get(id);
        let sequence = before.map_or(self.next_pickup, |row| row.sequence);
        undo.pickup(id, before);
        self.next_pickup = self.next_pickup.max(sequence + 1);
        let booking = state.tie.and(booking);
        if let Some(claim) = state.end.and_then(|end| end.claim) {
            undo.claims.push((claim.0, self.claims.get(&claim.0).copied()));
            self.claims.insert(claim.0, booking);
        }
        if let Some(key) = booking
            && let Some(row) = self.bookings.get_mut(&key)
        {
            undo.booking(key, Some(row));
            row.pickups.entry(sequence).or_insert_with(|| id.clone());
        }
        self.set_pickup(id, Some(PickupRow { sequence, state, booking }));
    }

    pub(super) fn set_pickup(&mut self, id: &PickupId, row: Option<PickupRow>) {
        let Some(row) = row else {
            if let Some(gone) = self.pickups.remove(id) {
                self.unfinished.remove(&gone.sequence);
            }
            return;
        };
        if row.state.end.is_some() {
            self.unfinished.remove(&row.sequence);
        } else {
            self.unfinished.entry(row.sequence).or_insert_with(|| id.clone());
        }
        match self.pickups.get_mut(id) {
            Some(place) => *place = row,
            None => {
                self.pickups.insert(id.clone(), row);
            }
        }
    }

    pub(super) fn set_booking(&mut self, key: u64, row: Option<BookingRow>) {
        match (row, self.bookings.remove(&key)) {
            (Some(row), before) => {
                if before.is_none() {
                    insert_sorted(self.by_number.entry(row.state.number).or_default(), key);
                    if row.known == Known::Well {
                        insert_sorted(self.by_id.entry(row.id.clone()).or_default(), key);
                    }
                }
                self.bookings.insert(key, row);
            }
            (None, Some(before)) => {
                forget(&mut self.by_number, &before.state.number, key);
                forget(&mut self.by_id, &before.id, key);
            }
            (None, None) => {}
        }
        self.note_open(key);
    }
}

fn insert_sorted(keys: &mut Vec<u64>, key: u64) {
    if let Err(place) = keys.binary_search(&key) {
        keys.insert(place, key);
    }
}

/// Takes a booking out of an index.
pub(super) fn forget<K: Ord>(index: &mut BTreeMap<K, Vec<u64>>, at: &K, key: u64) {
    if let Some(keys) = index.get_mut(at) {
        keys.retain(|other| *other != key);
        if keys.is_empty() {
            index.remove(at);
        }
    }
}
