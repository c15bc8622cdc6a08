//! States that have been met, and states that wait to be looked at.
//!
//! [`Left`], what is left to happen, only lets something happen: no rule and no check reads it for anything else. So a
//! state with less left need not be looked at where the same state is with more: whatever can follow on it can follow
//! there. States to which most is left come first, so that few are looked at for nothing.

use super::node::{Left, Node};
use super::wide::{KeysAsTheyAre, Wide};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::mem;

/// Index that stands for no further entry.
const NONE: u32 = u32::MAX;

/// Set of states met: what was left in them, by their keys without it.
#[derive(Default)]
pub struct Seen {
    /// Index in `all` of the first entry, by key.
    first: HashMap<u128, u32, KeysAsTheyAre>,
    all: Vec<(u64, u32)>,
    /// Each state is looked at, also with less left; what follows on each is kept.
    each: bool,
    follows: HashMap<u128, Vec<Follows>, KeysAsTheyAre>,
}

/// Left to happen in a state, and a hash of the states that follow on it, by what each way there uses up.
type Follows = (u64, BTreeMap<u64, u64>);

impl Seen {
    /// Returns a set that leaves nothing out.
    pub fn each() -> Self {
        Self { each: true, ..Self::default() }
    }

    /// Returns the keys of all states met.
    pub fn keys(&self) -> HashSet<u128> {
        self.first.keys().copied().collect()
    }

    /// Keeps what follows on a state, where each is looked at.
    pub fn keep(&mut self, key: u128, left: Left, next: impl Iterator<Item = (u128, Left)>) {
        if !self.each {
            return;
        }
        let left = packed(left);
        let mut follows: BTreeMap<u64, Vec<u128>> = BTreeMap::new();
        for (key, after) in next {
            let after = packed(after);
            assert!(covers(left, after), "a step leaves more to happen than there was");
            follows.entry(left - after).or_default().push(key);
        }
        let hashed = follows.into_iter().map(|(used, mut keys)| {
            keys.sort_unstable();
            let mut hash = Wide::default();
            keys.hash(&mut hash);
            (used, hash.finish())
        });
        let hashed = hashed.collect();
        self.follows.entry(key).or_default().push((left, hashed));
    }

    /// Returns the key of a state on which something else follows with more left than with less, but for what only that much is enough for.
    pub fn depends_on_left(&self) -> Option<u128> {
        let differs = |all: &&Vec<Follows>| {
            let every: BTreeSet<(u64, u64)> = all
                .iter()
                .flat_map(|(_, follows)| follows.iter().map(|(used, hash)| (*used, *hash)))
                .collect();
            let lacks = |(left, follows): &Follows| {
                every.iter().any(|(used, hash)| covers(*left, *used) && follows.get(used) != Some(hash))
            };
            all.iter().any(lacks)
        };
        self.follows.iter().find(|(_, all)| differs(all)).map(|(key, _)| *key)
    }

    /// Returns the number of states met that differ in more than what is left.
    pub fn states(&self) -> usize {
        self.first.len()
    }

    /// Returns true if a state is to be looked at: it was not met with as much left.
    pub fn insert(&mut self, key: u128, left: Left) -> bool {
        let left = packed(left);
        let next = u32::try_from(self.all.len()).unwrap();
        assert!(next != NONE, "more states than can be counted");
        let first = *self.first.entry(key).or_insert(next);
        let (mut at, mut last) = (first, NONE);
        while at != NONE && (at as usize) < self.all.len() {
            let (known, after) = self.all[at as usize];
            if known == left || (!self.each && covers(known, left)) {
                return false;
            }
            (last, at) = (at, after);
        }
        if last != NONE {
            self.all[last as usize].1 = next;
        }
        self.all.push((left, NONE));
        true
    }

    /// Returns true if the same state was met with more left after this one was.
    pub fn is_covered(&self, key: u128, left: Left) -> bool {
        let left = packed(left);
        let mut at = if self.each { NONE } else { self.first[&key] };
        while at != NONE {
            let (known, after) = self.all[at as usize];
            if known != left && covers(known, left) {
                return true;
            }
            at = after;
        }
        false
    }
}

/// Packs the numbers, one byte each. Each is below 128.
fn packed(left: Left) -> u64 {
    let Left { faults, cuts, codes, counter, refunds, others, lapses } = left;
    let bytes = [faults, cuts, codes, counter, refunds, others, lapses, 0];
    assert!(bytes.iter().all(|byte| *byte < 0x80), "too much is left to happen");
    u64::from_le_bytes(bytes)
}

/// Returns true if no byte of `less` is greater than that of `more`: no subtraction borrows the bit set above it.
fn covers(more: u64, less: u64) -> bool {
    const ABOVE: u64 = 0x8080_8080_8080_8080;
    (more | ABOVE).wrapping_sub(less) & ABOVE == ABOVE
}

/// States that wait, those first to which most is left.
#[derive(Default)]
pub struct Waiting {
    /// States by the sum of what is left.
    by_left: Vec<VecDeque<Waits>>,
    count: usize,
}

/// State that waits, with its key without what is left, and its depth.
pub type Waits = (Node, u128, usize);

impl Waiting {
    pub fn count(&self) -> usize {
        self.count
    }

    pub fn push(&mut self, one: Waits) {
        let Left { faults, cuts, codes, counter, refunds, others, lapses } = one.0.left;
        let sum: usize =
            [faults, cuts, codes, counter, refunds, others, lapses].into_iter().map(usize::from).sum();
        if self.by_left.len() <= sum {
            self.by_left.resize_with(sum + 1, VecDeque::new);
        }
        self.by_left[sum].push_back(one);
        self.count += 1;
    }

    /// Returns the next state: of those with most left the one that came first.
    pub fn pop(&mut self) -> Option<Waits> {
        while let Some(most) = self.by_left.last_mut() {
            let one = most.pop_front();
            if one.is_some() {
                self.count -= 1;
                return one;
            }
            drop(mem::take(most));
            self.by_left.pop();
        }
        None
    }
}
