//! `journal list | show | export | resolve` as staff use them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod journal_kit;

use journal_kit::*;
use pickup_kiosk::command::journal::{self, JournalCommandError};
use pickup_kiosk::journal::record::Step;
use pickup_kiosk::journal::rules::Resolution;
use pickup_kiosk::journal::store::{Filter, Journal, Order};
use pickup_kiosk::ticket::{Outcome, SeatState};
use std::io::{self, Write};

/// A pickup whose second ticket is uncertain, and a refused code.
fn uncertain(dir: &std::path::Path) -> Journal {
    let mut journal = open(dir);
    let steps = [
        Step::Issued,
        seat("10", SeatState::Printing),
        seat("10", SeatState::Printed),
        seat("9", SeatState::Printing),
        Step::Seat { seat: key("9"), state: SeatState::Uncertain, why: "paper out".into() },
        ended(Outcome::SeeCounter, Some(4711), true),
        Step::Reported { number: number() },
    ];
    let entries = begun("p1").into_iter().chain(steps.map(|step| entry("p1", step))).collect::<Vec<_>>();
    journal.append(&entries).unwrap();
    let other = Step::Started { started_at: at(5), number: None };
    journal.append(&[entry("p2", other), entry("p2", ended(Outcome::NotFound, None, false))]).unwrap();
    journal
}

fn told(work: impl FnOnce(&mut dyn Write) -> Result<(), JournalCommandError>) -> String {
    let mut out = Vec::new();
    work(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn export_is_csv_or_json_lines() {
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let csv = told(|out| journal::export(&store, Filter::default(), false, out));
    assert_eq!(
        csv,
        "pickup,started_at,booking_number,outcome,claim,seat,state,reported,duration_ms\r\n\
         p1,2026-11-24T10:00:00.000+08:00,111972,see_counter,004711,7排10座,printed,true,41\r\n\
         p1,2026-11-24T10:00:00.000+08:00,111972,see_counter,004711,7排9座,uncertain,true,41\r\n\
         p2,2026-11-24T10:00:05.000+08:00,,not_found,,,,false,41\r\n"
    );
    let json = told(|out| journal::export(&store, Filter::default(), true, out));
    let lines = json.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        r#"{"pickup":"p2","started_at":"2026-11-24T10:00:05.000+08:00","booking_number":null,"outcome":"not_found","claim":null,"tickets":[],"reported":false,"duration_ms":41}"#
    );
    let unresolved = Filter { unresolved: true, ..Filter::default() };
    assert_eq!(told(|out| journal::list(&store, unresolved, true, out)), format!("{}\n", lines[0]));
    let other_day = Filter { business_day: Some("2026-11-25".parse().unwrap()), ..Filter::default() };
    assert_eq!(told(|out| journal::list(&store, other_day, false, out)), "");
}

#[test]
fn a_story_reads_in_order_and_a_settlement_ends_it() {
    let dir = fast_dir();
    let mut store = uncertain(dir.path());
    let resumed = [
        started(),
        Step::Recognised { number: number(), id: id() },
        ended(Outcome::SeeCounter, Some(4711), false),
    ];
    store.append(&resumed.map(|step| entry("p3", step))).unwrap();
    let handle = journal::handle("004711").unwrap();
    let order = Order { handle: &handle, seat: "7排9座", reason: "in the tray", who: "Li" };
    let line = told(|out| journal::resolve(&mut store, order, Resolution::CameOut, at(70), false, out));
    assert!(line.ends_with("claim 004711  7排10座 printed  7排9座 printed\n"), "{line}");
    let story = told(|out| journal::show(&store, "004711", false, out));
    println!("{story}");
    let wanted = [
        "Pickup p3, booking 111972: see_counter, claim reference 004711",
        "Pickup p1",
        "The site is asked to issue 7排10座, 7排9座.",
        "7排9座: may or may not have come out (paper out).",
        "Ended: see_counter. Claim reference 004711. The site is owed a report.",
        "The site has the report.",
        "Pickup p3",
        "The journal knows this pair of number and ID.",
        "7排9座: came out, by Li: in the tray.",
    ];
    let mut rest = story.as_str();
    for sentence in wanted {
        let place = rest.find(sentence).unwrap_or_else(|| panic!("not in its place: {sentence}"));
        rest = &rest[place + sentence.len()..];
    }
    let slip = told(|out| journal::day_slip(&store, "2026-11-24".parse().unwrap(), false, out));
    assert!(slip.contains("重返20岁\n  printed 2\n"), "{slip}");
}

#[test]
fn an_output_that_goes_away_is_said_so() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let failed = journal::list(&store, Filter::default(), true, &mut Gone).unwrap_err();
    assert!(matches!(failed, JournalCommandError::Output(_)));
}

#[test]
fn a_journal_can_be_moved_to_its_thread() {
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let count = std::thread::spawn(move || store.list(Filter::default()).unwrap().len());
    assert_eq!(count.join().unwrap(), 2);
}
