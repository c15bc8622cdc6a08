//! Pools of values that many states have alike, kept once: states that wait to be looked at are many, what they are
//! made of is not. Only what is equal is shared, so nothing changes but the memory it takes.

use super::node::Node;
use super::on_record::Shared;
use super::wide::Wide;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::state::State;
use pickup_kiosk::ticket::Ticket;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash};
use std::rc::Rc;

/// Pools of the values of all states that wait.
#[derive(Default)]
pub struct Pools {
    states: Pool<State>,
    journals: Pool<Shared>,
    lists: Pool<Vec<Ticket>>,
    actions: Pool<Action>,
}

impl Pools {
    /// Lets a state have its parts together with the others.
    pub fn share(&mut self, node: &mut Node) {
        self.states.share(&mut node.state);
        self.journals.share(&mut node.journal.0);
        self.lists.share(&mut node.last_list);
        node.pending.iter_mut().for_each(|action| self.actions.share(action));
        node.pending.shrink_to_fit();
    }
}

/// Pool of the values of one type.
struct Pool<T> {
    kept: HashSet<Rc<T>, BuildHasherDefault<Wide>>,
    /// Number of values at which those that no state has any more are dropped.
    full: usize,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { kept: HashSet::default(), full: 1_000 }
    }
}

impl<T: Hash + Eq> Pool<T> {
    fn share(&mut self, value: &mut Rc<T>) {
        if let Some(same) = self.kept.get(value) {
            *value = Rc::clone(same);
            return;
        }
        if self.kept.len() >= self.full {
            self.kept.retain(|kept| Rc::strong_count(kept) > 1);
            self.full = 1_000 + 2 * self.kept.len();
        }
        self.kept.insert(Rc::clone(value));
    }
}
