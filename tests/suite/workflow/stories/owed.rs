//! Owed tickets: printed once, and only to the one who holds the pair.

use super::parts;
use super::rig::{Fate, Look, Rig, Ticketed, site};
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::memory::Begun;
use pickup_kiosk::journal::record::{IssueState, ReportState};
use pickup_kiosk::journal::rules::{Illegal, Resolution};
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Readiness};
use pickup_kiosk::pickup::state::Hint;
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{Mark, Outcome, SeatState};

use SeatState::{Printed, Reserved, Uncertain, Void};

#[test]
fn six_seats_paper_out_in_the_third_the_rest_comes_with_the_code_again() {
    let mut rig = Rig::new(6);
    rig.tickets.extend([Ticketed::Good, Ticketed::Good, Ticketed::Torn]);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    assert_eq!(rig.ended().0, Outcome::SeeCounter);
    assert_eq!(rig.seats(0), [Printed, Printed, Uncertain, Reserved, Reserved, Reserved]);
    assert!(rig.flagged(0), "the site has its report meanwhile");
    rig.wait(300_000);
    rig.mend();
    rig.actions.clear();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::SeeCounter, "one is still uncertain");
    assert_eq!(rig.seats(0), [Printed, Printed, Uncertain, Printed, Printed, Printed]);
    assert_eq!(rig.originals(0), [0, 1, 3, 4, 5]);
    assert!(rig.nothing_twice());
    assert_eq!(rig.count(|a| matches!(a, Action::Issue { .. })), 0, "it was ours");

    // Staff have the third printed again; the paper says so.
    let now = rig.now().wall;
    let pickup = rig.journal.leftover(now).unfinished.len();
    assert_eq!(pickup, 0);
    let latest = rig.shown().pickup.clone();
    let begun = rig.journal.begin_reprint(&latest, &parts::seat_key(2), now);
    let Begun { pickup, ticket, count, report } = begun.unwrap();
    rig.handle_input(Input::Reprint { pickup, was: Uncertain, ticket: Box::new(ticket), count, report });
    assert_eq!(rig.seats(0)[2], SeatState::Reprinted);
    assert_eq!(rig.paper.last().unwrap().mark, Mark::Reprint(1));
}

#[test]
fn a_customer_who_waits_gets_the_rest_when_the_printer_is_mended() {
    let mut rig = Rig::new(3);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(60_000);
    rig.mend();
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::Printed, vec![Printed; 3]));
    assert!(rig.nothing_twice());
}

#[test]
fn nothing_out_gives_the_claim_up_and_issues_afresh() {
    for second_issue in [SecondIssue::Accept, SecondIssue::Refuse] {
        let mut rig = Rig::at(site(&[2], second_issue), "a");
        rig.tickets.push_back(Ticketed::NotReady);
        rig.scan(&Rig::code(0));
        rig.wait(91_000);
        assert_eq!(rig.ended().0, Outcome::SeeCounter);
        assert_eq!(rig.history(0).unwrap().issue, IssueState::Released);
        assert!(!rig.flagged(0), "nothing came out, nothing is reported");
        let latest = rig.journal.history_of(&pickup_kiosk::journal::record::PickupId("a1".into()));
        assert!(latest.is_some());
        let again = rig.journal.clone().begin_reprint(
            &pickup_kiosk::journal::record::PickupId("a1".into()),
            &parts::seat_key(0),
            rig.now().wall,
        );
        assert!(matches!(again, Err(Illegal::NotIssued)), "not ours to print again");
        rig.mend();
        rig.scan(&Rig::code(0));
        assert_eq!(rig.outcome(), Outcome::Printed, "{second_issue:?}: the refusal is of our own issue");
        assert_eq!(rig.originals(0), [0, 1]);
    }
}

