//! Where the workflow stands. Plain values, told apart by value.

use super::backlog::Backlog;
use super::input::{Queried, Readiness, SiteTrouble, Source};
use super::pace::Pace;
use super::told::Told;
pub use super::visit::{Look, Seat, Visit};
use crate::journal::record::{Claim, DueReport, PickupId};
use crate::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState};
use jiff::Timestamp;
use std::fmt;
use std::time::Duration;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// The customer in front.
    pub front: Front,
    /// Reports the site is owed.
    pub backlog: Backlog,
    /// How fast codes may still be refused.
    pub pace: Pace,
    /// The printer, as last heard.
    pub printer: Readiness,
    /// Tickets that the paper left in it can hold, where that is known: the roll is near its end.
    pub paper_left: Option<u32>,
    /// The journal took the last record.
    pub journal_ok: bool,
    /// Flags that the site has told and that are on no record.
    pub told: Told,
    /// The kiosk is about to stop: no further ticket is begun, no report sent.
    pub stopping: bool,
}

/// The customer in front.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Front {
    /// Nobody.
    Idle,
    /// Half of a code is there, or some keys of one.
    Entering(Entering),
    /// A pickup is running.
    Busy(Box<Visit>, Stage),
    /// How the last pickup ended, for the customer to read.
    Result(Shown),
    /// Staff have a ticket printed again.
    Reprinting {
        /// The pickup it belonged to.
        pickup: PickupId,
        /// Which seat.
        seat: SeatKey,
        /// Its state before: what it goes back to when not a byte was sent.
        was: SeatState,
        /// The booking's report, which paper makes due; none where the site has it or has refused it.
        report: Option<DueReport>,
    },
}

/// A code on its way in. `Debug` masks what was typed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Entering {
    /// The pickup it will be.
    pub pickup: PickupId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it began, for its duration.
    pub started: Duration,
    /// Where its first half came from.
    pub source: Source,
    /// The half that is known.
    pub have: Half,
    /// What was typed since.
    pub typed: String,
    /// The last entry could not be read.
    pub wrong: bool,
    /// When it is given up.
    pub until: Duration,
}

impl fmt::Debug for Entering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entering")
            .field("pickup", &self.pickup)
            .field("have", &self.have)
            .field("typed", &self.typed.len())
            .field("wrong", &self.wrong)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// The half of a code that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Half {
    /// None yet.
    Neither,
    /// The number; the ID is asked for.
    Number(BookingNumber),
    /// The ID; the number is asked for.
    Id(BookingId),
}

/// What a running pickup waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The journal's answer.
    Recalling,
    /// The cloud's: which number belongs to this ID.
    LookingUp,
    /// The cloud's: whether the ID belongs to this number, of which too many codes were refused today.
    ConfirmingPair,
    /// The printer's state: the site has answered 0x03 sooner.
    CheckingPrinter {
        /// What the 0x03 was for.
        purpose: Purpose,
        /// What came of it.
        result: Result<Queried, SiteTrouble>,
        /// Since when.
        since: Duration,
    },
    /// The site's answer to 0x03.
    Querying(Purpose),
    /// The site's answer to 0x05.
    Issuing,
    /// The cloud's: what to tell the customer whom the site refused.
    AskingCloud(Why),
    /// The cloud's: whether what is still owed has been refunded meanwhile.
    AskingRefunds,
    /// The time to ask for ticket_info_codes again.
    WaitingForCodes {
        /// Queries made for them.
        tries: u8,
        /// When.
        until: Duration,
    },
    /// The printer's word on the ticket of this seat (an index into `seats`).
    Printing {
        /// Index into `seats`.
        at: usize,
    },
    /// The printer to be mended, with the customer waiting.
    WaitingForPrinter {
        /// When the customer is sent to the counter.
        until: Duration,
        /// Since when.
        since: Duration,
    },
    /// The moment at which a refusal is shown.
    Holding {
        /// What is shown then.
        verdict: Verdict,
        /// When.
        until: Duration,
    },
}

/// What an 0x03 is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To issue.
    Issue,
    /// To issue once more after an 0x05 without an answer.
    IssueAgain,
    /// For ticket_info_codes that were empty.
    Codes {
        /// Queries made for them, this one included.
        tries: u8,
    },
    /// Flags asked again after 0x06 = 1: whether the issue on record still stands.
    Confirm,
    /// To go on with an issue on record.
    Resume,
    /// To go on in the same pickup after a wait for the printer.
    Continue,
    /// The number is on the list of a journal that was lost: asked as for any other, and nothing is issued.
    SetAside,
}

/// Why the site didn't give what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The query knows no such booking.
    NoSuchBooking,
    /// Every seat is flagged as printed, or went out here under another ID.
    AllPrinted,
    /// 0x06 was not 0.
    Refused,
    /// Not reachable, not answering, nonsense.
    Silent,
    /// The session began too long ago.
    TooLate,
    /// The session is too far away.
    TooEarly,
    /// The records are another cinema's.
    OtherCinema,
    /// More seats than the paper left can hold.
    PaperShort,
    /// The booking is on the list of a journal that was lost: it may have been printed here.
    SetAside {
        /// By exactly this pair, and not by its number alone.
        proven: bool,
    },
}

/// How a pickup is about to end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// What the screen adds to the outcome's text.
    pub hint: Hint,
    /// One English phrase for the record.
    pub why: &'static str,
    /// Whether a claim reference is shown.
    pub claim: bool,
}

/// What the screen adds to the outcome's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Nothing.
    None,
    /// That was a telephone number.
    TelephoneNumber,
    /// The session began too long ago.
    TooLate,
    /// The session is too far away.
    TooEarly,
    /// The booking is another cinema's.
    OtherCinema,
    /// Too many wrong codes for this booking number today.
    NumberBlocked,
    /// Seconds until the next code is taken.
    Locked {
        /// Seconds.
        seconds: u64,
    },
    /// The code of what stops the printer.
    Printer(&'static str),
    /// The paper left is not enough for this booking.
    PaperShort,
    /// A ticket was not taken, and is back in the machine or in front of it.
    Forgotten,
}

/// How the last pickup ended, for the customer to read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shown {
    /// Which pickup.
    pub pickup: PickupId,
    /// How.
    pub outcome: Outcome,
    /// What is added.
    pub hint: Hint,
    /// The claim reference, where there is one.
    pub claim: Option<Claim>,
    /// The seats, only where this pickup printed them or they were the kiosk's own issue.
    pub seats: Vec<(String, SeatState)>,
    /// What the seats are for, with them.
    pub session: Option<Session>,
    /// Since when.
    pub since: Duration,
    /// Until when, if nobody does anything.
    pub until: Duration,
}

/// What a booking is for. Shown only once the issue is this kiosk's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Session {
    /// The film's title.
    pub film: String,
    /// The hall's name.
    pub screen: String,
    /// When it begins.
    pub at: Timestamp,
}

impl Default for State {
    fn default() -> Self {
        Self {
            front: Front::Idle,
            backlog: Backlog::default(),
            pace: Pace::default(),
            printer: Readiness::Stopped("P0"),
            paper_left: None,
            journal_ok: true,
            told: Told::default(),
            stopping: false,
        }
    }
}
