//! Transitions of the rules, one by one, through the journal in memory.

use super::{Illegal, Resolution};
use crate::journal::memory::{Begun, MemoryJournal};
use crate::journal::record::{Claim, Entry, IssueState, PickupId, RecordStep, ReportState};
use crate::ticket::{BookingId, BookingNumber, Cents, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn ticket(seat: &str) -> Ticket {
    Ticket {
        info_code: format!("17212101CODE{seat}"),
        cinema_code: "17212101".into(),
        cinema_name: "CHTEST01".into(),
        screen_code: "01".into(),
        screen_name: "1号厅".into(),
        film_code: "001104962014".into(),
        film_name: "重返20岁".into(),
        session_code: "S1".into(),
        session_at: at(3600),
        code: "T1".into(),
        seat_code: seat.into(),
        seat_name: format!("7排{seat}座"),
        price: Cents(5000),
        service: Cents(0),
        printed: false,
    }
}

fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

fn id() -> BookingId {
    BookingId::parse("WQNX8JL").unwrap()
}

fn key(seat: &str) -> SeatKey {
    SeatKey { session_code: "S1".into(), seat_code: seat.into() }
}

fn started() -> RecordStep {
    RecordStep::Started { started_at: at(0), number: Some(number()) }
}

fn issuing(seats: &[&str]) -> RecordStep {
    RecordStep::Issuing { number: number(), id: id(), seats: seats.iter().map(|seat| ticket(seat)).collect() }
}

fn resumed() -> RecordStep {
    RecordStep::Resumed { number: number(), id: id(), seats: Vec::new() }
}

fn seat(seat: &str, state: SeatState) -> RecordStep {
    RecordStep::Seat { seat: key(seat), state, why: String::new() }
}

fn ended() -> RecordStep {
    ended_with(None, false, false)
}

fn ended_with(claim: Option<u32>, report_due: bool, released: bool) -> RecordStep {
    RecordStep::Ended {
        outcome: Outcome::SeeCounter,
        claim: claim.map(Claim),
        duration_ms: 5,
        why: "for a test".into(),
        report_due,
        released,
        refused: None,
    }
}

/// A journal and the pickup of the next steps.
struct Story {
    journal: MemoryJournal,
    pickup: PickupId,
}

impl Story {
    fn new(steps: &[RecordStep]) -> Self {
        let mut story = Self { journal: MemoryJournal::new(7_200_000), pickup: PickupId("p1".into()) };
        story.tell(steps).unwrap();
        story
    }

    fn tell(&mut self, steps: &[RecordStep]) -> Result<(), Illegal> {
        let entry = |step: &RecordStep| Entry { pickup: self.pickup.clone(), at: at(1), step: step.clone() };
        let entries = steps.iter().map(entry).collect::<Vec<_>>();
        self.journal.append(&entries)
    }

    fn next(&mut self, pickup: &str, steps: &[RecordStep]) -> Result<(), Illegal> {
        self.pickup = PickupId(pickup.into());
        self.tell(steps)
    }

    fn history(&self) -> Option<crate::journal::record::History> {
        self.journal.recall(Some(number()), &id(), at(2)).history
    }

    fn state(&self, seat: &str) -> SeatState {
        let history = self.history().unwrap();
        history.seats.iter().find(|held| held.key == key(seat)).unwrap().state
    }
}

fn printing() -> Story {
    Story::new(&[started(), issuing(&["10", "9"]), RecordStep::Issued, seat("10", SeatState::Printing)])
}

#[test]
fn nothing_prints_before_the_issue_is_on_record() {
    let mut story = Story::new(&[started(), issuing(&["10"])]);
    assert_eq!(story.tell(&[seat("10", SeatState::Printing)]), Err(Illegal::NotIssued));
    story.tell(&[RecordStep::Issued, seat("10", SeatState::Printing)]).unwrap();
}

#[test]
fn a_refused_list_leaves_nothing_behind() {
    let mut story = Story::new(&[started(), issuing(&["10"])]);
    let before = story.journal.clone();
    let steps = [RecordStep::Issued, seat("10", SeatState::Printing), seat("11", SeatState::Printing)];
    assert_eq!(story.tell(&steps), Err(Illegal::UnknownSeat("11".into())));
    assert_eq!(story.journal, before);
}

#[test]
fn every_pair_of_states_is_allowed_or_refused_as_the_table_says() {
    use SeatState::{HandedOver, Printed, Printing, Reprinted, Reserved, Uncertain, Void};
    let to = |state: SeatState| -> Vec<RecordStep> {
        match state {
            Reserved => vec![],
            Printing => vec![seat("10", Printing)],
            Printed | Uncertain => vec![seat("10", Printing), seat("10", state)],
            Void => vec![seat("10", Void)],
            HandedOver | Reprinted => vec![seat("10", Printing), seat("10", Uncertain)],
        }
    };
    for from in SeatState::ALL {
        for next in SeatState::ALL {
            let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::Issued]);
            story.tell(&to(from)).unwrap();
            if matches!(from, HandedOver | Reprinted) {
                story.tell(&[ended()]).unwrap();
                let pickup = story.pickup.clone();
                if from == HandedOver {
                    story.journal.resolve(&pickup, &key("10"), Resolution::HandedOver, at(3)).unwrap();
                } else {
                    story.journal.begin_reprint(&pickup, &key("10"), at(3)).unwrap();
                    story.tell(&[seat("10", Reprinted)]).unwrap();
                }
                story.next("p2", &[started(), resumed()]).unwrap();
            }
            let legal = matches!(
                (from, next),
                (Reserved, Printing | Uncertain | Void) | (Printing, Printed | Uncertain | Reserved)
            );
            let late = (next == Void && from != Reserved)
                || (next == Uncertain && (from.settled() || from == Uncertain));
            assert_eq!(story.tell(&[seat("10", next)]).is_ok(), legal || late, "{from:?} to {next:?}");
            if late {
                assert_eq!(story.state("10"), from, "it stays as it is");
            }
        }
    }
}

