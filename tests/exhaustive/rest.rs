//! What must be true when nothing is under way.

use super::node::Node;
use super::parts;
use pickup_kiosk::journal::record::{IssueState, ReportState};
use pickup_kiosk::pickup::state::Front;
use pickup_kiosk::simulator::cinema::Seat;
use pickup_kiosk::ticket::SeatState;

/// What is wrong with a state in which nothing is under way; `count` counts those that are.
pub fn at_rest(node: &Node, count: &mut usize) -> Option<String> {
    let quiet = node.on
        && node.pending.is_empty()
        && node.not_begun.is_empty()
        && node.state.backlog.nothing_due()
        && node.state.journal_ok
        && matches!(node.state.front, Front::Idle);
    if !quiet {
        return None;
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
    let told = matches!(booking.report, ReportState::Done | ReportState::Refused);
    (begun && !told).then(|| format!("the site has no report: {:?}", booking.report))
}

/// A seat that the site shows as printed, that nobody has, and of which no record says that it is owed.
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
