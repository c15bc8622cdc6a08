//! Vocabulary of the crate: what every module calls a booking, a seat and a ticket.
//!
//! This module is pure and depends on nothing else in the crate.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Largest VistaBookingNumber: the document gives the field as `int` (3.9, 3.11).
pub const BOOKING_NUMBER_MAX: u32 = i32::MAX as u32;

/// VistaBookingNumber, 取票序号: 1 to 2147483647. Not secret; proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BookingNumber(u32);

impl BookingNumber {
    /// Returns the number with this value, if it is one a booking can have.
    pub fn new(value: u64) -> Option<Self> {
        let value = u32::try_from(value).ok()?;
        (1..=BOOKING_NUMBER_MAX).contains(&value).then_some(Self(value))
    }

    /// Reads a booking number of 1 to 16 ASCII digits; leading zeros are dropped.
    pub fn parse(digits: &str) -> Option<Self> {
        let plain = (1..=16).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if !plain {
            return None;
        }
        Self::new(digits.parse().ok()?)
    }

    /// Returns `print_no` of the on-site protocol: padded with zeros on the left to 16 digits (3.14).
    pub fn print_no(self) -> String {
        format!("{:016}", self.0)
    }

    /// Returns the number itself.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for BookingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// VistaBookingId, with which the customer proves the booking: 4 to 50 ASCII letters and digits, case kept.
///
/// It is a secret: neither `Debug` nor `Display` show it, and it is never serialised.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BookingId(String);

impl BookingId {
    /// Reads an ID of 4 to 50 ASCII letters and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = (4..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        plain.then(|| Self(text.to_owned()))
    }

    /// Returns the ID in clear, for the MD5, the keyed hash and the cloud request only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns true if the two differ by case at most.
    pub fn same_but_for_case(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Debug for BookingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BookingId(…)")
    }
}

/// Code that a customer presented, once understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickupCode {
    /// The booking number alone; the kiosk asks for the ID.
    Number(BookingNumber),
    /// The booking ID alone; the number is looked up in the cloud.
    Id(BookingId),
    /// Both halves: the cloud is not needed.
    Both(BookingNumber, BookingId),
}

/// An amount of money in fen, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u32);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Key that tells one seat of a booking from another, however the site orders its list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeatKey {
    /// Code of the session: `session_code` of the record.
    pub session_code: String,
    /// Code of the seat: `seat_code` of the record.
    pub seat_code: String,
}

/// One seat's record as the site gave it in 0x04, checked and decoded.
///
/// Holds ticket_info_code, which is worth money: `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket {
    /// Content of the ticket's QR code, trimmed; empty when the site has not made it yet.
    pub info_code: String,
    /// Code of the cinema (8 digits in real samples).
    pub cinema_code: String,
    /// Name of the cinema.
    pub cinema_name: String,
    /// Code of the hall.
    pub screen_code: String,
    /// Name of the hall.
    pub screen_name: String,
    /// Code of the film (12 characters).
    pub film_code: String,
    /// Title of the film.
    pub film_name: String,
    /// Code of the session.
    pub session_code: String,
    /// Start of the session.
    pub session_at: Timestamp,
    /// Number of the ticket itself.
    pub code: String,
    /// Code of the seat.
    pub seat_code: String,
    /// Name of the seat, as 7排10座.
    pub seat_name: String,
    /// Price of the ticket.
    pub price: Cents,
    /// Service fee of the online agency.
    pub service: Cents,
    /// True if the site says that the ticket has been printed: `print_flag`.
    pub printed: bool,
}

impl Ticket {
    /// Returns the key that tells this seat from the booking's others.
    pub fn key(&self) -> SeatKey {
        SeatKey { session_code: self.session_code.clone(), seat_code: self.seat_code.clone() }
    }

    /// Returns true if this record came from a simulated site: paper made from it must say so.
    ///
    /// Simulated codes are the cinema's 8 digits and then base64 of `SIMULATED SAMPLE`…; no real
    /// site's 128 encrypted bytes begin so.
    pub fn is_sample(&self) -> bool {
        self.info_code.get(8..).is_some_and(|rest| rest.starts_with(SAMPLE_MARK))
    }
}

/// Beginning of the base64 part of every simulated ticket_info_code.
pub const SAMPLE_MARK: &str = "U0lNVUxBVEVEIFNBTVBM";

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("session_code", &self.session_code)
            .field("seat_code", &self.seat_code)
            .field("seat_name", &self.seat_name)
            .field("film_name", &self.film_name)
            .field("info_code_length", &self.info_code.len())
            .field("printed", &self.printed)
            .finish_non_exhaustive()
    }
}