#[test]
fn after_a_restart_the_code_goes_on_where_the_record_stands() {
    // Cut when the second ticket is on record as printing.
    let cut = |n: usize| {
        let mut rig = Rig::new(3);
        rig.power_for = Some(n);
        rig.scan(&Rig::code(0));
        rig
    };
    let second = [Printed, SeatState::Printing, Reserved];
    let mut rig = (0..30).map(cut).find(|rig| !rig.on && rig.seats(0) == second).unwrap();
    rig.power_on();
    assert_eq!(rig.seats(0), [Printed, Uncertain, Reserved]);
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::SeeCounter, vec![Printed, Uncertain, Printed]));
    assert!(rig.nothing_twice());
}

#[test]
fn the_window_closes_and_a_look_does_not_open_it_again() {
    let mut rig = Rig::new(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    rig.mend();
    rig.wait(31 * 60_000);
    for _ in 0..2 {
        rig.scan(&Rig::code(0));
        assert_eq!(rig.outcome(), Outcome::SeeCounter);
        assert_eq!(rig.ended().1, "the time to go on is over");
        rig.wait(5 * 60_000);
    }
    let pickup = rig.journal.leftover(rig.now().wall).reports.len();
    assert_eq!(pickup, 0);
    let latest = pickup_kiosk::journal::record::PickupId("a1".into());
    rig.journal.resolve(&latest, &parts::seat_key(1), Resolution::HandedOver, rig.now().wall).unwrap();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected);
}

#[test]
fn a_printer_that_is_still_stopped_sends_what_is_owed_to_the_counter() {
    let mut rig = Rig::new(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(100_000);
    let claim = rig.history(0).unwrap().claim;
    rig.scan(&Rig::code(0));
    let shown = rig.shown();
    assert_eq!(
        (shown.outcome, shown.hint, shown.claim),
        (Outcome::SeeCounter, Hint::Printer(FaultCode::PaperOut), claim)
    );
}

#[test]
fn a_partial_refund_while_printing_leaves_one_seat_void() {
    let mut rig = Rig::new(3);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.site.borrow_mut().bookings[0].seats[2].refunded = true;
    rig.wait(91_000);
    rig.mend();
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::Printed, vec![Printed, Printed, Void]));
    assert_eq!(rig.originals(0), [0, 1]);
}

#[test]
fn a_booking_cancelled_meanwhile_is_void() {
    let mut rig = Rig::new(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    rig.mend();
    rig.site.borrow_mut().bookings[0].cancelled = true;
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::Cancelled, vec![Printed, Void]));
}

#[test]
fn silence_before_going_on_prints_nothing() {
    let mut rig = Rig::new(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    rig.mend();
    rig.looks.push_back(Look::Silent);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::SeeCounter, vec![Printed, Reserved]));
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::Printed, vec![Printed, Printed]));
}

#[test]
fn a_lost_0x06_is_asked_for_once_more() {
    // Where a repeated issue is answered 0, the customer notices nothing.
    let mut rig = Rig::at(site(&[2], SecondIssue::Accept), "a");
    rig.issues.push_back(Fate::ReplyLost);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed);
    assert_eq!(rig.count(|a| matches!(a, Action::Issue { .. })), 2);
    // Where it is refused, nobody can tell: the counter, with a record.
    let mut rig = Rig::at(site(&[2], SecondIssue::Refuse), "a");
    rig.issues.push_back(Fate::ReplyLost);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::SeeCounter, vec![Reserved; 2]));
    assert!(rig.paper.is_empty());
    // Twice without an answer: the counter as well, and presented again it is tried again.
    let mut rig = Rig::at(site(&[2], SecondIssue::Accept), "a");
    rig.issues.extend([Fate::Lost, Fate::ReplyLost]);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::SeeCounter, vec![Reserved; 2]));
    rig.wait(60_000);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}

#[test]
fn the_site_says_already_printed_after_our_own_issue() {
    let mut rig = Rig::at(site(&[2], SecondIssue::Refuse), "a");
    // Cut after 0x06 = 0 was recorded, while the first ticket waits for the printer.
    rig.tickets.push_back(Ticketed::NotReady);
    rig.scan(&Rig::code(0));
    rig.power_off();
    assert!(rig.history(0).unwrap().ever_issued);
    rig.printer = Readiness::Ready;
    rig.power_on();
    assert_eq!(rig.history(0).unwrap().issue, IssueState::Released);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}

