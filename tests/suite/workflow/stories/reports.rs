//! The site gets its report of everything that came out, whatever happens to it on its way.

use super::parts;
use super::rig::{Fate, Rig, Ticketed};
use pickup_kiosk::journal::record::{RecordStep, ReportState};
use pickup_kiosk::pickup::action::{Action, Notice};
use pickup_kiosk::ticket::{Outcome, SeatState};

fn reports(rig: &Rig) -> usize {
    rig.count(|a| matches!(a, Action::Report { .. }))
}

#[test]
fn a_lost_0x08_is_asked_for_again_with_growing_pauses() {
    let mut rig = Rig::new(1);
    rig.reports.extend([Fate::ReplyLost, Fate::Lost, Fate::Lost]);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed, "the customer notices nothing");
    assert!(matches!(rig.history(0).unwrap().report, ReportState::Due { .. }));
    rig.wait(2_000);
    assert_eq!(reports(&rig), 2);
    rig.wait(3_999);
    assert_eq!(reports(&rig), 2);
    rig.wait(1);
    assert_eq!(reports(&rig), 3);
    rig.wait(8_000);
    assert_eq!((reports(&rig), rig.history(0).unwrap().report), (4, ReportState::Done));
}

#[test]
fn a_report_is_tried_again_after_a_restart() {
    let mut rig = Rig::new(1);
    rig.reports.extend([Fate::NotSent; 2]);
    rig.scan(&Rig::code(0));
    rig.power_off();
    rig.power_on();
    assert!(!rig.flagged(0));
    rig.wait(10_000);
    assert!(rig.flagged(0));
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
}

#[test]
fn a_refused_report_is_looked_up_and_told_to_staff() {
    let mut rig = Rig::new(1);
    rig.reports.push_back(Fate::Value(3));
    rig.scan(&Rig::code(0));
    assert_eq!(rig.history(0).unwrap().report, ReportState::Refused);
    assert_eq!(rig.notices(), [&Notice::ReportRefused(parts::number(0), 3)]);
    rig.wait(3_600_000);
    assert_eq!(reports(&rig), 1, "it ends the tries");
}

#[test]
fn a_refused_report_of_what_the_site_shows_as_printed_is_done() {
    let mut rig = Rig::new(1);
    rig.reports.extend([Fate::ReplyLost, Fate::Value(3)]);
    rig.scan(&Rig::code(0));
    rig.wait(3_000);
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
    assert!(rig.notices().is_empty());
}

#[test]
fn a_refused_report_does_not_hold_the_next_back() {
    let shared = super::rig::site(&[1, 1], pickup_kiosk::simulator::cinema::SecondIssue::Refuse);
    let mut rig = Rig::at(shared, "a");
    rig.reports.extend([Fate::Lost, Fate::Value(3), Fate::Good]);
    rig.scan(&Rig::code(0));
    rig.scan(&Rig::code(1));
    rig.wait(10_000);
    assert!(rig.flagged(0) || rig.flagged(1));
    let both = [0, 1].map(|booking| rig.history(booking).unwrap().report);
    assert!(both.contains(&ReportState::Done) && both.contains(&ReportState::Refused), "{both:?}");
}

#[test]
fn customers_do_not_wait_for_reports() {
    let shared = super::rig::site(&[1, 1], pickup_kiosk::simulator::cinema::SecondIssue::Refuse);
    let mut rig = Rig::at(shared, "a");
    rig.reports.extend([Fate::NotSent; 6]);
    rig.scan(&Rig::code(0));
    rig.wait(7_000);
    rig.scan(&Rig::code(1));
    assert_eq!(rig.outcome(), Outcome::Printed);
    rig.reports.clear();
    rig.wait(120_000);
    assert!(rig.flagged(0) && rig.flagged(1));
}

#[test]
fn flags_that_may_be_our_own_doing_leave_what_is_owed_uncertain() {
    // The report arrives and its answer is lost: nobody can tell whether the counter was there too.
    for arrives in [true, false] {
        let mut rig = Rig::new(2);
        rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
        rig.reports.push_back(if arrives { Fate::ReplyLost } else { Fate::Lost });
        rig.scan(&Rig::code(0));
        rig.wait(90_000);
        rig.power_off();
        rig.printer = pickup_kiosk::pickup::input::Readiness::Ready;
        rig.power_on();
        rig.wait(5_000);
        rig.scan(&Rig::code(0));
        let expected = if arrives { SeatState::Uncertain } else { SeatState::Printed };
        assert_eq!(rig.seats(0), [SeatState::Printed, expected]);
        let outcome = if arrives { Outcome::SeeCounter } else { Outcome::Printed };
        assert_eq!((rig.outcome(), rig.history(0).unwrap().report), (outcome, ReportState::Done));
    }
}

#[test]
fn what_is_owed_is_asked_for_before_the_site_is_told() {
    let mut rig = Rig::new(3);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    // While the customer waits for paper, the counter prints the booking.
    rig.site.borrow_mut().collect_at_counter(parts::number(0));
    rig.wait(91_000);
    rig.mend();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.originals(0), [0]);
    assert_eq!(rig.outcome(), Outcome::SeeCounter);
    assert_eq!(rig.seats(0)[1..], [SeatState::Uncertain; 2]);
}

#[test]
fn a_stop_in_mid_booking_leaves_the_report_to_the_next_start() {
    let mut rig = Rig::new(3);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.handle_input(pickup_kiosk::pickup::input::Input::Stop);
    rig.mend();
    assert_eq!(rig.outcome(), Outcome::SeeCounter);
    assert_eq!((reports(&rig), rig.originals(0)), (0, vec![0]));
    assert_eq!(rig.history(0).unwrap().report, ReportState::Due { sent: false });
    rig.power_off();
    rig.power_on();
    assert!(rig.flagged(0));
    let asked = rig.steps().iter().any(|step| matches!(step, RecordStep::ReportFailed { sent: true, .. }));
    assert!(asked, "noted before it is sent");
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1, 2]));
}
