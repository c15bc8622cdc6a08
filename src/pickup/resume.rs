//! Going on with an issue on record: in a later pickup, or after a wait for the printer.

use super::action::Action;
use super::flags::{NOT_LISTED, doubts};
use super::issue::refresh;
use super::lookup::{see_counter, settled_by_cloud, verdict};
use super::machine::Turn;
use super::policy;
use super::state::{Front, Hint, Purpose, Seat, Stage, Visit};
use crate::journal::record::{ReportState, Step};
use crate::ticket::{Outcome, SeatKey, SeatState, Ticket};
use crate::vista::answer::{CloudAnswer, CloudBooking, Flag};

impl Turn<'_> {
    /// Owed seats are looked for in the site's fresh answer before they are printed.
    pub(super) fn may_resume(&mut self, mut visit: Visit, tickets: &[Ticket]) {
        if !policy::seats_differ(tickets) {
            return self.ask_refunds(visit);
        }
        if self.list_was_short(&mut visit, tickets) {
            self.not_yet_acted_on(&visit, tickets);
            return self.query(visit, Purpose::Resume);
        }
        if tickets.is_empty() {
            return self.ask_refunds(visit);
        }
        let steps = self.flagged_now(&mut visit, tickets);
        visit.doubtful.extend(not_listed(&visit, tickets));
        let fresh = refresh(&mut visit, tickets);
        let resumed = visit.number.map(|number| Step::Resumed { number, id: visit.id.clone(), seats: fresh });
        visit.tied |= resumed.is_some();
        self.record(&mut visit, resumed.into_iter().chain(steps).collect());
        if visit.next_owed().is_none() {
            return self.nothing_owed(visit, Vec::new());
        }
        self.ask_refunds(visit);
    }

    pub(super) fn ask_refunds(&mut self, visit: Visit) {
        if !self.machine.policy.cloud {
            return self.refunds_known(visit, CloudAnswer::Unavailable(String::new()));
        }
        self.actions.push(Action::AskCloud { pickup: visit.pickup.clone(), id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::AskingRefunds);
    }

    /// The cloud has said whether the booking still stands. Seats that the site no longer lists are void only where
    /// the cloud says of as many that they were refunded.
    pub(super) fn refunds_known(&mut self, mut visit: Visit, answer: CloudAnswer) {
        let booking = match &answer {
            CloudAnswer::Booking(booking) if booking.number == visit.number => Some(booking),
            _ => None,
        };
        if let Some(steps) = booking.and_then(|booking| withdrawn(&mut visit, booking)) {
            visit.cloud = Some(answer);
            return self.nothing_owed(visit, steps);
        }
        if !visit.tied {
            // The site's query gave nothing to go on with.
            return self.end(visit, see_counter("the site no longer lists what is owed"));
        }
        let steps = match booking.is_some_and(|booking| explains_missing(&visit, booking)) {
            true => refunded(&mut visit),
            false => doubts(&mut visit),
        };
        if !steps.is_empty() {
            self.record(&mut visit, steps);
        }
        if visit.next_owed().is_none() && !visit.issued_now {
            return self.nothing_owed(visit, Vec::new());
        }
        self.print_or_wait_for_codes(visit, 0);
    }

    /// The printer is well again after a wait in which others may have printed: the site's flags come first.
    pub(super) fn go_on(&mut self, mut visit: Visit, tickets: &[Ticket]) {
        let steps = self.flagged_now(&mut visit, tickets);
        if !steps.is_empty() {
            self.record(&mut visit, steps);
        }
        if self.list_was_short(&mut visit, tickets) {
            return self.query(visit, Purpose::Continue);
        }
        visit.doubtful.extend(not_listed(&visit, tickets));
        if visit.doubtful.is_empty() {
            return self.print_next(visit);
        }
        self.ask_refunds(visit);
    }

    /// Whatever was owed is void now.
    pub(super) fn nothing_owed(&mut self, visit: Visit, steps: Vec<Step>) {
        let unreported = visit.issued_now || matches!(visit.report(), ReportState::Due { .. });
        if visit.something_out() && unreported && visit.report() != ReportState::Done {
            // Paper of it is out here: the site has to hear of that.
            return self.finish_with(visit, steps);
        }
        let unsure = visit.seats.iter().any(|seat| !seat.state.settled());
        let out = visit.seats.iter().any(|seat| seat.state != SeatState::Void);
        let by_cloud = match &visit.cloud {
            Some(CloudAnswer::Booking(booking)) => settled_by_cloud(booking),
            _ => None,
        };
        let verdict = match by_cloud {
            _ if unsure => see_counter("a ticket's fate is unknown"),
            Some(verdict) => verdict,
            None if out => verdict(Outcome::AlreadyCollected, Hint::None, "nothing is owed any more"),
            None => see_counter("what was owed was refunded"),
        };
        self.end_with(visit, steps, verdict);
    }
}

/// What is owed and not in the site's list.
fn not_listed(visit: &Visit, tickets: &[Ticket]) -> Vec<(SeatKey, &'static str)> {
    let missing = |seat: &&Seat| !tickets.iter().any(|ticket| ticket.key() == seat.key);
    visit.wanted().filter(missing).map(|seat| (seat.key.clone(), NOT_LISTED)).collect()
}

/// Everything that is owed becomes void, where the cloud says that all of the booking was refunded or cancelled.
pub(super) fn withdrawn(visit: &mut Visit, booking: &CloudBooking) -> Option<Vec<Step>> {
    let verdict = settled_by_cloud(booking)
        .filter(|verdict| matches!(verdict.outcome, Outcome::Refunded | Outcome::Cancelled))?;
    let owed = visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    Some(owed.map(|seat| void_seat(seat, verdict.why)).collect())
}

/// The cloud counts as many refunded tickets as seats are void here or missing from the site's list.
fn explains_missing(visit: &Visit, booking: &CloudBooking) -> bool {
    let refunded = booking.tickets.iter().filter(|ticket| ticket.refunded == Flag::Yes).count();
    let count = |state| visit.seats.iter().filter(|seat| seat.state == state).count();
    // One that was refunded may be uncertain already, and a booking may have seats that are not on record.
    let accounted = |seat: &Seat| {
        seat.state == SeatState::Void || visit.listed.contains(&seat.key) || visit.doubts(&seat.key)
    };
    let all_known = booking.tickets.len() == visit.seats.len() && visit.seats.iter().all(accounted);
    let only_missing = visit.doubtful.iter().all(|(_, why)| *why == NOT_LISTED);
    let missing = visit.doubtful.len();
    all_known && only_missing && missing > 0 && refunded == count(SeatState::Void) + missing
}

fn refunded(visit: &mut Visit) -> Vec<Step> {
    let doubtful = std::mem::take(&mut visit.doubtful);
    let seats = visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    let missing = seats.filter(|seat| doubtful.iter().any(|(key, _)| *key == seat.key));
    missing.map(|seat| void_seat(seat, "the cloud says refunded, the site no longer lists it")).collect()
}

fn void_seat(seat: &mut Seat, why: &str) -> Step {
    seat.state = SeatState::Void;
    seat.ticket = None;
    Step::Seat { seat: seat.key.clone(), state: SeatState::Void, why: why.into() }
}
