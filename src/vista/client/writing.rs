//! Calls that hold seats and move money: for clients with a token that permits it.
//!
//! None is repeated by itself: the flows decide that.

use super::super::add_tickets::{self, Tickets};
use super::super::complete_order::{self, Completed, Payment};
use super::super::identity::UserSessionId;
use super::super::order::{self, VistaOrder};
use super::super::refund_booking::{self, Amount};
use super::super::reply::Reply;
use super::super::{cancel_order, start_payment};
use super::{BODY_MAX, Client, TOKEN_HEADER, VistaError, content};
use crate::ticket::BookingNumber;
use std::time::Duration;
use ureq::http::header;

/// Parameters of a refund besides the booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTerms<'a> {
    /// RefundReason.
    pub reason: &'a str,
    /// MarkAsRefundedOnly.
    pub marked_only: bool,
    /// Time limit of this call, in milliseconds: refunds take longer than any other call.
    pub timeout_ms: u64,
}

impl Client {
    /// Holds seats for an order (3.5).
    pub fn add_tickets(&self, name: &UserSessionId, tickets: &Tickets) -> Result<VistaOrder, VistaError> {
        let request = tickets.request(name, &self.cinema_id, &self.identity);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, add_tickets::PATH), &request)?;
        content(order::read(&answer.body)?, "Order")
    }

    /// Releases an order's seats (3.7).
    pub fn cancel_order(&self, order: &UserSessionId) -> Result<(), VistaError> {
        let request = self.identity.order_request(order);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, cancel_order::PATH), &request)?;
        content(cancel_order::read(&answer.body)?, "Result")
    }

    /// Announces that the payment begins (3.8).
    pub fn start_payment(&self, order: &UserSessionId) -> Result<(), VistaError> {
        let request = self.identity.order_request(order);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, start_payment::PATH), &request)?;
        content(start_payment::read(&answer.body)?, "Result")
    }

    /// Completes a paid order (3.9). The code is left to the caller: a refusal may name a booking.
    pub fn complete_order(
        &self,
        order: &UserSessionId,
        total_cents: i64,
        payment: &Payment,
    ) -> Result<Reply<Completed>, VistaError> {
        let request = complete_order::request(order, total_cents, payment, &self.identity);
        let answer = self.post(&format!("{}{}", self.urls.ticketing, complete_order::PATH), &request)?;
        Ok(complete_order::read(&answer.body)?)
    }

    /// Refunds a booking (3.12).
    pub fn refund_booking(
        &self,
        number: BookingNumber,
        amount: Amount,
        payment: &Payment,
        terms: RefundTerms<'_>,
    ) -> Result<(), VistaError> {
        let (cinema, client) = (&self.cinema_id, &self.identity.id);
        let request =
            refund_booking::request(number, amount, terms.reason, terms.marked_only, payment, cinema, client);
        let url = format!("{}{}", self.urls.booking, refund_booking::PATH);
        let call = self.agent.post(url).header(TOKEN_HEADER, self.token.clone());
        let call = call.header(header::CONTENT_TYPE, "application/json").config();
        let call = call.timeout_global(Some(Duration::from_millis(terms.timeout_ms))).build();
        let answer = self.answer(call.send(request.to_string()), BODY_MAX)?;
        content(refund_booking::read(&answer.body)?, "ResultCode")
    }
}
