//! The end of the loop by itself.

use super::journal_thread::Gone;
use crate::locale::{Text, display_text, text};

/// The reason for which the loop ended by itself: the process ends, and is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// A part has ended.
    Part(Part),
    /// The system has no randomness to give.
    Chance,
}

/// Name of a part, in Chinese and English.
pub type Part = (&'static str, &'static str);

display_text!(Stopped);

impl Stopped {
    /// The reason in both languages.
    pub fn text(self) -> Text {
        match self {
            Self::Part((zh, en)) => text!(
                "{zh}已结束；取票程序停止，以便整个重新启动",
                "{en} has ended; the kiosk stops so that it is started again whole"
            ),
            Self::Chance => NO_CHANCE.into(),
        }
    }
}

/// The system has no randomness to give.
pub const NO_CHANCE: (&str, &str) = ("系统不给随机数", "the system gives no random numbers");

impl From<getrandom::Error> for Stopped {
    fn from(_: getrandom::Error) -> Self {
        Self::Chance
    }
}

impl From<Gone> for Stopped {
    fn from(_: Gone) -> Self {
        Self::Part(("取票记录的线程", "the journal's thread"))
    }
}
