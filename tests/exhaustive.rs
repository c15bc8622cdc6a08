//! The workflow explored whole: a booking of two seats, every order of events with a few faults and
//! power cuts, breadth first, states told apart by value; the same promises in each.
//!
//! `FAULTS=2 CUTS=2 cargo test --profile proof --test exhaustive -- --nocapture` takes the full bounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

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

use node::{Left, Node};
use pickup_kiosk::simulator::cinema::SecondIssue;
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

fn left(faults: u8, cuts: u8, counter: u8, refunds: u8) -> Left {
    Left { faults, cuts, codes: 2 + faults + cuts, counter, refunds }
}

fn search(second_issue: SecondIssue, cloud: bool, left: Left) -> Met {
    let machine = parts::machine(cloud);
    let began = Instant::now();
    let mut met = Met::default();
    let mut seen = HashSet::new();
    let first = Node::first(second_issue, left);
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
            for next in moves::next(&machine, &node) {
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
        "second issue {second_issue:?}, cloud {cloud}, {left:?}: {} states, {} of them at rest, {} transitions, \
         depth {}, violations 0, {:.1} s",
        met.states,
        met.at_rest,
        met.transitions,
        met.depth,
        began.elapsed().as_secs_f64()
    );
    met
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

#[test]
fn where_the_site_refuses_a_second_issue() {
    let met = search(SecondIssue::Refuse, false, left(bound("FAULTS", 1), bound("CUTS", 1), 1, 0));
    assert!(met.states > 1_000);
}

#[test]
fn where_the_site_accepts_a_second_issue() {
    let met = search(SecondIssue::Accept, false, left(bound("FAULTS", 1), bound("CUTS", 1), 1, 0));
    assert!(met.states > 1_000);
}

#[test]
fn with_a_cloud_and_refunds() {
    let met = search(SecondIssue::Accept, true, left(bound("FAULTS", 1), bound("CUTS", 1), 0, 1));
    assert!(met.states > 1_000);
}
