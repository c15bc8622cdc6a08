//! What the journal is told and what it tells: the records of a pickup, as data. Pure.
//!
//! A list of [`Entry`] handed over together is one transaction: all of it is on disk, or none.

use crate::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One presentation of a code. Letters and digits, at most 32; made by the kiosk from time and chance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PickupId(pub String);

impl fmt::Display for PickupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The 6-digit claim reference a customer shows at the counter; unique in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Claim(pub u32);

impl Claim {
    /// The largest of 6 digits.
    pub const MAX: u32 = 999_999;
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// One step of one pickup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The pickup it belongs to.
    pub pickup: PickupId,
    /// Wall clock; for people. Order is by sequence.
    pub at: Timestamp,
    /// What happened, or what is about to.
    pub step: Step,
}

/// What happened, or what is about to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A code was presented. First entry of a pickup, always in one transaction with the next.
    /// With number and ID the pickup is tied to the pair's booking only by `Issuing` or `Resumed`,
    /// or by `Recognised`; a refused pair creates no booking.
    Started {
        /// When, wall clock.
        started_at: Timestamp,
        /// Without padding; null where unknown.
        number: Option<BookingNumber>,
    },
    /// The journal itself knew exactly this pair: ties the pickup to its booking. Changes no seat.
    Recognised {
        /// The pair.
        number: BookingNumber,
        /// The pair; only its keyed hash is stored.
        id: BookingId,
    },
    /// 0x05 is about to be sent for these seats. Creates the booking where there is none; its seats
    /// are put to `Reserved` with their content; issue becomes `Asked`, also where it was `Issued`: until the answer
    /// is on record nobody knows whether it still stands.
    Issuing {
        /// The pair.
        number: BookingNumber,
        /// The pair; only its keyed hash is stored.
        id: BookingId,
        /// The seats that are ours: not flagged as printed by the site.
        seats: Vec<Ticket>,
    },
    /// Bytes of 0x05 went out and no reply came.
    IssueUnanswered,
    /// 0x06 = 0. Issue becomes `Issued`, whatever it was.
    Issued,
    /// 0x06 was something else. `claim_kept` false: the seats were never ours; those still
    /// `Reserved` are deleted with their content, and the booking too when it has no other seat.
    IssueRefused {
        /// As the site sent it.
        return_value: u8,
        /// Issued by us earlier, or possibly: keep seats and booking.
        claim_kept: bool,
    },
    /// No byte of 0x05 was sent after all. Undoes `Issuing`, as `IssueRefused` without claim does, unless an earlier
    /// 0x05 went unanswered; what this kiosk has issued before is as it was.
    IssueNotSent {
        /// The booking was issued before and not released.
        kept: bool,
    },
    /// An earlier issue of this kiosk is taken up again for what is still owed. Ties the pickup to
    /// its booking, refreshes the seats' content.
    Resumed {
        /// The pair.
        number: BookingNumber,
        /// The pair; only its keyed hash is stored.
        id: BookingId,
        /// Fresh content of the seats still owed.
        seats: Vec<Ticket>,
    },
    /// ticket_info_codes that were empty have arrived: new content of these seats.
    CodesArrived {
        /// The seats with their codes.
        seats: Vec<Ticket>,
    },
    /// 0x04, asked again after the issue, lists seats that it had left out before: 0x05 names the booking, so they were
    /// issued with the others. They are put to `Reserved`. May come after the pickup's end.
    SeatsFound {
        /// The seats that were not on record.
        seats: Vec<Ticket>,
    },
    /// A seat's ticket takes a new state. `Printing` is on disk before its first byte is sent.
    Seat {
        /// Which.
        seat: SeatKey,
        /// Its new state.
        state: SeatState,
        /// Why, one English phrase for the story; empty where the state says it all.
        why: String,
    },
    /// The pickup is over for the customer.
    Ended {
        /// How.
        outcome: Outcome,
        /// Given to the customer; kept as the booking's claim where the pickup has a booking.
        claim: Option<Claim>,
        /// From the code to this moment.
        duration_ms: u64,
        /// One English phrase: the reason.
        why: String,
        /// Whether the site is owed a 0x07: report becomes `Due` unless it is `Done`.
        report_due: bool,
        /// Nothing came out and nothing may have: issue `Issued` becomes `Released`; seats stay `Reserved`.
        released: bool,
        /// A well-formed code was refused; counted against guessing.
        refused: Option<RefusedCode>,
    },
    /// No byte of a 0x07 went out, or its reply did not come; it stays due. While something is owed,
    /// `sent` is recorded before the first byte.
    ReportFailed {
        /// The booking.
        number: BookingNumber,
        /// Bytes of it were sent: the site may have taken it.
        sent: bool,
    },
    /// 0x08 = 0, or the site says by its flags that all is printed. Report becomes `Done`.
    Reported {
        /// The booking.
        number: BookingNumber,
    },
    /// 0x08 was not 0 and the site does not say printed: a notice to staff. Report becomes `Refused`.
    ReportRefused {
        /// The booking.
        number: BookingNumber,
        /// As the site sent it.
        return_value: u8,
    },
}

