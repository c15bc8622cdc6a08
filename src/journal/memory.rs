//! The journal without a disk, for simulations: the same rules over plain maps. Pure.
//!
//! IDs are compared directly. It is a value: clone it to cut the power, compare it to tell states apart.

use crate::journal::record::{
    Claim, CutReprint, DueReport, Entry, History, Leftover, PickupId, Recall, RecordStep, RefusedCode,
    ReportState, Unfinished,
};
use crate::journal::retention::SalvagedAge;
use crate::journal::rules::{self, Booking, Illegal, Pickup, Resolution};
use crate::ticket::{BookingId, BookingNumber, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod retention;
mod staged;

use retention::{Known, SalvagedRow};
use staged::Undo;

/// Time for which a refused code counts for the rate limit, in milliseconds.
pub const PACE_WINDOW_MS: i64 = 10 * 60 * 1000;

/// Number of refused codes that the rate limit needs to know.
pub const PACE_CODES: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PickupRow {
    sequence: u64,
    state: Pickup,
    booking: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct BookingRow {
    /// ID of the booking, also where the journal would not know it again.
    id: BookingId,
    /// The journal's own knowledge of the ID.
    known: Known,
    state: Booking,
    /// Pickups of the booking by sequence; the last is the latest.
    pickups: BTreeMap<u64, PickupId>,
}

/// Refused codes, as counted against guessing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Refusals {
    /// Times of the last few, in the order recorded.
    lately: Vec<Timestamp>,
    by_number: BTreeMap<(i64, BookingNumber), u32>,
    id_alone: BTreeMap<i64, u32>,
}

impl Refusals {
    fn note(&mut self, at: Timestamp, day: i64, code: RefusedCode) {
        if self.lately.len() >= PACE_CODES {
            self.lately.remove(0);
        }
        self.lately.push(at);
        if let Some(number) = code.number {
            *self.by_number.entry((day, number)).or_default() += 1;
        }
        if code.id_alone {
            *self.id_alone.entry(day).or_default() += 1;
        }
    }
}

/// The journal in memory. A business day is a calendar day at the offset given to [`Self::new`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct MemoryJournal {
    day_offset_ms: i64,
    next_pickup: u64,
    next_booking: u64,
    pickups: BTreeMap<PickupId, PickupRow>,
    bookings: BTreeMap<u64, BookingRow>,
    by_number: BTreeMap<BookingNumber, Vec<u64>>,
    /// Bookings whose ID the journal would know again.
    by_id: BTreeMap<BookingId, Vec<u64>>,
    /// Owner of each claim reference: a booking, or a pickup without one.
    claims: BTreeMap<u32, Option<u64>>,
    /// Pickups without an end, by sequence.
    unfinished: BTreeMap<u64, PickupId>,
    /// Unresolved bookings.
    open: BTreeSet<u64>,
    refusals: Refusals,
    /// Bookings that could be read of journals that were lost.
    salvaged: BTreeMap<BookingNumber, Vec<SalvagedRow>>,
    salvaged_age: SalvagedAge,
    /// The largest claim reference that a journal before this one gave.
    claims_before: u32,
}

/// A reprint that is on record as begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The pickup that the reprint's end goes under.
    pub pickup: PickupId,
    /// Content of the ticket to print.
    pub ticket: Ticket,
    /// Number of reprints of the seat, this one included.
    pub count: u32,
    /// The booking's report, which paper makes due; none where the site has it or has refused it.
    pub report: Option<DueReport>,
}

impl MemoryJournal {
    /// Creates an empty journal. `day_offset_ms`: the cinema's offset from UTC less the hour at which its business day
    /// begins (China, 06:00: two hours).
    pub fn new(day_offset_ms: i64) -> Self {
        Self { day_offset_ms, ..Self::default() }
    }

    fn day(&self, at: Timestamp) -> i64 {
        at.as_millisecond().saturating_add(self.day_offset_ms).div_euclid(86_400_000)
    }

