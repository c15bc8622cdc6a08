//! Sites that fill the document's gaps in other ways than the first simulated one, each with what once went wrong.

use super::parts;
use super::rig::{Fate, Look, Rig, Ticketed, site};
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::journal::memory::Begun;
use pickup_kiosk::journal::record::{IssueState, ReportState};
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Readiness};
use pickup_kiosk::simulator::cinema::{SecondIssue, SetsFlags};
use pickup_kiosk::ticket::{Outcome, SeatState};
use std::time::Duration;

use SeatState::{Printed, Reserved, Uncertain};

/// Returns a kiosk that has been told nothing of its site, with a booking of so many seats.
fn untold(seats: usize) -> Rig {
    let mut rig = Rig::new(seats);
    rig.machine = parts::machine_told(true, FlagsAt::Unknown, false);
    rig
}

/// Returns such a kiosk at a site whose 0x05 sets the flags.
fn at_issue(seats: usize, flags_at: FlagsAt) -> Rig {
    let mut rig = Rig::new(seats);
    rig.machine = parts::machine_told(true, flags_at, flags_at == FlagsAt::Issue);
    rig.site.borrow_mut().site.flags = SetsFlags::AtIssue;
    rig
}

/// The printer has no paper from the first ticket on, the customer goes, and it is mended.
fn nothing_comes_out(rig: &mut Rig) {
    rig.tickets.push_back(Ticketed::NotReady);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    rig.mend();
}

#[test]
fn a_seat_that_turns_flagged_before_our_report_is_never_printed() {
    let mut rig = untold(2);
    rig.looks.extend([Look::NoCodes, Look::NoCodes]);
    rig.scan(&Rig::code(0));
    // Between two questions for codes the counter prints one of the two.
    rig.site.borrow_mut().bookings[0].seats[1].ticket.printed = true;
    rig.wait(60_000);
    assert_eq!((rig.originals(0), rig.seats(0)), (vec![0], vec![Printed, Uncertain]));
    assert_eq!(rig.ended().0, Outcome::SeeCounter);
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
}

#[test]
fn a_claim_that_was_given_up_is_nobodys_whatever_the_site_answers() {
    for refusal in [1, 2, 9] {
        let mut rig = untold(2);
        rig.site.borrow_mut().site.refusal = refusal;
        nothing_comes_out(&mut rig);
        assert_eq!(rig.history(0).unwrap().issue, IssueState::Issued, "owed here: nobody knows who else may");
        // Another kiosk has it meanwhile, and has not reported yet.
        rig.scan(&Rig::code(0));
        assert_eq!(rig.outcome(), Outcome::SeeCounter, "{refusal}");
        assert!(rig.originals(0).is_empty(), "{refusal}");
        assert_eq!(rig.seats(0), [Uncertain; 2], "on record for staff");
        // And so it stays, whatever is answered later.
        rig.wait(60_000);
        rig.issues.push_back(Fate::Value(0));
        rig.scan(&Rig::code(0));
        assert!(rig.originals(0).is_empty());
    }
}

#[test]
fn where_claims_stand_already_printed_is_our_own_claim_only_while_no_flag_says_otherwise() {
    let mut rig = Rig::new(2);
    nothing_comes_out(&mut rig);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));

    let mut rig = Rig::new(2);
    nothing_comes_out(&mut rig);
    rig.actions.clear();
    rig.issues.push_back(Fate::Value(1));
    rig.flag_after_next_query = Some((0, 1));
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::SeeCounter, "asked again, one is flagged");
    assert!(rig.originals(0).is_empty());
    // Every other value is the counter's.
    for value in [2, 9] {
        let mut rig = Rig::new(2);
        nothing_comes_out(&mut rig);
        rig.issues.push_back(Fate::Value(value));
        rig.scan(&Rig::code(0));
        assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![]), "{value}");
    }
}

#[test]
fn at_a_site_that_flags_at_the_issue_nothing_owed_is_called_collected() {
    let mut rig = at_issue(2, FlagsAt::Unknown);
    nothing_comes_out(&mut rig);
    rig.scan(&Rig::code(0));
    let shown = rig.shown();
    assert_eq!((shown.outcome, shown.claim.is_some()), (Outcome::SeeCounter, true));
    assert_eq!((rig.originals(0), rig.seats(0)), (vec![], vec![Uncertain; 2]));
    let left = rig.journal.leftover(rig.now().wall);
    assert_eq!((left.uncertain, left.owed), (2, 0), "on record for staff");
}

