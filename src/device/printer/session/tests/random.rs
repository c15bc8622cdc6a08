//! Random tests: a printer does anything, from a seed; no ticket is confirmed that did not come out whole, and nothing
//! is written behind an older ticket.

use super::bench::{Bench, capabilities_with};
use crate::device::printer::session::PrintResult;
use crate::receipt::profile::Fence;
use std::time::Duration;

/// Random numbers (SplitMix64): small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }
}

/// Numbers of results in the runs.
#[derive(Default, Debug)]
struct Seen {
    confirmed: u32,
    uncertain: u32,
    not_started: u32,
}

fn one_run(seed: u64, seen: &mut Seen) -> Bench {
    let mut dice = Dice(seed);
    let fence = if dice.roll(2) == 0 { Fence::GsParenH } else { Fence::GsR };
    let shows_end = dice.roll(2) == 0;
    let mut settings = capabilities_with(fence, dice.roll(2) == 0);
    settings.reset_when_silent = shows_end;
    settings.automatic = fence == Fence::GsParenH && dice.roll(2) == 0;
    let room = [45, 256, 4096][dice.roll(3) as usize];
    settings.buffer_bytes = room;
    settings.recovers = dice.roll(2) == 0;
    if seed.is_multiple_of(3) {
        settings.ask_port();
    }
    let recovers = dice.roll(2) == 0;
    let mut bench = Bench::with(settings);
    bench.model.recovers = recovers;
    bench.kernel_room = [0, 300, 4096][dice.roll(3) as usize];
    bench.shows_end = shows_end;
    bench.model.clear_lies = dice.roll(4) == 0;
    bench.model.pace = Duration::from_millis(1 + dice.roll(4));
    bench.model.room = room;
    let mut number = 0;
    for _ in 0..40 {
        if bench.session.conditions().is_empty() && !bench.session.is_printing() && number < 250 {
            number += 1;
            bench.print(number, 50 + dice.roll(600) as usize);
        }
        bench.run(dice.roll(1_500));
        fault(&mut bench, &mut dice);
    }
    for (_, result) in &bench.results {
        match result {
            PrintResult::Confirmed | PrintResult::Forgotten { .. } => seen.confirmed += 1,
            PrintResult::Uncertain(_) => seen.uncertain += 1,
            PrintResult::NotStarted(_) => seen.not_started += 1,
        }
    }
    bench
}

/// Lets one fault happen; a fault that stops the printer lasts longer than the time between two status rounds.
fn fault(bench: &mut Bench, dice: &mut Dice) {
    let lasts = 2_000 + dice.roll(4_000);
    let which = dice.roll(16);
    if matches!(which, 0 | 1 | 7 | 8) {
        // A stop that nothing reports can't be known.
        bench.model.mute = false;
        bench.lose_answers = 0;
    }
    let stop_to_come = bench.model.stopped() || bench.model.paper_left.is_some() || bench.model.jam_at_cut;
    if stop_to_come && matches!(which, 2 | 4 | 6) {
        return;
    }
    match which {
        0 => bench.model.paper_left = Some(1 + dice.roll(500) as usize),
        1 => {
            bench.model.cover_open = true;
            bench.run(lasts);
            bench.model.cover_open = false;
        }
        2 => {
            bench.unplug();
            bench.run(lasts);
            bench.plugged = true;
        }
        3 => {
            bench.model.power(false);
            if bench.shows_end {
                bench.unplug();
                bench.plugged = true;
            }
            bench.run(lasts);
            bench.model.power(true);
        }
        4 => bench.lose_answers = 1 + dice.roll(3) as usize,
        5 => {
            bench.model.loses_fences = true;
            bench.run(lasts);
            bench.model.loses_fences = false;
        }
        6 => bench.model.mute = !bench.model.mute,
        7 => bench.model.jam_at_cut = true,
        8 => {
            bench.model.hot = true;
            bench.run(lasts);
            bench.model.hot = false;
        }
        9 => {
            bench.stuck = true;
            bench.run(lasts);
            bench.stuck = false;
        }
        10 => bench.run(20_000),
        _ => {}
    }
    if !bench.model.paper || bench.model.cutter_jammed {
        bench.run(lasts);
        bench.model.paper = true;
        bench.model.cutter_jammed = false;
    }
}

#[test]
fn whatever_the_printer_does_confirmed_means_whole_and_nothing_follows_an_unsure_ticket() {
    // For a night of runs: PRINTER_SEEDS=100000.
    let runs = std::env::var("PRINTER_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let mut seen = Seen::default();
    for seed in 0..runs {
        let mut bench = one_run(seed, &mut seen);
        assert_eq!(bench.violations, Vec::<String>::new(), "seed {seed}");
        // The printer recovers from any of these faults.
        bench.model.mute = false;
        bench.model.paper_left = None;
        bench.model.jam_at_cut = false;
        bench.run(3_000);
        bench.model.paper = true;
        bench.model.cutter_jammed = false;
        bench.run(160_000);
        assert!(bench.conditions.is_empty(), "seed {seed}: {:?}", bench.conditions);
        bench.print(255, 50);
        bench.run(3_000);
        assert_eq!(bench.result(255), Some(PrintResult::Confirmed), "seed {seed}");
        assert_eq!(bench.violations, Vec::<String>::new(), "seed {seed}");
    }
    assert!(seen.confirmed > 1_000 && seen.uncertain > 200 && seen.not_started > 10, "{seen:?}");
}
