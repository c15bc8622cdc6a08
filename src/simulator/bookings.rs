//! Bookings of the simulated cinema: from `[[booking]]` tables, or the built-in set. Pure: now is an input.

mod builtin;

pub use self::builtin::builtin;

use super::cinema::{Booking, Cinema, Seat};
use super::settings::CinemaSettings;
use crate::ticket::{BookingId, BookingNumber, Cents, SAMPLE_MARK, SeatKey, Ticket};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt;

/// Most bookings of one cinema.
pub const BOOKINGS_MAX: usize = 10_000;

/// Most seats of one booking: the count on the wire is one byte.
pub const SEATS_MAX: usize = 255;

/// Highest price of a seat, in fen: every form of the wire's decimals expresses it exactly.
pub const PRICE_MAX: u32 = 10_000_000;

/// Bytes in the base64 of a ticket_info_code.
const INFO_BYTES: usize = 128;

/// Text whose base64 begins with [`SAMPLE_MARK`].
const SAMPLE_TEXT: &[u8] = b"SIMULATED SAMPLE";

/// A booking of the simulated cinema, `[[booking]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookingSettings {
    /// VistaBookingNumber, 1 to 2147483647; no two bookings share one.
    pub number: u64,
    /// VistaBookingId. Two bookings may share one: the cloud then answers 61.
    #[serde(deserialize_with = "booking_id")]
    pub id: BookingId,
    /// Title of the film.
    #[serde(default = "builtin::film")]
    pub film: String,
    /// Code of the film, at most 12 ASCII characters.
    #[serde(default = "builtin::film_code")]
    pub film_code: String,
    /// Name of the hall.
    #[serde(default = "builtin::screen")]
    pub screen: String,
    /// Code of the hall, at most 16 ASCII characters.
    #[serde(default = "builtin::screen_code")]
    pub screen_code: String,
    /// Code of the session, at most 16 ASCII characters; the cloud's SessionId.
    #[serde(default = "builtin::session_code")]
    pub session_code: String,
    /// Beginning of the session, in minutes after the rig's start; negative if it has begun.
    #[serde(default = "builtin::starts_in_minutes")]
    pub starts_in_minutes: i32,
    /// Beginning of the session, in place of `starts_in_minutes`: `2026-11-24T19:30:00+08:00`.
    pub session_at: Option<Timestamp>,
    /// True if CancelledStatus is 1; the site then no longer knows the booking.
    #[serde(default)]
    pub cancelled: bool,
    /// True if the cloud knows the booking, but the site doesn't.
    #[serde(default)]
    pub unknown_to_site: bool,
    /// Seats of the booking, 0 to 255.
    #[serde(default, rename = "seat")]
    pub seats: Vec<SeatSettings>,
}

/// A seat of a booking, `[[booking.seat]]`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatSettings {
    /// Name of the seat, for example 7排10座.
    pub name: String,
    /// Code of the seat, at most 16 ASCII characters; by default made from the name's numbers.
    pub seat_code: Option<String>,
    /// Number of the ticket, at most 16 ASCII characters; made by default.
    pub code: Option<String>,
    /// ticket_info_code: empty, or 8 characters and then base64 that begins with [`SAMPLE_MARK`]; made by default.
    pub info_code: Option<String>,
    /// Price of the ticket, in fen.
    #[serde(default = "builtin::price_cents")]
    pub price_cents: u32,
    /// Service fee of the ticket, in fen.
    #[serde(default)]
    pub service_cents: u32,
    /// True if print_flag and CollectedStatus are 1.
    #[serde(default)]
    pub printed: bool,
    /// True if RefundedStatus is 1; the site then leaves the seat out.
    #[serde(default)]
    pub refunded: bool,
}

