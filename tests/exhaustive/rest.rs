//! Rules for states in which nothing is under way.

use super::key;
use super::moves;
use super::node::{Left, Node};
use super::parts;
use super::wide::KeysAsTheyAre;
use pickup_kiosk::journal::record::{IssueState, ReportState};
use pickup_kiosk::pickup::input::Readiness;
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::simulator::cinema::Seat;
use pickup_kiosk::ticket::SeatState;
use std::collections::HashMap;

/// Number of steps that bring any state to rest once nothing fails any more. With one fault 10 were needed at most.
const STEPS_MAX: usize = 100;

/// Returns true if nobody is served, nothing is under way and nothing is due.
fn is_quiet(node: &Node) -> bool {
    node.on
        && node.pending.is_empty()
        && node.not_begun.is_empty()
        && node.state.backlog.nothing_due()
        && node.state.journal_ok
        && matches!(node.state.customer, CustomerState::Idle)
}

/// Steps to rest, by the key of the state in which they begin. The way does not depend on what is left to happen.
pub type WaysToRest = HashMap<u128, u8, KeysAsTheyAre>;

/// Returns the violation in a state from which nothing fails any more and nobody comes: it must come to rest by itself,
/// with all that it does by then allowed, and be right there.
pub fn comes_to_rest(machine: &Machine, node: &Node, key: u128, ways: &mut WaysToRest) -> Option<String> {
    if ways.contains_key(&key) {
        return None;
    }
    let (mut node, mut key) = (node.clone(), key);
    node.left = Left::default();
    let (mut found, mut path) = (Vec::new(), Vec::new());
    while path.len() < STEPS_MAX {
        let known = ways.get(&key).copied();
        if known.is_some() || is_quiet(&node) {
            let steps = usize::from(known.unwrap_or(0));
            let all = path.len() + steps;
            if all > STEPS_MAX {
                break;
            }
            ways.entry(key).or_insert(0);
            ways.extend(path.into_iter().enumerate().map(|(at, key)| (key, (all - at) as u8)));
            // A state known to come to rest was looked at there by then.
            return if known.is_some() { None } else { at_rest(machine, &node, &mut 0) };
        }
        path.push(key);
        // What is under way ends; then the printer is mended, and the journal; then a time limit passes.
        let away = !node.state.journal_ok && node.state.at_rest();
        let mends = node.on && (node.printer != Readiness::Ready || away);
        let under_way = !node.pending.is_empty() || !node.not_begun.is_empty();
        moves::next(machine, &node, &mut found);
        let mended = |node: &Node| {
            let last = node.trail.as_ref().map(|trail| trail.what.to_string());
            last.is_some_and(|what| what == "printer mended" || what == "journal mended")
        };
        let next = match mends && !under_way {
            true => found.iter().position(mended),
            false => (!found.is_empty()).then_some(0),
        };
        let Some(next) = next else {
            return Some(format!("nothing follows: {:?} {:?}", node.state.customer, node.state.backlog));
        };
        node = found.swap_remove(next);
        key = key::key(&node);
        found.clear();
        if let Some(violation) = node.violation {
            return Some(format!("once nothing fails any more: {violation}"));
        }
    }
    Some(format!("does not come to rest: {:?} {:?}", node.state.customer, node.state.backlog))
}

/// Returns the violation in a state in which nothing is under way; `count` counts such states.
pub fn at_rest(machine: &Machine, node: &Node, count: &mut usize) -> Option<String> {
    if !is_quiet(node) {
        let nothing_under_way = node.on && node.pending.is_empty() && node.not_begun.is_empty();
        let waits_for_nothing = node.state.journal_ok && machine.deadline(&node.state).is_none();
        return (nothing_under_way && waits_for_nothing)
            .then(|| format!("stuck: {:?} {:?}", node.state.customer, node.state.backlog));
    }
    *count += 1;
    let begun = node.paper.iter().any(|paper| paper.begun > 0);
    let Some(booking) = node.held() else {
        return (begun || node.issued).then(|| "issued, and no record of it".to_owned());
    };
    if !node.journal.known().unfinished.is_empty() {
        return Some("a pickup is open and nobody closes it".to_owned());
    }
    for (seat, paper) in node.paper.iter().enumerate() {
        let key = parts::seat_key(seat);
        let state = booking.seats.iter().find(|held| held.key == key).map(|held| held.state);
        let wrong = match state {
            Some(SeatState::Printing) => true,
            Some(SeatState::Printed) => paper.whole == 0,
            Some(SeatState::Reserved) | None => paper.begun > 0,
            Some(_) => false,
        };
        if wrong {
            return Some(format!("seat {seat} is {state:?} and its paper {paper:?}"));
        }
    }
    if let Some(seat) = lost(node) {
        return Some(format!("seat {seat} is lost: flagged, no paper, on no record"));
    }
    let open = |seat: &Seat| !seat.ticket.printed && !seat.refunded;
    let unflagged = node.cinema.bookings[0].seats.iter().any(open);
    if booking.report == ReportState::Done && !node.report_taken && unflagged {
        return Some("it counts as reported and isn't".to_owned());
    }
    let told = matches!(booking.report, ReportState::Done | ReportState::Refused);
    (begun && !told).then(|| format!("the site has no report: {:?}", booking.report))
}

/// Returns a seat that the site shows as printed, that nobody has, and of which no record says that it is owed.
fn lost(node: &Node) -> Option<usize> {
    let held = node.held();
    let on_record = |seat: usize| {
        let key = parts::seat_key(seat);
        let found = held.and_then(|held| held.seats.iter().find(|held| held.key == key));
        found.is_some_and(|seat| match seat.state {
            SeatState::Reserved => held.is_some_and(|held| held.issue != IssueState::Released),
            SeatState::Void => false,
            _ => true,
        })
    };
    let lost = |(place, seat): &(usize, &Seat)| {
        let paper = node.paper[*place];
        let theirs = paper.counter || paper.other || node.others_claim;
        seat.ticket.printed && !seat.refunded && !theirs && paper.whole == 0 && !on_record(*place)
    };
    node.cinema.bookings[0].seats.iter().enumerate().find(lost).map(|(place, _)| place)
}
