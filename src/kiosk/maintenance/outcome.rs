//! The outcome of one request of the menu's.

use crate::kiosk::effect::Effects;
use crate::maintenance::menu::ask::MenuAnswer;

/// The end of a request for now.
pub(super) enum Outcome {
    /// The answer is there.
    Answer(MenuAnswer),
    /// The answer comes later, or there is none.
    Later,
    /// The loop does these first; the last of them goes on with the menu.
    First(Effects),
}

impl From<Option<MenuAnswer>> for Outcome {
    fn from(answer: Option<MenuAnswer>) -> Self {
        answer.map_or(Self::Later, Self::Answer)
    }
}
