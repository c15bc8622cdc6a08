//! State of the workflow. Plain values, told apart by value.

pub use super::active_pickup::{ActivePickup, Look, Seat};
use super::backlog::Backlog;
use super::input::{Queried, Readiness, SiteTrouble, Source};
use super::rate_limit::RateLimit;
use super::told::Told;
use crate::fault_code::FaultCode;
use crate::journal::record::{Claim, DueReport, PickupId};
use crate::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState};
use jiff::Timestamp;
use std::fmt;
use std::time::Duration;

/// State of the whole workflow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// State of the customer in front.
    pub customer: CustomerState,
    /// Reports that the site is owed.
    pub backlog: Backlog,
    /// State of the rate limit on refused codes.
    pub rate_limit: RateLimit,
    /// State of the printer, as last heard.
    pub printer: Readiness,
    /// Number of tickets that the paper left can hold, where that is known: the roll is near its end.
    pub paper_left: Option<u32>,
    /// True if the journal took the last record.
    pub journal_ok: bool,
    /// Flags that the site has told and that are on no record.
    pub told: Told,
    /// True if the kiosk is about to stop: no further ticket is begun, no report sent.
    pub stopping: bool,
}

impl State {
    /// Returns true if nobody is being served: reports may go out, staff may have a ticket printed again.
    pub fn at_rest(&self) -> bool {
        matches!(
            self.customer,
            CustomerState::Idle | CustomerState::Result(_) | CustomerState::EnteringCode(_)
        )
    }
}

/// State of the customer in front.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CustomerState {
    /// Nobody is in front.
    Idle,
    /// Half of a code is there, or some keys of one.
    EnteringCode(CodeEntry),
    /// A pickup is running.
    Busy(Box<ActivePickup>, Stage),
    /// The result of the last pickup is shown, for the customer to read.
    Result(Shown),
    /// Staff have a ticket printed again.
    Reprinting {
        /// The pickup that the ticket belonged to.
        pickup: PickupId,
        /// Key of the seat.
        seat: SeatKey,
        /// State before the reprint: what the seat goes back to when not a byte was sent.
        was: SeatState,
        /// The booking's report, which paper makes due; none where the site has it or has refused it.
        report: Option<DueReport>,
    },
}

/// A code on its way in. `Debug` masks what was typed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CodeEntry {
    /// ID of the pickup that it will be.
    pub pickup: PickupId,
    /// Start of the entry, by the wall clock.
    pub started_at: Timestamp,
    /// Start of the entry, by the monotonic clock, for the pickup's duration.
    pub started: Duration,
    /// Source of the first half.
    pub source: Source,
    /// The half that is known.
    pub have: Half,
    /// Characters typed since.
    pub typed: String,
    /// True if the last entry could not be read.
    pub wrong: bool,
    /// Time at which the entry is given up, by the monotonic clock.
    pub until: Duration,
}

impl fmt::Debug for CodeEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeEntry")
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
    /// Neither half is known yet.
    Neither,
    /// The number is known; the ID is asked for.
    Number(BookingNumber),
    /// The ID is known; the number is asked for.
    Id(BookingId),
}

/// Stage of a running pickup: the answer or moment that it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waits for the journal's answer.
    Recalling,
    /// Waits for the cloud to say which number belongs to this ID.
    LookingUp,
    /// Waits for the cloud to say whether the ID belongs to this number, of which too many codes were refused today.
    ConfirmingPair,
    /// Waits for the printer's state: the site has answered 0x03 sooner.
    CheckingPrinter {
        /// Purpose of the 0x03.
        purpose: Purpose,
        /// Answer of the site to it.
        result: Result<Queried, SiteTrouble>,
        /// Time of that answer, by the monotonic clock.
        since: Duration,
    },
    /// Waits for the site's answer to 0x03.
    Querying(Purpose),
    /// Waits for the site's answer to 0x05.
    Issuing,
    /// Waits for the cloud to say what to tell the customer whom the site refused.
    AskingCloud(RefusalReason),
    /// Waits for the cloud to say whether what is still owed has been refunded meanwhile.
    AskingRefunds,
    /// Waits for the time to ask for ticket_info_codes again.
    WaitingForCodes {
        /// Number of queries made for the codes.
        tries: u8,
        /// Time of the next query, by the monotonic clock.
        until: Duration,
    },
    /// Waits for the printer's result of the ticket of this seat (an index into `seats`).
    Printing {
        /// Index of the seat in `seats`.
        at: usize,
    },
    /// Waits for the printer to be mended, with the customer in front.
    WaitingForPrinter {
        /// Time at which the customer is sent to the counter, by the monotonic clock.
        until: Duration,
        /// Start of the wait, by the monotonic clock.
        since: Duration,
    },
    /// Waits for the moment at which a refusal is shown.
    Holding {
        /// Verdict shown then.
        verdict: Verdict,
        /// Time at which it is shown, by the monotonic clock.
        until: Duration,
    },
}