    /// Records all entries, or none.
    ///
    /// # Errors
    /// [`Illegal`] for the first entry that does not follow from what is on record.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), Illegal> {
        let mut undo = Undo::of(self, entries.len());
        for entry in entries {
            if let Err(illegal) = self.append_one(entry, &mut undo) {
                undo.restore(self);
                return Err(illegal);
            }
        }
        for (at, code) in undo.refused {
            self.refusals.note(at, self.day(at), code);
        }
        Ok(())
    }

    fn append_one(&mut self, entry: &Entry, undo: &mut Undo) -> Result<(), Illegal> {
        rules::check_pickup_id(&entry.pickup)?;
        let row = self.pickups.get(&entry.pickup);
        let tied = row.and_then(|row| row.booking);
        let found = match rules::pair(&entry.step) {
            None => tied,
            Some((number, id)) => {
                let found = self.find(number, id);
                rules::check_same_booking(tied, found)?;
                found
            }
        };
        let mut pickup = row.map(|row| row.state.clone());
        let mut booking = found.and_then(|key| self.bookings.get(&key)).map(|row| row.state.clone());
        rules::apply(&mut pickup, &mut booking, entry.at, &entry.step)?;
        if let RecordStep::Ended { claim: Some(claim), .. } = entry.step
            && self.claims.get(&claim.0).is_some_and(|owner| owner.is_none() || *owner != found)
        {
            return Err(Illegal::ClaimTaken);
        }
        let key = self.put_booking(found, booking, &entry.step, undo);
        if let Some(pickup) = pickup {
            self.put_pickup(&entry.pickup, pickup, key, undo);
        }
        if let RecordStep::Ended { refused: Some(code), .. } = entry.step {
            undo.refused.push((rules::whole_ms(entry.at), code));
        }
        Ok(())
    }

    fn find(&self, number: BookingNumber, id: &BookingId) -> Option<u64> {
        let keys = self.by_id.get(id)?;
        keys.iter().copied().find(|key| self.bookings.get(key).is_some_and(|row| row.state.number == number))
    }

    /// Returns the pair's history, seats of its number taken by others, a claim reference, counts of today.
    pub fn recall(&self, number: Option<BookingNumber>, id: &BookingId, now: Timestamp) -> Recall {
        let found = match number {
            Some(number) => self.find(number, id),
            None => match self.by_id.get(id).map(Vec::as_slice) {
                Some([only]) => Some(*only),
                _ => None,
            },
        };
        let history = found.and_then(|key| self.bookings.get(&key)).map(|row| row.state.history());
        let number = number.or_else(|| history.as_ref().map(|history| history.number));
        let today = self.day(now);
        Recall {
            taken: number.map(|number| self.taken(number, found)).unwrap_or_default(),
            history,
            salvaged: number.and_then(|number| self.salvaged(number, id)),
            fresh_claim: self.fresh_claim(0),
            number_refused_today: number
                .and_then(|number| self.refusals.by_number.get(&(today, number)).copied())
                .unwrap_or(0),
            id_alone_refused_today: self.refusals.id_alone.get(&today).copied().unwrap_or(0),
        }
    }

    fn taken(&self, number: BookingNumber, own: Option<u64>) -> Vec<SeatKey> {
        let keys = self.by_number.get(&number).map(Vec::as_slice).unwrap_or_default();
        let others = keys.iter().filter(|key| Some(**key) != own).filter_map(|key| self.bookings.get(key));
        let seats = others.flat_map(|row| row.state.seats.iter().map(|seat| (&row.state, seat)));
        seats
            .filter(|(booking, seat)| rules::bars_others(booking, seat))
            .map(|(_, seat)| seat.key.clone())
            .collect()
    }

    /// Returns a claim reference that nobody has; different for each `ahead`.
    fn fresh_claim(&self, ahead: u32) -> Claim {
        let largest = self.claims.last_key_value().map_or(0, |(claim, _)| *claim);
        let next = largest.max(self.claims_before).saturating_add(1).saturating_add(ahead);
        if next <= Claim::MAX {
            return Claim(next);
        }
        let skip = usize::try_from(ahead).unwrap_or(usize::MAX);
        let mut free = (1..=Claim::MAX).filter(|claim| !self.claims.contains_key(claim)).skip(skip);
        Claim(free.next().unwrap_or(Claim::MAX))
    }

    /// Returns what the kiosk finds at start.
    pub fn leftover(&self, now: Timestamp) -> Leftover {
        let mut leftover = Leftover::default();
        for id in self.unfinished.values() {
            let Some((row, key)) = self.pickups.get(id).and_then(|row| Some((row, row.booking?))) else {
                continue;
            };
            let Some(booking) = self.bookings.get(&key) else { continue };
            let ahead = u32::try_from(leftover.unfinished.len()).unwrap_or(u32::MAX);
            let unfinished = unfinished(id, &row.state, &booking.state);
            leftover.unfinished.push((unfinished, self.fresh_claim(ahead)));
        }
        for key in &self.open {
            self.leftover_booking(*key, &mut leftover);
        }
        leftover.refused_lately = self.refused_lately(now);
        leftover
    }

    fn leftover_booking(&self, key: u64, leftover: &mut Leftover) {
        let Some(row) = self.bookings.get(&key) else { return };
        let Some((_, latest)) = row.pickups.last_key_value() else { return };
        let (uncertain, owed) = row.state.open_seats();
        leftover.uncertain += uncertain;
        leftover.owed += owed;
        if !row.pickups.keys().any(|sequence| self.unfinished.contains_key(sequence)) {
            let printing = row.state.seats.iter().filter(|seat| seat.state == SeatState::Printing);
            let cut = |seat: &Arc<rules::Seat>| CutReprint {
                pickup: latest.clone(),
                seat: seat.key.clone(),
                report: row.state.unreported(latest),
            };
            leftover.printing.extend(printing.map(cut));
            if row.state.is_held_unreported() {
                leftover.unreported.push(row.state.due_report(latest.clone()));
            }
        }
        if matches!(row.state.report, ReportState::Due { .. }) {
            leftover.reports.push(row.state.due_report(latest.clone()));
        }
    }

    fn refused_lately(&self, now: Timestamp) -> Vec<Timestamp> {
        let last = self.refusals.lately.iter().copied();
        let age = |at: &Timestamp| now.as_millisecond().saturating_sub(at.as_millisecond());
        let mut lately = last.filter(|at| (0..PACE_WINDOW_MS).contains(&age(at))).collect::<Vec<_>>();
        lately.sort_unstable();
        lately
    }

    /// Returns the history of the booking of a pickup.
    pub fn history_of(&self, pickup: &PickupId) -> Option<History> {
        let key = self.pickups.get(pickup)?.booking?;
        Some(self.bookings.get(&key)?.state.history())
    }

    /// Returns every booking on record with its ID, in the order they were first recorded.
    pub fn bookings(&self) -> impl Iterator<Item = (&BookingId, &Booking)> {
        self.bookings.values().map(|row| (&row.id, &row.state))
    }

    fn settle<T>(
        &mut self,
        pickup: &PickupId,
        act: impl FnOnce(&mut Booking) -> Result<T, Illegal>,
    ) -> Result<(PickupId, T), Illegal> {
        let row = self.pickups.get(pickup).ok_or(Illegal::UnknownPickup)?;
        let key = row.booking.ok_or(Illegal::NoBooking)?;
        let row = self.bookings.get_mut(&key).ok_or(Illegal::NoBooking)?;
        if row.pickups.keys().any(|sequence| self.unfinished.contains_key(sequence)) {
            return Err(Illegal::PickupRunning);
        }
        let latest = row.pickups.last_key_value().map(|(_, id)| id.clone()).ok_or(Illegal::NoBooking)?;
        let mut changed = row.state.clone();
        let answer = act(&mut changed)?;
        row.state = changed;
        self.note_open(key);
        Ok((latest, answer))
    }

    /// Settles a seat as staff decide.
    ///
    /// # Errors
    /// [`Illegal`], as `rules::resolve`; nothing may be running for the booking.
    pub fn resolve(
        &mut self,
        pickup: &PickupId,
        seat: &SeatKey,
        how: Resolution,
        now: Timestamp,
    ) -> Result<(), Illegal> {
        let now = rules::whole_ms(now);
        self.settle(pickup, |booking| rules::resolve(booking, seat, how, now)).map(|_| ())
    }

    /// Begins to print a seat again, as staff order.
    ///
    /// # Errors
    /// [`Illegal`], as `rules::begin_reprint`; nothing may be running for the booking.
    pub fn begin_reprint(
        &mut self,
        pickup: &PickupId,
        seat: &SeatKey,
        now: Timestamp,
    ) -> Result<Begun, Illegal> {
        let now = rules::whole_ms(now);
        let begun = self.settle(pickup, |booking| {
            let (ticket, count) = rules::begin_reprint(booking, seat, now)?;
            Ok((ticket, count, booking.clone()))
        });
        begun.map(|(latest, (ticket, count, booking))| {
            let report = booking.unreported(&latest);
            Begun { pickup: latest, ticket, count, report }
        })
    }

    fn note_open(&mut self, key: u64) {
        let open = self.bookings.get(&key).is_some_and(|row| row.state.is_open());
        if open {
            self.open.insert(key);
        } else {
            self.open.remove(&key);
        }
    }
}

/// Returns the record of a pickup that was cut off.
pub(super) fn unfinished(id: &PickupId, pickup: &Pickup, booking: &Booking) -> Unfinished {
    Unfinished {
        pickup: id.clone(),
        started_at: pickup.started_at,
        number: booking.number,
        issue: booking.issue,
        report: booking.report,
        claim: booking.claim,
        seats: booking.held_seats(),
    }
}
