//! The table of refusals, row by row, column by column.

use super::parts;
use super::rig::{Fate, Look, Rig, site};
use pickup_kiosk::pickup::state::Hint;
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::Outcome;

/// Answer of the cloud about the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cloud {
    Settled,
    Open,
    NoSuchPair,
    Away,
    None,
}

/// Answer of a site that gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    NoSuchBooking,
    AllPrinted,
    Refused,
    Unanswered,
    Silent,
    TooLate,
    TooEarly,
    OtherCinema,
}

fn ends(why: Site, cloud: Cloud) -> (Outcome, Hint) {
    let shared = site(&[1], SecondIssue::Refuse);
    let mut rig = Rig::at(shared.clone(), "a");
    rig.machine = parts::machine(cloud != Cloud::None);
    rig.cloud_away = cloud == Cloud::Away;
    let mut code = Rig::code(0);
    if cloud == Cloud::NoSuchPair {
        code = "1000|Wrong77".into();
    }
    let policy = &mut rig.machine.policy;
    match why {
        Site::NoSuchBooking => shared.borrow_mut().bookings[0].unknown_to_site = true,
        Site::AllPrinted => shared.borrow_mut().bookings[0].seats[0].ticket.printed = true,
        Site::Refused => rig.issues.extend([Fate::Value(2)]),
        Site::Unanswered => rig.issues.extend([Fate::Lost, Fate::Value(2)]),
        Site::Silent => rig.looks.push_back(Look::Silent),
        Site::TooLate => {
            policy.late_minutes = Some(0);
            rig.now_ms = 3 * 3_600_000;
        }
        Site::TooEarly => policy.earliest_hours = Some(0),
        Site::OtherCinema => policy.national_code = Some("17212101".into()),
    }
    if cloud == Cloud::Settled {
        // The cloud says cancelled; the site says what it says itself.
        let tickets = shared.borrow().query(parts::number(0));
        rig.settled = Some(tickets);
        shared.borrow_mut().bookings[0].cancelled = true;
    }
    rig.scan(&code);
    rig.wait(4_000);
    (rig.outcome(), rig.shown().hint)
}

#[test]
fn every_row_of_the_table() {
    use Outcome::{Cancelled, NotFound, SeeCounter, TryLater};
    let table = [
        (Site::NoSuchBooking, [Cancelled, TryLater, NotFound, NotFound, NotFound]),
        (Site::AllPrinted, [Cancelled, Outcome::AlreadyCollected, NotFound, NotFound, NotFound]),
        (Site::Refused, [Cancelled, SeeCounter, NotFound, NotFound, NotFound]),
        (Site::Unanswered, [SeeCounter, SeeCounter, NotFound, SeeCounter, SeeCounter]),
        (Site::Silent, [Cancelled, TryLater, NotFound, TryLater, TryLater]),
        (Site::TooLate, [Cancelled, SeeCounter, NotFound, NotFound, NotFound]),
        (Site::TooEarly, [Cancelled, SeeCounter, NotFound, NotFound, NotFound]),
        (Site::OtherCinema, [Cancelled, SeeCounter, NotFound, NotFound, NotFound]),
    ];
    let clouds = [Cloud::Settled, Cloud::Open, Cloud::NoSuchPair, Cloud::Away, Cloud::None];
    for (why, row) in table {
        for (cloud, expected) in clouds.into_iter().zip(row) {
            assert_eq!(ends(why, cloud).0, expected, "{why:?}, cloud {cloud:?}");
        }
    }
}

#[test]
fn policy_says_which() {
    assert_eq!(ends(Site::TooLate, Cloud::Open).1, Hint::TooLate);
    assert_eq!(ends(Site::TooEarly, Cloud::Open).1, Hint::TooEarly);
    assert_eq!(ends(Site::OtherCinema, Cloud::Open).1, Hint::OtherCinema);
}

#[test]
fn printed_says_the_site_not_collected_says_the_cloud() {
    let shared = site(&[1], SecondIssue::Refuse);
    let mut rig = Rig::at(shared.clone(), "a");
    rig.settled = Some(shared.borrow().query(parts::number(0)));
    rig.settled.as_mut().unwrap()[0].printed = true;
    rig.scan(&Rig::code(0));
    assert_eq!(
        (rig.outcome(), rig.ended().1.as_str()),
        (Outcome::SeeCounter, "the site says printed, the cloud says not collected")
    );
}