impl fmt::Debug for SeatSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeatSettings").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reasons why bookings are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookingsError {
    /// The booking number is out of range.
    #[error("[[booking]] number = {0}: expected 1 to 2147483647")]
    Number(u64),
    /// The booking number is given twice.
    #[error("[[booking]] number = {0} is there twice")]
    TwiceNumber(BookingNumber),
    /// Two seats have the same seat_code, so that no kiosk could tell them apart.
    #[error("[[booking]] number = {number}: two seats have the seat_code {seat_code}; give each its own")]
    TwiceSeat {
        /// The booking with both seats.
        number: BookingNumber,
        /// The seat_code that is there twice.
        seat_code: String,
    },
    /// A code does not fit its field.
    #[error("[[booking]] number = {number}: {field} takes at most {max} printable ASCII characters")]
    Field {
        /// The booking with the code.
        number: BookingNumber,
        /// The key of the code.
        field: &'static str,
        /// Most characters of the field.
        max: usize,
    },
    /// A ticket_info_code is not marked as simulated.
    #[error(
        "[[booking]] number = {0}: info_code is neither empty nor 8 characters followed by {mark}: simulated paper must be known for what it is",
        mark = SAMPLE_MARK
    )]
    NotMarked(BookingNumber),
    /// A price is higher than the wire can express.
    #[error("[[booking]] number = {0}: price_cents and service_cents are at most {PRICE_MAX}")]
    Price(BookingNumber),
    /// The session is outside of the years allowed.
    #[error("[[booking]] number = {0}: the session begins outside the years 2000 to 2099")]
    Time(BookingNumber),
    /// There are too many bookings or seats.
    #[error("too many {what}: at most {max}")]
    TooMany {
        /// Name of the table.
        what: &'static str,
        /// Most entries allowed.
        max: usize,
    },
}

/// Creates the cinema with these bookings, or with the built-in ones if there are none.
pub fn cinema(
    identity: &CinemaSettings,
    bookings: &[BookingSettings],
    now: Timestamp,
) -> Result<Cinema, BookingsError> {
    let chosen = if bookings.is_empty() { &builtin() } else { bookings };
    if chosen.len() > BOOKINGS_MAX {
        return Err(BookingsError::TooMany { what: "[[booking]]", max: BOOKINGS_MAX });
    }
    let mut numbers = HashSet::new();
    let mut made = Vec::with_capacity(chosen.len());
    for settings in chosen {
        let booking = booking(identity, settings, now)?;
        if !numbers.insert(booking.number) {
            return Err(BookingsError::TwiceNumber(booking.number));
        }
        made.push(booking);
    }
    Ok(Cinema::new(made, identity.kind()))
}

/// Creates one booking, as the site and the cloud know it.
pub(super) fn booking(
    identity: &CinemaSettings,
    settings: &BookingSettings,
    now: Timestamp,
) -> Result<Booking, BookingsError> {
    let number = BookingNumber::new(settings.number).ok_or(BookingsError::Number(settings.number))?;
    if settings.seats.len() > SEATS_MAX {
        return Err(BookingsError::TooMany { what: "[[booking.seat]]", max: SEATS_MAX });
    }
    check(number, "film_code", &settings.film_code, 12)?;
    check(number, "screen_code", &settings.screen_code, 16)?;
    check(number, "session_code", &settings.session_code, 16)?;
    let session_at = session_at(settings, now).ok_or(BookingsError::Time(number))?;
    let mut seats = Vec::with_capacity(settings.seats.len());
    let mut keys: HashSet<SeatKey> = HashSet::new();
    for (index, seat) in settings.seats.iter().enumerate() {
        let ticket = ticket(identity, settings, number, session_at, index, seat)?;
        if !keys.insert(ticket.key()) {
            return Err(BookingsError::TwiceSeat { number, seat_code: ticket.seat_code });
        }
        seats.push(Seat { refunded: seat.refunded, ..Seat::open(ticket) });
    }
    Ok(Booking {
        number,
        id: settings.id.clone(),
        unknown_to_site: settings.unknown_to_site,
        cancelled: settings.cancelled,
        issued: false,
        claimed_at_ms: 0,
        reports: 0,
        seats,
    })
}