#[test]
fn a_kiosk_that_knows_that_the_issue_sets_the_flags_prints_what_is_its_own() {
    let mut rig = at_issue(3, FlagsAt::Issue);
    nothing_comes_out(&mut rig);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1, 2]));
    // And so it does while it waits for codes, and goes on after a report.
    let mut rig = at_issue(2, FlagsAt::Issue);
    rig.looks.push_back(Look::NoCodes);
    rig.scan(&Rig::code(0));
    rig.wait(10_000);
    assert_eq!((rig.ended().0, rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}

#[test]
fn one_short_list_takes_nothing_from_anybody() {
    for cloud in [true, false] {
        let mut rig = untold(3);
        rig.machine.policy.cloud = cloud;
        rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
        rig.scan(&Rig::code(0));
        rig.wait(120_000);
        assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
        rig.mend();
        rig.looks.push_back(Look::Short(2));
        rig.scan(&Rig::code(0));
        assert_eq!((rig.outcome(), rig.seats(0)), (Outcome::Printed, vec![Printed; 3]), "asked again");
    }
}

#[test]
fn a_seat_that_stays_missing_is_uncertain_unless_the_cloud_says_refunded() {
    for refunded in [true, false] {
        let mut rig = untold(3);
        rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
        rig.scan(&Rig::code(0));
        rig.wait(120_000);
        rig.mend();
        rig.looks.extend([Look::Short(2), Look::Short(2)]);
        rig.site.borrow_mut().bookings[0].seats[2].refunded = refunded;
        rig.scan(&Rig::code(0));
        let last = if refunded { SeatState::Void } else { Uncertain };
        assert_eq!(rig.seats(0), [Printed, Printed, last]);
        let outcome = if refunded { Outcome::Printed } else { Outcome::SeeCounter };
        assert_eq!(rig.outcome(), outcome);
    }
}

#[test]
fn a_seat_left_out_before_the_issue_is_owed_before_the_report_takes_it() {
    let mut rig = untold(3);
    rig.looks.push_back(Look::Short(1));
    rig.scan(&Rig::code(0));
    assert_eq!((rig.ended().0, rig.originals(0)), (Outcome::Printed, vec![0, 2]));
    rig.wait(10_000);
    assert_eq!(rig.history(0).unwrap().report, ReportState::Done);
    assert_eq!(rig.seats(0), [Printed, Printed, Reserved], "found when the site was asked before the report");
    // A customer who misses a ticket presents the code again.
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 2, 1]));
}

#[test]
fn a_record_that_fails_in_mid_booking_is_closed_and_reported_without_a_restart() {
    for kept in [false, true] {
        let mut rig = untold(3);
        // Asked; issued and first ticket; printed and second ticket: that one fails.
        rig.journal_for = Some(3);
        rig.journal_keeps = kept;
        rig.scan(&Rig::code(0));
        assert_eq!(rig.outcome(), Outcome::SeeCounter);
        assert!(rig.seats(0).contains(&SeatState::Printing));
        assert!(rig.history(0).unwrap().claim.is_none());
        rig.wait(60_000);
        let history = rig.history(0).unwrap();
        assert_eq!(history.report, ReportState::Done, "the counter can't print it again");
        assert!(history.claim.is_some(), "staff can find it");
        let uncertain = rig.seats(0).iter().filter(|state| **state == Uncertain).count();
        assert_eq!((uncertain, rig.seats(0).contains(&SeatState::Printing)), (1, false));
        assert_eq!(rig.journal.leftover(rig.now().wall).unfinished, []);
        rig.scan(&Rig::code(0));
        assert!(rig.nothing_twice());
    }
}

