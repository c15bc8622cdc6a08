//! What can happen to the workflow.

use super::action::Asker;
use crate::journal::record::{DueReport, Leftover, PickupId, Recall};
use crate::ticket::{BookingNumber, SeatKey, SeatState, Ticket};
use crate::vista::answer::CloudAnswer;
use jiff::Timestamp;
use std::fmt;
use std::time::Duration;

/// The present, in its two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the process began; never jumps. For time limits.
    pub mono: Duration,
    /// Wall clock; can jump. For records and policies.
    pub wall: Timestamp,
}

/// Where a code came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A scanner.
    Scanner,
    /// A terminal, a keypad or the screen: typed by a person.
    Typed,
    /// `--pickup` on the command line: nobody is there to add a missing half.
    Argument,
}

/// What was presented. It proves the booking, so `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Scan {
    /// The text, as it came.
    Text(String),
    /// More than the 512 bytes a code can have; dropped.
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
    /// In place of the last one: a keypad's key tapped again.
    Replace(char),
    /// Drops what was typed.
    Clear,
    /// Drops the last character; with none left, goes back to the start.
    Back,
    /// Done.
    Enter,
    /// More time, please.
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

/// Whether the printer can take a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// It can.
    Ready,
    /// It can't; the code of the first condition that stops it, as P2.
    Stopped(&'static str),
}

/// What went wrong with the site, as far as the workflow must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteTrouble {
    /// Not reachable, not answering, or closed in mid-reply.
    Silent,
    /// Answered something that can't be believed.
    Malformed,
    /// Refused the kiosk's user name or password.
    SignInRefused,
}

/// The answer to 0x03.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Queried {
    /// 0 is success.
    pub return_value: u8,
    /// One record a seat.
    pub tickets: Vec<Ticket>,
}

/// What became of an 0x05 or an 0x07.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The return value of the reply.
    Value(u8),
    /// No byte of the request was sent.
    NotSent,
    /// Bytes were sent, no reply that can be believed came.
    NoReply,
}

/// What became of one ticket at the printer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrintResult {
    /// The printer confirmed that it came out.
    Confirmed,
    /// It came out and nobody took it; one English phrase what became of it.
    Forgotten(&'static str),
    /// Not a byte was sent: the printer was not ready.
    NotStarted(&'static str),
    /// It can't be put on paper, whatever the printer says.
    Unprintable,
    /// It may or may not have come out, or in pieces; one English phrase why.
    Uncertain(String),
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Input {
    /// The kiosk has started; what its journal holds.
    Started(Leftover),
    /// A code was presented. The id is new, for the pickup this may begin.
    Code {
        /// Made from time and chance.
        pickup: PickupId,
        /// Where from.
        source: Source,
        /// What.
        scan: Scan,
    },
    /// A key was pressed. The id is new, for the pickup this may begin.
    Key {
        /// Made from time and chance.
        pickup: PickupId,
        /// Which.
        key: Key,
    },
    /// The customer went away, or nobody is there.
    Leave,
    /// The journal's answer.
    Recalled {
        /// Whose question it was.
        pickup: PickupId,
        /// What it knows.
        recall: Box<Recall>,
    },
    /// The journal could not read or write; the actions behind it were dropped.
    JournalFailed,
    /// The journal takes records again; what it holds, as at a start. Not told while a customer is being served.
    JournalMended(Leftover),
    /// The cloud's answer.
    Cloud {
        /// Whose question it was.
        pickup: PickupId,
        /// What it said.
        answer: CloudAnswer,
    },
    /// The answer to 0x03.
    Queried {
        /// Who asked.
        asker: Asker,
        /// About which booking.
        number: BookingNumber,
        /// What the site said.
        result: Result<Queried, SiteTrouble>,
    },
    /// What became of 0x05.
    Issued {
        /// Whose.
        pickup: PickupId,
        /// The answer.
        answer: Answer,
    },
    /// What became of 0x07.
    Reported {
        /// The booking.
        number: BookingNumber,
        /// The answer.
        answer: Answer,
    },
    /// The printer's state, asked for or by itself.
    Printer(Readiness),
    /// Tickets that the paper left can hold; none: enough, or nobody knows.
    PaperLeft(Option<u32>),
    /// The answer to `CheckPrinter`.
    PrinterChecked {
        /// Whose question it was.
        pickup: PickupId,
        /// The state.
        readiness: Readiness,
    },
    /// What became of a ticket.
    TicketDone {
        /// Whose.
        pickup: PickupId,
        /// Which.
        seat: SeatKey,
        /// The result.
        result: PrintResult,
    },
    /// Staff ordered a ticket printed again; the journal has it in `Printing` already.
    Reprint {
        /// The pickup it belonged to.
        pickup: PickupId,
        /// The seat's state before the order.
        was: SeatState,
        /// What to print.
        ticket: Box<Ticket>,
        /// The how-manyth reprint of this seat it is.
        count: u32,
        /// The booking's report, which paper makes due; none where the site has it or has refused it.
        report: Option<DueReport>,
    },
    /// The kiosk is about to stop: the ticket at the printer is the last.
    Stop,
    /// A time limit may have passed.
    Tick,
}
