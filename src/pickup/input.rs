//! Inputs of the workflow: what can happen to it.

use super::action::QueryOrigin;
pub use crate::clock::Now;
use crate::fault_code::FaultCode;
use crate::journal::record::{DueReport, Leftover, PickupId, Recall};
use crate::ticket::{BookingNumber, SeatKey, SeatState, Ticket};
use crate::vista::answer::CloudAnswer;

use std::fmt;

/// Source of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A scanner read it.
    Scanner,
    /// A person typed it, at a terminal, a keypad or the screen.
    Typed,
    /// `--pickup` on the command line gave it: nobody is there to add a missing half.
    Argument,
}

/// A code as presented. It proves the booking, so `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Scan {
    /// Text of the code, as it came.
    Text(String),
    /// A text of more than the 512 bytes a code can have; dropped.
    TooLong,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::TooLong => f.write_str("TooLong"),
        }
    }
}

/// A key of keypad, screen or terminal. IDs are typed with them, so `Debug` masks characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A digit or a letter.
    Character(char),
    /// A character in place of the last one: a keypad's key tapped again.
    Replace(char),
    /// Key that drops what was typed.
    Clear,
    /// Key that drops the last character; with none left, goes back to the start.
    Back,
    /// Key that ends the entry.
    Enter,
    /// Key that asks for more time.
    MoreTime,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character(_) => "Character(…)",
            Self::Replace(_) => "Replace(…)",
            Self::Clear => "Clear",
            Self::Back => "Back",
            Self::Enter => "Enter",
            Self::MoreTime => "MoreTime",
        })
    }
}

/// Readiness of the printer to take a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// The printer can take one.
    Ready,
    /// The printer can't; the code of the first condition that stops it, as P2.
    Stopped(FaultCode),
}

/// Trouble with the site, as far as the workflow must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteTrouble {
    /// The site is not reachable, does not answer, or closed in mid-reply.
    Silent,
    /// The site answered something that can't be believed.
    Malformed,
    /// The site refused the kiosk's user name or password.
    SignInRefused,
}

/// Answer of the site to 0x03.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Queried {
    /// Return value of 0x04; 0 is success.
    pub return_value: u8,
    /// Tickets of the booking, one record a seat.
    pub tickets: Vec<Ticket>,
}

/// Answer of the site to an 0x05 or an 0x07.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteAnswer {
    /// The reply came, with this return value.
    Value(u8),
    /// No byte of the request was sent.
    NotSent,
    /// Bytes were sent, but no reply that can be believed came.
    NoReply,
}

/// Result of one ticket at the printer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrintResult {
    /// The printer confirmed that it came out.
    Confirmed,
    /// The ticket came out and nobody took it; one English phrase says what became of it.
    Forgotten(&'static str),
    /// Not a byte was sent: the printer was not ready, for this reason.
    NotStarted(FaultCode),
    /// The ticket can't be put on paper, whatever the printer says.
    Unprintable,
    /// The ticket may or may not have come out, or in pieces; one English phrase says why.
    Uncertain(String),
}

/// One event that the workflow handles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Input {
    /// The kiosk has started; `Leftover` is what its journal holds.
    Started(Leftover),
    /// A code was presented. The ID is new, for the pickup this may begin.
    Code {
        /// ID made from time and chance.
        pickup: PickupId,
        /// Source of the code.
        source: Source,
        /// The code as presented.
        scan: Scan,
    },
    /// A key was pressed. The ID is new, for the pickup this may begin.
    Key {
        /// ID made from time and chance.
        pickup: PickupId,
        /// Key that was pressed.
        key: Key,
    },
    /// The customer went away, or nobody is there.
    Leave,
    /// The journal has answered a recall.
    Recalled {
        /// The pickup that asked.
        pickup: PickupId,
        /// Answer of the journal.
        recall: Box<Recall>,
    },
    /// The journal could not read or write; the actions behind it were dropped.
    JournalFailed,
    /// The journal takes records again; what it holds, as at a start. Not told while a customer is being served.
    JournalMended(Leftover),
    /// The cloud has answered.
    Cloud {
        /// The pickup that asked.
        pickup: PickupId,
        /// Answer of the cloud.
        answer: CloudAnswer,
    },
    /// The site has answered 0x03, or not.
    Queried {
        /// Customer or report for which the query was made.
        origin: QueryOrigin,
        /// Number of the booking.
        number: BookingNumber,
        /// Answer of the site, or the trouble with it.
        result: Result<Queried, SiteTrouble>,
    },
    /// The site has answered 0x05, or not.
    Issued {
        /// The pickup that asked.
        pickup: PickupId,
        /// Answer of the site.
        answer: SiteAnswer,
    },
    /// The site has answered 0x07, or not.
    Reported {
        /// Number of the booking.
        number: BookingNumber,
        /// Answer of the site.
        answer: SiteAnswer,
    },
    /// The printer has told its state, asked or by itself.
    Printer(Readiness),
    /// Number of tickets that the paper left can hold; none: enough, or nobody knows.
    PaperLeft(Option<u32>),
    /// The printer has answered `CheckPrinter`.
    PrinterChecked {
        /// The pickup that asked.
        pickup: PickupId,
        /// State of the printer.
        readiness: Readiness,
    },
    /// The printer is done with a ticket.
    TicketDone {
        /// The pickup of the ticket.
        pickup: PickupId,
        /// Key of the seat.
        seat: SeatKey,
        /// Result of the ticket at the printer.
        result: PrintResult,
    },
    /// Staff ordered a ticket printed again; the journal has it in `Printing` already.
    Reprint {
        /// The pickup that the ticket belonged to.
        pickup: PickupId,
        /// State of the seat before the order.
        was: SeatState,
        /// Content of the ticket to print.
        ticket: Box<Ticket>,
        /// Number of reprints of this seat, this one included.
        count: u32,
        /// The booking's report, which paper makes due; none where the site has it or has refused it.
        report: Option<DueReport>,
    },
    /// The kiosk is about to stop: the ticket at the printer is the last.
    Stop,
    /// A time limit may have passed.
    Tick,
}
