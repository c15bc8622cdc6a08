//! GetSingleBooking (3.11) of the simulated Vista.
//!
//! The reply also holds a name, a telephone number and a card, so that tests can check that no kiosk keeps them.

use super::super::at_present;
use super::super::cinema::{Booking, Seat};
use super::Service;
use crate::ticket::{BookingId, BookingNumber};
use crate::vista::{codes, date};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Content of a request.
struct Asked {
    id: Option<BookingId>,
    number: Option<BookingNumber>,
    with_status: bool,
}

impl Service {
    /// Returns the reply, or the code that refuses the request.
    pub(super) fn single_booking(&self, body: &[u8]) -> Result<Value, i64> {
        let asked = self.asked(body)?;
        let cinema = at_present(&self.cinema);
        let booking = find(&cinema.bookings, &asked)?;
        Ok(self.describe(booking, asked.with_status))
    }

    fn asked(&self, body: &[u8]) -> Result<Asked, i64> {
        const INVALID_REQUEST_DATA: i64 = 4;
        let request: Value = serde_json::from_slice(body).map_err(|_| INVALID_REQUEST_DATA)?;
        let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = request.get("BookingNumber").and_then(Value::as_u64).ok_or(INVALID_REQUEST_DATA)?;
        if text("CinemaId").is_empty() || text("OptionalClientId").is_empty() {
            return Err(INVALID_REQUEST_DATA);
        }
        let id = text("BookingId");
        if id.is_empty() && number == 0 {
            return Err(INVALID_REQUEST_DATA);
        }
        let asked = Asked {
            id: BookingId::parse(id),
            number: BookingNumber::new(number),
            with_status: request.get("ReturnTransactionStatusInfoIfSingleBookingMatch")
                == Some(&Value::Bool(true)),
        };
        let no_such = text("CinemaId") != self.identity.id
            || (asked.id.is_none() && !id.is_empty())
            || (asked.number.is_none() && number != 0);
        if no_such { Err(codes::BOOKING_DOES_NOT_EXIST) } else { Ok(asked) }
    }

    fn describe(&self, booking: &Booking, with_status: bool) -> Value {
        let total: u64 = booking.seats.iter().map(|seat| u64::from(seat.ticket.price.0)).sum();
        let tickets: Vec<Value> = booking
            .seats
            .iter()
            .enumerate()
            .map(|(index, seat)| self.describe_seat(index, seat, with_status))
            .collect();
        let booked_at = booking.seats.first().and_then(|seat| {
            let at = seat.ticket.session_at.checked_sub(SignedDuration::from_mins(38)).ok()?;
            Some(date::format(at, self.timezone.to_offset(at)))
        });
        json!({
            "Booking": {
                "BookingDate": booked_at,
                "BookingId": booking.id.expose(),
                "BookingNumber": booking.number.get(),
                "BookingRef": format!("{}-{}", self.identity.name, booking.number),
                "CancelledStatus": flag(booking.cancelled),
                "CinemaId": self.identity.id,
                "CinemaName": self.identity.name,
                "ClientId": "111.111.111.111",
                "MaskedBookingCardNumber": "123456..9012",
                "Phone": "13800138000",
                "PickupName": "样例顾客",
                "Tickets": tickets,
                "TotalValueCents": total,
                "UserSessionId": "FTest201508060001",
                "VistaTransactionId": 375_975,
            },
            "ResultCode": codes::OK,
        })
    }

    fn describe_seat(&self, index: usize, seat: &Seat, with_status: bool) -> Value {
        let ticket = &seat.ticket;
        let offset = self.timezone.to_offset(ticket.session_at);
        let session_id = match ticket.session_code.parse::<u64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(ticket.session_code.clone()),
        };
        let status = |set: bool| if with_status { flag(set) } else { "2" };
        json!({
            "CollectedStatus": status(ticket.printed),
            "Description": "web ticket",
            "DescriptionAlt": "",
            "MovieName": ticket.film_name,
            "MovieNameAlt": "",
            "PriceInCents": ticket.price.0,
            "RefundedStatus": status(seat.refunded),
            "SessionDateTime": date::format(ticket.session_at, offset),
            "SessionId": session_id,
            "TicketSequenceNumber": index + 1,
            "TicketTypeCode": "0056",
        })
    }
}

/// Returns the booking requested. IDs are compared as the database does, regardless of case; a match in case goes
/// first.
fn find<'a>(bookings: &'a [Booking], asked: &Asked) -> Result<&'a Booking, i64> {
    let fits = |booking: &&Booking| {
        asked.number.is_none_or(|number| number == booking.number)
            && asked.id.as_ref().is_none_or(|id| id.same_but_for_case(&booking.id))
    };
    let found: Vec<&Booking> = bookings.iter().filter(fits).collect();
    let exact: Vec<&Booking> =
        found.iter().copied().filter(|booking| asked.id.as_ref() == Some(&booking.id)).collect();
    match (exact.as_slice(), found.as_slice()) {
        ([one], _) | ([], [one]) => Ok(one),
        ([], []) => Err(codes::BOOKING_DOES_NOT_EXIST),
        _ => Err(codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED),
    }
}

fn flag(set: bool) -> &'static str {
    if set { "1" } else { "0" }
}
