//! Claims: a booking issued here once is this kiosk's only while nothing says that it may be another's: flags told in
//! any answer, a refusal, the time that has passed.

use super::by_hand::{ByHand, is_issue, is_print, is_query, list};
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::IssueState;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{PrintResult, SiteAnswer};
use pickup_kiosk::ticket::SeatState::{Printed, Reserved, Uncertain};
use pickup_kiosk::ticket::Ticket;

/// Returns both seats, the second shown as printed.
fn second_flagged() -> Vec<Ticket> {
    [list(&[0], false), list(&[1], true)].concat()
}

fn prints_seat(action: &Action, wanted: &str) -> bool {
    matches!(action, Action::Print { seat, .. } if seat.seat_code == wanted)
}

#[test]
fn an_issue_without_an_answer_is_not_sent_again_for_seats_that_have_changed() {
    let mut kiosk = ByHand::new();
    kiosk.asks_for("p1", list(&[0, 1], false));
    kiosk.issued(SiteAnswer::NoReply);
    assert_eq!((kiosk.count(is_query), kiosk.count(is_issue)), (2, 1));
    kiosk.lists(second_flagged());
    assert_eq!((kiosk.count(is_issue), kiosk.count(is_print)), (1, 0));
    assert_eq!((kiosk.seats(), kiosk.issue()), (vec![Reserved; 2], Some(IssueState::Asked)));
}

#[test]
fn a_claim_of_an_earlier_pickup_is_ours_only_while_the_site_shows_no_seat_as_printed() {
    for (flagged, prints) in [(false, 1), (true, 0)] {
        let mut kiosk = ByHand::new();
        kiosk.owes_both();
        kiosk.asks_for("p2", list(&[0, 1], false));
        kiosk.issued(SiteAnswer::Value(1));
        kiosk.lists(if flagged { second_flagged() } else { list(&[0, 1], false) });
        assert_eq!(kiosk.count(is_print), prints, "flagged {flagged}");
    }
}

#[test]
fn where_claims_may_lapse_a_refusal_says_nothing_of_whose_it_is() {
    let mut kiosk = ByHand::told(FlagsAt::Report, false);
    kiosk.owes_both();
    kiosk.asks_for("p2", list(&[0, 1], false));
    kiosk.issued(SiteAnswer::Value(1));
    assert_eq!((kiosk.count(is_query), kiosk.count(is_print)), (1, 0));
    assert_eq!((kiosk.seats(), kiosk.issue()), (vec![Reserved; 2], Some(IssueState::Asked)));
}

#[test]
fn a_flag_told_before_the_report_counts_for_the_pickup_that_is_being_issued() {
    let mut kiosk = ByHand::new();
    kiosk.owes_the_second();
    kiosk.asks_for("p2", list(&[0, 1], false));
    assert_eq!(kiosk.count(is_issue), 1);
    kiosk.lists_for_the_report(second_flagged());
    kiosk.issued(SiteAnswer::Value(0));
    assert_eq!((kiosk.count(is_print), kiosk.seats()), (0, vec![Printed, Uncertain]));
}

#[test]
fn a_flag_told_while_the_ticket_is_at_the_printer_counts_when_it_was_not_begun() {
    let mut kiosk = ByHand::new();
    kiosk.owes_the_second();
    kiosk.asks_for("p2", list(&[0, 1], false));
    kiosk.issued(SiteAnswer::Value(0));
    assert_eq!(kiosk.count(is_print), 1);
    kiosk.lists_for_the_report(second_flagged());
    kiosk.ticket_done(1, PrintResult::NotStarted(FaultCode::PaperOut));
    assert_eq!(kiosk.seats(), [Printed, Uncertain]);
}

#[test]
fn what_was_issued_and_not_begun_is_asked_for_anew_and_is_open_until_it_is_answered() {
    let mut kiosk = ByHand::told(FlagsAt::Unknown, false);
    kiosk.owes_both();
    assert_eq!(kiosk.issue(), Some(IssueState::Issued), "nobody knows whether others could collect it");
    kiosk.asks_for("p2", list(&[0, 1], false));
    assert_eq!((kiosk.count(is_issue), kiosk.count(is_print)), (1, 0));
    assert_eq!(kiosk.issue(), Some(IssueState::Asked), "should the power fail now");
    kiosk.issued(SiteAnswer::NotSent);
    assert_eq!((kiosk.issue(), kiosk.seats()), (Some(IssueState::Issued), vec![Reserved; 2]));
}

#[test]
fn an_issue_that_was_not_sent_takes_no_released_claim_back() {
    let mut kiosk = ByHand::new();
    kiosk.owes_both();
    assert_eq!(kiosk.issue(), Some(IssueState::Released));
    kiosk.asks_for("p2", list(&[0, 1], false));
    kiosk.issued(SiteAnswer::NotSent);
    assert_eq!(kiosk.issue(), Some(IssueState::Released));
}

#[test]
fn at_a_site_of_unknown_kind_a_flag_on_what_is_owed_is_not_taken_for_our_own_issue() {
    let mut kiosk = ByHand::told(FlagsAt::Unknown, false);
    kiosk.owes_both();
    kiosk.asks_for("p2", second_flagged());
    kiosk.issued(SiteAnswer::Value(0));
    kiosk.ticket_done(0, PrintResult::Confirmed);
    assert_eq!(kiosk.count(|action| prints_seat(action, "1")), 0);
    assert_eq!(kiosk.seats(), [Printed, Uncertain]);
}

#[test]
fn at_a_site_of_unknown_kind_flags_on_all_that_is_owed_are_not_taken_for_our_own_issue() {
    let mut kiosk = ByHand::told(FlagsAt::Unknown, false);
    kiosk.owes_both();
    // Our issue may have set the flags, or somebody who has both tickets.
    kiosk.asks_for("p2", list(&[0, 1], true));
    assert_eq!((kiosk.count(is_issue), kiosk.count(is_print)), (0, 0));
    assert_eq!(kiosk.seats(), [Uncertain; 2]);
}