#[test]
fn a_flag_whose_record_fails_is_hidden_by_no_report() {
    let mut rig = untold(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.site.borrow_mut().collect_at_counter(parts::number(0));
    rig.wait(10_000);
    // The site says that the second seat is printed; the record of that fails.
    rig.journal_for = Some(0);
    rig.mend();
    rig.wait_without_journal(Duration::from_secs(60));
    assert_eq!(rig.history(0).unwrap().seats[1].state, Reserved);
    assert_eq!(rig.count(|action| matches!(action, Action::Report { .. })), 0);
    rig.wait(60_000);
    assert_eq!((rig.seats(0), rig.history(0).unwrap().report), (vec![Printed, Uncertain], ReportState::Done));
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![0]));
}

#[test]
fn a_reprint_is_paper_and_the_site_hears_of_it() {
    let mut rig = untold(2);
    nothing_comes_out(&mut rig);
    let pickup = rig.shown_or_last();
    let now = rig.now().wall;
    let begun = rig.journal.begin_reprint(&pickup, &parts::seat_key(0), now).unwrap();
    assert_eq!(rig.history(0).unwrap().report, ReportState::None);
    let Begun { pickup, ticket, count, report } = begun;
    rig.handle_input(Input::Reprint { pickup, was: Reserved, ticket: Box::new(ticket), count, report });
    rig.wait(60_000);
    assert_eq!((rig.seats(0)[0], rig.history(0).unwrap().report), (SeatState::Reprinted, ReportState::Done));
    assert!(rig.flagged(0), "the counter can't print it again");
}

#[test]
fn a_reprint_that_a_power_cut_ends_is_uncertain_and_reported() {
    let mut rig = untold(2);
    nothing_comes_out(&mut rig);
    let (pickup, now) = (rig.shown_or_last(), rig.now().wall);
    rig.journal.begin_reprint(&pickup, &parts::seat_key(0), now).unwrap();
    rig.power_off();
    rig.power_on();
    rig.wait(60_000);
    assert_eq!((rig.seats(0)[0], rig.history(0).unwrap().report), (Uncertain, ReportState::Done));
}

#[test]
fn a_list_older_than_half_a_second_is_asked_for_again_before_the_issue() {
    for (slow_ms, questions) in [(400, 1), (600, 2)] {
        let mut rig = untold(1);
        rig.slow_look_ms = Some(slow_ms);
        rig.scan(&Rig::code(0));
        let mut asked = 0;
        for action in &rig.actions {
            match action {
                Action::Query { .. } => asked += 1,
                Action::Issue { .. } => break,
                _ => {}
            }
        }
        assert_eq!((asked, rig.outcome()), (questions, Outcome::Printed), "{slow_ms} ms");
    }
}

#[test]
fn after_a_wait_for_paper_the_flags_are_asked_before_the_next_ticket() {
    let mut rig = untold(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    rig.site.borrow_mut().collect_at_counter(parts::number(0));
    rig.wait(10_000);
    rig.mend();
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![0]));
    assert_eq!(rig.seats(0), [Printed, Uncertain]);
    // A hiccup needs no question.
    let mut rig = untold(2);
    rig.tickets.extend([Ticketed::Good, Ticketed::NotReady]);
    rig.scan(&Rig::code(0));
    let before = rig.count(|action| matches!(action, Action::Query { .. }));
    rig.wait(1_000);
    rig.mend();
    assert_eq!(rig.originals(0), [0, 1]);
    let shown = rig.count(|action| matches!(action, Action::Query { .. }));
    assert_eq!(shown - before, 1, "the one before the report alone");
}

#[test]
fn a_code_is_refused_while_what_failed_to_be_recorded_is_open() {
    let mut rig = untold(2);
    rig.journal_for = Some(1);
    rig.scan(&Rig::code(0));
    rig.wait_without_journal(Duration::from_secs(40));
    rig.actions.clear();
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::OutOfService);
    assert_eq!(rig.actions, [], "nothing is asked, nothing recorded");
    assert_eq!(rig.printer, Readiness::Ready);
}

#[test]
fn where_a_second_issue_is_accepted_a_released_booking_is_issued_afresh() {
    let mut rig = Rig::at(site(&[2], SecondIssue::Accept), "a");
    nothing_comes_out(&mut rig);
    assert_eq!(rig.history(0).unwrap().issue, IssueState::Released);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0, 1]));
}
