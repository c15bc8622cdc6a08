//! Changing rows so that a refused list of entries leaves nothing behind.

use super::{BookingRow, MemoryJournal, PickupRow};
use crate::journal::record::RefusedCode;
use crate::journal::record::{PickupId, Step};
use crate::journal::rules::{self, Booking, Pickup};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What the rows were before the first entry touched them.
pub(super) struct Undo {
    next_pickup: u64,
    next_booking: u64,
    /// Refused codes: counted only when everything else went through.
    pub(super) refused: Vec<(Timestamp, RefusedCode)>,
    pickups: BTreeMap<PickupId, Option<PickupRow>>,
    bookings: BTreeMap<u64, Option<BookingRow>>,
    claims: Vec<(u32, Option<Option<u64>>)>,
}

impl Undo {
    pub(super) fn of(journal: &MemoryJournal) -> Self {
        Self {
            next_pickup: journal.next_pickup,
            next_booking: journal.next_booking,
            refused: Vec::new(),
            pickups: BTreeMap::new(),
            bookings: BTreeMap::new(),
            claims: Vec::new(),
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
    /// Puts, creates or deletes a booking; gives its key if it is there afterwards.
    pub(super) fn put_booking(
        &mut self,
        key: Option<u64>,
        booking: Option<Booking>,
        step: &Step,
        undo: &mut Undo,
    ) -> Option<u64> {
        match (key, booking) {
            (Some(key), Some(state)) => {
                let row = self.bookings.get(&key)?;
                undo.bookings.entry(key).or_insert_with(|| Some(row.clone()));
                let row = BookingRow { state, ..row.clone() };
                self.set_booking(key, Some(row));
                Some(key)
            }
            (None, Some(state)) => {
                let (_, id) = rules::pair(step)?;
                let key = self.next_booking;
                self.next_booking += 1;
                undo.bookings.entry(key).or_insert(None);
                let row = BookingRow { id: id.clone(), state, pickups: BTreeMap::new() };
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

    /// A booking that was never ours goes; the pickups stay, and so do the claims given out for them.
    fn untie(&mut self, key: u64, undo: &mut Undo) {
        let Some(row) = self.bookings.get(&key).cloned() else { return };
        for id in row.pickups.values() {
            if let Some(pickup) = self.pickups.get(id).cloned() {
                undo.pickups.entry(id.clone()).or_insert_with(|| Some(pickup.clone()));
                if let Some(claim) = pickup.state.end.and_then(|end| end.claim) {
                    undo.claims.push((claim.0, self.claims.insert(claim.0, None)));
                }
                let state = Pickup { tie: None, ..pickup.state };
                self.set_pickup(id, Some(PickupRow { booking: None, state, ..pickup }));
            }
        }
        undo.bookings.entry(key).or_insert(Some(row));
        self.set_booking(key, None);
    }

    /// Puts or creates a pickup.
    pub(super) fn put_pickup(&mut self, id: &PickupId, state: Pickup, booking: Option<u64>, undo: &mut Undo) {
        let before = self.pickups.get(id).cloned();
        undo.pickups.entry(id.clone()).or_insert_with(|| before.clone());
        let sequence = before.map_or(self.next_pickup, |row| row.sequence);
        self.next_pickup = self.next_pickup.max(sequence + 1);
        let booking = state.tie.and(booking);
        if let Some(claim) = state.end.and_then(|end| end.claim) {
            undo.claims.push((claim.0, self.claims.get(&claim.0).copied()));
            self.claims.insert(claim.0, booking);
        }
        if let Some(key) = booking
            && let Some(row) = self.bookings.get_mut(&key)
        {
            undo.bookings.entry(key).or_insert_with(|| Some(row.clone()));
            row.pickups.insert(sequence, id.clone());
        }
        self.set_pickup(id, Some(PickupRow { sequence, state, booking }));
    }

    fn set_pickup(&mut self, id: &PickupId, row: Option<PickupRow>) {
        if let Some(before) = self.pickups.remove(id) {
            self.unfinished.remove(&before.sequence);
        }
        if let Some(row) = row {
            if row.state.end.is_none() {
                self.unfinished.insert(row.sequence, id.clone());
            }
            self.pickups.insert(id.clone(), row);
        }
    }

    fn set_booking(&mut self, key: u64, row: Option<BookingRow>) {
        match (row, self.bookings.remove(&key)) {
            (Some(row), before) => {
                if before.is_none() {
                    insert_sorted(self.by_number.entry(row.state.number).or_default(), key);
                    insert_sorted(self.by_id.entry(row.id.clone()).or_default(), key);
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

fn forget<K: Ord>(index: &mut BTreeMap<K, Vec<u64>>, at: &K, key: u64) {
    if let Some(keys) = index.get_mut(at) {
        keys.retain(|other| *other != key);
        if keys.is_empty() {
            index.remove(at);
        }
    }
}