#[test]
fn a_settled_seat_gets_no_content_and_never_prints_again_even_when_issued_anew() {
    let mut story = printing();
    story.tell(&[seat("10", SeatState::Printed), ended()]).unwrap();
    story.next("p2", &[started(), issuing(&["10", "9"]), RecordStep::Issued]).unwrap();
    assert_eq!(story.state("10"), SeatState::Printed);
    let history = story.history().unwrap();
    assert!(history.seats[0].ticket.is_none() && history.seats[1].ticket.is_some());
    assert!(story.tell(&[seat("10", SeatState::Printing)]).is_err());
    story.tell(&[seat("9", SeatState::Printing)]).unwrap();
}

#[test]
fn a_void_seat_is_owed_again_when_issued_anew_unless_paper_of_the_booking_may_exist() {
    let mut story =
        Story::new(&[started(), issuing(&["10"]), RecordStep::Issued, seat("10", SeatState::Void)]);
    story.tell(&[ended()]).unwrap();
    story.next("p2", &[started(), issuing(&["10"]), RecordStep::Issued]).unwrap();
    story.tell(&[seat("10", SeatState::Printing), seat("10", SeatState::Uncertain)]).unwrap();
    story.tell(&[ended_with(Some(1), true, false)]).unwrap();
    let p2 = story.pickup.clone();
    story.journal.resolve(&p2, &key("10"), Resolution::Void, at(3)).unwrap();
    story.next("p3", &[started(), issuing(&["10"]), RecordStep::Issued]).unwrap();
    assert_eq!(story.state("10"), SeatState::Void);
    assert!(story.tell(&[seat("10", SeatState::Printing)]).is_err());
}

#[test]
fn only_an_attempt_that_has_not_ended_may_print() {
    let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::Issued, ended()]);
    assert_eq!(story.tell(&[seat("10", SeatState::Printing)]), Err(Illegal::PickupEnded));
    let recognised = RecordStep::Recognised { number: number(), id: id() };
    story.next("p2", &[started(), recognised]).unwrap();
    assert_eq!(story.tell(&[seat("10", SeatState::Printing)]), Err(Illegal::NoAttempt));
    story.tell(&[resumed(), seat("10", SeatState::Printing)]).unwrap();
}

