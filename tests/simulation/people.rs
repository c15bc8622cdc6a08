//! Customers, the counter, staff.

use super::faults::Fault;
use super::parts;
use super::world::{Customer, Event, Manner, World};
use pickup_kiosk::journal::memory::Begun;
use pickup_kiosk::journal::record::{IssueState, PickupId};
use pickup_kiosk::journal::rules::Resolution;
use pickup_kiosk::pickup::input::{Input, Readiness, Scan, Source};
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::simulator::cinema::SetsFlags;
use pickup_kiosk::ticket::{Outcome, SeatKey, SeatState};

/// Number of times that an honest customer comes again.
const TRIES: u8 = 6;

impl World<'_> {
    /// Plans who comes, and what else is going to happen.
    pub fn people(&mut self, single: bool) {
        let bookings = self.truth.len();
        let span_ms = 15_000 * bookings as u64;
        for booking in 0..bookings {
            self.customer(booking, single, span_ms);
            if single {
                continue;
            }
            if self.chance.below(4) == 0 {
                self.customer(booking, single, span_ms);
            }
            if self.chance.below(5) == 0 {
                let (in_ms, all) = (self.chance.below(2 * span_ms), self.chance.below(3) > 0);
                self.at(in_ms, Event::Counter { booking, all });
            }
            if self.cinema.site.claim_lapses_ms.is_some() && self.chance.below(8) == 0 {
                let in_ms = self.chance.below(2 * span_ms);
                self.at(in_ms, Event::Reset { booking });
            }
            self.not_ordinary(booking);
            if self.chance.below(8) == 0 {
                let (in_ms, all) = (self.chance.below(2 * span_ms), self.chance.below(3) == 0);
                self.at(in_ms, Event::Refund { booking, all });
            }
        }
        for kiosk in 0..self.kiosks.len() {
            if !single {
                let in_ms = self.chance.below(2 * span_ms);
                self.at(in_ms, Event::Staff { kiosk });
                self.at(4 * span_ms + 900_000, Event::Staff { kiosk });
            }
        }
    }

    /// Makes some bookings other than they should be from the start.
    fn not_ordinary(&mut self, booking: usize) {
        let fresh = &mut self.cinema.bookings[booking];
        match self.chance.below(40) {
            0 => fresh.cancelled = true,
            1 => fresh.unknown_to_site = true,
            2 => fresh.seats.iter_mut().for_each(|seat| seat.ticket.printed = true),
            3 | 4 => fresh.seats.iter_mut().step_by(2).for_each(|seat| seat.ticket.printed = true),
            _ => {}
        }
        let seats = &self.cinema.bookings[booking].seats;
        self.truth[booking].printed_from_the_start = seats.iter().map(|seat| seat.ticket.printed).collect();
    }

    fn customer(&mut self, booking: usize, single: bool, span_ms: u64) {
        use Manner::{IdAlone, NumberOnly, NumberThenId, Pair, Respelled, WrongId};
        let manner = if single {
            self.chance.one_of(&[Pair, Pair, Pair, IdAlone, NumberThenId])
        } else {
            self.chance.one_of(&[
                Pair,
                Pair,
                Pair,
                Pair,
                Pair,
                IdAlone,
                IdAlone,
                NumberThenId,
                Respelled,
                NumberOnly,
                WrongId,
            ])
        };
        let kiosk = self.chance.below(self.kiosks.len() as u64) as usize;
        let customer = self.customers.len();
        self.customers.push(Customer { booking, kiosk, manner, tries: 0, done: false });
        let in_ms = self.chance.below(span_ms);
        self.at(in_ms, Event::Presents { customer });
    }

    pub fn comes_again(&mut self, customer: usize, in_ms: u64) {
        self.at(in_ms, Event::Presents { customer });
    }

    pub fn presents(&mut self, customer: usize) {
        let Customer { booking, kiosk, manner, .. } = self.customers[customer];
        let other = self.kiosks[kiosk].customer.as_ref().map(|(who, _)| *who);
        if !self.kiosks[kiosk].on || other.is_some_and(|other| other != customer) {
            let in_ms = self.chance.between(3_000, 20_000);
            return self.comes_again(customer, in_ms);
        }
        if self.strikes(Fault::ClockFar) {
            self.clock_far(kiosk);
        }
        if self.strikes(Fault::ClockJump) {
            self.kiosks[kiosk].wall_jump_ms += self.chance.below(14_400_000) as i64 - 7_200_000;
        }
        let (number, id) = (parts::number(booking), parts::id(booking));
        let code = match (manner, other) {
            (Manner::NumberThenId | Manner::IdAlone, Some(_)) => self.other_half(kiosk, booking),
            (Manner::Pair, _) => format!("{number}|{}", id.expose()),
            (Manner::IdAlone, None) => id.expose().to_owned(),
            (Manner::NumberThenId | Manner::NumberOnly, _) => number.to_string(),
            (Manner::Respelled, _) => format!("{number}|{}", id.expose().to_uppercase()),
            (Manner::WrongId, _) => format!("{number}|NoSuch{booking}x"),
        };
        let pickup = self.new_pickup(kiosk);
        match &self.kiosks[kiosk].state.customer {
            // The other half of his code goes on with it; the same half once more begins anew.
            CustomerState::EnteringCode(_) if other.is_some() => {
                if !matches!(manner, Manner::NumberThenId | Manner::IdAlone) {
                    self.kiosks[kiosk].customer = Some((customer, pickup.clone()));
                }
            }
            CustomerState::Busy(..) | CustomerState::Reprinting { .. } => {
                let in_ms = self.chance.between(3_000, 20_000);
                self.comes_again(customer, in_ms);
            }
            _ => {
                self.kiosks[kiosk].customer = Some((customer, pickup.clone()));
                self.kiosks[kiosk].half_asked = false;
            }
        }
        self.feed(kiosk, Input::Code { pickup, source: Source::Scanner, scan: Scan::Text(code) });
    }

    /// Returns the half of the code that the screen misses.
    fn other_half(&self, kiosk: usize, booking: usize) -> String {
        use pickup_kiosk::pickup::state::Half;
        match &self.kiosks[kiosk].state.customer {
            CustomerState::EnteringCode(entering) if matches!(entering.have, Half::Id(_)) => {
                parts::number(booking).to_string()
            }
            CustomerState::EnteringCode(_) => parts::id(booking).expose().to_owned(),
            _ => format!("{}|{}", parts::number(booking), parts::id(booking).expose()),
        }
    }

    /// Shows the customer in front that half of the code is missing.
    pub fn asked_for_half(&mut self, kiosk: usize) {
        let Some((customer, _)) = self.kiosks[kiosk].customer else { return };
        if !self.kiosks[kiosk].half_asked
            && matches!(self.customers[customer].manner, Manner::NumberThenId | Manner::IdAlone)
        {
            self.kiosks[kiosk].half_asked = true;
            let in_ms = self.chance.between(1_000, 30_000);
            self.comes_again(customer, in_ms);
        }
    }

    /// Shows the customer in front how it ended.
    pub fn reads(&mut self, kiosk: usize, customer: usize, outcome: Outcome) {
        self.kiosks[kiosk].customer = None;
        self.summary.outcome(outcome);
        let who = &mut self.customers[customer];
        who.tries += 1;
        let honest = !matches!(who.manner, Manner::WrongId | Manner::NumberOnly);
        let limit = match outcome {
            _ if !honest => 2,
            Outcome::NotFound => TRIES / 2,
            _ => TRIES,
        };
        let over = matches!(
            outcome,
            Outcome::Printed | Outcome::AlreadyCollected | Outcome::Refunded | Outcome::Cancelled
        );
        // A customer who bought more tickets than he holds notices.
        let (truth, booking) = (&self.truth[who.booking], &self.cinema.bookings[who.booking]);
        let lacks = |place: usize| {
            let paper = |kiosk: &Vec<super::world::Paper>| kiosk[place].whole + kiosk[place].again > 0;
            !booking.seats[place].refunded && !truth.counter[place] && !truth.paper.iter().any(paper)
        };
        let over = over && !(outcome == Outcome::Printed && (0..booking.seats.len()).any(lacks));
        if over || who.tries >= limit {
            who.done = true;
            return;
        }
        let in_ms = match outcome {
            Outcome::SeeCounter | Outcome::OutOfService => self.chance.between(60_000, 200_000),
            _ => self.chance.between(20_000, 60_000),
        };
        self.comes_again(customer, in_ms);
    }

    /// Scans a code while a pickup is running: it must change nothing.
    pub fn impatient(&mut self, kiosk: usize) {
        if !self.kiosks[kiosk].on || !matches!(self.kiosks[kiosk].state.customer, CustomerState::Busy(..)) {
            return;
        }
        let before = self.kiosks[kiosk].state.clone();
        let booking = self.chance.below(self.truth.len() as u64) as usize;
        let code = format!("{}|{}", parts::number(booking), parts::id(booking).expose());
        let pickup = self.new_pickup(kiosk);
        self.feed(kiosk, Input::Code { pickup, source: Source::Scanner, scan: Scan::Text(code) });
        // Like any other input it says that the records before it were made.
        let same = Input::PaperLeft(before.paper_left);
        let (expected, _) = self.machine.handle(before, same, self.now(kiosk));
        if self.kiosks[kiosk].on && self.kiosks[kiosk].state != expected {
            self.violated(|| format!("kiosk {kiosk}: a scan changed a running pickup"));
        }
    }

    pub fn counter(&mut self, booking: usize, all: bool) {
        self.summary.at_counter += 1;
        self.note(|| format!("the counter prints of booking {booking}: all {all}"));
        self.cinema_now();
        let seats = self.cinema.bookings[booking].seats.iter().enumerate();
        let open =
            seats.filter(|(place, seat)| (all || *place == 0) && !seat.ticket.printed && !seat.refunded);
        // Between the answer to a kiosk's question and its report's arrival nobody can tell, should it arrive.
        let number = Some(parts::number(booking));
        let seen = self.truth[booking].seen_before_report;
        let asking = |kiosk: &super::world::Kiosk| kiosk.on && kiosk.state.backlog.in_flight == number;
        let in_the_window: Vec<usize> =
            (0..self.kiosks.len()).filter(|kiosk| seen[*kiosk] && asking(&self.kiosks[*kiosk])).collect();
        for (place, _) in open {
            let truth = &mut self.truth[booking];
            truth.counter[place] = true;
            for kiosk in &in_the_window {
                truth.in_window[*kiosk][place] = true;
            }
            let unseen = !all && self.cinema.site.flags == SetsFlags::AtIssue;
            for kiosk in 0..2 {
                truth.unseen[kiosk][place] = unseen && !truth.issued_ever[kiosk];
            }
        }
        if all {
            self.cinema.collect_at_counter(parts::number(booking));
        } else if let Some(seat) = self.cinema.bookings[booking].seats.first_mut() {
            seat.ticket.printed = true;
            seat.flagged_by_claim = false;
        }
    }

    /// Lets staff put a booking back that was issued and not reported, because somebody asked them to.
    pub fn reset(&mut self, booking: usize) {
        self.note(|| format!("staff put booking {booking} back"));
        self.cinema_now().reset(parts::number(booking));
    }

    pub fn refund(&mut self, booking: usize, all: bool) {
        self.summary.refunds += 1;
        self.note(|| format!("refund of booking {booking}: all {all}"));
        if all && self.chance.below(3) == 0 {
            self.cinema.bookings[booking].cancelled = true;
        }
        let seats = &mut self.cinema.bookings[booking].seats;
        let from = if all { 0 } else { seats.len() - 1 };
        for seat in seats.iter_mut().skip(from).filter(|seat| !seat.ticket.printed) {
            seat.refunded = true;
        }
    }

    /// Returns the pickup by which staff find such a seat: the latest of the booking, or an earlier one where the
    /// booking is on record twice because the key was lost in between.
    fn pickup_with(
        &self,
        kiosk: usize,
        booking: usize,
        seat: &SeatKey,
        state: SeatState,
    ) -> Option<PickupId> {
        let kiosk = &self.kiosks[kiosk];
        let earlier = kiosk.tied.iter().filter(|(_, of)| **of == booking).map(|(pickup, _)| pickup);
        let shows = |pickup: &&PickupId| {
            let history =
                kiosk.journal.history_of(pickup).filter(|history| history.issue != IssueState::Asked);
            history.is_some_and(|history| history.seats.iter().any(|s| s.key == *seat && s.state == state))
        };
        kiosk.latest.get(&booking).into_iter().chain(earlier).find(shows).cloned()
    }

    /// Lets staff settle one seat that is uncertain, or owed. The kiosk lets them while nobody is served: a running
    /// pickup has its own picture of the seats.
    pub fn staff(&mut self, kiosk: usize) {
        if !self.kiosks[kiosk].on || !self.kiosks[kiosk].state.at_rest() {
            return;
        }
        let open = |state| matches!(state, SeatState::Uncertain | SeatState::Reserved);
        let found = self.kiosks[kiosk].journal.bookings().find_map(|(_, booking)| {
            let seat = booking.seats.iter().find(|seat| open(seat.state))?;
            (booking.issue != IssueState::Asked)
                .then(|| (parts::index(booking.number), seat.key.clone(), seat.state))
        });
        let Some((booking, seat, was)) = found else { return };
        let Some(pickup) = self.pickup_with(kiosk, booking, &seat, was) else {
            return self.violated(|| format!("staff find no pickup for booking {booking} {seat:?}, {was:?}"));
        };
        let paper = self.truth[booking].paper[kiosk][parts::seat_index(&seat)];
        let wall = self.wall(kiosk);
        self.note(|| format!("staff look at booking {booking} seat {seat:?} {was:?}"));
        let choice = self.chance.below(4);
        let ready = self.kiosks[kiosk].printer.readiness == Readiness::Ready;
        let journal = &mut self.kiosks[kiosk].journal;
        let settled = match (choice, was) {
            (0, SeatState::Uncertain) if paper.whole > 0 => {
                journal.resolve(&pickup, &seat, Resolution::CameOut, wall).is_ok()
            }
            (0 | 1, _) if ready => {
                let begun = journal.begin_reprint(&pickup, &seat, wall);
                if let Ok(Begun { pickup, ticket, count, report }) = begun {
                    if self.strikes(Fault::PowerCut) {
                        return self.power_cut(kiosk);
                    }
                    let ticket = Box::new(ticket);
                    self.feed(kiosk, Input::Reprint { pickup, was, ticket, count, report });
                }
                false
            }
            (2, _) => journal.resolve(&pickup, &seat, Resolution::HandedOver, wall).is_ok(),
            _ => journal.resolve(&pickup, &seat, Resolution::Void, wall).is_ok(),
        };
        self.truth[booking].paper[kiosk][parts::seat_index(&seat)].staff |= settled;
        self.summary.resolved += u64::from(settled);
    }
}
