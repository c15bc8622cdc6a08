//! The end of the loop by itself.

use super::journal_thread::Gone;

/// The reason for which the loop ended by itself: the process ends, and is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// A part has ended.
    #[error("{0} has ended; the kiosk stops so that it is started again whole")]
    Part(&'static str),
    /// The system has no randomness to give.
    #[error("the system gives no random numbers")]
    Chance,
}

impl From<getrandom::Error> for Stopped {
    fn from(_: getrandom::Error) -> Self {
        Self::Chance
    }
}

impl From<Gone> for Stopped {
    fn from(_: Gone) -> Self {
        Self::Part("the journal's thread")
    }
}