#[test]
fn a_refused_issue_deletes_what_was_never_ours_and_keeps_the_rest() {
    let refused = |claim_kept| RecordStep::IssueRefused { return_value: 1, claim_kept };
    let mut story = Story::new(&[started(), issuing(&["10"])]);
    story.tell(&[refused(false)]).unwrap();
    assert_eq!(story.history(), None);
    story.tell(&[ended()]).unwrap();

    let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::IssueUnanswered, refused(true)]);
    assert_eq!(story.history().unwrap().issue, IssueState::Asked);
    story.tell(&[RecordStep::IssueNotSent { kept: false }]).unwrap();
    assert_eq!(story.state("10"), SeatState::Reserved);

    let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::Issued, refused(false)]);
    assert_eq!(story.state("10"), SeatState::Reserved, "0x06 = 0 is on record: it stays ours");
    assert_eq!(story.tell(&[RecordStep::IssueNotSent { kept: false }]), Ok(()));
    assert_eq!(story.history().unwrap().issue, IssueState::Issued);
}

#[test]
fn an_issue_that_was_not_sent_is_undone() {
    let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::IssueNotSent { kept: false }]);
    assert_eq!(story.history(), None);
    assert_eq!(story.tell(&[RecordStep::Issued]), Err(Illegal::NoAttempt));

    let mut story = Story::new(&[started(), issuing(&["10"]), RecordStep::Issued]);
    story.tell(&[ended_with(Some(7), false, true)]).unwrap();
    assert_eq!(story.history().unwrap().issue, IssueState::Released);
    story.next("p2", &[started(), issuing(&["10"])]).unwrap();
    assert_eq!(story.history().unwrap().issue, IssueState::Asked);
    story.tell(&[RecordStep::IssueNotSent { kept: false }]).unwrap();
    let history = story.history().unwrap();
    assert_eq!((history.issue, history.ever_issued), (IssueState::Released, true));
}

#[test]
fn a_claim_is_given_up_only_when_nothing_came_out_and_nothing_may_have() {
    let mut story = printing();
    let released = ended_with(None, false, true);
    assert_eq!(story.tell(std::slice::from_ref(&released)), Err(Illegal::NotReleasable));
    story.tell(&[seat("10", SeatState::Reserved), released]).unwrap();
    assert_eq!(story.history().unwrap().issue, IssueState::Released);
    let resume = story.next("p2", &[started(), resumed()]);
    assert_eq!(resume, Err(Illegal::NotIssued), "what was given up is issued afresh");
}

#[test]
fn reports_go_their_way() {
    let mut story = printing();
    let failed = |sent| RecordStep::ReportFailed { number: number(), sent };
    let report = |story: &Story| story.history().unwrap().report;
    story.tell(&[seat("10", SeatState::Printed), ended_with(None, true, false)]).unwrap();
    assert_eq!(report(&story), ReportState::Due { sent: false });
    story.tell(&[failed(true)]).unwrap();
    assert_eq!(report(&story), ReportState::Due { sent: true });
    story.tell(&[failed(false)]).unwrap();
    assert_eq!(report(&story), ReportState::Due { sent: false });
    story.tell(&[failed(true)]).unwrap();
    assert_eq!(report(&story), ReportState::Due { sent: true });
    story.tell(&[RecordStep::ReportRefused { number: number(), return_value: 3 }]).unwrap();
    assert_eq!(report(&story), ReportState::Refused);
    story.tell(&[RecordStep::Reported { number: number() }]).unwrap();
    story.next("p2", &[started(), resumed(), ended_with(None, true, false)]).unwrap();
    assert_eq!(report(&story), ReportState::Done);
    let other = BookingNumber::new(5).unwrap();
    assert_eq!(story.tell(&[RecordStep::Reported { number: other }]), Err(Illegal::OtherBooking));
}

#[test]
fn recognising_a_pair_does_not_open_the_resume_window_again() {
    let mut story = printing();
    story.tell(&[seat("10", SeatState::Printed), ended()]).unwrap();
    let before = story.history().unwrap().last_step;
    let late = |step: RecordStep| Entry { pickup: PickupId("p2".into()), at: at(9_000), step };
    let recognised = RecordStep::Recognised { number: number(), id: id() };
    story.journal.append(&[late(started()), late(recognised), late(ended())]).unwrap();
    assert_eq!(story.history().unwrap().last_step, before);
}

