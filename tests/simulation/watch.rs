//! Rules that must hold after every step; `look_back` has those of the quiet end.

use super::faults::Fault;
use super::parts;
use super::world::{Job, World};
use pickup_kiosk::journal::record::{Entry, IssueState, RecordStep, ReportState};
use pickup_kiosk::journal::rules::Booking;
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{SeatKey, SeatState};

/// Booking that a kiosk's journal holds.
pub struct OnRecord {
    pub index: usize,
    /// True if something of it is not settled.
    pub unsettled: bool,
    /// True if the journal would know it again.
    pub known: bool,
}

impl World<'_> {
    /// Takes note of a transaction.
    pub fn recorded(&mut self, kiosk: usize, entries: &[Entry]) {
        for entry in entries {
            match &entry.step {
                RecordStep::Started { started_at, .. } => {
                    self.kiosks[kiosk].began.insert(entry.pickup.clone(), started_at.as_millisecond());
                }
                RecordStep::Issuing { number, .. } => {
                    let index = parts::index(*number);
                    self.truth[index].fresh_claim[kiosk] = false;
                    self.kiosks[kiosk].tied.insert(entry.pickup.clone(), index);
                    self.kiosks[kiosk].latest.insert(index, entry.pickup.clone());
                }
                RecordStep::Resumed { number, .. } | RecordStep::Recognised { number, .. } => {
                    let index = parts::index(*number);
                    let another = self.kiosks[kiosk].latest.get(&index) != Some(&entry.pickup);
                    self.truth[index].fresh_claim[kiosk] &= !another;
                    self.kiosks[kiosk].tied.insert(entry.pickup.clone(), index);
                    self.kiosks[kiosk].latest.insert(index, entry.pickup.clone());
                }
                RecordStep::Seat { seat, state, .. } => self.seat_recorded(kiosk, entry, seat, *state),
                RecordStep::Ended { claim: Some(claim), .. } => {
                    let index = self.kiosks[kiosk].tied.get(&entry.pickup).copied();
                    let held = &mut self.kiosks[kiosk];
                    let began = held.began.get(&entry.pickup).copied().unwrap_or(i64::MAX);
                    let before = held.claims.insert(claim.0, (index, began));
                    if before.is_some_and(|(before, _)| before != index || index.is_none()) {
                        self.violated(|| format!("claim {claim} was given to two"));
                    }
                }
                _ => {}
            }
        }
    }

    /// Returns what a kiosk's journal holds of a booking: more than one record where its key was lost in between.
    pub fn records(&self, kiosk: usize, index: usize) -> impl Iterator<Item = &Booking> {
        let (number, id) = (parts::number(index), &self.cinema.bookings[index].id);
        let bookings = self.kiosks[kiosk].journal.bookings();
        bookings
            .filter(move |(own, booking)| booking.number == number && *own == id)
            .map(|(_, booking)| booking)
    }

    /// Returns the bookings that a kiosk's journal holds; of each whether something of it is not settled.
    pub fn on_record_now(&self, kiosk: usize) -> Vec<OnRecord> {
        let held = (0..self.truth.len()).filter(|index| self.records(kiosk, *index).next().is_some());
        held.map(|index| OnRecord {
            index,
            unsettled: self.unsettled(kiosk, index),
            known: self.would_be_known(kiosk, index),
        })
        .collect()
    }

    /// Returns true if the journal knows the booking again when its code is presented.
    fn would_be_known(&self, kiosk: usize, index: usize) -> bool {
        let (number, id) = (parts::number(index), &self.cinema.bookings[index].id);
        self.kiosks[kiosk].journal.recall(Some(number), id, self.wall(kiosk)).history.is_some()
    }

    /// Returns true if a seat is owed, uncertain or printing, or paper is out and no report is through.
    fn unsettled(&self, kiosk: usize, index: usize) -> bool {
        let truth = &self.truth[index];
        let mut papers = truth.paper[kiosk].iter().zip(&truth.forgotten_paper[kiosk]);
        let begun = papers.any(|(paper, forgotten)| paper.begun + paper.again_begun > *forgotten);
        let mut reported = false;
        let mut open = false;
        for booking in self.records(kiosk, index) {
            reported |= booking.report == ReportState::Done;
            open |= booking.seats.iter().any(|seat| match seat.state {
                // A booking that was released, nothing of it out, is nobody's.
                SeatState::Reserved => booking.issue != IssueState::Released,
                SeatState::Uncertain | SeatState::Printing => true,
                SeatState::Printed | SeatState::Reprinted | SeatState::HandedOver | SeatState::Void => false,
            });
        }
        open || (begun && !reported)
    }

    /// Checks, after what is due was forgotten, that it was settled.
    pub fn forgotten(&mut self, kiosk: usize, before: Vec<OnRecord>) {
        for OnRecord { index, unsettled, known } in before {
            if self.records(kiosk, index).next().is_some() {
                // Under a key that was lost it was unknown before.
                let excused = !known && self.kiosks[kiosk].key_lost.contains(&index);
                if unsettled && !excused && !self.would_be_known(kiosk, index) {
                    self.violated(|| format!("kiosk {kiosk} no longer knows booking {index}, not settled"));
                }
                continue;
            }
            let paper = self.truth[index].paper[kiosk].iter();
            let begun = paper.map(|paper| paper.begun + paper.again_begun).collect();
            // Another issue is another record and another report, with another answer of the site.
            let truth = &mut self.truth[index];
            (truth.issued[kiosk], truth.may_print[kiosk], truth.report_taken[kiosk]) = (false, false, false);
            truth.forgotten_paper[kiosk] = begun;
            self.kiosks[kiosk].claims.retain(|_, (of, _)| *of != Some(index));
            if unsettled {
                self.violated(|| format!("kiosk {kiosk} forgot booking {index}, which was not settled"));
            }
        }
    }

    /// Returns the states in which a kiosk's journal has a seat.
    pub fn states(&self, kiosk: usize, index: usize, seat: usize) -> impl Iterator<Item = SeatState> {
        let key = parts::seat_key(seat);
        let seats = self.records(kiosk, index).flat_map(|booking| &booking.seats);
        seats.filter(move |held| held.key == key).map(|held| held.state)
    }

    fn seat_recorded(&mut self, kiosk: usize, entry: &Entry, seat: &SeatKey, state: SeatState) {
        let Some(index) = self.kiosks[kiosk].tied.get(&entry.pickup).copied() else { return };
        let paper = self.truth[index].paper[kiosk][parts::seat_index(seat)];
        let missing = match state {
            SeatState::Printed => paper.whole == 0,
            SeatState::Reprinted => paper.again == 0,
            _ => false,
        };
        self.summary.uncertain += u64::from(state == SeatState::Uncertain);
        if state == SeatState::Void {
            self.void_has_a_cause(kiosk, index, seat);
        }
        if missing {
            self.violated(|| {
                format!(
                    "kiosk {kiosk} recorded {state:?} of booking {index} {seat:?}: no whole ticket came out"
                )
            });
        }
    }

    /// Checks that a seat that was owed is void only where the world has a cause: it was paid back, somebody else's
    /// paper or record has it, or staff said so.
    fn void_has_a_cause(&mut self, kiosk: usize, index: usize, seat: &SeatKey) {
        let place = parts::seat_index(seat);
        let is_void = self.states(kiosk, index, place).any(|state| state == SeatState::Void);
        let (truth, booking) = (&self.truth[index], &self.cinema.bookings[index]);
        let cause = booking.cancelled
            || booking.seats[place].refunded
            || truth.counter[place]
            || truth.report_taken[1 - kiosk]
            || truth.paper[1 - kiosk][place].begun > 0
            || truth.paper[kiosk][place].staff
            || truth.printed_from_the_start[place];
        if is_void && !cause {
            self.violated(|| format!("kiosk {kiosk} made booking {index} seat {place} void without a cause"));
        }
    }

    /// Checks a byte of a ticket that goes to the printer.
    pub fn printing(&mut self, kiosk: usize, index: usize, seat: &SeatKey, again: bool) {
        let at = parts::seat_index(seat);
        let allowed = self.records(kiosk, index).any(|booking| {
            let printing = |state| state == SeatState::Printing;
            booking.issue == IssueState::Issued
                && booking.seats.iter().any(|held| held.key == *seat && printing(held.state))
        });
        if !allowed {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?} before it is on record"));
        }
        if again {
            self.truth[index].paper[kiosk][at].again_begun += 1;
            return;
        }
        let truth = &mut self.truth[index];
        truth.paper[kiosk][at].begun += 1;
        let issued = truth.issued[kiosk] && truth.may_print[kiosk];
        let (begun, foreign) = (truth.paper[kiosk][at].begun, truth.told[kiosk][at]);
        let elsewhere = truth.paper[1 - kiosk][at].begun;
        if begun > 1 {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?} for the second time"));
        }
        if !issued {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} that was never issued to it"));
        }
        if !self.truth[index].fresh_claim[kiosk] && !self.truth[index].report_taken[kiosk] {
            self.violated(|| {
                format!("kiosk {kiosk} prints booking {index} {seat:?} by the claim of an earlier pickup")
            });
        }
        if foreign {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?}: somebody else had"));
        }
        let age_ms = self.now_ms - self.truth[index].issued_at_ms[kiosk];
        let over =
            self.machine.policy.claim_limit().is_some_and(|limit| u128::from(age_ms) >= limit.as_millis());
        let theirs =
            self.truth[index].claimed_by == Some(1 - kiosk) && !self.truth[index].report_taken[kiosk];
        if elsewhere > 0 && over && theirs {
            self.violated(|| {
                format!("kiosk {kiosk} prints booking {index} {seat:?} by a claim that it knows is over")
            });
        }
        if elsewhere > 0 {
            if self.cinema.site.second_issue == SecondIssue::Refuse && !self.truth[index].lapsed {
                self.violated(|| format!("both kiosks print booking {index} {seat:?}"));
            }
            self.summary.windows += 1;
        }
    }

    /// Takes note of paper that has come out.
    pub fn paper_out(&mut self, kiosk: usize, job: &Job, whole: bool) {
        let paper = &mut self.truth[job.booking].paper[kiosk][parts::seat_index(&job.seat)];
        if whole {
            let count = if job.again { &mut paper.again } else { &mut paper.whole };
            *count += 1;
            self.summary.tickets += 1;
            self.summary.reprints += u64::from(job.again);
        }
        self.note(|| format!("paper: booking {} {:?} whole {whole}", job.booking, job.seat));
    }

    /// Checks that seats that the site has just given are on record already.
    pub fn issued_is_on_record(&mut self, kiosk: usize, index: usize, seats: &[usize]) {
        let held = |seat: &usize| self.states(kiosk, index, *seat).next().is_some();
        if let Some(lost) = seats.iter().find(|seat| !held(seat)).copied() {
            // The list before the issue may have left it out.
            if !self.truth[index].was_short {
                self.violated(|| {
                    format!("booking {index} seat {lost} was issued to kiosk {kiosk} without a record")
                });
            }
        }
    }

    /// Checks the state after an input and all its actions.
    pub fn watch(&mut self, kiosk: usize) {
        if self.search_texts {
            let text = format!("{:?}", self.kiosks[kiosk].state);
            self.search(|| text);
        }
        match &self.kiosks[kiosk].state.customer {
            CustomerState::Result(shown) => {
                if let Some(claim) = shown.claim
                    && !self.kiosks[kiosk].claims.contains_key(&claim.0)
                {
                    self.violated(|| format!("claim {claim} is shown and not on record"));
                    return;
                }
                let outcome = shown.outcome;
                if let Some((customer, pickup)) = &self.kiosks[kiosk].customer
                    && *pickup == shown.pickup
                {
                    let customer = *customer;
                    self.reads(kiosk, customer, outcome);
                }
            }
            CustomerState::EnteringCode(_) => self.asked_for_half(kiosk),
            CustomerState::Busy(..) => {
                if self.strikes(Fault::ImpatientScan) {
                    let in_ms = self.chance.below(2_000);
                    self.at(in_ms, super::world::Event::Impatient { kiosk });
                }
            }
            CustomerState::Idle | CustomerState::Reprinting { .. } => {}
        }
    }

    /// Looks for booking IDs in what can be read.
    pub fn search(&mut self, text: impl FnOnce() -> String) {
        let text = text().to_uppercase();
        let ids = self.cinema.bookings.iter().map(|booking| booking.id.expose().to_uppercase());
        if let Some(place) = ids.into_iter().position(|id| text.contains(&id)) {
            self.violated(|| format!("a text shows the ID of booking {place}"));
        }
    }
}
