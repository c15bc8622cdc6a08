//! The workflow, its recovery and its records against a simulated cinema, all from a seed.
//!
//! `EPISODE='random 123'` tells one episode step by step.
//! `PICKUPS=10000000 SEED=7 cargo test --profile proof --test simulation -- --nocapture` prints what was met.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "simulation/bytes_line.rs"]
mod bytes_line;
#[path = "simulation/bytes_model.rs"]
mod bytes_model;
#[path = "simulation/bytes_side.rs"]
mod bytes_side;
#[path = "simulation/chance.rs"]
mod chance;
#[path = "simulation/client.rs"]
mod client;
#[path = "simulation/executor.rs"]
mod executor;
#[path = "simulation/faults.rs"]
mod faults;
#[path = "simulation/journal.rs"]
mod journal;
#[path = "simulation/look_back.rs"]
mod look_back;
#[path = "simulation/parts.rs"]
mod parts;
#[path = "simulation/people.rs"]
mod people;
#[path = "simulation/printer.rs"]
mod printer;
#[path = "simulation/queue.rs"]
mod queue;
#[path = "simulation/site.rs"]
mod site;
#[path = "simulation/sites.rs"]
mod sites;
#[path = "simulation/summary.rs"]
mod summary;
#[path = "simulation/values.rs"]
mod values;
#[path = "simulation/watch.rs"]
mod watch;
#[path = "simulation/world.rs"]
mod world;

use chance::Chance;
use pickup_kiosk::pickup::machine::Machine;
use std::collections::BTreeMap;
use std::env;
use std::time::Instant;
use summary::Summary;
use world::{Broken, Frame, World};

/// Number of pickups in a plain `cargo test`.
const PICKUPS: u64 = 100_000;
const SEED: u64 = 20_261_124;

/// Runs one episode to its end; returns what it violated, and its log.
fn run(frame: Frame<'_>, (seed, single): (u64, bool)) -> (Option<String>, Vec<String>) {
    let mut world = world::world(frame, seed, single);
    world.run();
    world.plan.heal();
    // Nothing fails any more. First what a kiosk that goes on has made of it, then one that is started once again.
    world.heal();
    world.run();
    world.look_back();
    for kiosk in 0..world.kiosks.len() {
        start_again(&mut world, kiosk);
    }
    world.run();
    world.look_back();
    (world.violation.take(), world.log.take().unwrap_or_default())
}

fn episode(machines: &[Machine], summary: &mut Summary, broken: Broken, seed: (u64, bool)) -> Option<String> {
    run(Frame { machines, summary, broken, log: false }, seed).0
}

fn tell(machines: &[Machine], broken: Broken, seed: (u64, bool)) -> (Option<String>, Vec<String>) {
    run(Frame { machines, summary: &mut Summary::default(), broken, log: true }, seed)
}

fn start_again(world: &mut World<'_>, kiosk: usize) {
    if world.violation.is_none() && world.kiosks[kiosk].on {
        world.power_cut(kiosk);
    }
}

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Runs a seed again with its log, and fails.
fn report(machines: &[Machine], (seed, single): (u64, bool)) -> ! {
    let (violation, log) = tell(machines, Broken::No, (seed, single));
    let tail = log.len().saturating_sub(120);
    for line in &log[tail..] {
        println!("{line}");
    }
    let mode = if single { "single" } else { "random" };
    panic!("{violation:?}\n  to be added to tests/simulation/seeds.txt:\n{mode} {seed}");
}

#[test]
fn pickups_from_a_seed_keep_every_promise() {
    let machines = sites::machines();
    let (target, seed) = (setting("PICKUPS", PICKUPS), setting("SEED", SEED));
    let mut chance = Chance::new(seed);
    let mut summary = Summary::default();
    let began = Instant::now();
    while summary.pickups < target {
        let episode_of = (chance.next(), chance.below(3) == 0);
        if episode(&machines, &mut summary, Broken::No, episode_of).is_some() {
            report(&machines, episode_of);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("seed {seed}: {summary}violations 0");
    println!("{:.1} s, {:.0} pickups a second", seconds, summary.pickups as f64 / seconds);
}

/// `SURVEY=2000` runs so many episodes on and counts what they violate, by kind of site and by kind of violation.
#[test]
fn violations_are_counted_when_asked_for() {
    let episodes = setting("SURVEY", 0);
    let machines = sites::machines();
    let mut chance = Chance::new(setting("SEED", SEED));
    let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for _ in 0..episodes {
        let episode_of = (chance.next(), chance.below(3) == 0);
        if let Some(violation) = episode(&machines, &mut Summary::default(), Broken::No, episode_of) {
            let kind: String =
                violation.chars().skip_while(|c| *c != ':').filter(|c| !c.is_ascii_digit()).collect();
            let place = found.entry(kind).or_insert((0, format!("{} {}", episode_of.1, episode_of.0)));
            place.0 += 1;
        }
    }
    for (kind, (count, seed)) in found {
        println!("{count:>6} {kind} (first: {seed})");
    }
}

#[test]
fn seeds_that_once_failed_stay_good() {
    let machines = sites::machines();
    for line in include_str!("simulation/seeds.txt").lines().filter(|line| !line.starts_with('#')) {
        let (mode, seed) = line.split_once(' ').unwrap();
        let seed = (seed.parse().unwrap(), mode == "single");
        if episode(&machines, &mut Summary::default(), Broken::No, seed).is_some() {
            report(&machines, seed);
        }
    }
}

#[test]
fn one_episode_is_told_when_asked_for() {
    let Ok(text) = env::var("EPISODE") else { return };
    let (mode, seed) = text.split_once(' ').expect("EPISODE is 'random SEED' or 'single SEED'");
    let seed = (seed.parse().expect("a number"), mode == "single");
    let (violation, log) = tell(&sites::machines(), Broken::No, seed);
    println!("{}\n{violation:?}", log.join("\n"));
}

/// Checks that an executor that is wrong on purpose is found out: with which seed, at which step.
fn found_out(broken: Broken, by: &str) {
    let machines = sites::machines();
    let mut chance = Chance::new(SEED);
    let mut summary = Summary::default();
    for _ in 0..2_000 {
        let seed = chance.next();
        if let Some(violation) = episode(&machines, &mut summary, broken, (seed, false)) {
            println!("{broken:?} is found out by seed {seed}: {violation}");
            assert!(violation.contains(by), "for another reason: {violation}");
            return;
        }
    }
    panic!("{broken:?} is not found out in {} pickups", summary.pickups);
}

#[test]
fn records_after_effects_are_found_out() {
    found_out(Broken::RecordAfterEffect, "on record");
}

#[test]
fn a_fence_that_is_ignored_is_found_out() {
    found_out(Broken::FenceIgnored, "no whole ticket came out");
}

#[test]
fn a_fence_of_an_earlier_job_that_is_believed_is_found_out() {
    found_out(Broken::OldFenceBelieved, "no whole ticket came out");
}

#[test]
fn flags_that_are_ignored_are_found_out() {
    found_out(Broken::FlagsIgnored, "somebody else had");
}
