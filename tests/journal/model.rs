//! The journal on disk against the one in memory: random entries, legal and not, told to both.

use crate::journal_kit;

use jiff::{SignedDuration, Timestamp};
use journal_kit::{Chance, at, fast_dir, settings, ticket};
use pickup_kiosk::journal::memory::{Begun, MemoryJournal};
use pickup_kiosk::journal::record::{Claim, Entry, Leftover, PickupId, Recall, RecordStep, RefusedCode};
use pickup_kiosk::journal::rules::{Illegal, Resolution};
use pickup_kiosk::journal::store::{Filter, Handle, Journal, JournalError, OpenSettings, StaffDecision};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState, Ticket};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const SEATS: [&str; 3] = ["10", "9", "8"];

/// Value of `[journal] keep_days`.
const KEEP_DAYS: u32 = 1;

/// Offset of the business day in ms: China, from 06:00.
const DAY_OFFSET_MS: i64 = 2 * 3_600_000;

fn numbers() -> [BookingNumber; 2] {
    [111_972, 5].map(|number| BookingNumber::new(number).unwrap())
}

fn ids() -> [BookingId; 3] {
    ["WQNX8JL", "wqnx8jl", "AAAA"].map(|id| BookingId::parse(id).unwrap())
}

fn pair(chance: &mut Chance) -> (BookingNumber, BookingId) {
    (*chance.pick(&numbers()), chance.pick(&ids()[..2]).clone())
}

fn tickets(chance: &mut Chance) -> Vec<Ticket> {
    let mut tickets = SEATS.iter().filter(|_| chance.one_in(2)).map(|seat| ticket(seat)).collect::<Vec<_>>();
    for ticket in &mut tickets {
        if chance.one_in(3) {
            ticket.info_code.clear();
        }
    }
    tickets
}

fn seat_key(chance: &mut Chance) -> SeatKey {
    let seat: &str = chance.pick::<&str>(&SEATS);
    ticket(seat).key()
}

fn step(chance: &mut Chance, pair: &(BookingNumber, BookingId), now: Timestamp) -> RecordStep {
    let (number, id) = pair.clone();
    match chance.below(28) {
        0 => RecordStep::Started { started_at: now, number: chance.one_in(2).then_some(number) },
        1 => RecordStep::Recognised { number, id },
        2 | 3 => RecordStep::Issuing { number, id, seats: tickets(chance) },
        4 => RecordStep::IssueUnanswered,
        5..=7 => RecordStep::Issued,
        8 => RecordStep::IssueRefused { return_value: 1, claim_kept: chance.one_in(2) },
        9 => RecordStep::IssueNotSent { kept: chance.one_in(2) },
        10 | 11 => RecordStep::Resumed { number, id, seats: tickets(chance) },
        12 => RecordStep::CodesArrived { seats: tickets(chance) },
        13..=19 => RecordStep::Seat {
            seat: seat_key(chance),
            state: *chance.pick(&SeatState::ALL),
            why: String::new(),
        },
        20..=25 => {
            let id_alone = chance.one_in(2);
            let refused = RefusedCode { number: (!id_alone).then_some(number), id_alone };
            RecordStep::Ended {
                outcome: *chance.pick(&Outcome::ALL),
                claim: chance.one_in(2).then(|| Claim(chance.below(6))),
                duration_ms: 1,
                why: String::new(),
                report_due: chance.one_in(2),
                released: chance.one_in(3),
                refused: chance.one_in(3).then_some(refused),
            }
        }
        26 => RecordStep::ReportFailed { number, sent: chance.one_in(2) },
        _ if chance.one_in(2) => RecordStep::Reported { number },
        _ => RecordStep::ReportRefused { number, return_value: 2 },
    }
}

/// Returns a list as the workflow makes them, one time in two; else anything.
fn list(chance: &mut Chance, pickups: u32, now: Timestamp) -> Vec<Entry> {
    let pair = pair(chance);
    let fresh = chance.one_in(4) || pickups == 0;
    let pickup = if fresh { pickups + 1 } else { pickups.saturating_sub(chance.below(3)) };
    let mut steps = Vec::new();
    if fresh {
        steps.push(RecordStep::Started { started_at: now, number: Some(pair.0) });
    }
    if fresh && chance.one_in(2) {
        steps.push(RecordStep::Issuing { number: pair.0, id: pair.1.clone(), seats: tickets(chance) });
    }
    if steps.len() == 2 && chance.one_in(2) {
        let Some(RecordStep::Issuing { seats, .. }) = steps.last().cloned() else { unreachable!() };
        steps.push(RecordStep::Issued);
        for seat in seats {
            let end = *chance.pick(&[SeatState::Printed, SeatState::Uncertain, SeatState::Reserved]);
            let to = |state| RecordStep::Seat { seat: seat.key(), state, why: String::new() };
            steps.extend([to(SeatState::Printing), to(end)]);
        }
    }
    if steps.is_empty() || chance.one_in(4) {
        let more = 1 + chance.below(2);
        steps.extend((0..more).map(|_| step(chance, &pair, now)));
    }
    let pickup = PickupId(format!("p{pickup}"));
    steps.into_iter().map(|step| Entry { pickup: pickup.clone(), at: now, step }).collect()
}

