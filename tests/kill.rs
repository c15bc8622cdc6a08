//! The kiosk is killed at a random moment of a pickup, again and again, and started anew on the same record.
//!
//! After each kill the code is presented again until nothing more comes of it. Then every seat of the booking is on
//! paper exactly once, or is uncertain or owed in the record; and the site agrees.
//!
//! `KILL_ROUNDS` says how often (5); `KILL_SEED` makes a run's moments those of an earlier one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "kill/chance.rs"]
mod chance;
#[path = "suite/kit/e2e/mod.rs"]
mod e2e;
#[path = "kill/ledger.rs"]
mod ledger;
#[path = "kill/record.rs"]
mod record;

use chance::Chance;
use e2e::kiosk::Options;
use e2e::{Home, Kiosk, Site, outcome, states, until};
use ledger::Ledger;
use record::Record;
use serde_json::Value;
use std::fmt::Write;
use std::thread;
use std::time::Duration;

/// Number of bookings that one cinema holds: a round each.
const ROUNDS_MAX: usize = 9_000;
/// Number of the first booking.
const FIRST: u32 = 500_000;
/// Number of times that a code is presented, at most, before it must be settled.
const PRESENTED_MAX: usize = 8;
/// Profile of a printer that can't clear its buffer, and whose answer to a fence has no identifier.
const CLONE: [(&str, &str); 3] = [
    ("fence = \"gs-paren-h\"", "fence = \"gs-r\""),
    ("clear = \"dle-dc4-8\"", "clear = \"none\""),
    ("asb = true", "asb = false"),
];

#[test]
fn killed_at_any_moment_no_ticket_comes_twice_and_none_is_forgotten() {
    let rounds = number("KILL_ROUNDS").unwrap_or(5);
    let rounds = usize::try_from(rounds).unwrap().clamp(1, ROUNDS_MAX);
    let seed = number("KILL_SEED").unwrap_or_else(chance::seed);
    let mut chance = Chance::new(seed);
    let cloud = chance.one_in(2);
    let second_issue = if chance.one_in(2) { "accept" } else { "refuse" };
    let profile = if chance.one_in(2) { CLONE.to_vec() } else { Vec::new() };
    let printer = if profile.is_empty() { "Epson" } else { "clone" };
    println!(
        "kill: KILL_SEED={seed}: {rounds} rounds; cloud {cloud}, second issue {second_issue}, printer {printer}"
    );
    let tables = format!("[cinema]\nsecond_issue = '{second_issue}'\n{}", bookings(rounds + 1));
    let site = Site::start_with("", &tables);
    let home = Home::with(&site, &Options { cloud, profile, ..Options::default() });
    let mut house =
        House { site: &site, home: &home, kiosk: None, record: Record::new(&home), seen: Vec::new() };
    let usual = house.undisturbed();
    let mut kills = 0;
    for round in 1..=rounds {
        kills += house.round(FIRST + u32::try_from(round).unwrap(), usual, &mut chance);
    }
    let ledger = house.settle();
    let kiosk = house.kiosk.take().unwrap();
    kiosk.stop();
    println!("kill: {rounds} rounds, {kills} kills, {ledger}");
    assert!(ledger.violations.is_empty(), "KILL_SEED={seed}\n{}", ledger.violations.join("\n"));
    assert!(ledger.uncertain <= u64::from(kills), "a kill is worth one uncertain seat at most: {ledger}");
    let seats = u64::try_from(rounds).unwrap() * 2;
    assert!(ledger.printed * 2 > seats, "a kiosk that prints nothing would pass, too: {ledger}");
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text}: a number is wanted")))
}

/// Returns simulate.toml's bookings: one to three seats each.
fn bookings(count: usize) -> String {
    let mut text = String::new();
    for n in 0..u32::try_from(count).unwrap() {
        let (number, id) = (FIRST + n, id(FIRST + n));
        writeln!(text, "[[booking]]\nnumber = {number}\nid = '{id}'\nsession_code = '{number}'").unwrap();
        for seat in 0..3 - n % 3 {
            writeln!(text, "[[booking.seat]]\nname = '{}排{}座'", 1 + n % 30, seat + 1).unwrap();
        }
    }
    text
}

fn id(number: u32) -> String {
    format!("K{number}X{}", number % 97)
}

/// One cinema, one kiosk, over all rounds.
struct House<'a> {
    site: &'a Site,
    home: &'a Home,
    kiosk: Option<Kiosk<'a>>,
    record: Record<'a>,
    seen: Vec<u32>,
}

impl House<'_> {
    /// Measures a pickup of three seats that nobody disturbs.
    fn undisturbed(&mut self) -> Duration {
        self.seen.push(FIRST);
        self.start();
        let pickup = self.present(FIRST).expect("it ends");
        assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 3]));
        Duration::from_millis(pickup["duration_ms"].as_u64().unwrap())
    }

    fn start(&mut self) {
        if self.kiosk.is_none() {
            self.kiosk = Some(self.home.start());
        }
    }

    /// Kills the kiosk in the pickup of one booking; returns the number of kills.
    fn round(&mut self, number: u32, usual: Duration, chance: &mut Chance) -> u32 {
        self.seen.push(number);
        self.start();
        let mut kills = 0;
        loop {
            let kiosk = self.kiosk.as_mut().unwrap();
            kiosk.say(&format!("{number}|{}", id(number)));
            // The report comes after the pickup: a kill may hit either.
            thread::sleep(chance.below(usual + usual / 2));
            self.kiosk.take().unwrap().kill();
            kills += 1;
            // Now and then it is killed while it starts, too.
            if chance.one_in(4) {
                self.home.killed_after(chance.below(Duration::from_millis(200)));
                kills += 1;
            }
            self.start();
            if !chance.one_in(3) {
                break;
            }
        }
        self.present_until_settled(number);
        kills
    }

    fn present_until_settled(&mut self, number: u32) {
        let mut before = Value::Null;
        for _ in 0..PRESENTED_MAX {
            let Some(pickup) = self.present(number) else { continue };
            match outcome(&pickup) {
                "printed" | "already_collected" => return,
                "see_counter" if before == pickup["tickets"] && !before.is_null() => return,
                "see_counter" => before = pickup["tickets"].clone(),
                "try_later" | "out_of_service" => {}
                other => panic!("booking {number}: {other}: {pickup}"),
            }
        }
        panic!("booking {number} is never settled");
    }

    /// Presents a code and waits for its end.
    fn present(&mut self, number: u32) -> Option<Value> {
        let kiosk = self.kiosk.as_mut().unwrap();
        let before = self.record.count();
        kiosk.say(&format!("{number}|{}", id(number)));
        let pickup = until("the pickup ends", || {
            assert!(kiosk.process().ended().is_none(), "the kiosk ended: {}", self.home.log());
            self.record.newest_after(before).filter(|pickup| !outcome(pickup).is_empty())
        });
        (pickup["booking_number"].as_str() == Some(number.to_string().as_str())).then_some(pickup)
    }

    /// Waits until every report is through, and compares record, papers and site.
    fn settle(&self) -> Ledger {
        let due = |pickup: &Value| {
            pickup["reported"] == false
                && states(pickup).iter().any(|state| ["printed", "uncertain"].contains(state))
        };
        until("every report is through", || (!self.home.pickups().iter().any(due)).then_some(()));
        Ledger::of(self.site, &self.home.pickups(), &self.seen)
    }
}
