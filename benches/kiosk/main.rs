//! Costs of the product: `cargo bench`.
//!
//! First the parts by themselves (divan), then what can only be judged beside something else measured in the same
//! run: code in → first byte beside the bare round trips and syncs it cannot do without, and a kiosk with a million
//! pickups on record beside one with none. `BENCH_PICKUPS` (50) and `BENCH_RECORDED` (1000000) change how many;
//! `BENCH_PAPERS_ONLY` leaves out what takes minutes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bare;
mod figures;
#[path = "../../tests/suite/kit/journal/mod.rs"]
mod journal_kit;
mod papers;
mod parts;
mod peer;
mod place;
#[path = "../../tests/suite/kit/printer/mod.rs"]
mod printer_kit;
mod start;

use figures::Figures;
use pickup_kiosk::journal::store::Journal;
use place::{BenchKiosk, Cinema};
use std::env;
use std::path::Path;

/// Returns a folder on the disk the project lies on: not in memory, where a sync costs nothing.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn setting(name: &str, default: u32) -> u32 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

fn main() {
    divan::main();
    // Only `cargo bench` measures; a test run or a list does not.
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().all(|argument| argument == "--bench") && !arguments.is_empty() {
        println!("\nsix tickets, one by one, on 115200 baud and 250 mm/s");
        papers::six();
        if env::var_os("BENCH_PAPERS_ONLY").is_none() {
            beside();
        }
    }
}

fn beside() {
    let (pickups, recorded) = (setting("BENCH_PICKUPS", 50), setting("BENCH_RECORDED", 1_000_000));
    let home = folder();
    let (empty, full) = (home.path().join("empty"), home.path().join("full"));
    let filled = std::time::Instant::now();
    journal_kit::fill::fill(&full, recorded);
    rustix::fs::sync();
    println!("\n{recorded} pickups put on record in {:.1} s", filled.elapsed().as_secs_f64());
    first_byte(&empty, &full, pickups);
    // The kiosks' threads end by themselves, and with them their locks.
    for state_dir in [&empty, &full] {
        while Journal::open(state_dir, journal_kit::settings()).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
    start::compare(home.path(), &empty, &full);
}

fn first_byte(empty: &Path, full: &Path, pickups: u32) {
    let cinema = Cinema::open(2 * pickups + 2);
    let mut bare = bare::Bare::set_up(&cinema);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let [mut with_none, mut with_many, mut without] = [(); 3].map(|()| Figures::default());
    runtime.block_on(async {
        let mut fresh = Box::pin(BenchKiosk::open(&cinema, empty, 1)).await;
        let mut old = Box::pin(BenchKiosk::open(&cinema, full, 1 + pickups + 1)).await;
        for place in [&mut fresh, &mut old] {
            place.pickup().await;
        }
        bare.pickup();
        for _ in 0..pickups {
            with_none.add(fresh.pickup().await);
            without.add(bare.pickup());
            with_many.add(old.pickup().await);
        }
    });
    println!("\ncode in → first byte at the printer, {pickups} pickups each");
    println!("  bare round trips and syncs     {without}");
    println!("  the kiosk                      {with_none}");
    println!("  the kiosk, many on record      {with_many}");
    println!("  kiosk : bare                   {:.2}   (at most 2)", with_none.median() / without.median());
    println!(
        "  many : none on record          {:.2}   (at most 1.2)",
        with_many.median() / with_none.median()
    );
}
