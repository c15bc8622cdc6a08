//! RESTTicketing.AddTickets (3.5): holds seats for an order. Pure.
//!
//! Without seats the cloud picks some by itself, so a request needs exactly one seat per ticket.

use super::identity::{Identity, UserSessionId};
use super::seat_plan::Position;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as object_of};

/// The request's path below `RESTTicketing.svc`. Its reply is read by [`order::read`](super::order::read).
pub const PATH: &str = "/order/tickets";

/// Most tickets of an order; a booking's ticket count in the on-site protocol is one byte.
pub const TICKETS_MAX: usize = 255;

/// A seat, with the category that its ticket type must have as well.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SelectedSeat {
    /// AreaCategoryCode.
    pub category: String,
    /// AreaNumber, RowIndex, ColumnIndex.
    pub position: Position,
}

/// Tickets of one type for chosen seats.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tickets {
    session_id: String,
    ticket_type: String,
    price_cents: i64,
    booking_fee_cents: Option<i64>,
    seats: Vec<SelectedSeat>,
}

impl Tickets {
    /// Creates one ticket per seat; `None` without a seat, with too many, or with one seat twice.
    ///
    /// `price_cents` is PriceInCents of the ticket type, and no other. `booking_fee_cents` applies to the whole order:
    /// `None` leaves the fee to the cinema, which is not the same as 0.
    pub fn new(
        session_id: &str,
        ticket_type: &str,
        price_cents: i64,
        booking_fee_cents: Option<i64>,
        seats: Vec<SelectedSeat>,
    ) -> Option<Self> {
        let twice = seats
            .iter()
            .enumerate()
            .any(|(index, seat)| seats.iter().skip(index + 1).any(|other| other.position == seat.position));
        let fits = (1..=TICKETS_MAX).contains(&seats.len()) && !twice && price_cents >= 0;
        fits.then(|| Self {
            session_id: session_id.to_owned(),
            ticket_type: ticket_type.to_owned(),
            price_cents,
            booking_fee_cents,
            seats,
        })
    }

    /// SessionId of the tickets.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Number of tickets.
    pub fn count(&self) -> usize {
        self.seats.len()
    }

    /// Builds the request's body.
    pub fn request(&self, order: &UserSessionId, cinema_id: &str, identity: &Identity) -> Value {
        let seats: Vec<Value> = self
            .seats
            .iter()
            .map(|seat| {
                object_of!({
                    "AreaCategoryCode": seat.category,
                    "AreaNumber": seat.position.area,
                    "RowIndex": seat.position.row,
                    "ColumnIndex": seat.position.column,
                })
            })
            .collect();
        object_of!({
            "UserSessionId": order.as_str(),
            "CinemaId": cinema_id,
            "SessionId": self.session_id,
            "TicketTypes": [{
                "TicketTypeCode": self.ticket_type,
                "Qty": self.seats.len(),
                "PriceInCents": self.price_cents,
                "BookingFeeOverride": null,
            }],
            "ReturnOrder": true,
            "BookingFeeOverride": self.booking_fee_cents,
            "SelectedSeats": seats,
            "OptionalClientClass": identity.class,
            "OptionalClientId": identity.id,
            "OptionalClientName": identity.name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vista::order::{VistaOrder, read};
    use crate::vista::reply::Reply;

    /// The document's request (3.5), with `CinemaId` and the second area code corrected.
    const REQUEST: &str = r#"{"UserSessionId": "FTest201508060001", "CinemaId": "0200", "SessionId": "29617",
        "TicketTypes": [{"TicketTypeCode":"0056", "Qty":2, "PriceInCents":5000, "BookingFeeOverride":null}],
        "ReturnOrder": true, "BookingFeeOverride": null, "SelectedSeats":
        [{"AreaCategoryCode":"0000000001","AreaNumber":1,"RowIndex":0,"ColumnIndex":1},
         {"AreaCategoryCode":"0000000001","AreaNumber":1,"RowIndex":0,"ColumnIndex":2}],
        "OptionalClientClass": "RSP", "OptionalClientId": "111.111.111.111", "OptionalClientName": "3rdParty"}"#;

    /// The document's reply, with `CinemaId` corrected, and closed where it breaks off.
    const REPLY: &str = r#"{"ErrorDescription":null, "Result":0, "AvailableSeats":15, "ExtendedResultCode":0,
        "Order":{"BookingFeeValueCents":0, "CinemaId":"0200", "LastUpdated":"\/Date(1438827090884+0800)\/",
            "Sessions":[{"AllocatedSeating":true, "AltFilmTitle":"重返 20 岁", "CinemaId":"0200",
                "FilmClassification":"G", "FilmTitle":"重返 20 岁", "SeatsAllocated":true, "SessionId":29617,
                "ShowingRealDateTime":"\/Date(1438829400000+0800)\/"}],
            "TotalOrderCount":2, "TotalTicketFeeValueInCents":null, "TotalValueCents":10000,
            "UserSessionId":"FTest201508060001", "VistaBookingNumber":0, "VistaTransactionNumber":0}}"#;

    fn seat(column: u32) -> SelectedSeat {
        SelectedSeat { category: "0000000001".into(), position: Position { area: 1, row: 0, column } }
    }

    #[test]
    fn the_documents_request() {
        let tickets = Tickets::new("29617", "0056", 5_000, None, vec![seat(1), seat(2)]).unwrap();
        let identity = Identity::sample();
        let order = UserSessionId::parse("FTest201508060001").unwrap();
        let expected: Value = serde_json::from_str(REQUEST).unwrap();
        assert_eq!(tickets.request(&order, "0200", &identity), expected);
    }

    #[test]
    fn the_documents_reply() {
        let added = VistaOrder {
            cinema_id: Some("0200".into()),
            order: UserSessionId::parse("FTest201508060001"),
            total_cents: Some(10_000),
            booking_fee_cents: Some(0),
            count: Some(2),
        };
        assert_eq!(read(REPLY.as_bytes()), Ok(Reply { code: 0, said: None, content: Some(added) }));
    }

    #[test]
    fn a_price_that_does_not_match_is_refused_with_its_sentence() {
        let said = "Ticket type 0042 could not be added to the order because ticket price overrides are not allowed.";
        let body = format!(r#"{{"Result":4,"ErrorDescription":"{said}","Order":null}}"#);
        assert_eq!(read(body.as_bytes()), Ok(Reply { code: 4, said: Some(said.into()), content: None }));
    }

    #[test]
    fn there_is_no_request_without_a_seat_for_each_ticket() {
        assert_eq!(Tickets::new("1", "2", 3, None, vec![]), None);
        assert_eq!(Tickets::new("1", "2", 3, None, vec![seat(1), seat(1)]), None);
        assert_eq!(Tickets::new("1", "2", -3, None, vec![seat(1)]), None);
        assert_eq!(Tickets::new("1", "2", 3, None, (0..256).map(seat).collect()), None);
    }
}
