//! The counter, which prints a booking whole, or a seat of it.

use super::node::Node;
use super::trail::What;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::simulator::cinema::{Seat, SetsFlags};
use std::rc::Rc;

/// The counter prints what the site doesn't show as printed, from this seat on.
pub fn prints(node: &Node, first: usize) -> Option<Node> {
    let open = |seat: &Seat| !seat.ticket.printed && !seat.refunded;
    let some = node.cinema.bookings[0].seats.iter().skip(first).any(open);
    if node.left.counter == 0 || (first > 0 && !some) {
        return None;
    }
    let mut collected = node.step(What::CounterPrints(first));
    collected.left.counter -= 1;
    // Between our question and our report's arrival nobody can tell, should it arrive.
    let in_the_window = node.pending.iter().any(|action| matches!(**action, Action::Report { .. }));
    // Nor between our list and our issue, where that sets the flags of what the counter has left.
    let unseen = node.cinema.site.flags == SetsFlags::AtIssue && !node.issued && first > 0;
    let cinema = Rc::make_mut(&mut collected.cinema);
    let at_site = cinema.bookings[0].seats.iter_mut().zip(&mut collected.paper);
    let at_site = at_site.zip(&mut collected.in_window).map(|((seat, paper), window)| (seat, paper, window));
    for (seat, paper, window) in at_site.skip(first).filter(|(seat, ..)| !seat.refunded) {
        let prints = !seat.ticket.printed;
        paper.counter |= prints;
        *window |= prints && in_the_window;
        paper.unseen |= prints && unseen;
        seat.ticket.printed = true;
        seat.flagged_by_claim = false;
    }
    Some(collected)
}
