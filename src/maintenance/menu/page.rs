//! What is in front at one moment.

use super::ask::{Ask, Case, Live};
use super::entries::{Digits, Item};
use crate::screen::texts::Text;
use std::collections::VecDeque;
use std::time::Duration;

/// Lines kept of what is watched.
pub const SEEN_MAX: usize = 12;

/// What a PIN is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in.
    SignIn,
    /// Having a ticket printed again.
    Second(Case),
}

/// One page; those below it wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Entries to choose from by digit.
    Choice {
        /// Above them.
        title: Text,
        /// What was said of the last try, where it was in vain.
        said: Option<Text>,
        /// The entries.
        items: Vec<Item>,
        /// The first one shown.
        from: usize,
        /// A list of the tree, which looks the same whenever it is come back to.
        fixed: bool,
        /// Entries are holders, for this.
        holders: Option<Purpose>,
    },
    /// A PIN is typed.
    Pin {
        /// Whose.
        holder: String,
        /// So far. Never drawn.
        typed: String,
        /// What for.
        purpose: Purpose,
        /// What was said of the last try.
        said: Option<Text>,
    },
    /// Digits are typed.
    Digits {
        /// What.
        what: Digits,
        /// So far.
        typed: String,
    },
    /// A setting's value is typed.
    Edit {
        /// Its key.
        key: String,
        /// So far.
        typed: String,
        /// The first digit of a character's two, on surfaces without letters.
        row: Option<u8>,
    },
    /// Yes or no.
    Confirm {
        /// What is asked.
        question: Text,
        /// Done on yes.
        ask: Ask,
    },
    /// An answer is waited for.
    Working {
        /// For what.
        title: Text,
    },
    /// Something to read.
    Report {
        /// Above it.
        title: Text,
        /// It went as it should.
        ok: bool,
        /// Paragraphs.
        lines: Vec<Text>,
        /// The first line shown, of those wrapped.
        from: usize,
    },
    /// What arrives is shown.
    Live {
        /// Of what.
        what: Live,
        /// The newest last.
        lines: VecDeque<Text>,
        /// The key pressed last, when, and how often in a row.
        last: Option<(String, Duration, u32)>,
    },
}
