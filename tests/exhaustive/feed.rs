//! An input goes through the workflow, in every way its list of actions can go: whole, cut at each action, the journal
//! failing at each record.

use super::moves::ends_of;
use super::node::{NOW, Node};
use super::parts;
use super::trail::What;
use pickup_kiosk::kiosk::executor::{Done, Executor, carry_out};
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Now};
use pickup_kiosk::pickup::machine::Machine;
use std::collections::VecDeque;
use std::mem;
use std::rc::Rc;
use std::time::Duration;

/// Breaks that a list of actions may have, and the states in which it has broken.
#[derive(Default)]
struct Breaks {
    /// True if the power may fail.
    can_cut: bool,
    /// True if the journal may fail.
    can_fail: bool,
    /// States in which the power has failed before an action, in their order.
    cuts: Vec<Node>,
    /// States in which the journal has failed, with the answers that were there before it did.
    failed: Vec<(Node, VecDeque<Input>)>,
}

/// Node while it is fed.
struct Fed<'a> {
    node: &'a mut Node,
    machine: &'a Machine,
    at: Duration,
    breaks: Breaks,
    /// Number of actions begun.
    begun: usize,
    /// Number of actions begun that could fail.
    fallible: usize,
    /// Answers with which the list goes on where the journal has failed, after word of the failure.
    resumed: Option<VecDeque<Input>>,
}

/// Feeds one input with all that follows at once, and moves time back: whole, then what the power cuts short, then what
/// the journal does by failing, where either is left.
pub fn every_way(mut node: Node, machine: &Machine, input: Input, at: Duration, found: &mut Vec<Node>) {
    let breaks = Breaks { can_cut: node.left.cuts > 0, can_fail: node.left.faults > 0, ..Breaks::default() };
    let starting = !mem::replace(&mut node.on, true);
    let breaks = Fed::new(&mut node, machine, at, breaks).take(input);
    if starting {
        let readiness = node.printer;
        Fed::new(&mut node, machine, NOW, Breaks::default()).take(Input::Printer(readiness));
    }
    found.push(node);
    found.extend(breaks.cuts);
    for (mut node, answers) in breaks.failed {
        let mut fed = Fed::new(&mut node, machine, NOW, Breaks::default());
        fed.resumed = Some(answers);
        fed.take(Input::JournalFailed);
        found.push(node);
    }
}

impl<'a> Fed<'a> {
    fn new(node: &'a mut Node, machine: &'a Machine, at: Duration, breaks: Breaks) -> Self {
        Self { node, machine, at, breaks, begun: 0, fallible: 0, resumed: None }
    }

    fn take(mut self, input: Input) -> Breaks {
        let ended = parts::at_once(carry_out(&mut self, input));
        assert!(ended.is_ok(), "it stops for nothing");
        self.breaks
    }

    /// Keeps the states in which the list breaks before this action, or at it.
    fn note_breaks(&mut self, action: &Action, answers: &VecDeque<Input>) {
        if self.breaks.can_cut && self.begun > 0 {
            // What was under way by then at site and printer has happened or not.
            for mut cut in ends_of(&self.node.step(What::Cut(self.begun))) {
                cut.off();
                self.breaks.cuts.push(cut);
            }
        }
        self.begun += 1;
        if !matches!(action, Action::Record(_) | Action::Recall { .. }) {
            return;
        }
        if self.breaks.can_fail {
            let mut failed = self.node.step(What::JournalFails(self.fallible));
            failed.left.faults -= 1;
            failed.journal_failed = true;
            // The journal says that it failed, and the record is on disk all the same.
            let mut kept = failed.clone();
            if let Action::Record(entries) = action {
                kept.append(entries);
            }
            self.breaks.failed.extend([(failed, answers.clone()), (kept, answers.clone())]);
        }
        self.fallible += 1;
    }
}

impl Executor for Fed<'_> {
    type Stopped = ();

    fn decide(&mut self, input: Input) -> Vec<Action> {
        if self.resumed.is_some() {
            // Any action will do for the one at which the journal has failed.
            return vec![Action::RefuseScan];
        }
        // The actions after a failure follow at once, and nothing else fails.
        let at = mem::replace(&mut self.at, NOW);
        let now = Now { mono: at, wall: parts::wall(0) };
        let state = match Rc::get_mut(&mut self.node.state) {
            Some(own) => mem::take(own),
            None => self.node.state.as_ref().clone(),
        };
        let (state, actions) = self.machine.handle(state, input, now);
        match Rc::get_mut(&mut self.node.state) {
            Some(own) => *own = state,
            None => self.node.state = Rc::new(state),
        }
        self.node.rebase(at - NOW);
        actions
    }

    async fn perform(&mut self, action: Action, answers: &mut VecDeque<Input>) -> Result<Done, ()> {
        if let Some(before) = self.resumed.take() {
            answers.extend(before);
            return Ok(Done::JournalFailed);
        }
        self.note_breaks(&action, answers);
        if let Action::Recall { pickup, number, id } = action {
            // The kiosk waits for its journal: nothing comes in between.
            let recall = Box::new(self.node.journal.recall(number, &id));
            answers.push_back(Input::Recalled { pickup, recall });
        } else {
            self.node.begin(action);
        }
        Ok(Done::Yes)
    }

    fn publish(&mut self) {
        self.node.forget_late();
    }
}
