//! Inputs through the workflow and its actions to whoever carries them out: in order, and a failed record drops the rest.
//! The kiosk does it with its parts, simulations with a world of their own; this is the one way there is.

use crate::pickup::action::Action;
use crate::pickup::input::Input;
use std::collections::VecDeque;

/// The end of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The action is done, or under way where its answer comes later.
    Yes,
    /// The journal could not write or read: what stands behind it must not happen.
    JournalFailed,
}

/// Whoever has a workflow and carries its actions out.
pub trait Executor {
    /// The reason for which everything ends here, in the middle of a list: a part has ended, the power has failed.
    type Stopped;

    /// Takes one input through the workflow, and keeps its new state; what it wants done.
    fn decide(&mut self, input: Input) -> Vec<Action>;

    /// Carries one action out; answers that are there at once go into `answers`.
    fn perform(
        &mut self,
        action: Action,
        answers: &mut VecDeque<Input>,
    ) -> impl Future<Output = Result<Done, Self::Stopped>>;

    /// Lets the state be seen: what it says is on record.
    fn publish(&mut self);
}

/// Takes one input through the workflow and carries out what it wants, then the answers that were there at once, each in
/// its turn. Nothing of it is seen before the last list was carried out. That the journal failed goes before them: the
/// workflow knows by it that the rest of the very list was dropped.
///
/// # Errors
/// When the executor stops; what it had not done by then is dropped.
pub async fn carry_out<E: Executor>(executor: &mut E, input: Input) -> Result<(), E::Stopped> {
    let mut inputs = VecDeque::from([input]);
    while let Some(input) = inputs.pop_front() {
        for action in executor.decide(input) {
            if executor.perform(action, &mut inputs).await? == Done::JournalFailed {
                inputs.push_front(Input::JournalFailed);
                break;
            }
        }
    }
    executor.publish();
    Ok(())
}
