//! What the workflow wants done. The kiosk does it, in order; the answer comes back as an input.

use crate::journal::record::{Claim, Entry, PickupId};
use crate::ticket::{BookingId, BookingNumber, SeatKey, Ticket};

/// Who asks the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The customer in front.
    Front(PickupId),
    /// A report that didn't get through.
    Backlog(BookingNumber),
}

/// What a ticket's paper says of its own origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The first and only.
    Original,
    /// 补打, the how-manyth.
    Reprint(u32),
}

/// Something for the staff, who are not standing in front.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The site refused a report and doesn't show the booking as printed.
    ReportRefused(BookingNumber, u8),
    /// Many codes of an ID alone were refused today: somebody may be guessing.
    Guessing(u32),
    /// Tickets whose fate is unknown after a crash, and tickets owed.
    Unresolved {
        /// May or may not have come out.
        uncertain: u32,
        /// Owed.
        owed: u32,
    },
    /// The site lists seats after the issue that it had left out before: so many are owed.
    SeatsFound(BookingNumber, u32),
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// One transaction, on disk before the next action. Failing drops the rest: `JournalFailed`.
    Record(Vec<Entry>),
    /// Ask the journal what it knows; also fails when the disk is nearly full.
    Recall {
        /// The asker.
        pickup: PickupId,
        /// None for an ID alone.
        number: Option<BookingNumber>,
        /// The ID.
        id: BookingId,
    },
    /// GetSingleBooking by ID.
    AskCloud {
        /// The asker.
        pickup: PickupId,
        /// The ID.
        id: BookingId,
    },
    /// Ask the printer for its state now.
    CheckPrinter {
        /// The asker.
        pickup: PickupId,
    },
    /// Sign in where needed, then 0x03.
    Query {
        /// The asker.
        asker: Asker,
        /// The booking.
        number: BookingNumber,
    },
    /// 0x05, once, on the connection that has just answered 0x03.
    Issue {
        /// The asker.
        pickup: PickupId,
        /// The booking.
        number: BookingNumber,
        /// What proves it.
        id: BookingId,
    },
    /// 0x07.
    Report {
        /// The booking.
        number: BookingNumber,
    },
    /// Print one ticket and wait for its confirmation.
    Print {
        /// The asker.
        pickup: PickupId,
        /// Which seat.
        seat: SeatKey,
        /// Its content.
        ticket: Box<Ticket>,
        /// What the paper says of its origin.
        mark: Mark,
    },
    /// Print the claim slip, if the printer can; nothing waits for it.
    PrintClaim {
        /// The reference.
        claim: Claim,
    },
    /// A code came while a pickup is running: show that it was refused.
    RefuseScan,
    /// Tell the staff.
    Notify(Notice),
}
