//! News for the loop from maintenance work done beside it.

use super::audit::Begun;
use crate::fault_code::FaultCode;
use crate::maintenance::menu::ask::MenuAnswer;
use jiff::SignedDuration;

/// News from work done beside the loop.
#[derive(Debug)]
pub enum News {
    /// A look around is over.
    Looked(Found),
    /// A PIN was looked at.
    Pin {
        /// The menu's question.
        asked: u64,
        /// True for the user's own PIN.
        right: bool,
    },
    /// Work that the menu asked for is done.
    Done {
        /// The menu's question.
        asked: u64,
        /// The answer to it.
        answer: MenuAnswer,
        /// The act on record that ends with it.
        begun: Option<Begun>,
    },
    /// The next time limit has to be thought of anew.
    Nothing,
}

/// The result of a look around: the codes that are on, of those it can tell.
#[derive(Debug)]
pub struct Found {
    /// The codes that were found to be on.
    pub codes: Vec<FaultCode>,
    /// By how much the cloud's clock is ahead of this machine's, where it told.
    pub cloud_ahead: Option<SignedDuration>,
}
