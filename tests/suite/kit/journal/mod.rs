//! Kit of the journal's tests: the document's own booking, and a short way to tell steps.
#![allow(dead_code)]

pub mod fill;

use jiff::Timestamp;
use pickup_kiosk::config::settings::JournalLimits;
use pickup_kiosk::journal::audit_log::AuditEntry;
use pickup_kiosk::journal::business_day::BusinessDays;
use pickup_kiosk::journal::record::{Claim, Entry, PickupId, RecordStep};
use pickup_kiosk::journal::store::{Journal, OpenSettings};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Cents, Outcome, SeatKey, SeatState, Ticket};
use std::path::Path;

/// Returns 2026-11-24 10:00 in Shanghai plus `second` seconds.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_485_600 + second).unwrap()
}

pub fn settings() -> OpenSettings {
    OpenSettings {
        kiosk_id: "lobby-1".into(),
        days: BusinessDays::new("Asia/Shanghai", "06:00").unwrap(),
        limits: JournalLimits::default(),
        owner: "a test".into(),
    }
}

pub fn open(dir: &Path) -> Journal {
    Journal::open(dir, settings()).unwrap()
}

/// Returns a seat's record as long as a real one: 180 characters of code.
pub fn ticket(seat: &str) -> Ticket {
    Ticket {
        info_code: format!("17212101{}{seat:*>4}", "A".repeat(168)),
        cinema_code: "17212101".into(),
        cinema_name: "CHTEST01 国际影城（人民广场店）".into(),
        screen_code: "0000000000000001".into(),
        screen_name: "1号激光厅".into(),
        film_code: "001104962014".into(),
        film_name: "重返20岁".into(),
        session_code: "1721210100009183".into(),
        session_at: at(3600),
        code: "0000000000018232".into(),
        seat_code: seat.into(),
        seat_name: format!("7排{seat}座"),
        price: Cents(5000),
        service: Cents(0),
        printed: false,
    }
}

pub fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

pub fn id() -> BookingId {
    BookingId::parse("WQNX8JL").unwrap()
}

pub fn key(seat: &str) -> SeatKey {
    SeatKey { session_code: "1721210100009183".into(), seat_code: seat.into() }
}

pub fn entry(pickup: &str, step: RecordStep) -> Entry {
    Entry { pickup: PickupId(pickup.into()), at: at(1), step }
}

pub fn started() -> RecordStep {
    RecordStep::Started { started_at: at(0), number: Some(number()) }
}

pub fn issuing(seats: &[&str]) -> RecordStep {
    RecordStep::Issuing { number: number(), id: id(), seats: seats.iter().map(|seat| ticket(seat)).collect() }
}

pub fn resumed(seats: &[&str]) -> RecordStep {
    RecordStep::Resumed { number: number(), id: id(), seats: seats.iter().map(|seat| ticket(seat)).collect() }
}

pub fn seat(seat: &str, state: SeatState) -> RecordStep {
    RecordStep::Seat { seat: key(seat), state, why: String::new() }
}

pub fn ended(outcome: Outcome, claim: Option<u32>, report_due: bool) -> RecordStep {
    RecordStep::Ended {
        outcome,
        claim: claim.map(Claim),
        duration_ms: 41,
        why: String::new(),
        report_due,
        released: false,
        refused: None,
    }
}

/// Returns a pickup that has started and is about to issue two seats.
pub fn begun(pickup: &str) -> Vec<Entry> {
    vec![entry(pickup, started()), entry(pickup, issuing(&["10", "9"]))]
}

/// Returns a pickup of two tickets without any trouble, one transaction a step.
pub fn whole_pickup() -> Vec<Vec<Entry>> {
    let one = |step| vec![entry("p1", step)];
    vec![
        begun("p1"),
        one(RecordStep::Issued),
        one(seat("10", SeatState::Printing)),
        one(seat("10", SeatState::Printed)),
        one(seat("9", SeatState::Printing)),
        vec![entry("p1", seat("9", SeatState::Printed)), entry("p1", ended(Outcome::Printed, None, true))],
        one(RecordStep::Reported { number: number() }),
    ]
}

/// Returns an entry of the audit log.
pub fn act(second: i64, what: &str) -> AuditEntry {
    AuditEntry {
        at: at(second),
        who: "Li".into(),
        surface: "screen".into(),
        what: what.into(),
        before: "in".into(),
        after: "out\u{1b}[2J".into(),
    }
}

/// Returns a directory whose syncs cost nothing, where the machine has one.
pub fn fast_dir() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Pseudo-random numbers from a seed (splitmix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 to `bound` - 1.
    pub fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap()
    }

    pub fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(u32::try_from(from.len()).unwrap())).unwrap()]
    }
}
