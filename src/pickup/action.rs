//! Actions that the workflow wants done. The kiosk does them in order; the answers come back as inputs.

use crate::journal::record::{Claim, Entry, PickupId};
use crate::ticket::{BookingId, BookingNumber, Mark, SeatKey, Ticket};

/// Origin of a query (0x03) to the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum QueryOrigin {
    /// The customer in front.
    Customer(PickupId),
    /// A report of this booking that didn't get through.
    Backlog(BookingNumber),
}

/// Notice to the staff, who are not standing in front.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The site refused a report and doesn't show the booking as printed.
    ReportRefused(BookingNumber, u8),
    /// Many codes of an ID alone were refused today: somebody may be guessing.
    RateLimit(u32),
    /// Tickets are uncertain after a crash, or owed.
    Unresolved {
        /// Number of tickets that may or may not have come out.
        uncertain: u32,
        /// Number of tickets owed.
        owed: u32,
    },
    /// The site lists seats after the issue that it had left out before: so many more are owed.
    SeatsFound(BookingNumber, u32),
}

/// One action of the kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// Record the entries in one transaction, on disk before the next action. Failing drops the rest: `JournalFailed`.
    Record(Vec<Entry>),
    /// Ask the journal what it knows of a code; also fails when the disk is nearly full.
    Recall {
        /// The pickup that asks.
        pickup: PickupId,
        /// Booking number; none for an ID alone.
        number: Option<BookingNumber>,
        /// Booking ID presented.
        id: BookingId,
    },
    /// Ask the cloud for the booking of an ID: GetSingleBooking.
    AskCloud {
        /// The pickup that asks.
        pickup: PickupId,
        /// Booking ID presented.
        id: BookingId,
    },
    /// Ask the printer for its state now.
    CheckPrinter {
        /// The pickup that asks.
        pickup: PickupId,
    },
    /// Sign in to the site where needed, then send 0x03.
    Query {
        /// Customer or report for which the query is made.
        origin: QueryOrigin,
        /// Number of the booking.
        number: BookingNumber,
    },
    /// Send 0x05, once, on the connection that has just answered 0x03.
    Issue {
        /// The pickup that asks.
        pickup: PickupId,
        /// Number of the booking.
        number: BookingNumber,
        /// Booking ID, whose MD5 proves the booking to the site.
        id: BookingId,
    },
    /// Send 0x07.
    Report {
        /// Number of the booking.
        number: BookingNumber,
    },
    /// Print one ticket and wait for its confirmation.
    Print {
        /// The pickup that asks.
        pickup: PickupId,
        /// Key of the seat.
        seat: SeatKey,
        /// Content of the ticket.
        ticket: Box<Ticket>,
        /// Mark of the paper's origin.
        mark: Mark,
    },
    /// Print the claim slip, if the printer can; nothing waits for it.
    PrintClaim {
        /// Claim reference on the slip.
        claim: Claim,
    },
    /// Show that a code was refused because a pickup is running.
    RefuseScan,
    /// Tell the staff of a notice.
    Notify(Notice),
}
