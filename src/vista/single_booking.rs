//! GetSingleBooking (3.11): the request's body and a tolerant reading of the reply. Pure.
//!
//! Servers write the same field as string, number or null; all are read. Fields that aren't named
//! here (among them phone, name and card of the customer) are skipped unread.

mod loose;

use self::loose::{Loose, object, objects};
use super::answer::{CloudBooking, CloudTicket, Flag};
use crate::ticket::{BookingId, BookingNumber};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most seats a reply may list; a ticket count on the on-site protocol is one byte.
pub const TICKETS_MAX: usize = 255;

/// The body of a request by ID: `BookingNumber` is 0 then, as in the document's sample.
pub fn request(id: &BookingId, cinema_id: &str, client_id: &str) -> Value {
    json!({
        "ReturnTransactionStatusInfoIfSingleBookingMatch": true,
        "BookingId": id.expose(),
        "BookingNumber": 0,
        "CinemaId": cinema_id,
        "OptionalClientId": client_id,
    })
}

/// A reply, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// ResultCode (3.13); 0 is success.
    pub code: i64,
    /// Booking, when there is one with anything in it.
    pub booking: Option<CloudBooking>,
}

/// Why a body is no reply of GetSingleBooking. Quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON at all, or cut off.
    #[error(
        "the body is not JSON (line {line}, column {column}); a proxy or a wrong address answers like this"
    )]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON of another shape.
    #[error("the JSON is not a reply of GetSingleBooking (line {line}, column {column})")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// No ResultCode that is a whole number.
    #[error("the reply has no ResultCode")]
    NoResultCode,
    /// More seats than a booking can have.
    #[error("the reply lists more than {TICKETS_MAX} tickets")]
    TooManyTickets,
}

/// Reads a reply's body.
pub fn read(body: &[u8]) -> Result<Reply, ReadError> {
    // Some servers put a byte order mark first.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Root(raw) = serde_json::from_slice(body).map_err(|error| {
        // serde's own message can quote values: only the position is kept.
        let (line, column) = (error.line(), error.column());
        if error.is_data() { ReadError::Shape { line, column } } else { ReadError::NotJson { line, column } }
    })?;
    let code = raw.result_code.integer().ok_or(ReadError::NoResultCode)?;
    let booking = raw.booking.map(RawBooking::understood).transpose()?.filter(|booking| !booking.is_empty());
    Ok(Reply { code, booking })
}

struct Root(RawReply);

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(|raw| Self(raw.unwrap_or_default()))
    }
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "ResultCode", default)]
    result_code: Loose,
    #[serde(rename = "Booking", default, deserialize_with = "object")]
    booking: Option<RawBooking>,
}

#[derive(Deserialize)]
struct RawBooking {
    #[serde(rename = "BookingNumber", default)]
    number: Loose,
    #[serde(rename = "BookingId", alias = "BookingID", default)]
    id: Loose,
    // CompleteOrder spells it CinemaID; servers of one family may do so here.
    #[serde(rename = "CinemaId", alias = "CinemaID", default)]
    cinema_id: Loose,
    #[serde(rename = "CancelledStatus", default)]
    cancelled: Loose,
    #[serde(rename = "Tickets", default, deserialize_with = "tickets")]
    tickets: Vec<Option<RawTicket>>,
}

#[derive(Deserialize, Default)]
struct RawTicket {
    #[serde(rename = "CollectedStatus", default)]
    collected: Loose,
    #[serde(rename = "RefundedStatus", default)]
    refunded: Loose,
    #[serde(rename = "TicketSequenceNumber", default)]
    sequence: Loose,
    #[serde(rename = "SessionId", alias = "SessionID", default)]
    session_id: Loose,
}

fn tickets<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<RawTicket>>, D::Error> {
    objects(deserializer, TICKETS_MAX)
}

impl RawBooking {
    fn understood(self) -> Result<CloudBooking, ReadError> {
        if self.tickets.len() > TICKETS_MAX {
            return Err(ReadError::TooManyTickets);
        }
        // A null in the list is a seat about which nothing is known, not a seat less.
        let tickets = self.tickets.into_iter().map(|raw| raw.unwrap_or_default().understood()).collect();
        Ok(CloudBooking {
            number: self.number.text().and_then(BookingNumber::parse),
            id: self.id.text().and_then(BookingId::parse),
            cinema_id: self.cinema_id.text().map(str::to_owned),
            cancelled: flag(&self.cancelled),
            tickets,
        })
    }
}

impl RawTicket {
    fn understood(self) -> CloudTicket {
        CloudTicket {
            collected: flag(&self.collected),
            refunded: flag(&self.refunded),
            sequence: self.sequence.integer().and_then(|value| u32::try_from(value).ok()),
            session_id: self.session_id.text().map(str::to_owned),
        }
    }
}

fn flag(value: &Loose) -> Flag {
    match value.text() {
        Some("1") => Flag::Yes,
        Some("0") => Flag::No,
        _ => Flag::Unknown,
    }
}

#[cfg(test)]
mod tests;
