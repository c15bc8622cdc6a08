//! Records of a pickup as data: what the journal is told and what it tells. Pure.
//!
//! A list of [`Entry`] handed over together is one transaction: all of it is on disk, or none.

use crate::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// ID of a pickup, one presentation of a code: at most 32 letters and digits, made by the kiosk from time and chance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PickupId(pub String);

impl fmt::Display for PickupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Claim reference that a customer shows at the counter: 6 digits, unique in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Claim(pub u32);

impl Claim {
    /// Largest claim reference of 6 digits.
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
    /// The pickup that the step belongs to.
    pub pickup: PickupId,
    /// Time of the step, by the wall clock; for people. Order is by sequence.
    pub at: Timestamp,
    /// The step: it has happened, or is about to.
    pub step: RecordStep,
}

/// A step of a pickup that has happened, or is about to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RecordStep {
    /// A code was presented. First entry of a pickup, always in one transaction with the next.
    /// With number and ID the pickup is tied to the pair's booking only by `Issuing` or `Resumed`,
    /// or by `Recognised`; a refused pair creates no booking.
    Started {
        /// Start of the pickup, by the wall clock.
        started_at: Timestamp,
        /// Booking number without padding; none where unknown.
        number: Option<BookingNumber>,
    },
    /// The journal itself knew exactly this pair: ties the pickup to its booking. Changes no seat.
    Recognised {
        /// Booking number of the pair.
        number: BookingNumber,
        /// Booking ID of the pair; only its keyed hash is stored.
        id: BookingId,
    },
    /// 0x05 is about to be sent for these seats. Creates the booking where there is none; its seats
    /// are put to `Reserved` with their content; issue becomes `Asked`, also where it was `Issued`: until the answer
    /// is on record nobody knows whether it still stands.
    Issuing {
        /// Booking number of the pair.
        number: BookingNumber,
        /// Booking ID of the pair; only its keyed hash is stored.
        id: BookingId,
        /// The seats that are ours: not flagged as printed by the site.
        seats: Vec<Ticket>,
    },
    /// Bytes of 0x05 went out and no reply came.
    IssueUnanswered,
    /// 0x06 = 0. Issue becomes `Issued`, whatever it was.
    Issued,
    /// 0x06 was not 0. `claim_kept` false: the seats were never ours; those still `Reserved` are deleted with their
    /// content, and the booking too when it has no other seat.
    IssueRefused {
        /// Return value of 0x06, as the site sent it.
        return_value: u8,
        /// True if the booking was, or may have been, issued by us earlier: seats and booking stay.
        claim_kept: bool,
    },
    /// No byte of 0x05 was sent after all. Undoes `Issuing`, as `IssueRefused` without claim does, unless an earlier
    /// 0x05 went unanswered; what this kiosk has issued before is as it was.
    IssueNotSent {
        /// True if the booking was issued before and not released.
        kept: bool,
    },
    /// An earlier issue of this kiosk is taken up again for what is still owed. Ties the pickup to
    /// its booking, refreshes the seats' content.
    Resumed {
        /// Booking number of the pair.
        number: BookingNumber,
        /// Booking ID of the pair; only its keyed hash is stored.
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
        /// Key of the seat.
        seat: SeatKey,
        /// New state of the seat's ticket.
        state: SeatState,
        /// Reason, one English phrase for the timeline; empty where the state says it all.
        why: String,
    },
    /// The pickup is over for the customer.
    Ended {
        /// Outcome of the pickup.
        outcome: Outcome,
        /// Claim reference given to the customer; kept as the booking's where the pickup has a booking.
        claim: Option<Claim>,
        /// Time from the code to this moment, in milliseconds.
        duration_ms: u64,
        /// Reason for the outcome, one English phrase.
        why: String,
        /// True if the site is owed a 0x07: report becomes `Due` unless it is `Done`.
        report_due: bool,
        /// True if nothing came out and nothing may have: issue `Issued` becomes `Released`; seats stay `Reserved`.
        released: bool,
        /// The well-formed code that was refused, if one was; counted against guessing.
        refused: Option<RefusedCode>,
    },
    /// No byte of a 0x07 went out, or its reply did not come; the report stays due. While something is owed, `sent` is
    /// recorded before the first byte.
    ReportFailed {
        /// Number of the booking.
        number: BookingNumber,
        /// True if bytes of the report were sent: the site may have taken it.
        sent: bool,
    },
    /// 0x08 = 0, or the site says by its flags that all is printed. Report becomes `Done`.
    Reported {
        /// Number of the booking.
        number: BookingNumber,
    },
    /// 0x08 was not 0 and the site does not say printed: a notice to staff. Report becomes `Refused`.
    ReportRefused {
        /// Number of the booking.
        number: BookingNumber,
        /// Return value of 0x08, as the site sent it.
        return_value: u8,
    },
}

