//! Keys of states: two states are the same by value, but for names that only tell one try from another.
//!
//! Claim references and pickup ids are renamed, the journal counts as what it says of the booking and
//! of what is unfinished, and the record's sequence and times do not count.

use super::node::Node;
use super::wide::Wide;
use pickup_kiosk::journal::record::{Claim, DueReport, History, PickupId};
use pickup_kiosk::pickup::action::{Action, QueryOrigin};
use pickup_kiosk::pickup::backlog::Backlog;
use pickup_kiosk::pickup::due::Due;
use pickup_kiosk::pickup::state::{ActivePickup, CustomerState, Shown, State};
use std::hash::Hash;
use std::mem::discriminant;

/// Returns 128 bits that tell states apart, but for what is left to happen.
pub fn key(node: &Node) -> u128 {
    let mut to = Wide::default();
    write(node, &mut to);
    to.all()
}

fn write(node: &Node, to: &mut Wide) {
    let claim = node.held().and_then(|booking| booking.claim);
    let known = node.journal.known();
    (node.on, node.printer, node.paper).hash(to);
    (node.issued, node.may_print, node.fresh_claim, node.others_claim, node.lapsed, node.in_window).hash(to);
    (node.late_issue, node.was_short, node.hidden, node.journal_failed).hash(to);
    node.report_taken.hash(to);
    node.last_list.len().hash(to);
    for ticket in node.last_list.iter() {
        (&ticket.seat_code, ticket.printed).hash(to);
    }
    state(&node.state, claim, to);
    let front = node.front_pickup();
    known.unfinished.len().hash(to);
    for open in &known.unfinished {
        (Some(open) == front).hash(to);
    }
    for due in &node.state.backlog.due {
        let pickup = &due.report.pickup;
        (known.unfinished.contains(pickup), node.journal.has(pickup)).hash(to);
    }
    known.booking.hash(to);
    let booking = &node.cinema.bookings[0];
    (booking.issued, booking.reports > 0, booking.cancelled).hash(to);
    for seat in &booking.seats {
        let shown = seat.shown_at_ms <= node.cinema.now_ms;
        (seat.refunded, seat.ticket.printed, seat.flagged_by_claim, shown).hash(to);
    }
    node.not_begun.len().hash(to);
    for (pickup, seat, code) in &node.not_begun {
        (Some(pickup) == front, seat, code).hash(to);
    }
    for action in &node.pending {
        pending(action, front, to);
    }
}

fn pending(action: &Action, front: Option<&PickupId>, to: &mut Wide) {
    discriminant(action).hash(to);
    match action {
        Action::Query { origin: QueryOrigin::Customer(pickup), .. } => (true, Some(pickup) == front).hash(to),
        Action::Query { origin: QueryOrigin::Backlog(_), .. } => (false, false).hash(to),
        Action::Issue { pickup, .. } => (Some(pickup) == front).hash(to),
        Action::Print { pickup, seat, .. } => (Some(pickup) == front, seat).hash(to),
        _ => {}
    }
}

/// Writes all of the workflow's state. Every field is named here: one that is added has to be added here.
fn state(state: &State, known: Option<Claim>, to: &mut Wide) {
    let State { customer: front, backlog, rate_limit: pace, printer, paper_left, journal_ok, told, stopping } =
        state;
    let other = |claim: Claim| if Some(claim) == known { Claim(1) } else { Claim(2) };
    discriminant(front).hash(to);
    match front {
        CustomerState::Busy(running, stage) => {
            active(running, &other, to);
            stage.hash(to);
        }
        CustomerState::Result(shown) => {
            let Shown { pickup: _, outcome, hint, claim, seats, session, since, until } = shown;
            (outcome, hint, claim.map(other), seats, session, since, until).hash(to);
        }
        CustomerState::Idle | CustomerState::EnteringCode(_) | CustomerState::Reprinting { .. } => {
            front.hash(to)
        }
    }
    let Backlog { due, in_flight, given_up, just_decided } = backlog;
    due.len().hash(to);
    for one in due {
        let Due {
            report: DueReport { pickup: _, number, sent, owed, seats },
            list_only,
            at,
            pause,
            asked,
            complete,
            elsewhere,
            asked_again,
            refused,
            noted,
            on_record,
            done,
            found,
            appeared,
        } = one;
        (number, sent, owed, seats, list_only, at, pause, asked, complete).hash(to);
        (elsewhere, asked_again, refused, noted, on_record, done, found, appeared).hash(to);
    }
    (in_flight, given_up, just_decided).hash(to);
    (pace, printer, paper_left, journal_ok, told, stopping).hash(to);
}

fn active(active: &ActivePickup, other: &impl Fn(Claim) -> Claim, to: &mut Wide) {
    let ActivePickup {
        pickup: _,
        started_at,
        started,
        source,
        number,
        id,
        id_alone,
        respelled,
        look,
        cloud,
        history,
        taken,
        claim,
        own_issue,
        unanswered,
        second_issue,
        issued_now,
        issued_at,
        asked_again,
        doubtful,
        listed,
        elsewhere,
        recorded,
        tied,
        patience,
        session,
        seats,
    } = active;
    (started_at, started, source, number, id, id_alone, respelled, look, cloud).hash(to);
    history.is_some().hash(to);
    if let Some(History { number, issue, ever_issued, report, seats, claim, last_step }) = history {
        (number, issue, ever_issued, report, seats, claim.map(other), last_step).hash(to);
    }
    (taken, other(*claim), own_issue, unanswered, second_issue, issued_now, issued_at).hash(to);
    (asked_again, doubtful, listed, elsewhere, recorded, tied, patience, session, seats).hash(to);
}