#[test]
fn codes_that_come_late_are_waited_for_and_a_ticket_without_one_is_never_printed() {
    let mut rig = Rig::new(2);
    rig.looks.extend([Look::NoCodes, Look::NoCodes, Look::Silent, Look::Good]);
    rig.scan(&Rig::code(0));
    rig.wait(3_000);
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));

    let mut rig = Rig::new(2);
    rig.looks.extend([Look::NoCodes; 20]);
    rig.scan(&Rig::code(0));
    rig.wait(10_000);
    assert_eq!(rig.outcome(), Outcome::SeeCounter);
    assert!(rig.paper.is_empty(), "never without its code");
    assert!(rig.ended().1.contains("no ticket_info_code that can be printed"));
    rig.looks.clear();
    rig.wait(60_000);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}

#[test]
fn a_ticket_that_cant_be_put_on_paper_is_owed_and_the_others_are_printed() {
    let mut rig = Rig::new(3);
    rig.tickets.extend([Ticketed::Good, Ticketed::Unprintable]);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![0, 2]));
    assert_eq!(rig.seats(0), [Printed, Reserved, Printed]);
    assert_eq!(rig.printer, Readiness::Ready, "it is not the printer's fault");
}

#[test]
fn after_a_lost_fence_nothing_prints_until_the_printer_is_known_to_be_empty() {
    let mut rig = Rig::new(3);
    rig.tickets.push_back(Ticketed::FenceLost);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.paper.len(), 1);
    rig.wait(20_000);
    assert_eq!(rig.paper.len(), 1);
    rig.mend();
    assert_eq!(rig.seats(0), [Uncertain, Printed, Printed]);
    assert_eq!(rig.printer, Readiness::Ready);
}

#[test]
fn a_ticket_nobody_took_stays_printed_and_the_customer_is_sent_to_the_counter() {
    for (forgotten, rest) in [(0, vec![Printed, Reserved, Reserved]), (2, vec![Printed; 3])] {
        let mut rig = Rig::new(3);
        rig.tickets.extend(std::iter::repeat_n(Ticketed::Good, forgotten).chain([Ticketed::Forgotten]));
        rig.scan(&Rig::code(0));
        assert_eq!((rig.outcome(), rig.shown().hint), (Outcome::SeeCounter, Hint::Forgotten));
        assert_eq!(rig.seats(0), rest, "nobody is there to take the next");
        assert!(rig.ended().1.contains("retracted"), "on record: {:?}", rig.ended());
        let claim = rig.claim();
        rig.wait(40_000);
        assert!(rig.flagged(0), "the site has its report");
        // Whoever comes back in time gets what is owed, and no ticket twice.
        rig.scan(&Rig::code(0));
        assert_eq!(rig.seats(0), [Printed; 3]);
        assert!(rig.nothing_twice());
        assert_eq!(rig.history(0).unwrap().claim, Some(claim));
    }
}

#[test]
fn a_booking_larger_than_the_paper_left_is_refused_before_anything_is_issued() {
    let mut rig = Rig::at(site(&[3, 2], SecondIssue::Refuse), "a");
    rig.handle_input(Input::PaperLeft(Some(2)));
    rig.actions.clear();
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.shown().hint), (Outcome::OutOfService, Hint::PaperShort));
    assert_eq!(rig.count(|a| matches!(a, Action::Issue { .. })), 0);
    assert_eq!(rig.seats(0), []);
    // One that fits is served, and whoever doesn't hold the pair learns nothing.
    rig.scan(&Rig::code(1));
    assert_eq!(rig.outcome(), Outcome::Printed);
    rig.scan("1000|Wrong77");
    rig.wait(4_000);
    assert_eq!(rig.outcome(), Outcome::NotFound);
    rig.handle_input(Input::PaperLeft(None));
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed);
}
