//! GetOrder (3.6) and QueryOrderBookingStatus (3.10).

use super::super::lock;
use super::Service;
use crate::vista::codes;
use serde_json::{Value, json};

/// InvalidRequestData.
const INVALID_REQUEST_DATA: i64 = 4;

/// The order that the first booking came from, as in the document's samples.
const FIRST_ORDER: &str = "FTest201508060001";

impl Service {
    /// An order as it stands, or the code that refuses. One that became a booking has no CinemaId any more.
    pub(super) fn order(&self, request: &Value) -> Result<Value, i64> {
        let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or_default();
        let order = text("UserSessionId");
        let client = ["OptionalClientClass", "OptionalClientId", "OptionalClientName"];
        if order.is_empty() || client.iter().any(|key| text(key).is_empty()) {
            return Err(INVALID_REQUEST_DATA);
        }
        if order != FIRST_ORDER || lock(&self.cinema).bookings.is_empty() {
            return Err(codes::ORDER_DOES_NOT_EXIST);
        }
        Ok(json!({
            "Order": {
                "BookingFeeValueCents": 0, "CinemaId": null, "LastUpdated": "/Date(1450766797104+0800)/",
                "Sessions": null, "TotalOrderCount": 0, "TotalTicketFeeValueInCents": null,
                "TotalValueCents": 0, "UserSessionId": order,
            },
            "Result": codes::OK,
        }))
    }

    /// The booking an order became, or the code that refuses.
    pub(super) fn booking_status(&self, request: &Value) -> Result<Value, i64> {
        let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or_default();
        let order = text("UserSessionId");
        if order.is_empty() || text("ClientId").is_empty() {
            return Err(INVALID_REQUEST_DATA);
        }
        let cinema = lock(&self.cinema);
        let booking = cinema.bookings.first().filter(|_| order == FIRST_ORDER);
        let booking = booking.ok_or(codes::BOOKING_DOES_NOT_EXIST)?;
        let total: u64 = booking.seats.iter().map(|seat| u64::from(seat.ticket.price.0)).sum();
        Ok(json!({
            "OrderSummary": {
                "CinemaId": self.identity.id, "TotalValueCents": total, "UserSessionId": order,
                "VistaBookingId": booking.id.expose(), "VistaBookingNumber": booking.number.get(),
            },
            "ResponseCode": codes::OK, "ResponseDescription": "Booking exists at Cinema",
        }))
    }
}
