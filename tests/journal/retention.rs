//! Retention of the journal: what it forgets and drops, when, and what never.

use crate::journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::clock_trust::{ClockTrust, Reading};
use pickup_kiosk::journal::record::{Entry, PickupId, RecordStep};
use pickup_kiosk::journal::rules::Resolution;
use pickup_kiosk::journal::store::{Filter, Handle, Journal, JournalError, StaffDecision, Tidied};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Outcome, SeatState};
use std::fs;
use std::path::Path;
use std::time::Duration;

const DAY: i64 = 86_400;

/// Writes two seats issued and owed.
fn owed(dir: &Path) -> Journal {
    let mut journal = open(dir);
    journal.append(&begun("p1")).unwrap();
    let end = ended(Outcome::SeeCounter, Some(7), false);
    journal.append(&[entry("p1", RecordStep::Issued), entry("p1", end)]).unwrap();
    journal
}

/// Returns a pickup of two tickets, told by a clock that is ahead by `second` seconds.
fn told_at(second: i64) -> Vec<Vec<Entry>> {
    let mut transactions = whole_pickup();
    for entry in transactions.iter_mut().flatten() {
        entry.at = at(second);
        if let RecordStep::Started { started_at, .. } = &mut entry.step {
            *started_at = at(second);
        }
    }
    transactions
}

/// Does the housekeeping of every ten minutes, at `second` seconds since the process began.
fn keep_house(journal: &mut Journal, trust: &mut ClockTrust, second: u64, ahead: i64) -> Tidied {
    let wall = at(60 + i64::try_from(second).unwrap() + ahead);
    let newest_record = journal.newest_record().unwrap();
    let mono = Duration::from_secs(second);
    let believed = trust.believed(Reading { mono, wall, newest_record, synchronised: false });
    journal.tidy(believed).unwrap()
}

#[test]
fn a_start_with_a_wrong_clock_forgets_nothing() {
    let dir = fast_dir();
    let mut journal = open(dir.path());
    for entries in whole_pickup() {
        journal.append(&entries).unwrap();
    }
    for ahead in [3 * DAY, 200 * DAY, -400 * DAY] {
        // For three seconds at the start, and once more in the middle of the day.
        let mut trust = ClockTrust::default();
        for second in [0, 3, 36_000] {
            let tidied = keep_house(&mut journal, &mut trust, second, if second == 3 { 0 } else { ahead });
            assert_eq!(tidied, Tidied::default(), "{ahead} s ahead");
        }
        // With a cloud to compare with, for as long as it is wrong.
        let mut trust = ClockTrust::default();
        trust.heard_server(Duration::ZERO, at(60));
        for second in (0..86_400).step_by(600) {
            assert_eq!(keep_house(&mut journal, &mut trust, second, ahead), Tidied::default());
        }
    }
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    assert!(recall.history.is_some(), "the pair is still known");
    // The right clock, after six hours: the day after the session has come meanwhile.
    let mut trust = ClockTrust::default();
    let mut forgotten = (0..3 * 86_400)
        .step_by(600)
        .filter(|second| keep_house(&mut journal, &mut trust, *second, 0).forgotten == 1);
    assert_eq!(forgotten.next(), Some(90_000), "a day after the session, to the next ten minutes");
}

