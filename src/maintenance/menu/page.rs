//! Page of the menu on show.

use super::ask::{Ask, Case, Live};
use super::entries::{Digits, Item};
use crate::locale::Text;
use std::collections::VecDeque;
use std::time::Duration;

/// Number of lines kept of a live test.
pub const SEEN_MAX: usize = 12;

/// Purpose that a PIN is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Signs the user in.
    SignIn,
    /// Confirms as second user that a ticket is printed again.
    Second(Case),
}

/// Page of the menu; those below it wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Entries to choose from by digit.
    Choice {
        /// Title above the entries.
        title: Text,
        /// Line above the entries, if any.
        said: Option<Text>,
        /// Entries of the list.
        items: Vec<Item>,
        /// Index of the first entry shown.
        from: usize,
        /// True for a list of the tree, which looks the same whenever somebody comes back to it.
        fixed: bool,
        /// Purpose of the PIN, where the entries are users.
        users: Option<Purpose>,
    },
    /// A PIN is typed.
    Pin {
        /// Name of the user.
        user: String,
        /// Digits typed so far; never drawn.
        typed: String,
        /// Purpose that the PIN is asked for.
        purpose: Purpose,
        /// Message about the last try, if it failed.
        said: Option<Text>,
    },
    /// Digits are typed.
    Digits {
        /// Number that is asked for.
        what: Digits,
        /// Digits typed so far.
        typed: String,
    },
    /// A setting's value is typed.
    Edit {
        /// Key of the setting.
        key: String,
        /// Value typed so far.
        typed: String,
        /// First of a character's two digits, on surfaces without letters.
        row: Option<u8>,
    },
    /// A question is to be confirmed.
    Confirm {
        /// Text of the question.
        question: Text,
        /// Request that is made on Enter.
        ask: Ask,
    },
    /// An answer is waited for.
    Working {
        /// Title of the answer that is waited for.
        title: Text,
    },
    /// A report is shown.
    Report {
        /// Title above the report.
        title: Text,
        /// True if everything went as it should.
        ok: bool,
        /// Paragraphs of the report.
        lines: Vec<Text>,
        /// Index of the first line shown, of the wrapped lines.
        from: usize,
    },
    /// A live test shows what arrives.
    Live {
        /// Input devices under test.
        what: Live,
        /// Lines of the test, the newest last.
        lines: VecDeque<Text>,
        /// Last key pressed, its moment, and its number of presses in a row.
        last: Option<(String, Duration, u32)>,
    },
}