/// A well-formed code that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusedCode {
    /// Booking number presented; none when the code was an ID alone.
    pub number: Option<BookingNumber>,
    /// True if the code was an ID alone.
    pub id_alone: bool,
}

/// State of a booking's issue (0x05).
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

/// State of a booking's report (0x07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// No report is owed.
    None,
    /// A report is owed to the site.
    Due {
        /// True if bytes of a report may have reached the site.
        sent: bool,
    },
    /// The site has the report.
    Done,
    /// The site refused the report; staff have been told.
    Refused,
}

/// A seat as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeldSeat {
    /// Key of the seat.
    pub key: SeatKey,
    /// Name of the seat, as 7排10座.
    pub name: String,
    /// State of the seat's ticket.
    pub state: SeatState,
    /// Content of the ticket, until the seat is settled.
    pub ticket: Option<Ticket>,
}

/// History of exactly one pair of number and ID, as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct History {
    /// Number of the booking.
    pub number: BookingNumber,
    /// State of the booking's issue.
    pub issue: IssueState,
    /// True if a 0x06 = 0 was ever recorded for the booking.
    pub ever_issued: bool,
    /// State of the booking's report.
    pub report: ReportState,
    /// Seats of the booking, in the order they were first recorded.
    pub seats: Vec<HeldSeat>,
    /// Claim reference of the booking, once it has one.
    pub claim: Option<Claim>,
    /// Time of the booking's last step, by the wall clock.
    pub last_step: Timestamp,
}

/// Part of a code that is on a lost journal's list: what could still be read of that journal when a new one was
/// started. Nothing of its bookings is printed by the new journal, for the lost one may have printed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Salvaged {
    /// The booking number.
    Number,
    /// Exactly this pair: the ID was hashed under the same key.
    Pair,
}

/// Answer of the journal to the question what it knows of a code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Recall {
    /// History of the pair. For an ID alone: that of the one booking with this ID, if just one.
    pub history: Option<History>,
    /// Seats of the same number that another record of it has printing, printed, reprinted, handed over, uncertain
    /// or owed (`Reserved` under an issue that is `Issued`), or void after a report was due: one under another ID, or
    /// under one that is forgotten or was hashed with a lost key.
    pub taken: Vec<SeatKey>,
    /// Part of the code that is on the list of a lost journal.
    pub salvaged: Option<Salvaged>,
    /// A claim reference that nobody has.
    pub fresh_claim: Claim,
    /// Number of refused codes with this booking number on this business day.
    pub number_refused_today: u32,
    /// Number of refused codes that were an ID alone on this business day.
    pub id_alone_refused_today: u32,
}

/// A report the site is owed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DueReport {
    /// The latest pickup of the booking: entries about the report go under it.
    pub pickup: PickupId,
    /// Number of the booking.
    pub number: BookingNumber,
    /// True if bytes of a report may have reached the site.
    pub sent: bool,
    /// Seats still `Reserved`; they become uncertain when the site says before the report that they are printed.
    pub owed: Vec<SeatKey>,
    /// All seats of the booking on record.
    pub seats: Vec<SeatKey>,
}

/// A pickup that was started and has no end on record: the kiosk was cut off in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unfinished {
    /// ID of the pickup.
    pub pickup: PickupId,
    /// Start of the pickup, by the wall clock.
    pub started_at: Timestamp,
    /// Number of the booking.
    pub number: BookingNumber,
    /// State of the booking's issue.
    pub issue: IssueState,
    /// State of the booking's report.
    pub report: ReportState,
    /// The booking's claim reference, if it has one.
    pub claim: Option<Claim>,
    /// The booking's seats.
    pub seats: Vec<HeldSeat>,
}

/// A reprint that was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CutReprint {
    /// The pickup that the reprint's end goes under.
    pub pickup: PickupId,
    /// Key of the seat.
    pub seat: SeatKey,
    /// The booking's report, which paper makes due; none where the site has it or has refused it.
    pub report: Option<DueReport>,
}

/// Records that the kiosk finds open in its journal at start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Leftover {
    /// Pickups to be closed by the recovery table, each with a fresh claim reference that nobody has.
    pub unfinished: Vec<(Unfinished, Claim)>,
    /// Seats left in `Printing` whose pickup has ended; they become `Uncertain`.
    pub printing: Vec<CutReprint>,
    /// Reports the site is owed.
    pub reports: Vec<DueReport>,
    /// Bookings that the site may hold as issued here, of which nothing was reported and something is open: there may
    /// be seats of them that no record has. Not those whose pickup is unfinished.
    pub unreported: Vec<DueReport>,
    /// Wall clock times of codes refused in the last 10 minutes, oldest first, at most 5.
    pub refused_lately: Vec<Timestamp>,
    /// Number of uncertain seats in all, for the notice to staff.
    pub uncertain: u32,
    /// Number of owed seats in all, for the notice to staff.
    pub owed: u32,
}
