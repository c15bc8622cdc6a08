//! `journal list | show | export | resolve` as staff use them.

use crate::kit::journal as journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::export::CSV_HEADER;
use pickup_kiosk::journal::record::RecordStep;
use pickup_kiosk::journal::store::{Filter, Journal};
use pickup_kiosk::kiosk::control::{ControlAnswer, Pickups, Resolve, Shape};
use pickup_kiosk::kiosk::{journal_pages, staff_requests};
use pickup_kiosk::ticket::{Outcome, SeatState};

/// Writes a pickup whose second ticket is uncertain, and a refused code.
fn uncertain(dir: &std::path::Path) -> Journal {
    let mut journal = open(dir);
    let steps = [
        RecordStep::Issued,
        seat("10", SeatState::Printing),
        seat("10", SeatState::Printed),
        seat("9", SeatState::Printing),
        RecordStep::Seat { seat: key("9"), state: SeatState::Uncertain, why: "paper out".into() },
        ended(Outcome::SeeCounter, Some(4711), true),
        RecordStep::Reported { number: number() },
    ];
    let entries = begun("p1").into_iter().chain(steps.map(|step| entry("p1", step))).collect::<Vec<_>>();
    journal.append(&entries).unwrap();
    let other = RecordStep::Started { started_at: at(5), number: None };
    journal.append(&[entry("p2", other), entry("p2", ended(Outcome::NotFound, None, false))]).unwrap();
    journal
}

fn pickups(journal: &Journal, shape: Shape, day: Option<&str>, unresolved: bool) -> String {
    let day = day.map(|day| day.parse().unwrap());
    text(journal_pages::pickups(journal, &Pickups { shape, day, unresolved, after: 0 }))
}

fn text(answer: ControlAnswer) -> String {
    assert!(answer.ok, "{}", answer.text);
    answer.text
}

#[test]
fn export_is_csv_or_json_lines() {
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let csv = pickups(&store, Shape::Csv, None, false);
    assert_eq!(
        CSV_HEADER,
        "pickup,started_at,booking_number,outcome,claim,seat,state,reported,duration_ms\r\n"
    );
    assert_eq!(
        csv,
        "p1,2026-11-24T10:00:00.000+08:00,111972,see_counter,004711,7排10座,printed,true,41\r\n\
         p1,2026-11-24T10:00:00.000+08:00,111972,see_counter,004711,7排9座,uncertain,true,41\r\n\
         p2,2026-11-24T10:00:05.000+08:00,,not_found,,,,false,41\r\n"
    );
    let json = pickups(&store, Shape::JsonLines, None, false);
    let lines = json.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        r#"{"pickup":"p2","started_at":"2026-11-24T10:00:05.000+08:00","booking_number":null,"outcome":"not_found","claim":null,"tickets":[],"reported":false,"duration_ms":41}"#
    );
    assert_eq!(pickups(&store, Shape::JsonLines, None, true), format!("{}\n", lines[0]));
    assert_eq!(pickups(&store, Shape::List, Some("2026-11-25"), false), "");
}

#[test]
fn a_story_reads_in_order_and_a_settlement_ends_it() {
    let dir = fast_dir();
    let mut store = uncertain(dir.path());
    let resumed = [
        started(),
        RecordStep::Recognised { number: number(), id: id() },
        ended(Outcome::SeeCounter, Some(4711), false),
    ];
    store.append(&resumed.map(|step| entry("p3", step))).unwrap();
    let order = Resolve {
        id: "004711".into(),
        ticket: "7排9座".into(),
        how: "came-out".into(),
        reason: "in the tray".into(),
        who: "Li".into(),
    };
    assert_eq!(text(staff_requests::resolve(&mut store, &order, at(70))), "7排9座: recorded as came-out");
    assert!(!staff_requests::resolve(&mut store, &order, at(71)).ok, "settled twice");
    let story = text(journal_pages::show(&store, "004711", false));
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
    let slip = text(journal_pages::day(&store, "2026-11-24".parse().unwrap(), false));
    assert!(slip.contains("重返20岁\n  printed 2\n"), "{slip}");
}

#[test]
fn pages_follow_one_another_and_leave_none_out() {
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let (first, next) = store.records().page(Filter::default(), 0, 1).unwrap();
    let (second, end) = store.records().page(Filter::default(), next.unwrap(), 1).unwrap();
    assert_eq!((first[0].pickup.as_str(), second[0].pickup.as_str()), ("p1", "p2"));
    assert_eq!(store.records().page(Filter::default(), end.unwrap(), 1).unwrap(), (Vec::new(), None));
}

#[test]
fn a_journal_can_be_moved_to_its_thread() {
    let dir = fast_dir();
    let store = uncertain(dir.path());
    let count = std::thread::spawn(move || store.records().list(Filter::default()).unwrap().len());
    assert_eq!(count.join().unwrap(), 2);
}