#[test]
fn what_is_owed_uncertain_or_unreported_keeps_its_key_and_so_does_every_record_of_its_number() {
    let uncertain = |journal: &mut Journal| {
        let steps = [seat("10", SeatState::Printing), seat("10", SeatState::Uncertain)];
        let pickup = [started(), resumed(&["10", "9"])].into_iter().chain(steps);
        let void = seat("9", SeatState::Void);
        let steps = pickup.chain([void, ended(Outcome::SeeCounter, Some(7), false)]);
        journal.append(&steps.map(|step| entry("p2", step)).collect::<Vec<_>>()).unwrap();
    };
    let unreported = |journal: &mut Journal| {
        let steps = ["10", "9"].map(|name| [seat(name, SeatState::Printing), seat(name, SeatState::Printed)]);
        let end = ended(Outcome::Printed, None, true);
        let steps = [started(), resumed(&["10", "9"])].into_iter().chain(steps.concat()).chain([end]);
        journal.append(&steps.map(|step| entry("p2", step)).collect::<Vec<_>>()).unwrap();
    };
    let leave: [&dyn Fn(&mut Journal); 3] = [&|_| {}, &uncertain, &unreported];
    for leave in leave {
        let dir = fast_dir();
        let mut journal = owed(dir.path());
        leave(&mut journal);
        // The same number under another ID: all of it settled.
        let other = BookingId::parse("OTHER77").unwrap();
        let steps = [
            started(),
            RecordStep::Issuing { number: number(), id: other.clone(), seats: vec![ticket("8")] },
            RecordStep::Issued,
            seat("8", SeatState::Printing),
            seat("8", SeatState::Printed),
            ended(Outcome::Printed, None, false),
        ];
        journal.append(&steps.map(|step| entry("p8", step))).unwrap();
        for days in [3, 200, 4_000] {
            let tidied = journal.tidy(Some(at(days * DAY))).unwrap();
            assert_eq!(tidied, Tidied::default(), "{days} days later");
        }
        let knows = |id: &BookingId| journal.recall(Some(number()), id, at(60)).unwrap().history.is_some();
        assert!(knows(&id()) && knows(&other));
    }
}

#[test]
fn what_is_owed_under_a_lost_key_is_printed_by_no_fresh_issue() {
    let dir = fast_dir();
    drop(owed(dir.path()));
    fs::remove_file(dir.path().join("id-key")).unwrap();
    let mut journal = open(dir.path());
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    // Staff can have them printed by the record that is there: a fresh issue would be a second paper.
    assert_eq!((recall.history, recall.taken), (None, vec![key("10"), key("9")]));
    let handle = Handle::parse("000007").unwrap();
    let order = |seat| StaffDecision { handle: &handle, seat, reason: "key lost", who: "Li" };
    journal.begin_reprint(order("10"), at(70)).unwrap();
    // Nor what is void after a report was due: it may have been an uncertain one.
    journal.append(&[entry("p1", seat("10", SeatState::Uncertain))]).unwrap();
    journal.append(&[entry("p1", RecordStep::ReportFailed { number: number(), sent: true })]).unwrap();
    for seat in ["10", "9"] {
        journal.resolve(order(seat), Resolution::Void, at(80)).unwrap();
    }
    let taken = journal.recall(Some(number()), &id(), at(90)).unwrap().taken;
    assert_eq!(taken, vec![key("10"), key("9")]);
}

#[test]
fn a_pickup_recorded_with_a_clock_that_was_behind_is_not_dropped_before_its_session_is_over() {
    let dir = fast_dir();
    let mut journal = open(dir.path());
    for entries in told_at(-1_000 * DAY) {
        journal.append(&entries).unwrap();
    }
    assert_eq!(journal.tidy(Some(at(60))).unwrap(), Tidied::default(), "long ago, it seems");
    assert!(journal.recall(Some(number()), &id(), at(60)).unwrap().history.is_some());
    let tidied = journal.tidy(Some(at(2 * DAY))).unwrap();
    assert_eq!((tidied.forgotten, tidied.dropped), (1, 1));
}

