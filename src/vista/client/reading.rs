//! Calls that change nothing.

use super::super::booking_status::{self, OrderSummary};
use super::super::cinemas::{self, Cinema};
use super::super::films::{self, Film};
use super::super::identity::UserSessionId;
use super::super::order::{self, VistaOrder};
use super::super::seat_plan::{self, SeatPlan};
use super::super::ticket_types::{self, TicketType};
use super::super::{codes, reply::ReadError};
use super::{Client, VistaError, content};

/// Outcome of an order (3.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingStatus {
    /// The order is a booking.
    Booked(OrderSummary),
    /// Code 47 or 62: the order is no booking.
    NotBooked,
    /// Code 61: several bookings match.
    Ambiguous,
}

impl Client {
    /// Fetches the cinemas that the token may see (3.1).
    pub fn cinemas(&self) -> Result<Vec<Cinema>, VistaError> {
        let answer = self.get(&format!("{}{}", self.urls.odata, cinemas::request().path()))?;
        Ok(cinemas::read(&answer.body)?)
    }

    /// Fetches the films this cinema has on sale, with all their sessions (3.2).
    pub fn films(&self) -> Result<Vec<Film>, VistaError> {
        let request = films::request(&self.cinema_id);
        Ok(films::read(&self.get(&format!("{}{}", self.urls.odata, request.path()))?.body)?)
    }

    /// Fetches the ticket types of a session (3.3).
    pub fn ticket_types(&self, session_id: &str) -> Result<Vec<TicketType>, VistaError> {
        let path = ticket_types::request(&self.cinema_id, session_id);
        let answer = self.get(&format!("{}{path}", self.urls.data))?;
        content(ticket_types::read(&answer.body)?, "Tickets")
    }

    /// Fetches the seats of a session (3.4); `None` if it is marked as sold out or rented as a whole.
    pub fn seat_plan(&self, session_id: &str) -> Result<Option<SeatPlan>, VistaError> {
        let path = seat_plan::request(&self.cinema_id, session_id);
        let reply = seat_plan::read(&self.get(&format!("{}{path}", self.urls.data))?.body)?;
        match reply.code {
            seat_plan::NOT_OFFERED => Ok(None),
            _ => content(reply, "SeatLayoutData").map(Some),
        }
    }

    /// Fetches the current state of an order (3.6).
    pub fn order(&self, order: &UserSessionId) -> Result<VistaOrder, VistaError> {
        let request = self.identity.order_request(order);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, order::PATH), &request)?;
        content(order::read(&answer.body)?, "Order")
    }

    /// Fetches the outcome of an order (3.10). An answer about another order is no answer.
    pub fn booking_status(&self, order: &UserSessionId) -> Result<BookingStatus, VistaError> {
        let request = booking_status::request(order, &self.identity.id);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, booking_status::PATH), &request)?;
        let reply = booking_status::read(&answer.body)?;
        match reply.code {
            codes::BOOKING_DOES_NOT_EXIST | codes::ORDER_DOES_NOT_EXIST => Ok(BookingStatus::NotBooked),
            codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED => Ok(BookingStatus::Ambiguous),
            _ => {
                let summary = content(reply, "OrderSummary")?;
                match &summary.order {
                    Some(named) if named != order => Err(ReadError::Missing("summary of this order").into()),
                    _ => Ok(BookingStatus::Booked(summary)),
                }
            }
        }
    }
}
