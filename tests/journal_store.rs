//! The journal on disk, as the kiosk uses it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::record::{Claim, IssueState, ReportState, Step};
use pickup_kiosk::journal::rules::{Illegal, Resolution};
use pickup_kiosk::journal::store::{Filter, Handle, Journal, JournalError, Notice, Order};
use pickup_kiosk::ticket::{BookingId, SeatState};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_pickup_of_two_tickets_is_on_record_step_by_step() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for step in whole_pickup() {
        journal.append(&step).unwrap();
    }
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    let history = recall.history.unwrap();
    assert_eq!((history.issue, history.report), (IssueState::Issued, ReportState::Done));
    assert!(history.seats.iter().all(|seat| seat.state == SeatState::Printed && seat.ticket.is_none()));
    assert_eq!(journal.leftover(at(60)).unwrap(), Default::default());
    let view = serde_json::to_string(&journal.list(Filter::default()).unwrap()[0]).unwrap();
    assert_eq!(
        view,
        r#"{"pickup":"p1","started_at":"2026-11-24T10:00:00.000+08:00","booking_number":"111972","outcome":"printed","claim":null,"tickets":[{"seat":"7排10座","state":"printed"},{"seat":"7排9座","state":"printed"}],"reported":true,"duration_ms":41}"#
    );
    let story = journal.show(&Handle::parse("p1").unwrap()).unwrap().story;
    for event in &story {
        println!("{} {} {}", event.at, event.kind, event.detail);
    }
    assert_eq!(story.len(), 9);
}

#[test]
fn the_same_pair_is_known_after_a_restart_and_another_id_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&begun("p1")).unwrap();
    journal.append(&[entry("p1", Step::Issued), entry("p1", seat("10", SeatState::Printing))]).unwrap();
    drop(journal);
    let journal = open(dir.path());
    let recall = journal.recall(None, &id(), at(60)).unwrap();
    assert_eq!(recall.history.unwrap().seats[0].ticket, Some(ticket("10")));
    let other = BookingId::parse("WQNX8JM").unwrap();
    let recall = journal.recall(Some(number()), &other, at(60)).unwrap();
    assert_eq!((recall.history, recall.taken), (None, vec![key("10")]));
    let leftover = journal.leftover(at(60)).unwrap();
    assert_eq!(leftover.unfinished[0].0.seats[0].state, SeatState::Printing);
    assert_eq!(leftover.owed, 1);
}