#[test]
fn what_is_settled_goes_in_time_and_what_is_owed_never() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for step in whole_pickup() {
        journal.append(&step).unwrap();
    }
    let other = |step: RecordStep| match step {
        RecordStep::Started { started_at, .. } => RecordStep::Started { started_at, number: None },
        RecordStep::Issuing { seats, .. } => {
            RecordStep::Issuing { number: BookingNumber::new(7).unwrap(), id: id(), seats }
        }
        step => step,
    };
    let owed = [started(), issuing(&["10"]), RecordStep::Issued, ended(Outcome::SeeCounter, Some(7), false)];
    journal.append(&owed.map(|step| entry("p2", other(step)))).unwrap();

    let day = 86_400;
    assert_eq!(journal.tidy(Some(at(day))).unwrap().forgotten, 0);
    let tidied = journal.tidy(Some(at(day + 3_601))).unwrap();
    assert_eq!((tidied.forgotten, tidied.dropped, tidied.more), (1, 0, false));
    let recall = journal.recall(Some(number()), &id(), at(day)).unwrap();
    assert_eq!((recall.history, recall.taken), (None, vec![key("10"), key("9")]));
    assert_eq!(journal.leftover(at(day)).unwrap().owed, 1);

    let tidied = journal.tidy(Some(at(181 * day))).unwrap();
    assert_eq!((tidied.forgotten, tidied.dropped), (0, 1));
    let left = journal.records().list(Filter::default()).unwrap();
    assert_eq!(left.iter().map(|view| view.pickup.as_str()).collect::<Vec<_>>(), ["p2"]);
    assert_eq!(journal.leftover(at(181 * day)).unwrap().owed, 1, "owed for good");
    let handle = Handle::parse("p2").unwrap();
    let order = StaffDecision { handle: &handle, seat: "10", reason: "gone home", who: "Li" };
    journal.resolve(order, Resolution::Void, at(181 * day)).unwrap();
    assert_eq!(journal.tidy(Some(at(181 * day))).unwrap(), Tidied { forgotten: 1, dropped: 1, more: false });
    assert_eq!(journal.records().list(Filter::default()).unwrap(), []);
    journal.check_integrity().unwrap();
}

#[test]
fn a_journal_too_big_drops_its_oldest_and_a_full_one_refuses_and_keeps_what_it_has() {
    let dir = fast_dir();
    let mut small = settings();
    small.limits.keep_mib = 0;
    let mut journal = Journal::open(dir.path(), small.clone()).unwrap();
    let steps = |n: u32| {
        let pair = (BookingNumber::new(n.into()).unwrap(), id());
        let list = whole_pickup().concat().into_iter().map(move |mut entry| {
            entry.pickup = PickupId(format!("p{n}"));
            match &mut entry.step {
                RecordStep::Started { number, .. } => *number = Some(pair.0),
                RecordStep::Issuing { number, .. } | RecordStep::Reported { number } => *number = pair.0,
                _ => {}
            }
            entry
        });
        list.collect::<Vec<_>>()
    };
    let mut last = 0;
    let full = loop {
        last += 1;
        if let Err(error) = journal.append(&steps(last)) {
            break error;
        }
        assert!(last < 5_000, "the size has no bound");
    };
    assert!(matches!(full, JournalError::Full { .. }), "{full}");
    println!("full at pickup {last}");
    assert_eq!(journal.records().list(Filter::default()).unwrap().len(), usize::try_from(last - 1).unwrap());
    let mut dropped = 0;
    while {
        let tidied = journal.tidy(None).unwrap();
        dropped += tidied.dropped;
        tidied.more
    } {}
    assert!(dropped > 0);
    drop(journal);
    let mut journal = Journal::open(dir.path(), small).unwrap();
    journal.append(&steps(last)).unwrap();
    journal.check_integrity().unwrap();
}

#[test]
fn the_oldest_audit_records_go_when_there_are_too_many_or_they_are_too_old() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for n in 0..3 {
        journal.append_act(&act(n, "signed_in")).unwrap();
    }
    drop(journal);
    let raw = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    raw.execute("UPDATE acts SET sequence = sequence + 10000 WHERE sequence = 3", []).unwrap();
    drop(raw);
    let mut journal = open(dir.path());
    journal.tidy(None).unwrap();
    assert_eq!(journal.records().audit_entries(None, 0, 10).unwrap().0.len(), 1);
    journal.tidy(Some(at(400 * 24 * 3_600))).unwrap();
    assert_eq!(journal.records().audit_entries(None, 0, 10).unwrap().0, []);
}
