//! Lists of the site (0x04), and their worth: one that is old is asked for again before the issue, one that leaves out
//! what is owed before anything is made of it.

use super::by_hand::{ByHand, is_issue, is_print, is_query, list};
use pickup_kiosk::pickup::input::PrintResult;
use pickup_kiosk::pickup::timing::LIST_FRESH;
use pickup_kiosk::ticket::SeatState::{Printed, Uncertain};
use std::time::Duration;

#[test]
fn a_list_is_asked_for_again_before_the_issue_when_the_printer_was_slow() {
    let mut kiosk = ByHand::new();
    kiosk.scan("p1");
    kiosk.lists(list(&[0], false));
    kiosk.after(LIST_FRESH + Duration::from_millis(1)).printer_is_ready();
    assert_eq!((kiosk.count(is_query), kiosk.count(is_issue)), (2, 0), "what the site said is old");
    // Meanwhile the counter has printed it.
    kiosk.lists(list(&[0], true));
    assert_eq!(kiosk.count(is_issue), 0, "nothing is left to issue");
}

#[test]
fn a_list_that_is_young_enough_is_not_asked_for_twice() {
    let mut kiosk = ByHand::new();
    kiosk.scan("p1");
    kiosk.lists(list(&[0], false));
    kiosk.after(LIST_FRESH).printer_is_ready();
    assert_eq!((kiosk.count(is_query), kiosk.count(is_issue)), (1, 1));
}

#[test]
fn a_list_that_leaves_out_what_is_owed_is_asked_for_once_more_and_then_it_is_printed() {
    let mut kiosk = ByHand::new();
    kiosk.owes_the_second();
    kiosk.reports();
    kiosk.asks_for("p2", list(&[0], true));
    assert_eq!((kiosk.count(is_query), kiosk.count(is_print)), (2, 0), "it may have been short");
    kiosk.lists(list(&[0, 1], true));
    assert_eq!(kiosk.count(is_print), 1);
    kiosk.ticket_done(1, PrintResult::Confirmed);
    assert_eq!(kiosk.seats(), [Printed, Printed]);
}

#[test]
fn what_is_left_out_twice_is_uncertain_and_neither_void_nor_printed() {
    let mut kiosk = ByHand::new();
    kiosk.owes_the_second();
    kiosk.reports();
    kiosk.asks_for("p2", list(&[0], true));
    kiosk.lists(list(&[0], true));
    assert_eq!(kiosk.count(is_print), 0);
    assert_eq!(kiosk.seats(), [Printed, Uncertain]);
}