fn note(met: &mut BTreeMap<String, u32>, what: &str) {
    let what = what.chars().filter(|c| !c.is_numeric()).collect();
    *met.entry(what).or_default() += 1;
}

fn why<T: std::fmt::Debug>(result: Result<T, JournalError>) -> Result<T, Illegal> {
    result.map_err(|error| match error {
        JournalError::Illegal { why, .. } => why,
        JournalError::NoSuchPickup(_) => Illegal::UnknownPickup,
        other => panic!("{other}"),
    })
}

fn same_recall(mut disk: Recall, memory: Recall, given: &BTreeSet<u32>) {
    assert!(!given.contains(&disk.fresh_claim.0) && !given.contains(&memory.fresh_claim.0));
    disk.fresh_claim = memory.fresh_claim;
    assert_eq!(disk, memory);
}

fn same_leftover(mut disk: Leftover, memory: Leftover, given: &BTreeSet<u32>) {
    let mut claims = given.clone();
    assert!(disk.unfinished.iter().all(|(_, claim)| claims.insert(claim.0)), "a claim twice");
    let mut claims = given.clone();
    assert!(memory.unfinished.iter().all(|(_, claim)| claims.insert(claim.0)), "a claim twice");
    for (disk, memory) in disk.unfinished.iter_mut().zip(&memory.unfinished) {
        disk.1 = memory.1;
    }
    assert_eq!(disk, memory);
}

/// Has staff act on a random seat of a random pickup, in both journals.
fn staff(
    chance: &mut Chance,
    disk: &mut Journal,
    memory: &mut MemoryJournal,
    pickups: u32,
    now: Timestamp,
    met: &mut BTreeMap<String, u32>,
) {
    let pickup = PickupId(format!("p{}", pickups.saturating_sub(chance.below(6))));
    let seat = seat_key(chance);
    let handle = Handle::from(&pickup);
    let order = StaffDecision { handle: &handle, seat: &seat.seat_code, reason: "seen", who: "Li" };
    if chance.one_in(2) {
        let how = *chance.pick(&[Resolution::CameOut, Resolution::HandedOver, Resolution::Void]);
        let told = why(disk.resolve(order, how, now));
        note(
            met,
            &format!("staff: {}", told.as_ref().map_or_else(ToString::to_string, |()| how.name().into())),
        );
        assert_eq!(told, memory.resolve(&pickup, &seat, how, now));
    } else {
        let begun = why(disk.begin_reprint(order, now));
        let begun =
            begun.map(|r| Begun { pickup: r.pickup, ticket: r.ticket, count: r.count, report: r.report });
        note(
            met,
            &format!("staff: {}", begun.as_ref().map_or_else(ToString::to_string, |_| "reprint".into())),
        );
        assert_eq!(begun, memory.begin_reprint(&pickup, &seat, now));
    }
}

/// Ends and settles what the latest pickups left open, in both.
fn settle(disk: &mut Journal, memory: &mut MemoryJournal, pickups: u32, now: Timestamp) {
    let end = RecordStep::Ended {
        outcome: Outcome::SeeCounter,
        claim: None,
        duration_ms: 1,
        why: String::new(),
        report_due: false,
        released: false,
        refused: None,
    };
    for pickup in pickups.saturating_sub(25)..=pickups {
        let pickup = PickupId(format!("p{pickup}"));
        let uncertain = |seat: &&str| RecordStep::Seat {
            seat: ticket(seat).key(),
            state: SeatState::Uncertain,
            why: String::new(),
        };
        let reported = numbers().map(|number| RecordStep::Reported { number });
        for step in [end.clone()].into_iter().chain(SEATS.iter().map(uncertain)).chain(reported) {
            let entry = [Entry { pickup: pickup.clone(), at: now, step }];
            assert_eq!(why(disk.append(&entry)), memory.append(&entry));
        }
        for seat in SEATS {
            let handle = Handle::from(&pickup);
            let order = StaffDecision { handle: &handle, seat, reason: "seen", who: "Li" };
            let told = memory.resolve(&pickup, &ticket(seat).key(), Resolution::Void, now);
            assert_eq!(why(disk.resolve(order, Resolution::Void, now)), told);
        }
    }
}

