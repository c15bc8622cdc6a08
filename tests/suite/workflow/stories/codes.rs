//! Codes as they come in: halves, keys, spellings.

use super::parts;
use super::rig::{Look, Rig, Ticketed, site};
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::pickup::input::{Key, Source};
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{BookingId, Outcome, SeatState};

#[test]
fn the_missing_half_is_asked_for_and_given_up_after_a_minute() {
    let mut rig = Rig::new(1);
    rig.scan("1000");
    assert!(matches!(rig.state.customer, CustomerState::EnteringCode(_)));
    rig.wait(59_999);
    assert!(matches!(rig.state.customer, CustomerState::EnteringCode(_)));
    rig.wait(1);
    assert_eq!(rig.outcome(), Outcome::Abandoned);
    rig.wait(30_000);
    assert_eq!(rig.state.customer, CustomerState::Idle);
}

#[test]
fn on_a_command_line_nobody_adds_a_half() {
    let mut rig = Rig::new(1);
    rig.present(Source::Argument, "1000");
    assert_eq!(rig.outcome(), Outcome::Abandoned);
}

#[test]
fn two_halves_are_one_pickup_in_either_order() {
    let mut rig = Rig::new(1);
    rig.scan("1000");
    rig.scan(parts::id(0).expose());
    assert_eq!(rig.outcome(), Outcome::Printed);
    let mut rig = Rig::new(1);
    rig.cloud_away = true;
    rig.scan(parts::id(0).expose());
    assert!(matches!(rig.state.customer, CustomerState::EnteringCode(_)), "the cloud can't tell the number");
    rig.scan("1000");
    assert_eq!(rig.outcome(), Outcome::Printed);
}

#[test]
fn an_id_alone_is_looked_up() {
    let mut rig = Rig::new(1);
    rig.scan(parts::id(0).expose());
    assert_eq!(rig.outcome(), Outcome::Printed);
    rig.cloud_away = true;
    rig.scan(parts::id(0).expose());
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected, "the record knows the ID");
}

/// Returns a booking whose ID can be typed: capitals.
fn typed() -> Rig {
    let shared = site(&[1], SecondIssue::Refuse);
    shared.borrow_mut().bookings[0].id = BookingId::parse("WQNX8JL").unwrap();
    Rig::at(shared, "a")
}

#[test]
fn a_code_is_typed_key_by_key() {
    let mut rig = typed();
    rig.keys("10009");
    rig.key(Key::Back);
    rig.key(Key::Enter);
    rig.keys("x");
    rig.key(Key::Clear);
    rig.keys("wqnx8j");
    rig.wait(40_000);
    rig.key(Key::MoreTime);
    rig.wait(40_000);
    rig.keys("l");
    rig.key(Key::Enter);
    assert_eq!(rig.outcome(), Outcome::Printed);
    rig.key(Key::Back);
    assert_eq!(rig.state.customer, CustomerState::Idle);
}

#[test]
fn a_half_that_cannot_be_read_may_be_typed_again() {
    let mut rig = typed();
    rig.keys("1000");
    rig.key(Key::Enter);
    rig.keys("ab");
    rig.key(Key::Enter);
    assert!(matches!(&rig.state.customer, CustomerState::EnteringCode(e) if e.wrong && e.typed.is_empty()));
    rig.keys("WQNX8JL");
    rig.key(Key::Enter);
    assert_eq!(rig.outcome(), Outcome::Printed);
    let mut rig = typed();
    rig.keys("1000");
    rig.key(Key::Enter);
    rig.key(Key::Back);
    assert_eq!(rig.outcome(), Outcome::Abandoned);
}

#[test]
fn an_id_in_another_spelling_is_tried_in_the_clouds() {
    // With the number: the site refuses the MD5, the cloud knows the spelling.
    let mut rig = Rig::new(1);
    rig.scan(&format!("1000|{}", parts::id(0).expose().to_uppercase()));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::Printed, vec![0]));
    // Alone: the cloud's is used at once, and the record knows the pair in that spelling.
    let mut rig = Rig::new(1);
    rig.scan(&parts::id(0).expose().to_lowercase());
    assert_eq!(rig.outcome(), Outcome::Printed);
    rig.scan(&Rig::code(0));
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::AlreadyCollected, vec![0]));
}

#[test]
fn a_number_whose_seats_went_out_under_another_id_gives_nothing() {
    let mut rig = Rig::new(1);
    rig.reports.extend([super::rig::Fate::NotSent; 9]);
    rig.scan(&Rig::code(0));
    // Not even if the site took another ID for it.
    rig.site.borrow_mut().bookings[0].id = BookingId::parse("OTHERID").unwrap();
    rig.site.borrow_mut().bookings[0].issued = false;
    rig.scan("1000|OTHERID");
    rig.wait(4_000);
    assert_ne!(rig.outcome(), Outcome::Printed);
    assert_eq!(rig.originals(0), [0]);
}

#[test]
fn a_seat_that_two_records_of_one_number_owe_is_printed_by_neither() {
    // The first list is short of seat 1; the printer stops, and the site is silent when asked what else it took.
    let mut rig = Rig::at(site(&[2], SecondIssue::Accept), "a");
    rig.machine = parts::machine_told(true, FlagsAt::Unknown, true);
    rig.tickets.extend([Ticketed::NotReady, Ticketed::NotReady]);
    rig.looks.extend([Look::Short(1), Look::Silent]);
    rig.scan(&Rig::code(0));
    rig.wait(91_000);
    // Another ID for the number, as after the loss of a key: seat 1 is owed by that record.
    rig.site.borrow_mut().bookings[0].id = BookingId::parse("OTHERID").unwrap();
    rig.looks.push_back(Look::Good);
    rig.mend();
    rig.scan("1000|OTHERID");
    rig.wait(600_000);
    // A start asks what the first record's issue took besides.
    rig.power_off();
    rig.power_on();
    let owing = |rig: &Rig| {
        let held = rig.journal.bookings().flat_map(|(_, booking)| booking.held_seats());
        held.filter(|held| held.state == SeatState::Reserved && held.key == parts::seat_key(1)).count()
    };
    assert_eq!(owing(&rig), 2, "the list that came at last showed it as the first record's, too");
    // Neither prints it, and whoever comes is sent to the counter with a claim reference.
    rig.mend();
    rig.scan("1000|OTHERID");
    rig.wait(4_000);
    assert_eq!((rig.outcome(), rig.originals(0)), (Outcome::SeeCounter, vec![]));
    assert!(rig.shown().claim.is_some());
    rig.site.borrow_mut().bookings[0].id = parts::id(0);
    rig.scan(&Rig::code(0));
    rig.wait(600_000);
    assert_eq!(rig.originals(0), [0]);
    assert_eq!(owing(&rig), 2);
}
