//! Resuming an issue on record: in a later pickup, or after a wait for the printer.

use super::action::Action;
use super::flags::{NOT_LISTED, doubts};
use super::issue::refresh;
use super::lookup::{see_counter, settled_by_cloud, verdict};
use super::machine::Transition;
use super::policy;
use super::state::{ActivePickup, CustomerState, Hint, Purpose, Seat, Stage};
use crate::journal::record::{RecordStep, ReportState};
use crate::ticket::{Outcome, SeatKey, SeatState, Ticket};
use crate::vista::answer::{CloudAnswer, CloudBooking, Flag};

impl Transition<'_> {
    /// Looks for the owed seats in the site's fresh answer before they are printed.
    pub(super) fn may_resume(&mut self, mut active: ActivePickup, tickets: &[Ticket]) {
        if !policy::seats_differ(tickets) {
            return self.ask_refunds(active);
        }
        if self.list_was_short(&mut active, tickets) {
            self.not_yet_acted_on(&active, tickets);
            return self.query(active, Purpose::Resume);
        }
        if tickets.is_empty() {
            return self.ask_refunds(active);
        }
        let steps = self.flagged_now(&mut active, tickets);
        active.doubtful.extend(not_listed(&active, tickets));
        let fresh = refresh(&mut active, tickets);
        let resumed =
            active.number.map(|number| RecordStep::Resumed { number, id: active.id.clone(), seats: fresh });
        active.tied |= resumed.is_some();
        self.record(&mut active, resumed.into_iter().chain(steps).collect());
        if active.next_owed().is_none() {
            return self.nothing_owed(active, Vec::new());
        }
        self.ask_refunds(active);
    }

    pub(super) fn ask_refunds(&mut self, active: ActivePickup) {
        if !self.machine.policy.cloud {
            return self.refunds_known(active, CloudAnswer::Unavailable(String::new()));
        }
        self.actions.push(Action::AskCloud { pickup: active.pickup.clone(), id: active.id.clone() });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::AskingRefunds);
    }

    /// Takes the cloud's answer on whether the booking still stands. Seats that the site no longer lists are void only
    /// where the cloud says of as many that they were refunded.
    pub(super) fn refunds_known(&mut self, mut active: ActivePickup, answer: CloudAnswer) {
        let booking = match &answer {
            CloudAnswer::Booking(booking) if booking.number == active.number => Some(booking),
            _ => None,
        };
        if let Some(steps) = booking.and_then(|booking| withdrawn(&mut active, booking)) {
            active.cloud = Some(answer);
            return self.nothing_owed(active, steps);
        }
        if !active.tied {
            // The site's query gave nothing to go on with.
            return self.end(active, see_counter("the site no longer lists what is owed"));
        }
        let steps = match booking.is_some_and(|booking| explains_missing(&active, booking)) {
            true => refunded(&mut active),
            false => doubts(&mut active),
        };
        if !steps.is_empty() {
            self.record(&mut active, steps);
        }
        if active.next_owed().is_none() && !active.issued_now {
            return self.nothing_owed(active, Vec::new());
        }
        self.print_or_wait_for_codes(active, 0);
    }

    /// Goes on when the printer is well again after a wait in which others may have printed: flags come first.
    pub(super) fn go_on(&mut self, mut active: ActivePickup, tickets: &[Ticket]) {
        let steps = self.flagged_now(&mut active, tickets);
        if !steps.is_empty() {
            self.record(&mut active, steps);
        }
        if self.list_was_short(&mut active, tickets) {
            return self.query(active, Purpose::Continue);
        }
        active.doubtful.extend(not_listed(&active, tickets));
        if active.doubtful.is_empty() {
            return self.print_next(active);
        }
        self.ask_refunds(active);
    }

    /// Ends a pickup in which whatever was owed is void now.
    pub(super) fn nothing_owed(&mut self, active: ActivePickup, steps: Vec<RecordStep>) {
        let unreported = active.issued_now || matches!(active.report(), ReportState::Due { .. });
        if active.something_out() && unreported && active.report() != ReportState::Done {
            // Paper of the booking is out here: the site has to hear of that.
            return self.finish_with(active, steps);
        }
        let unsure = active.seats.iter().any(|seat| !seat.state.settled());
        let out = active.seats.iter().any(|seat| seat.state != SeatState::Void);
        let by_cloud = match &active.cloud {
            Some(CloudAnswer::Booking(booking)) => settled_by_cloud(booking),
            _ => None,
        };
        let verdict = match by_cloud {
            _ if unsure => see_counter("a ticket's fate is unknown"),
            Some(verdict) => verdict,
            None if out => verdict(Outcome::AlreadyCollected, Hint::None, "nothing is owed any more"),
            None => see_counter("what was owed was refunded"),
        };
        self.end_with(active, steps, verdict);
    }
}

/// Returns the seats that are owed and not in the site's list.
fn not_listed(active: &ActivePickup, tickets: &[Ticket]) -> Vec<(SeatKey, &'static str)> {
    let missing = |seat: &&Seat| !tickets.iter().any(|ticket| ticket.key() == seat.key);
    active.wanted().filter(missing).map(|seat| (seat.key.clone(), NOT_LISTED)).collect()
}

/// Makes everything that is owed void, where the cloud says that all of the booking was refunded or cancelled.
pub(super) fn withdrawn(active: &mut ActivePickup, booking: &CloudBooking) -> Option<Vec<RecordStep>> {
    let verdict = settled_by_cloud(booking)
        .filter(|verdict| matches!(verdict.outcome, Outcome::Refunded | Outcome::Cancelled))?;
    let owed = active.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    Some(owed.map(|seat| void_seat(seat, verdict.why)).collect())
}

/// Returns true if the cloud counts as many refunded tickets as seats are void here or missing from the site's list.
fn explains_missing(active: &ActivePickup, booking: &CloudBooking) -> bool {
    let refunded = booking.tickets.iter().filter(|ticket| ticket.refunded == Flag::Yes).count();
    let count = |state| active.seats.iter().filter(|seat| seat.state == state).count();
    // A refunded seat may be uncertain already, and a booking may have seats that are not on record.
    let accounted = |seat: &Seat| {
        seat.state == SeatState::Void || active.listed.contains(&seat.key) || active.doubts(&seat.key)
    };
    let all_known = booking.tickets.len() == active.seats.len() && active.seats.iter().all(accounted);
    let only_missing = active.doubtful.iter().all(|(_, why)| *why == NOT_LISTED);
    let missing = active.doubtful.len();
    all_known && only_missing && missing > 0 && refunded == count(SeatState::Void) + missing
}

fn refunded(active: &mut ActivePickup) -> Vec<RecordStep> {
    let doubtful = std::mem::take(&mut active.doubtful);
    let seats = active.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    let missing = seats.filter(|seat| doubtful.iter().any(|(key, _)| *key == seat.key));
    missing.map(|seat| void_seat(seat, "the cloud says refunded, the site no longer lists it")).collect()
}

fn void_seat(seat: &mut Seat, why: &str) -> RecordStep {
    seat.state = SeatState::Void;
    seat.ticket = None;
    RecordStep::Seat { seat: seat.key.clone(), state: SeatState::Void, why: why.into() }
}
