//! The kiosk as its parts see it.

use crate::device::printer::conditions::Conditions;
use crate::locale::Language;
use crate::pickup::input::Readiness;

/// The kiosk's status at one moment, for parts that decide by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Status {
    /// Nobody is being served.
    pub at_rest: bool,
    /// A reprint may begin: nobody is being served, nobody types a code.
    pub may_reprint: bool,
    /// A command's pickup may begin: the same, and the kiosk is not about to stop.
    pub is_free: bool,
    /// The readiness that the workflow has heard last.
    pub readiness: Readiness,
    /// The journal took the last record.
    pub journal_ok: bool,
    /// The printer's conditions; none while its owner has said nothing at all.
    pub conditions: Option<Conditions>,
    /// A paper is at the printer or waits for it.
    pub printing: bool,
    /// The printer is a virtual one.
    pub is_virtual: bool,
    /// Tickets that the paper left can hold; none: enough, or unknown.
    pub paper_left: Option<u32>,
    /// A user waits for a reprint.
    pub reprinting: bool,
    /// The language on the screen.
    pub language: Language,
}
