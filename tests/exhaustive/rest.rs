//! What must be true when nothing is under way.

use super::node::Node;
use super::parts;
use pickup_kiosk::journal::record::ReportState;
use pickup_kiosk::pickup::state::Front;
use pickup_kiosk::ticket::SeatState;

/// What is wrong with a state in which nothing is under way; `count` counts those that are.
pub fn at_rest(node: &Node, count: &mut usize) -> Option<String> {
    let quiet = node.on
        && node.pending.is_empty()
        && node.not_begun.is_empty()
        && node.state.backlog.due.is_empty()
        && matches!(node.state.front, Front::Idle);
    if !quiet {
        return None;
    }
    *count += 1;
    let begun = node.paper.iter().any(|paper| paper.begun > 0);
    let Some(booking) = node.held() else {
        return (begun || node.issued).then(|| "issued, and no record of it".to_owned());
    };
    // The journal failed at the end of a pickup: the next start closes it.
    let open = !node.journal.leftover(parts::wall(0)).unfinished.is_empty();
    for (seat, paper) in node.paper.iter().enumerate() {
        let key = parts::seat_key(seat);
        let state = booking.seats.iter().find(|held| held.key == key).map(|held| held.state);
        let wrong = match state {
            Some(SeatState::Printing) => !open,
            Some(SeatState::Printed) => paper.whole == 0,
            Some(SeatState::Reserved) | None => paper.begun > 0,
            Some(SeatState::Uncertain) => paper.begun == 0 && paper.whole > 0,
            Some(_) => false,
        };
        if wrong {
            return Some(format!("seat {seat} is {state:?} and its paper {paper:?}"));
        }
    }
    // Where the journal failed to record what became of it, the next start sends it once more.
    let told = matches!(booking.report, ReportState::Done | ReportState::Refused) || node.journal_failed;
    (begun && !told && !open).then(|| format!("the site has no report: {:?}", booking.report))
}