/// Lets both journals forget, lose their key or be lost, now and then.
fn lose(
    chance: &mut Chance,
    dir: &Path,
    mut disk: Journal,
    memory: &mut MemoryJournal,
    (pickups, now): (u32, Timestamp),
    met: &mut BTreeMap<String, u32>,
) -> Journal {
    match chance.below(12) {
        0 => {
            drop(disk);
            fs::remove_file(dir.join("id-key")).unwrap();
            memory.lose_key();
            note(met, "key lost");
            Journal::open(dir, limits()).unwrap()
        }
        1 => {
            drop(disk);
            fs::write(dir.join("journal.set-aside"), "journal.damaged-test.db\ndamaged").unwrap();
            fs::rename(dir.join("journal.db"), dir.join("journal.damaged-test.db")).unwrap();
            memory.start_new(now);
            note(met, "started anew");
            Journal::start_new(dir, limits(), now).unwrap().0
        }
        _ => {
            if chance.one_in(3) {
                settle(&mut disk, memory, pickups, now);
            }
            let believed = now + SignedDuration::from_hours(24 * i64::from(chance.below(3)));
            let mut told = disk.tidy(Some(believed)).unwrap();
            note(met, if told.forgotten > 0 { "forgotten" } else { "nothing forgotten" });
            note(met, if told.dropped > 0 { "dropped" } else { "nothing dropped" });
            while told.more {
                told = disk.tidy(Some(believed)).unwrap();
            }
            memory.tidy(believed, KEEP_DAYS);
            disk
        }
    }
}

/// Returns the claim references on record.
fn claims(disk: &Journal) -> BTreeSet<u32> {
    let pickups = disk.records().list(Filter::default()).unwrap();
    pickups.iter().filter_map(|pickup| pickup.claim.as_ref()?.parse().ok()).collect()
}

fn limits() -> OpenSettings {
    let mut settings = settings();
    settings.limits.keep_days = KEEP_DAYS;
    settings
}

fn run(seed: u64, rounds: u32, met: &mut BTreeMap<String, u32>) {
    let dir = fast_dir();
    let mut chance = Chance::new(seed);
    let mut disk = Journal::open(dir.path(), limits()).unwrap();
    let mut memory = MemoryJournal::new(DAY_OFFSET_MS);
    let (mut pickups, mut clock, mut given) = (0, 0, BTreeSet::new());
    for _ in 0..rounds {
        // The clock goes on, and sometimes jumps, also back.
        clock += if chance.one_in(30) { i64::from(chance.below(200_000)) - 100_000 } else { 7 };
        let now = at(clock);
        if chance.one_in(6) {
            staff(&mut chance, &mut disk, &mut memory, pickups, now, met);
        } else {
            let entries = list(&mut chance, pickups, now);
            let told = why(disk.append(&entries));
            let name = told.as_ref().map_or_else(|why| why.to_string(), |()| "recorded".into());
            note(met, &name);
            assert_eq!(told, memory.append(&entries), "{entries:?}");
            if told.is_ok() {
                pickups = pickups.max(entries[0].pickup.0[1..].parse().unwrap());
                given.extend(entries.iter().filter_map(|entry| match entry.step {
                    RecordStep::Ended { claim, .. } => claim.map(|claim| claim.0),
                    _ => None,
                }));
            }
        }
        if chance.one_in(10) {
            disk = lose(&mut chance, dir.path(), disk, &mut memory, (pickups, now), met);
            given = claims(&disk);
        }
        if chance.one_in(40) {
            drop(disk);
            disk = Journal::open(dir.path(), limits()).unwrap();
        }
        for _ in 0..2 {
            let (id, number) = (chance.pick(&ids()).clone(), *chance.pick(&numbers().map(Some)));
            let number = number.filter(|_| !chance.one_in(3));
            let salvaged = memory.recall(number, &id, now).salvaged;
            note(met, &format!("salvaged: {salvaged:?}"));
            same_recall(disk.recall(number, &id, now).unwrap(), memory.recall(number, &id, now), &given);
        }
        assert_eq!(disk.newest_record().unwrap(), memory.newest_record());
        same_leftover(disk.leftover(now).unwrap(), memory.leftover(now), &given);
    }
    disk.check_integrity().unwrap();
}

#[test]
fn both_journals_answer_alike() {
    let mut met = BTreeMap::new();
    for seed in 0..40 {
        let run = std::panic::AssertUnwindSafe(|| run(seed, 150, &mut met));
        if let Err(cause) = std::panic::catch_unwind(run) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(cause);
        }
    }
    println!("{met:#?}");
    for wanted in
        ["key lost", "started anew", "forgotten", "dropped", "salvaged: Some(Pair)", "salvaged: Some(Number)"]
    {
        assert!(
            met.get(wanted).is_some_and(|count| *count > 5),
            "the seeds reach too little: {wanted}: {met:?}"
        );
    }
    assert!(met["recorded"] > 1_000 && met.len() > 15, "the seeds reach too little: {met:?}");
}