/// A well-formed code that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusedCode {
    /// The number presented; none when it was an ID alone.
    pub number: Option<BookingNumber>,
    /// The code was an ID alone.
    pub id_alone: bool,
}

/// Where a booking's issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueState {
    /// 0x05 may have been sent; no 0x06 is on record.
    Asked,
    /// 0x06 = 0 is on record.
    Issued,
    /// Issued, nothing came out, claim given up: collectable anywhere; presenting it issues afresh.
    Released,
}

/// Where a booking's report (0x07) stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Not owed.
    None,
    /// Owed. `sent`: bytes of one may have reached the site.
    Due {
        /// Bytes of one may have reached the site.
        sent: bool,
    },
    /// The site has it.
    Done,
    /// The site refused it; staff have been told.
    Refused,
}

/// A seat as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeldSeat {
    /// Which.
    pub key: SeatKey,
    /// Its name, as 7排10座.
    pub name: String,
    /// Where its ticket stands.
    pub state: SeatState,
    /// Its content, until it is settled.
    pub ticket: Option<Ticket>,
}

/// What the journal knows of exactly one pair of number and ID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct History {
    /// The booking's number.
    pub number: BookingNumber,
    /// Where its issue stands.
    pub issue: IssueState,
    /// Whether a 0x06 = 0 was ever recorded for it.
    pub ever_issued: bool,
    /// Where its report stands.
    pub report: ReportState,
    /// Its seats, in the order they were first recorded.
    pub seats: Vec<HeldSeat>,
    /// Its claim reference, once it has one.
    pub claim: Option<Claim>,
    /// Wall clock of its last step.
    pub last_step: Timestamp,
}

/// What a lost journal's list has of a code: what could still be read of it when a new one was started. Nothing of
/// its bookings is printed by the new journal, for the lost one may have printed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Salvaged {
    /// Its number.
    Number,
    /// Exactly this pair: the ID was hashed under the same key.
    Pair,
}

/// The answer to "what do you know of this code?".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Recall {
    /// The pair's history. For an ID alone: that of the one booking with this ID, if just one.
    pub history: Option<History>,
    /// Seats of the same number that another record of it has printing, printed, reprinted, handed over, uncertain
    /// or owed (`Reserved` under an issue that is `Issued`), or void after a report was due: one under another ID, or
    /// under one that is forgotten or was hashed with a lost key.
    pub taken: Vec<SeatKey>,
    /// What the list of a lost journal has of it.
    pub salvaged: Option<Salvaged>,
    /// A claim reference nobody has.
    pub fresh_claim: Claim,
    /// Refused codes with this number on this business day.
    pub number_refused_today: u32,
    /// Refused codes that were an ID alone on this business day.
    pub id_alone_refused_today: u32,
}

/// A report the site is owed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DueReport {
    /// The latest pickup of the booking: entries about the report go under it.
    pub pickup: PickupId,
    /// The booking.
    pub number: BookingNumber,
    /// Bytes of one may have reached the site.
    pub sent: bool,
    /// Seats still `Reserved`: uncertain when the site says before the report that they are printed.
    pub owed: Vec<SeatKey>,
    /// All seats of the booking on record.
    pub seats: Vec<SeatKey>,
}

/// A pickup that was started and has no end on record: the kiosk was cut off in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unfinished {
    /// The pickup.
    pub pickup: PickupId,
    /// When it was started.
    pub started_at: Timestamp,
    /// Its booking.
    pub number: BookingNumber,
    /// Where the booking's issue stands.
    pub issue: IssueState,
    /// Where the booking's report stands.
    pub report: ReportState,
    /// The booking's claim reference, if it has one.
    pub claim: Option<Claim>,
    /// The booking's seats.
    pub seats: Vec<HeldSeat>,
}

/// A reprint that was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CutReprint {
    /// The pickup its end goes under.
    pub pickup: PickupId,
    /// Which seat.
    pub seat: SeatKey,
    /// The booking's report, which paper makes due; none where the site has it or has refused it.
    pub report: Option<DueReport>,
}

/// What the kiosk finds in its journal at start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Leftover {
    /// Pickups to be closed by the recovery table, each with a fresh claim reference nobody has.
    pub unfinished: Vec<(Unfinished, Claim)>,
    /// Seats left in `Printing` whose pickup has ended: become `Uncertain`.
    pub printing: Vec<CutReprint>,
    /// Reports the site is owed.
    pub reports: Vec<DueReport>,
    /// Bookings that the site may hold as issued here, of which nothing was reported and something is open: there may
    /// be seats of them that no record has. Not those whose pickup is unfinished.
    pub unreported: Vec<DueReport>,
    /// Wall clock times of codes refused in the last 10 minutes, oldest first, at most 5.
    pub refused_lately: Vec<Timestamp>,
    /// Seats uncertain and seats owed, in all: the notice to staff.
    pub uncertain: u32,
    /// See `uncertain`.
    pub owed: u32,
}
