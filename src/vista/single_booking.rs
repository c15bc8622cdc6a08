//! GetSingleBooking (3.11): the request's body and a lenient reader of the reply. Pure.
//!
//! Servers write the same field as string, number or null; all are read. Fields that aren't named here (among them the
//! customer's phone, name and card) are skipped.

use super::answer::{CloudBooking, CloudTicket, Flag};
use super::lenient::{Lenient, object, objects};
use super::reply::{ReadError, code, json};
use crate::ticket::{BookingId, BookingNumber};
use serde::Deserialize;
use serde_json::{Value, json as object_of};

/// Most seats a reply may list; a ticket count in the on-site protocol is one byte.
pub const TICKETS_MAX: usize = 255;

/// Key by which a booking is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// BookingId alone.
    Id(&'a BookingId),
    /// BookingNumber alone.
    Number(BookingNumber),
    /// Both, which must belong to the same booking.
    Both(BookingNumber, &'a BookingId),
}

/// Builds the request's body. With an ID alone, `BookingNumber` is 0, as in the document's sample.
pub fn request(which: Which<'_>, cinema_id: &str, client_id: &str) -> Value {
    let (id, number) = match which {
        Which::Id(id) => (Some(id.expose()), 0),
        Which::Number(number) => (None, number.get()),
        Which::Both(number, id) => (Some(id.expose()), number.get()),
    };
    object_of!({
        "ReturnTransactionStatusInfoIfSingleBookingMatch": true,
        "BookingId": id,
        "BookingNumber": number,
        "CinemaId": cinema_id,
        "OptionalClientId": client_id,
    })
}

/// A decoded reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// ResultCode (3.13); 0 is success.
    pub code: i64,
    /// Booking, if there is one with any content.
    pub booking: Option<CloudBooking>,
    /// TotalValueCents, in fen: tickets and booking fee together.
    pub total_cents: Option<i64>,
}

/// Reads a reply's body.
pub fn read(body: &[u8]) -> Result<Reply, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.result_code, "ResultCode")?;
    let (total_cents, booking) = match raw.booking {
        Some(raw) => (raw.total.integer(), Some(raw.understood()?).filter(|booking| !booking.is_empty())),
        None => (None, None),
    };
    Ok(Reply { code, booking, total_cents })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "ResultCode", default)]
    result_code: Lenient,
    #[serde(rename = "Booking", default, deserialize_with = "object")]
    booking: Option<RawBooking>,
}

#[derive(Deserialize)]
struct RawBooking {
    #[serde(rename = "BookingNumber", default)]
    number: Lenient,
    #[serde(rename = "BookingId", alias = "BookingID", default)]
    id: Lenient,
    // CompleteOrder spells it CinemaID; related servers may do so here.
    #[serde(rename = "CinemaId", alias = "CinemaID", default)]
    cinema_id: Lenient,
    #[serde(rename = "CancelledStatus", default)]
    cancelled: Lenient,
    #[serde(rename = "TotalValueCents", default)]
    total: Lenient,
    #[serde(rename = "Tickets", default, deserialize_with = "tickets")]
    tickets: Vec<Option<RawTicket>>,
}

#[derive(Deserialize, Default)]
struct RawTicket {
    #[serde(rename = "CollectedStatus", default)]
    collected: Lenient,
    #[serde(rename = "RefundedStatus", default)]
    refunded: Lenient,
    #[serde(rename = "TicketSequenceNumber", default)]
    sequence: Lenient,
    #[serde(rename = "SessionId", alias = "SessionID", default)]
    session_id: Lenient,
}

fn tickets<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<RawTicket>>, D::Error> {
    objects(deserializer, TICKETS_MAX)
}

impl RawBooking {
    fn understood(self) -> Result<CloudBooking, ReadError> {
        if self.tickets.len() > TICKETS_MAX {
            return Err(ReadError::TooMany { what: "tickets", max: TICKETS_MAX });
        }
        // A null in the list is a seat with unknown state, not a missing seat.
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

fn flag(value: &Lenient) -> Flag {
    match value.text() {
        Some("1") => Flag::Yes,
        Some("0") => Flag::No,
        _ => Flag::Unknown,
    }
}

#[cfg(test)]
mod tests;