#[test]
fn a_claim_reference_has_one_owner() {
    let mut story = printing();
    story.tell(&[seat("10", SeatState::Uncertain), ended_with(Some(42), true, false)]).unwrap();
    assert_eq!(story.history().unwrap().claim, Some(Claim(42)));
    let other = RecordStep::Started { started_at: at(0), number: None };
    let taken = story.next("p2", &[other.clone(), ended_with(Some(42), false, false)]);
    assert_eq!(taken, Err(Illegal::ClaimTaken));
    story.next("p3", &[other, ended_with(Some(43), false, false)]).unwrap();
    story.next("p4", &[started(), resumed(), ended_with(Some(42), false, false)]).unwrap();
    let recall = story.journal.recall(Some(number()), &id(), at(2));
    assert_eq!(recall.fresh_claim, Claim(44));
}

#[test]
fn staff_settle_and_order_reprints_but_never_of_what_is_settled() {
    let mut story = printing();
    story.tell(&[seat("10", SeatState::Uncertain)]).unwrap();
    let p1 = story.pickup.clone();
    let resolve = |story: &mut Story, seat: &str, how| story.journal.resolve(&p1, &key(seat), how, at(5));
    let running = resolve(&mut story, "10", Resolution::CameOut);
    assert_eq!(running, Err(Illegal::PickupRunning));
    story.tell(&[ended_with(Some(1), true, false)]).unwrap();

    assert!(resolve(&mut story, "9", Resolution::CameOut).is_err(), "an owed one cannot have come out");
    let Begun { pickup, ticket: content, count, .. } =
        story.journal.begin_reprint(&p1, &key("10"), at(5)).unwrap();
    assert_eq!((&pickup, content.seat_code.as_str(), count), (&p1, "10", 1));
    let leftover = story.journal.leftover(at(6));
    let cut = leftover.printing.iter().map(|cut| (cut.pickup.clone(), cut.seat.clone()));
    assert_eq!(cut.collect::<Vec<_>>(), [(p1.clone(), key("10"))], "cut off here, it is found at start");
    assert!(story.tell(&[seat("10", SeatState::Reserved)]).is_err(), "uncertain it was");
    assert!(story.tell(&[seat("10", SeatState::Printed)]).is_err(), "a reprint is not a first print");
    story.tell(&[seat("10", SeatState::Uncertain)]).unwrap();
    let Begun { count, .. } = story.journal.begin_reprint(&p1, &key("10"), at(7)).unwrap();
    assert_eq!(count, 2);
    story.tell(&[seat("10", SeatState::Reprinted)]).unwrap();
    for how in [Resolution::CameOut, Resolution::HandedOver, Resolution::Void] {
        assert!(resolve(&mut story, "10", how).is_err(), "{how:?} of a settled seat");
    }
    assert!(story.journal.begin_reprint(&p1, &key("10"), at(8)).is_err());
    resolve(&mut story, "9", Resolution::HandedOver).unwrap();
    assert!(story.history().unwrap().seats.iter().all(|seat| seat.ticket.is_none()));
}

#[test]
fn what_was_cut_off_is_found_with_what_is_owed() {
    let story = printing();
    let leftover = story.journal.leftover(at(9));
    let (unfinished, claim) = &leftover.unfinished[0];
    assert_eq!((unfinished.pickup.0.as_str(), unfinished.issue), ("p1", IssueState::Issued));
    assert_eq!(*claim, Claim(1));
    assert_eq!((leftover.uncertain, leftover.owed), (0, 1));
    assert!(leftover.printing.is_empty(), "that seat is its pickup's to close");
}

#[test]
fn seats_of_the_same_number_under_another_id_are_taken_once_they_are_owed_here_or_paper_may_exist() {
    let mut story = printing();
    let other = BookingId::parse("OTHER77").unwrap();
    let taken = |story: &Story| story.journal.recall(Some(number()), &other, at(2)).taken;
    assert_eq!(taken(&story), [key("10"), key("9")]);
    story.tell(&[seat("10", SeatState::Reserved)]).unwrap();
    assert_eq!(
        taken(&story),
        [key("10"), key("9")],
        "owed under this record, by which it may be printed again"
    );
    story.tell(&[seat("9", SeatState::Void)]).unwrap();
    assert_eq!(taken(&story), [key("10")]);
    assert_eq!(story.journal.recall(None, &id(), at(2)).history, story.history());
}
