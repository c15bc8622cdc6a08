//! Every way a pickup can end, once.

use super::rig::{Fate, Look, Rig, Ticketed};
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::state::Hint;
use pickup_kiosk::ticket::{Outcome, SeatState};

#[test]
fn printed_everything_comes_out_and_the_site_is_told() {
    let mut rig = Rig::new(2);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed);
    assert_eq!(rig.shown().claim, None);
    assert_eq!(rig.originals(0), [0, 1]);
    assert!(rig.flagged(0));
    // The cloud is not needed for a whole code, and nothing is recorded twice.
    assert_eq!(rig.count(|a| matches!(a, Action::AskCloud { .. })), 0);
    assert!(rig.count(|a| matches!(a, Action::Record(_))) <= 3 + 2 * 2);
}

#[test]
fn already_collected_known_from_the_kiosks_own_record() {
    let mut rig = Rig::new(2);
    rig.scan(&Rig::code(0));
    rig.wait(5_000);
    rig.actions.clear();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected);
    assert_eq!(rig.count(|a| matches!(a, Action::Query { .. } | Action::AskCloud { .. })), 0);
    assert_eq!(rig.originals(0), [0, 1]);
}

#[test]
fn already_collected_said_by_the_cloud_for_exactly_this_pair() {
    let mut rig = Rig::new(2);
    rig.site.borrow_mut().collect_at_counter(super::parts::number(0));
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected);
    assert!(rig.paper.is_empty());
}

#[test]
fn refunded_and_cancelled_said_by_the_cloud() {
    let mut rig = Rig::new(2);
    rig.site.borrow_mut().bookings[0].seats.iter_mut().for_each(|seat| seat.refunded = true);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Refunded);
    let mut rig = Rig::new(2);
    rig.site.borrow_mut().bookings[0].cancelled = true;
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Cancelled);
    assert!(rig.paper.is_empty() && rig.history(0).is_none());
}

#[test]
fn not_found_looks_and_takes_the_same_whether_the_number_exists_or_not() {
    let mut shown = Vec::new();
    for code in ["1000|NoSuchId", "777777|NoSuchId", "NoSuchIdAtAll"] {
        let mut rig = Rig::new(2);
        rig.scan(code);
        assert!(rig.machine.deadline(&rig.state).is_some(), "held back");
        rig.wait(1_999);
        assert!(
            !matches!(rig.state.customer, pickup_kiosk::pickup::state::CustomerState::Result(_)),
            "{code}"
        );
        rig.wait(1);
        let seen = rig.shown().clone();
        assert_eq!((seen.outcome, seen.claim, seen.seats.len()), (Outcome::NotFound, None, 0), "{code}");
        assert!(rig.history(0).is_none() && rig.paper.is_empty());
        shown.push((seen.hint, seen.until));
    }
    assert!(shown.windows(2).all(|two| two[0] == two[1]), "{shown:?}");
}

#[test]
fn code_rejected_reaches_no_server() {
    let too_long = "x".repeat(600);
    for (code, hint) in
        [("", Hint::None), ("hello world!", Hint::None), ("13812345678", Hint::TelephoneNumber)]
    {
        let mut rig = Rig::new(1);
        rig.scan(code);
        assert_eq!((rig.outcome(), rig.shown().hint), (Outcome::CodeRejected, hint), "{code}");
        assert_eq!(rig.count(|a| !matches!(a, Action::Record(_))), 0, "{code}");
    }
    let mut rig = Rig::new(1);
    rig.scan(&too_long);
    assert_eq!(rig.outcome(), Outcome::CodeRejected);
    let mut rig = Rig::new(1);
    let pickup = rig.new_pickup();
    let scan = pickup_kiosk::pickup::input::Scan::TooLong;
    let source = pickup_kiosk::pickup::input::Source::Scanner;
    rig.handle_input(pickup_kiosk::pickup::input::Input::Code { pickup, source, scan });
    assert_eq!(rig.outcome(), Outcome::CodeRejected);
}

#[test]
fn try_later_when_nothing_was_issued() {
    let mut rig = Rig::new(2);
    rig.looks.push_back(Look::Silent);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::TryLater);
    let mut rig = Rig::new(2);
    rig.issues.push_back(Fate::NotSent);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::TryLater);
    assert!(rig.history(0).is_none(), "nothing was issued, nothing is held");
    rig.wait(40_000);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed);
}

#[test]
fn see_counter_with_a_claim_on_screen_on_paper_and_on_record() {
    let mut rig = Rig::new(2);
    rig.tickets.extend([Ticketed::Torn]);
    rig.scan(&Rig::code(0));
    rig.wait(100_000);
    assert_eq!(rig.ended().0, Outcome::SeeCounter);
    let history = rig.history(0).unwrap();
    assert!(history.claim.is_some());
    assert_eq!(rig.seats(0), [SeatState::Uncertain, SeatState::Reserved]);
    // A printer that works prints the reference too.
    let mut rig = Rig::new(2);
    rig.issues.extend([Fate::ReplyLost]);
    rig.scan(&Rig::code(0));
    let claim = rig.claim();
    assert_eq!(rig.history(0).unwrap().claim, Some(claim));
    assert_eq!(rig.count(|a| *a == Action::PrintClaim { claim }), 1);
}

#[test]
fn out_of_service_before_anything_is_issued() {
    let mut rig = Rig::new(2);
    rig.stop_printer(FaultCode::PaperOut);
    rig.scan(&Rig::code(0));
    assert_eq!(
        (rig.outcome(), rig.shown().hint),
        (Outcome::OutOfService, Hint::Printer(FaultCode::PaperOut))
    );
    assert_eq!(rig.count(|a| matches!(a, Action::Query { .. })), 0);
}

#[test]
fn a_scan_while_a_pickup_runs_is_refused_and_never_queued() {
    let mut rig = Rig::new(2);
    rig.tickets.push_back(Ticketed::NotReady);
    rig.scan(&Rig::code(0));
    let before = rig.state.clone();
    rig.scan("1000|Other77");
    assert_eq!(rig.state, before);
    assert_eq!(rig.count(|a| *a == Action::RefuseScan), 1);
    rig.mend();
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}