/// Purpose of an 0x03.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The query goes before an issue.
    Issue,
    /// The query goes before a second issue, after an 0x05 without an answer.
    IssueAgain,
    /// The query is for ticket_info_codes that were empty.
    Codes {
        /// Number of queries made for the codes, this one included.
        tries: u8,
    },
    /// The query asks for the flags again after 0x06 = 1: does the issue on record still stand?
    Confirm,
    /// The query goes before resuming an issue on record.
    Resume,
    /// The query goes before continuing the same pickup after a wait for the printer.
    Continue,
    /// The query is as any other, for a number on the list of a journal that was lost; nothing is issued.
    SetAside,
}

/// Reason for which the site didn't give what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// The query found no such booking.
    NoSuchBooking,
    /// Every seat is flagged as printed, or went out here under another ID.
    AllPrinted,
    /// The site answered 0x05 with a value other than 0.
    Refused,
    /// The site is not reachable, does not answer, or answers nonsense.
    Silent,
    /// The session began too long ago.
    TooLate,
    /// The session is too far away.
    TooEarly,
    /// The records are those of another cinema.
    OtherCinema,
    /// The paper left can't hold so many seats.
    PaperShort,
    /// The booking is on the list of a journal that was lost: it may have been printed here.
    SetAside {
        /// True if it is there by exactly this pair, and not by its number alone.
        proven: bool,
    },
}

/// Verdict on a pickup that is about to end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Outcome of the pickup.
    pub outcome: Outcome,
    /// Hint that the screen adds to the outcome's text.
    pub hint: Hint,
    /// Reason for the record, one English phrase.
    pub why: &'static str,
    /// True if a claim reference is shown.
    pub claim: bool,
}

/// Hint that the screen adds to the outcome's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Nothing is added.
    None,
    /// The code was a telephone number.
    TelephoneNumber,
    /// The session began too long ago.
    TooLate,
    /// The session is too far away.
    TooEarly,
    /// The booking is that of another cinema.
    OtherCinema,
    /// Too many wrong codes came for this booking number today.
    NumberBlocked,
    /// The next code is taken only after a wait.
    Locked {
        /// Length of the wait, in seconds.
        seconds: u64,
    },
    /// The printer is stopped by the condition with this code.
    Printer(FaultCode),
    /// The paper left is not enough for this booking.
    PaperShort,
    /// A ticket was not taken, and is back in the machine or in front of it.
    Forgotten,
}

/// Result of the last pickup, for the customer to read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shown {
    /// ID of the pickup.
    pub pickup: PickupId,
    /// Outcome of the pickup.
    pub outcome: Outcome,
    /// Hint added to the outcome's text.
    pub hint: Hint,
    /// Claim reference, where there is one.
    pub claim: Option<Claim>,
    /// The seats, only where this pickup printed them or they were the kiosk's own issue.
    pub seats: Vec<(String, SeatState)>,
    /// Showing that the seats are for, with them.
    pub session: Option<BookedShowing>,
    /// Time since which it is shown, by the monotonic clock.
    pub since: Duration,
    /// Time until which it is shown if nobody does anything, by the monotonic clock.
    pub until: Duration,
}

/// Showing that a booking is for. Shown only once the issue is this kiosk's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BookedShowing {
    /// Title of the film.
    pub film: String,
    /// Name of the hall.
    pub screen: String,
    /// Start of the showing.
    pub at: Timestamp,
}

impl Default for State {
    fn default() -> Self {
        Self {
            customer: CustomerState::Idle,
            backlog: Backlog::default(),
            rate_limit: RateLimit::default(),
            printer: Readiness::Stopped(FaultCode::PrinterUnheard),
            paper_left: None,
            journal_ok: true,
            told: Told::default(),
            stopping: false,
        }
    }
}
