//! The workflow explored whole: a booking of two seats, every order of events with a few faults and
//! power cuts, breadth first, states told apart by value; the same promises in each.
//!
//! `FAULTS=2 CUTS=2 cargo test --profile proof --test exhaustive -- --nocapture` takes the full bounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "exhaustive/counter.rs"]
mod counter;
#[path = "exhaustive/key.rs"]
mod key;
#[path = "exhaustive/moves.rs"]
mod moves;
#[path = "exhaustive/node.rs"]
mod node;
#[path = "simulation/parts.rs"]
mod parts;
#[path = "exhaustive/rest.rs"]
mod rest;
#[path = "simulation/sites.rs"]
mod sites;

use node::{Left, Node};
use pickup_kiosk::simulator::cinema::{SetsFlags, SiteKind};
use std::collections::HashSet;
use std::env;
use std::time::Instant;

/// What a search met.
#[derive(Debug, Default)]
struct Met {
    states: usize,
    transitions: usize,
    depth: usize,
    at_rest: usize,
}

fn bound(name: &str, default: u8) -> u8 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// `cuts`: unless the environment says otherwise. `others`: another kiosk that issues, prints and reports where the
/// site lets it.
fn left(cuts: u8, counter: u8, refunds: u8, others: u8) -> Left {
    let (faults, cuts) = (bound("FAULTS", 1), bound("CUTS", cuts));
    Left { faults, cuts, codes: 2 + faults + cuts, counter, refunds, others }
}

fn search(name: &str, site: SiteKind, knows: bool, cloud: bool, left: Left) {
    let machine = &sites::machine(site, knows, cloud);
    let began = Instant::now();
    let mut met = Met::default();
    let mut seen = HashSet::new();
    let first = Node::first(site, left);
    seen.insert(key::key(&first));
    let mut frontier = vec![first];
    while !frontier.is_empty() {
        met.depth += 1;
        let mut following = Vec::new();
        for node in frontier {
            met.states += 1;
            if let Some(wrong) = rest::at_rest(&node, &mut met.at_rest) {
                tell(&node, &wrong);
            }
            for next in moves::next(machine, &node) {
                met.transitions += 1;
                if let Some(violation) = &next.violation {
                    tell(&next, violation);
                }
                if seen.insert(key::key(&next)) {
                    following.push(next);
                }
            }
        }
        frontier = following;
    }
    println!(
        "{name}, kind known {knows}, cloud {cloud}, {left:?}: {} states, {} of them at rest, {} transitions, \
         depth {}, violations 0, {:.1} s",
        met.states,
        met.at_rest,
        met.transitions,
        met.depth,
        began.elapsed().as_secs_f64()
    );
    assert!(met.states > 1_000);
}

/// The way to a violation, and the end.
fn tell(node: &Node, violation: &str) -> ! {
    let mut story = Vec::new();
    let mut trail = node.trail.as_ref();
    while let Some(step) = trail {
        story.push(step.what.as_str());
        trail = step.before.as_ref();
    }
    story.reverse();
    panic!("{violation}\n  after: {}\n  {:?}", story.join(" · "), node.held());
}

/// Every kind of site, told to the kiosk and not, with a counter or another kiosk that prints, too.
#[test]
fn at_every_kind_of_site() {
    for (name, site) in sites::ALL {
        // How long a claim stands makes no difference to the order of events.
        if matches!(site.claim_lapses_ms, Some(60_000 | 300_000)) || site.refusal == 9 {
            continue;
        }
        // Flags at the issue are where most can go wrong; the others take the full bounds by hand.
        let cuts = u8::from(site.flags == SetsFlags::AtIssue && site.claim_lapses_ms.is_none());
        for knows in [false, true] {
            search(name, site, knows, false, left(cuts, 1, 0, 0));
            if site.claim_lapses_ms.is_some() {
                search(name, site, knows, false, left(0, 0, 0, 1));
            }
        }
    }
}

#[test]
fn with_a_cloud_and_refunds() {
    let (name, site) = sites::ALL[1];
    search(name, site, true, true, left(0, 0, 1, 0));
    let (name, site) = sites::ALL[0];
    search(name, site, false, true, left(0, 0, 1, 0));
}
