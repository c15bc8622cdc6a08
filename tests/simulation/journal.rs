//! Journal of a kiosk beside its records: the clock that goes wrong, what is forgotten by it, a key that is lost, a new
//! journal after one that was damaged.

use super::faults::Fault;
use super::world::{Event, World};
use pickup_kiosk::journal::clock_trust::{ClockTrust, Reading};
use pickup_kiosk::pickup::state::CustomerState;

/// Interval of housekeeping, in ms.
const HOUSEKEEPING_MS: u64 = 600_000;
/// Value of `[journal] keep_days`.
const KEEP_DAYS: u32 = 90;
const DAY_MS: i64 = 86_400_000;

impl World<'_> {
    /// Lets some episodes go on through the night: housekeeping comes round, and so do customers and staff.
    pub fn night(&mut self) {
        let hours = self.chance.between(7, 40);
        for kiosk in 0..self.kiosks.len() {
            for round in 1..=(hours * 3_600_000 / HOUSEKEEPING_MS) {
                self.at(round * HOUSEKEEPING_MS, Event::Housekeeping { kiosk });
            }
            let in_ms = self.chance.below(hours * 3_600_000);
            self.at(in_ms, Event::Staff { kiosk });
        }
        for customer in 0..self.customers.len() {
            if self.chance.below(2) == 0 {
                let in_ms = self.chance.below(hours * 3_600_000);
                self.comes_again(customer, in_ms);
            }
        }
    }

    /// Sets the clock wrong by days or months, either way: for seconds, or until somebody sees it.
    pub fn clock_far(&mut self, kiosk: usize) {
        let days = self.chance.between(1, 400) as i64;
        let by_ms = if self.chance.below(2) == 0 { days * DAY_MS } else { -days * DAY_MS };
        self.kiosks[kiosk].wall_jump_ms += by_ms;
        if self.chance.below(2) == 0 {
            let in_ms = self.chance.between(1_000, 60_000);
            self.at(in_ms, Event::ClockSet { kiosk, by_ms: -by_ms });
        }
    }

    pub fn clock_set(&mut self, kiosk: usize, by_ms: i64) {
        self.kiosks[kiosk].wall_jump_ms += by_ms;
    }

    /// Forgets what is due, by a clock that may be believed.
    pub fn housekeeping(&mut self, kiosk: usize) {
        if self.strikes(Fault::ClockFar) {
            self.clock_far(kiosk);
        }
        if !self.kiosks[kiosk].on || matches!(self.kiosks[kiosk].state.customer, CustomerState::Busy(..)) {
            return;
        }
        let now = self.now(kiosk);
        let held = &mut self.kiosks[kiosk];
        let newest_record = held.journal.newest_record();
        let reading = Reading { mono: now.mono, wall: now.wall, newest_record, synchronised: false };
        if let Some(believed) = held.clock_trust.believed(reading) {
            let before = self.on_record_now(kiosk);
            self.kiosks[kiosk].journal.tidy(believed, KEEP_DAYS);
            self.summary.tidied += 1;
            // The claim reference of a pickup without a booking is free again with the pickup.
            let cutoff = believed.as_millisecond() - i64::from(KEEP_DAYS) * DAY_MS;
            self.kiosks[kiosk].claims.retain(|_, (of, began)| of.is_some() || *began >= cutoff);
            self.forgotten(kiosk, before);
        }
    }

    /// Lets the key be gone at a start, or the journal itself, of which `start-new` keeps the list of bookings.
    pub fn journal_at_start(&mut self, kiosk: usize) {
        self.kiosks[kiosk].clock_trust = ClockTrust::default();
        if self.strikes(Fault::KeyLost) {
            self.kiosks[kiosk].journal.lose_key();
            let held = self.on_record_now(kiosk);
            self.kiosks[kiosk].key_lost.extend(held.into_iter().map(|held| held.index));
        }
        if self.strikes(Fault::JournalLost) {
            let wall = self.wall(kiosk);
            // The records of the old one stand in the file that was set aside, and staff look there.
            let kept = self.on_record_now(kiosk);
            let life = self.kiosks[kiosk].life;
            for held in kept {
                let seats = 0..self.truth[held.index].counter.len();
                let seats: Vec<usize> =
                    seats.filter(|seat| self.states(kiosk, held.index, *seat).next().is_some()).collect();
                let old = self.kiosks[kiosk].in_old_journal.entry(held.index).or_default();
                old.life = life;
                old.seats.extend(seats);
            }
            self.kiosks[kiosk].key_lost.clear();
            self.kiosks[kiosk].journal.start_new(wall);
        }
    }
}
