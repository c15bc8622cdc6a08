//! Two kiosks and a counter at one site.

use super::parts;
use super::rig::{Rig, Ticketed, site};
use pickup_kiosk::journal::record::ReportState;
use pickup_kiosk::pickup::action::Notice;
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{Outcome, SeatState};

use SeatState::{Printed, Reserved, Uncertain};

#[test]
fn the_second_kiosk_learns_that_the_first_has_printed() {
    let shared = site(&[2], SecondIssue::Accept);
    let (mut one, mut two) = (Rig::at(shared.clone(), "a"), Rig::at(shared, "b"));
    one.scan(&Rig::code(0));
    two.scan(&Rig::code(0));
    assert_eq!((one.outcome(), two.outcome()), (Outcome::Printed, Outcome::AlreadyCollected));
    assert!(two.paper.is_empty());
}

#[test]
fn a_booking_half_printed_at_one_kiosk_is_not_given_out_by_the_other() {
    for second_issue in [SecondIssue::Accept, SecondIssue::Refuse] {
        let shared = site(&[2], second_issue);
        let (mut one, mut two) = (Rig::at(shared.clone(), "a"), Rig::at(shared, "b"));
        one.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
        one.scan(&Rig::code(0));
        one.wait(91_000);
        two.scan(&Rig::code(0));
        assert_eq!(two.outcome(), Outcome::AlreadyCollected, "the text allows for another machine");
        assert!(two.paper.is_empty());
        one.mend();
        one.scan(&Rig::code(0));
        assert_eq!((one.outcome(), one.originals(0)), (Outcome::Printed, vec![0, 1]));
    }
}

#[test]
fn what_one_kiosk_gave_up_another_prints_where_the_site_issues_again() {
    let shared = site(&[2], SecondIssue::Accept);
    let (mut one, mut two) = (Rig::at(shared.clone(), "a"), Rig::at(shared, "b"));
    one.tickets.push_back(Ticketed::NotReady);
    one.scan(&Rig::code(0));
    one.wait(91_000);
    two.scan(&Rig::code(0));
    assert_eq!((two.outcome(), two.originals(0)), (Outcome::Printed, vec![0, 1]));
    one.mend();
    one.scan(&Rig::code(0));
    assert_eq!(one.outcome(), Outcome::AlreadyCollected);
    assert!(one.paper.is_empty());
}

#[test]
fn where_the_site_refuses_a_second_issue_the_other_kiosk_sends_to_the_counter() {
    let shared = site(&[2], SecondIssue::Refuse);
    let (mut one, mut two) = (Rig::at(shared.clone(), "a"), Rig::at(shared, "b"));
    one.tickets.push_back(Ticketed::NotReady);
    one.scan(&Rig::code(0));
    one.wait(91_000);
    two.scan(&Rig::code(0));
    assert_eq!(two.outcome(), Outcome::SeeCounter);
    assert!(two.paper.is_empty() && two.history(0).is_none(), "never that kiosk's");
}

#[test]
fn the_counter_collects_after_the_kiosk_gave_up() {
    let mut rig = Rig::new(2);
    rig.tickets.push_back(Ticketed::NotReady);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    rig.site.borrow_mut().collect_at_counter(parts::number(0));
    rig.mend();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected);
    assert!(rig.paper.is_empty());
}

#[test]
fn the_counter_collects_before_our_report_what_is_owed_is_uncertain() {
    let mut rig = Rig::new(3);
    rig.reports.extend([super::rig::Fate::NotSent; 3]);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.wait(90_000);
    assert_eq!(rig.seats(0), [Printed, Reserved, Reserved]);
    rig.site.borrow_mut().collect_at_counter(parts::number(0));
    rig.wait(60_000);
    assert_eq!(rig.seats(0), [Printed, Uncertain, Uncertain], "a flag before our report proves no paper");
    assert!(rig.notices().contains(&&Notice::Unresolved { uncertain: 2, owed: 0 }));
    rig.reports.clear();
    rig.wait(60_000);
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
    rig.mend();
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![0]));
}

#[test]
fn only_what_the_site_has_not_printed_is_ours() {
    let mut rig = Rig::new(3);
    rig.site.borrow_mut().bookings[0].seats[1].ticket.printed = true;
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 2]));
}
