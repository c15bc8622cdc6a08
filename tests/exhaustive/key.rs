//! When two states are the same: by value, but for names that only tell one try from another.
//!
//! Claim references and pickup ids are renamed, the journal counts as what it says of the booking and
//! of what is unfinished, and the record's sequence and times do not count.

use super::node::Node;
use super::parts;
use pickup_kiosk::journal::record::{Claim, PickupId};
use pickup_kiosk::pickup::action::{Action, Asker};
use pickup_kiosk::pickup::state::{Front, State};
use std::hash::{DefaultHasher, Hash, Hasher};

/// 128 bits that tell states apart.
pub fn key(node: &Node) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        write(node, &mut hasher);
        hasher.finish()
    };
    u128::from(half(1)) << 64 | u128::from(half(2))
}

fn write(node: &Node, to: &mut DefaultHasher) {
    let claim = node.held().and_then(|booking| booking.claim);
    let leftover = node.journal.leftover(parts::wall(0));
    (node.on, node.left, node.printer, node.paper).hash(to);
    (node.issued, node.may_print, node.others_claim, node.lapsed).hash(to);
    (node.late_issue, node.was_short, node.hidden, node.journal_failed).hash(to);
    (node.reported, node.reported_before, node.report_taken).hash(to);
    for ticket in &node.last_list {
        (parts::seat_index(&ticket.key()), ticket.printed).hash(to);
    }
    renamed(&node.state, claim).hash(to);
    let front = node.front_pickup();
    for (open, _) in &leftover.unfinished {
        (Some(&open.pickup) == front).hash(to);
    }
    for due in &node.state.backlog.due {
        leftover.unfinished.iter().any(|(open, _)| open.pickup == due.report.pickup).hash(to);
    }
    if let Some(booking) = node.held() {
        let mut booking = booking.clone();
        booking.claim = booking.claim.map(|_| Claim(1));
        booking.hash(to);
    }
    let booking = &node.cinema.bookings[0];
    (booking.issued, booking.reports > 0, booking.cancelled).hash(to);
    for seat in &booking.seats {
        let shown = seat.shown_at_ms <= node.cinema.now_ms;
        (seat.refunded, seat.ticket.printed, seat.flagged_by_claim, shown).hash(to);
    }
    for (pickup, seat, code) in &node.not_begun {
        (Some(pickup) == front, seat, code).hash(to);
    }
    for action in &node.pending {
        pending(action, front, to);
    }
}

fn pending(action: &Action, front: Option<&PickupId>, to: &mut DefaultHasher) {
    std::mem::discriminant(action).hash(to);
    match action {
        Action::Query { asker: Asker::Front(pickup), .. } => (true, Some(pickup) == front).hash(to),
        Action::Query { asker: Asker::Backlog(_), .. } => (false, false).hash(to),
        Action::Issue { pickup, .. } => (Some(pickup) == front).hash(to),
        Action::Print { pickup, seat, .. } => (Some(pickup) == front, seat).hash(to),
        _ => {}
    }
}

fn renamed(state: &State, known: Option<Claim>) -> State {
    let mut state = state.clone();
    let other = |claim: Claim| if Some(claim) == known { Claim(1) } else { Claim(2) };
    match &mut state.front {
        Front::Busy(visit, _) => {
            visit.pickup = PickupId(String::new());
            visit.claim = other(visit.claim);
            if let Some(history) = &mut visit.history {
                history.claim = history.claim.map(other);
            }
        }
        Front::Result(shown) => {
            shown.pickup = PickupId(String::new());
            shown.claim = shown.claim.map(other);
        }
        Front::Idle | Front::Entering(_) | Front::Reprinting { .. } => {}
    }
    for due in &mut state.backlog.due {
        due.report.pickup = PickupId(String::new());
    }
    state
}