/// Mark on a ticket's paper: the first of its ticket, or a reprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The paper is the first of its ticket.
    Original,
    /// The ticket was printed again by authority: the paper says 补打 and the number of the reprint, from 1.
    Reprint(u32),
}

/// Outcome of a pickup (contract, "How a pickup ends").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The pickup printed everything that was to print.
    Printed,
    /// The booking is collected: the cloud says so for exactly this pair, or this kiosk's own journal knows it.
    AlreadyCollected,
    /// The booking is refunded: the cloud says so for exactly this pair.
    Refunded,
    /// The booking is cancelled: the cloud says so for exactly this pair.
    Cancelled,
    /// The code is well-formed, but no booking has exactly this number and ID.
    NotFound,
    /// The code is malformed.
    CodeRejected,
    /// The pickup was left: the missing half never came.
    Abandoned,
    /// The pickup failed before any byte of 0x05 was sent: nothing was issued.
    TryLater,
    /// The booking is issued and something is owed, uncertain or contradictory; or policy asks for the counter.
    SeeCounter,
    /// Too many codes were refused.
    Locked,
    /// The printer is not ready: refused before anything is issued.
    OutOfService,
}

impl Outcome {
    /// Every outcome, in the contract's order.
    pub const ALL: [Self; 11] = [
        Self::Printed,
        Self::AlreadyCollected,
        Self::Refunded,
        Self::Cancelled,
        Self::NotFound,
        Self::CodeRejected,
        Self::Abandoned,
        Self::TryLater,
        Self::SeeCounter,
        Self::Locked,
        Self::OutOfService,
    ];

    /// Returns the name the contract gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::AlreadyCollected => "already_collected",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::NotFound => "not_found",
            Self::CodeRejected => "code_rejected",
            Self::Abandoned => "abandoned",
            Self::TryLater => "try_later",
            Self::SeeCounter => "see_counter",
            Self::Locked => "locked",
            Self::OutOfService => "out_of_service",
        }
    }

    /// Returns the outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// State of a seat's ticket (contract, "Ticket states").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// The ticket is owed; not a byte of it has gone to the printer.
    Reserved,
    /// The ticket is on its way: bytes may have gone to the printer.
    Printing,
    /// The printer confirmed that it came out.
    Printed,
    /// The ticket may or may not have come out; never printed again by itself.
    Uncertain,
    /// The ticket was printed again by authority; the paper says 补打.
    Reprinted,
    /// The ticket was settled at the counter.
    HandedOver,
    /// The ticket was refunded, cancelled or collected elsewhere: not owed.
    Void,
}

impl SeatState {
    /// List of every state.
    pub const ALL: [Self; 7] = [
        Self::Reserved,
        Self::Printing,
        Self::Printed,
        Self::Uncertain,
        Self::Reprinted,
        Self::HandedOver,
        Self::Void,
    ];

    /// Returns the name the contract gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Printing => "printing",
            Self::Printed => "printed",
            Self::Uncertain => "uncertain",
            Self::Reprinted => "reprinted",
            Self::HandedOver => "handed_over",
            Self::Void => "void",
        }
    }

    /// Returns the state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Returns true if nothing is owed for the seat and nothing is unsure about it.
    pub fn settled(self) -> bool {
        matches!(self, Self::Printed | Self::Reprinted | Self::HandedOver | Self::Void)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_example_is_padded_to_16_digits() {
        let number = BookingNumber::parse("111972").unwrap();
        assert_eq!(number.print_no(), "0000000000111972");
        assert_eq!(BookingNumber::parse("0000000000111972"), Some(number));
        assert_eq!(number.to_string(), "111972");
    }

    #[test]
    fn numbers_out_of_range_or_not_plain_digits_are_refused() {
        for bad in ["", "0", "0000", "2147483648", "00000000000111972", "１１１９７２", "12a", "-1", "+1"]
        {
            assert_eq!(BookingNumber::parse(bad), None, "{bad}");
        }
        assert!(BookingNumber::parse("2147483647").is_some());
    }

    #[test]
    fn an_id_shows_in_no_text() {
        let id = BookingId::parse("WQNX8JL").unwrap();
        assert!(!format!("{id:?}").contains("WQNX"));
        assert_eq!(id.expose(), "WQNX8JL");
        for bad in ["abc", "with space", "é1234", &"x".repeat(51)] {
            assert_eq!(BookingId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
        }
        for state in SeatState::ALL {
            assert_eq!(SeatState::from_name(state.name()), Some(state));
        }
    }

    #[test]
    fn money_prints_in_yuan() {
        assert_eq!(Cents(5000).to_string(), "50.00");
        assert_eq!(Cents(1990).to_string(), "19.90");
        assert_eq!(Cents(5).to_string(), "0.05");
    }
}
