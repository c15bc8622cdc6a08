//! The workflow explored whole: a booking of two seats, every order of events with a few faults and
//! power cuts, breadth first, states told apart by value; the same promises in each.
//!
//! `FAULTS=2 CUTS=2 cargo test --profile proof --test exhaustive -- --nocapture` takes the full bounds; `KIND=issue` those
//! kinds of site only that have this in their name, `LAPSES=1` lets a claim lapse so often, `PROGRESS=1` says how far it is. `DEEP=1` looks depth first: the way to a
//! violation is then long, and memory holds little but a number for each state, where breadth first it holds whole states.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "exhaustive/counter.rs"]
mod counter;
#[path = "exhaustive/feed.rs"]
mod feed;
#[path = "exhaustive/key.rs"]
mod key;
#[path = "exhaustive/moves.rs"]
mod moves;
#[path = "exhaustive/node.rs"]
mod node;
#[path = "exhaustive/on_record.rs"]
mod on_record;
#[path = "simulation/parts.rs"]
mod parts;
#[path = "exhaustive/pool.rs"]
mod pool;
#[path = "exhaustive/rest.rs"]
mod rest;
#[path = "simulation/sites.rs"]
mod sites;
#[path = "exhaustive/trail.rs"]
mod trail;
#[path = "exhaustive/wide.rs"]
mod wide;

use node::{Left, Node};
use pickup_kiosk::simulator::cinema::{SetsFlags, SiteKind};
use pool::Pools;
use std::collections::{HashSet, VecDeque};
use std::env;
use std::time::Instant;
use wide::KeysAsTheyAre;

/// What a search met.
#[derive(Debug, Default)]
struct Met {
    states: usize,
    transitions: usize,
    depth: usize,
    at_rest: usize,
    /// States of which each step to rest was followed, and the most steps that this took.
    followed: usize,
    longest: usize,
}

/// Of so many states one is followed until it comes to rest.
const FOLLOWED: usize = 101;

fn bound(name: &str, default: u8) -> u8 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// `cuts`: unless the environment says otherwise. `others`: another kiosk that issues, prints and reports where the
/// site lets it.
fn left(cuts: u8, counter: u8, refunds: u8, others: u8) -> Left {
    bounded(bound("FAULTS", 1), bound("CUTS", cuts), counter, refunds, others)
}

fn bounded(faults: u8, cuts: u8, counter: u8, refunds: u8, others: u8) -> Left {
    let codes = 2 + faults + cuts;
    // As many as there may be issues, here and at another kiosk.
    let lapses = bound("LAPSES", codes + faults + 2 * others);
    Left { faults, cuts, codes, counter, refunds, others, lapses }
}

fn search(name: &str, site: SiteKind, knows: bool, cloud: bool, left: Left) {
    if env::var("KIND").is_ok_and(|kind| !name.contains(&kind)) {
        return;
    }
    let machine = &sites::machine(site, knows, cloud);
    let began = Instant::now();
    let mut met = Met::default();
    let mut seen = HashSet::with_hasher(KeysAsTheyAre::default());
    let (mut pools, mut found) = (Pools::default(), Vec::new());
    let first = Node::first(site, left);
    seen.insert(key::key(&first));
    let (deep, progress) = (env::var_os("DEEP").is_some(), env::var_os("PROGRESS").is_some());
    let mut frontier = VecDeque::from([(first, 1)]);
    while let Some((node, depth)) = if deep { frontier.pop_back() } else { frontier.pop_front() } {
        met.states += 1;
        met.depth = met.depth.max(depth);
        if progress && met.states.is_multiple_of(500_000) {
            let seconds = began.elapsed().as_secs();
            eprintln!("{} states, {} to look at, depth {depth}, {seconds} s", met.states, frontier.len());
        }
        if let Some(wrong) = rest::at_rest(machine, &node, &mut met.at_rest) {
            tell(&node, &wrong);
        }
        if met.states.is_multiple_of(FOLLOWED) {
            met.followed += 1;
            if let Some(wrong) = rest::comes_to_rest(machine, &node, &mut met.longest) {
                tell(&node, &wrong);
            }
        }
        moves::next(machine, &node, &mut found);
        for mut next in found.drain(..) {
            met.transitions += 1;
            if let Some(violation) = &next.violation {
                tell(&next, violation);
            }
            if seen.insert(key::key(&next)) {
                pools.share(&mut next);
                frontier.push_back((next, depth + 1));
            }
        }
    }
    println!(
        "{name}, kind known {knows}, cloud {cloud}, {left:?}: {} states, {} of them at rest, {} transitions, \
         depth {}, {} followed to rest in at most {} steps, violations 0, {:.1} s",
        met.states,
        met.at_rest,
        met.transitions,
        met.depth,
        met.followed,
        met.longest,
        began.elapsed().as_secs_f64()
    );
    assert!(met.states > 1_000);
}

/// The way to a violation, and the end.
fn tell(node: &Node, violation: &str) -> ! {
    let mut story = Vec::new();
    let mut trail = node.trail.as_ref();
    while let Some(step) = trail {
        story.push(step.what.to_string());
        trail = step.before.as_ref();
    }
    story.reverse();
    panic!("{violation}\n  after: {}\n  {:?}", story.join(" · "), node.held());
}

/// Every kind of site, with a counter or another kiosk that prints, too. `knows`: the kiosk was told which kind it is.
/// `lapses`: those where claims lapse, or the others.
fn every_kind_of_site(knows: bool, lapses: bool) {
    for (name, site) in sites::ALL {
        // How long a claim stands makes no difference to the order of events.
        let same = matches!(site.claim_lapses_ms, Some(60_000 | 300_000)) || site.refusal == 9;
        if same || site.claim_lapses_ms.is_some() != lapses {
            continue;
        }
        let by_hand = env::var_os("CUTS").is_some();
        // Flags at the issue are where most can go wrong; elsewhere faults and power cuts are taken together by hand.
        let cuts = u8::from(site.flags == SetsFlags::AtIssue && !lapses);
        search(name, site, knows, false, left(cuts, 1, 0, 0));
        if cuts == 0 && !by_hand {
            search(name, site, knows, false, bounded(0, 1, 1, 0, 0));
        }
        if lapses {
            search(name, site, knows, false, left(0, 0, 0, 1));
        }
        if lapses && !by_hand {
            search(name, site, knows, false, bounded(0, 1, 0, 0, 1));
        }
    }
}

#[test]
fn at_every_kind_of_site_untold() {
    every_kind_of_site(false, false);
}

#[test]
fn at_every_kind_of_site_told() {
    every_kind_of_site(true, false);
}

#[test]
fn at_every_kind_of_site_untold_where_claims_lapse() {
    every_kind_of_site(false, true);
}

#[test]
fn at_every_kind_of_site_told_where_claims_lapse() {
    every_kind_of_site(true, true);
}

#[test]
fn with_a_cloud_and_refunds() {
    let (name, site) = sites::ALL[1];
    search(name, site, true, true, left(0, 0, 1, 0));
    let (name, site) = sites::ALL[0];
    search(name, site, false, true, left(0, 0, 1, 0));
}