fn ticket(
    identity: &CinemaSettings,
    settings: &BookingSettings,
    number: BookingNumber,
    session_at: Timestamp,
    index: usize,
    seat: &SeatSettings,
) -> Result<Ticket, BookingsError> {
    let seat_code = seat.seat_code.clone().unwrap_or_else(|| seat_code(&seat.name));
    let code =
        seat.code.clone().unwrap_or_else(|| format!("{number:010}{:03}", index + 1, number = number.get()));
    check(number, "seat_code", &seat_code, 16)?;
    check(number, "code", &code, 16)?;
    if seat.price_cents.max(seat.service_cents) > PRICE_MAX {
        return Err(BookingsError::Price(number));
    }
    let info_code = match &seat.info_code {
        None => info_code(&identity.national_code, number, &seat_code),
        Some(given) => {
            check(number, "info_code", given, 180)?;
            if !given.is_empty() && !given.get(8..).is_some_and(|rest| rest.starts_with(SAMPLE_MARK)) {
                return Err(BookingsError::NotMarked(number));
            }
            given.clone()
        }
    };
    Ok(Ticket {
        info_code,
        cinema_code: identity.national_code.clone(),
        cinema_name: identity.name.clone(),
        screen_code: settings.screen_code.clone(),
        screen_name: settings.screen.clone(),
        film_code: settings.film_code.clone(),
        film_name: settings.film.clone(),
        session_code: settings.session_code.clone(),
        session_at,
        code,
        seat_code,
        seat_name: seat.name.clone(),
        price: Cents(seat.price_cents),
        service: Cents(seat.service_cents),
        printed: seat.printed,
    })
}

/// Returns the beginning of the session, on a whole minute as for real sessions.
fn session_at(settings: &BookingSettings, now: Timestamp) -> Option<Timestamp> {
    let at = match settings.session_at {
        Some(at) => at,
        None => now.checked_add(SignedDuration::from_mins(settings.starts_in_minutes.into())).ok()?,
    };
    let at = Timestamp::from_second(at.as_second().div_euclid(60) * 60).ok()?;
    // 2000-01-01 and 2100-01-01, UTC: what the on-site protocol's readers accept.
    (946_684_800..4_102_444_800).contains(&at.as_second()).then_some(at)
}

fn check(number: BookingNumber, field: &'static str, text: &str, max: usize) -> Result<(), BookingsError> {
    let fits = text.len() <= max && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if fits { Ok(()) } else { Err(BookingsError::Field { number, field, max }) }
}

/// Makes 16 digits of the row and the seat in the name; of the name's checksum if it lacks these two numbers.
fn seat_code(name: &str) -> String {
    let numbers: Vec<u16> = name
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map_while(|digits| digits.parse().ok().filter(|number| *number <= 9999))
        .collect();
    match numbers.as_slice() {
        [row, seat] => format!("00000001{row:04}{seat:04}"),
        _ => format!("{:016}", crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(name.as_bytes())),
    }
}

/// Makes 180 characters: the cinema's 8, then base64 of [`SAMPLE_TEXT`] and bytes that differ per seat.
fn info_code(cinema_code: &str, number: BookingNumber, seat_code: &str) -> String {
    let mut bytes = SAMPLE_TEXT.to_vec();
    for block in 0_u8.. {
        if bytes.len() >= INFO_BYTES {
            break;
        }
        bytes.extend_from_slice(&Sha256::digest(format!("{number}/{seat_code}/{block}")));
    }
    bytes.truncate(INFO_BYTES);
    format!("{cinema_code:0>8}{}", STANDARD.encode(bytes))
}

fn booking_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BookingId, D::Error> {
    let text = String::deserialize(deserializer)?;
    BookingId::parse(&text)
        .ok_or_else(|| serde::de::Error::custom("a booking ID has 4 to 50 ASCII letters and digits"))
}

#[cfg(test)]
mod tests;
