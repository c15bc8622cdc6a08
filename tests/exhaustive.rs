//! Exhaustive search of the workflow: a booking of two seats, every order of events with a few faults and power cuts,
//! states told apart by value; the same promises in each.
//!
//! `FAULTS=2 CUTS=2 cargo test --profile proof --test exhaustive -- --nocapture` takes the full bounds;
//! `KIND=issue` takes only the kinds of site with this in their name, `PROGRESS=1` says how far it is.
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
#[path = "exhaustive/seen.rs"]
mod seen;
#[path = "simulation/sites.rs"]
mod sites;
#[path = "exhaustive/trail.rs"]
mod trail;
#[path = "exhaustive/wide.rs"]
mod wide;

use node::{Left, Node};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::simulator::cinema::SiteKind;
use pool::Pools;
use rest::WaysToRest;
use seen::{Seen, Waiting};
use std::env;
use std::time::Instant;

/// Counts of a search.
#[derive(Debug, Default)]
struct Met {
    states: usize,
    /// Number of states that differ in more than what is left to happen.
    but_for_left: usize,
    transitions: usize,
    depth: usize,
    at_rest: usize,
    /// The most steps that a state takes to come to rest once nothing fails any more.
    longest: u8,
}

fn bound(name: &str, default: u8) -> u8 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Returns the bounds of a search. `cuts` holds unless the environment says otherwise; `others` counts pickups at
/// another kiosk that issues, prints and reports where the site lets it.
fn left(cuts: u8, counter: u8, refunds: u8, others: u8) -> Left {
    bounded(bound("FAULTS", 1), bound("CUTS", cuts), counter, refunds, others)
}

fn bounded(faults: u8, cuts: u8, counter: u8, refunds: u8, others: u8) -> Left {
    let codes = 2 + faults + cuts;
    // As many as there may be issues, here and at another kiosk.
    let lapses = codes + faults + 2 * others;
    Left { faults, cuts, codes, counter, refunds, others, lapses }
}

/// Looks at every state and prints the counts, unless the environment names another kind of site.
fn search(name: &str, site: SiteKind, knows: bool, cloud: bool, left: Left) {
    if env::var("KIND").is_ok_and(|kind| !name.contains(&kind)) {
        return;
    }
    let began = Instant::now();
    let met = explore(&sites::machine(site, knows, cloud), site, left, &mut Seen::default());
    println!(
        "{name}, kind known {knows}, cloud {cloud}, {left:?}: {} states ({} but for what is left), {} of them at rest, \
         {} transitions, depth {}, each comes to rest in at most {} steps, violations 0, {:.1} s",
        met.states,
        met.but_for_left,
        met.at_rest,
        met.transitions,
        met.depth,
        met.longest,
        began.elapsed().as_secs_f64()
    );
    assert!(met.states > 1_000);
}

fn explore(machine: &Machine, site: SiteKind, left: Left, seen: &mut Seen) -> Met {
    let began = Instant::now();
    let progress = env::var_os("PROGRESS").is_some();
    let mut met = Met::default();
    let (mut waiting, mut pools, mut found) = (Waiting::default(), Pools::default(), Vec::new());
    let mut ways = WaysToRest::default();
    let first = Node::first(site, left);
    let key = key::key(&first);
    seen.insert(key, left);
    waiting.push((first, key, 1));
    while let Some((node, key, depth)) = waiting.pop() {
        if seen.is_covered(key, node.left) {
            continue;
        }
        met.states += 1;
        met.depth = met.depth.max(depth);
        if progress && met.states.is_multiple_of(500_000) {
            let seconds = began.elapsed().as_secs();
            eprintln!("{} states, {} to look at, depth {depth}, {seconds} s", met.states, waiting.count());
        }
        if let Some(wrong) = rest::at_rest(machine, &node, &mut met.at_rest) {
            tell(&node, &wrong);
        }
        if let Some(wrong) = rest::comes_to_rest(machine, &node, key, &mut ways) {
            tell(&node, &wrong);
        }
        moves::next(machine, &node, &mut found);
        seen.keep(key, node.left, found.iter().map(|next| (key::key(next), next.left)));
        for mut next in found.drain(..) {
            met.transitions += 1;
            if let Some(violation) = &next.violation {
                tell(&next, violation);
            }
            let key = key::key(&next);
            if seen.insert(key, next.left) {
                pools.share(&mut next);
                waiting.push((next, key, depth + 1));
            }
        }
    }
    met.but_for_left = seen.states();
    met.longest = ways.values().copied().max().unwrap_or_default();
    met
}

/// Prints the way to a violation, and fails.
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

/// Searches every kind of site, with a counter or another kiosk that prints, too. `knows`: the kiosk was told which
/// kind it is. `lapses`: sites where claims lapse, or the others.
fn every_kind_of_site(knows: bool, lapses: bool) {
    for (name, site) in sites::ALL {
        // How long a claim stands makes no difference to the order of events.
        let same = matches!(site.claim_lapses_ms, Some(60_000 | 300_000)) || site.refusal == 9;
        if same || site.claim_lapses_ms.is_some() != lapses {
            continue;
        }
        if !lapses {
            search(name, site, knows, false, left(1, 1, 0, 0));
            continue;
        }
        // These have so many states that faults and power cuts are taken together by hand alone.
        search(name, site, knows, false, left(0, 1, 0, 0));
        search(name, site, knows, false, left(0, 0, 0, 1));
        if env::var_os("CUTS").is_none() {
            search(name, site, knows, false, bounded(0, 1, 1, 0, 0));
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
    search(name, site, true, true, left(1, 0, 1, 0));
    let (name, site) = sites::ALL[0];
    search(name, site, false, true, left(1, 0, 1, 0));
}

/// Each amount left to happen decides only what can still happen: a state is followed by the same states whatever is left,
/// as far as that is enough for them. So leaving out what has less left loses none.
#[test]
fn less_left_leads_to_nothing_else() {
    let cases = [
        (2, true, false, bounded(1, 1, 1, 0, 0)),
        (0, false, true, bounded(1, 1, 0, 1, 0)),
        (7, true, false, bounded(1, 0, 0, 0, 1)),
        (7, false, false, bounded(0, 1, 0, 0, 1)),
    ];
    for (site, knows, cloud, left) in cases {
        let (name, site) = sites::ALL[site];
        let machine = &sites::machine(site, knows, cloud);
        let (mut seen, mut all) = (Seen::default(), Seen::each());
        let met = explore(machine, site, left, &mut seen);
        let each = explore(machine, site, left, &mut all);
        assert!(all.depends_on_left().is_none(), "{name}: {left:?}");
        assert!(seen.keys() == all.keys(), "{name}: {left:?}");
        assert!(met.states < each.states, "{name}: {met:?} {each:?}");
    }
}
